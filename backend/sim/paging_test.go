package sim_test

import (
	"fmt"
	"net/url"
	"testing"

	"seatkeeper/backend/sim"
)

// Every person comes exactly once, whatever the page's size.
func TestEveryPersonOnce(t *testing.T) {
	c := newClient(t, sim.Config{People: 1234, Sites: 2, Seed: 3})
	for _, limit := range []int{1, 7, 50, 99, 100} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			seen := map[string]bool{}
			for _, u := range c.search("/admin/v2/orgs/{o}/directories/-/users", map[string]any{"limit": limit}) {
				if seen[u.AccountID] {
					t.Fatalf("%s came twice", u.AccountID)
				}
				seen[u.AccountID] = true
			}
			if len(seen) != 1234 {
				t.Errorf("%d people, want 1234", len(seen))
			}
		})
	}
}

// A directory and "-" with no_membership together are everybody.
func TestDirectoriesAndOutsidersAreEverybody(t *testing.T) {
	for _, original := range []bool{false, true} {
		c := newClient(t, sim.Config{People: 800, Sites: 3, Seed: 5, Original: original})
		seen := map[string]bool{}
		for _, d := range c.w.DirectoryIDs() {
			for _, u := range c.search("/admin/v2/orgs/{o}/directories/"+d+"/users", map[string]any{"limit": 100, "directoryIds": []string{d}}) {
				seen[u.AccountID] = true
			}
		}
		outside := c.search("/admin/v2/orgs/{o}/directories/-/users", map[string]any{"membershipStatus": []string{"no_membership"}})
		if len(outside) == 0 {
			t.Error("nobody is in no directory")
		}
		for _, u := range outside {
			if seen[u.AccountID] {
				t.Errorf("%s is in no directory and in one", u.AccountID)
			}
			seen[u.AccountID] = true
		}
		if len(seen) != 800 {
			t.Errorf("original %v: %d people, want 800", original, len(seen))
		}
	}
}

// The other listings: each row once, and as many as the count call says.
func TestOtherListings(t *testing.T) {
	c := newClient(t, sim.Config{People: 900, Sites: 3, Seed: 4, Original: true})
	var p struct {
		Data []struct {
			ID        string `json:"id"`
			AccountID string `json:"account_id"`
			Directory string `json:"directoryId"`
		} `json:"data"`
		Links struct {
			Next *string `json:"next"`
		} `json:"links"`
		Meta struct {
			Total int `json:"total"`
		} `json:"meta"`
	}
	type pager func(cursor string) answer
	for name, next := range map[string]pager{
		"groups": func(cur string) answer {
			body := map[string]any{"limit": 9, "expand": []string{"counts.users"}}
			if cur != "" {
				body["cursor"] = cur
			}
			return c.admin("POST", "/admin/v2/orgs/{o}/directories/-/groups/search", body)
		},
		"workspaces": func(cur string) answer {
			if cur != "" {
				return c.admin("POST", "/admin/v2/orgs/{o}/workspaces", map[string]any{"cursor": cur})
			}
			return c.admin("POST", "/admin/v2/orgs/{o}/workspaces", map[string]any{"limit": 4})
		},
		"managed accounts": func(cur string) answer {
			return c.admin("GET", "/admin/v1/orgs/{o}/users?cursor="+url.QueryEscape(cursorOf(t, cur)), nil)
		},
		"directories": func(cur string) answer {
			return c.admin("GET", "/admin/v2/orgs/{o}/directories?limit=1&cursor="+url.QueryEscape(cur), nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			seen := map[string]bool{}
			cur := ""
			for {
				p.Data, p.Links.Next = nil, nil
				next(cur).must(t, 200).into(t, &p)
				for _, row := range p.Data {
					id := row.AccountID
					if id == "" {
						id = row.ID
					}
					if name == "directories" {
						id = row.Directory
					}
					if seen[id] {
						t.Fatalf("%s came twice", id)
					}
					seen[id] = true
				}
				if p.Links.Next == nil {
					break
				}
				cur = *p.Links.Next
			}
			want := map[string]int{"groups": len(c.w.Groups()), "workspaces": len(c.w.Apps()), "managed accounts": p.Meta.Total, "directories": 3}[name]
			if len(seen) != want || want == 0 {
				t.Errorf("%d rows, want %d", len(seen), want)
			}
		})
	}
}

// cursorOf takes the cursor out of a link, which is a URL on the v1 calls.
func cursorOf(t *testing.T, link string) string {
	t.Helper()
	if link == "" {
		return ""
	}
	u, err := url.Parse(link)
	if err != nil || u.Query().Get("cursor") == "" {
		t.Fatalf("the link %q has no cursor", link)
	}
	return u.Query().Get("cursor")
}

// The sites' lists: short pages lose nobody, and members agree with the groups of the organization.
func TestSiteListings(t *testing.T) {
	c := newClient(t, sim.Config{People: 700, Sites: 1, Seed: 6})
	seen := map[string]bool{}
	short := false
	for at := 0; ; {
		var rows []struct {
			AccountID string `json:"accountId"`
		}
		c.site("GET", fmt.Sprintf("/rest/api/3/users/search?maxResults=100&startAt=%d", at), nil).must(t, 200).into(t, &rows)
		if len(rows) == 0 {
			break
		}
		short = short || len(rows) < 100
		for _, r := range rows {
			if seen[r.AccountID] {
				t.Fatalf("%s came twice", r.AccountID)
			}
			seen[r.AccountID] = true
		}
		at += len(rows)
	}
	if !short || len(seen) < 600 {
		t.Errorf("%d accounts, short pages %v", len(seen), short)
	}
	g, _ := c.w.GroupNamed("all-staff-acme")
	var members int
	for at, last := 0, false; !last; {
		var p struct {
			Total  int   `json:"total"`
			IsLast bool  `json:"isLast"`
			Values []any `json:"values"`
		}
		c.site("GET", fmt.Sprintf("/rest/api/3/group/member?groupId=%s&includeInactiveUsers=true&startAt=%d", g.ID, at), nil).must(t, 200).into(t, &p)
		at, last = at+len(p.Values), p.IsLast
		members += len(p.Values)
		if p.Total != g.Members || len(p.Values) > 50 {
			t.Fatalf("total %d, want %d; %d in the page", p.Total, g.Members, len(p.Values))
		}
	}
	if members != g.Members {
		t.Errorf("%d members, want %d", members, g.Members)
	}
}
