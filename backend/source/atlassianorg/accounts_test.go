package atlassianorg

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
)

// someone finds a person, or fails.
func someone(t *testing.T, w *sim.World, keep func(sim.PersonState) bool) string {
	t.Helper()
	list := w.People(1, keep)
	if len(list) == 0 {
		t.Fatal("the world has no such person")
	}
	return list[0].AccountID
}

func ordinary(p sim.PersonState) bool {
	return p.Status == "active" && p.Managed && !p.Synced && !p.OrgAdmin && len(p.Apps) > 0
}

func groupThat(t *testing.T, w *sim.World, keep func(sim.GroupState) bool) string {
	t.Helper()
	for _, g := range w.Groups() {
		if keep(g) {
			return g.ID
		}
	}
	t.Fatal("the world has no such group")
	return ""
}

// Each refusal of Atlassian's becomes an error of the closed set that says for certain that nothing was changed.
func TestRefusals(t *testing.T) {
	t.Parallel()
	type ctx = context.Context
	title, long := "x", strings.Repeat("n", 31)
	for name, c := range map[string]struct {
		cfg    sim.Config
		scoped bool
		do     func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error)
		code   domain.Code
		reason string
	}{
		"deactivating who is not managed": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.Deactivate(x, someone(t, w, func(p sim.PersonState) bool { return !p.Managed }), "")
		}, code: domain.Forbidden, reason: "not_managed"},
		"deactivating who is synced": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.Deactivate(x, someone(t, w, func(p sim.PersonState) bool { return p.Synced }), "")
		}, code: domain.Forbidden, reason: "synced"},
		"deactivating nobody": {do: func(x ctx, _ *testing.T, _ *sim.World, o *org) (domain.Receipt, error) {
			return o.Deactivate(x, nobody, "")
		}, code: domain.NotFound, reason: "gone"},
		"deactivating with a scoped key": {scoped: true, do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.Deactivate(x, someone(t, w, ordinary), "")
		}, code: domain.Forbidden, reason: "scope"},
		"the same, refused in the other form": {scoped: true, cfg: sim.Config{ScopeAsList: true}, do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.DeleteAccount(x, someone(t, w, ordinary))
		}, code: domain.Forbidden, reason: "scope"},
		"assigning with a scoped key": {scoped: true, do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.AssignRole(x, someone(t, w, ordinary), w.Apps()[0].ID, "atlassian/user")
		}, code: domain.Forbidden, reason: "scope"},
		"renaming who is synced": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.EditProfile(x, someone(t, w, func(p sim.PersonState) bool { return p.Synced }), domain.ProfileChange{JobTitle: &title})
		}, code: domain.Forbidden, reason: "synced"},
		"a nickname that is too long": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.EditProfile(x, someone(t, w, ordinary), domain.ProfileChange{Nickname: &long})
		}, code: domain.Invalid, reason: "request"},
		"no field at all": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.EditProfile(x, someone(t, w, ordinary), domain.ProfileChange{})
		}, code: domain.Invalid, reason: "nothing"},
		"an address of another's domain": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.SetEmail(x, someone(t, w, ordinary), "mia@gmail.com")
		}, code: domain.Forbidden, reason: "not_managed"},
		"an address that is none": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.SetEmail(x, someone(t, w, ordinary), "mia at acme")
		}, code: domain.Invalid},
		"revoking a token that is gone": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.RevokeToken(x, someone(t, w, ordinary), "nothing")
		}, code: domain.NotFound, reason: "gone"},
		"no seat left": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			app := w.Apps()[0].ID
			w.SetSeats(app, 1)
			return o.AssignRole(x, someone(t, w, func(p sim.PersonState) bool {
				return ordinary(p) && !strings.Contains(strings.Join(p.Apps, " "), app)
			}), app, "atlassian/user")
		}, code: domain.Conflict, reason: "license"},
		"a role that does not exist": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.AssignRole(x, someone(t, w, ordinary), w.Apps()[0].ID, "atlassian/emperor")
		}, code: domain.Invalid, reason: "request"},
		"an app that does not exist": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.AssignRole(x, someone(t, w, ordinary), "ari:cloud:nothing::site/x", "atlassian/user")
		}, code: domain.NotFound, reason: "gone"},
		"no app": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.AssignRole(x, someone(t, w, ordinary), "", "atlassian/user")
		}, code: domain.Invalid, reason: "id"},
		"removing an admin": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.RemoveFromDirectory(x, w.DirectoryIDs()[0], someone(t, w, func(p sim.PersonState) bool { return p.OrgAdmin }))
		}, code: domain.Forbidden, reason: "permission"},
		"a group that exists": {do: func(x ctx, _ *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			_, r, err := o.CreateGroup(x, w.DirectoryIDs()[0], "empty-group", "")
			return r, err
		}, code: domain.Conflict, reason: "changed"},
		"a group without a name": {do: func(x ctx, _ *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			_, r, err := o.CreateGroup(x, w.DirectoryIDs()[0], "", "")
			return r, err
		}, code: domain.Invalid, reason: "request"},
		"deleting a default group": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.DeleteGroup(x, w.DirectoryIDs()[0], groupThat(t, w, func(g sim.GroupState) bool { return g.Default }))
		}, code: domain.Forbidden, reason: "permission"},
		"deleting a synced group": {do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.DeleteGroup(x, w.DirectoryIDs()[0], groupThat(t, w, func(g sim.GroupState) bool { return g.Synced }))
		}, code: domain.Forbidden, reason: "permission"},
		"a member of a synced group": {cfg: sim.Config{SyncedAsCode: true}, do: func(x ctx, t *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			return o.AddMember(x, w.DirectoryIDs()[0], groupThat(t, w, func(g sim.GroupState) bool { return g.Synced }), someone(t, w, ordinary))
		}, code: domain.Forbidden, reason: "synced"},
		"inviting without a paid plan": {cfg: sim.Config{NoPaidPlan: true}, do: func(x ctx, _ *testing.T, w *sim.World, o *org) (domain.Receipt, error) {
			_, r, err := o.Invite(x, domain.Invitation{Email: "new@acme.example", AppIDs: []string{w.Apps()[0].ID}})
			return r, err
		}, code: domain.Conflict, reason: "license"},
		"inviting to what does not exist": {do: func(x ctx, _ *testing.T, _ *sim.World, o *org) (domain.Receipt, error) {
			_, r, err := o.Invite(x, domain.Invitation{Email: "new@acme.example", AppIDs: []string{"ari:cloud:nothing::site/x"}})
			return r, err
		}, code: domain.Conflict, reason: "refused"},
		"inviting no address": {do: func(x ctx, _ *testing.T, _ *sim.World, o *org) (domain.Receipt, error) {
			_, r, err := o.Invite(x, domain.Invitation{Email: "new"})
			return r, err
		}, code: domain.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := sim.New(c.cfg)
				o := openOn(t, w, func(cfg *source.Config) {
					if c.scoped {
						cfg.Secrets[fieldKey] = domain.NewSecret(w.AddKey(sim.KeyOptions{Scopes: []string{"read:directories:admin"}}))
					}
				})
				_, err := c.do(t.Context(), t, w, o)
				var e *domain.Error
				if !errors.As(err, &e) || e.Code != c.code || (c.reason != "" && e.Reason != c.reason) || e.Effect != domain.NotApplied || e.Message == "" {
					t.Errorf("%+v, want %s/%s", err, c.code, c.reason)
				}
				for _, entry := range w.Journal() {
					if entry.Changed > 0 {
						t.Errorf("something was changed: %+v", entry)
					}
				}
			})
		})
	}
}

// An invitation of which only a part works is neither a success nor a failure.
func TestInvitationInParts(t *testing.T) {
	t.Parallel()
	for _, status := range []int{0, 200, 206} {
		synctest.Test(t, func(t *testing.T) {
			w := sim.New(sim.Config{InviteStatus: status})
			plain := groupThat(t, w, func(g sim.GroupState) bool { return g.Name == "empty-group" })
			synced := groupThat(t, w, func(g sim.GroupState) bool { return g.Synced })
			out, receipt, err := openOn(t, w, nil).Invite(t.Context(), domain.Invitation{
				Email: "new@acme.example", AppIDs: []string{w.Apps()[0].ID}, GroupIDs: []string{plain, synced},
			})
			e := domain.AsError(err)
			if err == nil || e.Reason != "partly" || e.Effect != domain.EffectUnknown || receipt.Status == 0 {
				t.Fatalf("%+v", err)
			}
			if len(out.Parts) != 3 || !out.Parts[0].OK || !out.Parts[1].OK || out.Parts[2].OK || out.Parts[2].Reason == "" || out.AccountID == "" {
				t.Errorf("%+v", out)
			}
			if s, found := w.State(out.AccountID); !found || !s.Invited || len(s.Apps) != 1 || len(s.Groups) != 1 {
				t.Errorf("%+v", s)
			}
		})
	}
}

// A new group's id is found although the group is seen late; when it stays unseen, nobody is told that it was not made.
func TestNewGroupIsLookedFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		unseen time.Duration
		found  bool
	}{{0, true}, {25 * time.Second, true}, {2 * time.Minute, false}} {
		synctest.Test(t, func(t *testing.T) {
			w := sim.New(sim.Config{Visible: c.unseen})
			start := time.Now()
			id, _, err := openOn(t, w, nil).CreateGroup(t.Context(), w.DirectoryIDs()[0], "New Group", "with a description")
			made, _ := w.GroupNamed("New Group")
			switch e := domain.AsError(err); {
			case c.found && (err != nil || id != made.ID):
				t.Errorf("%q, %v, want %q", id, err, made.ID)
			case !c.found && (err == nil || e.Effect != domain.EffectUnknown || e.Reason != "not_visible" || e.Receipt == nil):
				t.Errorf("%+v", err)
			}
			if took := time.Since(start); took > 40*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// What is read about accounts agrees with the truth, and the optional reads are no error where they are missing.
func TestAccountReads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 200})
		o := openOn(t, w, nil)
		id := someone(t, w, func(p sim.PersonState) bool { return ordinary(p) && len(p.Groups) > 2 })
		may, err := o.ReadManageability(t.Context(), id)
		if err != nil || may["lifecycle.enablement"] != "" || len(may) < 8 {
			t.Errorf("%v, %v", may, err)
		}
		synced := someone(t, w, func(p sim.PersonState) bool { return p.Synced })
		if may, err := o.ReadManageability(t.Context(), synced); err != nil || may["email.set"] != "externalDirectory.scim" || may["profile.write.name"] != "externalDirectory.scim" {
			t.Errorf("%v, %v", may, err)
		}
		roles, err := o.ReadRoles(t.Context(), id)
		if err != nil || len(roles) == 0 || roles[0].Direct || !roles[0].ByGroup {
			t.Errorf("%+v, %v", roles, err)
		}
		if seen, err := o.ReadActivity(t.Context(), id); err != nil || (len(seen) > 0 && seen[0].LastActive.IsZero()) {
			t.Errorf("%+v, %v", seen, err)
		}
		policies, err := o.ReadPolicies(t.Context(), "ip-allowlist")
		if err != nil || len(policies) != 1 || len(policies[0].Allowed) == 0 || policies[0].Enabled {
			t.Errorf("%+v, %v", policies, err)
		}
		all, known, err := o.ReadAllTokens(t.Context())
		if err != nil || !known {
			t.Fatal(err)
		}
		want := 0
		for _, p := range w.People(0, nil) {
			if p.Managed {
				want += len(w.TokensOf(p.AccountID))
			}
		}
		if len(all) != want || want < 50 {
			t.Errorf("%d tokens, want %d", len(all), want)
		}
		own, err := o.ReadTokens(t.Context(), w.Operator())
		if err != nil || len(own) != len(w.TokensOf(w.Operator())) || own[0].ExpiresAt.IsZero() {
			t.Errorf("%+v, %v", own, err)
		}
		if keys, known, err := o.ReadKeys(t.Context()); err != nil || !known || len(keys) != 1 || keys[0].OwnerID != w.KeyOwner() {
			t.Errorf("%+v, %v, %v", keys, known, err)
		}
		names, err := o.api.EventActions(t.Context())
		if err != nil || names["user_suspended"] == "" {
			t.Errorf("%v, %v", names, err)
		}
		grants, err := o.api.GrantsOf(t.Context(), w.DirectoryIDs()[0], groupThat(t, w, func(g sim.GroupState) bool { return g.Default }))
		if err != nil || len(grants) != 1 {
			t.Errorf("%v, %v", grants, err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{NoAPIAccess: true})
		o := openOn(t, w, nil)
		if _, known, err := o.ReadKeys(t.Context()); known || err != nil {
			t.Errorf("keys: %v, %v", known, err)
		}
		if _, known, err := o.ReadAllTokens(t.Context()); known || err != nil {
			t.Errorf("tokens: %v, %v", known, err)
		}
		w.SetFaults(sim.Fault{Kind: sim.FaultStatus, Status: 500})
		if _, _, err := o.ReadKeys(t.Context()); err == nil {
			t.Error("trouble was taken for absence")
		}
	})
}

// The place in the audit log is kept over an error of the receiver, so that nothing is passed over.
func TestEventsAreNotPassedOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 700})
		o := openOn(t, w, nil)
		people := w.People(600, func(p sim.PersonState) bool { return p.Status == "active" && !p.OrgAdmin })
		for _, p := range people {
			w.Suspend(p.AccountID)
			w.Restore(p.AccountID)
		}
		seen := map[string]int{}
		calls, place := 0, ""
		boom := errors.New("disk full")
		for range 20 {
			var err error
			place, err = o.ReadEvents(t.Context(), place, func(events []domain.Event) error {
				if calls++; calls%2 == 1 {
					return boom
				}
				for _, e := range events {
					seen[e.ID]++
				}
				return nil
			})
			if err == nil {
				break
			}
			if !errors.Is(err, boom) {
				t.Fatal(err)
			}
		}
		if len(seen) != 2*len(people) {
			t.Errorf("%d events, want %d", len(seen), 2*len(people))
		}
		for id, n := range seen {
			if n != 1 {
				t.Fatalf("%s came %d times", id, n)
			}
		}
	})
	synctest.Test(t, func(t *testing.T) { // more polls a minute than Atlassian allows end in waiting, not in an error
		w := sim.New(sim.Config{})
		o := openOn(t, w, nil)
		for range 120 {
			if _, err := o.ReadEvents(t.Context(), "", func([]domain.Event) error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// Who takes a seat is everybody active who may open the app, and a list longer than a page is read to its end.
func TestSeatHolders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 400, Seed: 3})
		o := openOn(t, w, nil)
		app := w.Apps()[0].ID
		var want []string
		for _, p := range w.People(0, func(p sim.PersonState) bool { return p.Status == "active" && slices.Contains(p.Apps, app) }) {
			want = append(want, p.AccountID)
		}
		got, err := o.ReadSeatHolders(t.Context(), app)
		slices.Sort(got)
		slices.Sort(want)
		if err != nil || !slices.Equal(got, want) || len(got) <= 100 {
			t.Errorf("%d people, want %d: %v", len(got), len(want), err)
		}
	})
}
