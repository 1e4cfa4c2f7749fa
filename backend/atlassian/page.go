package atlassian

import (
	"bytes"
	"encoding/json"
	"slices"
)

// envelope is what all listings of the organization API have in common.
type envelope struct {
	Data  json.RawMessage `json:"data"`
	Links *link           `json:"links"`
	Meta  *link           `json:"meta"`
}

type link struct {
	Next *string `json:"next"`
}

// next is the cursor of the page after this one, "" at the end.
func (e *envelope) next() (string, error) {
	var next *string
	if e.Links != nil {
		next = e.Links.Next
	}
	if next == nil && e.Meta != nil {
		next = e.Meta.Next
	}
	return NextCursor(next)
}

// open reads the envelope of a page. The rows are not looked into: who asks for the next page must not wait for that.
func (a Answer) open() (envelope, error) {
	var e envelope
	err := a.DecodeAround("data", &e.Data, &e)
	return e, err
}

// DecodeAround decodes an object with a long list of rows, which list, a field of out, gets as it stands, for Rows to look into. The list is
// found by its brackets, some ten times faster than by a decoder that checks every value. Anything unusual is left to the decoder.
func (a Answer) DecodeAround(name string, list *json.RawMessage, out any) error {
	rows, rest, ok := cutOut(a.Body, name)
	if !ok {
		return a.Decode(out)
	}
	if err := (Answer{Body: rest}).Decode(out); err != nil {
		return err
	}
	*list = rows
	return nil
}

// cutOut finds a member of an object by its brackets, and gives the object with null in its place. It is not ok about what a decoder may see
// differently: the name twice, in other letters or escaped, or brackets that do not fit.
func cutOut(body []byte, name string) (member, rest []byte, ok bool) {
	at := blanks(body, 0)
	if at >= len(body) || body[at] != '{' {
		return nil, nil, false
	}
	for {
		from := blanks(body, at+1)
		if at = quoted(body, from); at < 0 {
			return nil, nil, false
		}
		key := body[from+1 : at-1]
		if at = blanks(body, at); at >= len(body) || body[at] != ':' {
			return nil, nil, false
		}
		from = blanks(body, at+1)
		if at = value(body, from); at < 0 {
			return nil, nil, false
		}
		switch {
		case member == nil && string(key) == name:
			member, rest = body[from:at:at], slices.Concat(body[:from], []byte("null"), body[at:])
		case bytes.IndexByte(key, '\\') >= 0 || bytes.EqualFold(key, []byte(name)):
			return nil, nil, false
		}
		if at = blanks(body, at); at >= len(body) || body[at] != ',' {
			return member, rest, member != nil && at < len(body) && body[at] == '}' && blanks(body, at+1) == len(body)
		}
	}
}

// blanks gives the place of the first byte from at on that is no blank.
func blanks(body []byte, at int) int {
	for at < len(body) && (body[at] == ' ' || body[at] == '\n' || body[at] == '\t' || body[at] == '\r') {
		at++
	}
	return at
}

// quoted gives the place behind the text that begins at at, -1 where there is none.
func quoted(body []byte, at int) int {
	if at >= len(body) || body[at] != '"' {
		return -1
	}
	for from := at + 1; ; {
		n := bytes.IndexByte(body[from:], '"')
		if n < 0 {
			return -1
		}
		end, slashes := from+n, 0
		for body[end-1-slashes] == '\\' {
			slashes++
		}
		if slashes%2 == 0 {
			return end + 1
		}
		from = end + 1
	}
}

// value gives the place behind the value that begins at at, -1 where it has no end.
func value(body []byte, at int) int {
	if at >= len(body) {
		return -1
	}
	if c := body[at]; c != '{' && c != '[' && c != '"' { // a number or a word
		if n := bytes.IndexAny(body[at:], ",} \n\t\r"); n > 0 {
			return at + n
		}
		return -1
	}
	for depth := 0; at >= 0 && at < len(body); {
		switch body[at] {
		case '"':
			if at = quoted(body, at); depth == 0 {
				return at
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		}
		if at++; depth == 0 {
			return at
		}
	}
	return -1
}
