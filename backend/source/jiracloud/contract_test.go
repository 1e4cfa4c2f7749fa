package jiracloud

import (
	"slices"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/source/sourcetest"
)

func configFor(w *sim.World) source.Config {
	s := w.Sites()[0]
	return source.Config{
		Source:  domain.Source{Kind: domain.KindJiraCloud, Settings: map[string]string{fieldSite: s.URL, fieldEmail: s.Email}},
		Secrets: map[string]domain.Secret{fieldToken: domain.NewSecret(s.Token)},
		Network: source.Network{Transport: w.Transport()},
	}
}

func subject() sourcetest.Subject {
	return sourcetest.Subject{
		Kind: domain.KindJiraCloud, Config: configFor, SecretField: fieldToken,
		People: "*/users/search", Groups: "*/group/bulk", Members: "*/group/member", Check: checkAll,
	}
}

func TestContract(t *testing.T) { sourcetest.Run(t, subject()) }

// checkAll compares the groups of the first site and their members with the truth.
func checkAll(t *testing.T, w *sim.World, got sourcetest.Got) {
	t.Helper()
	here := w.DirectoryIDs()[0]
	groups := 0
	apps := map[string][]string{}
	for _, g := range w.Groups() {
		if g.DirectoryID != here {
			continue
		}
		groups++
		have, ok := got.Groups[g.ID]
		if !ok || have.Name != g.Name || have.MemberCount != g.Members {
			t.Errorf("group %+v, want %+v", have, g)
		}
		apps[g.ID] = have.GrantsAccess
	}
	if groups != len(got.Groups) || len(got.Apps) == 0 {
		t.Errorf("%d groups, want %d; %d apps", len(got.Groups), groups, len(got.Apps))
	}
	for _, p := range w.People(0, nil) {
		var want []string
		for _, g := range p.Groups {
			if _, ok := apps[g]; ok {
				want = append(want, g)
			}
		}
		u, ok := got.Users[p.AccountID]
		if !ok {
			if len(want) > 0 {
				t.Errorf("%s is missing", p.AccountID)
			}
			continue
		}
		slices.Sort(want)
		if !slices.Equal(u.GroupIDs, want) || u.Name != p.Name {
			t.Errorf("%s: groups %v, want %v", p.AccountID, u.GroupIDs, want)
		}
		for _, g := range u.GroupIDs {
			for _, app := range apps[g] {
				if !slices.ContainsFunc(u.Access, func(a domain.AppAccess) bool { return a.AppID == app && !a.Known }) {
					t.Errorf("%s: access %v misses %s of group %s", p.AccountID, u.Access, app, g)
				}
			}
		}
	}
}

// TestOverRealSockets reads through the hardened transport.
func TestOverRealSockets(t *testing.T) {
	t.Parallel()
	w := sim.New(sim.Config{People: 250})
	at, err := w.Serve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := openOn(t, w, func(c *source.Config) {
		c.Source.Settings[fieldSite] = at.Sites[0].URL
		c.Network = source.Network{APIBase: at.API, AllowLoopback: true}
	})
	if r := s.Test(t.Context()); !r.OK {
		t.Errorf("%+v", r.Findings)
	}
	got, err := sourcetest.Collect(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	checkAll(t, w, got)
}
