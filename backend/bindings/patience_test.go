package bindings

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// A call that waits for a silent server says so from five seconds on, once a second; cancelling by its name ends it, and nothing else.
func TestSilenceIsToldAndCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var p patience
		var told []events.SilencePayload
		bus := &events.Bus{}
		bus.Subscribe(func(e events.Event) { told = append(told, e.Payload.(events.SilencePayload)) })
		ctx, done := p.watch(t.Context(), "Sources.Test", bus)
		other, otherDone := p.watch(t.Context(), "Sources.Add", bus)
		defer otherDone()

		talk := domain.TalkOf(ctx)
		talk.Asked("Jira")
		time.Sleep(4500 * time.Millisecond)
		if len(told) != 0 {
			t.Fatalf("told too early: %v", told)
		}
		talk.Over(true)
		talk.Asked("Jira") // it answers, slowly
		time.Sleep(4500 * time.Millisecond)
		if len(told) != 0 {
			t.Fatalf("a slow server is no silent one: %v", told)
		}
		talk.Over(false) // no answer; it is asked again
		talk.Asked("Jira")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if len(told) != 2 || told[1] != (events.SilencePayload{Call: "Sources.Test", Party: "Jira", Seconds: 6}) {
			t.Fatalf("told %v", told)
		}
		p.cancel("Sources.Test")
		<-ctx.Done()
		if e := domain.AsError(givenUp(ctx)); e == nil || e.Code != domain.Cancelled || other.Err() != nil {
			t.Errorf("%v, the other call: %v", e, other.Err())
		}
		done()
		if last := told[len(told)-1]; last.Seconds != 0 {
			t.Errorf("nothing tells that it is over: %v", told)
		}
		if slices.ContainsFunc(told, func(s events.SilencePayload) bool { return s.Call != "Sources.Test" }) {
			t.Errorf("another call was told of: %v", told)
		}
		p.cancel("Sources.Test") // nobody is left
	})
}

// Only what the operator ended is given up.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := givenUp(ctx); err != nil {
		t.Error(err)
	}
}
