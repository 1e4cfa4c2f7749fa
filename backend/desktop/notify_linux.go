package desktop

import (
	"context"
	"fmt"
	"html"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// The D-Bus service that shows notifications.
const (
	notesName = "org.freedesktop.Notifications"
	notesPath = "/org/freedesktop/Notifications"
)

const (
	askNotes   = time.Second      // a desktop that hangs must not hang us
	notesKnown = 30 * time.Second // how long an answer about the service is believed
	maxNote    = 400              // characters of a note's text
)

// busNotes shows notes by the desktop's own service.
type busNotes struct {
	clicked func(Place)
	conn    *dbus.Conn // nil: there is no session bus
	signals chan *dbus.Signal

	mu     sync.Mutex
	asked  time.Time
	there  bool
	can    []string         // what the service can do
	places map[uint32]Place // of the notes that are shown
}

// newNoteHost connects to the service; clicked is called when somebody clicks a note.
func newNoteHost(_ context.Context, clicked func(Place), log *slog.Logger) noteHost {
	b := &busNotes{clicked: clicked, signals: make(chan *dbus.Signal, 16), places: map[uint32]Place{}}
	conn, err := dbus.ConnectSessionBus() // of its own: the tray's end closes the shared one
	if err != nil {
		log.Info("no session bus, so no notifications")
		return b
	}
	if err := conn.AddMatchSignal(dbus.WithMatchInterface(notesName), dbus.WithMatchObjectPath(notesPath)); err != nil {
		log.Warn("clicks on notifications are not heard", "error", err)
	}
	b.conn = conn
	conn.Signal(b.signals)
	go b.hear()
	return b
}

func (b *busNotes) close() {
	if b.conn != nil {
		_ = b.conn.Close() // also ends the signals
	}
}

// hear handles clicks. Any program on the bus can pretend one: all it gains is that the window opens where one of our own notes leads.
func (b *busNotes) hear() {
	for s := range b.signals {
		if len(s.Body) < 2 {
			continue
		}
		id, ok := s.Body[0].(uint32)
		if !ok {
			continue
		}
		b.mu.Lock()
		place, ours := b.places[id]
		if s.Name == notesName+".NotificationClosed" {
			delete(b.places, id)
		}
		b.mu.Unlock()
		if ours && s.Name == notesName+".ActionInvoked" && s.Body[1] == "default" {
			b.clicked(place)
		}
	}
}

func (b *busNotes) available() bool {
	if b.conn == nil || !b.conn.Connected() {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.asked) < notesKnown {
		return b.there
	}
	ctx, cancel := context.WithTimeout(context.Background(), askNotes)
	defer cancel()
	b.can = nil
	err := b.conn.Object(notesName, notesPath).CallWithContext(ctx, notesName+".GetCapabilities", 0).Store(&b.can)
	b.there, b.asked = err == nil, time.Now()
	return b.there
}

// post shows a note. Names in it were typed by others, and many desktops read the text as markup.
func (b *busNotes) post(n note) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	body := strip(n.body, maxNote)
	if slices.Contains(b.can, "body-markup") {
		body = html.EscapeString(body)
	}
	actions := []string{}
	if slices.Contains(b.can, "actions") {
		actions = []string{"default", "Open"}
	}
	hints := map[string]dbus.Variant{"desktop-entry": dbus.MakeVariant("seatkeeper"), "urgency": dbus.MakeVariant(byte(1))}
	ctx, cancel := context.WithTimeout(context.Background(), askNotes)
	defer cancel()
	var id uint32
	err := b.conn.Object(notesName, notesPath).
		CallWithContext(ctx, notesName+".Notify", 0, "Seatkeeper", uint32(0), "seatkeeper", strip(n.title, maxLine), body, actions, hints, int32(-1)).Store(&id)
	if err != nil {
		b.asked = time.Time{} // ask again who is there
		return fmt.Errorf("ask the desktop to show it: %w", err)
	}
	b.places[id] = n.place
	return nil
}
