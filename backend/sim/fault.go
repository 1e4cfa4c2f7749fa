package sim

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"
)

// FaultKind is what goes wrong.
type FaultKind string

// The kinds. "Not carried out" and "carried out" speak of the change that the request asks for.
const (
	FaultLatency      FaultKind = "latency"                  // Delay more, then as usual
	FaultStatus       FaultKind = "status"                   // Status (default 503) in the form Body; not carried out
	FaultRateLimit    FaultKind = "rate_limit"               // a 429; with a Delay the whole family stays closed that long
	FaultCut          FaultKind = "cut"                      // the connection is cut before anything is done
	FaultRefused      FaultKind = "refused"                  // no connection; only in process, served it is a cut
	FaultNoNetwork    FaultKind = "no_network"               // the host name is not found; only in process, served it is a cut
	FaultCutBody      FaultKind = "cut_body"                 // as usual, but the answer's body ends in its middle
	FaultStall        FaultKind = "stall"                    // as usual, but the body comes Delay after the headers
	FaultNoAnswer     FaultKind = "applied_no_answer"        // carried out, then the connection is cut
	FaultLate         FaultKind = "applied_late"             // Status (default 204) at once, carried out after Delay
	FaultTwice        FaultKind = "applied_twice"            // carried out twice, as by a server that retries
	FaultErrorApplied FaultKind = "server_error_applied"     // carried out, but the answer is Status (default 500)
	FaultError        FaultKind = "server_error_not_applied" // Status (default 500); not carried out
	FaultFalseSuccess FaultKind = "success_not_applied"      // Status (default 204); not carried out
	FaultHTML         FaultKind = "html"                     // a captive portal's page with Status (default 200); not carried out
	FaultRedirect     FaultKind = "redirect"                 // Status (default 302) to Location; not carried out
	FaultBadJSON      FaultKind = "bad_json"                 // as usual, but the body is no JSON
	FaultWrongShape   FaultKind = "wrong_shape"              // as usual, but the body is JSON of another shape
	FaultPageEmpty    FaultKind = "page_empty"               // a list's page without rows, but with a next one
	FaultPageShort    FaultKind = "page_short"               // a list's page with half of the rows asked for
	FaultPageRepeat   FaultKind = "page_repeat"              // a list's page whose next cursor leads to itself
	FaultPageLost     FaultKind = "page_lost"                // a list's page without the rows of its second half, which never come
	FaultPageEnd      FaultKind = "page_end"                 // a list's page that says it is the last
	FaultNameless     FaultKind = "row_without_id"           // as usual, but a row of the list has no id
	FaultRowTwice     FaultKind = "row_twice"                // as usual, but the list's first row comes again at its end and is counted
	FaultFractions    FaultKind = "fractions"                // as usual, but whole numbers are written as 50.0
	FaultIgnores      FaultKind = "ignores_narrowing"        // answers as if Ignore was not asked for, or Instead was
)

// BodyForm is the form of a refusal's body.
type BodyForm string

// The forms. FormAuto, the zero value, is the one that the call's family uses.
const (
	FormAuto      BodyForm = ""
	FormErrors    BodyForm = "errors"    // {"errors":[{"code":"ADMIN-..."}]}
	FormProxy     BodyForm = "proxy"     // {"code":401,"message":"..."}
	FormForbidden BodyForm = "forbidden" // {"timestamp":...,"status":403,...}
	FormKey       BodyForm = "key"       // {"key":"..."}
	FormList      BodyForm = "list"      // [{"code":"..."}]
	FormJira      BodyForm = "jira"      // {"errorMessages":[...]}
	FormGateway   BodyForm = "gateway"   // {"message":"...","status-code":401}
	FormText      BodyForm = "text"
	FormHTML      BodyForm = "html"
	FormEmpty     BodyForm = "empty"
)

// Fault is a rule: which requests it strikes, how often, and what happens to them. As JSON its fields are written as
// "name", "method", "path", "accountId", "site", "skip", "count", "probability", "kind", "body", "status", "delay" ("2s"), "location", "retryAfter", "ignore", "instead".
//
//nolint:recvcheck // a value marshals, a pointer unmarshals: encoding/json wants it so
type Fault struct {
	Name        string
	Method      string  // "" is any
	Path        string  // pattern for the path or its template: * is any run of characters; "" is any path
	AccountID   string  // a request that names this person; "" is any
	Site        string  // name of the site asked, "-" the API host; "" is any
	Skip        int     // so many matching requests pass first
	Count       int     // so many are struck, then the rule is spent; 0 is without end
	Probability float64 // of a strike; 0 is always
	Kind        FaultKind
	Body        BodyForm
	Status      int
	Delay       time.Duration
	Location    string
	RetryAfter  string // the header of that name, with Status
	// Ignore names what narrows a question: a parameter, a field of the body or a part of the path; only requests that have it are struck.
	// Instead is taken in its place, "" for everything there is.
	Ignore, Instead string
}

type faultJSON struct {
	Name        string    `json:"name,omitempty"`
	Method      string    `json:"method,omitempty"`
	Path        string    `json:"path,omitempty"`
	AccountID   string    `json:"accountId,omitempty"`
	Site        string    `json:"site,omitempty"`
	Skip        int       `json:"skip,omitempty"`
	Count       int       `json:"count,omitempty"`
	Probability float64   `json:"probability,omitempty"`
	Kind        FaultKind `json:"kind"`
	Body        BodyForm  `json:"body,omitempty"`
	Status      int       `json:"status,omitempty"`
	Delay       string    `json:"delay,omitempty"`
	Location    string    `json:"location,omitempty"`
	RetryAfter  string    `json:"retryAfter,omitempty"`
	Ignore      string    `json:"ignore,omitempty"`
	Instead     string    `json:"instead,omitempty"`
}

// MarshalJSON implements json.Marshaler.
func (f Fault) MarshalJSON() ([]byte, error) {
	j := faultJSON{f.Name, f.Method, f.Path, f.AccountID, f.Site, f.Skip, f.Count, f.Probability, f.Kind, f.Body, f.Status, "", f.Location, f.RetryAfter, f.Ignore, f.Instead}
	if f.Delay != 0 {
		j.Delay = f.Delay.String()
	}
	return json.Marshal(j)
}

// UnmarshalJSON implements json.Unmarshaler. An unknown kind is an error: a misspelled rule would break nothing unseen.
func (f *Fault) UnmarshalJSON(data []byte) error {
	var j faultJSON
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	*f = Fault{j.Name, j.Method, j.Path, j.AccountID, j.Site, j.Skip, j.Count, j.Probability, j.Kind, j.Body, j.Status, 0, j.Location, j.RetryAfter, j.Ignore, j.Instead}
	if j.Delay != "" {
		d, err := time.ParseDuration(j.Delay)
		if err != nil {
			return fmt.Errorf("sim: delay of the fault %q: %w", j.Name, err)
		}
		f.Delay = d
	}
	if _, known := strikes[j.Kind]; !known {
		return fmt.Errorf("sim: there is no kind of fault %q", j.Kind)
	}
	return nil
}

// faultBook holds the rules with what is left of them.
type faultBook struct {
	mu    sync.Mutex
	rng   *rand.Rand
	rules []faultRule
}

type faultRule struct {
	Fault
	seen, struck int
}

func (b *faultBook) init(seed uint64) { b.rng = rand.New(rand.NewPCG(seed, 0xfa017)) }

// AddFault adds a rule behind the others. Of several that match a request the first one strikes. An unknown kind panics.
func (w *World) AddFault(f Fault) {
	if _, known := strikes[f.Kind]; !known {
		panic(fmt.Sprintf("sim: there is no kind of fault %q", f.Kind))
	}
	w.faults.mu.Lock()
	defer w.faults.mu.Unlock()
	w.faults.rules = append(w.faults.rules, faultRule{Fault: f})
}

// SetFaults replaces all rules; without arguments nothing goes wrong any more.
func (w *World) SetFaults(faults ...Fault) {
	w.faults.mu.Lock()
	w.faults.rules = nil
	w.faults.mu.Unlock()
	for _, f := range faults {
		w.AddFault(f)
	}
}

// pick finds the first rule that strikes the call.
func (b *faultBook) pick(c *call) (Fault, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.rules {
		r := &b.rules[i]
		if !r.matches(&c.entry) || r.Kind == FaultIgnores && !c.narrowedBy(r.Ignore) || r.Count > 0 && r.struck >= r.Count {
			continue
		}
		if r.seen++; r.seen <= r.Skip {
			continue
		}
		if r.Probability > 0 && b.rng.Float64() >= r.Probability {
			continue
		}
		r.struck++
		return r.Fault, true
	}
	return Fault{}, false
}

func (f *Fault) matches(e *Entry) bool {
	if f.Method != "" && !strings.EqualFold(f.Method, e.Method) {
		return false
	}
	if f.Site == "-" && e.Site != "" || f.Site != "" && f.Site != "-" && f.Site != e.Site {
		return false
	}
	if f.AccountID != "" && !slices.Contains(e.Accounts, f.AccountID) {
		return false
	}
	return f.Path == "" || glob(f.Path, e.Path) || glob(f.Path, e.Template)
}

// glob matches a pattern in which * stands for any run of characters, also across slashes.
func glob(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == s
	}
	if !strings.HasPrefix(s, parts[0]) {
		return false
	}
	s = s[len(parts[0]):]
	for _, p := range parts[1 : len(parts)-1] {
		i := strings.Index(s, p)
		if i < 0 {
			return false
		}
		s = s[i+len(p):]
	}
	return strings.HasSuffix(s, parts[len(parts)-1])
}
