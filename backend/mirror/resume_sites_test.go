package mirror_test

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

// A site's and an instance's sync goes on with the listings that it received whole: its people and each group. What was
// cut begins anew, as all does after an hour and with other settings. Either way the result is that of a sync that was
// never interrupted.
func TestListingsGoOn(t *testing.T) {
	const people, members = "people", "members"
	for _, kind := range []domain.SourceKind{domain.KindJiraCloud, domain.KindJiraDC} {
		for name, c := range map[string]struct {
			old    bool // not the newest Data Center
			late   bool // more than an hour later
			rename bool
			lose   string // which listing loses the network
			anew   bool   // all of the other listing is asked for again
		}{
			"members lost":   {lose: members},
			"people lost":    {lose: people},
			"old version":    {lose: members, old: true, anew: true},
			"an hour later":  {lose: members, late: true, anew: true},
			"other settings": {lose: members, rename: true, anew: true},
		} {
			if c.old && kind != domain.KindJiraDC {
				continue
			}
			t.Run(string(kind)+" "+name, func(t *testing.T) {
				dir, other := t.TempDir(), t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					w := sim.New(sim.Config{People: 400, Sites: 1, DataCenters: 1, Seed: 31,
						DataCenter: sim.DataCenterConfig{NoUserList: c.old}})
					probe, straight := newSimWorld(t, other, w, kind)
					all := asked(w, func() { runSync(t, probe) })
					e, s := newSimWorld(t, dir, w, kind)
					fault := sim.Fault{Path: "*/group/member", Kind: sim.FaultNoNetwork, Skip: all[members] / 2}
					if c.lose == people {
						fault = sim.Fault{Path: "*/user*/*", Kind: sim.FaultNoNetwork}
					}
					w.SetFaults(fault)
					if _, err := e.Start(context.Background(), id); err != nil {
						t.Fatal(err)
					}
					if done, err := e.Wait(context.Background(), id); err != nil || done.State != domain.SyncFailed ||
						done.Error.Code != domain.Unreachable {
						t.Fatalf("%+v %v", done, err)
					}
					w.SetFaults()
					if c.late {
						age(t, dir)
					}
					if c.rename {
						if err := s.Records.SaveSource(context.Background(),
							domain.Source{ID: id, Kind: kind, Name: "Acme",
								Settings: map[string]string{"x": "another"}}); err != nil {
							t.Fatal(err)
						}
					}
					again := asked(w, func() { runSync(t, e) })
					t.Logf("asked for %v, then for %v", all, again)
					kept := people
					if c.lose == people {
						kept = members
					}
					if c.anew != (again[kept] >= all[kept]) || !c.anew && again[members] >= all[members] {
						t.Errorf("asked for %v, then for %v", all, again)
					}
					if got, want := whole(t, s), whole(t, straight); !reflect.DeepEqual(strip(got), strip(want)) {
						t.Errorf("%d people differ from %d of a sync in one piece", len(got), len(want))
					}
				})
			})
		}
	}
}

// age makes the kept pages older than they may be. The bubble's clock is not that of the files.
func age(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "pages-*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if err := os.Chtimes(f, time.Time{}, time.Now().Add(-61*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
}

// asked counts the pages of the listings that are asked for meanwhile.
func asked(w *sim.World, fn func()) map[string]int {
	before := len(w.Journal())
	fn()
	n := map[string]int{}
	for _, entry := range w.Journal()[before:] {
		switch {
		case strings.HasSuffix(entry.Path, "/group/member"):
			n["members"]++
		case strings.HasSuffix(entry.Path, "/users/search"), strings.HasSuffix(entry.Path, "/user/list"),
			strings.HasSuffix(entry.Path, "/user/search"):
			n["people"]++
		}
	}
	return n
}

// strip takes off the keys that a local copy gives, in the order of delivery.
func strip(people map[string]domain.User) map[string]domain.User {
	for account, u := range people {
		u.ID = 0
		people[account] = u
	}
	return people
}
