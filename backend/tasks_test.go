package backend_test

import (
	"strings"
	"testing"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/domain"
)

// TestTaskOfASource: a source gets its sync with the schedule that it has until told otherwise; what is set outlives a restart and every
// change of the source, and goes with it.
func TestTaskOfASource(t *testing.T) {
	p := start(t, 20)
	src := p.connect(t)
	p.waitSync(t, src.ID)
	task := must(p.api.Tasks.OfSource(src.ID, domain.TaskSync))(t)
	if task.Mode != "daily" || task.At != "05:30" || !task.Active || task.SourceID != src.ID {
		t.Fatalf("%+v", task)
	}
	task.Mode, task.Hours, task.Params = "hours", 6, map[string]string{"changesMinutes": "30"}
	set := must(p.api.Tasks.Set(task))(t)
	if set.NextAt == "" || set.Hours != 6 {
		t.Errorf("%+v", set)
	}
	wrong := task
	wrong.Hours, wrong.Params = 0, map[string]string{"changesMinutes": "7"}
	if _, err := p.api.Tasks.Set(wrong); err == nil || !strings.Contains(bindings.FormatError(err).(string), `"field":"changesMinutes"`) {
		t.Errorf("a wrong task: %v", err)
	}
	if err := p.api.Sources.Rename(src.ID, "Renamed", "teal"); err != nil {
		t.Fatal(err)
	}
	p.reopen(t)
	if again := must(p.api.Tasks.OfSource(src.ID, domain.TaskSync))(t); again.NextAt != set.NextAt || again.Params["changesMinutes"] != "30" {
		t.Errorf("after a restart: %+v, before: %+v", again, set)
	}
	if runs := must(p.api.Tasks.Runs(task.ID, 0, 10))(t); runs == nil || len(runs) != 0 {
		t.Errorf("the history of a task that was never due: %+v", runs)
	}
	if err := p.api.Sources.Remove(src.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := p.api.Tasks.OfSource(src.ID, domain.TaskSync); err == nil || !strings.Contains(bindings.FormatError(err).(string), `"code":"not_found"`) {
		t.Errorf("the task of a source that was removed: %v", err)
	}
}
