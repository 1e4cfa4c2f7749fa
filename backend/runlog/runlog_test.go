package runlog_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/runlog"
	"seatkeeper/backend/store"
)

var start = time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC)

// logbook is a service over a real store with one ended and one running run of three people each.
func logbook(t *testing.T) (*runlog.Service, *int) {
	t.Helper()
	s, err := store.Open(t.Context(), t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for i, id := range []string{"ended", "running"} {
		var changes []domain.Change
		for n := range 3 {
			changes = append(changes, domain.Change{
				Seq: n + 1, Verdict: domain.VerdictChange, Expect: "active",
				Target: domain.Target{AccountID: fmt.Sprint("a", n), Name: fmt.Sprintf("Person %d of %s", n, id)},
			})
		}
		p := domain.Plan{ID: id, SourceID: id, Action: "user.suspend", Hash: "h", CreatedAt: start, ExpiresAt: start.Add(time.Hour)}
		if err := s.Records.SavePlan(t.Context(), p, changes); err != nil {
			t.Fatal(err)
		}
		r := domain.Run{ID: id, PlanID: id, SourceID: id, Action: "user.suspend", State: domain.RunRunning, CreatedAt: start.Add(time.Duration(i) * time.Minute)}
		if err := s.Records.StartRun(t.Context(), r, "h", start); err != nil {
			t.Fatal(err)
		}
		if id == "running" {
			continue
		}
		for _, c := range changes {
			it := domain.Item{Change: c, State: domain.ItemDone, Evidence: domain.ByAnswer, FinishedAt: start, Receipt: &domain.Receipt{Status: 204, RequestID: "r1"}}
			if _, err := s.Records.WriteItems(t.Context(), id, []domain.Item{it}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Records.SetRunState(t.Context(), id, domain.RunDone, "", start.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	bus, told := &events.Bus{}, 0
	bus.Subscribe(func(e events.Event) {
		if e.Topic == events.RunsChanged {
			told++
		}
	})
	return runlog.New(s.Records, bus), &told
}

func TestLook(t *testing.T) {
	log, _ := logbook(t)
	runs, total, err := log.List(t.Context(), runlog.Query{})
	if err != nil || total != 2 || runs[0].ID != "running" {
		t.Fatalf("%v %d %v", runs, total, err)
	}
	if r, err := log.Run(t.Context(), "ended"); err != nil || r.Counts[domain.ItemDone] != 3 {
		t.Errorf("%+v, %v", r, err)
	}
	if items, total, err := log.Items(t.Context(), "ended", runlog.ItemQuery{Search: "PERSON 1", Count: 9}); err != nil || total != 1 || items[0].Change.Seq != 2 {
		t.Errorf("%v %d %v", items, total, err)
	}
	if it, err := log.Item(t.Context(), "ended", 3); err != nil || it.Receipt == nil || it.Receipt.RequestID != "r1" {
		t.Errorf("%+v, %v", it, err)
	}
	n := 0
	if err := log.EachItem(t.Context(), "ended", func(domain.Item) error { n++; return nil }); err != nil || n != 3 {
		t.Errorf("%d, %v", n, err)
	}
}

func TestRefusals(t *testing.T) {
	log, _ := logbook(t)
	for name, q := range map[string]runlog.Query{"outcome": {Outcome: "splendid"}, "from": {From: start, To: start}} {
		if _, _, err := log.List(t.Context(), q); domain.CodeOf(err) != domain.Invalid || domain.AsError(err).Field != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, errRun := log.Run(t.Context(), "nope")
	_, _, errItems := log.Items(t.Context(), "nope", runlog.ItemQuery{})
	_, errItem := log.Item(t.Context(), "ended", 4)
	for _, err := range []error{errRun, errItems, errItem} {
		if domain.CodeOf(err) != domain.NotFound {
			t.Error(err)
		}
	}
}

func TestDelete(t *testing.T) {
	log, told := logbook(t)
	if n, err := log.Delete(t.Context(), []string{"ended", "running"}); n != 0 || domain.CodeOf(err) != domain.Conflict || *told != 0 {
		t.Errorf("%d, %v", n, err)
	}
	if n, err := log.Delete(t.Context(), []string{"ended", "nope"}); n != 1 || err != nil || *told != 1 {
		t.Errorf("%d, %v, told %d times", n, err, *told)
	}
	if _, total, err := log.List(t.Context(), runlog.Query{}); total != 1 || err != nil {
		t.Errorf("%d, %v", total, err)
	}
}
