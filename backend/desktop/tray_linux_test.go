package desktop

import (
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// TestTrayOnARealBus runs the tray against a fake panel.
func TestTrayOnARealBus(t *testing.T) { onOwnBus(t, insideBus) }

// onOwnBus runs the inside of a test on a private bus, in a copy of this test program that was started there: the bus is chosen when a
// process starts.
func onOwnBus(t *testing.T, inside func(t *testing.T)) {
	t.Helper()
	if os.Getenv("SEATKEEPER_TEST_BUS") == t.Name() {
		inside(t)
		return
	}
	if _, err := exec.LookPath("dbus-run-session"); err != nil {
		if os.Getenv("SEATKEEPER_REQUIRE_KEYRING") != "" {
			t.Fatal("dbus-run-session is missing")
		}
		t.Skip("dbus-run-session is missing")
	}
	self := os.Args[0]
	if raceOn {
		// systray v1.12.2 announces a menu a second time without its own lock, which the detector finds in every program that uses it.
		self = filepath.Join(t.TempDir(), "plain.test")
		if out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-o", self, ".").CombinedOutput(); err != nil {
			t.Fatalf("build without the race detector: %v\n%s", err, out)
		}
	}
	cmd := exec.CommandContext(t.Context(), "dbus-run-session", "--", self, "-test.run=^"+t.Name()+"$", "-test.v")
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "DBUS_SESSION_BUS_ADDRESS=") {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	cmd.Env = append(cmd.Env, "SEATKEEPER_TEST_BUS="+t.Name())
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Fatalf("inside the session: %v\n%s", err, out)
	}
}

func insideBus(t *testing.T) {
	t.Helper()
	address := os.Getenv("DBUS_SESSION_BUS_ADDRESS")
	done := make(chan string, 10)
	bus := &events.Bus{}
	tr := newTray(trayActions{
		Open: func() { done <- "open" }, SyncNow: func() { done <- "sync" }, Quit: func() { done <- "quit" },
	}, slog.New(slog.DiscardHandler))
	if tr.available() {
		t.Error("available before it was started")
	}
	bus.Publish(events.Event{})
	stop := tr.run(bus)
	if tr.available() {
		t.Error("available without a watcher: closing the window would lose it")
	}

	host := newFakeHost(t, address, false) // a panel that comes after the program, first without drawing anything
	host.set(false, true)
	if tr.available() {
		t.Error("available with a watcher that has no host")
	}
	host.set(true, false) // now it draws, but never heard of us
	eventually(t, "the icon is shown", tr.available)
	item := host.waitItem(t)

	menu := host.entries(t, item)
	for _, label := range []string{"Ready", "Open Seatkeeper", "Sync now", "Quit"} {
		if _, ok := menu[label]; !ok {
			t.Errorf("the menu lacks %q: %s", label, keysOf(menu))
		}
	}
	for label, want := range map[string]string{"Open Seatkeeper": "open", "Sync now": "sync", "Quit": "quit"} {
		host.click(t, item, label)
		if got := <-done; got != want {
			t.Errorf("%q did %q", label, got)
		}
	}
	idle := pixmap(t, host, item)
	bus.Publish(events.SyncEvent(domain.Sync{SourceID: "a", State: domain.SyncRunning, Progress: domain.ReadProgress{People: 1200, PeopleTotal: 5000}}))
	eventually(t, "the state line follows a sync", func() bool {
		_, ok := host.entries(t, item)["Syncing: 1,200 of 5,000 people"]
		return ok
	})
	eventually(t, "the icon follows", func() bool { return pixmap(t, host, item) != idle })
	host.leave()
	if tr.available() {
		t.Error("available after the panel crashed")
	}
	stop()
}

// pixmap is the icon's data as text.
func pixmap(t *testing.T, h *fakeHost, item string) string {
	t.Helper()
	list, ok := h.property(t, item, "IconPixmap").([][]any)
	if !ok || len(list) == 0 || len(list[0]) != 3 {
		t.Fatalf("IconPixmap = %T", h.property(t, item, "IconPixmap"))
	}
	data, ok := list[0][2].([]byte)
	if !ok {
		t.Fatalf("IconPixmap data = %T", list[0][2])
	}
	return string(data)
}

func TestNoBusNoTray(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	tr := newTray(trayActions{}, slog.New(slog.DiscardHandler))
	stop := tr.run(&events.Bus{})
	if tr.available() {
		t.Error("available without a bus")
	}
	stop() // must not panic
}
