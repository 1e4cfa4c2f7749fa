package backend_test

import (
	"slices"
	"strings"
	"testing"

	"seatkeeper/backend/bindings"
)

// forms: what the page needs to draw a form comes with its fields, or from the local copy.
func (p *program) forms(t *testing.T, source string) {
	apps := must(p.api.People.Apps(source))(t)
	if len(apps) != len(p.world.Apps()) || len(apps) == 0 {
		t.Fatalf("%d apps, Atlassian has %d", len(apps), len(p.world.Apps()))
	}
	roles := 0
	for _, a := range p.world.Apps() {
		i := slices.IndexFunc(apps, func(c bindings.AppChoice) bool { return c.AppID == a.ID })
		if i < 0 || apps[i].Key != a.Key || apps[i].Name != a.Name || apps[i].Site == "" {
			t.Fatalf("%+v is not among the apps: %+v", a, apps)
		}
		for _, r := range apps[i].Roles {
			if roles++; r.ID == "" || r.Name == "" || strings.Contains(r.Name, "/") {
				t.Errorf("%+v", r)
			}
		}
	}
	if roles == 0 {
		t.Error("no app has roles")
	}

	page := must(p.api.Groups.List(bindings.GroupQuery{SourceID: source, Count: 5}))(t)
	some := []string{page.Groups[3].GroupID, "gone", page.Groups[1].GroupID}
	if found := must(p.api.Groups.ByID(source, some))(t); len(found) != 2 || !slices.ContainsFunc(found, func(g bindings.GroupView) bool {
		return g.GroupID == some[0] && g.Name == page.Groups[3].Name && g.Members == page.Groups[3].Members
	}) {
		t.Errorf("%+v", found)
	}
	if none := must(p.api.Groups.ByID(source, nil))(t); none == nil || len(none) != 0 {
		t.Errorf("%+v", none)
	}

	names := func(kind string) string {
		all := must(p.api.Bulk.Actions(source))(t)
		var names []string
		for _, f := range all[slices.IndexFunc(all, func(a bindings.ActionView) bool { return a.Kind == kind })].Params {
			names = append(names, f.Name+": "+f.Type)
			if f.Type == "choice" && (len(f.Choices) < 2 || !f.Required) {
				t.Errorf("%+v", f)
			}
		}
		return strings.Join(names, ", ")
	}
	want := "names: lines, description: text"
	if len(page.Directories) > 1 {
		want = "names: lines, directory: choice, description: text"
	}
	if got := names("group.create"); got != want {
		t.Errorf("groups are made with %q, not %q", got, want)
	}
	if got := names("group.add_member"); got != "groups: groups" {
		t.Errorf("people are added with %q", got)
	}
	if task := must(p.api.Tasks.OfSource(source, "sync"))(t); len(task.Fields) != 1 || task.Fields[0].Type != "choice" || task.Fields[0].Choices[0].Name != "Never" {
		t.Errorf("%+v", task.Fields)
	}
	for _, field := range []string{"ca_file", "names", ""} {
		for _, form := range []string{"group.create", "sync", "atlassian_org", ""} {
			if path, err := p.api.Sources.ChooseFile(form, field); err == nil {
				t.Errorf("a dialog for %q of %q: %q", field, form, path)
			}
		}
	}
}
