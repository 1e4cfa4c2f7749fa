package desktop

import (
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// openEvent carries the Place of a note that was clicked to the page.
const openEvent = "open"

// Place is what the window shows after a click on a note.
type Place struct {
	Page     string `json:"page"`     // "sources" or "runs"
	SourceID string `json:"sourceId"` // of the key to be replaced, "" for none
	RunID    string `json:"runId"`    // "" for none
}

// note is a notification of the desktop, for a person who does not look at the window.
type note struct {
	title, body string
	place       Place
}

// noteHost shows notes. Its methods wait for the desktop, at most about a second.
type noteHost interface {
	available() bool // whether anybody shows notes at the moment
	post(n note) error
	close()
}

// teller decides what is told on the desktop: keys that end, a sync that failed, and a run that came to rest while the window was hidden.
type teller struct {
	host   noteHost
	what   Attachment
	hidden func() bool
	log    *slog.Logger

	mu      sync.Mutex
	running map[string]bool // runs that were seen running
	failed  map[string]bool // sources whose failed sync was told
	queue   []events.Event
	wake    chan struct{}
}

func newTeller(host noteHost, what Attachment, hidden func() bool, log *slog.Logger) *teller {
	return &teller{host: host, what: what, hidden: hidden, log: log, running: map[string]bool{}, failed: map[string]bool{}, wake: make(chan struct{}, 1)}
}

// run follows the bus until the returned function is called. Publishers never wait for the desktop.
func (t *teller) run() (stop func()) {
	t.take(events.Event{Topic: events.KeysDue}) // what became due before anybody listened
	off := t.what.Bus.Subscribe(t.take)
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-t.wake:
				t.tell()
			case <-end:
				return
			}
		}
	}()
	return func() {
		off()
		close(end)
		<-ended
		t.host.close()
	}
}

// take keeps an event that may have to be told.
func (t *teller) take(e events.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch p := e.Payload.(type) {
	case domain.Run:
		was := t.running[p.ID]
		if p.State == domain.RunRunning {
			t.running[p.ID] = true
			return
		}
		delete(t.running, p.ID)
		if !was || !t.hidden() {
			return
		}
	case domain.Sync:
		if p.State != domain.SyncFailed {
			if p.State == domain.SyncDone {
				delete(t.failed, p.SourceID)
			}
			return
		}
		if t.failed[p.SourceID] {
			return // the same trouble, every hour
		}
		t.failed[p.SourceID] = true
	default:
		if e.Topic != events.KeysDue && e.Topic != events.SettingsChanged { // notifications may have been switched on
			return
		}
	}
	t.queue = append(t.queue, e)
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// tell posts what is waiting. Where nobody wants or shows notes, what happened is dropped; reminders about keys stay due.
func (t *teller) tell() {
	t.mu.Lock()
	waiting := t.queue
	t.queue = nil
	t.mu.Unlock()
	if !t.what.Notes() || !t.host.available() {
		return
	}
	for _, e := range waiting {
		for _, n := range t.notes(e) {
			if err := t.host.post(n); err != nil {
				t.log.Warn("a notification could not be shown", "error", err)
			}
		}
	}
}

func (t *teller) notes(e events.Event) []note {
	switch p := e.Payload.(type) {
	case domain.Run:
		return []note{runNote(p)}
	case domain.Sync:
		n := note{title: "Sync failed: " + t.what.SourceName(p.SourceID), place: Place{Page: "sources"}}
		if p.Error != nil {
			n.body = strings.TrimSpace(p.Error.Message + " " + p.Error.Hint)
		}
		return []note{n}
	}
	var list []note
	for _, r := range t.what.Reminders() {
		list = append(list, note{title: r.Title, body: r.Message, place: Place{Page: "sources", SourceID: r.SourceID}})
	}
	return list
}

// runNote says in one line how a run came to rest.
func runNote(r domain.Run) note {
	n := note{place: Place{Page: "runs", RunID: r.ID}}
	switch r.State {
	case domain.RunPaused:
		n.title = r.ActionTitle + " is paused"
		n.body = orElse(r.PauseReason, "It waits for you.")
		return n
	case domain.RunStopped:
		n.title = r.ActionTitle + " was stopped"
	default:
		n.title = r.ActionTitle + " is finished"
	}
	parts := []string{number(r.Counts[domain.ItemDone]) + " done"}
	for _, c := range []struct {
		state domain.ItemState
		words string
	}{
		{domain.ItemAlready, "already so"}, {domain.ItemSkipped, "skipped"}, {domain.ItemRefused, "refused"}, {domain.ItemUnknown, "not known"}, {domain.ItemPlanned, "not started"},
	} {
		if k := r.Counts[c.state]; k > 0 {
			parts = append(parts, number(k)+" "+c.words)
		}
	}
	n.body = fmt.Sprintf("%s: %s.", r.SourceName, strings.Join(parts, ", "))
	return n
}
