package desktop

import (
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// shownNote is a notification as the desktop got it.
type shownNote struct {
	app, title, body string
	actions          []string
}

// noteDaemon is the smallest desktop that shows notifications.
type noteDaemon struct {
	conn  *dbus.Conn
	notes chan shownNote

	mu  sync.Mutex
	can []string
	id  uint32
}

func newNoteDaemon(t *testing.T, can ...string) *noteDaemon {
	t.Helper()
	conn, err := dbus.Connect(os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	if err != nil {
		t.Fatal(err)
	}
	d := &noteDaemon{conn: conn, notes: make(chan shownNote, 20), can: can}
	if err := conn.Export(noteMethods{d}, notesPath, notesName); err != nil {
		t.Fatal(err)
	}
	if reply, err := conn.RequestName(notesName, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("own the name: %v %v", reply, err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return d
}

type noteMethods struct{ *noteDaemon }

func (d noteMethods) GetCapabilities() ([]string, *dbus.Error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.can, nil
}

func (d noteMethods) Notify(app string, _ uint32, _, title, body string, actions []string, _ map[string]dbus.Variant, _ int32) (uint32, *dbus.Error) {
	d.mu.Lock()
	d.id++
	id := d.id
	d.mu.Unlock()
	d.notes <- shownNote{app, title, body, actions}
	return id, nil
}

// click presses a note as a person does.
func (d *noteDaemon) click(t *testing.T, id uint32, action string) {
	t.Helper()
	if err := d.conn.Emit(notesPath, notesName+".ActionInvoked", id, action); err != nil {
		t.Fatal(err)
	}
	if err := d.conn.Emit(notesPath, notesName+".NotificationClosed", id, uint32(2)); err != nil {
		t.Fatal(err)
	}
}

func quietLog() *slog.Logger { return slog.New(slog.DiscardHandler) }

// TestNotesOnARealBus: what a person is told who does not look at the window, and where a click leads.
func TestNotesOnARealBus(t *testing.T) {
	onOwnBus(t, func(t *testing.T) {
		places := make(chan Place, 10)
		host := newNoteHost(t.Context(), func(p Place) { places <- p }, quietLog())
		if host.available() {
			t.Error("available without anybody who shows notes")
		}
		daemon := newNoteDaemon(t, "actions", "body", "body-markup")
		b, _ := host.(*busNotes)
		b.asked = b.asked.Add(-notesKnown) // half a minute later
		if !host.available() {
			t.Fatal("not available although somebody shows notes")
		}
		bus, hidden, wanted := &events.Bus{}, true, true
		due := []domain.KeyReminder{{SourceID: "a", Title: "The key of <b>Acme</b>\u202e & Co expires in 7 days", Message: `Make a new one <a href="https://evil.example">here</a>` + "\n\u0007."}}
		stop := newTeller(host, Attachment{
			Bus: bus, Notes: func() bool { return wanted }, SourceName: func(string) string { return "Acme" },
			Reminders: func() []domain.KeyReminder { list := due; due = nil; return list },
		}, func() bool { return hidden }, quietLog()).run()

		got := <-daemon.notes
		if got.title != "The key of <b>Acme</b> & Co expires in 7 days" {
			t.Errorf("title %q: a title is never markup, and holds no hidden characters", got.title)
		}
		if strings.ContainsAny(got.body, "<>\n\u0007") || !strings.Contains(got.body, "&lt;a href=&#34;https://evil.example&#34;&gt;") {
			t.Errorf("body %q: markup of others must be text", got.body)
		}
		if got.app != "Seatkeeper" || len(got.actions) != 2 || got.actions[0] != "default" {
			t.Errorf("note %+v", got)
		}
		daemon.click(t, 99, "default") // somebody else's
		daemon.click(t, 1, "other")
		bus.Publish(events.RunEvent(domain.Run{ID: "r", State: domain.RunRunning, ActionTitle: "Suspend", Total: 5}))
		bus.Publish(events.RunEvent(domain.Run{ID: "old", State: domain.RunDone})) // was never seen running
		bus.Publish(events.RunEvent(domain.Run{
			ID: "r", State: domain.RunDone, ActionTitle: "Suspend", SourceName: "Acme", Total: 1215,
			Counts: map[domain.ItemState]int{domain.ItemDone: 1212, domain.ItemRefused: 2, domain.ItemUnknown: 1},
		}))
		if got = <-daemon.notes; got.title != "Suspend is finished" || got.body != "Acme: 1,212 done, 2 refused, 1 not known." {
			t.Errorf("run: %+v", got)
		}
		daemon.click(t, 2, "default")
		if p := <-places; p != (Place{Page: "runs", RunID: "r"}) {
			t.Errorf("a click leads to %+v", p)
		}
		failed := domain.Sync{SourceID: "a", State: domain.SyncFailed, Error: &domain.Error{Message: "The key has expired.", Hint: "Replace it."}}
		for range 3 { // once, not each hour
			bus.Publish(events.SyncEvent(failed))
		}
		if got = <-daemon.notes; got.title != "Sync failed: Acme" || got.body != "The key has expired. Replace it." {
			t.Errorf("sync: %+v", got)
		}
		daemon.click(t, 3, "default")
		if p := <-places; p != (Place{Page: "sources"}) {
			t.Errorf("a click leads to %+v", p)
		}
		bus.Publish(events.SyncEvent(domain.Sync{SourceID: "a", State: domain.SyncDone}))
		bus.Publish(events.SyncEvent(failed)) // again after a good one
		if got = <-daemon.notes; got.title != "Sync failed: Acme" {
			t.Errorf("sync: %+v", got)
		}
		daemon.mu.Lock()
		daemon.can = []string{"body"} // a desktop that shows text as it is, and cannot be clicked
		daemon.mu.Unlock()
		b.mu.Lock()
		b.asked = b.asked.Add(-notesKnown)
		b.mu.Unlock()
		due = []domain.KeyReminder{{Title: "T", Message: "a < b & c"}}
		bus.Publish(events.Event{Topic: events.KeysDue})
		if got = <-daemon.notes; got.body != "a < b & c" || len(got.actions) != 0 {
			t.Errorf("without markup: %+v", got)
		}
		stop()
		host.close() // a bus that went away before closes twice
		if host.available() {
			t.Error("available after the end")
		}
		bus.Publish(events.SyncEvent(domain.Sync{SourceID: "b", State: domain.SyncFailed}))
		if len(daemon.notes) != 0 || len(places) != 0 {
			t.Errorf("after the end: %d notes, %d clicks", len(daemon.notes), len(places))
		}
	})
}

// TestRemindersWaitForADesktop: where nobody shows notes or nobody wants them, a reminder stays due.
func TestRemindersWaitForADesktop(t *testing.T) {
	taken := 0
	host := &fakeNotes{}
	bus, wanted := &events.Bus{}, true
	t1 := newTeller(host, Attachment{
		Bus: bus, Notes: func() bool { return wanted }, SourceName: func(string) string { return "" },
		Reminders: func() []domain.KeyReminder { taken++; return []domain.KeyReminder{{Title: "x"}} },
	}, func() bool { return false }, quietLog())
	t1.take(events.Event{Topic: events.KeysDue})
	t1.tell()
	host.there, wanted = true, false
	t1.take(events.Event{Topic: events.KeysDue})
	t1.tell()
	if taken != 0 {
		t.Fatalf("%d reminders were taken although nobody can see them", taken)
	}
	wanted = true
	t1.take(events.Event{Topic: events.SettingsChanged}) // switched on
	t1.tell()
	if taken != 1 || len(host.posted) != 1 {
		t.Errorf("taken %d, posted %d", taken, len(host.posted))
	}
	t1.take(events.RunEvent(domain.Run{ID: "r", State: domain.RunRunning}))
	t1.take(events.RunEvent(domain.Run{ID: "r", State: domain.RunDone}))
	t1.tell()
	if len(host.posted) != 1 {
		t.Error("a run was told to somebody who looks at it")
	}
	for state, want := range map[domain.RunState]string{domain.RunPaused: "A is paused", domain.RunStopped: "A was stopped", domain.RunDone: "A is finished"} {
		if n := runNote(domain.Run{ActionTitle: "A", State: state}); n.title != want || n.body == "" {
			t.Errorf("%s: %+v", state, n)
		}
	}
}

type fakeNotes struct {
	there  bool
	posted []note
}

func (f *fakeNotes) available() bool   { return f.there }
func (f *fakeNotes) close()            {}
func (f *fakeNotes) post(n note) error { f.posted = append(f.posted, n); return nil }

func TestNoBusNoNotes(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	host := newNoteHost(t.Context(), func(Place) {}, quietLog())
	if host.available() {
		t.Error("available without a bus")
	}
	host.close() // must not panic
}
