package sourcetest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
)

// openPoint is a question that Atlassian's documentation leaves open, with the answers that it may have. The contract holds with each.
type openPoint struct {
	question string
	answers  []func(*sim.Config)
}

// openPoints lists the questions. What a real organization answers will turn each into one of its answers.
func openPoints() []openPoint {
	set := func(fns ...func(*sim.Config)) []func(*sim.Config) { return fns }
	return []openPoint{
		{"every first answer", set(func(*sim.Config) {})}, // the other lines hold the other answers
		{"the greatest page of users/search and groups/search", set(func(c *sim.Config) { c.MaxPage = 50 }, func(c *sim.Config) { c.MaxPage = 1000 })},
		{"the greatest filter list", set(func(c *sim.Config) { c.MaxFilter = 100 })},
		{"whether a key without scopes always lists its organization", set(func(c *sim.Config) { c.HideOrgs = true })},
		{"the status of group role assignments", set(func(c *sim.Config) { c.AssignStatus = http.StatusOK }, func(c *sim.Config) { c.AssignStatus = http.StatusAccepted })},
		{"the status of an invitation", set(func(c *sim.Config) { c.InviteStatus = http.StatusOK }, func(c *sim.Config) { c.InviteStatus = http.StatusPartialContent })},
		{"the status of asking for a deletion", set(func(c *sim.Config) { c.DeleteStatus = http.StatusNoContent }, func(c *sim.Config) { c.DeleteStatus = http.StatusAccepted })},
		{"suspending who is suspended", set(func(c *sim.Config) { c.SuspendAgain = http.StatusConflict })},
		{"removing who is not there", set(func(c *sim.Config) { c.RemoveAbsent = http.StatusNoContent })},
		{"whether the groups of a person are complete", set(func(c *sim.Config) { c.ExpandGroups = 2 })},
		{"whether access that was never used is listed", set(func(c *sim.Config) { c.HideUnused = true })},
		{"the link to the next page of workspaces", set(func(c *sim.Config) { c.WorkspaceURL = true })},
		{"the status of a person within one directory", set(func(c *sim.Config) { c.GlobalStatus = true })},
		{"app accounts among the people", set(func(c *sim.Config) { c.AppAccounts = true })},
		{"the body that refuses a key with scopes", set(func(c *sim.Config) { c.ScopeAsList = true })},
		{"the body that refuses to change a synced group", set(func(c *sim.Config) { c.SyncedAsCode = true })},
		{"the plan that the audit log needs", set(func(c *sim.Config) { c.NoEvents = true })},
		{"the cursor behind the last event", set(func(c *sim.Config) { c.StreamEnd = true })},
		{"whether API Access is there", set(func(c *sim.Config) { c.NoAPIAccess = true })},
		{"numbers of the rate limits", set(func(c *sim.Config) { c.Rates = []sim.Rate{{Limit: 20, Window: 10 * time.Second}} })},
		{"the form of the rate limit's end", set(func(c *sim.Config) {
			c.ResetEpoch, c.RetryAfter, c.Rates = true, sim.RetryNone, []sim.Rate{{Limit: 20, Window: 10 * time.Second}}
		})},
		{"how long a change stays unseen by the sites", set(func(c *sim.Config) { c.Visible, c.SiteVisible = 20*time.Second, 5*time.Minute })},
		{"the answer of the calls that were switched off", set(func(c *sim.Config) { c.DeadGone = true })},
		{"whether scopes cover the calls that no scope is listed for", set(func(c *sim.Config) { c.ScopedWrites = true })},
		{"whether the org-admins group can be changed by membership", set(func(c *sim.Config) { c.LockedAdmins = true })},
		{"short pages before the end of a site's people", set(func(c *sim.Config) { c.FullPages = true })},
	}
}

// eitherAnswer runs the promises that an answer could touch: the connection test, a whole read, and each change, under each answer.
func (s Subject) eitherAnswer(t *testing.T) {
	if s.Truth != nil {
		return // another world than the organization's
	}
	for _, p := range openPoints() {
		for _, answer := range p.answers {
			t.Run(p.question, func(t *testing.T) {
				cfg := sim.Config{People: 130, Seed: 2}
				answer(&cfg)
				s.bubble(t, cfg, func(t *testing.T, w *sim.World) {
					t.Helper()
					s.answered(t, w)
				})
				for _, d := range s.deeds() {
					s.doOnce(t, cfg, d, outcome{done: true})
					s.doOnce(t, cfg, d, outcome{fault: sim.Fault{Kind: sim.FaultNoAnswer, Count: 1}, effect: domain.EffectUnknown, code: domain.Unreachable, done: true})
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
		if e.Template == "" || e.Status == http.StatusGone || strings.HasSuffix(e.Template, "/directories/{directoryId}/users") && e.Method == http.MethodGet {
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
