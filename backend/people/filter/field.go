package filter

import (
	"slices"
	"strings"
)

// Type is the type of a field's values.
type Type string

// The types.
const (
	Text   Type = "text"   // any text, compared without regard to case
	Choice Type = "choice" // one of a fixed list of words
	Bool   Type = "bool"   // yes or no
	Number Type = "number" // a whole number
	Date   Type = "date"   // a day
	Set    Type = "set"    // any number of named things, such as groups
)

// Op is an operator as it is printed.
type Op string

// The operators.
const (
	Equal     Op = "="
	NotEqual  Op = "!="
	Like      Op = "~" // contains, without regard to case and accents
	NotLike   Op = "!~"
	In        Op = "in"
	NotIn     Op = "not in"
	Less      Op = "<"
	AtMost    Op = "<="
	Greater   Op = ">"
	AtLeast   Op = ">="
	Empty     Op = "is empty"
	NotEmpty  Op = "is not empty"
	IsUnknown Op = "is unknown"
	IsKnown   Op = "is known"
)

// allOps are all operators.
var allOps = []Op{Equal, NotEqual, Like, NotLike, In, NotIn, Less, AtMost, Greater, AtLeast, Empty, NotEmpty, IsUnknown, IsKnown}

// Negates tells whether op is the negative form of another operator.
func (op Op) Negates() bool {
	return op == NotEqual || op == NotLike || op == NotIn || op == NotEmpty || op == IsKnown
}

// Positive gives the operator that op negates, or op itself.
func (op Op) Positive() Op {
	switch op {
	case NotEqual:
		return Equal
	case NotLike:
		return Like
	case NotIn:
		return In
	case NotEmpty:
		return Empty
	case IsKnown:
		return IsUnknown
	default:
		return op
	}
}

// arity says how many values an operator takes.
func (op Op) arity() (least, most int) {
	switch op {
	case In, NotIn:
		return 1, MaxTerms
	case Empty, NotEmpty, IsUnknown, IsKnown:
		return 0, 0
	default:
		return 1, 1
	}
}

// opsOf are the operators of a type, in the order in which they are offered.
var opsOf = map[Type][]Op{
	Text:   {Equal, NotEqual, Like, NotLike, In, NotIn, Empty, NotEmpty},
	Choice: {Equal, NotEqual, In, NotIn},
	Bool:   {Equal, NotEqual, IsUnknown, IsKnown},
	Number: {Equal, NotEqual, Less, AtMost, Greater, AtLeast, In, NotIn},
	Date:   {Less, AtMost, Greater, AtLeast, Equal, NotEqual, Empty, NotEmpty},
	Set:    {Equal, NotEqual, In, NotIn, Like, NotLike, Empty, NotEmpty},
}

// Option is one value that a field may have.
type Option struct {
	Value string   `json:"value"`           // as it is written in a filter, without quotes
	Label string   `json:"label,omitempty"` // what it means, for the user
	Count int      `json:"count,omitempty"` // how many people have it, 0 when not counted
	Also  []string `json:"-"`               // for Choice: what other programs call it; not accepted, but corrected
}

// Field describes one field of the language.
type Field struct {
	Name     string   // as it is printed: "lastActive"
	Label    string   // for the builder: "Last active"
	Noun     string   // for sentences: "last activity"; "" when the label will do
	Docs     string   // one to three sentences for the admin
	Example  string   // a filter that uses it
	Aliases  []string // other accepted spellings
	Type     Type
	Unit     string   // for Number: what is counted, in the plural, "" where the label says it
	Ops      []Op     // nil: those of the type
	Argument string   // what may stand in parentheses after the name ("app"), "" for nothing; it is always optional
	Options  []Option // for Choice: the accepted words
	Lead     string   // for Text: what people put before a value though it is no part of it, "" for nothing
	Sortable bool
	Bare     bool // words that stand alone are meant as a part of this field's text
}

// Operators gives the field's operators in the order in which they are offered.
func (f *Field) Operators() []Op {
	if f.Ops != nil {
		return f.Ops
	}
	return opsOf[f.Type]
}

func (f *Field) allows(op Op) bool { return slices.Contains(f.Operators(), op) }

// Schema is the set of fields that a filter may use.
type Schema struct {
	fields []*Field
	byName map[string]*Field
}

// NewSchema makes a schema. Of two fields with one name the first wins.
func NewSchema(fields ...*Field) *Schema {
	s := &Schema{fields: fields, byName: map[string]*Field{}}
	for _, f := range fields {
		for _, name := range append([]string{f.Name}, f.Aliases...) {
			if key := strings.ToLower(name); s.byName[key] == nil {
				s.byName[key] = f
			}
		}
	}
	return s
}

// Fields gives the fields in the order in which they were passed.
func (s *Schema) Fields() []*Field { return s.fields }

// Lookup finds a field by name or alias, in any case.
func (s *Schema) Lookup(name string) (*Field, bool) {
	f, ok := s.byName[strings.ToLower(name)]
	return f, ok
}

// bare is the field that words without a field are meant for; nil where there is none.
func (s *Schema) bare() *Field {
	if i := slices.IndexFunc(s.fields, func(f *Field) bool { return f.Bare }); i >= 0 {
		return s.fields[i]
	}
	return nil
}

// suggest adds to an error the field that was likely meant, by its name, another accepted spelling or its label.
func (s *Schema) suggest(err *Error, written string) *Error {
	var names, fields []string
	for _, f := range s.fields {
		for _, name := range append([]string{f.Name, f.Label}, f.Aliases...) {
			names, fields = append(names, name), append(fields, f.Name)
		}
	}
	if name, ok := nearest(written, names); ok {
		err.Suggestion = fields[slices.Index(names, name)]
	}
	return err
}
