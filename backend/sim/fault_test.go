package sim_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/sim"
)

// last is the journal's newest entry.
func (c *client) last() sim.Entry {
	j := c.w.Journal()
	return j[len(j)-1]
}

// Each kind of fault does to a suspend call what it says: the answer, the person, the journal.
func TestFaultsOfAChange(t *testing.T) {
	const suspended, active = "suspended", "active"
	for kind, want := range map[sim.FaultKind]struct {
		status  int // 0: an error
		err     error
		person  string
		applied bool
	}{
		sim.FaultLatency:      {204, nil, suspended, true},
		sim.FaultStatus:       {503, nil, active, false},
		sim.FaultRateLimit:    {429, nil, active, false},
		sim.FaultCut:          {0, syscall.ECONNRESET, active, false},
		sim.FaultRefused:      {0, syscall.ECONNREFUSED, active, false},
		sim.FaultNoNetwork:    {0, nil, active, false},
		sim.FaultCutBody:      {0, syscall.ECONNRESET, suspended, true}, // 204 has no body: it is cut before the answer
		sim.FaultStall:        {204, nil, suspended, true},
		sim.FaultNoAnswer:     {0, syscall.ECONNRESET, suspended, true},
		sim.FaultLate:         {204, nil, active, false},
		sim.FaultTwice:        {204, nil, suspended, true},
		sim.FaultErrorApplied: {500, nil, suspended, true},
		sim.FaultError:        {500, nil, active, false},
		sim.FaultFalseSuccess: {204, nil, active, false},
		sim.FaultHTML:         {200, nil, active, false},
		sim.FaultRedirect:     {302, nil, active, false},
	} {
		t.Run(string(kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newClient(t, sim.Config{People: 60})
				p := c.active(nil)
				c.w.AddFault(sim.Fault{Kind: kind, Path: "*/suspend", Count: 1, Delay: 30 * time.Second})
				start := time.Now()
				a, err := c.tryAdmin("POST", usersPath+"/"+p.AccountID+"/suspend", `{}`)
				if a.status != want.status || want.status == 0 && err == nil || want.err != nil && !errors.Is(err, want.err) {
					t.Errorf("status %d, error %v; want %d, %v", a.status, err, want.status, want.err)
				}
				if s, _ := c.w.State(p.AccountID); s.Status != want.person {
					t.Errorf("the person is %s, want %s", s.Status, want.person)
				}
				e := c.last()
				if e.Fault != string(kind) || e.AccountID != p.AccountID || e.Applied != want.applied || e.Status != want.status {
					t.Errorf("the journal says %+v", e)
				}
				if kind == sim.FaultLatency && time.Since(start) != 30*time.Second {
					t.Errorf("it took %v", time.Since(start))
				}
				if kind == sim.FaultNoNetwork {
					if dns := (*net.DNSError)(nil); !errors.As(err, &dns) {
						t.Errorf("the error is %v", err)
					}
				}
				if kind == sim.FaultLate {
					time.Sleep(29 * time.Second)
					if s, _ := c.w.State(p.AccountID); s.Status != active {
						t.Error("the late change came early")
					}
					time.Sleep(2 * time.Second)
					if s, _ := c.w.State(p.AccountID); s.Status != suspended || !c.last().Applied || c.last().Changed != 1 {
						t.Errorf("the late change never came: %s %+v", s.Status, c.last())
					}
				}
				if kind == sim.FaultRateLimit { // the family stays closed
					c.admin("GET", usersPath+"/count", nil).must(t, 429)
					time.Sleep(31 * time.Second)
				}
				c.admin("GET", usersPath+"/count", nil).must(t, 200)
			})
		})
	}
}

// A server that carries out a call twice makes a second difference only where the call is not idempotent.
func TestAppliedTwice(t *testing.T) {
	c := newClient(t, sim.Config{People: 60})
	c.w.AddFault(sim.Fault{Kind: sim.FaultTwice})
	p := c.active(nil)
	c.admin("POST", usersPath+"/"+p.AccountID+"/suspend", `{}`).must(t, 204)
	if c.last().Changed != 1 {
		t.Errorf("suspending twice changed %d times", c.last().Changed)
	}
}

// Faults of reading: what arrives is broken as the kind says.
func TestFaultsOfARead(t *testing.T) {
	c := newClient(t, sim.Config{People: 300})
	read := func(kind sim.FaultKind) (answer, error) {
		c.w.SetFaults(sim.Fault{Kind: kind, Path: "*/users/search", Delay: time.Millisecond})
		return c.tryAdmin("POST", usersPath+"/search", `{"limit":20}`)
	}
	if _, err := read(sim.FaultCutBody); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a cut body: %v", err)
	}
	if a, err := read(sim.FaultBadJSON); err != nil || a.status != 200 || json.Valid(a.body) {
		t.Errorf("bad JSON: %v %.80s", err, a.body)
	}
	var p userPage
	if a, err := read(sim.FaultWrongShape); err != nil || a.status != 200 || json.Unmarshal(a.body, &p) != nil || p.Data != nil {
		t.Errorf("wrong shape: %v %.80s", err, a.body)
	}
	if a, err := read(sim.FaultHTML); err != nil || a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
		t.Errorf("captive portal: %v %.80s", err, a.body)
	}
	if a, err := read(sim.FaultRedirect); err != nil || a.header.Get("Location") == "" {
		t.Errorf("redirect: %v %v", err, a.header)
	}
	if a, err := read(sim.FaultStall); err != nil || json.Unmarshal(a.body, &p) != nil || len(p.Data) != 20 {
		t.Errorf("a late body: %v", err)
	}
}

// Bent pages: which of them a reader can notice depends on the kind.
func TestFaultsOfAPage(t *testing.T) {
	c := newClient(t, sim.Config{People: 300})
	full := len(c.search(usersPath, nil))
	page := func(kind sim.FaultKind, query string) (p userPage) {
		t.Helper()
		c.w.SetFaults(sim.Fault{Kind: kind, Path: "*/users/search", Count: 1})
		c.admin("POST", usersPath+"/search", query).must(t, 200).into(t, &p)
		return p
	}
	if p := page(sim.FaultPageEmpty, `{}`); len(p.Data) != 0 || p.Links.Next == nil {
		t.Error("an empty page has rows or no next one")
	}
	if p := page(sim.FaultPageShort, `{"limit":20}`); len(p.Data) != 10 || p.Links.Next == nil {
		t.Errorf("a short page has %d rows", len(p.Data))
	}
	if p := page(sim.FaultPageRepeat, `{}`); p.Links.Next == nil || *p.Links.Next != p.Links.Self {
		t.Error("the next page is another one")
	}
	if p := page(sim.FaultPageEnd, `{}`); p.Links.Next != nil {
		t.Error("there is a next page")
	}
	for kind, lost := range map[sim.FaultKind]bool{sim.FaultPageEmpty: false, sim.FaultPageShort: false, sim.FaultPageLost: true} {
		c.w.SetFaults(sim.Fault{Kind: kind, Path: "*/users/search", Skip: 1, Count: 2})
		if n := len(c.search(usersPath, map[string]any{"limit": 20})); (n < full) != lost {
			t.Errorf("%s: %d of %d rows", kind, n, full)
		}
	}
}

func TestWhichCallsAFaultStrikes(t *testing.T) {
	c := newClient(t, sim.Config{People: 60, Sites: 2})
	struck := func(f sim.Fault, want ...bool) {
		t.Helper()
		f.Kind = sim.FaultStatus
		c.w.SetFaults(f)
		p := c.w.People(2, nil)
		for i, a := range []answer{
			c.admin("GET", "/admin/v1/orgs/{o}", nil),
			c.admin("GET", usersPath+"/"+p[0].AccountID, nil),
			c.admin("GET", usersPath+"/"+p[1].AccountID, nil),
			c.admin("POST", usersPath+"/search", map[string]any{"accountIds": []string{p[1].AccountID}}),
			c.site("GET", "/rest/api/3/myself", nil),
		} {
			if (a.status == 503) != want[i] {
				t.Errorf("%+v: call %d answered %d", f, i, a.status)
			}
		}
	}
	p := c.w.People(2, nil)
	struck(sim.Fault{}, true, true, true, true, true)
	struck(sim.Fault{Method: "post"}, false, false, false, true, false)
	struck(sim.Fault{AccountID: p[1].AccountID}, false, false, true, true, false)
	struck(sim.Fault{Path: "/admin/v2/orgs/*/users/{accountId}"}, false, true, true, false, false)
	struck(sim.Fault{Path: "*/myself"}, false, false, false, false, true)
	struck(sim.Fault{Site: "-"}, true, true, true, true, false)
	struck(sim.Fault{Site: "acme"}, false, false, false, false, true)
	struck(sim.Fault{Skip: 1, Count: 2}, false, true, true, false, false)
}

func TestFaultProbability(t *testing.T) {
	c := newClient(t, sim.Config{People: 20, Seed: 5})
	c.w.AddFault(sim.Fault{Kind: sim.FaultStatus, Probability: 0.3})
	n := 0
	for range 500 {
		if c.admin("GET", "/admin/v1/orgs/{o}", nil).status == 503 {
			n++
		}
	}
	if n < 110 || n > 190 {
		t.Errorf("struck %d of 500, want about 150", n)
	}
}

func TestFaultAsJSON(t *testing.T) {
	var faults []sim.Fault
	text := `[{"name":"slow","method":"POST","path":"*/suspend","kind":"applied_late","delay":"2s","status":500,"skip":1,"count":3,"probability":0.5,"body":"jira","accountId":"a","site":"-"}]`
	if err := json.Unmarshal([]byte(text), &faults); err != nil {
		t.Fatal(err)
	}
	want := sim.Fault{Name: "slow", Method: "POST", Path: "*/suspend", Kind: sim.FaultLate, Delay: 2 * time.Second, Status: 500, Skip: 1, Count: 3, Probability: 0.5, Body: sim.FormJira, AccountID: "a", Site: "-"}
	if faults[0] != want {
		t.Errorf("%+v", faults[0])
	}
	data, _ := json.Marshal(want)
	var back sim.Fault
	if err := json.Unmarshal(data, &back); err != nil || back != want {
		t.Errorf("%s: %+v %v", data, back, err)
	}
	for _, bad := range []string{`{"kind":"explode"}`, `{"kind":"cut","delay":"soon"}`} {
		if json.Unmarshal([]byte(bad), &back) == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

// A request that is given up while it waits is not carried out; given up later, it is.
func TestGivingUp(t *testing.T) {
	for after, want := range map[time.Duration]string{time.Second: "active", 6 * time.Second: "suspended"} {
		synctest.Test(t, func(t *testing.T) {
			c := newClient(t, sim.Config{People: 60, Latency: 10 * time.Second})
			p := c.active(nil)
			ctx, cancel := context.WithTimeout(t.Context(), after)
			defer cancel()
			req, _ := http.NewRequestWithContext(ctx, http.MethodPost,
				"https://api.atlassian.com"+strings.NewReplacer("{o}", c.org, "{d}", c.w.DirectoryIDs()[0]).Replace(usersPath)+"/"+p.AccountID+"/suspend", strings.NewReader("{}"))
			req.Header.Set("Authorization", "Bearer "+c.key)
			req.Header.Set("Content-Type", "application/json")
			resp, err := c.hc.Do(req)
			if err == nil {
				_ = resp.Body.Close()
			}
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the error is %v", err)
			}
			if s, _ := c.w.State(p.AccountID); s.Status != want {
				t.Errorf("given up after %v the person is %s, want %s", after, s.Status, want)
			}
		})
	}
}
