package directory_test

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/directory"
	_ "seatkeeper/backend/people/fields"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// randomFilter makes a filter that is right in the organization.
func randomFilter(r *rand.Rand, c *content, infos []directory.FieldInfo) *filter.Query {
	q := &filter.Query{}
	if r.IntN(20) > 0 {
		q.Where = randomNode(r, c, infos, 1+r.IntN(4))
	}
	if r.IntN(3) == 0 {
		if f := pick(r, infos); f.Sortable {
			q.Order = []filter.Order{{Field: f.Name, Desc: r.IntN(2) == 0}}
		} else if r.IntN(2) == 0 {
			q.Order = []filter.Order{{Field: "lastActive", Arg: randomText(r, c, "app", filter.Equal), Desc: r.IntN(2) == 0}}
		}
	}
	return q
}

func randomNode(r *rand.Rand, c *content, infos []directory.FieldInfo, depth int) *filter.Node {
	if depth == 1 || r.IntN(4) == 0 {
		return randomCondition(r, c, pick(r, infos))
	}
	n := &filter.Node{Kind: pick(r, []filter.Kind{filter.And, filter.Or, filter.And, filter.Or, filter.Not})}
	for range 1 + r.IntN(3) {
		n.Nodes = append(n.Nodes, randomNode(r, c, infos, depth-1))
	}
	if n.Kind == filter.Not {
		n.Nodes = n.Nodes[:1]
	}
	return n
}

func randomCondition(r *rand.Rand, c *content, f directory.FieldInfo) *filter.Node {
	if f.Name == "touchedBy" && len(c.touches) == 0 {
		return &filter.Node{Kind: filter.Condition, Field: f.Name, Op: filter.Empty} // there is no run to name
	}
	n := &filter.Node{Kind: filter.Condition, Field: f.Name, Op: pick(r, f.Operators)}
	if f.Argument != "" && r.IntN(3) > 0 {
		n.Arg = randomText(r, c, "app", filter.Equal)
	}
	count := 1
	switch n.Op {
	case filter.Empty, filter.NotEmpty, filter.IsKnown, filter.IsUnknown:
		count = 0
	case filter.In, filter.NotIn:
		count = 1 + r.IntN(4)
	default:
	}
	for range count {
		n.Values = append(n.Values, randomValue(r, c, f, n.Op))
	}
	return n
}

func randomValue(r *rand.Rand, c *content, f directory.FieldInfo, op filter.Op) filter.Value {
	switch f.Type {
	case filter.Choice:
		return filter.Value{Kind: filter.WordValue, Text: pick(r, f.Options).Value}
	case filter.Bool:
		return filter.Value{Kind: filter.WordValue, Text: pick(r, []string{"yes", "no"})}
	case filter.Number:
		if f.Name == "dataAge" {
			return filter.Value{Kind: filter.NumberValue, Text: strconv.Itoa(r.IntN(110) - 5)}
		}
		return filter.Value{Kind: filter.NumberValue, Text: strconv.Itoa(r.IntN(7) - 1)}
	case filter.Date:
		switch r.IntN(4) {
		case 0:
			return filter.Value{Kind: filter.DateValue, Text: time.Now().AddDate(0, 0, -r.IntN(250)).Format(time.DateOnly)}
		case 1:
			return filter.Value{Kind: filter.CallValue, Text: pick(r, []string{"now", "startOfMonth", "endOfWeek", "startOfYear"})}
		default:
			return filter.Value{Kind: filter.SpanValue, Text: "-" + strconv.Itoa(r.IntN(30)) + pick(r, []string{"d", "w", "m"})}
		}
	default:
		return filter.Value{Kind: filter.TextValue, Text: randomText(r, c, f.Name, op)}
	}
}

func randomText(r *rand.Rand, c *content, field string, op filter.Op) string {
	u := pick(r, c.users)
	var s string
	switch field {
	case "app":
		a := pick(r, c.apps)
		s = pick(r, []string{a.AppID, a.Name, a.Key, index.AppLabel(a)})
	case "touchedBy":
		s = pick(r, []string{"user.suspend", "RUN9", "User.Suspend"})
		if t := c.touches; len(t) > 0 && r.IntN(2) == 0 {
			s = pick(r, t).RunID
		}
	case "site", "lastActiveSite":
		s = pick(r, []string{"acme", "beta", "ACME"})
	case "group", "grantedBy":
		g := pick(r, slices.DeleteFunc(slices.Clone(c.groups), func(g domain.Group) bool { return !utf8Valid(g.Name) }))
		s = pick(r, []string{g.GroupID, g.Name, g.Name, strings.ToUpper(g.Name)})
		if op != filter.Like && op != filter.NotLike && !slices.ContainsFunc(c.groups, func(g domain.Group) bool { return same(g.Name, s) || same(g.GroupID, s) }) {
			s = g.Name
		}
	case "list":
		return pick(r, []string{"Protected", "LEAVERS", "nobody's"})
	case "appRole":
		s = pick(r, []string{"user", "admin", "atlassian/guest", "viewer"})
	case "role":
		s = pick(r, []string{"org-admin", domain.RoleSiteAdmin, "user-access-admin"})
	case "directory", "suspendedIn":
		s = pick(r, []string{"d1", "Beta", "ACME"})
	case "domain":
		s = pick(r, []string{"acme.com", "gmail.com", "nobody.org", "sub.acme.com"})
	case "email":
		s = u.Email
	case "accountId":
		s = u.AccountID
	case "userName":
		s = userName(u)
	case "accountType":
		s = u.AccountType
	case "department":
		s = u.Department
	case "jobTitle":
		s = u.JobTitle
	case "location":
		s = u.Location
	case "organization":
		s = u.Organization
	case "timeZone":
		s = u.TimeZone
	case "authPolicy":
		s = u.Policy
	default:
		s = pick(r, []string{u.Name, u.Email, randomName(r)})
	}
	if r.IntN(4) == 0 && field != "group" && field != "grantedBy" && field != "app" {
		s = strings.ToUpper(s)
	}
	if runes := []rune(s); (op == filter.Like || op == filter.NotLike) && len(runes) > 0 {
		from := r.IntN(len(runes))
		s = string(runes[from : from+1+r.IntN(min(6, len(runes)-from))])
	}
	s = strings.ToValidUTF8(s, "x")
	if s == "" {
		return "x"
	}
	return s
}

// TestDifferential compares the index with the oracle on random filters and searches over random organizations.
func TestDifferential(t *testing.T) {
	organizations, filters := 60, 400
	if raceEnabled {
		organizations = 12
	}
	pairs, listed := 0, 0
	for seed := range uint64(organizations) {
		p, l := differ(t, seed, filters)
		pairs, listed = pairs+p, listed+l
	}
	t.Logf("%d filters over organizations, %d people listed", pairs, listed)
	if !raceEnabled && pairs < 20_000 {
		t.Errorf("only %d pairs were compared", pairs)
	}
	if listed < pairs*3 {
		t.Errorf("the filters list next to nobody: %d people in %d lists", listed, pairs)
	}
}

func FuzzDifferential(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(func(t *testing.T, seed uint64) { differ(t, seed, 50) })
}

func differ(t *testing.T, seed uint64, filters int) (pairs, listed int) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	o := randomOrg(r, 1+r.IntN(130))
	s := openOn(o)
	defer s.Close()
	infos, oracle, place := s.Fields(), newOracle(o.now), map[int64]int{}
	for i, row := range sorted(t, s, "name", false) {
		place[row.ID] = i
	}
	for range filters {
		formatted := s.Format(randomFilter(r, o.now, infos))
		if formatted.Error != nil {
			t.Fatalf("seed %d: %q: %v", seed, formatted.Canonical, formatted.Error)
		}
		search := ""
		if r.IntN(4) == 0 {
			search = randomText(r, o.now, pick(r, []string{"name", "email", "accountId", "userName"}), filter.Like)
		}
		snap, err := s.Query(t.Context(), directory.Query{SourceID: "s", Filter: formatted.Canonical, Search: search})
		if err != nil {
			t.Fatalf("seed %d: %s: %v", seed, formatted.Canonical, err)
		}
		rows, err := s.Rows(t.Context(), snap.ID, 0, directory.MaxRows)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]int64, 0, len(rows))
		for _, row := range rows {
			got = append(got, row.ID)
		}
		for _, by := range formatted.Tree.Order {
			for i := 1; i < len(rows); i++ {
				a, b := rows[i-1], rows[i]
				ka, kb := sortKey(by.Field, a), sortKey(by.Field, b)
				if by.Field == "lastActive" {
					ka, kb = oracle.activityKey(a.ID, by.Arg), oracle.activityKey(b.ID, by.Arg)
				}
				if !ordered(by.Field, ka, kb, by.Desc, place[a.ID] < place[b.ID]) {
					t.Fatalf("seed %d: %s: %d (%q) stands before %d (%q)", seed, formatted.Canonical, a.ID, ka, b.ID, kb)
				}
			}
		}
		slices.Sort(got)
		want := oracle.matching(formatted.Tree, search)
		if !slices.Equal(got, want) || snap.Total != len(want) {
			t.Fatalf("seed %d: %s (search %q):\n  got %v\n want %v", seed, formatted.Canonical, search, got, want)
		}
		pairs++
		listed += len(want)
	}
	return pairs, listed
}

// TestTilesEqualLists checks that every number of the overview is the length of the list of its filter.
func TestTilesEqualLists(t *testing.T) {
	numbers := 0
	for seed := range uint64(25) {
		r := rand.New(rand.NewPCG(seed, 2))
		o := randomOrg(r, 1+r.IntN(200))
		s := openOn(o)
		for _, days := range []int{1, 30, 90, 36500} {
			tiles, err := s.Overview(t.Context(), "s", days)
			if err != nil || len(tiles) != len(o.now.apps) {
				t.Fatal(len(tiles), err)
			}
			for _, tile := range tiles {
				if tile.Active.Count+tile.Inactive.Count+tile.Never.Count+tile.Unknown.Count+tile.Invited.Count != tile.People.Count {
					t.Errorf("seed %d: the parts of %+v do not add up", seed, tile)
				}
				if want := ">= -" + strconv.Itoa(days) + "d"; !strings.Contains(tile.Active.Filter, want) {
					t.Errorf("seed %d: %s is not %s", seed, tile.Active.Filter, want)
				}
				for _, v := range reflect.ValueOf(tile).Fields() {
					n, ok := reflect.TypeAssert[directory.Number](v)
					if !ok {
						continue
					}
					numbers++
					snap, err := s.Query(t.Context(), directory.Query{SourceID: "s", Filter: n.Filter})
					if err != nil || snap.Total != n.Count {
						t.Errorf("seed %d: %s: the tile says %d, the list %d, %v", seed, n.Filter, n.Count, snap.Total, err)
					}
				}
			}
		}
		s.Close()
	}
	t.Logf("%d numbers", numbers)
}

// TestRowsEqualPersons checks that the row from the columns is the row from the person.
func TestRowsEqualPersons(t *testing.T) {
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 3))
		o := randomOrg(r, 60)
		s := openOn(o)
		snap, err := s.Query(t.Context(), directory.Query{SourceID: "s"})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := s.Rows(t.Context(), snap.ID, -5, 5000)
		if err != nil || len(rows) != 60 {
			t.Fatal(len(rows), err)
		}
		for _, row := range rows {
			person, err := s.Person(t.Context(), "s", row.ID)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(row, person.Row) {
				t.Errorf("seed %d:\n row    %+v\n person %+v", seed, row, person.Row)
			}
			if len(person.Apps) != len(person.User.Access) || len(person.Groups) != len(person.User.GroupIDs) {
				t.Errorf("details of %d are not complete", row.ID)
			}
		}
		s.Close()
	}
}

// TestAccountIDsInCapitals: those of a Data Center look so, and are found as they are typed.
func TestAccountIDsInCapitals(t *testing.T) {
	o := &org{now: &content{users: []domain.User{{ID: 1, AccountID: "JIRAUSER10100", Name: "Ana"}, {ID: 2, AccountID: "JIRAUSER10101", Name: "Mia"}}}}
	s := openOn(o)
	defer s.Close()
	for typed, want := range map[string]int{"jirauser10": 2, "JIRAUSER10100": 1, "JiraUser10101": 1, "user10102": 0, "xuser10101": 0} {
		snap, err := s.Query(t.Context(), directory.Query{SourceID: "s", Search: typed})
		listed := query(t, s, `accountId ~ "`+typed+`"`)
		if err != nil || snap.Total != want || listed.Total != want {
			t.Errorf("%q: %d by search and %d by filter, not %d, %v", typed, snap.Total, listed.Total, want, err)
		}
	}
}

// TestFieldExamples runs what each field declares.
func TestFieldExamples(t *testing.T) {
	o := randomOrg(rand.New(rand.NewPCG(7, 7)), 300)
	s := openOn(o)
	defer s.Close()
	names := []string{}
	for _, f := range s.Fields() {
		names = append(names, f.Name)
		if f.Label == "" || len(f.Docs) < 20 || len(f.Operators) == 0 || !strings.Contains(f.Example, f.Name) {
			t.Errorf("%s is not described: %+v", f.Name, f)
		}
		snap, err := s.Query(t.Context(), directory.Query{SourceID: "s", Filter: f.Example})
		if err != nil {
			t.Errorf("%s: %s: %v", f.Name, f.Example, err)
			continue
		}
		parsed, err := s.Parse(t.Context(), "s", f.Example)
		if err != nil || parsed.Error != nil || parsed.Count != snap.Total || parsed.Explain == "" {
			t.Errorf("%s: %+v, %v", f.Name, parsed, err)
		}
		if f.Dynamic {
			at := f.Name + " = "
			if proposals, err := s.Complete(t.Context(), "s", at, len(at)); err != nil || len(proposals) == 0 {
				t.Errorf("%s proposes nothing: %v", f.Name, err)
			}
		}
	}
	if len(names) < 25 {
		t.Errorf("only these fields: %v", names)
	}
}

// TestNamesThatAreNotThere checks that a slip in a name is a mistake with a repair, and never an empty or a full list.
func TestNamesThatAreNotThere(t *testing.T) {
	o := randomOrg(rand.New(rand.NewPCG(8, 8)), 100)
	s := openOn(o)
	defer s.Close()
	for text, repaired := range map[string]string{
		`group not in ("vpi")`:                          `group not in ("vip")`,
		`status = active AND group != "jira-user-acme"`: `status = active AND group != "jira-users-acme"`,
		`lastActive("Jria") < -90d`:                     `lastActive("Jira") < -90d`,
		`status = active ORDER BY lastActive("Jria")`:   `status = active ORDER BY lastActive("Jira")`,
		`app = "Confluense"`:                            `app = "Confluence"`,
		`role = "org-admins"`:                           `role = "org-admin"`,
		`role = "Organization admin"`:                   `role = "org-admin"`,
		`role in ("Organization Admins")`:               `role in ("org-admin")`,
		`role != "site admin"`:                          `role != "site-admin"`,
		`role = "User access admin"`:                    `role = "user-access-admin"`,
		`domain = @gmail.com`:                           `domain = "gmail.com"`,
		`status in [active, invited]`:                   `status in (active, invited)`,
		`site = acne`:                                   `site = "acme"`,
		`directory = "Betta"`:                           `directory = "Beta"`,
	} {
		_, err := s.Query(t.Context(), directory.Query{SourceID: "s", Filter: text})
		var mistake *filter.Error
		if !errors.As(err, &mistake) {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := mistake.Corrected(text); got != repaired {
			t.Errorf("%s: repaired as %s", text, got)
		}
	}
	snap, err := s.Query(t.Context(), directory.Query{SourceID: "s", Filter: `department = "Salles"`})
	if err != nil || len(snap.Warnings) != 1 || snap.Warnings[0].Suggestion == "" {
		t.Errorf("a department of nobody: %+v, %v", snap, err)
	}
}

// TestHostileNamesRoundTrip checks that what is proposed for a hostile name is a filter that finds exactly its group.
func TestHostileNamesRoundTrip(t *testing.T) {
	o := randomOrg(rand.New(rand.NewPCG(9, 9)), 200)
	s := openOn(o)
	defer s.Close()
	for _, g := range o.now.groups {
		if !utf8Valid(g.Name) {
			continue
		}
		want := 0
		for _, u := range o.now.users {
			for _, other := range o.now.groups {
				if same(other.Name, g.Name) && slices.Contains(u.GroupIDs, other.GroupID) {
					want++
					break
				}
			}
		}
		parsed, err := s.Parse(t.Context(), "s", "group = "+filter.Quote(g.Name))
		if err != nil || parsed.Error != nil || parsed.Count != want {
			t.Errorf("%q: %d instead of %d, %v %v", g.Name, parsed.Count, want, parsed.Error, err)
		}
		for _, r := range parsed.Canonical {
			if r < ' ' || r == '\u202E' || r == '\u200b' {
				t.Errorf("%q stands raw in %q", r, parsed.Canonical)
			}
		}
	}
}

func utf8Valid(s string) bool { return strings.ToValidUTF8(s, "") == s }
