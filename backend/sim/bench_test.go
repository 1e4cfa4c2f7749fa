package sim_test

import (
	"runtime"
	"testing"

	"seatkeeper/backend/sim"
)

// BenchmarkSearchPage is the main read: a page of 100 with everything expanded, of 100,000 people, with all of the transport.
func BenchmarkSearchPage(b *testing.B) {
	c := newClient(b, sim.Config{People: 100_000, Sites: 3, Seed: 1})
	body := map[string]any{"limit": 100, "expand": []string{"platformRoles", "counts.resources", "productAccess", "groups"}}
	for b.Loop() {
		a := c.admin("POST", usersPath+"/search", body).must(b, 200)
		b.SetBytes(int64(len(a.body)))
	}
}

func BenchmarkBuild100k(b *testing.B) {
	for b.Loop() {
		w := sim.New(sim.Config{People: 100_000, Sites: 3, Seed: 1})
		runtime.KeepAlive(w)
	}
}

func BenchmarkSuspend(b *testing.B) {
	c := newClient(b, sim.Config{People: 100_000, Sites: 3, Seed: 1})
	who := c.w.People(0, func(p sim.PersonState) bool { return p.Status == "active" && !p.OrgAdmin })
	n := 0
	for b.Loop() {
		c.admin("POST", usersPath+"/"+who[n%len(who)].AccountID+"/suspend", map[string]any{}).must(b, 204)
		n++
	}
}
