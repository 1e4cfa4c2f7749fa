package records_test

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/records"
)

// The contract is what records promises whatever database is below. It knows the exported methods only, and no SQL.
// Another database adds a test like TestContractOnSQLite.

// opener opens one database, empty at first, as often as it is called: each time as another program would.
type opener func() *records.Store

func TestContractOnSQLite(t *testing.T) {
	contract(t, func(t *testing.T) opener {
		t.Helper()
		dir := t.TempDir()
		return func() *records.Store {
			s, err := records.Open(context.Background(), dir, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			return s
		}
	})
}

func contract(t *testing.T, fresh func(t *testing.T) opener) {
	t.Helper()
	for _, promise := range []struct {
		name  string
		keeps func(t *testing.T, open opener)
	}{
		{"what was saved is there for others and after a restart", keepsWhatWasSaved},
		{"any text comes back, and is found", keepsAnyText},
		{"names are unlike each other", keepsNamesApart},
		{"with a source go its tasks and counts, and nothing else", keepsRunsOfRemovedSources},
		{"a plan is there with all its changes or not at all", keepsPlansWhole},
		{"a plan runs once, one run at a source", startsOnce},
		{"a start that fails leaves the plan as it was", startsWholly},
		{"an intent is there for others before it is acted on", keepsIntents},
		{"an outcome is never changed, and a write is whole", keepsOutcomes},
		{"a run is done when nothing is left", endsWhenNothingIsLeft},
		{"lists and counts are of one moment", readsOneMoment},
		{"what ended is read again until it is marked", remembersWhatIsUnread},
		{"runs are deleted together or not at all", deletesTogether},
		{"runs are found by all that they are asked for", findsRuns},
		{"an occurrence is begun once", claimsOnce},
		{"the history of a task stays as it was recorded", keepsHistory},
	} {
		t.Run(promise.name, func(t *testing.T) { promise.keeps(t, fresh(t)) })
	}
}

// contractPlan is a plan of a change, a skipped one and one that is so already, in turns.
func contractPlan(id, source string, n int) (domain.Plan, []domain.Change) {
	p := domain.Plan{ID: id, SourceID: source, Action: "user.suspend", Hash: "h-" + id, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour), People: n}
	changes := make([]domain.Change, n)
	for i := range changes {
		changes[i] = domain.Change{
			Seq: i + 1, Action: p.Action, Verdict: []domain.Verdict{domain.VerdictChange, domain.VerdictProtected, domain.VerdictAlready}[i%3],
			Target: domain.Target{AccountID: fmt.Sprint("person ", i+1), Name: "Somebody"}, Expect: "active",
		}
	}
	changes[1].Reason = "protected"
	return p, changes
}

func contractRun(p domain.Plan) domain.Run {
	return domain.Run{ID: "run " + p.ID, PlanID: p.ID, SourceID: p.SourceID, Action: p.Action, State: domain.RunRunning, CreatedAt: noon}
}

// started saves a plan of n changes and starts its run.
func started(t *testing.T, s *records.Store, id, source string, n int) domain.Run {
	t.Helper()
	p, changes := contractPlan(id, source, n)
	must(t, s.SavePlan(t.Context(), p, changes))
	must(t, s.StartRun(t.Context(), contractRun(p), p.Hash, noon))
	r, err := s.Run(t.Context(), "run "+id)
	must(t, err)
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, want domain.Code) {
	t.Helper()
	if domain.CodeOf(err) != want {
		t.Errorf("%v, not %s", err, want)
	}
}

// write records one state of one item.
func write(t *testing.T, s *records.Store, runID string, seq int, state domain.ItemState, evidence domain.Evidence, at time.Time) error {
	t.Helper()
	_, err := s.WriteItems(t.Context(), runID, []domain.Item{{Change: domain.Change{Seq: seq}, State: state, Evidence: evidence, FinishedAt: at}})
	return err
}

func keepsWhatWasSaved(t *testing.T, open opener) {
	s := open()
	source := domain.Source{
		ID: "s", Kind: domain.KindAtlassianOrg, Name: "Acme", Settings: map[string]string{"org_id": "o"}, Paused: true, KeyOwners: []string{"a"},
		Lacks: map[domain.Capability]string{domain.CanSuspend: "no"}, CreatedAt: noon, UpdatedAt: noon,
	}
	task := domain.Task{ID: "t", Kind: "sync", SourceID: "s", Schedule: domain.Schedule{Mode: domain.ScheduleDaily, At: "05:30"}, Params: map[string]string{}, NextDue: noon}
	filter := domain.SavedFilter{ID: "f", Name: "Filter", Filter: "status = active", Columns: []string{"name"}, Desc: true, Density: 32, CreatedAt: noon, UpdatedAt: noon}
	list := domain.PersonList{ID: "l", Name: "List", Values: []string{"a@example.com", "b"}, CreatedAt: noon, UpdatedAt: noon}
	day := domain.DayCounts{SourceID: "s", Day: noon.Truncate(24 * time.Hour), TakenAt: noon, Zone: "UTC", Status: map[domain.Status]int{
		domain.StatusActive: 3, domain.StatusSuspended: 0, domain.StatusDeactivated: 0, domain.StatusInvited: 0, domain.StatusNoAccess: 0,
		domain.StatusForDeletion: 0, domain.StatusUnknown: 0,
	}, Apps: []domain.AppCounts{{App: domain.App{AppID: "app", Name: "App"}, People: 2, Active: [12]int{1, 2}}}}
	plan, changes := contractPlan("p", "s", 3)
	for range 2 { // the second time changes nothing
		must(t, s.SaveSource(t.Context(), source))
		must(t, s.SaveFilters(t.Context(), []domain.SavedFilter{filter}))
		must(t, s.SavePersonList(t.Context(), list))
		must(t, s.SetSetting(t.Context(), "name", "value"))
		must(t, s.SaveDays(t.Context(), day))
	}
	must(t, s.SaveSource(t.Context(), source, task))
	must(t, s.SavePlan(t.Context(), plan, changes))
	look := func(s *records.Store) {
		t.Helper()
		same := func(err error, got, want any) {
			t.Helper()
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%v\ngot  %+v\nwant %+v", err, got, want)
			}
		}
		sources, err := s.Sources(t.Context())
		same(err, sources, []domain.Source{source})
		tasks, err := s.Tasks(t.Context())
		same(err, tasks, []domain.Task{task})
		filters, err := s.SavedFilters(t.Context())
		same(err, filters, []domain.SavedFilter{filter})
		lists, err := s.PersonLists(t.Context())
		same(err, lists, []domain.PersonList{list})
		setting, err := s.Setting(t.Context(), "name")
		same(err, setting, "value")
		days, err := s.Days(t.Context(), "s", time.Time{}, "")
		same(err, days, []domain.DayCounts{day})
		stored, err := s.Plan(t.Context(), "p")
		same(err, stored, plan)
		page, total, err := s.PlanChanges(t.Context(), "p", domain.ChangeQuery{Count: 9})
		same(err, page, changes)
		same(nil, total, 3)
	}
	look(open())
	must(t, s.Close())
	look(open())
}

func keepsAnyText(t *testing.T, open opener) {
	s := open()
	p, changes := contractPlan("p", "s", 3)
	for i, name := range []string{`50% _off_ \ 'x' "y" ?`, "Ärzte\x00\xff 長", "@name $1 :x {}"} {
		changes[i].Target.Name = name
	}
	must(t, s.SavePlan(t.Context(), p, changes))
	for words, want := range map[string]int{`% _OFF_ \`: 1, "%": 1, "_": 1, "ärzte": 1, "ÄRZTE": 1, "長": 1, "@name": 1, "?": 1, "person": 3, "nobody": 0} {
		if page, total, err := s.PlanChanges(t.Context(), "p", domain.ChangeQuery{Search: words, Count: 9}); err != nil || total != want || len(page) != want {
			t.Errorf("%q: %d of %d, %v", words, len(page), total, err)
		}
	}
	r := started(t, s, "q", "s", 3)
	must(t, s.SetRunState(t.Context(), r.ID, domain.RunPaused, "\x00\xff", time.Time{}))
	if r, err := s.Run(t.Context(), r.ID); err != nil || r.PauseReason != "\uFFFD\uFFFD" {
		t.Errorf("%q %v", r.PauseReason, err)
	}
}

func keepsNamesApart(t *testing.T, open opener) {
	s := open()
	must(t, s.SaveFilters(t.Context(), []domain.SavedFilter{{ID: "1", Name: "Ärzte"}, {ID: "2", Name: "other"}}))
	wantCode(t, s.SaveFilters(t.Context(), []domain.SavedFilter{{ID: "3", Name: "third"}, {ID: "4", Name: "ÄRZTE"}}), domain.Conflict)
	if all, err := s.SavedFilters(t.Context()); err != nil || len(all) != 2 {
		t.Errorf("half of them were saved: %+v %v", all, err)
	}
	must(t, s.DeleteSavedFilter(t.Context(), "1", noon))
	must(t, s.SaveFilters(t.Context(), []domain.SavedFilter{{ID: "4", Name: "ÄRZTE"}}))
	wantCode(t, s.RestoreSavedFilter(t.Context(), "1"), domain.Conflict)
	must(t, s.SavePersonList(t.Context(), domain.PersonList{ID: "1", Name: "Ärzte"}))
	wantCode(t, s.SavePersonList(t.Context(), domain.PersonList{ID: "2", Name: "ÄRZTE"}), domain.Conflict)
}

func keepsRunsOfRemovedSources(t *testing.T, open opener) {
	s := open()
	for _, id := range []string{"b", "a"} {
		must(t, s.SaveSource(t.Context(), domain.Source{ID: id, CreatedAt: noon}, domain.Task{ID: "task " + id, SourceID: id}))
		must(t, s.SaveDays(t.Context(), domain.DayCounts{SourceID: id, Day: noon, Apps: []domain.AppCounts{{App: domain.App{AppID: "x"}}}}))
		started(t, s, id, id, 3)
	}
	if all, err := s.Sources(t.Context()); err != nil || len(all) != 2 || all[0].ID != "b" {
		t.Errorf("not in the order of adding: %+v %v", all, err)
	}
	must(t, s.SaveDays(t.Context(), domain.DayCounts{SourceID: "a", Day: noon.AddDate(0, 0, 1)}))
	if gone, err := s.GoneApps(t.Context(), "a"); err != nil || len(gone) != 1 || gone[0].App.AppID != "x" || !gone[0].Last.Equal(noon.Truncate(24*time.Hour)) {
		t.Errorf("%+v %v", gone, err)
	}
	must(t, s.DeleteSource(t.Context(), "b"))
	must(t, s.DeleteSource(t.Context(), "b"))
	must(t, s.SaveDays(t.Context(), domain.DayCounts{SourceID: "b", Day: noon})) // counted meanwhile
	tasks, err := s.Tasks(t.Context())
	if err != nil || len(tasks) != 1 || tasks[0].ID != "task a" {
		t.Errorf("%+v %v", tasks, err)
	}
	for id, want := range map[string]int{"a": 2, "b": 0} {
		if days, err := s.Days(t.Context(), id, time.Time{}, "x"); err != nil || len(days) != want {
			t.Errorf("%s: %+v %v", id, days, err)
		}
	}
	if _, total, err := s.Runs(t.Context(), domain.RunQuery{}); err != nil || total != 2 {
		t.Error(total, err)
	}
	must(t, s.DeleteSource(t.Context(), "a"))
	must(t, s.SaveSource(t.Context(), domain.Source{ID: "c"})) // takes the place of the newest one, and nothing of it
	if days, err := s.Days(t.Context(), "c", time.Time{}, ""); err != nil || len(days) != 0 {
		t.Errorf("%+v %v", days, err)
	}
}

func claimsOnce(t *testing.T, open opener) {
	s := open()
	must(t, s.SaveSource(t.Context(), domain.Source{ID: "s"}, domain.Task{ID: "t", SourceID: "s"}))
	for round := range 10 {
		wantOne(t, together(open, func(s *records.Store, _ int) error {
			_, won, err := s.ClaimTaskRun(t.Context(), taskRun(fmt.Sprint(round)), func(v *domain.Task) bool {
				v.Retries++
				return true
			})
			if err == nil && !won {
				err = domain.Errorf(domain.Conflict, "Lost.")
			}
			return err
		}))
	}
	if all, err := s.Tasks(t.Context()); err != nil || all[0].Retries != 10 {
		t.Errorf("%+v %v", all, err)
	}
}

func keepsHistory(t *testing.T, open opener) {
	s := open()
	must(t, s.SaveSource(t.Context(), domain.Source{ID: "s"}, domain.Task{ID: "t", SourceID: "s"}))
	missed := taskRun("1")
	missed.Outcome = domain.TaskMissed
	must(t, s.MissTaskRuns(t.Context(), "t", []domain.TaskRun{missed}))
	must(t, s.MissTaskRuns(t.Context(), "t", []domain.TaskRun{missed}))
	if _, won, err := s.ClaimTaskRun(t.Context(), taskRun("1"), always); won || err != nil {
		t.Error("what was missed was begun", err)
	}
	r, won, err := s.ClaimTaskRun(t.Context(), taskRun("2"), always)
	if !won || err != nil {
		t.Fatal(won, err)
	}
	must(t, s.SeeTaskRun(t.Context(), r, noon.Add(time.Minute)))
	if open, err := s.OpenTaskRuns(t.Context()); err != nil || len(open) != 1 || !open[0].SeenAt.Equal(noon.Add(time.Minute)) {
		t.Errorf("%+v %v", open, err)
	}
	again, won, err := s.RepeatTaskRun(t.Context(), "t", "2", noon, always)
	if !won || err != nil || again.Attempts != 2 {
		t.Errorf("%+v %v", again, err)
	}
	again.Outcome, again.FinishedAt = domain.TaskDone, noon
	for _, want := range []bool{true, false} {
		if ended, err := s.EndTaskRun(t.Context(), again, func(v *domain.Task) { v.LastRun = noon }); ended != want || err != nil {
			t.Error(ended, err)
		}
	}
	if v, err := s.ClockWasAhead(t.Context(), "t", noon.Add(-time.Minute)); err != nil || !v.LastRun.IsZero() {
		t.Errorf("%+v %v", v, err)
	}
	if _, won, err := s.ClaimTaskRun(t.Context(), taskRun("2"), always); !won || err != nil {
		t.Error("it does not come again", err)
	}
	runs, err := s.TaskRuns(t.Context(), "t", 0, 9)
	if err != nil || len(runs) != 3 || runs[1].Occurrence != fmt.Sprint("2 of run ", again.ID) || runs[2].Outcome != domain.TaskMissed {
		t.Errorf("%+v %v", runs, err)
	}
	if last, err := s.LastTaskRun(t.Context(), "t", ""); err != nil || last.ID != runs[0].ID {
		t.Errorf("%+v %v", last, err)
	}
}
