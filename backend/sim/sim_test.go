package sim_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"seatkeeper/backend/sim"
)

// client calls a world through its transport, as a program with both credentials would.
type client struct {
	t   testing.TB
	w   *sim.World
	org string
	key string
	hc  *http.Client
}

func newClient(t testing.TB, cfg sim.Config) *client {
	t.Helper()
	w := sim.New(cfg)
	org, key := w.Organization()
	return &client{t: t, w: w, org: org, key: key, hc: &http.Client{
		Transport:     w.Transport(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// answer is a response that was read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// into decodes the body.
func (a answer) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("decode %.200s: %v", a.body, err)
	}
}

// send sends a request; body nil is none, a string is sent as it is, anything else as JSON.
func (c *client) send(method, url string, body any, auth func(*http.Request)) (answer, error) {
	c.t.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		r = bytes.NewReader(data)
	}
	req, err := http.NewRequestWithContext(c.t.Context(), method, url, r)
	if err != nil {
		c.t.Fatal(err)
	}
	if r != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	auth(req)
	resp, err := c.hc.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, data}, err
}

// admin calls the organization's API with the key. {o} in the path stands for the organization, {d} for its first directory.
func (c *client) admin(method, path string, body any) answer {
	c.t.Helper()
	a, err := c.tryAdmin(method, path, body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

func (c *client) tryAdmin(method, path string, body any) (answer, error) {
	c.t.Helper()
	path = strings.NewReplacer("{o}", c.org, "{d}", c.w.DirectoryIDs()[0]).Replace(path)
	return c.send(method, "https://api.atlassian.com"+path, body, func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+c.key) })
}

// site calls the first site with the operator's token.
func (c *client) site(method, path string, body any) answer {
	c.t.Helper()
	s := c.w.Sites()[0]
	a, err := c.send(method, s.URL+path, body, func(r *http.Request) { r.SetBasicAuth(s.Email, s.Token) })
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return a
}

// must fails the test unless the answer has the status.
func (a answer) must(t testing.TB, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("status %d, want %d: %.300s", a.status, status, a.body)
	}
	return a
}

const usersPath = "/admin/v2/orgs/{o}/directories/{d}/users"

type userRow struct {
	AccountID        string   `json:"accountId"`
	AccountType      string   `json:"accountType"`
	Status           string   `json:"status"`
	AccountStatus    string   `json:"accountStatus"`
	MembershipStatus string   `json:"membershipStatus"`
	AddedToOrg       string   `json:"addedToOrg"`
	Name             string   `json:"name"`
	Nickname         string   `json:"nickname"`
	Email            string   `json:"email"`
	ClaimStatus      string   `json:"claimStatus"`
	ManagementSource *string  `json:"managementSource"`
	PlatformRoles    []string `json:"platformRoles"`
	ProductAccess    []struct {
		ID                  string `json:"id"`
		LastActiveTimestamp string `json:"lastActiveTimestamp"`
	} `json:"productAccess"`
	Groups []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"groups"`
	Counts *struct {
		Resources int `json:"resources"`
	} `json:"counts"`
}

type userPage struct {
	Data  []userRow `json:"data"`
	Links struct {
		Self string  `json:"self"`
		Next *string `json:"next"`
	} `json:"links"`
}

// search reads all pages of users/search.
func (c *client) search(path string, query map[string]any) []userRow {
	c.t.Helper()
	var all []userRow
	body := map[string]any{}
	maps.Copy(body, query)
	for pages := 0; ; pages++ {
		if pages > 100_000 {
			c.t.Fatal("the listing does not end")
		}
		var p userPage
		c.admin("POST", path+"/search", body).must(c.t, 200).into(c.t, &p)
		all = append(all, p.Data...)
		if p.Links.Next == nil {
			return all
		}
		body["cursor"] = *p.Links.Next
	}
}
