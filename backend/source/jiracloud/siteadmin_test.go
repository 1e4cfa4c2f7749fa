package jiracloud

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
)

// What the connection test says that a token may do is what the site lets it do: administering Jira is not enough to change groups.
func TestSiteAdministration(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string]bool{"org-admins": true, "site-admins-": true, "jira-admins-": false} {
		synctest.Test(t, func(t *testing.T) {
			w := sim.New(sim.Config{People: 400, Seed: 7})
			who := w.People(1, func(p sim.PersonState) bool {
				return p.Status == "active" && len(p.PlatformRoles) == 0 && len(p.Apps) > 0
			})
			all := w.Groups()
			w.AddMember(who[0].AccountID, all[slices.IndexFunc(all, func(g sim.GroupState) bool { return strings.HasPrefix(g.Name, prefix) })].ID)
			s := openOn(t, w, func(cfg *source.Config) {
				email, token := w.AddToken(sim.KeyOptions{Owner: who[0].AccountID})
				cfg.Source.Settings[fieldEmail], cfg.Secrets[fieldToken] = email, domain.NewSecret(token)
			})
			r := s.Test(t.Context())
			f, _ := r.Finding("site_admin")
			if r.OK != true || (f.State == domain.FindingOK) != want {
				t.Errorf("%s: OK %v, %+v", prefix, r.OK, f)
			}
			_, _, err := s.CreateGroup(t.Context(), "", "made-by-"+prefix, "")
			if may := err == nil; may != want {
				t.Errorf("%s: a group was made: %v, %v", prefix, may, err)
			}
			for _, x := range r.Capabilities {
				if slices.Contains(bySiteAdmins, x.Capability) && x.Supported != want {
					t.Errorf("%s: %+v", prefix, x)
				}
				if slices.Contains(byAdmins, x.Capability) && !x.Supported {
					t.Errorf("%s: %+v", prefix, x)
				}
			}
		})
	}
}

// A server that names all groups when it is asked for those of site admins tells nothing.
func TestSiteAdminsThatAreEverybody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 60})
		w.SetFaults(sim.Fault{Kind: sim.FaultIgnores, Path: "*/group/bulk", Ignore: "accessType"})
		r := openOn(t, w, nil).Test(t.Context())
		if f, _ := r.Finding("site_admin"); f.State != domain.FindingWarning || !strings.Contains(f.Message, "could not be found out") {
			t.Errorf("%+v", f)
		}
	})
}
