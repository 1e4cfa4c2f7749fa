package mirror_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

// A full sync that lost the network goes on where it was, also the very first one; with other settings, or when
// Atlassian does not take the cursor any more, it begins anew. Either way the result is the truth.
func TestSyncGoesOn(t *testing.T) {
	for name, c := range map[string]struct {
		synced  bool // there is a complete copy before
		cfg     func(*sim.Config)
		between func(*testing.T, *sim.World)
		rename  bool // the source's settings change
		anew    bool // all pages of people are asked for again
	}{
		"first":           {},
		"later":           {synced: true},
		"original":        {synced: true, cfg: func(c *sim.Config) { c.Original, c.Sites = true, 3 }},
		"expired cursor":  {synced: true, cfg: func(c *sim.Config) { c.CursorLife = time.Minute }, anew: true},
		"other settings":  {synced: true, rename: true, anew: true},
		"people are gone": {synced: true, between: removeSome},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				cfg := sim.Config{People: 550, Sites: 1, Seed: 31}
				if c.cfg != nil {
					c.cfg(&cfg)
				}
				w := sim.New(cfg)
				e, s := newSimWorld(t, dir, w, domain.KindAtlassianOrg)
				pages := searches(w, func() {
					if c.synced {
						runSync(t, e)
					} else {
						probe, _ := newSimWorld(t, t.TempDir(), w, domain.KindAtlassianOrg)
						runSync(t, probe)
					}
				})
				w.SetFaults(sim.Fault{Path: "*/users/search", Kind: sim.FaultNoNetwork, Skip: pages * 2 / 3})
				if _, err := e.Start(context.Background(), id); err != nil {
					t.Fatal(err)
				}
				if done, err := e.Wait(context.Background(), id); err != nil || done.State != domain.SyncFailed ||
					done.Error.Code != domain.Unreachable {
					t.Fatalf("%+v %v", done, err)
				}
				w.SetFaults()
				if _, fresh, err := e.State(context.Background(), id); err != nil || !fresh.Resumable {
					t.Fatalf("%+v %v", fresh, err)
				}
				if c.between != nil {
					c.between(t, w)
				}
				time.Sleep(10 * time.Minute)
				if c.rename {
					if err := s.Records.SaveSource(context.Background(), domain.Source{
						ID: id, Kind: domain.KindAtlassianOrg, Name: "Acme",
						Settings: map[string]string{"org_id": "another"},
					}); err != nil {
						t.Fatal(err)
					}
				}
				var done domain.Sync
				asked := searches(w, func() { done = runSync(t, e) })
				if anew := asked >= pages; anew != c.anew {
					t.Errorf("%d of %d pages were asked for", asked, pages)
				}
				t.Logf("%d of %d pages, drift %q", asked, pages, done.Drift)
				if _, fresh, err := e.State(context.Background(), id); err != nil || fresh.Resumable {
					t.Errorf("%+v %v", fresh, err)
				}
				// whom the earlier pages still held is found out by what the log says since they were read
				if c.between != nil {
					if followed := runChanges(t, e); followed.Kind != domain.SyncChanges {
						t.Errorf("%+v", followed)
					}
				}
				equalsTruth(t, s, w)
			})
		})
	}
}

func removeSome(_ *testing.T, w *sim.World) {
	for _, p := range w.People(20, func(p sim.PersonState) bool {
		return p.Status == "active" && !p.OrgAdmin &&
			len(p.Directories) > 0
	}) {
		w.Remove(p.AccountID)
	}
}

// searches counts the pages of people that are asked for meanwhile.
func searches(w *sim.World, fn func()) (n int) {
	before := len(w.Journal())
	fn()
	for _, entry := range w.Journal()[before:] {
		if strings.HasSuffix(entry.Path, "/users/search") {
			n++
		}
	}
	return n
}
