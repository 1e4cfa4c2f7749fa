package filter_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/people/filter"
)

var update = flag.Bool("update", false, "write the golden files")

// schema has a field of each type; the real ones stand in people/fields.
var schema = filter.NewSchema(
	&filter.Field{Name: "name", Label: "Name", Type: filter.Text, Sortable: true},
	&filter.Field{Name: "nameOrEmail", Label: "Name or e-mail", Type: filter.Text, Ops: []filter.Op{filter.Like, filter.NotLike}, Bare: true},
	&filter.Field{Name: "department", Label: "Department", Type: filter.Text, Sortable: true},
	&filter.Field{
		Name: "status", Label: "Status", Type: filter.Choice, Sortable: true,
		Options: []filter.Option{{Value: "active"}, {Value: "suspended", Also: []string{"inactive"}}, {Value: "unknown"}},
	},
	&filter.Field{Name: "managed", Label: "Managed", Type: filter.Bool},
	&filter.Field{Name: "groupCount", Label: "Number of groups", Type: filter.Number, Sortable: true},
	&filter.Field{
		Name: "lastActive", Label: "Last active", Noun: "last activity", Type: filter.Date, Argument: "app", Aliases: []string{"lastSeen"}, Sortable: true,
		Ops: []filter.Op{
			filter.Less, filter.AtMost, filter.Greater, filter.AtLeast, filter.Equal, filter.NotEqual, filter.Empty, filter.NotEmpty,
			filter.IsUnknown, filter.IsKnown,
		},
	},
	&filter.Field{Name: "group", Label: "Group", Noun: "groups", Type: filter.Set},
	&filter.Field{Name: "domain", Label: "E-mail domain", Type: filter.Text, Lead: "@"},
	&filter.Field{
		Name: "age", Label: "Data age", Type: filter.Number, Unit: "hours",
		Ops: []filter.Op{filter.Greater, filter.Less, filter.IsUnknown, filter.IsKnown},
	},
)

// TestGolden runs each line of testdata/*.filter: what it prints, explains, and where it fails.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.filter")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".filter"), func(t *testing.T) {
			in, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for line := range strings.Lines(string(in)) {
				if text := strings.TrimSuffix(line, "\n"); !strings.HasPrefix(text, "#") {
					describe(&got, text)
				}
			}
			golden := strings.TrimSuffix(file, ".filter") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != string(want) {
				t.Errorf("differs from %s (write it anew with -update):\n%s", golden, got.String())
			}
		})
	}
}

func describe(b *strings.Builder, text string) {
	fmt.Fprintf(b, "in:      %s\n", text)
	q, err := filter.Parse(text, schema)
	if err != nil {
		fmt.Fprintf(b, "error:   %d..%d %s\n", err.From, err.To, err.Message)
		if len(err.Expected) > 0 {
			fmt.Fprintf(b, "expect:  %s\n", strings.Join(err.Expected, " | "))
		}
		if err.Suggestion != "" {
			fmt.Fprintf(b, "try:     %s\n", err.Corrected(text))
		}
		b.WriteByte('\n')
		return
	}
	fmt.Fprintf(b, "out:     %s\nexplain: %s\n\n", filter.Format(q), filter.Explain(q, schema))
}

// TestRoundTrip checks that what is printed is read back as the same tree, and that JSON loses nothing.
func TestRoundTrip(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.filter")
	n := 0
	for _, file := range files {
		in, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(in)) {
			if checkRoundTrip(t, strings.TrimSuffix(line, "\n")) {
				n++
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d filters were tried", n)
	}
}

// TestSuggestionsHelp checks that no suggestion repeats a mistake: what it makes is right, or wrong further on.
func TestSuggestionsHelp(t *testing.T) {
	in, err := os.ReadFile("testdata/bad.filter")
	if err != nil {
		t.Fatal(err)
	}
	suggested := 0
	for line := range strings.Lines(string(in)) {
		text := strings.TrimSuffix(line, "\n")
		_, mistake := filter.Parse(text, schema)
		if mistake == nil || mistake.Suggestion == "" {
			continue
		}
		suggested++
		corrected := mistake.Corrected(text)
		if _, next := filter.Parse(corrected, schema); next != nil && next.Pos <= mistake.Pos {
			t.Errorf("%q becomes %q, which is no better: %v", text, corrected, next)
		}
	}
	if suggested < 40 {
		t.Errorf("only %d suggestions", suggested)
	}
}

func checkRoundTrip(t *testing.T, text string) bool {
	t.Helper()
	q, mistake := filter.Parse(text, schema)
	if mistake != nil {
		if mistake.From < 0 || mistake.To < mistake.From || mistake.End > len(text) || mistake.Pos > mistake.End || mistake.Message == "" {
			t.Errorf("%q: bad error %+v", text, mistake)
		}
		return false
	}
	printed := filter.Format(q)
	again, mistake := filter.Parse(printed, schema)
	if mistake != nil {
		t.Errorf("%q prints %q, which is refused: %v", text, printed, mistake)
		return false
	}
	if !again.Equal(q) || filter.Format(again) != printed {
		t.Errorf("%q prints %q, which is another tree", text, printed)
	}
	data, err := json.Marshal(q)
	if err != nil {
		t.Error(err)
	}
	var back filter.Query
	if err := json.Unmarshal(data, &back); err != nil {
		t.Error(err)
	}
	canonical, normal, mistake := filter.Normalize(&back, schema)
	if mistake != nil || normal != printed || !canonical.Equal(q) {
		t.Errorf("%q through JSON: %q, %v", text, normal, mistake)
	}
	return true
}

func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.filter")
	for _, file := range files {
		in, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.Lines(string(in)) {
			f.Add(strings.TrimSuffix(line, "\n"))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkRoundTrip(t, text)
		for _, cursor := range []int{0, len(text) / 2, len(text)} {
			for _, c := range filter.Complete(text, cursor, schema, values) {
				if c.From < 0 || c.To < c.From {
					t.Errorf("%q at %d: %+v", text, cursor, c)
				}
			}
		}
	})
}

func values(f *filter.Field, argument bool, typed string) []filter.Option {
	all := []string{"Jira", `vip "special"`, "Łódź", "\u202Egnp.exe"}
	if argument {
		all = []string{"Jira", "Jira (acme)", "Confluence"}
	}
	var options []filter.Option
	for _, v := range all {
		if strings.HasPrefix(strings.ToLower(v), strings.ToLower(typed)) {
			options = append(options, filter.Option{Value: v, Label: f.Name})
		}
	}
	return options
}

// TestLimits checks that texts at the limits are answered at once, whatever they hold.
func TestLimits(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("(", n) + "managed = yes" + strings.Repeat(")", n) }
	deep := func(n int) string { return strings.Repeat("NOT ", n) + "managed = yes" }
	list := func(n int) string { return "groupCount in (1" + strings.Repeat(",1", n-1) + ")" }
	for name, c := range map[string]struct {
		text string
		ok   bool
	}{
		"longest":        {`name ~ "` + strings.Repeat("x", filter.MaxBytes-9) + `"`, true},
		"too long":       {`name ~ "` + strings.Repeat("x", filter.MaxBytes-8) + `"`, false},
		"deepest":        {deep(filter.MaxDepth - 1), true},
		"too deep":       {deep(filter.MaxDepth), false},
		"parentheses":    {nested(2 * filter.MaxDepth), true},
		"far too deep":   {nested(2*filter.MaxDepth + 1), false},
		"all open":       {strings.Repeat("(", filter.MaxBytes), false},
		"all not":        {strings.Repeat("!", filter.MaxBytes), false},
		"many values":    {list(filter.MaxTerms - 1), true},
		"many terms":     {list(filter.MaxTerms), false},
		"many in list":   {list(filter.MaxTerms + 5), false},
		"grows too long": {`name = "` + strings.Repeat("\u200B", 1300) + `"`, false},
		"many or":        {"managed=yes" + strings.Repeat("||managed=no", 330), false},
		"order":          {"ORDER BY name, status, groupCount, department", false},
	} {
		_, err := filter.Parse(c.text, schema)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
		// What a text costs is bounded by its length, not by its shape: counted in allocations, which no busy machine
		// changes.
		if n := testing.AllocsPerRun(1, func() { _, _ = filter.Parse(c.text, schema) }); n > filter.MaxBytes {
			t.Errorf("%s: %v allocations", name, n)
		} else {
			t.Logf("%s: %v allocations", name, n)
		}
	}
}

func TestNormalizeHostileTrees(t *testing.T) {
	is := func(n filter.Node) *filter.Query { n.Kind = filter.Condition; return &filter.Query{Where: &n} }
	word := func(kind filter.ValueKind, text string) []filter.Value {
		return []filter.Value{{Kind: kind, Text: text}}
	}
	for name, q := range map[string]*filter.Query{
		"value breaks out": is(filter.Node{Field: "groupCount", Op: filter.Equal, Values: word(filter.NumberValue, "1 OR managed = yes")}),
		"field breaks out": is(filter.Node{Field: "managed = yes OR managed", Op: filter.Equal, Values: word(filter.WordValue, "yes")}),
		"op breaks out":    is(filter.Node{Field: "managed", Op: "= yes OR managed =", Values: word(filter.WordValue, "yes")}),
		"no kind":          {Where: &filter.Node{Field: "managed"}},
		"not of two":       {Where: &filter.Node{Kind: filter.Not, Nodes: []*filter.Node{is(filter.Node{}).Where, is(filter.Node{}).Where}}},
		"too few values":   is(filter.Node{Field: "managed", Op: filter.Equal}),
		"order breaks out": {Order: []filter.Order{{Field: "name, groupCount"}}},
		"argument breaks":  {Order: []filter.Order{{Field: "lastActive", Arg: `Jira") DESC, name("`}}},
		"call breaks out":  is(filter.Node{Field: "lastActive", Op: filter.Less, Values: []filter.Value{{Kind: filter.CallValue, Text: "now", Args: word(filter.NumberValue, ") OR managed = yes")}}}),
	} {
		if got, text, err := filter.Normalize(q, schema); err == nil && !got.Equal(q) {
			t.Errorf("%s: accepted as %q", name, text)
		}
	}
	loop := &filter.Node{Kind: filter.Not}
	loop.Nodes = []*filter.Node{loop}
	if _, _, err := filter.Normalize(&filter.Query{Where: loop}, schema); err == nil {
		t.Error("a tree that holds itself is accepted")
	}
	text := `name = "a" AND managed = yes`
	q, _ := filter.Parse(text, schema)
	q.Where.Nodes = append(q.Where.Nodes, &filter.Node{Kind: filter.Or}, nil, &filter.Node{Kind: filter.And, Nodes: []*filter.Node{{Kind: filter.Or}}})
	if _, got, err := filter.Normalize(q, schema); err != nil || got != text {
		t.Errorf("empty groups: %q, %v", got, err)
	}
}

func TestQuoteIsInvertedByParse(t *testing.T) {
	for r := rune(0); r <= 0x10FFFF; r++ {
		if r >= 0xD800 && r <= 0xDFFF {
			continue
		}
		if r > 0x3100 && r < 0xE0000 && r%97 != 0 {
			continue // mostly letters
		}
		want := "a" + string(r) + "b"
		q, err := filter.Parse("name = "+filter.Quote(want), schema)
		if err != nil || q.Where.Values[0].Text != want {
			t.Fatalf("U+%04X: %v", r, err)
		}
	}
}

func TestDates(t *testing.T) {
	day := func(s string) int32 {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return filter.Day(d)
	}
	for _, c := range []struct{ today, value, want string }{
		{"2026-11-21", "-90d", "2026-08-23"},
		{"2026-11-21", "-2w", "2026-11-07"},
		{"2026-03-31", "-1m", "2026-02-28"},
		{"2024-03-31", "-1M", "2024-02-29"},
		{"2024-02-29", "-1y", "2023-02-28"},
		{"2026-01-31", "+1m", "2026-02-28"},
		{"2026-01-31", "13m", "2027-02-28"},
		{"2026-11-21", "2026-01-31", "2026-01-31"},
		{"2026-11-21", `"2026-01-31"`, "2026-01-31"},
		{"2026-11-21", "now()", "2026-11-21"},
		{"2026-11-21", "NOW(-3)", "2026-11-18"},
		{"2026-11-21", "startOfMonth()", "2026-11-01"},
		{"2026-11-21", "startOfMonth(-1)", "2026-10-01"},
		{"2026-03-31", "startOfMonth(-1m)", "2026-02-01"},
		{"2026-03-31", "endOfMonth(-1)", "2026-02-28"},
		{"2026-11-21", "endOfMonth()", "2026-11-30"},
		{"2026-11-21", "startOfYear()", "2026-01-01"},
		{"2026-11-21", "endOfYear(1)", "2027-12-31"},
		{"2026-11-21", "startOfWeek()", "2026-11-16"}, // a Saturday's Monday
		{"2026-11-22", "startOfWeek()", "2026-11-16"}, // a Sunday's Monday
		{"2026-11-22", "endOfWeek()", "2026-11-22"},
	} {
		q, err := filter.Parse("lastActive < "+c.value, schema)
		if err != nil {
			t.Errorf("%s: %v", c.value, err)
			continue
		}
		if got := q.Where.Values[0].Day(day(c.today)); got != day(c.want) {
			t.Errorf("%s on %s is %s, not %s", c.value, c.today, filter.DateOf(got).Format(time.DateOnly), c.want)
		}
	}
}

func TestErrorPositionsCountAsAPageDoes(t *testing.T) {
	text := `name = "😀é" AND nosuch = 1`
	_, err := filter.Parse(text, schema)
	if err == nil || err.From != 17 || err.To != 23 || text[err.Pos:err.End] != "nosuch" {
		t.Errorf("%+v", err)
	}
}

func TestComplete(t *testing.T) {
	for _, c := range []struct{ text, want string }{ // | is the cursor; the first proposals, as the text becomes
		{"|", "name |nameOrEmail |department "},
		{"sta|", "status "},
		{"status |", "status = |status != |status in ("},
		{"status = |", "status = active |status = suspended "},
		{"status = s|", "status = suspended "},
		{"status = sus|pended AND managed = yes", "status = suspended  AND managed = yes"},
		{"status = active |", "status = active AND |status = active OR |status = active ORDER BY "},
		{"status = active A|", "status = active AND "},
		{"status = active ORDER |", "status = active ORDER BY "},
		{"status = active ORDER BY |", "status = active ORDER BY name |status = active ORDER BY department "},
		{"ORDER BY lastActive(|", `ORDER BY lastActive("Jira")|ORDER BY lastActive("Jira (acme)")|ORDER BY lastActive("Confluence")`},
		{`ORDER BY lastActive("con|`, `ORDER BY lastActive("Confluence")`},
		{`ORDER BY lastActive("Jira") D|`, `ORDER BY lastActive("Jira") DESC `},
		{"lastActive(|", `lastActive("Jira")|lastActive("Jira (acme)")|lastActive("Confluence")`},
		{`lastActive("con|`, `lastActive("Confluence")`},
		{`lastActive("Jira") < |`, `lastActive("Jira") < -30d `},
		{"lastActive < startOfM|", "lastActive < startOfMonth() "},
		{"group in (|", `group in ("Jira" |group in ("vip \"special\"" `},
		{`group in ("vi|`, `group in ("vip \"special\"" `},
		{`group in ("Jira", |`, `group in ("Jira", "Jira" `},
		{`group = "\u{202E}g|`, `group = "\u{202E}gnp.exe" `},
		{"managed is |", "managed is NOT |managed is UNKNOWN |managed is KNOWN "},
		{"group is |", "group is NOT |group is EMPTY "},
		{"nosuch = |", ""},
		{"NOT (man|", "NOT (managed "},
	} {
		at := strings.Index(c.text, "|")
		text := c.text[:at] + c.text[at+1:]
		var got []string
		for _, p := range filter.Complete(text, at, schema, values) {
			got = append(got, text[:p.From]+p.Insert+text[p.To:])
		}
		if joined := strings.Join(got, "|"); !strings.HasPrefix(joined, c.want) || (c.want == "" && joined != "") {
			t.Errorf("%s: %s", c.text, joined)
		}
	}
}
