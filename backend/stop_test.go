package backend_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/domain"
)

// TestAPlanThatStops goes the way of the page: most of an organization is not suspended without words and a reason, and the log and its
// exports keep both.
func TestAPlanThatStops(t *testing.T) {
	p := start(t, 100)
	src := p.connect(t)
	list := p.query(t, src.ID, `status = active AND role is empty`)
	must(p.api.People.Select(bindings.SelectRequest{Snapshot: list.ID, Op: "all"}))(t)
	plan := must(p.api.Bulk.Preview(bindings.PlanRequest{SourceID: src.ID, Action: "user.suspend", Selection: "active people"}))(t)
	if plan.People <= 25 || plan.Guard[0].Level != "stop" || plan.MustType || !strings.HasPrefix(plan.Words, "suspend ") {
		t.Fatalf("%d people: %q, %+v", plan.People, plan.Words, plan.Guard)
	}
	refused := func(what string, err error) {
		t.Helper()
		if domain.CodeOf(err) != domain.Invalid {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, err := p.api.Bulk.Confirm(plan.ID, plan.Hash, plan.Words, "")
	refused("confirmed", err)
	_, err = p.api.Bulk.Raise(plan.ID, plan.Hash, "yes", "a reason", "")
	refused("with other words", err)
	_, err = p.api.Bulk.Raise(plan.ID, plan.Hash, plan.Words, " ", "")
	refused("without a reason", err)
	if runs := must(p.api.Runs.List(bindings.RunQuery{Limit: 10}))(t); runs.Total != 0 {
		t.Fatalf("%d runs began", runs.Total)
	}
	const why = "The company closes"
	run := must(p.api.Bulk.Raise(plan.ID, plan.Hash, plan.Words, why, ""))(t)
	eventually(t, "the run to end", func() bool {
		run = must(p.api.Runs.Run(run.ID))(t)
		return run.State == "done"
	})
	if run.Raised == nil || run.Raised.Words != plan.Words || run.Raised.Reason != why || run.Note != why || len(run.Raised.Caps) != 1 {
		t.Errorf("%+v", run)
	}
	for _, format := range []string{"json", "csv"} {
		p.window.save = filepath.Join(t.TempDir(), "run."+format)
		must(p.api.Runs.Export(run.ID, format))(t)
		text, err := os.ReadFile(p.window.save)
		if err != nil || !strings.Contains(string(text), plan.Words) || !strings.Contains(string(text), why) {
			t.Errorf("%s does not tell of the raise: %v", format, err)
		}
	}
	if undo := must(p.api.Bulk.PreviewUndo(run.ID))(t); undo.Words != "" || !undo.MustType {
		t.Errorf("the undo is held up: %q, %+v", undo.Words, undo.Guard)
	}
}
