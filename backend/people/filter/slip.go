package filter

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// What people write who know another language, and what they mean.

// otherOps are words and signs that other languages have for an operator.
var otherOps = map[string]Op{
	"==": Equal, "=~": Like, "=!": NotEqual, "=<": AtMost, "=>": AtLeast, "<>": NotEqual, "!==": NotEqual,
	"contains": Like, "like": Like, "has": Like, "equals": Equal, "eq": Equal, "ne": NotEqual, "before": Less, "after": Greater,
	"not contains": NotLike, "not like": NotLike, "not equals": NotEqual,
}

// listOps are the operators for lists, by those for one value that people write before a list.
var listOps = map[Op]Op{Equal: In, NotEqual: NotIn}

// noOperator is the error about the current token, where an operator should stand.
func (p *parser) noOperator(field *Field) *Error {
	err := p.unexpected()
	t := p.tok()
	op, known := otherOps[strings.ToLower(t.text)]
	if op == Like && !field.allows(Like) {
		op = Equal
	}
	switch {
	case t.kind == wordToken && known && field.allows(op):
		err.Suggestion = string(op)
	case t.is("between"):
		err.Message = fmt.Sprintf("Write both ends: %s >= … AND %s <= ….", field.Name, field.Name)
	case field.Type == Bool && t.kind == endToken:
		err.Suggestion = " = yes"
	case field.Type == Bool && (t.is("and") || t.is("or") || t.sign(")")):
		err.Suggestion = strings.TrimSuffix("= yes "+t.text, " ")
	}
	return err
}

// notAfterIs is the error about the current token behind an IS that stands at from: group is "vip", group is not in
// ("vip").
func (p *parser) notAfterIs(field *Field, from int, negated bool) *Error {
	err, t := p.unexpected(), p.tok()
	equal, in := Equal, In
	if negated {
		equal, in = NotEqual, NotIn
	}
	switch {
	case t.is("never") && field.Type == Date && field.allows(Empty):
		err.Pos, err.Suggestion = from, string(map[bool]Op{false: Empty, true: NotEmpty}[negated])
	case t.is("in") && field.allows(in):
		err.Pos, err.Suggestion = from, string(in)
	case t.isValue() && field.allows(equal):
		err.Pos, err.Suggestion = from, string(equal)+" "+t.written()
	}
	return err
}

// curly is the error about a quote that is not plain, and what stands in it.
func curly(text string, pos, size int, closing, plain string) *Error {
	err := errorAt(pos, pos+size, "Use straight quotes.")
	err.Suggestion = plain
	if inner := text[pos+size:]; utf8.ValidString(inner) {
		if end := strings.IndexAny(inner, closing); end >= 0 {
			_, last := utf8.DecodeRuneInString(inner[end:])
			err.End, err.Suggestion = pos+size+end+last, Quote(inner[:end])
		}
	}
	return err
}

// bracketed says more about a list or group in brackets, as other languages have it: status in [active, invited].
func bracketed(text string, before []token, err *Error) *Error {
	closing := map[string]byte{"[": ']', "{": '}'}[text[err.Pos:err.End]]
	if closing == 0 {
		return err
	}
	at, from := err.End, err.End
	for at < len(text) && text[at] != closing {
		if !strings.ContainsRune(" \t\r\n", rune(text[at])) {
			t, mistake := next(text, at)
			if mistake != nil {
				return err // to be mended first
			}
			at = t.end
			continue
		}
		at++
	}
	if at == len(text) {
		return err
	}
	err.Message, err.Suggestion, err.End = "Use parentheses.", "("+text[from:at]+")", at+1
	if len(before) == 0 {
		return err
	}
	last := before[len(before)-1]
	if in := listOps[Op(last.text)]; in != "" && last.kind == opToken {
		err.Message, err.Pos, err.Suggestion = fmt.Sprintf("A list stands in parentheses after %s.", strings.ToUpper(string(in))), last.pos, string(in)+" "+err.Suggestion
	}
	return err
}

// unjoined adds to the error about the current token what would join it with the condition before.
func (p *parser) unjoined(err *Error) *Error {
	switch t := p.tok(); {
	case t.sign(","):
		err.Suggestion = " AND"
	case t.kind == wordToken:
		if _, isField := p.schema.Lookup(t.text); isField {
			err.Suggestion = "AND " + t.text
		}
	}
	return err
}

// unwrapped adds to the error about a list without parentheses the list with them.
func (p *parser) unwrapped(err *Error) {
	at := p.at
	if !p.tokens[at].isValue() {
		return
	}
	values := []string{p.tokens[at].written()}
	for p.tokens[at+1].sign(",") && p.tokens[at+2].isValue() {
		at += 2
		values = append(values, p.tokens[at].written())
	}
	if !p.tokens[at+1].sign("(") { // a function, which lists do not have
		err.End, err.Suggestion = p.tokens[at].end, "("+strings.Join(values, ", ")+")"
	}
}

// bareWords adds to the error about words that stand where a condition should what looks for them: jane doe, or "jane
// doe".
func (p *parser) bareWords(err *Error) *Error {
	field := p.schema.bare()
	if field == nil || err.Suggestion != "" {
		return err
	}
	var words []string
	at := p.at
	for ; p.tokens[at].isValue() && otherOps[strings.ToLower(p.tokens[at].text)] == ""; at++ {
		words = append(words, p.tokens[at].text)
	}
	next := p.tokens[at]
	if len(words) == 0 || next.kind != endToken && !next.is("and") && !next.is("or") && !next.is("order") && !next.sign(")") {
		return err
	}
	err.Message, err.Expected = "To look for a name or e-mail, say so.", nil
	err.End = p.tokens[at-1].end
	err.Suggestion = fmt.Sprintf("%s ~ %s", field.Name, Quote(strings.Join(words, " ")))
	return err
}

// written is the token as it may stand in a text.
func (t token) written() string {
	if t.kind == stringToken {
		return Quote(t.text)
	}
	return t.text
}

// isValue tells whether the token may be a value.
func (t token) isValue() bool {
	switch t.kind {
	case stringToken, numberToken, dateToken, spanToken:
		return true
	case wordToken:
		return !reserved[strings.ToLower(t.text)]
	default:
		return false
	}
}

// emptied is the error about the reserved word EMPTY in place of a value: = EMPTY is how JQL writes IS EMPTY.
func (p *parser) emptied(err *Error, field *Field) *Error {
	op := p.tokens[p.at-1]
	is := map[string]Op{"=": Empty, "!=": NotEmpty}[op.text]
	switch {
	case !field.allows(Empty) && is != "" && field.allows(IsUnknown):
		err.Message, err.Pos, err.Suggestion = "Write IS UNKNOWN.", op.pos, string(map[Op]Op{Empty: IsUnknown, NotEmpty: IsKnown}[is])
	case !field.allows(Empty):
		err.Message = fmt.Sprintf("%s is never empty.", field.Name)
	case is == "":
		err.Message = "Write IS EMPTY or IS NOT EMPTY."
	default:
		err.Message = fmt.Sprintf("Write %s.", strings.ToUpper(string(is)))
		err.Pos, err.Suggestion = op.pos, string(is)
	}
	return err
}

var (
	agoPattern  = regexp.MustCompile(`(?i)^([+-]?)([0-9]{1,5}) ?(h|d|w|m|y|mo|mth|hours?|days?|weeks?|months?|years?)( ago)?$`)
	unitPattern = regexp.MustCompile(`(?i)^(hours?|days?|weeks?|months?|years?|mo)$`)
)

// ago turns "90 days", "3 months ago" and -36h into a span; days are the least there is.
func ago(s string) string {
	m := agoPattern.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return ""
	}
	n, _ := strconv.Atoi(m[2])
	unit := strings.ToLower(m[3][:1])
	if unit == "h" {
		n, unit = (n+23)/24, "d"
	}
	sign := m[1]
	if sign == "" || m[4] != "" {
		sign = "-" // what people mean: few things here lie ahead
	}
	return canonicalSpan(sign + strconv.Itoa(n) + unit)
}

// unitAfter is the mistake of writing a unit as a word: 90 days.
func (p *parser) unitAfter(v Value) *Error {
	from, t := v, p.tok()
	if from.Kind != NumberValue || t.kind != wordToken || !unitPattern.MatchString(t.text) {
		return nil
	}
	err := errorAt(from.Pos, t.end, "Write days, weeks, months and years as -90d, -6w, -3m and -1y.")
	err.Suggestion = ago(from.Text + " " + t.text)
	return err
}

// guessDate proposes what a writer may have meant by a text that is no date.
func guessDate(s string) string {
	day, _, timed := strings.Cut(strings.Replace(s, " ", "T", 1), "T")
	if timed && isDate(day) {
		return day
	}
	for _, layout := range []string{"2006-1-2", "2006/1/2", "2006.1.2", "2.1.2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format(time.DateOnly)
		}
	}
	switch strings.ToLower(s) {
	case "today":
		return "now()"
	case "yesterday":
		return "-1d"
	case "tomorrow":
		return "+1d"
	}
	if n, ok := smallNumber(s); ok {
		if n > 0 {
			n = -n
		}
		return canonicalSpan(strconv.Itoa(n) + "d")
	}
	return ago(s)
}

// guessNumber proposes the number that is meant by one with a unit, in the unit of the field.
func (f *Field) guessNumber(s string) string {
	m := agoPattern.FindStringSubmatch(s)
	hours := map[string]int{"h": 1, "d": 24, "w": 7 * 24}
	if m == nil || f.Unit != "hours" || hours[strings.ToLower(m[3][:1])] == 0 {
		return ""
	}
	n, _ := strconv.Atoi(m[2])
	return strconv.Itoa(n * hours[strings.ToLower(m[3][:1])])
}
