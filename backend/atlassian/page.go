package atlassian

import (
	"bytes"
	"encoding/json"
	"strings"
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
	if e, ok := split(a.Body); ok {
		return e, nil
	}
	var e envelope
	err := a.Decode(&e)
	return e, err
}

// split finds the parts of an envelope by their brackets, some ten times faster than a decoder that checks every value. It is not ok
// about anything unusual, which is left to the decoder.
func split(body []byte) (e envelope, ok bool) {
	at := blanks(body, 0)
	if at >= len(body) || body[at] != '{' {
		return e, false
	}
	for {
		from := blanks(body, at+1)
		at = quoted(body, from)
		if at < 0 {
			return e, false
		}
		name := body[from+1 : at-1]
		if at = blanks(body, at); at >= len(body) || body[at] != ':' {
			return e, false
		}
		from = blanks(body, at+1)
		if at = value(body, from); at < 0 || !e.take(string(name), body[from:at]) {
			return e, false
		}
		if at = blanks(body, at); at >= len(body) {
			return e, false
		}
		if body[at] == '}' {
			return e, blanks(body, at+1) == len(body)
		}
		if body[at] != ',' {
			return e, false
		}
	}
}

// take keeps one part of the envelope. It refuses what a decoder may see differently: a name twice, in other letters or escaped.
func (e *envelope) take(name string, raw []byte) bool {
	into := &e.Links
	switch name {
	case "data":
		again := e.Data != nil
		e.Data = raw
		return !again
	case "meta":
		into = &e.Meta
	case "links":
	default:
		return !strings.Contains(name, `\`) && !strings.EqualFold(name, "data") && !strings.EqualFold(name, "links") && !strings.EqualFold(name, "meta")
	}
	return *into == nil && json.Unmarshal(raw, into) == nil
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
		if n := bytes.IndexAny(body[at:], ",} \n\t\r"); n > 0 && json.Valid(body[at:at+n]) {
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
