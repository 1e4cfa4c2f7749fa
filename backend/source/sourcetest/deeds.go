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

// Scene is what the deeds are about: an ordinary managed person, a plain group, and an app that both do not open.
type Scene struct {
	Account, Group, Directory, App, Token, Email string
}

// deed is one call of the optional interfaces, with the truth that it is about. prepare may use the source itself; it runs without
// faults.
type deed struct {
	name    string
	do      func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error)
	done    func(w *sim.World, x Scene) bool
	prepare func(ctx context.Context, src source.Source, w *sim.World, x Scene) error
}

// as is the source as one of the optional interfaces, or errCannot.
func as[T any](src source.Source, call func(T) (domain.Receipt, error)) (domain.Receipt, error) {
	if x, ok := src.(T); ok {
		return call(x)
	}
	return domain.Receipt{}, errCannot
}

const user = "atlassian/user"

// What the deeds make.
const (
	NewGroup = "made by the contract"
	NewTitle = "Head of the contract"
	NewName  = "Contract Person"
	NewEmail = "contract@acme.example"
)

// deeds are those that the subject has a truth for; the organization has it for all.
func (s Subject) deeds() []deed {
	all := slices.Concat(accountDeeds(), accessDeeds())
	if s.Truth == nil {
		return all
	}
	var own []deed
	for _, d := range all {
		if done, known := s.Done[d.name]; known {
			d.done = done
			own = append(own, d)
		}
	}
	return own
}

func accountDeeds() []deed {
	state := func(w *sim.World, x Scene) sim.PersonState { s, _ := w.State(x.Account); return s }
	type life = source.Lifecycler
	return []deed{
		{"remove", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			return as(src, func(s source.DirectoryRemover) (domain.Receipt, error) {
				return s.RemoveFromDirectory(ctx, x.Directory, x.Account)
			})
		}, func(w *sim.World, x Scene) bool { return len(state(w, x).Apps) == 0 }, nil},
		{"deactivate", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			return as(src, func(s life) (domain.Receipt, error) { return s.Deactivate(ctx, x.Account, "bye") })
		}, func(w *sim.World, x Scene) bool { return state(w, x).Account == "inactive" }, nil},
		{"reactivate", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			return as(src, func(s life) (domain.Receipt, error) { return s.Reactivate(ctx, x.Account) })
		}, func(w *sim.World, x Scene) bool { return state(w, x).Account == "active" },
			func(_ context.Context, _ source.Source, w *sim.World, x Scene) error {
				w.Deactivate(x.Account)
				return nil
			}},
		{"delete account", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			return as(src, func(s life) (domain.Receipt, error) { return s.DeleteAccount(ctx, x.Account) })
		}, func(w *sim.World, x Scene) bool { return state(w, x).Status == "for_deletion" }, nil},
		{"cancel deletion", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			return as(src, func(s life) (domain.Receipt, error) { return s.CancelDeletion(ctx, x.Account) })
		}, func(w *sim.World, x Scene) bool { return state(w, x).Status == "active" },
			func(ctx context.Context, src source.Source, _ *sim.World, x Scene) error {
				_, err := as(src, func(s life) (domain.Receipt, error) { return s.DeleteAccount(ctx, x.Account) })
				return err
			}},
		{"edit profile", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			title := NewTitle
			return as(src, func(s source.ProfileEditor) (domain.Receipt, error) {
				return s.EditProfile(ctx, x.Account, domain.ProfileChange{JobTitle: &title})
			})
		}, func(w *sim.World, x Scene) bool { return state(w, x).JobTitle == NewTitle }, nil},
		{"change name", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			name := NewName
			return as(src, func(s source.ProfileEditor) (domain.Receipt, error) {
				return s.EditProfile(ctx, x.Account, domain.ProfileChange{Name: &name})
			})
		}, func(w *sim.World, x Scene) bool { return state(w, x).Name == NewName }, nil},
		{"set e-mail", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			return as(src, func(s source.ProfileEditor) (domain.Receipt, error) { return s.SetEmail(ctx, x.Account, NewEmail) })
		}, func(w *sim.World, x Scene) bool {
			return state(w, x).Email == NewEmail && state(w, x).SessionsEnded == 1
		}, nil},
		{"revoke token", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			return as(src, func(s source.TokenRevoker) (domain.Receipt, error) { return s.RevokeToken(ctx, x.Account, x.Token) })
		}, func(w *sim.World, x Scene) bool { return !slices.Contains(w.TokensOf(x.Account), x.Token) }, nil},
		{"invite", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			return as(src, func(s source.Inviter) (domain.Receipt, error) {
				_, r, err := s.Invite(ctx, domain.Invitation{Email: x.Email, AppIDs: []string{x.App}})
				return r, err
			})
		}, func(w *sim.World, x Scene) bool {
			return len(w.People(1, func(p sim.PersonState) bool { return p.Email == x.Email && len(p.Apps) == 1 })) == 1
		}, nil},
	}
}

func accessDeeds() []deed {
	roles := func(verb func(source.AccessEditor, context.Context, Scene) (domain.Receipt, error)) func(context.Context, source.Source, Scene) (domain.Receipt, error) {
		return func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			return as(src, func(s source.AccessEditor) (domain.Receipt, error) { return verb(s, ctx, x) })
		}
	}
	assign := roles(func(s source.AccessEditor, ctx context.Context, x Scene) (domain.Receipt, error) {
		return s.AssignRole(ctx, x.Account, x.App, user)
	})
	direct := func(w *sim.World, x Scene) bool { s, _ := w.State(x.Account); return slices.Contains(s.Direct, x.App) }
	grant := func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
		return as(src, func(s source.GrantEditor) (domain.Receipt, error) {
			return s.AssignGrant(ctx, x.Directory, x.Group, x.App, user)
		})
	}
	group := func(w *sim.World, x Scene) *sim.GroupState {
		for _, g := range w.Groups() {
			if g.ID == x.Group {
				return &g
			}
		}
		return nil
	}
	gives := func(w *sim.World, x Scene) bool { return slices.Contains(group(w, x).Apps, x.App) }
	first := func(do func(context.Context, source.Source, Scene) (domain.Receipt, error)) func(context.Context, source.Source, *sim.World, Scene) error {
		return func(ctx context.Context, src source.Source, _ *sim.World, x Scene) error {
			_, err := do(ctx, src, x)
			return err
		}
	}
	admin := func(w *sim.World, x Scene) bool { s, _ := w.State(x.Account); return s.OrgAdmin }
	return []deed{
		{"assign role", assign, direct, nil},
		{"revoke role", roles(func(s source.AccessEditor, ctx context.Context, x Scene) (domain.Receipt, error) {
			return s.RevokeRole(ctx, x.Account, x.App, user)
		}), func(w *sim.World, x Scene) bool { return !direct(w, x) }, first(assign)},
		{"make admin", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			return as(src, func(s source.AdminEditor) (domain.Receipt, error) { return s.MakeAdmin(ctx, x.Account) })
		}, admin, nil},
		{"unmake admin", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			return as(src, func(s source.AdminEditor) (domain.Receipt, error) { return s.UnmakeAdmin(ctx, x.Account) })
		}, func(w *sim.World, x Scene) bool { return !admin(w, x) },
			func(_ context.Context, _ source.Source, w *sim.World, x Scene) error {
				w.SetOrgAdmin(x.Account, true)
				return nil
			}},
		{"assign grant", grant, gives, nil},
		{"revoke grant", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			return as(src, func(s source.GrantEditor) (domain.Receipt, error) {
				return s.RevokeGrant(ctx, x.Directory, x.Group, x.App, user)
			})
		}, func(w *sim.World, x Scene) bool { return !gives(w, x) }, first(grant)},
		{"create group", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			return as(src, func(s source.GroupCreator) (domain.Receipt, error) {
				id, r, err := s.CreateGroup(ctx, x.Directory, NewGroup, "")
				if err == nil && id == "" {
					err = errors.New("the new group has no id")
				}
				return r, err
			})
		}, func(w *sim.World, _ Scene) bool { _, made := w.GroupNamed(NewGroup); return made }, nil},
		{"delete group", func(ctx context.Context, src source.Source, x Scene) (domain.Receipt, error) {
			return as(src, func(s source.GroupCreator) (domain.Receipt, error) { return s.DeleteGroup(ctx, x.Directory, x.Group) })
		}, func(w *sim.World, x Scene) bool { return group(w, x) == nil }, nil},
	}
}

// deedsOnce does each deed under each fault and compares the word about its effect with the truth. Each is sent once.
func (s Subject) deedsOnce(t *testing.T) {
	for _, d := range s.deeds() {
		t.Run(d.name, func(t *testing.T) {
			for _, o := range s.outcomes() {
				if !s.doOnce(t, d, o) {
					return
				}
			}
		})
	}
}

// doOnce does a deed under one fault; false when the source cannot do it.
func (s Subject) doOnce(t *testing.T, d deed, o outcome) (can bool) {
	t.Helper()
	can = true
	s.bubble(t, sim.Config{People: 60, Seed: 2}, func(t *testing.T, w *sim.World) {
		t.Helper()
		src := s.Open(t, w, nil)
		defer src.Close()
		x := s.scene(t, w)
		if reader, ok := src.(source.UserReader); ok { // a run reads everybody just before it changes them
			if _, err := reader.ReadUsers(t.Context(), []string{x.Account}); err != nil {
				t.Fatal(err)
			}
		}
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

// Scene finds whom and what the deeds may be about.
func (s Subject) scene(t *testing.T, w *sim.World) Scene {
	t.Helper()
	if s.Scene != nil {
		return s.Scene(w)
	}
	x := Scene{Directory: w.DirectoryIDs()[0], Email: "invited@acme.example"}
	for _, g := range w.Groups() {
		if !g.Synced && !g.Default && !g.Admins && len(g.Apps) == 0 && g.Name != "" {
			x.Group = g.ID
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
				x.Account, x.Token, x.App = p.AccountID, tokens[0], a.ID
			}
		}
	}
	if s.Kind == domain.KindJiraCloud {
		x.App = "jira-software" // a site knows its apps by their keys
	}
	if x.Account == "" || x.Group == "" || x.App == "" {
		t.Fatalf("the world has no fitting person, group or app: %+v", x)
	}
	return x
}
