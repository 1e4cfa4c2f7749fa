package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
)

// scene is what the deeds are about: an ordinary managed person, a plain group, and an app that both do not open.
type scene struct {
	account, group, directory, app, token, email string
}

// deed is one call of the optional interfaces, with the truth that it is about. The last three may use the source itself to
// prepare; they run without faults.
type deed struct {
	name    string
	do      func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error)
	done    func(w *sim.World, x scene) bool
	prepare func(ctx context.Context, src source.Source, w *sim.World, x scene) error
}

// as is the source as one of the optional interfaces, or errCannot.
func as[T any](src source.Source, call func(T) (domain.Receipt, error)) (domain.Receipt, error) {
	if x, ok := src.(T); ok {
		return call(x)
	}
	return domain.Receipt{}, errCannot
}

const user = "atlassian/user"

// The places of the new things.
const (
	newGroup = "made by the contract"
	newTitle = "Head of the contract"
	newEmail = "contract@acme.example"
)

func deeds() []deed { return slices.Concat(accountDeeds(), accessDeeds()) }

func accountDeeds() []deed {
	state := func(w *sim.World, x scene) sim.PersonState { s, _ := w.State(x.account); return s }
	type life = source.Lifecycler
	return []deed{
		{"remove", func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			return as(src, func(s source.DirectoryRemover) (domain.Receipt, error) {
				return s.RemoveFromDirectory(ctx, x.directory, x.account)
			})
		}, func(w *sim.World, x scene) bool { return len(state(w, x).Apps) == 0 }, nil},
		{"deactivate", func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			return as(src, func(s life) (domain.Receipt, error) { return s.Deactivate(ctx, x.account, "bye") })
		}, func(w *sim.World, x scene) bool { return state(w, x).Account == "inactive" }, nil},
		{"reactivate", func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			return as(src, func(s life) (domain.Receipt, error) { return s.Reactivate(ctx, x.account) })
		}, func(w *sim.World, x scene) bool { return state(w, x).Account == "active" },
			func(_ context.Context, _ source.Source, w *sim.World, x scene) error {
				w.Deactivate(x.account)
				return nil
			}},
		{"delete account", func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			return as(src, func(s life) (domain.Receipt, error) { return s.DeleteAccount(ctx, x.account) })
		}, func(w *sim.World, x scene) bool { return state(w, x).Status == "for_deletion" }, nil},
		{"cancel deletion", func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			return as(src, func(s life) (domain.Receipt, error) { return s.CancelDeletion(ctx, x.account) })
		}, func(w *sim.World, x scene) bool { return state(w, x).Status == "active" },
			func(ctx context.Context, src source.Source, _ *sim.World, x scene) error {
				_, err := as(src, func(s life) (domain.Receipt, error) { return s.DeleteAccount(ctx, x.account) })
				return err
			}},
		{"edit profile", func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			title := newTitle
			return as(src, func(s source.ProfileEditor) (domain.Receipt, error) {
				return s.EditProfile(ctx, x.account, domain.ProfileChange{JobTitle: &title})
			})
		}, func(w *sim.World, x scene) bool { return state(w, x).JobTitle == newTitle }, nil},
		{"set e-mail", func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			return as(src, func(s source.ProfileEditor) (domain.Receipt, error) { return s.SetEmail(ctx, x.account, newEmail) })
		}, func(w *sim.World, x scene) bool {
			return state(w, x).Email == newEmail && state(w, x).SessionsEnded == 1
		}, nil},
		{"revoke token", func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			return as(src, func(s source.TokenRevoker) (domain.Receipt, error) { return s.RevokeToken(ctx, x.account, x.token) })
		}, func(w *sim.World, x scene) bool { return !slices.Contains(w.TokensOf(x.account), x.token) }, nil},
		{"invite", func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			return as(src, func(s source.Inviter) (domain.Receipt, error) {
				_, r, err := s.Invite(ctx, domain.Invitation{Email: x.email, AppIDs: []string{x.app}})
				return r, err
			})
		}, func(w *sim.World, x scene) bool {
			return len(w.People(1, func(p sim.PersonState) bool { return p.Email == x.email && len(p.Apps) == 1 })) == 1
		}, nil},
	}
}

func accessDeeds() []deed {
	roles := func(verb func(source.AccessEditor, context.Context, scene) (domain.Receipt, error)) func(context.Context, source.Source, scene) (domain.Receipt, error) {
		return func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			return as(src, func(s source.AccessEditor) (domain.Receipt, error) { return verb(s, ctx, x) })
		}
	}
	assign := roles(func(s source.AccessEditor, ctx context.Context, x scene) (domain.Receipt, error) {
		return s.AssignRole(ctx, x.account, x.app, user)
	})
	direct := func(w *sim.World, x scene) bool { s, _ := w.State(x.account); return slices.Contains(s.Direct, x.app) }
	grant := func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
		return as(src, func(s source.GrantEditor) (domain.Receipt, error) {
			return s.AssignGrant(ctx, x.directory, x.group, x.app, user)
		})
	}
	group := func(w *sim.World, x scene) *sim.GroupState {
		for _, g := range w.Groups() {
			if g.ID == x.group {
				return &g
			}
		}
		return nil
	}
	gives := func(w *sim.World, x scene) bool { return slices.Contains(group(w, x).Apps, x.app) }
	first := func(do func(context.Context, source.Source, scene) (domain.Receipt, error)) func(context.Context, source.Source, *sim.World, scene) error {
		return func(ctx context.Context, src source.Source, _ *sim.World, x scene) error {
			_, err := do(ctx, src, x)
			return err
		}
	}
	admin := func(w *sim.World, x scene) bool { s, _ := w.State(x.account); return s.OrgAdmin }
	return []deed{
		{"assign role", assign, direct, nil},
		{"revoke role", roles(func(s source.AccessEditor, ctx context.Context, x scene) (domain.Receipt, error) {
			return s.RevokeRole(ctx, x.account, x.app, user)
		}), func(w *sim.World, x scene) bool { return !direct(w, x) }, first(assign)},
		{"make admin", func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			return as(src, func(s source.AdminEditor) (domain.Receipt, error) { return s.MakeAdmin(ctx, x.account) })
		}, admin, nil},
		{"unmake admin", func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			return as(src, func(s source.AdminEditor) (domain.Receipt, error) { return s.UnmakeAdmin(ctx, x.account) })
		}, func(w *sim.World, x scene) bool { return !admin(w, x) },
			func(_ context.Context, _ source.Source, w *sim.World, x scene) error {
				w.SetOrgAdmin(x.account, true)
				return nil
			}},
		{"assign grant", grant, gives, nil},
		{"revoke grant", func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			return as(src, func(s source.GrantEditor) (domain.Receipt, error) {
				return s.RevokeGrant(ctx, x.directory, x.group, x.app, user)
			})
		}, func(w *sim.World, x scene) bool { return !gives(w, x) }, first(grant)},
		{"create group", func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			return as(src, func(s source.GroupCreator) (domain.Receipt, error) {
				id, r, err := s.CreateGroup(ctx, x.directory, newGroup, "")
				if err == nil && id == "" {
					err = errors.New("the new group has no id")
				}
				return r, err
			})
		}, func(w *sim.World, _ scene) bool { _, made := w.GroupNamed(newGroup); return made }, nil},
		{"delete group", func(ctx context.Context, src source.Source, x scene) (domain.Receipt, error) {
			return as(src, func(s source.GroupCreator) (domain.Receipt, error) { return s.DeleteGroup(ctx, x.directory, x.group) })
		}, func(w *sim.World, x scene) bool { return group(w, x) == nil }, nil},
	}
}

// deedsOnce does each deed under each fault and compares the word about its effect with the truth. Each is sent once.
func (s Subject) deedsOnce(t *testing.T) {
	if s.Truth != nil {
		return // another world than the organization's
	}
	for _, d := range deeds() {
		t.Run(d.name, func(t *testing.T) {
			for _, o := range outcomes() {
				if !s.doOnce(t, sim.Config{}, d, o) {
					return
				}
			}
		})
	}
}

// doOnce does a deed under one fault; false when the source cannot do it.
func (s Subject) doOnce(t *testing.T, cfg sim.Config, d deed, o outcome) (can bool) {
	t.Helper()
	can = true
	cfg.People, cfg.Seed = 60, 2
	s.bubble(t, cfg, func(t *testing.T, w *sim.World) {
		t.Helper()
		src := s.Open(t, w, nil)
		defer src.Close()
		x := s.scene(t, w)
		if d.prepare != nil {
			if err := d.prepare(t.Context(), src, w, x); errors.Is(err, errCannot) {
				can = false
				return
			} else if err != nil {
				t.Fatal(err)
			}
		}
		before := len(w.Journal())
		if o.fault.Kind != "" {
			w.SetFaults(o.fault)
		}
		receipt, err := d.do(t.Context(), src, x)
		if errors.Is(err, errCannot) {
			can = false
			return
		}
		name := fmt.Sprintf("%s %d", o.fault.Kind, o.fault.Status)
		sent := 0
		for _, e := range w.Journal()[before:] {
			if e.Method != http.MethodGet && !strings.HasSuffix(e.Path, "/search") {
				sent++
			}
		}
		if connected := o.fault.Kind != sim.FaultRefused && o.fault.Kind != sim.FaultNoNetwork; sent > 1 || connected && sent != 1 {
			t.Errorf("%s: sent %d times", name, sent)
		}
		if receipt.Method == "" || receipt.URL == "" || receipt.SentAt.IsZero() {
			t.Errorf("%s: receipt %+v", name, receipt)
		}
		if done := d.done(w, x); done != o.done && o.fault.Kind != sim.FaultLatency {
			t.Errorf("%s: carried out: %v, want %v (%v)", name, done, o.done, err)
		}
		if o.effect == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return
		}
		var e *domain.Error
		if !errors.As(err, &e) || e.Effect != o.effect || e.Code != o.code || e.Receipt == nil || e.Message == "" {
			t.Errorf("%s: %+v, want %s/%s", name, err, o.code, o.effect)
		}
	})
	return can
}

// scene finds whom and what the deeds may be about.
func (s Subject) scene(t *testing.T, w *sim.World) scene {
	t.Helper()
	x := scene{directory: w.DirectoryIDs()[0], email: "invited@acme.example"}
	for _, g := range w.Groups() {
		if !g.Synced && !g.Default && !g.Admins && len(g.Apps) == 0 && g.Name != "" {
			x.group = g.ID
		}
	}
	for _, p := range w.People(0, nil) {
		tokens := w.TokensOf(p.AccountID)
		ordinary := p.Status == "active" && p.Managed && !p.Synced && !p.OrgAdmin && len(p.PlatformRoles) == 0 && len(p.Apps) > 0
		if !ordinary || len(tokens) == 0 || p.AccountID == w.Operator() || p.AccountID == w.KeyOwner() {
			continue
		}
		for _, a := range w.Apps() {
			if !slices.Contains(p.Apps, a.ID) && !a.Sandbox {
				x.account, x.token, x.app = p.AccountID, tokens[0], a.ID
			}
		}
	}
	if s.Kind == domain.KindJiraCloud {
		x.app = "jira-software" // a site knows its apps by their keys
	}
	if x.account == "" || x.group == "" || x.app == "" {
		t.Fatalf("the world has no fitting person, group or app: %+v", x)
	}
	return x
}
