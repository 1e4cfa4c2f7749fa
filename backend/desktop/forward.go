package desktop

import (
	"slices"
	"sync"

	"seatkeeper/backend/events"
)

// forwarder passes events of the bus on to the page, in order, from a goroutine of its own: publishers never wait for the window.
// While the window is slow, an event replaces the waiting one of the same topic and source, so the queue cannot grow.
type forwarder struct {
	emit func(name string, payload any)
	view func(events.Event) (string, any)

	mu    sync.Mutex
	queue []events.Event
	wake  chan struct{}
}

func newForwarder(emit func(string, any), view func(events.Event) (string, any)) *forwarder {
	return &forwarder{emit: emit, view: view, wake: make(chan struct{}, 1)}
}

// run forwards until the returned function is called, which waits for the last event.
func (f *forwarder) run(bus *events.Bus) (stop func()) {
	unsubscribe := bus.Subscribe(f.push)
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-f.wake:
				f.flush()
			case <-end:
				return
			}
		}
	}()
	return func() {
		unsubscribe()
		close(end)
		<-ended
	}
}

// maxNotices bounds the messages that wait for the window; the oldest go first.
const maxNotices = 50

func (f *forwarder) push(e events.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if e.Topic == events.Notice {
		same := func(q events.Event) bool { return q.Topic == events.Notice }
		if i := slices.IndexFunc(f.queue, same); i >= 0 && count(f.queue, same) >= maxNotices {
			f.queue = slices.Delete(f.queue, i, i+1)
		}
	} else {
		f.queue = slices.DeleteFunc(f.queue, func(q events.Event) bool { return q.Topic == e.Topic && q.SourceID == e.SourceID })
	}
	f.queue = append(f.queue, e)
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func count(list []events.Event, match func(events.Event) bool) int {
	n := 0
	for _, e := range list {
		if match(e) {
			n++
		}
	}
	return n
}

func (f *forwarder) flush() {
	for {
		f.mu.Lock()
		if len(f.queue) == 0 {
			f.mu.Unlock()
			return
		}
		e := f.queue[0]
		f.queue = slices.Delete(f.queue, 0, 1)
		f.mu.Unlock()
		f.emit(f.view(e))
	}
}
