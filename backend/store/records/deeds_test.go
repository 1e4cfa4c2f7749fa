package records

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"seatkeeper/backend/domain"
)

// logRun plans, runs and ends a run over people a-1..a-n.
func logRun(t *testing.T, s *Store, id, source string, n int, at time.Time) {
	t.Helper()
	changes := make([]domain.Change, n)
	for i := range changes {
		changes[i] = domain.Change{
			Seq: i + 1, Action: "user.suspend", Verdict: domain.VerdictChange, Expect: "active",
			Target: domain.Target{AccountID: fmt.Sprintf("a-%d", i+1), Name: "Somebody"},
		}
	}
	p := domain.Plan{ID: id, SourceID: source, Action: "user.suspend", Hash: "h", CreatedAt: at, ExpiresAt: at.Add(time.Hour)}
	if err := s.SavePlan(t.Context(), p, changes); err != nil {
		t.Fatal(err)
	}
	r := domain.Run{
		ID: "run-" + id, PlanID: id, SourceID: source, Action: p.Action, ActionTitle: "Suspend access", Note: "left", Operator: "me",
		State: domain.RunRunning, CreatedAt: at,
	}
	if err := s.StartRun(t.Context(), r, "h", at); err != nil {
		t.Fatal(err)
	}
	items := make([]domain.Item, n-1) // the last one is not done
	for i := range items {
		items[i] = domain.Item{Change: changes[i], State: domain.ItemRefused, Reason: "No.", Evidence: domain.ByAnswer, FinishedAt: at}
	}
	if _, err := s.WriteItems(t.Context(), r.ID, items); err != nil {
		t.Fatal(err)
	}
	if err := s.SetRunState(t.Context(), r.ID, domain.RunStopped, "", at); err != nil {
		t.Fatal(err)
	}
}

func TestDeeds(t *testing.T) {
	s := openTest(t, t.TempDir())
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	logRun(t, s, "p1", "s", 4, at)
	logRun(t, s, "p2", "s", 4, at.Add(time.Hour))
	logRun(t, s, "other", "elsewhere", 4, at)
	logRun(t, s, "gone", "s", 4, at)
	if _, err := s.DeleteRuns(t.Context(), []string{"run-gone"}); err != nil {
		t.Fatal(err)
	}
	got, total, err := s.Deeds(t.Context(), "s", "a-2", 1)
	if err != nil || total != 2 || len(got) != 1 {
		t.Fatalf("%+v %d %v", got, total, err)
	}
	d := got[0]
	if d.Item.RunID != "run-p2" || d.Item.Change.Seq != 2 || d.Item.State != domain.ItemRefused || d.Item.Reason != "No." ||
		d.ActionTitle != "Suspend access" || d.Note != "left" || d.Operator != "me" || d.Undo || !d.Item.FinishedAt.Equal(at.Add(time.Hour)) {
		t.Errorf("%+v", d)
	}
	for account, want := range map[string]int{"a-4": 0, "a": 0, "": 0} { // never come to; not there
		if got, total, err := s.Deeds(t.Context(), "s", account, 9); err != nil || total != want || len(got) != want {
			t.Errorf("%q: %+v %d %v", account, got, total, err)
		}
	}
}

func TestTouches(t *testing.T) {
	s := openTest(t, t.TempDir())
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	logRun(t, s, "p1", "s", 3, at)
	logRun(t, s, "p2", "s", 2, at.Add(time.Hour))
	logRun(t, s, "other", "elsewhere", 4, at)
	logRun(t, s, "gone", "s", 4, at)
	if _, err := s.DeleteRuns(t.Context(), []string{"run-gone"}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Touches(t.Context(), "s")
	want := []domain.Touch{
		{AccountID: "a-1", RunID: "run-p1", Action: "user.suspend", State: domain.ItemRefused, At: at},
		{AccountID: "a-2", RunID: "run-p1", Action: "user.suspend", State: domain.ItemRefused, At: at},
		{AccountID: "a-1", RunID: "run-p2", Action: "user.suspend", State: domain.ItemRefused, At: at.Add(time.Hour)},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	// What is kept of finished runs is what reading them again would give: after another run, a result that came late,
	// a deletion.
	logRun(t, s, "p3", "s", 3, at.Add(2*time.Hour))
	late := domain.Item{Change: domain.Change{Seq: 3}, State: domain.ItemSkipped, Reason: "Late.", FinishedAt: at}
	if _, err := s.WriteItems(t.Context(), "run-p1", []domain.Item{late}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DeleteRuns(t.Context(), []string{"run-p2"}); err != nil {
		t.Fatal(err)
	}
	if again, err := s.Touches(t.Context(), "s"); err != nil || len(again) != 5 || again[0] != want[0] || again[2].AccountID != "a-3" || again[3].RunID != "run-p3" {
		t.Errorf("%+v, %v", again, err)
	}
}
