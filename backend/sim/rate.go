package sim

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// rateBook counts the calls of each credential and family in the current window.
type rateBook struct {
	mu      sync.Mutex
	windows map[rateKey]*rateWindow
	barred  map[string]time.Time // by family: a rate_limit fault with a delay closes the family until then
}

type rateKey struct{ credential, family string }

type rateWindow struct {
	used int
	ends time.Time
}

// rateState is what a reply says about the limit. The zero value says nothing.
type rateState struct {
	limit, remaining int
	ends             time.Time
	epoch            bool
	form             RetryAfterForm
	reason           string
	jira             bool
	dataCenter       bool
	window           time.Duration
}

func (b *rateBook) init() {
	b.windows, b.barred = map[rateKey]*rateWindow{}, map[string]time.Time{}
}

// take counts a call; limited tells that it is one too many.
func (b *rateBook) take(c *call) (s rateState, limited bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	s = c.rateState()
	if until := b.barred[c.route.family]; now.Before(until) {
		s.limit, s.ends = max(s.limit, 1), until
		return s, true
	}
	rate, ok := c.w.cfg.rateOf(c.route.family)
	if !ok {
		return rateState{}, false
	}
	key := rateKey{c.route.family, c.route.family}
	if c.cred != nil {
		key.credential = c.cred.id
	}
	win := b.windows[key]
	if win == nil || !now.Before(win.ends) {
		win = &rateWindow{ends: now.Add(rate.Window)}
		b.windows[key] = win
	}
	s.limit, s.ends, s.window = rate.Limit, win.ends, rate.Window
	if win.used >= rate.Limit {
		return s, true
	}
	win.used++
	s.remaining = rate.Limit - win.used
	return s, false
}

// bar closes a family for a time.
func (b *rateBook) bar(family string, until time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.barred[family] = until
}

func (c Config) rateOf(family string) (Rate, bool) {
	for _, r := range c.Rates {
		if r.Family == family || r.Family == "" {
			return r, r.Limit > 0 && r.Window > 0
		}
	}
	r, ok := builtInRates[family]
	return r, ok
}

// builtInRates are the only limits that Atlassian has published; they hold where Config.Rates says nothing else.
var builtInRates = map[string]Rate{
	"events-stream": {Limit: 50, Window: time.Minute},
	"events":        {Limit: 10, Window: time.Minute},
}

func (c *call) rateState() rateState {
	return rateState{epoch: c.w.cfg.ResetEpoch, form: c.w.cfg.RetryAfter, jira: c.site >= 0, reason: "jira-burst-based", dataCenter: c.dc != nil}
}

// mark adds the limit's headers to a reply.
func (s rateState) mark(rep reply) reply {
	if s.limit == 0 {
		return rep
	}
	if s.dataCenter {
		return s.markDataCenter(rep)
	}
	if rep.header == nil {
		rep.header = http.Header{}
	}
	reset := s.ends.UTC().Format("2006-01-02T15:04:05.000Z")
	if s.epoch {
		reset = strconv.FormatInt((s.ends.UnixMilli()+999)/1000, 10)
	}
	rep.header.Set("X-RateLimit-Limit", strconv.Itoa(s.limit))
	rep.header.Set("X-RateLimit-Remaining", strconv.Itoa(s.remaining))
	rep.header.Set("X-RateLimit-Reset", reset)
	if s.jira && s.remaining*5 < s.limit {
		rep.header.Set("X-RateLimit-NearLimit", "true")
	}
	return rep
}

// refuse is the 429.
func (s rateState) refuse(c *call) reply {
	rep := s.mark(c.form(http.StatusTooManyRequests, FormAuto))
	if rep.header == nil {
		rep.header = http.Header{}
	}
	wait := time.Until(s.ends)
	switch s.form {
	case RetryNone:
	case RetryDate:
		rep.header.Set("Retry-After", s.ends.Add(time.Second).UTC().Format(http.TimeFormat))
	case RetryGarbage:
		rep.header.Set("Retry-After", "soon")
	case RetryPast:
		rep.header.Set("Retry-After", "-5")
	default:
		rep.header.Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	}
	if s.jira {
		rep.header.Set("RateLimit-Reason", s.reason)
	}
	return rep
}
