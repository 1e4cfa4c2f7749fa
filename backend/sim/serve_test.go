package sim_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"

	"seatkeeper/backend/sim"
)

// served calls a world over real connections.
func served(t *testing.T, cfg sim.Config) (*client, sim.Listing) {
	c := newClient(t, cfg)
	list, err := c.w.Serve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.hc.Transport = &http.Transport{DisableKeepAlives: true}
	return c, list
}

func (c *client) over(list sim.Listing, method, path string, body any) (answer, error) {
	c.t.Helper()
	path = strings.NewReplacer("{o}", c.org, "{d}", c.w.DirectoryIDs()[0]).Replace(path)
	return c.send(method, list.API+path, body, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+list.Organization.APIKey) })
}

func TestServedAnswersAreTheSame(t *testing.T) {
	c, list := served(t, sim.Config{People: 80, Sites: 2})
	a, err := c.over(list, "POST", usersPath+"/search", `{"limit":80,"expand":["groups","productAccess"]}`)
	if err != nil {
		t.Fatal(err)
	}
	c.hc.Transport = c.w.Transport()
	b := c.admin("POST", usersPath+"/search", `{"limit":80,"expand":["groups","productAccess"]}`)
	var p, q userPage
	a.into(t, &p)
	b.into(t, &q)
	if !reflect.DeepEqual(p.Data, q.Data) || a.header.Get("Content-Type") != b.header.Get("Content-Type") {
		t.Error("served and in process the answers differ")
	}
	c.hc.Transport = nil
	for i, s := range list.Sites {
		a, err := c.send("GET", s.URL+"/rest/api/3/serverInfo", nil, func(r *http.Request) { r.SetBasicAuth(s.Email, s.Token) })
		if err != nil || !strings.Contains(string(a.body), c.w.Sites()[i].URL) {
			t.Errorf("%s: %v %s", s.Name, err, a.body)
		}
	}
}

func TestServedFaults(t *testing.T) {
	c, list := served(t, sim.Config{People: 80})
	for kind, broken := range map[sim.FaultKind]bool{sim.FaultCut: true, sim.FaultNoAnswer: true, sim.FaultCutBody: true, sim.FaultLatency: false} {
		c.w.SetFaults(sim.Fault{Kind: kind})
		_, err := c.over(list, "GET", "/admin/v1/orgs/{o}", nil)
		if (err != nil) != broken {
			t.Errorf("%s: %v", kind, err)
		}
		if kind == sim.FaultCutBody && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("a cut body: %v", err)
		}
	}
}

// The control calls let a test in another program see and break things.
func TestControlCalls(t *testing.T) {
	c, list := served(t, sim.Config{People: 80})
	get := func(path string, v any) {
		t.Helper()
		a, err := c.send("GET", list.API+path, nil, func(*http.Request) {})
		if err != nil {
			t.Fatal(err)
		}
		a.must(t, 200).into(t, v)
	}
	p := c.active(nil)
	a, err := c.send("POST", list.API+"/_sim/faults", `[{"kind":"server_error_applied","path":"*/suspend","count":1}]`, func(*http.Request) {})
	if err != nil {
		t.Fatal(err)
	}
	a.must(t, 200)
	if a, err = c.over(list, "POST", usersPath+"/"+p.AccountID+"/suspend", `{}`); err != nil || a.status != 500 {
		t.Fatalf("%v %+v", err, a)
	}
	var s sim.PersonState
	if get("/_sim/people/"+p.AccountID, &s); s.Status != "suspended" {
		t.Errorf("the person is %+v", s)
	}
	var entries []sim.Entry
	get("/_sim/journal?since=0", &entries)
	if len(entries) != 1 || !entries[0].Applied || entries[0].Fault != "server_error_applied" || entries[0].Credential != "org-key" {
		t.Errorf("the journal is %+v", entries)
	}
	if get("/_sim/journal?since=1", &entries); len(entries) != 0 {
		t.Errorf("since 1 the journal is %+v", entries)
	}
	for _, bad := range []string{`[{"kind":"explode"}]`, `nothing`} {
		if a, err := c.send("POST", list.API+"/_sim/faults", bad, func(*http.Request) {}); err != nil || a.status != 400 {
			t.Errorf("%s: %v %d", bad, err, a.status)
		}
	}
	var groups []sim.GroupState
	if get("/_sim/groups", &groups); len(groups) != len(c.w.Groups()) {
		t.Errorf("%d groups", len(groups))
	}
	// A site has no control calls.
	if a, err := c.send("GET", list.Sites[0].URL+"/_sim/journal", nil, func(*http.Request) {}); err != nil || a.status != 404 {
		t.Errorf("a site answers a control call: %v %d", err, a.status)
	}
}

// The journal never holds a secret or a query, and forgets the oldest entries.
func TestJournal(t *testing.T) {
	c := newClient(t, sim.Config{People: 40, JournalSize: 10})
	for i := range 25 {
		c.admin("GET", fmt.Sprintf(usersPath+"/count?searchTerm=secret%d", i), nil).must(t, 200)
	}
	c.site("GET", "/rest/api/3/myself", nil).must(t, 200)
	j := c.w.Journal()
	if len(j) != 10 || j[0].Seq != 17 || j[9].Seq != 26 || j[9].Site != "acme" || j[9].Credential != "site-token" {
		t.Errorf("%d entries, %+v", len(j), j)
	}
	data, err := json.Marshal(j)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{c.key, c.w.Sites()[0].Token, "secret"} {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("the journal holds %q", secret)
		}
	}
	if got := c.w.JournalSince(24); len(got) != 2 || got[0].Seq != 25 {
		t.Errorf("since 24: %+v", got)
	}
}

// Many callers at once: reads, changes, meddling, faults, peeks. For the race detector.
func TestManyAtOnce(t *testing.T) {
	c := newClient(t, sim.Config{People: 400, Sites: 2, Visible: 1, SiteVisible: 2})
	people := c.w.People(40, func(p sim.PersonState) bool { return !p.OrgAdmin && len(p.Directories) > 0 })
	g, _ := c.w.GroupNamed("empty-group")
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for i := range 30 {
				p := people[(n*5+i)%len(people)]
				switch (n + i) % 6 {
				case 0:
					c.search(usersPath, map[string]any{"groupIds": []string{g.ID}, "expand": []string{"groups"}, "limit": 100})
				case 1:
					c.admin("POST", usersPath+"/"+p.AccountID+"/suspend", `{}`)
				case 2:
					c.admin("POST", "/admin/v2/orgs/{o}/directories/{d}/groups/"+g.ID+"/memberships", map[string]any{"accountId": p.AccountID})
				case 3:
					c.site("GET", "/rest/api/3/group/member?groupId="+g.ID, nil)
					c.w.AddFault(sim.Fault{Kind: sim.FaultLate, Path: "*/restore", Count: 1})
					c.admin("POST", usersPath+"/"+p.AccountID+"/restore", `{}`)
				case 4:
					c.w.RemoveMember(p.AccountID, g.ID)
					c.w.BlockIP(i%2 == 0)
					c.w.AddKey(sim.KeyOptions{})
				default:
					c.w.State(p.AccountID)
					c.w.Journal()
					c.w.Groups()
				}
			}
		})
	}
	wg.Wait()
	c.w.Journal() // settles what is late
	if s := c.w.CheckMembers(); s != "" {
		t.Error(s)
	}
	if app, running, counted := c.w.CheckSeats(); app != "" {
		t.Errorf("%s has %d seats taken, the people say %d", app, running, counted)
	}
}
