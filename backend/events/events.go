// Package events is the in-process bus by which services tell that something changed.
//
// It knows no window: the desktop package forwards its events to the page.
package events

import (
	"sync"

	"seatkeeper/backend/domain"
)

// Topic says what an event is about.
type Topic string

// The topics.
const (
	SourcesChanged  Topic = "sources"  // no payload
	SettingsChanged Topic = "settings" // no payload
	SyncProgress    Topic = "sync"     // Payload is domain.Sync; at most 10 a second for a source
	PeopleChanged   Topic = "people"   // the local copy of SourceID has new content
	RunProgress     Topic = "run"      // Payload is domain.Run; at most 10 a second for a run
	RunsChanged     Topic = "runs"     // runs were added, finished or deleted
	// TasksChanged: when a task is due next has changed; Payload is domain.NextTask, or nil where a task of SourceID or its runs have changed.
	TasksChanged Topic = "tasks"
	// PlanRechecked: the people of a plan are being read afresh; Payload is domain.RecheckProgress.
	PlanRechecked Topic = "recheck"
	// Silent: a call of the window waits for a server that does not answer; Payload is SilencePayload, once a second and once at its end.
	Silent  Topic = "silence"
	Notice  Topic = "notice" // Payload is NoticePayload
	KeysDue Topic = "keys"   // a reminder about the end of a key is due; no payload: each channel takes its own
)

// NoticePayload is a message for the operator that belongs to no page.
type NoticePayload struct {
	Level   string // "info", "success", "warning", "error"
	Title   string
	Message string
}

// SilencePayload says how long a call of the window has had no answer from outside.
type SilencePayload struct {
	Call    string // "Sources.Test"
	Party   string // who is silent: "Atlassian", or "Jira"
	Seconds int    // 0: no longer
}

// Event is one message on the bus.
type Event struct {
	Topic    Topic
	SourceID string // "" when not about one source
	Payload  any
}

// Bus delivers events to all subscribers, in order, one at a time for each subscriber. The zero value is ready.
type Bus struct {
	mu   sync.Mutex
	next int
	subs map[int]func(Event)
}

// Subscribe calls fn for each later event until the returned function is called. fn must not block.
func (b *Bus) Subscribe(fn func(Event)) (unsubscribe func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.subs == nil {
		b.subs = map[int]func(Event){}
	}
	id := b.next
	b.next++
	b.subs[id] = fn
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		delete(b.subs, id)
	}
}

// Publish delivers e. A nil bus drops it, so that tests need none.
func (b *Bus) Publish(e Event) {
	if b == nil {
		return
	}
	b.mu.Lock()
	fns := make([]func(Event), 0, len(b.subs))
	for id := range b.next {
		if fn, ok := b.subs[id]; ok {
			fns = append(fns, fn)
		}
	}
	b.mu.Unlock()
	for _, fn := range fns {
		fn(e)
	}
}

// SyncEvent makes a SyncProgress event.
func SyncEvent(s domain.Sync) Event {
	return Event{Topic: SyncProgress, SourceID: s.SourceID, Payload: s}
}

// RunEvent makes a RunProgress event.
func RunEvent(r domain.Run) Event {
	return Event{Topic: RunProgress, SourceID: r.SourceID, Payload: r}
}
