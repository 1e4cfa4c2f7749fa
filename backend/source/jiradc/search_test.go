package jiradc

import (
	"strings"
	"testing"
	"testing/synctest"

	"seatkeeper/backend/sim"
	"seatkeeper/backend/source/sourcetest"
)

// However few people the instance's search shows, a narrower search proves that there are more, and all are found.
func TestSearchThatShowsFew(t *testing.T) {
	t.Parallel()
	for most, limited := range map[int]string{10: "first 10 people", 50: "first 50 people", 0: ""} {
		synctest.Test(t, func(t *testing.T) {
			w := sim.New(sim.Config{People: 200, DataCenters: 1, DataCenter: sim.DataCenterConfig{NoUserList: true, SearchShows: most}})
			got, err := sourcetest.Collect(t.Context(), openOn(t, w, nil))
			if err != nil {
				t.Fatal(err)
			}
			if all := w.DataCenterUsers(0, 0, nil); len(got.Users) != len(all) {
				t.Errorf("a search shows %d: %d of %d people", most, len(got.Users), len(all))
			}
			if !strings.Contains(got.Totals.Limited, limited) || limited == "" && got.Totals.Limited != "" {
				t.Errorf("a search shows %d: %q", most, got.Totals.Limited)
			}
		})
	}
}
