package sim

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
)

// tokenItem is an API token as the user management API shows it.
type tokenItem struct {
	ID         string `json:"id"`
	Label      string `json:"label"`
	CreatedAt  string `json:"createdAt"`
	LastAccess string `json:"lastAccess,omitempty"`
	Expiry     string `json:"expiry,omitempty"`
}

// accessToken is the same token as API Access shows it.
type accessToken struct {
	ID           string    `json:"id"`
	Label        string    `json:"label"`
	Status       string    `json:"status"`
	CreatedAt    string    `json:"createdAt"`
	ExpiresAt    string    `json:"expiresAt,omitempty"`
	LastActiveAt string    `json:"lastActiveAt,omitempty"`
	User         tokenUser `json:"user"`
}

type tokenUser struct {
	ID    string `json:"id"`
	OrgID string `json:"orgId"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// tokensOf lists a person's tokens: those that work in this world, and a few made up from the seed, which a third of people has.
func (w *World) tokensOf(i int) []tokenItem {
	out := []tokenItem{}
	at := func(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
	for _, k := range w.keys {
		if k.token && k.owner == i && !k.revoked {
			out = append(out, tokenItem{k.id, k.label, at(k.created), at(w.created), at(k.expires)})
		}
	}
	h := w.hash(saltToken, uint64(i))
	for n := range max(int(h%5)-2, 0) {
		t := tokenItem{ID: w.newUUID("token", i*4+n), Label: [...]string{"ci", "backup script"}[n%2], CreatedAt: at(w.created.Add(-time.Duration(h>>8%300+1) * day))}
		if h>>20%3 > 0 {
			t.LastAccess = at(w.created.Add(-time.Duration(h>>24%90+1) * day))
		}
		if h>>30%4 > 0 {
			t.Expiry = at(w.created.Add(time.Duration(h>>34%300+1) * day))
		}
		if !w.ended[t.ID] {
			out = append(out, t)
		}
	}
	slices.SortFunc(out, func(a, b tokenItem) int { return cmp.Compare(a.ID, b.ID) })
	return out
}

func listTokens(c *call) reply {
	i, _, rep, found := c.managedPerson()
	if !found {
		return rep
	}
	return ok(c.w.tokensOf(i))
}

func revokeToken(c *call) reply {
	i, _, rep, found := c.managedPerson()
	if !found {
		return rep
	}
	id := c.vars["tokenId"]
	if !slices.ContainsFunc(c.w.tokensOf(i), func(t tokenItem) bool { return t.ID == id }) {
		return keyRefusal(http.StatusNotFound, "notFound", nil)
	}
	c.w.ended[id] = true
	for _, k := range c.w.keys {
		if k.token && k.id == id {
			k.revoked = true
		}
	}
	c.w.note(byOrg, c.now, "user_api_token_revoked", i, -1, -1)
	c.applied(true)
	return noContent()
}

// TokensOf lists the ids of a person's API tokens that still work.
func (w *World) TokensOf(accountID string) (ids []string) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if i, found := w.find(accountID); found {
		for _, t := range w.tokensOf(i) {
			ids = append(ids, t.ID)
		}
	}
	return ids
}

func (c *call) accessTokens() []accessToken {
	out := []accessToken{}
	for i := range c.w.people {
		p := &c.w.people[i]
		if !c.w.insider(i) || !p.managed {
			continue
		}
		for _, t := range c.w.tokensOf(i) {
			a := accessToken{t.ID, t.Label, "ALLOWED", t.CreatedAt, t.Expiry, t.LastAccess, tokenUser{c.w.accountID(i), c.w.orgID, p.name, p.email}}
			if s := c.query.Get("q"); s == "" || strings.Contains(strings.ToLower(a.Label+" "+p.name+" "+p.email), strings.ToLower(s)) {
				out = append(out, a)
			}
		}
	}
	return out
}

// listAllTokens lists the API tokens of all managed people.
func listAllTokens(c *call) reply {
	if c.w.cfg.NoAPIAccess {
		return c.notFound()
	}
	limit, valid := c.limitOf("pageSize", 50)
	if !valid {
		return badRequest("pageSize must be between 1 and 100")
	}
	cur, rep, valid := c.position(c.query.Get("cursor"))
	if !valid {
		return rep
	}
	data, l := window(c, c.accessTokens(), cur.Position, limit, "", false)
	return ok(page[accessToken]{data, l})
}

func countAllTokens(c *call) reply {
	if c.w.cfg.NoAPIAccess {
		return c.notFound()
	}
	return ok(map[string]int{"count": len(c.accessTokens())})
}
