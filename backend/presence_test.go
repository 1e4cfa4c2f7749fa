package backend_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

// TestARunThatIsLeft quits in the middle of a run: paused first, as the question before quitting does, it waits at the
// next start; ended by a logout, it goes on by itself. Either way each person is suspended once.
func TestARunThatIsLeft(t *testing.T) {
	for _, pause := range []bool{true, false} {
		p := start(t, 300)
		src := p.connect(t)
		list := p.query(t, src.ID, `status = active AND role is empty AND source = invited`)
		const people = 24
		must(p.api.People.Select(bindings.SelectRequest{Snapshot: list.ID, Op: "add", From: 0, To: people}))(t)
		plan := must(p.api.Bulk.Preview(bindings.PlanRequest{SourceID: src.ID, Action: "user.suspend", Selection: "24 people"}))(t)
		if left := must(p.backend.Running(t.Context(), nil))(t); len(left) != 0 {
			t.Fatalf("under way before anything was confirmed: %+v", left)
		}
		p.world.AddFault(sim.Fault{Method: "POST", Path: "*/suspend", Kind: sim.FaultLatency, Delay: 150 * time.Millisecond})
		run := must(p.api.Bulk.Confirm(plan.ID, plan.Hash, "", ""))(t)
		eventually(t, "the first results", func() bool {
			v := must(p.api.Runs.Run(run.ID))(t)
			return v.Counts["done"] > 0
		})
		left := must(p.backend.Running(t.Context(), []string{run.ID, "gone"}))(t)
		if len(left) != 1 || left[0].ID != run.ID || left[0].State != domain.RunRunning {
			t.Fatalf("pause %v: under way: %+v", pause, left)
		}
		if pause {
			p.backend.PauseRuns(t.Context(), left)
		}
		if err := p.backend.Close(context.Background()); err != nil {
			t.Fatal(err)
		}
		p.open(t)
		must(p.api.App.UnlockKeyFile(passphrase))(t)
		v := must(p.api.Runs.Run(run.ID))(t)
		if pause {
			if v.State != "paused" || v.PauseReason != "Paused by you." || v.Counts["planned"] == 0 || len(must(p.backend.Running(t.Context(), nil))(t)) != 0 {
				t.Errorf("at the next start: %+v", v)
			}
			if waits := must(p.backend.Running(t.Context(), []string{run.ID}))(t); len(waits) != 1 {
				t.Errorf("a paused run is taken for one that is over: %+v", waits)
			}
			if err := p.api.Bulk.Resume(run.ID, ""); err != nil {
				t.Fatal(err)
			}
		}
		eventually(t, "the run to end", func() bool {
			v = must(p.api.Runs.Run(run.ID))(t)
			if v.State == "paused" { // it looked for its key before the file was unlocked
				_ = p.api.Bulk.Resume(run.ID, "")
			}
			return v.State == "done"
		})
		if over := must(p.backend.Running(t.Context(), []string{run.ID}))(t); len(over) != 0 {
			t.Errorf("still waited for: %+v", over)
		}
		calls := map[string]int{}
		for _, e := range p.world.Journal() {
			if e.Applied && e.Method == http.MethodPost && e.Changed > 0 {
				calls[e.AccountID]++
			}
		}
		if v.Counts["done"] != people || len(calls) != people {
			t.Errorf("pause %v: %v done, %d people changed", pause, v.Counts, len(calls))
		}
	}
}

// TestARunIsExportedAsItIs lets a run go on while the operator chooses where to save it: head and results of the file
// are of one time.
func TestARunIsExportedAsItIs(t *testing.T) {
	p := start(t, 100)
	src := p.connect(t)
	run := p.suspending(t, src.ID, 8)
	p.window.save = filepath.Join(t.TempDir(), "run.json")
	p.window.asks = func() {
		eventually(t, "the run to end", func() bool { return must(p.api.Runs.Run(run.ID))(t).State == "done" })
	}
	must(p.api.Runs.Export(run.ID, "json"))(t)
	text, err := os.ReadFile(p.window.save)
	if err != nil || !strings.Contains(string(text), `"done"`) || strings.Contains(string(text), `"running"`) {
		t.Errorf("%v: %.800s", err, text)
	}
}
