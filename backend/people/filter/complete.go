package filter

import (
	"slices"
	"strings"
)

// Completion is one way in which a filter may go on: the text between From and To, in UTF-16 code units, is replaced by
// Insert.
type Completion struct {
	Label  string `json:"label"`
	Insert string `json:"insert"`
	Detail string `json:"detail,omitempty"`
	Kind   string `json:"kind"` // "field", "operator", "value", "function", "keyword"
	From   int    `json:"from"`
	To     int    `json:"to"`
}

// Values gives the values of a field (or, if argument is set, of its argument) that fit what has been typed so far, the
// likeliest first.
type Values func(field *Field, argument bool, typed string) []Option

// maxCompletions is more than anybody reads.
const maxCompletions = 50

// Complete proposes what may stand at the cursor, an offset in UTF-16 code units. values is asked for the values of
// texts and sets.
func Complete(text string, cursor int, schema *Schema, values Values) []Completion {
	if len(text) > MaxBytes {
		return nil
	}
	at := byteOffset(text, cursor)
	start, typed, quote := partial(text[:at])
	end := at
	if quote == "" {
		for end < len(text) && start < at && wordEnd(text[start:], 0) > end-start {
			end = start + wordEnd(text[start:], 0)
		}
	}
	_, needs, err := parse(text[:start], schema)
	if err != nil && err.Pos < start && strings.TrimSpace(text[err.Pos:start]) != "" {
		return nil // the mistake lies before the cursor
	}
	c := completer{typed: typed, fold: strings.ToLower(typed), values: values, from: utf16Offset(text, start), to: utf16Offset(text, end), seen: map[string]bool{}}
	for _, n := range needs {
		if quote != "" && n.kind != needValue && n.kind != needArgument {
			continue
		}
		c.propose(n, schema)
	}
	return c.found[:min(len(c.found), maxCompletions)]
}

// partial finds the word or the open string that ends at the end of the text.
func partial(text string) (start int, typed, quote string) {
	tokens, err := lex(text)
	if err != nil {
		if err.End == len(text) && (text[err.Pos] == '"' || text[err.Pos] == '\'') {
			t, _ := lexString(text, err.Pos)
			return err.Pos, t.text, text[err.Pos : err.Pos+1]
		}
		return len(text), "", ""
	}
	if len(tokens) < 2 {
		return len(text), "", ""
	}
	last := tokens[len(tokens)-2]
	switch {
	case last.end != len(text), last.kind == opToken, last.kind == punctToken, last.kind == stringToken:
		return len(text), "", ""
	default:
		return last.pos, text[last.pos:], ""
	}
}

type completer struct {
	typed, fold string
	values      Values
	from, to    int
	found       []Completion
	seen        map[string]bool
}

// add keeps a proposal that fits what has been typed.
func (c *completer) add(kind, label, insert, detail string) {
	if !strings.HasPrefix(strings.ToLower(label), c.fold) || c.seen[insert] {
		return
	}
	c.append(kind, label, insert, detail)
}

func (c *completer) append(kind, label, insert, detail string) {
	c.seen[insert] = true
	c.found = append(c.found, Completion{Label: label, Insert: insert, Detail: detail, Kind: kind, From: c.from, To: c.to})
}

func (c *completer) propose(n need, schema *Schema) {
	switch n.kind {
	case needField, needSortField:
		for _, byOtherName := range []bool{false, true} { // "two" is also the beginning of the label of mfa
			for _, f := range schema.Fields() {
				if (n.kind == needField || f.Sortable) && f.begins(c.fold) == byOtherName {
					c.field(f)
				}
			}
		}
	case needOp:
		for _, op := range n.field.Operators() {
			insert := string(op) + " "
			if op == In || op == NotIn {
				insert = string(op) + " ("
			}
			c.add("operator", string(op), insert, "")
		}
	case needArgument:
		c.options(c.values(n.field, true, c.typed), `")`, true)
	case needValue:
		c.value(n.field)
	case needCount: // any number will do
	case needKeyword:
		switch n.word {
		case "(", ")":
			c.add("keyword", n.word, n.word, "")
		case "ORDER":
			c.add("keyword", "ORDER BY", "ORDER BY ", "")
		default:
			c.add("keyword", n.word, n.word+" ", "")
		}
	}
}

// begins tells whether a word of the label or another accepted spelling begins with what has been typed, though not the
// name itself.
func (f *Field) begins(typed string) bool {
	return !strings.HasPrefix(strings.ToLower(f.Name), typed) && slices.ContainsFunc(append(strings.Fields(f.Label), f.Aliases...), func(word string) bool {
		return strings.HasPrefix(strings.ToLower(word), typed)
	})
}

func (c *completer) field(f *Field) {
	if (strings.HasPrefix(strings.ToLower(f.Name), c.fold) || f.begins(c.fold)) && !c.seen[f.Name+" "] {
		c.append("field", f.Name, f.Name+" ", f.Label)
	}
}

func (c *completer) value(f *Field) {
	switch f.Type {
	case Choice:
		for _, o := range f.Options {
			c.add("value", o.Value, o.Value+" ", o.Label)
		}
	case Bool:
		c.add("value", "yes", "yes ", "")
		c.add("value", "no", "no ", "")
	case Date:
		for _, span := range [][2]string{{"-30d", "30 days ago"}, {"-90d", "90 days ago"}, {"-6m", "6 months ago"}, {"-1y", "a year ago"}} {
			c.add("value", span[0], span[0]+" ", span[1])
		}
		for _, name := range functionNames {
			c.add("function", name+"()", name+"() ", Value{Kind: CallValue, Text: name}.explainCall())
		}
	case Number:
	default:
		c.options(c.values(f, false, c.typed), `" `, false)
	}
}

// options adds values that the asked one has already matched against what was typed.
func (c *completer) options(options []Option, end string, argument bool) {
	for _, o := range options {
		insert := strings.TrimSuffix(Quote(o.Value), `"`) + end
		if !c.seen[insert] {
			kind := "value"
			if argument {
				kind = "argument"
			}
			c.append(kind, o.Value, insert, o.Label)
		}
	}
}
