package backend_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

// ended waits for the end of a sync, however it ends.
func (p *program) ended(t *testing.T, id string) bindings.SyncView {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if v := must(p.api.Sync.State(id))(t); v.State != "running" {
			return v
		}
	}
	t.Fatal("the sync does not end")
	return bindings.SyncView{}
}

// Asked to wait for years, the window says so; and what the operator starts by hand asks again at once.
func TestImpossibleWaitIsNotSatThrough(t *testing.T) {
	p := startIn(t, sim.Config{People: 60, Sites: 1, Seed: 7})
	src := p.connect(t)
	p.waitSync(t, src.ID)
	p.world.SetFaults(sim.Fault{Kind: sim.FaultStatus, Status: http.StatusTooManyRequests, RetryAfter: "Fri, 31 Dec 9999 23:59:59 GMT"})
	for range 2 {
		must(p.api.Sync.Start(src.ID))(t)
		if v := p.ended(t, src.ID); v.State != "failed" || v.Problem == nil || !strings.Contains(v.Problem.Message, "more than a day") {
			t.Fatalf("%+v, %+v", v, v.Problem)
		}
	}
	before := len(p.world.Journal())
	must(p.api.Sync.StartChanges(src.ID))(t)
	p.ended(t, src.ID)
	if asked := len(p.world.Journal()) - before; asked != 1 {
		t.Errorf("a closed gate let %d requests through for one who asked", asked)
	}
	p.world.SetFaults()
	must(p.api.Sync.Start(src.ID))(t)
	if v := p.ended(t, src.ID); v.State != "done" {
		t.Errorf("after the server was set right: %s, %+v", v.State, v.Problem)
	}
}

// A connection test that hangs is ended by the operator: at once, really, and with nothing saved.
func TestHangingTestIsCancelled(t *testing.T) {
	p := startIn(t, sim.Config{People: 60, Sites: 1, Seed: 7})
	p.world.SetFaults(sim.Fault{Kind: sim.FaultLatency, Delay: time.Hour})
	for name, call := range map[string]func() error{
		"Sources.Test":             func() error { _, err := p.api.Sources.Test("", p.orgDraft()); return err },
		"Sources.Add":              func() error { _, err := p.api.Sources.Add(p.orgDraft()); return err },
		"Sources.FindOrganization": func() error { _, err := p.api.Sources.FindOrganization(p.keyDraft()); return err },
		"Onboarding.CheckSite":     func() error { _, err := p.api.Onboarding.CheckSite(p.listing.Sites[0].URL); return err },
	} {
		t.Run(name, func(t *testing.T) {
			ended := make(chan error, 1)
			go func() { ended <- call() }()
			eventually(t, "the call to end", func() bool {
				if err := p.api.App.CancelCall(name); err != nil {
					t.Fatal(err)
				}
				select {
				case err := <-ended:
					if domain.CodeOf(err) != domain.Cancelled {
						t.Errorf("%v", err)
					}
					return true
				default:
					return false
				}
			})
		})
	}
	if all := must(p.api.Sources.List())(t); len(all) != 0 {
		t.Errorf("%d sources were saved", len(all))
	}
}

// keyDraft is the organization's draft without its id.
func (p *program) keyDraft() bindings.SourceDraft {
	d := p.orgDraft()
	d.Values["org_id"] = ""
	return d
}
