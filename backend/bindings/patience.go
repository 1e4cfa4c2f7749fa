package bindings

import (
	"context"
	"errors"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// errGivenUp is why the context of a call ended that the operator does not want to wait for any more.
var errGivenUp = errors.New("given up by the operator")

// patience watches the calls of the page that are under way: it tells when one waits for a server that does not answer, and ends it when the
// operator has waited enough. It is there for all bound methods alike.
type patience struct {
	mu    sync.Mutex
	calls map[string]map[*context.CancelCauseFunc]bool // by the call's name
}

// watch gives the context of one call; done must be called at its end.
func (p *patience) watch(ctx context.Context, what string, bus *events.Bus) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	p.mu.Lock()
	if p.calls == nil {
		p.calls = map[string]map[*context.CancelCauseFunc]bool{}
	}
	if p.calls[what] == nil {
		p.calls[what] = map[*context.CancelCauseFunc]bool{}
	}
	p.calls[what][&cancel] = true
	p.mu.Unlock()

	var silence domain.Silence
	var once sync.Once
	over := make(chan struct{})
	var telling sync.WaitGroup
	talk := silence.Talk(nil)
	asked := talk.Asked
	talk.Asked = func(party string) { // only a call that asks somebody is watched
		asked(party)
		once.Do(func() { telling.Go(func() { tellSilence(bus, what, &silence, over) }) })
	}
	return domain.WithTalk(ctx, talk), func() {
		p.mu.Lock()
		delete(p.calls[what], &cancel)
		p.mu.Unlock()
		once.Do(func() {})
		close(over)
		telling.Wait()
		cancel(nil)
	}
}

// tellSilence publishes how long there has been no answer, once a second from MaxSilence on.
func tellSilence(bus *events.Bus, what string, silence *domain.Silence, over <-chan struct{}) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	told := false
	tell := func(party string, seconds int) {
		told = seconds > 0
		bus.Publish(events.Event{Topic: events.Silent, Payload: events.SilencePayload{Call: what, Party: party, Seconds: seconds}})
	}
	for {
		select {
		case <-over:
			if told {
				tell("", 0)
			}
			return
		case <-tick.C:
		}
		switch party, d := silence.For(); {
		case d >= domain.MaxSilence:
			tell(party, int(d/time.Second))
		case told:
			tell("", 0)
		}
	}
}

// cancel ends the calls of that name.
func (p *patience) cancel(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.calls[what] {
		(*c)(errGivenUp)
	}
}

// givenUp is the error of a call that the operator ended before it came to anything, nil for any other.
func givenUp(ctx context.Context) error {
	if !errors.Is(context.Cause(ctx), errGivenUp) {
		return nil
	}
	return &domain.Error{Code: domain.Cancelled, Reason: "given_up", Message: "Stopped.", Hint: "Nothing was saved."}
}
