package secret

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/keyring"

	"seatkeeper/backend/domain"
)

// fault is one way in which a keyring breaks. hang blocks until the test ends.
type fault struct {
	name   string
	reason string
	broken func(f *fakeRing, hang func())
	open   error // instead: opening fails so
}

var faults = []fault{
	{name: "no back end", reason: ReasonAbsent, open: keyring.ErrNoAvailImpl},
	{name: "no service on the bus", reason: ReasonAbsent, open: errors.New("The name org.freedesktop.secrets was not provided by any .service files")}, //nolint:staticcheck // D-Bus' own text
	{name: "no collection", reason: ReasonAbsent, open: errors.New(`Object does not exist at path "/"`)},                                               //nolint:staticcheck // same
	{name: "bus closed", reason: ReasonAbsent, open: errors.New("dbus: connection closed by user")},
	{name: "service does not start", reason: ReasonAbsent, open: errors.New("org.freedesktop.DBus.Error.Spawn.ChildExited: exited")},
	{name: "no reply", reason: ReasonSlow, open: errors.New("org.freedesktop.DBus.Error.NoReply: Message did not receive a reply")},
	{name: "access denied", reason: ReasonDenied, open: errors.New("org.freedesktop.DBus.Error.AccessDenied: rejected")},
	{name: "unknown error", reason: ReasonDenied, open: errors.New("something else")},
	{name: "locked item", reason: ReasonLocked, broken: func(f *fakeRing, _ func()) {
		f.set = func(keyring.Item) error { return errors.New("org.freedesktop.Secret.Error.IsLocked") }
		f.get = func(string) (keyring.Item, error) { return keyring.Item{}, f.set(keyring.Item{}) }
	}},
	{name: "locked collection", reason: ReasonLocked, broken: func(f *fakeRing, _ func()) {
		f.set = func(keyring.Item) error { return errors.New("Cannot create an item in a locked collection") }
	}},
	{name: "prompt hangs", reason: ReasonSlow, broken: func(f *fakeRing, hang func()) {
		f.set = func(keyring.Item) error { hang(); return errors.New("too late") }
	}},
	{name: "read hangs", reason: ReasonSlow, broken: func(f *fakeRing, hang func()) {
		f.get = func(string) (keyring.Item, error) { hang(); return keyring.Item{}, errors.New("too late") }
	}},
	{name: "prompt dismissed panics", reason: ReasonDenied, broken: func(f *fakeRing, _ func()) {
		f.set = func(keyring.Item) error { panic("interface conversion: string is not dbus.ObjectPath") }
	}},
	{name: "write is dropped", reason: ReasonDamaged, broken: func(f *fakeRing, _ func()) {
		f.set = func(keyring.Item) error { return nil }
	}},
	{name: "other item", reason: ReasonDamaged, broken: func(f *fakeRing, _ func()) {
		f.get = func(string) (keyring.Item, error) { return keyring.Item{Key: "x", Data: []byte("y")}, nil }
	}},
	{name: "other value", reason: ReasonDamaged, broken: func(f *fakeRing, _ func()) {
		f.get = func(key string) (keyring.Item, error) { return keyring.Item{Key: key, Data: []byte("old")}, nil }
	}},
	{name: "empty item", reason: ReasonDamaged, broken: func(f *fakeRing, _ func()) {
		f.get = func(key string) (keyring.Item, error) { return keyring.Item{Key: key}, nil }
	}},
	{name: "torn item", reason: ReasonDamaged, broken: func(f *fakeRing, _ func()) {
		f.get = func(string) (keyring.Item, error) { return keyring.Item{}, errors.New("unexpected end of JSON input") }
	}},
	{name: "item refused by the system", reason: ReasonDenied, broken: func(f *fakeRing, _ func()) {
		f.set = func(keyring.Item) error { return errors.New("The stub received bad data.") }
	}},
	{name: "delete refused", reason: ReasonDenied, broken: func(f *fakeRing, _ func()) {
		f.remove = func(string) error { return errors.New("no") }
	}},
}

func (c fault) system(t *testing.T) system {
	f, end := newFakeRing(), make(chan struct{})
	t.Cleanup(func() { close(end) })
	if c.broken != nil {
		c.broken(f, func() { <-end })
	}
	return system{
		open: func(string) (ring, error) {
			if c.open != nil {
				return nil, c.open
			}
			return f, nil
		},
		locked: func() bool { return false },
	}
}

// TestFaultsFailClosed breaks the keyring in many ways: every one must give its reason, keep the vault from the file,
// and leave nothing on disk.
func TestFaultsFailClosed(t *testing.T) {
	for _, c := range faults {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				v := NewVault(newKeyring("seatkeeper", c.system(t)), NewFile(filepath.Join(dir, "keys")))
				st := v.State(t.Context())
				if st.Ready || st.Backend != BackendKeyring || st.Reason != c.reason || st.Message == "" || st.Hint == "" {
					t.Errorf("state = %+v, want reason %s", st, c.reason)
				}
				err := v.Set(t.Context(), "source/a", domain.NewSecret("sentinel-value"))
				if c.name == "delete refused" {
					err = v.Delete(t.Context(), "source/a")
				}
				got := domain.AsError(err)
				if got == nil || got.Reason != c.reason || got.Code != domain.Internal || got.Message == "" || got.Hint == "" {
					t.Errorf("set: %v, want reason %s", err, c.reason)
				}
			})
			entries, err := os.ReadDir(dir)
			if err != nil || len(entries) != 0 {
				t.Errorf("on disk: %v %v, want nothing", entries, err)
			}
		})
	}
}

// TestItemOfAnotherKey lets the keyring answer with another program's item: its value must not come back.
func TestItemOfAnotherKey(t *testing.T) {
	f := newFakeRing()
	f.get = func(string) (keyring.Item, error) { return keyring.Item{Key: "other:source/a", Data: []byte("x")}, nil }
	if _, err := newKeyring("seatkeeper", f.system()).Get(t.Context(), "source/a"); domain.AsError(err).Reason != ReasonDamaged {
		t.Errorf("get: %v, want damaged", err)
	}
}

func TestVanished(t *testing.T) {
	f, gone := newFakeRing(), false
	k := newKeyring("seatkeeper", system{
		open: func(string) (ring, error) {
			if gone {
				return nil, errors.New("dbus: connection closed by user")
			}
			return f, nil
		},
		locked: func() bool { return false },
	})
	if err := k.Set(t.Context(), "a", domain.NewSecret("x")); err != nil {
		t.Fatal(err)
	}
	gone = true
	if _, err := k.Get(t.Context(), "a"); domain.AsError(err).Reason != ReasonVanished {
		t.Errorf("get: %v, want vanished", err)
	}
	if st := k.State(t.Context()); st.Ready || st.Reason != ReasonVanished {
		t.Errorf("state = %+v, want vanished: a failed call must end the belief in the last probe", st)
	}
	gone = false
	if st := k.State(t.Context()); !st.Ready {
		t.Errorf("state = %+v, want ready again", st)
	}
}

func TestLockedIsToldWithoutProbe(t *testing.T) {
	f := newFakeRing()
	sys := f.system()
	sys.locked = func() bool { return true }
	if st := newKeyring("seatkeeper", sys).State(t.Context()); st.Reason != ReasonLocked || f.sets != 0 {
		t.Errorf("state = %+v after %d writes, want locked after none: a write would open a prompt", st, f.sets)
	}
}

func TestRetryAsksALockedKeyring(t *testing.T) {
	f := newFakeRing()
	sys := f.system()
	locked := true
	sys.locked = func() bool { return locked }
	f.set = func(item keyring.Item) error { // the prompt is answered
		locked, f.set = false, nil
		return f.Set(item)
	}
	v := NewVault(newKeyring("seatkeeper", sys), nil)
	if st := v.State(t.Context()); st.Reason != ReasonLocked {
		t.Fatalf("state = %+v, want locked", st)
	}
	v.Retry(t.Context())
	if st := v.State(t.Context()); !st.Ready {
		t.Errorf("state = %+v after the prompt was answered, want ready", st)
	}
}

func TestGoodProbeIsBelievedForAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFakeRing()
		k := newKeyring("seatkeeper", f.system())
		for range 5 {
			k.State(t.Context())
		}
		if f.sets != 1 {
			t.Errorf("%d probes, want 1", f.sets)
		}
		time.Sleep(probeValid)
		k.State(t.Context())
		if f.sets != 2 {
			t.Errorf("%d probes after a minute, want 2", f.sets)
		}
		if len(f.items) != 0 {
			t.Errorf("probes left behind: %d", len(f.items))
		}
	})
}

// TestLateAnswer lets a prompt be answered after the caller was told that it failed: the value must not be there then.
func TestLateAnswer(t *testing.T) {
	for _, before := range []string{"", "the old key"} {
		synctest.Test(t, func(t *testing.T) {
			f := newFakeRing()
			k := newKeyring("seatkeeper", f.system())
			if before != "" {
				if err := k.Set(t.Context(), "a", domain.NewSecret(before)); err != nil {
					t.Fatal(err)
				}
			}
			f.set = func(item keyring.Item) error {
				time.Sleep(4 * callTimeout)
				f.set = nil
				return f.Set(item)
			}
			if err := k.Set(t.Context(), "a", domain.NewSecret("the new key")); domain.AsError(err).Reason != ReasonSlow {
				t.Fatalf("set: %v, want slow", err)
			}
			// While the prompt stands, other calls are answered and do not pile up behind it.
			start := time.Now()
			if _, err := k.Get(t.Context(), "b"); domain.AsError(err).Reason != ReasonSlow || time.Since(start) > callTimeout {
				t.Errorf("get meanwhile: %v after %v", err, time.Since(start))
			}
			time.Sleep(5 * callTimeout)
			got, err := k.Get(t.Context(), "a")
			if got.Reveal() != before || (before == "") != (domain.CodeOf(err) == domain.NotFound) {
				t.Errorf("after the late answer: %q %v, want %q", got.Reveal(), err, before)
			}
		})
	}
}

func TestCancelledIsNotSlow(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	k := newKeyring("seatkeeper", newFakeRing().system())
	<-k.turn // somebody else uses it
	if err := k.Set(ctx, "a", domain.NewSecret("x")); domain.CodeOf(err) != domain.Cancelled {
		t.Errorf("set: %v, want cancelled", err)
	}
}
