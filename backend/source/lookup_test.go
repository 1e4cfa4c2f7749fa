package source_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	_ "seatkeeper/backend/source/atlassianorg"
	_ "seatkeeper/backend/source/jiracloud"
	"seatkeeper/backend/workspace/secret"
)

// shelf is a BookStore in memory.
type shelf map[string]domain.Source

func (s shelf) Sources(context.Context) ([]domain.Source, error) {
	var out []domain.Source
	for _, x := range s {
		out = append(out, x)
	}
	return out, nil
}

func (s shelf) SaveSource(_ context.Context, x domain.Source, _ ...domain.Task) error {
	s[x.ID] = x
	return nil
}

func (s shelf) DeleteSource(_ context.Context, id string) error { delete(s, id); return nil }

func bookOn(w *sim.World) *source.Connections {
	return source.NewConnections(source.ConnectionsOptions{
		Store: shelf{}, Secrets: secret.NewMemory(), Network: source.Network{Transport: w.Transport()}, Log: slog.New(slog.DiscardHandler),
	})
}

func orgDraft(values map[string]string) source.Draft {
	return source.Draft{Kind: domain.KindAtlassianOrg, Name: "Acme", Values: values}
}

// The organization's id is found by the key, by a connected site or in a pasted address, and never guessed.
func TestFindOrganization(t *testing.T) {
	t.Parallel()
	const pasted = "https://admin.atlassian.com/o/a1b2c3d4-0000-4000-8000-000000000001/users"
	for name, c := range map[string]struct {
		cfg    sim.Config
		values func(w *sim.World) map[string]string
		site   bool // a Jira site is connected
		from   string
		id     string // "" is the world's own
		code   domain.Code
		words  string
	}{
		"by the key": {values: func(w *sim.World) map[string]string {
			_, key := w.Organization()
			return map[string]string{"api_key": key}
		}, from: "the API key"},
		"in a pasted address": {values: func(*sim.World) map[string]string {
			return map[string]string{"org_id": pasted, "api_key": "certainly-wrong"}
		}, from: "the address that you pasted", id: "a1b2c3d4-0000-4000-8000-000000000001"},
		"by a connected site": {values: func(w *sim.World) map[string]string {
			return map[string]string{"api_key": w.AddKey(sim.KeyOptions{Scopes: []string{"read:orgs:admin"}})}
		}, site: true, from: `the connected site "Jira"`},
		"a scoped key alone": {values: func(w *sim.World) map[string]string {
			return map[string]string{"api_key": w.AddKey(sim.KeyOptions{Scopes: []string{"read:orgs:admin"}})}
		}, code: domain.NotFound, words: "keys with scopes never do"},
		"a key that lists nothing": {cfg: sim.Config{HideOrgs: true}, values: func(w *sim.World) map[string]string {
			_, key := w.Organization()
			return map[string]string{"api_key": key}
		}, code: domain.NotFound, words: "shows no organization"},
		"no key": {values: func(*sim.World) map[string]string { return nil }, code: domain.NotFound, words: "no API key"},
		"a wrong key": {values: func(*sim.World) map[string]string {
			return map[string]string{"api_key": "certainly-wrong"}
		}, site: true, code: domain.AuthFailed, words: "wrong, expired or revoked"},
		"a wrong address": {values: func(*sim.World) map[string]string {
			return map[string]string{"org_id": "https://admin.atlassian.com.evil.example/o/x"}
		}, code: domain.NotFound, words: "no API key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := sim.New(c.cfg)
				b := bookOn(w)
				defer b.Close()
				if c.site {
					s := w.Sites()[0]
					draft := source.Draft{Kind: domain.KindJiraCloud, Name: "Jira", Values: map[string]string{"site_url": s.URL, "email": s.Email, "api_token": s.Token}}
					if _, r, err := b.Add(t.Context(), draft); err != nil {
						t.Fatal(err, r.Findings)
					}
				}
				found, err := b.FindOrganization(t.Context(), orgDraft(c.values(w)))
				if c.code != "" {
					if e := domain.AsError(err); err == nil || e.Code != c.code || !strings.Contains(e.Message, c.words) || e.Hint == "" || found.ID != "" {
						t.Errorf("%+v, %+v", found, err)
					}
					return
				}
				id, _ := w.Organization()
				if c.id != "" {
					id = c.id
				}
				if err != nil || found.ID != id || found.From != c.from {
					t.Errorf("%+v, %v, want %s by %s", found, err, id, c.from)
				}
			})
		})
	}
	b := bookOn(sim.New(sim.Config{}))
	if _, err := b.FindOrganization(t.Context(), source.Draft{Kind: domain.KindJiraCloud}); domain.CodeOf(err) != domain.Unsupported {
		t.Errorf("a site: %v", err)
	}
}
