package sim_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/sim"
)

type dcPage struct {
	NextCursor string
	IsLast     bool
	Total      int
	MaxResults int
	Values     []struct{ Key, Name, LastLoginTime string }
}

// user/list gives everybody once; the search ends after 1,000; a group's page is at most 50.
func TestDataCenterLists(t *testing.T) {
	c := newClient(t, sim.Config{People: 2300, DataCenters: 1})
	token := c.w.DataCenters()[0].Token
	seen := map[string]bool{}
	logins := 0
	for cursor, pages := "", 0; ; pages++ {
		var p dcPage
		c.dc(token, "GET", "/rest/api/2/user/list?cursor="+url.QueryEscape(cursor), nil).must(t, 200).into(t, &p)
		for _, u := range p.Values {
			if seen[u.Key] {
				t.Errorf("%s came twice", u.Key)
			}
			if seen[u.Key] = true; u.LastLoginTime != "" {
				logins++
			}
		}
		if cursor = p.NextCursor; p.IsLast {
			if pages != 1 || cursor != "" {
				t.Errorf("%d pages, cursor %q", pages+1, cursor)
			}
			break
		}
	}
	if len(seen) != 2300 || logins == 0 || logins == 2300 {
		t.Errorf("%d people, %d with a last sign-in", len(seen), logins)
	}
	var found []struct{ Key string }
	c.dc(token, "GET", "/rest/api/2/user/search?username=.&includeInactive=true&maxResults=5000", nil).into(t, &found)
	if len(found) != 1000 {
		t.Errorf("the search shows %d", len(found))
	}
	c.dc(token, "GET", "/rest/api/2/user/search?username=.&includeInactive=true&maxResults=1000&startAt=1000", nil).into(t, &found)
	if len(found) != 0 {
		t.Errorf("the search shows %d beyond its end", len(found))
	}
	var members dcPage
	c.dc(token, "GET", "/rest/api/2/group/member?groupname=jira-software-users&maxResults=1000", nil).into(t, &members)
	if members.MaxResults != 50 || len(members.Values) != 50 || members.Total < 1500 {
		t.Errorf("a page of %d, %d values, %d in all", members.MaxResults, len(members.Values), members.Total)
	}
}

// The switches: an old version has no user/list, and the picker ends where the administrator set it.
func TestDataCenterSwitches(t *testing.T) {
	c := newClient(t, sim.Config{Groups: 60, DataCenters: 2, DataCenter: sim.DataCenterConfig{NoUserList: true, PickerLimit: 20}})
	token := c.w.DataCenters()[0].Token
	c.dc(token, "GET", "/rest/api/2/user/list", nil).must(t, 404)
	var picked struct {
		Total  int
		Groups []struct{ Name string }
	}
	c.dc(token, "GET", "/rest/api/2/groups/picker?maxResults=1000", nil).must(t, 200).into(t, &picked)
	if picked.Total != 64 || len(picked.Groups) != 20 {
		t.Errorf("%d of %d groups", len(picked.Groups), picked.Total)
	}
	if a := c.dc(token, "GET", "/rest/api/2/applicationrole", nil); a.header.Get("Etag") == "" {
		t.Error("roles without a version")
	}
	other := c.w.DataCenters()[1]
	c.dc(other.Token, "GET", "/rest/api/2/myself", nil).must(t, 401) // each instance has its own tokens
	if a, err := c.send("GET", strings.TrimSuffix(other.URL, "/jira")+"/rest/api/2/serverInfo", nil, func(*http.Request) {}); err != nil || a.status != 404 {
		t.Errorf("outside the context path: %d, %v", a.status, err)
	}
}

// Adding a member again is a 400 and changes nothing; the journal names people by their keys.
func TestDataCenterMembers(t *testing.T) {
	c := newClient(t, sim.Config{DataCenters: 1})
	token := c.w.DataCenters()[0].Token
	u := c.w.DataCenterUsers(0, 1, func(u sim.DataCenterUser) bool { return u.Key != u.Name && !u.Admin })[0]
	c.w.SetDataCenterMember(0, u.Key, "contractors", false)
	path := "/rest/api/2/group/user?groupname=Contractors" // names ignore case
	c.dc(token, "POST", path, map[string]any{"name": strings.ToUpper(u.Name)}).must(t, 201)
	if a := c.dc(token, "POST", path, map[string]any{"name": u.Name}).must(t, 400); !strings.Contains(string(a.body), "already a member") {
		t.Errorf("%s", a.body)
	}
	journal := c.w.Journal()
	if e := journal[len(journal)-2]; e.AccountID != u.Key || !e.Applied || e.Changed != 1 || e.Credential != "dc-token" || e.Site != "jira" {
		t.Errorf("%+v", e)
	}
	if e := journal[len(journal)-1]; e.Applied {
		t.Errorf("%+v", e)
	}
	c.dc(token, "DELETE", path+"&username="+url.QueryEscape(u.Name), nil).must(t, 200)
	c.dc(token, "DELETE", path+"&username="+url.QueryEscape(u.Name), nil).must(t, 400)
	me, _ := c.w.DataCenterUser(0, c.w.DataCenters()[0].Operator)
	c.dc(token, "PUT", "/rest/api/2/user?key="+me.Key, map[string]any{"active": false}).must(t, 400)
}

// The limit has headers of its own, which are not Cloud's.
func TestDataCenterRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, sim.Config{DataCenters: 1, Rates: []sim.Rate{{Family: "jira-dc", Limit: 2, Window: time.Minute}}})
		token := c.w.DataCenters()[0].Token
		for range 2 {
			c.dc(token, "GET", "/rest/api/2/myself", nil).must(t, 200)
		}
		a := c.dc(token, "GET", "/rest/api/2/myself", nil).must(t, 429)
		for name, want := range map[string]string{
			"X-RateLimit-Limit": "2", "X-RateLimit-Remaining": "0", "X-RateLimit-Interval-Seconds": "60", "X-RateLimit-FillRate": "2", "Retry-After": "60", "X-RateLimit-Reset": "",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		time.Sleep(time.Minute)
		c.dc(token, "GET", "/rest/api/2/myself", nil).must(t, 200)
	})
}

// The instance is served over HTTPS too, with a certificate that only its authority's PEM makes trusted.
func TestDataCenterOverTLS(t *testing.T) {
	w := sim.New(sim.Config{DataCenters: 1})
	address, authority, err := w.ServeDataCenterTLS(t.Context(), 0, sim.TLSOptions{})
	if err != nil {
		t.Fatal(err)
	}
	get := func(roots *x509.CertPool) error {
		hc := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true}}
		resp, err := hc.Get(address + "/rest/api/2/serverInfo")
		if err == nil {
			_ = resp.Body.Close()
		}
		return err
	}
	if get(nil) == nil {
		t.Error("trusted without its authority")
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(authority))
	if err := get(roots); err != nil {
		t.Error(err)
	}
}
