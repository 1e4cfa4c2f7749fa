package form_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
)

// TestTypes: every type takes what it is for, and says what is wrong with everything else.
func TestTypes(t *testing.T) {
	long := func(n int) string { return strings.Repeat("é", n) }
	full, err := filepath.Abs("ca.pem")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		field       form.Field
		good, wrong []string
	}{
		{form.Field{Type: form.Text}, []string{"x", long(4000)}, []string{"a\nb", "a\rb", long(4001), "a\x00", "\xff"}},
		{form.Field{Type: form.Text, Longest: 3}, []string{"ééé"}, []string{"éééé"}},
		{form.Field{Type: form.Lines}, []string{"a\nb\r\nc", long(64_000)}, []string{long(64_001), "a\n\x00"}},
		{form.Field{Type: form.URL}, []string{"https://acme.example"}, []string{"https://\nacme"}},
		{form.Field{Type: form.Email}, []string{"mia@example.com"}, []string{long(4001)}},
		{form.Field{Type: form.Password}, []string{"k"}, []string{"k\nk", long(4001)}},
		{form.Field{Type: form.Date}, []string{"2026-02-28"}, []string{"2026-02-29", "28.2.2026", "2026-2-8", "0"}},
		{form.Field{Type: form.Number, Min: -1, Max: 168}, []string{"-1", "0", "168", "007"}, []string{"-2", "169", "1.5", "1e2", "many", "9223372036854775808", "0x10"}},
		{form.Field{Type: form.Choice, Choices: []form.Option{{"a", "A"}, {"b", "B"}}}, []string{"a", "b"}, []string{"A", "c", "a,b"}},
		{form.Field{Type: form.Directory}, []string{"d-1"}, []string{long(4001)}},
		{form.Field{Type: form.Groups}, []string{"g1", "g1, g2,,"}, []string{",", " , ,", "g1\ng2", strings.Repeat("x,", 32_001), ids(1001)}},
		{form.Field{Type: form.Groups, Most: 2}, []string{"g1,g2,g1"}, []string{"g1,g2,g3"}},
		{form.Field{Type: form.Apps, Most: 1}, []string{"ari:cloud:jira-software::site/1"}, []string{"a,b"}},
		{form.Field{Type: form.File}, []string{full}, []string{"ca.pem", "./ca.pem", full + "\n"}},
	} {
		f := c.field
		f.Name, f.Label = "f", "This field"
		for _, v := range c.good {
			if err := f.CheckValue(v); err != nil {
				t.Errorf("%s refuses %.40q: %v", f.Type, v, err)
			}
		}
		for _, v := range c.wrong {
			if e := domain.AsError(f.CheckValue(v)); e == nil || e.Code != domain.Invalid || e.Field != "f" || e.Message == "" || len(e.Message) > 5000 {
				t.Errorf("%s takes %.40q: %+v", f.Type, v, e)
			}
		}
	}
}

// ids are n different ones.
func ids(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "g%d,", i)
	}
	return b.String()
}

// TestRolesOfAnApp: roles belong to apps that are chosen.
func TestRolesOfAnApp(t *testing.T) {
	fields := []form.Field{
		{Name: "apps", Label: "Apps", Type: form.Apps},
		{Name: "roles", Label: "Roles", Type: form.Roles, Of: "apps"},
	}
	if err := form.Declared(fields); err != nil {
		t.Fatal(err)
	}
	if err := form.Check(fields, map[string]string{"apps": "a1,a2", "roles": "atlassian/user"}); err != nil {
		t.Error(err)
	}
	if err := form.Check(fields, map[string]string{"apps": "a1"}); err != nil {
		t.Error(err)
	}
	err := form.Check(fields, map[string]string{"roles": "atlassian/user", "apps": " "})
	if e := domain.AsError(err); e == nil || e.Field != "roles" || e.Message != "Roles: choose Apps first." {
		t.Error(err)
	}
}

// TestDeclared: a form that cannot work is found where it is declared.
func TestDeclared(t *testing.T) {
	apps := form.Field{Name: "apps", Label: "Apps", Type: form.Apps}
	for what, fields := range map[string][]form.Field{
		"no name":             {{Label: "L", Type: form.Text}},
		"no label":            {{Name: "n", Type: form.Text}},
		"a name twice":        {apps, apps},
		"no type":             {{Name: "n", Label: "L"}},
		"no choices":          {{Name: "n", Label: "L", Type: form.Choice}},
		"choices of a text":   {{Name: "n", Label: "L", Type: form.Text, Choices: []form.Option{{"a", "A"}}}},
		"no bounds":           {{Name: "n", Label: "L", Type: form.Number}},
		"bounds of a text":    {{Name: "n", Label: "L", Type: form.Text, Max: 3}},
		"most of a text":      {{Name: "n", Label: "L", Type: form.Text, Most: 3}},
		"more than a form":    {{Name: "n", Label: "L", Type: form.Groups, Most: 1001}},
		"too long":            {{Name: "n", Label: "L", Type: form.Text, Longest: 4001}},
		"roles of nothing":    {{Name: "n", Label: "L", Type: form.Roles}},
		"roles before apps":   {{Name: "n", Label: "L", Type: form.Roles, Of: "apps"}, apps},
		"a pattern of a text": {{Name: "n", Label: "L", Type: form.Text, Pattern: "*.pem"}},
	} {
		if err := form.Declared(fields); err == nil {
			t.Errorf("%s: not found", what)
		}
	}
}
