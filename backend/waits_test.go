package backend_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/bindings"
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
