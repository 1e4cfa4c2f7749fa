package atlassian

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Call is one request. Template is the path with {} for each argument; the arguments are escaped into it, and the log shows only
// the template.
type Call struct {
	Method   string
	Template string
	Args     []string
	Query    url.Values
	Body     any  // sent as JSON; a POST without one sends {}, because Atlassian answers 415 to a POST without a body
	NoSecret bool // without the credential
}

// Get makes a reading call.
func Get(template string, args ...string) Call {
	return Call{Method: http.MethodGet, Template: template, Args: args}
}

// Post makes a call with a body.
func Post(body any, template string, args ...string) Call {
	return Call{Method: http.MethodPost, Template: template, Args: args, Body: body}
}

// Put makes a call that replaces something.
func Put(body any, template string, args ...string) Call {
	return Call{Method: http.MethodPut, Template: template, Args: args, Body: body}
}

// Patch makes a call that changes some fields of something.
func Patch(body any, template string, args ...string) Call {
	return Call{Method: http.MethodPatch, Template: template, Args: args, Body: body}
}

// Delete makes a removing call.
func Delete(template string, args ...string) Call {
	return Call{Method: http.MethodDelete, Template: template, Args: args}
}

// With adds query parameters, given as name, value, name, value.
func (c Call) With(pairs ...string) Call {
	q := url.Values{}
	maps.Copy(q, c.Query)
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Add(pairs[i], pairs[i+1])
	}
	c.Query = q
	return c
}

// path is the escaped path and query.
func (c Call) path() string {
	var b strings.Builder
	rest := c.Template
	for _, arg := range c.Args {
		before, after, found := strings.Cut(rest, "{}")
		if !found {
			break
		}
		b.WriteString(before)
		b.WriteString(url.PathEscape(arg))
		rest = after
	}
	b.WriteString(rest)
	if len(c.Query) > 0 {
		b.WriteByte('?')
		b.WriteString(c.Query.Encode())
	}
	return b.String()
}

// body is the JSON to send, nil for none.
func (c Call) body() ([]byte, error) {
	if c.Body == nil {
		if c.Method == http.MethodPost {
			return []byte("{}"), nil
		}
		return nil, nil
	}
	return json.Marshal(c.Body) //nolint:wrapcheck // wrapped by the caller
}

// Answer is what a read got.
type Answer struct {
	Status int
	Body   []byte
}

// Decode reads the whole body into out; a body that is no such JSON is a contract error.
func (a Answer) Decode(out any) error {
	if err := decode(a.Body, out); err != nil {
		if _, broken := errors.AsType[*jsontext.SyntacticError](err); broken {
			return contractBecause("it is cut off or garbled", err)
		}
		return contractBecause("the answer has another shape than expected", err)
	}
	return nil
}

// lenient lets pass what encoding/json lets pass: a server's slip in the letters of a name or in one character is no reason to refuse a page.
var lenient = jsonv2.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsonv2.MatchCaseInsensitiveNames(true))

// decode reads JSON. What a sync computes is mostly this, and encoding/json takes twice as long.
func decode(raw []byte, into any) error {
	err := jsonv2.Unmarshal(raw, into, lenient)
	if _, shape := errors.AsType[*jsonv2.SemanticError](err); shape {
		if whole, changed := wholeNumbers(raw); changed {
			return jsonv2.Unmarshal(whole, into, lenient) //nolint:wrapcheck // wrapped by the callers
		}
	}
	return err //nolint:wrapcheck // as above
}

// wholeNumbers writes whole numbers without a fraction or an exponent: some servers and proxies write 50 as 50.0 or 5e1, which is the same
// number in JSON and no number to count with in Go.
func wholeNumbers(raw []byte) (out []byte, changed bool) {
	const exact = 1 << 53
	var b bytes.Buffer
	to := jsontext.NewEncoder(&b, lenient)
	for from := jsontext.NewDecoder(bytes.NewReader(raw), lenient); ; {
		token, err := from.ReadToken()
		if err != nil {
			return b.Bytes(), changed && errors.Is(err, io.EOF)
		}
		if token.Kind() == '0' && strings.ContainsAny(token.String(), ".eE") {
			if n, err := strconv.ParseFloat(token.String(), 64); err == nil && n == math.Trunc(n) && math.Abs(n) < exact {
				token, changed = jsontext.Int(int64(n)), true
			}
		}
		if to.WriteToken(token) != nil {
			return nil, false
		}
	}
}
