package desktop

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
)

// fakeHost is the smallest panel: it owns the watcher's name, hears of icons, and can read and click their menus.
type fakeHost struct {
	conn *dbus.Conn
	item chan string // names of items that registered

	mu     sync.Mutex
	hosted bool
	deaf   bool     // forgets who registers, as if the call had come before the panel
	items  []string // as the panel lists them
}

// newFakeHost starts one on the session bus at that address.
func newFakeHost(t *testing.T, address string, hosted bool) *fakeHost {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	h := &fakeHost{conn: conn, item: make(chan string, 10), hosted: hosted}
	for iface, methods := range map[string]any{watcher: watcherMethods{h}, "org.freedesktop.DBus.Properties": watcherProperties{h}} {
		if err := conn.Export(methods, watcherPath, iface); err != nil {
			t.Fatal(err)
		}
	}
	reply, err := conn.RequestName(watcher, dbus.NameFlagDoNotQueue)
	if err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatalf("own the watcher's name: %v %v", reply, err)
	}
	t.Cleanup(h.leave)
	return h
}

// leave takes the host off the bus, as a panel that crashes does.
func (h *fakeHost) leave() { _ = h.conn.Close() }

// set changes what the panel says of itself.
func (h *fakeHost) set(hosted, deaf bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.hosted, h.deaf = hosted, deaf
}

type watcherMethods struct{ *fakeHost }

// RegisterStatusNotifierItem is what an icon calls; service is a name or a path, and the sender is the connection.
func (h watcherMethods) RegisterStatusNotifierItem(service string, sender dbus.Sender) *dbus.Error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.deaf {
		return nil
	}
	listed := service
	if strings.HasPrefix(service, "/") {
		listed, service = string(sender)+service, string(sender)
	}
	if !slices.Contains(h.items, listed) {
		h.items = append(h.items, listed)
		h.item <- service
	}
	return nil
}

type watcherProperties struct{ *fakeHost }

func (h watcherProperties) Get(_, name string) (dbus.Variant, *dbus.Error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch name {
	case "IsStatusNotifierHostRegistered":
		return dbus.MakeVariant(h.hosted), nil
	case "RegisteredStatusNotifierItems":
		return dbus.MakeVariant(h.items), nil
	default:
		return dbus.Variant{}, dbus.NewError("org.freedesktop.DBus.Error.UnknownProperty", nil)
	}
}

// waitItem waits for an icon and returns its bus name.
func (h *fakeHost) waitItem(t *testing.T) string {
	t.Helper()
	select {
	case name := <-h.item:
		return name
	case <-time.After(15 * time.Second):
		t.Fatal("no icon registered")
		return ""
	}
}

// entries reads the menu: label to id.
func (h *fakeHost) entries(t *testing.T, item string) map[string]int32 {
	t.Helper()
	var revision uint32
	var layout struct {
		ID       int32
		Props    map[string]dbus.Variant
		Children []dbus.Variant
	}
	err := h.conn.Object(item, "/StatusNotifierItem/menu").Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &layout)
	if err != nil {
		t.Fatalf("read the menu: %v", err)
	}
	out := map[string]int32{}
	for _, c := range layout.Children {
		parts, ok := c.Value().([]any)
		if !ok || len(parts) < 2 {
			continue
		}
		id, _ := parts[0].(int32)
		props, _ := parts[1].(map[string]dbus.Variant)
		if label, ok := props["label"].Value().(string); ok && label != "" {
			out[label] = id
		}
	}
	return out
}

// click presses an entry as a panel does.
func (h *fakeHost) click(t *testing.T, item, label string) {
	t.Helper()
	id, ok := h.entries(t, item)[label]
	if !ok {
		t.Fatalf("no entry %q in %v", label, h.entries(t, item))
	}
	err := h.conn.Object(item, "/StatusNotifierItem/menu").
		Call("com.canonical.dbusmenu.Event", 0, id, "clicked", dbus.MakeVariant(""), uint32(0)).Err
	if err != nil {
		t.Fatalf("click %q: %v", label, err)
	}
}

// property reads one of the icon's properties.
func (h *fakeHost) property(t *testing.T, item, name string) any {
	t.Helper()
	v, err := h.conn.Object(item, "/StatusNotifierItem").GetProperty("org.kde.StatusNotifierItem." + name)
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	return v.Value()
}

// eventually polls, because panel and program are two processes. It is for tests of real processes only.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	deadline := time.After(15 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatalf("not within 15 s: %s", what)
		case <-tick.C:
		}
	}
}

func keysOf(m map[string]int32) string { return fmt.Sprint(m) }
