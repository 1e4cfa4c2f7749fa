package jiracloud

import (
	"strings"
	"testing"
	"testing/synctest"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/source/sourcetest"
)

var enough = []string{"read:jira-user", "manage:jira-configuration"}

func openScoped(t *testing.T, w *sim.World, scopes []string) *site {
	t.Helper()
	_, token := w.AddToken(sim.KeyOptions{Scopes: scopes})
	return openOn(t, w, func(cfg *source.Config) { cfg.Secrets[fieldToken] = domain.NewSecret(token) })
}

// A token with scopes is recognized by itself and used through the gateway; the finding says which kind it is.
func TestScopedToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 200})
		s := openScoped(t, w, enough)
		r := s.Test(t.Context())
		kind, _ := r.Finding("token")
		if !r.OK || !strings.Contains(kind.Message, "api.atlassian.com") || r.OperatorID != w.Operator() {
			t.Fatalf("%+v", r)
		}
		got, err := sourcetest.Collect(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		checkAll(t, w, got)
		refused := 0
		for _, e := range w.Journal() {
			if e.Status == 401 {
				refused++
			}
		}
		if refused != 1 {
			t.Errorf("the site refused %d calls, want the first one only", refused)
		}
	})
	synctest.Test(t, func(t *testing.T) { // a change is the first call: it is carried out once
		w := sim.New(sim.Config{})
		s := openScoped(t, w, enough)
		id, _, err := s.CreateGroup(t.Context(), "", "by a scoped token", "")
		made, found := w.GroupNamed("by a scoped token")
		if err != nil || !found || id != made.ID {
			t.Errorf("%q, %v", id, err)
		}
	})
	synctest.Test(t, func(t *testing.T) { // reading scopes only
		w := sim.New(sim.Config{})
		s := openScoped(t, w, enough[:1])
		if r := s.Test(t.Context()); !r.OK {
			t.Errorf("%+v", r.Findings)
		}
		_, _, err := s.CreateGroup(t.Context(), "", "not allowed", "")
		if e := domain.AsError(err); e.Code != domain.Forbidden || e.Reason != "scope" || e.Effect != domain.NotApplied {
			t.Errorf("%+v", err)
		}
	})
}

// A classic token never leaves for the gateway, and a wrong one is asked for there once only.
func TestGatewayIsTheExceptionOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{})
		s := openOn(t, w, nil)
		r := s.Test(t.Context())
		if kind, _ := r.Finding("token"); !strings.Contains(kind.Message, "no scopes") {
			t.Errorf("%+v", kind)
		}
		bad := openOn(t, w, func(cfg *source.Config) { cfg.Secrets[fieldToken] = domain.NewSecret("certainly-wrong") })
		for range 3 {
			if r := bad.Test(t.Context()); r.OK {
				t.Error("a wrong token is OK")
			}
		}
		gateway := 0
		for _, e := range w.Journal() {
			if strings.HasPrefix(e.Path, "/ex/jira/") {
				gateway++
			}
		}
		if gateway != 1 {
			t.Errorf("the gateway was asked %d times, want once for the wrong token", gateway)
		}
	})
}

// The site's own reads and changes agree with the truth.
func TestSiteExtras(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 200})
		s := openOn(t, w, nil)
		seats, err := s.ReadSeats(t.Context())
		if err != nil || len(seats) < 3 || seats[0].AppKey != "" {
			t.Fatalf("%+v, %v", seats, err)
		}
		for _, x := range seats[1:] {
			for _, a := range w.Apps() {
				if a.Key == x.AppKey && a.Site == "acme" && !a.Sandbox && a.Used != x.Taken {
					t.Errorf("%s: %d seats, want %d", a.Key, x.Taken, a.Used)
				}
			}
		}
		org, err := s.FindOrganization(t.Context())
		if id, _ := w.Organization(); err != nil || org.ID != id {
			t.Errorf("%+v, %v", org, err)
		}
		out, _, err := s.Invite(t.Context(), domain.Invitation{Email: "guest@partner.example", AppIDs: []string{"jira-software"}})
		if p, found := w.State(out.AccountID); err != nil || !found || len(p.Apps) != 1 || p.Email != "guest@partner.example" {
			t.Fatalf("%+v, %v", p, err)
		}
		if _, err := s.RemoveFromDirectory(t.Context(), "", out.AccountID); err != nil {
			t.Error(err)
		}
		if left, err := s.ReadUsers(t.Context(), []string{out.AccountID}); err != nil || len(left) != 0 {
			t.Errorf("still there: %+v, %v", left, err)
		}
		for _, inv := range []domain.Invitation{{Email: "x"}, {Email: "x@acme.example", GroupIDs: []string{"g"}}, {Email: "x@acme.example", Role: "atlassian/admin"}} {
			if _, _, err := s.Invite(t.Context(), inv); domain.AsError(err) == nil || domain.AsError(err).Effect != domain.NotApplied {
				t.Errorf("%+v: %v", inv, err)
			}
		}
		if _, _, err := s.Invite(t.Context(), domain.Invitation{Email: "x@acme.example", AppIDs: []string{"no-such-app"}}); domain.CodeOf(err) != domain.Invalid {
			t.Errorf("an unknown app: %v", err)
		}
		if _, _, err := s.CreateGroup(t.Context(), "", "empty-group", ""); domain.CodeOf(err) != domain.Invalid {
			t.Errorf("a group that exists: %v", err)
		}
	})
}
