package domain

import (
	"context"
	"sync"
	"time"
)

// Talk is told of each request that is made for one thing that was asked for, from any goroutine.
type Talk struct {
	Asked func(party string)  // a request goes out to "Atlassian", or "Jira" for a server of one's own
	Over  func(answered bool) // it has ended
}

type talkKey struct{}

// WithTalk attaches a Talk to all requests that are made with the returned context.
func WithTalk(ctx context.Context, t Talk) context.Context {
	return context.WithValue(ctx, talkKey{}, t)
}

// TalkOf gives the Talk of a context, one that does nothing where there is none.
func TalkOf(ctx context.Context) Talk {
	if t, ok := ctx.Value(talkKey{}).(Talk); ok {
		return t
	}
	return Talk{Asked: func(string) {}, Over: func(bool) {}}
}

// Silence measures how long a server has not answered. The zero value is ready; its methods may be called from several goroutines.
type Silence struct {
	mu    sync.Mutex
	party string
	open  int       // requests without an answer
	since time.Time // the last sign of life, zero while nothing is waited for
}

// Talk is what keeps it; changed is called when a silence may have begun or has ended, and may be nil.
func (s *Silence) Talk(changed func()) Talk {
	if changed == nil {
		changed = func() {}
	}
	return Talk{
		Asked: func(party string) {
			s.mu.Lock()
			s.party = party
			if s.open++; s.since.IsZero() {
				s.since = time.Now()
			}
			s.mu.Unlock()
			changed()
		},
		Over: func(answered bool) {
			s.mu.Lock()
			s.open--
			switch {
			case !answered: // it is asked again, or given up: the silence goes on
			case s.open > 0:
				s.since = time.Now()
			default:
				s.since = time.Time{}
			}
			s.mu.Unlock()
			changed()
		},
	}
}

// For tells how long whom has not answered, 0 when nothing is waited for.
func (s *Silence) For() (party string, d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since.IsZero() {
		return s.party, 0
	}
	return s.party, time.Since(s.since)
}
