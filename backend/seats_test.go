package backend_test

import (
	"testing"

	"seatkeeper/backend/sim"
)

// TestTilesEqualAtlassiansSeats: with one directory the people who have access to an app are those whose seats Atlassian counts. With a
// directory for each site somebody can be suspended in one and active in another, so that the tile may only count more.
func TestTilesEqualAtlassiansSeats(t *testing.T) {
	for _, original := range []bool{false, true} {
		p := startIn(t, sim.Config{People: 900, Sites: 2, Seed: 9, Original: original})
		src := p.connect(t)
		told, suspended := 0, p.query(t, src.ID, "status in (active, invited) AND suspendedIn is not empty").Total
		for _, tile := range must(p.api.People.Overview(src.ID, 90))(t) {
			if tile.Usage < 0 {
				continue
			}
			told++
			for _, n := range tile.Numbers {
				if more := n.Count - tile.Usage; n.Name == "seats" && (more < 0 || more > suspended) {
					t.Errorf("%s at %s: %d people, Atlassian counts %d seats, %d are suspended in one directory", tile.App, tile.Site, n.Count, tile.Usage, suspended)
				}
			}
		}
		if told < 5 || original != (suspended > 0) {
			t.Errorf("%d apps, %d people", told, suspended)
		}
	}
}
