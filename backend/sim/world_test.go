package sim_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"seatkeeper/backend/sim"
)

// all is everything that the reads show of a world.
func all(t *testing.T, cfg sim.Config) (users []userRow, groups []sim.GroupState) {
	c := newClient(t, cfg)
	expand := []string{"platformRoles", "counts.resources", "productAccess", "groups"}
	return c.search("/admin/v2/orgs/{o}/directories/-/users", map[string]any{"limit": 100, "expand": expand}), c.w.Groups()
}

func TestSameSeedSameWorld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the bubble's clock stands still, so that also the times must be equal
		cfg := sim.Config{People: 500, Sites: 2, Seed: 42}
		users, groups := all(t, cfg)
		again, groupsAgain := all(t, cfg)
		if !reflect.DeepEqual(users, again) || !reflect.DeepEqual(groups, groupsAgain) {
			t.Error("the same seed gave another world")
		}
		cfg.Seed++
		if other, _ := all(t, cfg); reflect.DeepEqual(users, other) {
			t.Error("another seed gave the same world")
		}
	})
}

// Even the smallest world has the owner of the key, the operator, and a person of each important kind.
func TestSmallestWorld(t *testing.T) {
	w := sim.New(sim.Config{People: 10})
	kinds := map[string]int{}
	people := w.People(0, nil)
	for _, p := range people {
		kinds[p.Status]++
		if p.Invited {
			kinds["invited"]++
		}
		if p.Synced {
			kinds["synced"]++
		}
		if p.OrgAdmin {
			kinds["admin"]++
		}
		if !p.Managed {
			kinds["external"]++
		}
	}
	if len(people) != 10 {
		t.Errorf("%d people, want 10", len(people))
	}
	for _, k := range []string{"active", "suspended", "deactivated", "invited", "synced", "external"} {
		if kinds[k] == 0 {
			t.Errorf("nobody is %s: %v", k, kinds)
		}
	}
	if kinds["admin"] != 2 || w.KeyOwner() == w.Operator() {
		t.Errorf("%d admins, want the key's owner and the operator", kinds["admin"])
	}
}

// The parts of a big world are as in an ordinary company, give or take.
func TestDistributions(t *testing.T) {
	const n = 20_000
	users, groups := all(t, sim.Config{People: n, Sites: 3, Seed: 7})
	count := map[string]int{}
	scripts := map[string]*unicode.RangeTable{
		"Cyrillic": unicode.Cyrillic, "Greek": unicode.Greek, "Arabic": unicode.Arabic, "Hebrew": unicode.Hebrew, "Han": unicode.Han,
		"Hiragana": unicode.Hiragana, "Hangul": unicode.Hangul, "Devanagari": unicode.Devanagari, "combining": unicode.Mn,
	}
	emails := map[string]bool{}
	for _, u := range users {
		count[u.Status]++
		count[u.ClaimStatus]++
		newest := ""
		for _, a := range u.ProductAccess {
			newest = max(newest, a.LastActiveTimestamp)
		}
		if newest == "" {
			count["never"]++
		} else if at, err := time.Parse(time.RFC3339, newest); err != nil {
			t.Fatal(err)
		} else if time.Since(at) > 90*24*time.Hour {
			count["idle"]++
		}
		if u.ManagementSource != nil {
			count[*u.ManagementSource]++
		}
		for name, table := range scripts {
			if strings.ContainsFunc(u.Name, func(r rune) bool { return unicode.Is(table, r) }) {
				count[name]++
			}
		}
		for name, part := range map[string]string{"html": "<script>", "bidi": "\u202e", "newline": "\r\n", "formula": "=HYPERLINK", "dotted i": "İ"} {
			if strings.Contains(u.Name, part) {
				count[name]++
			}
		}
		if emails[u.Email] && u.Email != "" {
			t.Errorf("the address %s came twice", u.Email)
		}
		emails[u.Email] = true
	}
	for name, share := range map[string][2]float64{
		"active": {0.75, 0.90}, "suspended": {0.03, 0.08}, "deactivated": {0.03, 0.09}, "not_invited": {0.005, 0.03}, "for_deletion": {0.002, 0.02},
		"managed": {0.8, 0.95}, "synced": {0.25, 0.5}, "never": {0.07, 0.30}, "idle": {0.1, 0.4},
		"Cyrillic": {0.02, 0.12}, "Greek": {0.01, 0.1}, "Arabic": {0.01, 0.1}, "Hebrew": {0.01, 0.1}, "Han": {0.02, 0.2}, "Hiragana": {0.001, 0.1},
		"Hangul": {0.01, 0.1}, "Devanagari": {0.01, 0.1}, "combining": {0.005, 0.2},
		"html": {0.00001, 0.01}, "bidi": {0.00001, 0.01}, "newline": {0.00001, 0.01}, "formula": {0.00001, 0.01}, "dotted i": {0.001, 0.1},
	} {
		if part := float64(count[name]) / n; part < share[0] || part > share[1] {
			t.Errorf("%s: %.5f of the people, want %.5f to %.5f", name, part, share[0], share[1])
		}
	}
	empty, synced, several := 0, 0, 0
	for _, g := range groups {
		if g.Members == 0 {
			empty++
		}
		if g.Synced {
			synced++
		}
		if len(g.Apps) > 1 {
			several++
		}
	}
	if empty == 0 || synced < 10 || several == 0 {
		t.Errorf("groups: %d empty, %d synced, %d open several apps", empty, synced, several)
	}
}

// The running counts agree with counting afresh, after building and after many changes.
func TestCountsStayTrue(t *testing.T) {
	for _, original := range []bool{false, true} {
		c := newClient(t, sim.Config{People: 600, Sites: 3, Seed: 9, Original: original})
		check := func(when string) {
			t.Helper()
			if app, running, counted := c.w.CheckSeats(); app != "" {
				t.Errorf("%s: %s has %d seats taken, the people say %d", when, app, running, counted)
			}
			if s := c.w.CheckMembers(); s != "" {
				t.Errorf("%s: %s", when, s)
			}
		}
		check("built")
		groups := c.w.Groups()
		for i, p := range c.w.People(200, nil) {
			g := groups[i%len(groups)]
			path := "/admin/v2/orgs/{o}/directories/" + g.DirectoryID
			for _, verb := range []string{"suspend", "restore", "suspend"} {
				c.admin("POST", path+"/users/"+p.AccountID+"/"+verb, map[string]any{})
			}
			c.admin("POST", path+"/groups/"+g.ID+"/memberships", map[string]any{"accountId": p.AccountID})
			if i%3 == 0 {
				c.admin("DELETE", path+"/groups/"+g.ID+"/memberships/"+p.AccountID, nil)
			}
			if i%7 == 0 {
				c.w.Deactivate(p.AccountID)
			}
			if i%11 == 0 {
				c.admin("DELETE", path+"/users/"+p.AccountID, nil)
			}
		}
		c.admin("POST", "/admin/v2/orgs/{o}/directories/"+groups[20].DirectoryID+"/groups/"+groups[20].ID+"/role-assignments/assign",
			map[string]any{"resourceId": c.w.Apps()[1].ID, "roleId": "atlassian/user"})
		check("changed")
	}
}

func TestListingIsTheAgreedLine(t *testing.T) {
	w := sim.New(sim.Config{People: 10, Sites: 2})
	list, err := w.Serve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	var line struct {
		API          string              `json:"api"`
		Organization map[string]string   `json:"organization"`
		Sites        []map[string]string `json:"sites"`
		DataCenters  []any               `json:"dataCenters"`
	}
	if err := json.Unmarshal(data, &line); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(line.API, "http://127.0.0.1:") || line.Organization["id"] == "" || line.Organization["apiKey"] == "" || len(line.Sites) != 2 || line.DataCenters == nil {
		t.Errorf("the line is %s", data)
	}
	for _, s := range line.Sites {
		if s["name"] == "" || !strings.HasPrefix(s["url"], "http://127.0.0.1:") || s["url"] == line.API || !strings.Contains(s["email"], "@") || s["token"] == "" {
			t.Errorf("the site is %v", s)
		}
	}
}
