package jiracloud

import (
	"testing"
	"testing/synctest"

	"seatkeeper/backend/sim"
	"seatkeeper/backend/source/sourcetest"
)

// Whole pages of accounts that are not shown stand in the middle of the list: those behind them come all the same.
func TestHiddenAccountsDoNotEndTheList(t *testing.T) {
	t.Parallel()
	for _, hidden := range []int{0, 300, 2200, 6500} {
		synctest.Test(t, func(t *testing.T) {
			w := sim.New(sim.Config{People: 150, Seed: 7, FullPages: true, HiddenAccounts: hidden})
			got, err := sourcetest.Collect(t.Context(), openOn(t, w, nil))
			if err != nil {
				t.Fatal(err)
			}
			want, err := sourcetest.Collect(t.Context(), openOn(t, sim.New(sim.Config{People: 150, Seed: 7}), nil))
			if err != nil || len(got.Users) != len(want.Users) {
				t.Errorf("with %d hidden accounts %d of %d people came: %v", hidden, len(got.Users), len(want.Users), err)
			}
		})
	}
}
