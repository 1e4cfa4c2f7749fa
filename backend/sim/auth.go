package sim

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// credential is an organization's API key or a person's API token.
type credential struct {
	id      string
	label   string
	owner   int // the person who made it
	token   bool
	scopes  []string
	created time.Time
	expires time.Time
	revoked bool
	foreign string // name of another organization whose key it is, "" for ours
}

// kind is what the journal says of a credential; never the secret.
func (k *credential) kind() string {
	name := "org-key"
	if k.token {
		name = "site-token"
	}
	if len(k.scopes) > 0 {
		name += "-scoped"
	}
	return name
}

// KeyOptions describe a credential to make. The zero value is one without scopes that lives as long as Atlassian allows.
type KeyOptions struct {
	Owner        string        `json:"owner"`        // account id; "" is the key's owner, for tokens the operator
	Scopes       []string      `json:"scopes"`       // none is a credential without scopes
	Expires      time.Duration `json:"expires"`      // from now; 0 is a year, negative is already over
	Organization string        `json:"organization"` // name of another organization that the key is for; "" is this one
}

// AddKey makes another API key for the organization and returns it.
func (w *World) AddKey(o KeyOptions) string { return w.addCredential("key", false, o) }

// AddToken makes another API token for a person and returns it with the person's e-mail address.
// A token with scopes works at the gateway only, as Atlassian's do.
func (w *World) AddToken(o KeyOptions) (email, token string) {
	token = w.addCredential("token", true, o)
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.people[w.keys[token].owner].email, token
}

// CredentialID gives the id under which the list of keys and the journal know a key or token, "" for an unknown one.
func (w *World) CredentialID(secret string) string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if k := w.keys[secret]; k != nil {
		return k.id
	}
	return ""
}

// Revoke ends a key or token at once.
func (w *World) Revoke(secret string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if k := w.keys[secret]; k != nil {
		k.revoked = true
	}
}

func (w *World) addCredential(kind string, token bool, o KeyOptions) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	owner := w.keyOwner
	if token {
		owner = w.operator
	}
	if i, ok := w.find(o.Owner); ok {
		owner = i
	}
	if o.Expires == 0 {
		o.Expires = 365 * day
	}
	n := 100 + len(w.keys)
	secret := w.secretOf(kind, n)
	now := time.Now()
	w.keys[secret] = &credential{
		id: w.newUUID("credential", n), label: "seat report", owner: owner, token: token, scopes: o.Scopes, created: now, expires: now.Add(o.Expires),
		foreign: o.Organization,
	}
	return secret
}

// secretOf makes the secret of a credential from the seed, in the form that Atlassian's have.
func (w *World) secretOf(kind string, n int) string {
	prefix := "ATATT3xFfGF0"
	salt := uint64(n)
	if kind == "key" {
		prefix = "ATCTT3xFfGN0"
		salt += 1 << 32
	}
	a, b := w.hash(saltSecret, salt), w.hash(saltSecret, salt, 1)
	return prefix + strings.ReplaceAll(uuid(a, b)+uuid(b, mix(a)), "-", "")
}

func (w *World) buildCredentials() {
	year := w.created.Add(365 * day)
	w.keys[w.secretOf("key", 0)] = &credential{
		id: w.newUUID("credential", 0), label: "main", owner: w.keyOwner, scopes: w.cfg.KeyScopes,
		created: w.created.Add(-30 * day), expires: w.created.Add(w.cfg.KeyExpires),
	}
	for i := range w.sites {
		w.keys[w.secretOf("token", i)] = &credential{
			id: w.newUUID("credential", i+1), label: "token", owner: w.operator, token: true, created: w.created.Add(-30 * day), expires: year,
		}
	}
}

// authenticate finds the credential and tells whether it may make the call; if not, rep is the refusal.
func (c *call) authenticate() (rep reply, ok bool) {
	c.w.mu.RLock()
	defer c.w.mu.RUnlock()
	if c.dc != nil {
		return c.authenticateDataCenter()
	}
	if c.route.auth == authAnonymous {
		c.entry.Credential = "anonymous"
		return reply{}, true
	}
	if c.site >= 0 {
		return c.authenticateSite()
	}
	secret, isBearer := strings.CutPrefix(c.header.Get("Authorization"), "Bearer ")
	k := c.w.keys[secret]
	if !isBearer || k == nil || k.token || !k.valid() {
		if c.route.auth == authManage {
			return keyRefusal(http.StatusUnauthorized, "unauthorized", nil), false
		}
		return reply{status: http.StatusUnauthorized, value: proxyError{http.StatusUnauthorized, "Unauthorized"}}, false
	}
	c.cred, c.entry.Credential, c.entry.CredentialID = k, k.kind(), k.id
	if k.foreign != "" {
		return c.authenticateForeign()
	}
	if len(k.scopes) == 0 || slices.Contains(k.scopes, c.route.scope) || c.w.cfg.ScopedWrites && c.route.scope == "" {
		return reply{}, true
	}
	switch {
	case c.route.auth == authManage && c.w.cfg.ScopeAsList:
		return reply{status: http.StatusForbidden, value: []listError{{"forbidden.insufficientScope", "The key needs the scope manage:org", ""}}}, false
	case c.route.auth == authManage:
		return keyRefusal(http.StatusForbidden, "forbidden.insufficientScope", map[string]any{"requiredScopes": []string{"manage:org"}}), false
	case c.route.template == "/admin/v1/orgs":
		return reply{}, true // the handler lists nothing for such a key
	}
	return insufficientScope(), false
}

// authenticateForeign lets a key of another organization see that organization in the list, and nothing of this one.
func (c *call) authenticateForeign() (rep reply, ok bool) {
	switch {
	case c.route.template == "/admin/v1/orgs":
		return reply{}, true
	case c.route.auth == authManage:
		return keyRefusal(http.StatusForbidden, "forbidden.targetUnverified", nil), false
	}
	return c.notFound(), false
}

func insufficientScope() reply {
	return reply{status: http.StatusUnauthorized, value: adminErrors{[]adminErrorItem{{
		ID: "5d2f1e0c-401", Status: "401", Code: "ADMIN-401-2", Title: "INSUFFICIENT_SCOPE",
		Detail: "Insufficient scope. Create a new API Key for your Organization https://admin.atlassian.com/",
	}}}}
}

func (k *credential) valid() bool { return !k.revoked && time.Now().Before(k.expires) }

// authenticateSite checks a person's e-mail and token, the site's IP allowlist and the host that the token is for.
func (c *call) authenticateSite() (rep reply, ok bool) {
	if c.w.blocked.Load() {
		return jiraRefusal(http.StatusForbidden,
			"The IP address has been rejected because it is not on the allowed list. See your admin for more information."), false
	}
	email, token, sent := c.basic()
	if !sent {
		c.entry.Credential = "anonymous"
		return c.unauthorized(), c.route.auth == authOptional
	}
	k := c.w.keys[token]
	if k == nil || !k.token || !k.valid() || !strings.EqualFold(c.w.people[k.owner].email, email) || c.w.people[k.owner].account != accountActive {
		return c.unauthorized(), false
	}
	c.entry.Credential, c.entry.CredentialID = k.kind(), k.id
	if len(k.scopes) > 0 {
		if !c.scoped {
			return c.unauthorized(), false
		}
		need := "read:jira-user"
		if c.route.mutates {
			need = "manage:jira-configuration"
		}
		if !slices.Contains(k.scopes, need) {
			return reply{status: http.StatusUnauthorized, value: proxyError{http.StatusUnauthorized, "Unauthorized; scope does not match"}}, false
		}
	}
	c.cred = k
	return reply{}, true
}

func (c *call) basic() (email, token string, ok bool) {
	r := http.Request{Header: c.header}
	return r.BasicAuth()
}

// unauthorized is a site's 401. Atlassian has two forms: text on the site, JSON on some calls and at the gateway.
func (c *call) unauthorized() reply {
	const text = "Client must be authenticated to access this resource."
	rep := plain(http.StatusUnauthorized, "text/plain;charset=UTF-8", text)
	if c.scoped || strings.HasPrefix(c.route.template, "/rest/api/3/group") {
		rep = reply{status: http.StatusUnauthorized, value: gatewayError{text, http.StatusUnauthorized}, header: http.Header{}}
	}
	rep.header.Set("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
	return rep
}
