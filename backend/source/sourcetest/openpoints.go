package sourcetest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
)

// OpenPoint is a question that Atlassian's documentation leaves open, with the answers that it may have. The contract holds with each.
type OpenPoint struct {
	Question string
	Answers  []func(*sim.Config)
	Sites    bool // concerns what a site answers too
}

// openPoints lists the questions. What a real organization answers will turn each into one of its answers.
func openPoints() []OpenPoint {
	set := func(fns ...func(*sim.Config)) []func(*sim.Config) { return fns }
	return []OpenPoint{
		{Sites: true, Question: "every first answer", Answers: set(func(*sim.Config) {})}, // the other lines hold the other answers
		{Question: "the greatest page of users/search and groups/search", Answers: set(func(c *sim.Config) { c.MaxPage = 50 }, func(c *sim.Config) { c.MaxPage = 1000 })},
		{Question: "the greatest filter list", Answers: set(func(c *sim.Config) { c.MaxFilter = 100 })},
		{Question: "whether a key without scopes always lists its organization", Answers: set(func(c *sim.Config) { c.HideOrgs = true })},
		{Question: "the status of group role assignments", Answers: set(func(c *sim.Config) { c.AssignStatus = http.StatusOK }, func(c *sim.Config) { c.AssignStatus = http.StatusAccepted })},
		{Question: "the status of an invitation", Answers: set(func(c *sim.Config) { c.InviteStatus = http.StatusOK }, func(c *sim.Config) { c.InviteStatus = http.StatusPartialContent })},
		{Question: "the status of asking for a deletion", Answers: set(func(c *sim.Config) { c.DeleteStatus = http.StatusNoContent }, func(c *sim.Config) { c.DeleteStatus = http.StatusAccepted })},
		{Question: "suspending who is suspended", Answers: set(func(c *sim.Config) { c.SuspendAgain = http.StatusConflict })},
		{Question: "removing who is not there", Answers: set(func(c *sim.Config) { c.RemoveAbsent = http.StatusNoContent })},
		{Question: "whether the groups of a person are complete", Answers: set(func(c *sim.Config) { c.ExpandGroups = 2 })},
		{Question: "whether access that was never used is listed", Answers: set(func(c *sim.Config) { c.HideUnused = true })},
		{Question: "the link to the next page of workspaces", Answers: set(func(c *sim.Config) { c.WorkspaceURL = true })},
		{Question: "the status of a person within one directory", Answers: set(func(c *sim.Config) { c.GlobalStatus = true })},
		{Question: "app accounts among the people", Answers: set(func(c *sim.Config) { c.AppAccounts = true })},
		{Question: "the body that refuses a key with scopes", Answers: set(func(c *sim.Config) { c.ScopeAsList = true })},
		{Question: "the body that refuses to change a synced group", Answers: set(func(c *sim.Config) { c.SyncedAsCode = true })},
		{Question: "the plan that the audit log needs", Answers: set(func(c *sim.Config) { c.NoEvents = true })},
		{Question: "the cursor behind the last event", Answers: set(func(c *sim.Config) { c.StreamEnd = true })},
		{Question: "whether API Access is there", Answers: set(func(c *sim.Config) { c.NoAPIAccess = true })},
		{Sites: true, Question: "numbers of the rate limits", Answers: set(func(c *sim.Config) { c.Rates = []sim.Rate{{Limit: 20, Window: 10 * time.Second}} })},
		{Sites: true, Question: "the form of the rate limit's end", Answers: set(func(c *sim.Config) {
			c.ResetEpoch, c.RetryAfter, c.Rates = true, sim.RetryNone, []sim.Rate{{Limit: 20, Window: 10 * time.Second}}
		})},
		{Sites: true, Question: "how long a change stays unseen by the sites", Answers: set(func(c *sim.Config) { c.Visible, c.SiteVisible = 20*time.Second, 5*time.Minute })},
		{Question: "the answer of the calls that were switched off", Answers: set(func(c *sim.Config) { c.DeadGone = true })},
		{Question: "whether scopes cover the calls that no scope is listed for", Answers: set(func(c *sim.Config) { c.ScopedWrites = true })},
		{Question: "whether the org-admins group can be changed by membership", Answers: set(func(c *sim.Config) { c.LockedAdmins = true })},
		{Sites: true, Question: "short pages before the end of a site's people", Answers: set(func(c *sim.Config) { c.FullPages = true })},
	}
}

// some is a part of a list for a thin run, the whole of it otherwise.
func some[T any](s Subject, list []T, keep func(T) bool) []T {
	if !s.thin {
		return list
	}
	var out []T
	for _, x := range list {
		if keep(x) {
			out = append(out, x)
		}
	}
	return out
}

// faults keeps one fault of each sort: refused for a while, broken, told wrong.
func (s Subject) faults(list []sim.Fault) []sim.Fault {
	return some(s, list, func(f sim.Fault) bool {
		return f.Status == http.StatusInternalServerError || f.Kind == sim.FaultRateLimit || strings.HasPrefix(string(f.Kind), "page")
	})
}

// answering is the subject in worlds that give one answer.
func (s Subject) answering(answer func(*sim.Config)) Subject {
	prepare := s.Prepare
	s.thin = true
	s.Prepare = func(cfg *sim.Config) {
		if prepare != nil {
			prepare(cfg)
		}
		answer(cfg)
	}
	return s
}

// eitherAnswer runs every part of the contract under each answer that concerns the subject, with one fault of each sort. Under the race detector, and for answers that a site
// does not give, these are the connection test, a whole read and each deed.
func (s Subject) eitherAnswer(t *testing.T) {
	points := s.Points
	if points == nil {
		points = openPoints()
	}
	for _, p := range points {
		concerned := p.Sites || s.Kind == domain.KindAtlassianOrg || s.Points != nil
		for i, answer := range p.Answers {
			t.Run(fmt.Sprintf("%s, answer %d", p.Question, i+1), func(t *testing.T) {
				t.Parallel()
				s := s.answering(answer)
				s.bubble(t, sim.Config{People: 130, Seed: 2}, func(t *testing.T, w *sim.World) {
					t.Helper()
					s.answered(t, w)
				})
				if concerned && !raced {
					s.whole(t)
					return
				}
				for _, d := range s.deeds() {
					s.doOnce(t, d, outcome{done: true})
					s.doOnce(t, d, outcome{fault: sim.Fault{Kind: sim.FaultNoAnswer, Count: 1}, effect: domain.EffectUnknown, code: domain.Unreachable, done: true})
				}
			})
		}
	}
}

// answered tests the connection, reads everything, reads the log to its end twice, and looks for calls that no longer exist.
func (s Subject) answered(t *testing.T, w *sim.World) {
	t.Helper()
	src := s.Open(t, w, nil)
	defer src.Close()
	r := src.Test(t.Context())
	if !r.OK {
		t.Errorf("the connection: %+v", r.Findings)
	}
	for _, c := range r.Capabilities {
		if kind, _ := source.Kinds.Get(string(s.Kind)); !c.Supported && c.Reason != reasonOf(kind, c.Capability) {
			t.Errorf("%s is refused although the credential may do everything: %s", c.Capability, c.Reason)
		}
	}
	got, err := Collect(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	s.Check(t, w, got)
	s.totals(t, got)
	s.events(t, w, src)
	for _, e := range w.Journal() {
		if e.Template == "" && (s.Tries == "" || !strings.HasSuffix(e.Path, s.Tries)) || e.Status == http.StatusGone || strings.HasSuffix(e.Template, "/directories/{directoryId}/users") && e.Method == http.MethodGet {
			t.Errorf("asked a call that does not exist (any more): %s %s", e.Method, e.Path)
		}
	}
}

func reasonOf(kind source.Kind, c domain.Capability) string {
	for _, s := range kind.Supports {
		if s.Capability == c {
			return s.Reason
		}
	}
	return ""
}

// events reads the audit log, and again from the kept place after something happened.
func (s Subject) events(t *testing.T, w *sim.World, src source.Source) {
	t.Helper()
	reader, ok := src.(source.EventReader)
	if !ok {
		return
	}
	x := s.scene(t, w)
	count := func(place string) (int, string, error) {
		n := 0
		place, err := reader.ReadEvents(t.Context(), place, func(events []domain.Event) error {
			for _, e := range events {
				for _, id := range e.AccountIDs {
					if id == x.Account && e.ID != "" && !e.At.IsZero() {
						n++
					}
				}
			}
			return nil
		})
		return n, place, err
	}
	w.AddMember(x.Account, x.Group)
	first, place, err := count("")
	if domain.CodeOf(err) == domain.Forbidden {
		return // the plan has no audit log
	}
	if err != nil || first != 1 {
		t.Errorf("%d events, want 1: %v", first, err)
	}
	time.Sleep(2 * time.Second)
	w.RemoveMember(x.Account, x.Group)
	second, again, err := count(place)
	if err != nil || second < 1 || second > 2 {
		t.Errorf("%d events from the kept place on, want the new one: %v", second, err)
	}
	time.Sleep(2 * time.Second)
	if third, _, err := count(again); err != nil || third > 1 {
		t.Errorf("%d events although nothing happened: %v", third, err)
	}
}
