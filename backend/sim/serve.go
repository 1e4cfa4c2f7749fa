package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// call is one request on its way through the simulator.
type call struct {
	w         *World
	ctx       context.Context
	method    string
	path      string // escaped
	query     url.Values
	header    http.Header
	body      []byte
	route     *route
	vars      map[string]string
	site      int // the site asked, -1 for the API host, less for a Data Center instance
	dc        *dataCenter
	dcUser    int // the user whose token it is, -1 for nobody
	scoped    bool
	cred      *credential
	now       int64     // unix nanoseconds when the handler runs
	page      FaultKind // how a list's page is bent
	everybody bool      // a list of members has everybody, whatever group was asked for
	late      *call     // the copy of this call that is carried out later
	entry     Entry
}

// reply is an answer before it is sent. value is encoded as JSON when body is nil.
type reply struct {
	status int
	header http.Header
	value  any
	body   []byte
	err    error         // in place of an answer: what the network says
	half   bool          // the connection is cut in the middle of the body
	stall  time.Duration // the body comes so much later than the headers
}

// maxBody bounds what is read of a request.
const maxBody = 1 << 20

// answer takes a request to its reply. site is -1 for the API host, dcSite(n) for a Data Center instance.
func (w *World) answer(site int, r *http.Request) reply {
	c := &call{w: w, ctx: r.Context(), method: r.Method, path: r.URL.EscapedPath(), query: r.URL.Query(), header: r.Header, site: site, dc: w.dataCenterOf(site)}
	if r.Body != nil {
		body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
		if err != nil {
			return reply{err: err}
		}
		c.body = body
	}
	c.findRoute()
	c.name()
	rep := c.run()
	if rep.err == nil && rep.body == nil && rep.value != nil {
		rep.body = encode(rep.value)
	}
	c.entry.Status = rep.status
	if rep.err != nil {
		c.entry.Status = 0
	}
	w.journal.add(&c.entry)
	if c.late != nil {
		w.mu.Lock()
		c.late.entry.Seq = c.entry.Seq
		w.mu.Unlock()
	}
	return rep
}

func encode(v any) []byte {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("sim: cannot encode its own answer: " + err.Error())
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// findRoute chooses the route. The gateway's path of a site's call names the site's cloud id in front of the call.
func (c *call) findRoute() {
	routes, path := c.w.orgRoutes, c.path
	if c.dc != nil {
		if rest, inside := strings.CutPrefix(path, dcContext); inside {
			c.route, c.vars = match(c.w.dcRoutes, c.method, rest)
		}
		return
	}
	if rest, ok := strings.CutPrefix(path, "/ex/jira/"); ok && c.site < 0 {
		cloudID, call, _ := strings.Cut(rest, "/")
		for i := range c.w.sites {
			if c.w.sites[i].cloudID == cloudID {
				c.site, c.scoped, path = i, true, "/"+call
			}
		}
	}
	if c.site >= 0 {
		routes = c.w.siteRoutes
	}
	c.route, c.vars = match(routes, c.method, path)
}

// name fills the journal's entry with what is known before anything is done.
func (c *call) name() {
	c.entry = Entry{Time: time.Now(), Method: c.method, Path: c.path, Credential: "unknown", Accounts: c.accounts(), GroupID: c.vars["groupId"]}
	if g := c.query.Get("groupId"); g != "" && c.site >= 0 {
		c.entry.GroupID = g
	}
	if len(c.entry.Accounts) == 1 {
		c.entry.AccountID = c.entry.Accounts[0]
	}
	if c.route != nil {
		c.entry.Template = c.route.template
		if c.scoped {
			c.entry.Template = "/ex/jira/{cloudId}" + c.route.template
		}
	}
	if c.dc != nil {
		c.nameDataCenter()
	}
	if c.site >= 0 {
		c.entry.Site = c.w.sites[c.site].name
	}
}

// accounts lists the people that the request names.
func (c *call) accounts() []string {
	if a := c.vars["accountId"]; a != "" {
		return []string{a}
	}
	if a := c.query["accountId"]; len(a) > 0 {
		return a
	}
	var body struct {
		AccountID  string   `json:"accountId"`
		AccountIDs []string `json:"accountIds"`
	}
	if len(c.body) == 0 || json.Unmarshal(c.body, &body) != nil {
		return nil
	}
	if body.AccountID != "" {
		return []string{body.AccountID}
	}
	return body.AccountIDs
}

// run is the way of one request: latency, fault, credential, rate limit, handler, latency.
func (c *call) run() reply {
	wait := c.w.latency()
	end := time.Now().Add(wait)
	if err := sleep(c.ctx, wait/2); err != nil {
		return reply{err: err}
	}
	fault, faulty := c.w.faults.pick(c)
	var rep reply
	if faulty {
		c.entry.Fault = string(fault.Kind)
		rep = c.runFaulty(fault)
	} else {
		rep = c.carryOut()
	}
	if rep.err != nil {
		return rep
	}
	if err := sleep(c.ctx, time.Until(end)); err != nil {
		return reply{err: err}
	}
	return rep
}

// carryOut does what the request asks for, if its sender may.
func (c *call) carryOut() reply {
	w := c.w
	if c.route == nil {
		return c.notFound()
	}
	w.settleIfDue()
	if rep, ok := c.authenticate(); !ok {
		return rep
	}
	rate, limited := w.rates.take(c)
	if limited {
		return rate.refuse(c)
	}
	if c.route.mutates {
		w.mu.Lock()
	} else {
		w.mu.RLock()
	}
	c.now = time.Now().UnixNano()
	if c.route.mutates {
		w.actor = -1
		if c.cred != nil {
			w.actor = c.cred.owner
		}
	}
	rep := c.handle()
	if c.route.mutates {
		w.mu.Unlock()
	} else {
		w.mu.RUnlock()
	}
	return rate.mark(rep)
}

// handle checks what all handlers need and calls the route's. The caller holds the lock.
func (c *call) handle() reply {
	if org, ok := c.vars["orgId"]; ok && org != c.w.orgID {
		return adminError(404, "ADMIN-404-2", "Organization not found")
	}
	if c.method == http.MethodPost && c.route.auth != authManage && !c.hasJSON() {
		return c.unsupported()
	}
	return c.route.handle(c)
}

// hasJSON tells whether the request has a JSON body, which Atlassian demands of every POST.
func (c *call) hasJSON() bool {
	kind, _, err := mime.ParseMediaType(c.header.Get("Content-Type"))
	return err == nil && kind == "application/json" && len(bytes.TrimSpace(c.body)) > 0
}

// applied notes in the journal that the change was carried out, and whether it made a difference.
func (c *call) applied(changed bool) {
	c.entry.Applied = true
	if changed {
		c.entry.Changed++
	}
}

// person finds the account of the path; a person that the organization does not know is a 404.
func (c *call) person(accountID string) (int, *person, bool) {
	i, ok := c.w.find(accountID)
	if !ok {
		return 0, nil, false
	}
	return i, &c.w.people[i], true
}

func (w *World) latency() time.Duration {
	if w.cfg.Latency <= 0 {
		return 0
	}
	spread := w.cfg.Jitter * (float64(w.hash(saltJitter, w.journal.count())%1000)/500 - 1)
	return time.Duration(float64(w.cfg.Latency) * (1 + spread))
}

// sleep waits, unless the request is given up before.
func sleep(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil || d <= 0 {
		return err
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
