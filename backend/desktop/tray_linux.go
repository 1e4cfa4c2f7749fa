package desktop

import (
	"context"
	"time"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"
)

const iconExt = ".png"

// The D-Bus service that knows tray icons and who shows them.
const (
	watcher     = "org.kde.StatusNotifierWatcher"
	watcherPath = "/StatusNotifierWatcher"
	askHost     = 500 * time.Millisecond // a panel that hangs must not hang us
)

// startNative shows the tray. Without a session bus it must not be started at all: its end would panic.
func (t *tray) startNative() (stop func()) {
	if conn, err := dbus.SessionBus(); err != nil || conn == nil {
		t.log.Info("no session bus, so no tray: closing the window ends the program")
		return func() {}
	}
	t.started = true
	// Set before the start: ready runs beside the export of these properties, and what it sets too early is lost.
	systray.SetTitle("Seatkeeper")
	t.show(t.status())
	start, end := systray.RunWithExternalLoop(t.ready, nil)
	start()
	return end
}

// available asks whether somebody shows tray icons at this moment: a watcher without a host draws nothing.
func (t *tray) available() bool {
	if !t.started {
		return false
	}
	conn, err := dbus.SessionBus()
	if err != nil || !conn.Connected() {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), askHost)
	defer cancel()
	var hosted dbus.Variant
	err = conn.Object(watcher, watcherPath).
		CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart, watcher, "IsStatusNotifierHostRegistered").Store(&hosted)
	if err != nil {
		return false
	}
	yes, ok := hosted.Value().(bool)
	return ok && yes
}
