package atlassianorg

import (
	"strings"
	"testing"
	"testing/synctest"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

// TestBillable: what the list of managed accounts tells is delivered, and only where it tells something. One that ends early tells of some
// and says so.
func TestBillable(t *testing.T) {
	for name, c := range map[string]struct {
		fault *sim.Fault
		known bool
		note  string
	}{
		"told":       {known: true},
		"not told":   {fault: &sim.Fault{Method: "GET", Path: "*/v1/orgs/*/users*", Kind: sim.FaultStatus, Status: 403}},
		"not there":  {fault: &sim.Fault{Method: "GET", Path: "*/v1/orgs/*/users*", Kind: sim.FaultStatus, Status: 404}},
		"not served": {fault: &sim.Fault{Method: "GET", Path: "*/v1/orgs/*/users*", Kind: sim.FaultStatus, Status: 500}, note: "could not be read:"},
		"cut off": {
			fault: &sim.Fault{Method: "GET", Path: "*/v1/orgs/*/users*", Kind: sim.FaultStatus, Status: 404, Skip: 1}, known: true,
			note: "could not be read to the end:",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := sim.New(sim.Config{People: 250, Sites: 2, Seed: 3})
				if c.fault != nil {
					w.SetFaults(*c.fault)
				}
				people, facts := map[string]domain.User{}, map[string]domain.Tri{}
				totals, err := openOn(t, w, nil).Read(t.Context(), func(b domain.Batch) error {
					for _, u := range b.Users {
						people[u.AccountID] = u
					}
					for _, f := range b.Accounts {
						facts[f.AccountID] = f.Billable
					}
					return nil
				}, nil)
				if err != nil || (totals.Note != "") != (c.note != "") || !strings.Contains(totals.Note, c.note) {
					t.Fatalf("%+v %v", totals, err)
				}
				if !c.known {
					if len(facts) > 0 {
						t.Errorf("%d people are told", len(facts))
					}
					return
				}
				yes, no := 0, 0
				for id, u := range people {
					switch b, told := facts[id]; {
					case told && u.Managed != domain.Yes, !told && u.Managed == domain.Yes && c.note == "":
						t.Errorf("%s: managed %d, told %t", id, u.Managed, told)
					case b == domain.Yes:
						yes++
					case b == domain.No:
						no++
					}
				}
				if yes < 50 || no < 5 {
					t.Errorf("%d yes, %d no", yes, no)
				}
			})
		})
	}
}
