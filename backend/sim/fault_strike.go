package sim

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"
)

// strikes says for each kind of fault what becomes of a call. An entry that is nil shapes a page and acts within the handler.
var strikes = map[FaultKind]func(*call, Fault) reply{
	FaultLatency: func(c *call, f Fault) reply {
		if err := sleep(c.ctx, f.Delay); err != nil {
			return reply{err: err}
		}
		return c.carryOut()
	},
	FaultStatus:    strikeStatus,
	FaultRateLimit: strikeRateLimit,
	FaultCut:       func(*call, Fault) reply { return reply{err: errCut()} },
	FaultRefused:   func(*call, Fault) reply { return reply{err: errRefused()} },
	FaultNoNetwork: func(*call, Fault) reply { return reply{err: errNoHost(apiHost)} },
	FaultCutBody: func(c *call, _ Fault) reply {
		rep := c.carryOut().encoded()
		rep.half = true
		if len(rep.body) == 0 {
			rep = reply{err: errCut()} // an answer without a body is cut before it
		}
		return rep
	},
	FaultStall: func(c *call, f Fault) reply {
		rep := c.carryOut()
		rep.stall = f.Delay
		return rep
	},
	FaultNoAnswer: func(c *call, _ Fault) reply {
		if rep := c.carryOut(); rep.err != nil {
			return rep
		}
		return reply{err: errCut()}
	},
	FaultLate: strikeLate,
	FaultTwice: func(c *call, _ Fault) reply {
		rep := c.carryOut()
		if rep.err == nil && rep.status < 300 {
			c.carryOut()
		}
		return rep
	},
	FaultErrorApplied: func(c *call, f Fault) reply {
		if rep := c.carryOut(); rep.err != nil || rep.status >= 300 {
			return rep
		}
		return c.form(cmp.Or(f.Status, http.StatusInternalServerError), f.Body)
	},
	FaultError:        func(c *call, f Fault) reply { return c.form(cmp.Or(f.Status, http.StatusInternalServerError), f.Body) },
	FaultFalseSuccess: func(_ *call, f Fault) reply { return reply{status: cmp.Or(f.Status, http.StatusNoContent)} },
	FaultHTML: func(_ *call, f Fault) reply {
		return plain(cmp.Or(f.Status, http.StatusOK), "text/html;charset=UTF-8",
			"<!DOCTYPE html><html><head><title>Welcome to Airport WiFi</title></head><body><form>Accept the terms</form></body></html>")
	},
	FaultRedirect: func(_ *call, f Fault) reply {
		return reply{status: cmp.Or(f.Status, http.StatusFound), header: http.Header{"Location": {cmp.Or(f.Location, "https://elsewhere.example/login")}}}
	},
	FaultBadJSON: func(c *call, _ Fault) reply {
		rep := c.carryOut().encoded()
		rep.body = append(slices.Clone(rep.body[:len(rep.body)*2/3]), `<<<`...)
		return rep
	},
	FaultWrongShape: func(c *call, _ Fault) reply {
		rep := c.carryOut()
		rep.value, rep.body = map[string]any{"result": "ok", "items": map[string]int{"count": 0}}, nil
		return rep
	},
	FaultIgnores:   strikeIgnores,
	FaultNameless:  strikeRows(nameless),
	FaultRowTwice:  strikeRows(firstTwice),
	FaultFractions: strikeFractions,
	FaultPageEmpty: nil, FaultPageShort: nil, FaultPageRepeat: nil, FaultPageLost: nil, FaultPageEnd: nil,
}

// encoded turns the reply's value into its body.
func (rep reply) encoded() reply {
	if rep.body == nil && rep.value != nil {
		rep.body = encode(rep.value)
	}
	return rep
}

func (c *call) runFaulty(f Fault) reply {
	strike := strikes[f.Kind]
	if strike == nil {
		c.page = f.Kind
		return c.carryOut()
	}
	return strike(c, f)
}

func strikeStatus(c *call, f Fault) reply {
	rep := c.form(cmp.Or(f.Status, http.StatusServiceUnavailable), f.Body)
	if f.RetryAfter != "" {
		rep.header = http.Header{"Retry-After": {f.RetryAfter}}
	}
	return rep
}

func strikeRateLimit(c *call, f Fault) reply {
	s := c.rateState()
	s.limit, s.ends = 1, time.Now().Add(cmp.Or(f.Delay, time.Second))
	if f.Location != "" {
		s.reason = f.Location
	}
	if c.route != nil && f.Delay > 0 {
		c.w.rates.bar(c.route.family, s.ends)
	}
	return s.refuse(c)
}

// lateCall is a change that was answered already and is still to be carried out.
type lateCall struct {
	due int64 // unix nanoseconds
	c   *call
}

// strikeLate answers now and leaves the change for later. Who may not make the change is refused as usual.
func strikeLate(c *call, f Fault) reply {
	if c.route == nil || !c.route.mutates {
		return c.carryOut()
	}
	if rep, ok := c.authenticate(); !ok {
		return rep
	}
	w := c.w
	later := *c
	later.ctx = context.Background()
	w.mu.Lock()
	w.late = append(w.late, lateCall{due: time.Now().Add(f.Delay).UnixNano(), c: &later})
	w.wakeAt(w.late[len(w.late)-1].due)
	w.mu.Unlock()
	c.late = &later
	status := cmp.Or(f.Status, http.StatusNoContent)
	if status >= 300 {
		return c.form(status, f.Body)
	}
	return reply{status: status}
}

// runLate carries out the late calls that are due, in the order of their times. The caller holds the lock.
func (w *World) runLate(now int64) {
	slices.SortStableFunc(w.late, func(a, b lateCall) int { return cmp.Compare(a.due, b.due) })
	for len(w.late) > 0 && w.late[0].due <= now {
		l := w.late[0]
		w.late = w.late[1:]
		l.c.now = l.due
		l.c.handle()
		w.journal.amend(l.c.entry.Seq, func(e *Entry) {
			e.Applied = e.Applied || l.c.entry.Applied
			e.Changed += l.c.entry.Changed
		})
	}
}
