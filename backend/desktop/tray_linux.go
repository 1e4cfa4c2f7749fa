package desktop

import (
	"context"
	"slices"
	"strings"
	"time"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"
)

const iconExt = ".png"

// The D-Bus service that knows tray icons and who shows them.
const (
	watcher     = "org.kde.StatusNotifierWatcher"
	watcherPath = "/StatusNotifierWatcher"
	itemPath    = "/StatusNotifierItem"  // where systray puts the icon
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
	if hosted, ok := watcherProperty(ctx, conn, "IsStatusNotifierHostRegistered").(bool); !ok || !hosted {
		return false
	}
	return t.listed(ctx, conn)
}

// listed tells whether our icon is among those that are shown, and registers it again when it is not: systray begins to listen for a
// panel only after it has looked for one, so a panel that starts in between, as at a login, never hears of us.
func (t *tray) listed(ctx context.Context, conn *dbus.Conn) bool {
	items, ok := watcherProperty(ctx, conn, "RegisteredStatusNotifierItems").([]string)
	if !ok {
		return true // a watcher that keeps no list
	}
	ours := func(item string) bool {
		return slices.ContainsFunc(conn.Names(), func(name string) bool { return item == name || strings.HasPrefix(item, name+"/") })
	}
	if slices.ContainsFunc(items, ours) {
		return true
	}
	err := conn.Object(watcher, watcherPath).CallWithContext(ctx, watcher+".RegisterStatusNotifierItem", dbus.FlagNoAutoStart, itemPath).Err
	if err != nil {
		t.log.Warn("the tray icon could not be registered", "error", err)
	}
	return err == nil
}

// watcherProperty gives a property of the watcher, or nil.
func watcherProperty(ctx context.Context, conn *dbus.Conn, name string) any {
	var v dbus.Variant
	err := conn.Object(watcher, watcherPath).
		CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart, watcher, name).Store(&v)
	if err != nil {
		return nil
	}
	return v.Value()
}
