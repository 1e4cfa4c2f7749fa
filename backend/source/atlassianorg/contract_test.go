package atlassianorg

import (
	"slices"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/source/sourcetest"
)

func configFor(w *sim.World) source.Config {
	id, key := w.Organization()
	return source.Config{
		Source:  domain.Source{Kind: domain.KindAtlassianOrg, Settings: map[string]string{fieldOrgID: id, fieldMyAccount: w.Operator()}},
		Secrets: map[string]domain.Secret{fieldKey: domain.NewSecret(key)},
		Network: source.Network{Transport: w.Transport()},
	}
}

func subject() sourcetest.Subject {
	return sourcetest.Subject{
		Kind: domain.KindAtlassianOrg, Config: configFor, SecretField: fieldKey,
		People: "*/users/search", Groups: "*/groups/search", Members: "*/users/search",
		Counted: true, Check: checkAll,
	}
}

func TestContract(t *testing.T) { sourcetest.Run(t, subject()) }

// checkAll compares everything that was read with the truth.
func checkAll(t *testing.T, w *sim.World, got sourcetest.Got) {
	t.Helper()
	people := w.People(0, nil)
	for _, p := range people {
		u, ok := got.Users[p.AccountID]
		if !ok {
			t.Errorf("%s (%s) is missing", p.AccountID, p.Status)
			continue
		}
		slices.Sort(p.Groups)
		if !slices.Equal(u.GroupIDs, p.Groups) {
			t.Errorf("%s: groups %v, want %v", p.AccountID, u.GroupIDs, p.Groups)
		}
		if want := statusFor(p); u.Status != want {
			t.Errorf("%s: status %s, want %s", p.AccountID, u.Status, want)
		}
		if len(u.Memberships) != len(p.Directories) {
			t.Errorf("%s: %v, want %v", p.AccountID, u.Memberships, p.Directories)
		}
		for _, m := range u.Memberships {
			want := p.Directories[m.DirectoryID]
			if w.GlobalStatus() { // a whole read takes what the lists say; whoever is to be changed is read by directory
				want = p.Status
			}
			if p.Account == "active" && (m.Status == domain.StatusSuspended) != (want == "suspended") {
				t.Errorf("%s: %v, want %v", p.AccountID, u.Memberships, p.Directories)
			}
		}
		if (u.Managed == domain.Yes) != p.Managed || u.Name != p.Name || (u.Origin == "synced") != (p.Synced && len(p.Directories) > 0) {
			t.Errorf("%s: %+v, want %+v", p.AccountID, u, p)
		}
		if p.OrgAdmin != slices.Contains(u.PlatformRoles, domain.RoleOrgAdmin) {
			t.Errorf("%s: roles %v, admin %v", p.AccountID, u.PlatformRoles, p.OrgAdmin)
		}
	}
	for _, g := range w.Groups() {
		have, ok := got.Groups[g.ID]
		if !ok || have.Name != g.Name || have.MemberCount != g.Members || have.DirectoryID != g.DirectoryID || (have.Synced == domain.Yes) != g.Synced {
			t.Errorf("group %+v, want %+v", have, g)
		}
	}
	for _, a := range w.Apps() {
		have, ok := got.Apps[a.ID]
		if !ok || have.Key == "" || have.Name == "" || have.SiteURL == "" {
			t.Errorf("app %+v, want %+v", have, a)
		}
	}
	if len(got.Directories) != len(w.DirectoryIDs()) || len(got.Domains) == 0 || len(got.Groups) != len(w.Groups()) {
		t.Errorf("%d directories, %d domains, %d groups", len(got.Directories), len(got.Domains), len(got.Groups))
	}
}

func statusFor(p sim.PersonState) domain.Status {
	switch {
	case p.Status == "active" && p.Invited:
		return domain.StatusInvited
	case p.Status == "not_invited":
		return domain.StatusNoAccess
	}
	return domain.Status(p.Status)
}

// TestOverRealSockets reads and changes through the hardened transport.
func TestOverRealSockets(t *testing.T) {
	t.Parallel()
	w := sim.New(sim.Config{People: 250})
	at, err := w.Serve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o := openOn(t, w, func(c *source.Config) { c.Network = source.Network{APIBase: at.API, AllowLoopback: true} })
	if r := o.Test(t.Context()); !r.OK {
		t.Errorf("%+v", r.Findings)
	}
	got, err := sourcetest.Collect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	checkAll(t, w, got)
	somebody := w.People(1, func(p sim.PersonState) bool { return p.Status == "active" && !p.OrgAdmin })[0].AccountID
	receipt, err := o.Suspend(t.Context(), w.DirectoryIDs()[0], somebody)
	if s, _ := w.State(somebody); err != nil || s.Status != "suspended" || receipt.Status != 204 || receipt.Took <= 0 {
		t.Errorf("%+v, %v, %s", receipt, err, s.Status)
	}
}
