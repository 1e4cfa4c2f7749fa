// Package filter is Seatkeeper's filter language, which reads like JQL: it parses, checks, prints, completes and
// explains.
//
// It evaluates nothing and knows no person: what a field means for people stands in people/index and people/fields, and
// no value of a filter ever becomes SQL.
//
// # The language
//
//	status = active AND lastActive("Jira") < -90d AND group not in ("vip") ORDER BY name DESC
//
//	query     = [ or ] [ "ORDER" "BY" order { "," order } ]
//	or        = and { "OR" and }
//	and       = unary { "AND" unary }
//	unary     = "NOT" unary | "(" or ")" | condition
//	order     = field [ "ASC" | "DESC" ]
//	condition = field [ "(" argument ")" ] test
//	value     = word | string | number | date | span | function "(" [ number | span ] ")"
//	test      = ( "=" | "!=" | "~" | "!~" | "<" | "<=" | ">" | ">=" ) value
//	          | [ "NOT" ] "IN" "(" value { "," value } ")"
//	          | "IS" [ "NOT" ] "EMPTY" | "IS" "UNKNOWN" | "IS" "KNOWN"
//
// Words, fields and functions ignore case. A word may hold letters, digits and _ . - @ : / +, so that acme.com needs no
// quotes. Strings stand in " or ' and know \" \' \\ \n \r \t and \u{1F600}. A date is 2026-01-31, a span is -90d, -6w,
// -3m (months) or -1y, counted from today. An empty filter is everybody.
//
// # Unknown is not no
//
// A condition is true, false or unknown; NOT unknown is unknown, and only people for whom the whole filter is true are
// in the list. So neither `managed = yes` nor `managed != yes` nor `NOT managed = yes` finds somebody of whom Atlassian
// does not say it; `managed is unknown` does. The same holds for texts that Atlassian does not show (`department is
// empty`), and for activity that could not be read.
package filter
