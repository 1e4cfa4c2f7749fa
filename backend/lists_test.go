package backend_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/export"
	"seatkeeper/backend/report"
	"seatkeeper/backend/sim"
)

// TestListsAndGroups: what the page calls for exports, saved filters and groups, over a synced organization.
func TestListsAndGroups(t *testing.T) {
	p := start(t, 300)
	src := p.connect(t)
	t.Run("export", func(t *testing.T) { p.exportPeople(t, src.ID) })
	t.Run("saved filters", func(t *testing.T) { p.savedFilters(t, src.ID) })
	t.Run("groups", func(t *testing.T) { p.groupList(t, src.ID) })
	t.Run("forms", func(t *testing.T) { p.forms(t, src.ID) })
	t.Run("overview", func(t *testing.T) { p.overview(t, src.ID) })
}

func (p *program) exportPeople(t *testing.T, source string) {
	all, active := p.query(t, source, ""), p.query(t, source, "status = active ORDER BY email")
	formats := must(p.api.People.ExportFormats())(t)
	if len(formats) < 3 {
		t.Fatalf("%+v", formats)
	}
	for _, f := range formats {
		p.window.save = filepath.Join(t.TempDir(), "people."+f.Name)
		done := must(p.api.People.Export(bindings.ExportRequest{ID: "e", SourceID: source, Snapshot: all.ID, Format: f.Name}))(t)
		if info, err := os.Stat(done.Path); err != nil || done.Rows != all.Total || info.Size() == 0 {
			t.Errorf("%s: %+v, %v", f.Name, done, err)
		}
	}
	p.window.save = filepath.Join(t.TempDir(), "active.json")
	done := must(p.api.People.Export(bindings.ExportRequest{
		ID: "e", SourceID: source, Snapshot: active.ID, Format: "json", Columns: []string{"email", "status"},
	}))(t)
	var doc struct {
		Rows []map[string]string `json:"rows"`
	}
	if data, err := os.ReadFile(done.Path); err != nil || json.Unmarshal(data, &doc) != nil {
		t.Fatal(err, string(data))
	}
	if len(doc.Rows) != active.Total || slices.ContainsFunc(doc.Rows, func(r map[string]string) bool { return r["status"] != "active" || len(r) != 2 }) {
		t.Errorf("%d rows of %d: %v", len(doc.Rows), active.Total, doc.Rows[:2])
	}
	p.window.save = "" // the dialog is cancelled
	if done := must(p.api.People.Export(bindings.ExportRequest{ID: "e", SourceID: source, Snapshot: all.ID, Format: "csv"}))(t); done.Path != "" {
		t.Errorf("%+v", done)
	}
}

// TestColumnsOfThePage: an export knows every column that the page can show, by the page's name.
func TestColumnsOfThePage(t *testing.T) {
	page, err := os.ReadFile("../frontend/src/pages/people/columns.tsx")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^    id: "(\w+)"|^  plain\("(\w+)"`).FindAllStringSubmatch(string(page), -1)
	if len(found) < 10 {
		t.Fatalf("only %d columns found", len(found))
	}
	for _, m := range found {
		name := m[1] + m[2]
		if !slices.ContainsFunc(export.Columns(), func(c report.Column) bool { return c.Name == name }) {
			t.Errorf("an export has no column %s", name)
		}
	}
}

func (p *program) savedFilters(t *testing.T, source string) {
	saved := must(p.api.Saved.Save(source, bindings.SavedDraft{Name: "Active", Filter: "status=active", Pinned: true, Columns: []string{"name", "email"}}))(t)
	if _, err := p.api.Saved.Save(source, bindings.SavedDraft{Name: "Broken", Filter: "group = "}); err == nil {
		t.Error("a filter with a mistake was saved")
	}
	list := must(p.api.Saved.List(source))(t)
	want := p.query(t, source, "status = active").Total
	if len(list) != 1 || list[0].Count != want || want == 0 || list[0].Filter != "status = active" || list[0].Error != nil {
		t.Fatalf("%+v, want %d people", list, want)
	}
	p.window.save = filepath.Join(t.TempDir(), "filters.json")
	if done := must(p.api.Saved.Export(nil))(t); done.Rows != 1 {
		t.Errorf("%+v", done)
	}
	data, err := os.ReadFile(p.window.save)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{p.listing.Organization.APIKey, p.listing.Organization.ID, "127.0.0.1", source} {
		if strings.Contains(string(data), secret) {
			t.Errorf("the file holds %q", secret)
		}
	}
	if err := p.api.Saved.Delete(saved.ID); err != nil {
		t.Fatal(err)
	}
	if done := must(p.api.Saved.Import(string(data)))(t); !slices.Equal(done.Added, []string{"Active"}) {
		t.Errorf("%+v", done)
	}
	if err := p.api.Saved.Restore(saved.ID); err == nil {
		t.Error("two filters have one name")
	}
	p.savedLooks(t, source)
	p.foreignFilters(t, source)
}

// savedLooks keeps a filter with all that belongs to it, changes it, and looks at what it finds now.
func (p *program) savedLooks(t *testing.T, source string) {
	draft := bindings.SavedDraft{
		Name: "Sleepers", Description: "For the spring cleaning", Filter: "lastActive is empty order by name desc, email", Columns: []string{"name", "email", "policy"},
		Sort: "readAt", Desc: true, Density: 40, Pinned: true,
	}
	draft.ID = must(p.api.Saved.Save(source, draft))(t).ID
	draft.Description, draft.Filter = "", "appRole(jira) = user AND grantedBy is not empty ORDER BY dataAge"
	must(p.api.Saved.Save(source, draft))(t)
	list := must(p.api.Saved.List(source))(t)
	i := slices.IndexFunc(list, func(f bindings.SavedFilter) bool { return f.ID == draft.ID })
	got := list[i]
	if got.Description != "" || got.Filter != `appRole("jira") = "user" AND grantedBy is not empty ORDER BY dataAge` || !slices.Equal(got.Columns, draft.Columns) ||
		got.Sort != draft.Sort || !got.Desc || got.Density != 40 || !got.Pinned || got.Error != nil {
		t.Errorf("%+v", got)
	}
	if now := p.query(t, source, got.Filter); now.Error != nil || now.Total != got.Count || now.Sort != "dataAge" {
		t.Errorf("the saved filter finds %d, the list has %+v", got.Count, now)
	}
	if err := p.api.Saved.Delete(draft.ID); err != nil {
		t.Fatal(err)
	}
}

// foreignFilters imports what was made elsewhere: by a newer version, and about what is not there.
func (p *program) foreignFilters(t *testing.T, source string) {
	for text, want := range map[string]string{
		`{"format":"seatkeeper-saved-filters","version":2,"filters":[]}`: "newer Seatkeeper",
		`{"format":"seatkeeper-runs","version":1}`:                       "does not hold saved filters",
		"\x00\x01": "does not hold saved filters",
	} {
		if _, err := p.api.Saved.Import(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
	done := must(p.api.Saved.Import(`{"format":"seatkeeper-saved-filters","version":1,"filters":[
		{"name":"F1","filter":"group not in (\"no such group\")"},{"name":"F2","filter":"fromTheFuture = 1"},
		{"name":"F3","filter":"status = active","columns":["name","fromTheFuture"],"sort":"fromTheFuture","fromTheFuture":{}},
		{"name":"F4","filter":"lastActive(\"No such app\") < -90d"},{"name":"F5","filter":"list in (\"No such list\")"},{"name":"F6","filter":"touchedBy = \"RUN-NOBODY\""}]}`))(t)
	if len(done.Added) != 6 {
		t.Fatalf("%+v", done)
	}
	told := map[string]string{}
	for _, f := range must(p.api.Saved.List(source))(t) {
		if !slices.Contains(done.Added, f.Name) {
			continue
		}
		if f.Error != nil {
			told[f.Name] = f.Error.Message
		}
		if snap := must(p.api.People.Query(bindings.PeopleQuery{SourceID: source, Filter: f.Filter}))(t); (snap.Error != nil) != (f.Error != nil) || f.Error == nil && snap.Total != f.Count {
			t.Errorf("%s: %+v, the list %+v", f.Name, f, snap)
		}
		if err := p.api.Saved.Delete(f.ID); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{"F1": "no such group", "F2": "fromTheFuture", "F4": "No such app", "F5": "No such list", "F6": "RUN-NOBODY"} {
		if !strings.Contains(told[name], want) || told["F3"] != "" {
			t.Errorf("%s: %q", name, told)
		}
	}
}

// groupList: every group's number of members equals the list that it opens.
func (p *program) groupList(t *testing.T, source string) {
	page := must(p.api.Groups.List(bindings.GroupQuery{SourceID: source, Sort: "members", Desc: true, Count: 1000}))(t)
	if page.Total == 0 || page.Total != page.All || len(page.Groups) != min(page.Total, 1000) {
		t.Fatalf("%d of %d, %d rows", page.Total, page.All, len(page.Groups))
	}
	admins := false
	for i, g := range page.Groups {
		if got := p.query(t, source, g.Filter).Total; got != g.Members {
			t.Errorf("%s has %d members, its list %d", g.Name, g.Members, got)
		}
		if i > 0 && g.Members > page.Groups[i-1].Members {
			t.Errorf("%s stands wrong", g.Name)
		}
		admins = admins || g.AdminsOf == "the organization" && g.Locked != ""
	}
	if !admins {
		t.Error("nothing says that organization admins are in a group")
	}
	empty := must(p.api.Groups.List(bindings.GroupQuery{SourceID: source, Kind: "empty", Count: 10}))(t)
	if empty.Total != page.Kinds["empty"] || slices.ContainsFunc(empty.Groups, func(g bindings.GroupRow) bool { return g.Members != 0 }) {
		t.Errorf("%+v", empty)
	}
	some := page.Groups[len(page.Groups)/2]
	found := must(p.api.Groups.List(bindings.GroupQuery{SourceID: source, Search: some.GroupID, Count: 10}))(t)
	if found.Total != 1 || found.Groups[0].Name != some.Name {
		t.Errorf("by id: %+v", found)
	}
	for kind, n := range page.Kinds {
		p.window.save = filepath.Join(t.TempDir(), "groups.json")
		done := must(p.api.Groups.Export(bindings.GroupQuery{SourceID: source, Kind: kind}, "json"))(t)
		var doc struct {
			Rows []map[string]any `json:"rows"`
		}
		if data, err := os.ReadFile(done.Path); err != nil || json.Unmarshal(data, &doc) != nil || len(doc.Rows) != n || done.Rows != n {
			t.Errorf("%s: %d groups, %d in the file: %v", kind, n, len(doc.Rows), err)
		}
	}
	if _, err := p.api.Groups.List(bindings.GroupQuery{SourceID: source, Kind: "odd", Count: 10}); err == nil {
		t.Error("an odd kind was accepted")
	}
}

// overview: what needs attention opens lists of exactly that length, the day's counts are those of the tiles, and both
// can be written.
func (p *program) overview(t *testing.T, source string) {
	days := must(p.api.Overview.Days())(t)
	if days.Days != 90 || !slices.Contains(days.Steps, days.Days) {
		t.Fatalf("%+v", days)
	}
	if err := p.api.Overview.SetDays(45); err != nil || must(p.api.Overview.Days())(t).Days != 45 {
		t.Error("the number of days was not kept", err)
	}
	if err := p.api.Overview.SetDays(0); err == nil {
		t.Error("0 days were accepted")
	}
	report := must(p.api.Overview.Attention(source, 45))(t)
	for _, it := range report.Items {
		got := it.Count
		switch it.Page {
		case "people":
			got = p.query(t, source, it.Filter).Total
		case "groups":
			got = must(p.api.Groups.List(bindings.GroupQuery{SourceID: source, Kind: it.Query["kind"], Count: 1}))(t).Total
		}
		if got != it.Count {
			t.Errorf("%s: the list has %d", it.Title, got)
		}
	}
	if len(report.Items) < 5 || len(report.Hidden) != 0 {
		t.Fatalf("%+v", report)
	}
	if err := p.api.Overview.PutAside(source, report.Items[0].Kind, true); err != nil {
		t.Error(err)
	}
	if again := must(p.api.Overview.Attention(source, 45))(t); len(again.Hidden) != 1 || again.Hidden[0].Kind != report.Items[0].Kind {
		t.Errorf("%+v", again.Hidden)
	}
	tile := must(p.api.People.Overview(source, 45))(t)[0]
	query := bindings.TrendQuery{SourceID: source, AppID: tile.AppID, Days: 30, Inactive: 45}
	var trend bindings.TrendView
	eventually(t, "the counts of the day", func() bool {
		trend = must(p.api.Overview.Trend(query))(t)
		return len(trend.Points) == 1
	})
	for i, name := range []string{"seats", "active", "inactive", "never"} {
		at := slices.IndexFunc(tile.Numbers, func(n bindings.TileNumber) bool { return n.Name == name })
		if got := trend.Points[0].Values[i]; trend.Series[i].Name != name || got != tile.Numbers[at].Count {
			t.Errorf("%s: %d, the tile says %d", name, got, tile.Numbers[at].Count)
		}
	}
	p.window.save = filepath.Join(t.TempDir(), "trend.csv")
	done := must(p.api.Overview.ExportTrend(query, "csv"))(t)
	data, err := os.ReadFile(done.Path)
	if err != nil || done.Rows != 1 || !strings.Contains(string(data), "Have access") || !strings.Contains(string(data), "counted") {
		t.Errorf("%+v, %v: %s", done, err, data)
	}
}

// TestUserNames: at a Data Center people are found, listed and exported by what they sign in with, also where that is
// not their key; who has the own address as the key is one person.
func TestUserNames(t *testing.T) {
	p := start(t, 120)
	added := must(p.api.Sources.Add(p.dcDraft()))(t)
	if added.Source == nil {
		t.Fatalf("%+v", added.Test.Findings)
	}
	id := added.Source.ID
	p.waitSync(t, id)
	emails := map[string]int{}
	for _, u := range p.world.DataCenterUsers(0, 0, nil) {
		emails[strings.ToLower(u.Email)]++
	}
	renamed := p.world.DataCenterUsers(0, 3, func(u sim.DataCenterUser) bool {
		return u.Active && strings.HasPrefix(u.Name, "renamed.") && emails[strings.ToLower(u.Email)] == 1
	})
	keyed := p.world.DataCenterUsers(0, 3, func(u sim.DataCenterUser) bool {
		return u.Active && u.Key == u.Email && emails[strings.ToLower(u.Email)] == 1
	})
	if len(renamed) == 0 || len(keyed) == 0 {
		t.Fatalf("%d renamed, %d with the address as the key", len(renamed), len(keyed))
	}
	p.total(t, id, `userName = "`+renamed[0].Name+`"`, 1)
	if found := must(p.api.People.Query(bindings.PeopleQuery{SourceID: id, Search: renamed[0].Name}))(t); found.Total != 1 {
		t.Errorf("search finds %d", found.Total)
	} else if row := must(p.api.People.Rows(found.ID, 0, 1))(t)[0]; row.UserName != renamed[0].Name || row.AccountID != renamed[0].Key {
		t.Errorf("%+v", row)
	}
	names, addresses := "Username\n", "email\n"
	for _, u := range renamed {
		names += u.Name + "\n"
	}
	for _, u := range keyed {
		addresses += u.Email + "\n"
	}
	if d := must(p.api.Lists.Paste(id, names))(t); d.Match.Matched != len(renamed) || d.Entries != len(renamed) || !strings.Contains(d.Column, "Username") {
		t.Errorf("by user name: %+v", d)
	}
	if d := must(p.api.Lists.Paste(id, addresses))(t); d.Match.Matched != len(keyed) || d.Match.AmbiguousCount != 0 {
		t.Errorf("by an address that is the key: %+v", d.Match)
	}
	p.window.save = filepath.Join(t.TempDir(), "people.csv")
	must(p.api.People.Export(bindings.ExportRequest{ID: "e", SourceID: id, Snapshot: p.query(t, id, "").ID, Format: "csv"}))(t)
	if data, err := os.ReadFile(p.window.save); err != nil || !strings.Contains(string(data), `"`+renamed[0].Name+`"`) {
		t.Errorf("the export has no user name: %v", err)
	}
}

// TestWhoseColumn: a file with the managers' addresses beside the people's takes nobody before it is said which are
// meant.
func TestWhoseColumn(t *testing.T) {
	p := start(t, 60)
	src := p.connect(t)
	rows := must(p.api.People.Rows(p.query(t, src.ID, "status = active AND email is not empty").ID, 0, 5))(t)
	boss, people := rows[0].Email, rows[1:]
	text := ""
	for _, r := range people {
		text += boss + "," + r.Email + ",2026-11-30\n"
	}
	p.file(t, "leavers.csv", "Manager's mail,Work mail,Last day\n"+text)
	asked := must(p.api.Lists.Choose(src.ID))(t)
	if asked.Choice != 0 || asked.Entries != 0 || len(asked.Columns) != 2 || asked.Columns[1].Title != "Work mail" || asked.Columns[1].People != 4 || asked.Columns[1].Sample[0] != people[0].Email {
		t.Fatalf("%+v", asked)
	}
	if _, err := p.api.Lists.Save(src.ID, asked.ID, "Leavers", false); domain.CodeOf(err) != domain.Invalid || domain.AsError(err).Field != "column" {
		t.Errorf("it was saved without a choice: %v", err)
	}
	if _, err := p.api.Lists.Column(asked.ID, 3); domain.CodeOf(err) != domain.Invalid {
		t.Errorf("a column of days: %v", err)
	}
	chosen := must(p.api.Lists.Column(asked.ID, 2))(t)
	if chosen.Rows != 4 || chosen.Match.Matched != 4 || chosen.Name != "leavers" || !strings.Contains(chosen.Column, "Work mail") || len(chosen.Columns) != 2 {
		t.Fatalf("%+v", chosen)
	}
	saved := must(p.api.Lists.Save(src.ID, chosen.ID, "Leavers", false))(t)
	p.total(t, src.ID, saved.Filter+` AND email = "`+boss+`"`, 0)
	p.total(t, src.ID, saved.Filter, 4)
	if all := must(p.api.Lists.Column(chosen.ID, -1))(t); all.Match.Matched != 5 || all.Twice != 3 {
		t.Errorf("everybody: %+v", all)
	}
}
