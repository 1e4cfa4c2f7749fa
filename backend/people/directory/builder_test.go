package directory_test

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/filter"
)

// TestBuilderRoundTrip checks that any tree that the builder can make becomes a text, and that text the same tree
// again: over every field, operator and kind of value, with texts that try to be more than a value.
func TestBuilderRoundTrip(t *testing.T) {
	s := openOn(randomOrg(rand.New(rand.NewPCG(5, 5)), 1))
	defer s.Close()
	infos := s.Fields()
	fields, ops, kinds := map[string]int{}, map[filter.Op]int{}, map[filter.ValueKind]int{}
	trees := 0
	for seed := range uint64(20_000) {
		r := rand.New(rand.NewPCG(seed, 4))
		tree := &filter.Query{Where: builtNode(r, infos, r.IntN(5))}
		if f := pick(r, infos); f.Sortable {
			tree.Order = []filter.Order{{Field: f.Name, Desc: r.IntN(2) == 0}}
			if f.Argument != "" {
				tree.Order[0].Arg = pick(r, []string{"", "Jira", `a") DESC, name`})
			}
		}
		first := s.Format(tree)
		if first.Error != nil {
			if len(first.Canonical) > filter.MaxBytes {
				continue // refused for its length alone
			}
			t.Fatalf("seed %d: %s: %v", seed, first.Canonical, first.Error)
		}
		if !first.Tree.Equal(tree) {
			t.Fatalf("seed %d: %s is another tree", seed, first.Canonical)
		}
		data, err := json.Marshal(first.Tree)
		if err != nil {
			t.Fatal(err)
		}
		var shown filter.Query
		if err := json.Unmarshal(data, &shown); err != nil {
			t.Fatal(err)
		}
		if again := s.Format(&shown); again.Error != nil || again.Canonical != first.Canonical || again.Explain != first.Explain || !again.Tree.Equal(tree) {
			t.Fatalf("seed %d: %s is %s the second time, %v", seed, first.Canonical, again.Canonical, again.Error)
		}
		trees++
		tree.Conditions(func(n *filter.Node) {
			fields[n.Field]++
			ops[n.Op]++
			for _, v := range n.Values {
				kinds[v.Kind]++
			}
		})
	}
	t.Logf("%d trees, %d fields, operators %v, values %v", trees, len(fields), ops, kinds)
	if trees < 19_000 || len(fields) != len(infos) || len(kinds) != 6 {
		t.Errorf("%d trees; %d of %d fields; kinds of values %v", trees, len(fields), len(infos), kinds)
	}
}

// builtNode is in the parser's form: no AND or OR of fewer than two.
func builtNode(r *rand.Rand, infos []directory.FieldInfo, depth int) *filter.Node {
	if depth == 0 || r.IntN(4) == 0 {
		return builtCondition(r, pick(r, infos))
	}
	n := &filter.Node{Kind: pick(r, []filter.Kind{filter.And, filter.Or, filter.Not})}
	count := 1
	if n.Kind != filter.Not {
		count = 2 + r.IntN(2)
	}
	for range count {
		n.Nodes = append(n.Nodes, builtNode(r, infos, depth-1))
	}
	return n
}

func builtCondition(r *rand.Rand, f directory.FieldInfo) *filter.Node {
	n := &filter.Node{Kind: filter.Condition, Field: f.Name, Op: pick(r, f.Operators)}
	if f.Argument != "" && r.IntN(2) == 0 {
		n.Arg = strangeText(r)
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
		n.Values = append(n.Values, builtValue(r, f))
	}
	return n
}

func builtValue(r *rand.Rand, f directory.FieldInfo) filter.Value {
	number := func(most int) filter.Value {
		return filter.Value{Kind: filter.NumberValue, Text: strconv.Itoa(r.IntN(2*most) - most)}
	}
	span := func() filter.Value {
		return filter.Value{Kind: filter.SpanValue, Text: pick(r, []string{"+", "-"}) + strconv.Itoa(r.IntN(900)) + pick(r, []string{"d", "w", "m", "y"})}
	}
	switch f.Type {
	case filter.Choice:
		return filter.Value{Kind: filter.WordValue, Text: pick(r, f.Options).Value}
	case filter.Bool:
		return filter.Value{Kind: filter.WordValue, Text: pick(r, []string{"yes", "no"})}
	case filter.Number:
		return number(1_000_000)
	case filter.Date:
		switch r.IntN(3) {
		case 0:
			return filter.Value{Kind: filter.DateValue, Text: time.Unix(r.Int64N(4e9), 0).UTC().Format(time.DateOnly)}
		case 1:
			return span()
		}
		call := filter.Value{Kind: filter.CallValue, Text: pick(r, []string{
			"now", "startOfDay", "startOfWeek", "startOfMonth", "startOfYear", "endOfDay", "endOfWeek", "endOfMonth", "endOfYear",
		})}
		switch r.IntN(3) {
		case 0:
			call.Args = []filter.Value{number(900)}
		case 1:
			call.Args = []filter.Value{span()}
		}
		return call
	default:
		return filter.Value{Kind: filter.TextValue, Text: strangeText(r)}
	}
}

// strangeText looks like other parts of the language, or like something else than it is.
func strangeText(r *rand.Rand) string {
	return pick(r, []string{
		"Jira", "vip", "AND", "not", "ORDER BY name", "in", "-90d", "2026-01-01", "now()", "42", "yes", "empty", "is empty",
		`") OR status = active OR name = ("`, `\`, `\"`, `\u{41}`, `a\nb`, "a\nb\tc\r", "'", "--", "/* x */", "%_", "Łódź", "\u202Egnp.exe", "\u200B",
		" x ", "日本", "👩‍🚀", "\x00", "e\u0301", "a, b", "(", ")", "~",
	})
}
