package filter

// needKind is a kind of thing that may stand somewhere.
type needKind int

const (
	needField needKind = iota
	needSortField
	needOp
	needValue
	needArgument
	needCount // the number or span that a function may take
	needKeyword
)

// need is one thing that may stand at a place; field is the one that an operator, value or argument belongs to.
type need struct {
	kind  needKind
	word  string // for needKeyword
	field *Field
}

func (n need) String() string {
	switch n.kind {
	case needField:
		return "a field"
	case needSortField:
		return "a field to sort by"
	case needOp:
		return "an operator"
	case needArgument:
		return "a name in quotes"
	case needCount:
		return "a number"
	case needValue:
		return wanted[n.field.Type]
	default:
		if n.word == "ORDER" {
			return "ORDER BY"
		}
		return n.word
	}
}

// wanted names the values of a type for messages.
var wanted = map[Type]string{
	Text: "a text", Choice: "a word", Bool: "yes or no", Number: "a whole number", Date: "a date", Set: "a name",
}
