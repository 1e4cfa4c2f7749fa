package sim_test

import (
	"slices"
	"strings"
	"testing"

	"seatkeeper/backend/sim"
)

// Each filter gives exactly the people that the truth names.
func TestFilters(t *testing.T) {
	c := newClient(t, sim.Config{People: 2000, Sites: 2, Seed: 8})
	d := c.w.DirectoryIDs()[0]
	in := func(p sim.PersonState) bool { return p.Directories[d] != "" }
	staff, _ := c.w.GroupNamed("all-staff-acme")
	team, _ := c.w.GroupNamed("team-payments-1")
	jira := c.w.Apps()[0].ID
	some := c.w.People(5, in)
	var ids []string
	for _, p := range some {
		ids = append(ids, p.AccountID)
	}
	for name, tc := range map[string]struct {
		query map[string]any
		want  func(sim.PersonState) bool
	}{
		"all":        {map[string]any{}, in},
		"accountIds": {map[string]any{"accountIds": append([]string{"nobody"}, ids...)}, func(p sim.PersonState) bool { return slices.Contains(ids, p.AccountID) }},
		"group":      {map[string]any{"groupIds": []string{team.ID}}, func(p sim.PersonState) bool { return slices.Contains(p.Groups, team.ID) }},
		"groups": {map[string]any{"groupIds": []string{team.ID, staff.ID}}, func(p sim.PersonState) bool {
			return slices.Contains(p.Groups, team.ID) || slices.Contains(p.Groups, staff.ID)
		}},
		"unknown group": {map[string]any{"groupIds": []string{"none"}}, func(sim.PersonState) bool { return false }},
		"group, sorted": {map[string]any{"groupIds": []string{team.ID}, "sortBy": []any{map[string]string{"field": "name", "direction": "desc"}}}, func(p sim.PersonState) bool { return slices.Contains(p.Groups, team.ID) }},
		"person in group": {map[string]any{"groupIds": []string{staff.ID}, "accountIds": ids}, func(p sim.PersonState) bool {
			return slices.Contains(ids, p.AccountID) && slices.Contains(p.Groups, staff.ID)
		}},
		"managed":   {map[string]any{"claimStatus": "managed"}, func(p sim.PersonState) bool { return in(p) && p.Managed }},
		"unmanaged": {map[string]any{"claimStatus": "unmanaged"}, func(p sim.PersonState) bool { return in(p) && !p.Managed }},
		"suspended": {map[string]any{"status": []string{"suspended"}}, func(p sim.PersonState) bool { return in(p) && p.Status == "suspended" }},
		"two statuses": {map[string]any{"status": []string{"deactivated", "for_deletion"}}, func(p sim.PersonState) bool {
			return in(p) && (p.Status == "deactivated" || p.Status == "for_deletion")
		}},
		"account":    {map[string]any{"accountStatus": []string{"inactive"}}, func(p sim.PersonState) bool { return in(p) && p.Account == "inactive" }},
		"membership": {map[string]any{"membershipStatus": []string{"suspended"}}, func(p sim.PersonState) bool { return p.Directories[d] == "suspended" }},
		"domain":     {map[string]any{"emailDomains": []string{"GMAIL.com"}}, func(p sim.PersonState) bool { return in(p) && strings.HasSuffix(p.Email, "@gmail.com") }},
		"emails":     {map[string]any{"emails": []string{strings.ToUpper(some[3].Email)}}, func(p sim.PersonState) bool { return p.Email == some[3].Email }},
		"app":        {map[string]any{"resourceIds": []string{jira}, "roleIds": []string{"atlassian/user", "atlassian/admin"}}, func(p sim.PersonState) bool { return in(p) && slices.Contains(p.Apps, jira) }},
		"org admins": {map[string]any{"roleIds": []string{"atlassian/org-admin"}}, func(p sim.PersonState) bool { return p.OrgAdmin }},
		"term": {map[string]any{"searchTerm": "SMITH"}, func(p sim.PersonState) bool {
			return in(p) && (strings.Contains(strings.ToLower(p.Name), "smith") || strings.Contains(p.Email, "smith"))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			want := map[string]bool{}
			for _, p := range c.w.People(0, tc.want) {
				want[p.AccountID] = true
			}
			tc.query["limit"] = 37
			rows := c.search(usersPath, tc.query)
			for _, r := range rows {
				if !want[r.AccountID] {
					t.Errorf("%s should not be there", r.AccountID)
				}
			}
			if len(rows) != len(want) || len(want) == 0 && name != "unknown group" {
				t.Errorf("%d rows, want %d", len(rows), len(want))
			}
		})
	}
}

func TestSortedListing(t *testing.T) {
	c := newClient(t, sim.Config{People: 300, Seed: 8})
	for _, direction := range []string{"asc", "desc"} {
		rows := c.search("/admin/v2/orgs/{o}/directories/-/users", map[string]any{"limit": 40, "sortBy": []any{map[string]string{"field": "name", "direction": direction}}})
		sorted := slices.IsSortedFunc(rows, func(a, b userRow) int {
			if direction == "desc" {
				a, b = b, a
			}
			return strings.Compare(a.Name, b.Name)
		})
		if !sorted || len(rows) != 300 {
			t.Errorf("%s: %d rows, sorted %v", direction, len(rows), sorted)
		}
	}
}

// A count says what a listing of the same question has.
func TestCountsAgreeWithListings(t *testing.T) {
	c := newClient(t, sim.Config{People: 900, Sites: 2, Seed: 2, Original: true})
	var n struct{ Count int }
	for query, body := range map[string]map[string]any{
		"":                     {},
		"?status=suspended":    {"status": []string{"suspended"}},
		"?claimStatus=managed": {"claimStatus": "managed"},
		"?emailDomains=acme.co.example&status=active&status=deactivated": {"emailDomains": []string{"acme.co.example"}, "status": []string{"active", "deactivated"}},
	} {
		c.admin("GET", usersPath+"/count"+query, nil).must(t, 200).into(t, &n)
		if rows := c.search(usersPath, body); n.Count != len(rows) || n.Count == 0 {
			t.Errorf("%q: count %d, listed %d", query, n.Count, len(rows))
		}
	}
	for _, g := range c.w.Groups() {
		var one struct {
			Data struct {
				Counts struct{ Users int }
			}
		}
		c.admin("GET", "/admin/v2/orgs/{o}/directories/-/groups/"+g.ID, nil).must(t, 200).into(t, &one)
		if one.Data.Counts.Users != g.Members {
			t.Errorf("%s: %d users, want %d", g.Name, one.Data.Counts.Users, g.Members)
		}
	}
}

// What is expanded of a person agrees with the other calls.
func TestExpandsAgree(t *testing.T) {
	c := newClient(t, sim.Config{People: 300, Sites: 2, Seed: 2})
	for _, r := range c.search(usersPath, map[string]any{"expand": []string{"platformRoles", "counts.resources", "productAccess", "groups"}}) {
		s, _ := c.w.State(r.AccountID)
		if r.Counts.Resources != len(r.ProductAccess) || len(r.ProductAccess) != len(s.Apps) || len(r.Groups) != len(s.Groups) || r.PlatformRoles == nil {
			t.Fatalf("%+v is not %+v", r, s)
		}
		for i, g := range r.Groups {
			if id, isARI := strings.CutPrefix(g.ID, "ari:cloud:identity::group/"); !isARI || id != s.Groups[i] {
				t.Fatalf("group %q, want the resource id of %q", g.ID, s.Groups[i])
			}
		}
	}
	plain := c.search(usersPath, map[string]any{})
	if plain[0].Groups != nil || plain[0].ProductAccess != nil || plain[0].PlatformRoles != nil || plain[0].Counts != nil {
		t.Error("something is expanded that was not asked for")
	}
}

// In an organization with a directory for each site a person can be suspended in one and active in another.
func TestStatusOfOneDirectory(t *testing.T) {
	for _, global := range []bool{false, true} {
		c := newClient(t, sim.Config{People: 3000, Sites: 3, Seed: 5, Original: true, GlobalStatus: global})
		p := c.w.People(1, func(p sim.PersonState) bool {
			return len(p.Directories) == 2 && p.Account == "active" && p.Status == "active" && slices.Contains(values(p.Directories), "suspended")
		})[0]
		for d, want := range p.Directories {
			rows := c.search("/admin/v2/orgs/{o}/directories/"+d+"/users", map[string]any{"accountIds": []string{p.AccountID}})
			if global {
				want = "active"
			}
			if len(rows) != 1 || rows[0].MembershipStatus != want || rows[0].Status != want {
				t.Errorf("global %v: %+v, want %s", global, rows, want)
			}
		}
	}
}

func values(m map[string]string) (out []string) {
	for _, v := range m {
		out = append(out, v)
	}
	return out
}
