package records

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"seatkeeper/backend/domain"
)

var runTime = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// savedPlan stores a plan of n changes; every third is skipped, every fifth is so already.
func savedPlan(t *testing.T, s *Store, id, source string, n int) domain.Plan {
	t.Helper()
	p := domain.Plan{
		ID: id, SourceID: source, Action: "user.suspend", Hash: "hash-" + id, CreatedAt: runTime, ExpiresAt: runTime.Add(time.Hour),
		Params: map[string]string{"a": "b"}, Counts: map[domain.Verdict]int{domain.VerdictChange: n}, People: n,
		Findings: []domain.GuardFinding{{Level: domain.GuardConfirm, Rule: "many", Message: "x"}},
	}
	changes := make([]domain.Change, n)
	for i := range changes {
		c := domain.Change{
			Seq: i + 1, Action: p.Action, Verdict: domain.VerdictChange, Expect: "active", Undo: "active",
			Target: domain.Target{AccountID: fmt.Sprintf("acc-%d", i+1), Name: fmt.Sprintf("Ärzte \"%d\" %s", i+1, id), Email: fmt.Sprintf("p%d@example.com", i+1)},
			Diffs:  []domain.Diff{{Field: "Access", Before: "active", After: "suspended"}},
		}
		switch {
		case i%3 == 2:
			c.Verdict, c.Reason = domain.VerdictProtected, "protected"
		case i%5 == 4:
			c.Verdict, c.Reason = domain.VerdictAlready, "already"
		}
		changes[i] = c
	}
	if err := s.SavePlan(t.Context(), p, changes); err != nil {
		t.Fatal(err)
	}
	return p
}

func startedRun(t *testing.T, s *Store, p domain.Plan, at time.Time) domain.Run {
	t.Helper()
	r := domain.Run{
		ID: "run-" + p.ID, PlanID: p.ID, SourceID: p.SourceID, SourceName: "Acme", Action: p.Action, ActionTitle: "Suspend access", Params: p.Params,
		Trigger: domain.TriggerManual, Operator: "ann", Selection: "all", Note: "why", State: domain.RunRunning, CreatedAt: at, Confirmed: "7",
	}
	if err := s.StartRun(t.Context(), r, p.Hash, at); err != nil {
		t.Fatal(err)
	}
	stored, err := s.Run(t.Context(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

// finishAll gives every open item the state and ends the run.
func finishAll(t *testing.T, s *Store, runID string, state domain.ItemState) {
	t.Helper()
	items, err := s.PlannedItems(t.Context(), runID, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for i := range items {
		items[i].State, items[i].Evidence, items[i].FinishedAt = state, domain.ByAnswer, runTime
	}
	if _, err := s.WriteItems(t.Context(), runID, items); err != nil {
		t.Fatal(err)
	}
	if err := s.SetRunState(t.Context(), runID, domain.RunDone, "", runTime.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
}

func TestPlanComesBackAsItWas(t *testing.T) {
	s := openTest(t, t.TempDir())
	p := savedPlan(t, s, "p", "s", 4500)
	got, err := s.Plan(t.Context(), "p")
	if err != nil || fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", p) {
		t.Errorf("%+v, %v", got, err)
	}
	n := 0
	if err := s.EachChange(t.Context(), "p", func(c domain.Change) error {
		if n++; c.Seq != n || c.Target.AccountID != fmt.Sprintf("acc-%d", n) || len(c.Diffs) != 1 {
			t.Fatalf("%+v", c)
		}
		return nil
	}); err != nil || n != 4500 {
		t.Errorf("%d, %v", n, err)
	}
	for _, tt := range []struct {
		q     domain.ChangeQuery
		total int
		first int
	}{
		{domain.ChangeQuery{Count: 10}, 4500, 1},
		{domain.ChangeQuery{From: 4490, Count: 100}, 4500, 4491},
		{domain.ChangeQuery{Verdict: domain.VerdictProtected, Count: 3}, 1500, 3},
		{domain.ChangeQuery{Verdict: domain.VerdictProtected, From: 1, Count: 3}, 1500, 6},
		{domain.ChangeQuery{Search: "ÄRZTE \"4499\"", Count: 3}, 1, 4499},
		{domain.ChangeQuery{Search: "P77@example", Count: 3}, 1, 77},
		{domain.ChangeQuery{Search: "acc-450", From: 1, Count: 3}, 2, 4500},
		{domain.ChangeQuery{Search: "%"}, 0, 0},
		{domain.ChangeQuery{From: -5, Count: -1}, 4500, 0},
	} {
		page, total, err := s.PlanChanges(t.Context(), "p", tt.q)
		if err != nil || total != tt.total || (tt.first > 0) != (len(page) > 0) || len(page) > 0 && page[0].Seq != tt.first || len(page) > max(tt.q.Count, 0) {
			t.Errorf("%+v: %d of %d, %v", tt.q, len(page), total, err)
		}
	}
	if _, _, err := s.PlanChanges(t.Context(), "nope", domain.ChangeQuery{}); domain.CodeOf(err) != domain.NotFound {
		t.Error(err)
	}
}

func TestOldPlansAreForgotten(t *testing.T) {
	s := openTest(t, t.TempDir())
	savedPlan(t, s, "old", "s", 3)
	kept := savedPlan(t, s, "run", "s", 3)
	startedRun(t, s, kept, runTime)
	later := kept
	later.ID, later.CreatedAt = "new", runTime.Add(26*time.Hour)
	if err := s.SavePlan(t.Context(), later, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Plan(t.Context(), "old"); domain.CodeOf(err) != domain.NotFound {
		t.Errorf("the old plan: %v", err)
	}
	if _, err := s.Plan(t.Context(), "run"); err != nil {
		t.Errorf("the plan of a run: %v", err)
	}
	if err := s.EachChange(t.Context(), "old", func(domain.Change) error { return fmt.Errorf("still there") }); err != nil {
		t.Error(err)
	}
}

func TestStartRunOnce(t *testing.T) {
	s := openTest(t, t.TempDir())
	p, other := savedPlan(t, s, "p", "s", 15), savedPlan(t, s, "q", "s", 3)
	run := func(p domain.Plan) domain.Run {
		return domain.Run{ID: "r" + p.ID, PlanID: p.ID, SourceID: "s", State: domain.RunRunning, CreatedAt: runTime}
	}
	refuse := func(want domain.Code, r domain.Run, hash string, at time.Time) {
		t.Helper()
		if err := s.StartRun(t.Context(), r, hash, at); domain.CodeOf(err) != want {
			t.Errorf("%v, not %s", err, want)
		}
	}
	refuse(domain.Stale, run(p), "other", runTime)
	refuse(domain.Stale, run(p), p.Hash, runTime.Add(time.Hour))
	refuse(domain.NotFound, run(domain.Plan{ID: "nope"}), "x", runTime)
	r := startedRun(t, s, p, runTime)
	refuse(domain.Conflict, run(p), p.Hash, runTime)
	refuse(domain.Conflict, run(other), other.Hash, runTime)
	if r.Total != 15 || r.Counts[domain.ItemPlanned] != 8 || r.Counts[domain.ItemAlready] != 2 || r.Counts[domain.ItemSkipped] != 5 || r.Params["a"] != "b" || r.Confirmed != "7" {
		t.Errorf("%+v", r)
	}
	it, err := s.RunItem(t.Context(), r.ID, 3)
	if err != nil || it.State != domain.ItemSkipped || it.Reason != "protected" || it.Evidence != domain.ByPlan || it.FinishedAt.IsZero() {
		t.Errorf("%+v, %v", it, err)
	}
	if err := s.DeletePlan(t.Context(), "p"); domain.CodeOf(err) != domain.Conflict {
		t.Error(err)
	}
}

// TestNumbersAlwaysAddUp writes random states and compares the counters with the rows after each.
func TestNumbersAlwaysAddUp(t *testing.T) {
	s := openTest(t, t.TempDir())
	r := startedRun(t, s, savedPlan(t, s, "p", "s", 60), runTime)
	rnd := rand.New(rand.NewPCG(1, 2))
	all := counted
	final := map[int]domain.ItemState{}
	for step := range 300 {
		var batch []domain.Item
		bad := false
		for _, seq := range rnd.Perm(60)[:1+rnd.IntN(4)] {
			it, err := s.RunItem(t.Context(), r.ID, seq+1)
			if err != nil {
				t.Fatal(err)
			}
			was := it.State
			it.State, it.Evidence, it.FinishedAt = all[rnd.IntN(len(all))], domain.ByAnswer, runTime.Add(time.Duration(step)*time.Second)
			disproved := was == domain.ItemDone && it.State == domain.ItemUnknown
			if was != domain.ItemPlanned && was != domain.ItemIntent && !disproved {
				bad = true
			}
			batch = append(batch, it)
		}
		counts, err := s.WriteItems(t.Context(), r.ID, batch)
		if (err != nil) != bad {
			t.Fatalf("step %d: %v for %+v", step, err, batch)
		}
		if err == nil {
			for _, it := range batch {
				final[it.Change.Seq] = it.State
			}
			sum := 0
			for _, n := range counts {
				sum += n
			}
			if sum != 60 {
				t.Fatalf("%v", counts)
			}
		}
		r, err = s.Run(t.Context(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		rows := map[domain.ItemState]int{}
		if err := s.EachItem(t.Context(), r.ID, func(it domain.Item) error {
			rows[it.State]++
			if want, ok := final[it.Change.Seq]; ok && want != it.State {
				t.Errorf("item %d is %s, not %s", it.Change.Seq, it.State, want)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for state, n := range r.Counts {
			if rows[state] != n {
				t.Fatalf("step %d: %d %s counted, %d there", step, n, state, rows[state])
			}
		}
	}
	// Done needs an end for everything.
	if r.Counts[domain.ItemPlanned]+r.Counts[domain.ItemIntent] > 0 {
		if err := s.SetRunState(t.Context(), r.ID, domain.RunDone, "", runTime); err == nil {
			t.Errorf("done with %v", r.Counts)
		}
	}
}

func TestWriteItemsRefusesStrangers(t *testing.T) {
	s := openTest(t, t.TempDir())
	r := startedRun(t, s, savedPlan(t, s, "p", "s", 3), runTime)
	item := func(seq int) domain.Item {
		return domain.Item{Change: domain.Change{Seq: seq}, State: domain.ItemIntent}
	}
	for name, items := range map[string][]domain.Item{"no such item": {item(1), item(9)}, "twice": {item(1), item(1)}} {
		if _, err := s.WriteItems(t.Context(), r.ID, items); domain.CodeOf(err) != domain.Internal {
			t.Errorf("%s: %v", name, err)
		}
	}
	if items, err := s.IntentItems(t.Context(), r.ID); err != nil || len(items) != 0 {
		t.Errorf("a refused write left %v, %v", items, err)
	}
	if _, err := s.WriteItems(t.Context(), r.ID, nil); err != nil {
		t.Error(err)
	}
	it := item(1)
	it.State, it.Reason, it.Receipt = domain.ItemUnknown, "a\x00b\xff", &domain.Receipt{Method: "POST", Answer: "\x00<\xff", SentAt: runTime, Took: time.Second}
	if _, err := s.WriteItems(t.Context(), r.ID, []domain.Item{it}); err != nil {
		t.Fatal(err)
	}
	got, err := s.RunItem(t.Context(), r.ID, 1)
	if err != nil || got.Reason != "a\uFFFDb\uFFFD" || got.Receipt == nil || got.Receipt.Answer != "\uFFFD<\uFFFD" || !got.Receipt.SentAt.Equal(runTime) {
		t.Errorf("%+v %+v, %v", got, got.Receipt, err)
	}
}

func TestRunItemPages(t *testing.T) {
	s := openTest(t, t.TempDir())
	r := startedRun(t, s, savedPlan(t, s, "p", "s", 30), runTime)
	finishAll(t, s, r.ID, domain.ItemDone)
	for _, tt := range []struct {
		q            domain.ItemQuery
		total, first int
	}{
		{domain.ItemQuery{Count: 5}, 30, 1},
		{domain.ItemQuery{From: 28, Count: 5}, 30, 29},
		{domain.ItemQuery{State: domain.ItemSkipped, From: 1, Count: 5}, 10, 6},
		{domain.ItemQuery{State: domain.ItemDone, Search: "p1@", Count: 5}, 1, 1},
		{domain.ItemQuery{Search: "ACC-30", Count: 5}, 1, 30},
		{domain.ItemQuery{State: domain.ItemRefused, Count: 5}, 0, 0},
	} {
		page, total, err := s.RunItems(t.Context(), r.ID, tt.q)
		if err != nil || total != tt.total || (tt.first > 0) != (len(page) > 0) || len(page) > 0 && (page[0].Change.Seq != tt.first || page[0].RunID != r.ID) {
			t.Errorf("%+v: %d of %d, %v", tt.q, len(page), total, err)
		}
	}
	if _, _, err := s.RunItems(t.Context(), "nope", domain.ItemQuery{}); domain.CodeOf(err) != domain.NotFound {
		t.Error(err)
	}
	if _, err := s.RunItem(t.Context(), r.ID, 99); domain.CodeOf(err) != domain.NotFound {
		t.Error(err)
	}
}

func TestRunsAreListedAndDeleted(t *testing.T) {
	s := openTest(t, t.TempDir())
	ends := []domain.ItemState{domain.ItemDone, domain.ItemRefused, domain.ItemUnknown, domain.ItemDone, ""}
	for i, end := range ends {
		r := startedRun(t, s, savedPlan(t, s, fmt.Sprint(i), fmt.Sprint("source", i%2), 6), runTime.Add(time.Duration(i)*time.Hour-5*time.Hour))
		if end != "" {
			finishAll(t, s, r.ID, end)
		}
	}
	list := func(q domain.RunQuery) string {
		t.Helper()
		runs, total, err := s.Runs(t.Context(), q)
		if err != nil || q.Limit == 0 && total != len(runs) {
			t.Errorf("%d of %d, %v", len(runs), total, err)
		}
		text := ""
		for _, r := range runs {
			text += r.PlanID
		}
		return text
	}
	for _, tt := range []struct {
		q    domain.RunQuery
		want string
	}{
		{domain.RunQuery{}, "43210"},
		{domain.RunQuery{Limit: 2}, "43"},
		{domain.RunQuery{Limit: 2, Offset: 2}, "21"},
		{domain.RunQuery{SourceIDs: []string{"source0"}}, "420"},
		{domain.RunQuery{SourceIDs: []string{"source0", "source1", "x"}}, "43210"},
		{domain.RunQuery{Actions: []string{"user.restore"}}, ""},
		{domain.RunQuery{Actions: []string{"user.suspend"}, States: []domain.RunState{domain.RunRunning}}, "4"},
		{domain.RunQuery{Outcome: domain.OutcomeClean}, "430"},
		{domain.RunQuery{Outcome: domain.OutcomeRefused}, "1"},
		{domain.RunQuery{Outcome: domain.OutcomeUnknown}, "2"},
		{domain.RunQuery{From: runTime.Add(-3 * time.Hour), To: runTime.Add(-time.Hour)}, "32"},
		{domain.RunQuery{Search: "P6@EXAMPLE"}, "43210"},
		{domain.RunQuery{Search: "ärzte \"1\" 3"}, "3"},
		{domain.RunQuery{Search: "nobody"}, ""},
	} {
		if got := list(tt.q); got != tt.want {
			t.Errorf("%+v: %s, not %s", tt.q, got, tt.want)
		}
	}
	if n, err := s.DeleteRuns(t.Context(), []string{"run-0", "run-4"}); n != 0 || domain.CodeOf(err) != domain.Conflict {
		t.Errorf("an active run: %d, %v", n, err)
	}
	if n, err := s.DeleteRuns(t.Context(), []string{"run-0", "run-2", "nope"}); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if got := list(domain.RunQuery{}); got != "431" {
		t.Errorf("left: %s", got)
	}
	for _, table := range []string{"run_items WHERE run_id IN ('run-0', 'run-2')", "plan_changes WHERE plan_id IN ('0', '2')", "plans WHERE id IN ('0', '2')", "runs WHERE deleted = 1"} {
		var n int
		if err := s.db.Read.SQL.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d, %v", table, n, err)
		}
	}
}

// TestDeletionGoesOnAfterACrash leaves a run marked only, as a kill between the steps does.
func TestDeletionGoesOnAfterACrash(t *testing.T) {
	s := openTest(t, t.TempDir())
	for _, id := range []string{"a", "b"} {
		r := startedRun(t, s, savedPlan(t, s, id, "s", 6), runTime)
		finishAll(t, s, r.ID, domain.ItemDone)
	}
	if _, err := s.db.Write.SQL.Exec(`UPDATE runs SET deleted = 1 WHERE id = 'run-a'`); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Run(t.Context(), "run-a"); domain.CodeOf(err) != domain.NotFound {
		t.Error(err)
	}
	if n, err := s.DeleteRuns(t.Context(), []string{"run-b"}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	var left int
	if err := s.db.Read.SQL.QueryRow(`SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM run_items) + (SELECT count(*) FROM plan_changes)`).Scan(&left); err != nil || left != 0 {
		t.Errorf("%d rows left, %v", left, err)
	}
}
