package secret

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"seatkeeper/backend/domain"
)

// TestRealSecretService runs the contract over GNOME Keyring on a private bus, in a copy of this test that was started
// inside of it: the keyring package connects to the bus when the process starts.
func TestRealSecretService(t *testing.T) {
	if os.Getenv("SEATKEEPER_TEST_KEYRING") != "" {
		insideSession(t)
		return
	}
	for _, tool := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(tool); err != nil {
			if os.Getenv("SEATKEEPER_REQUIRE_KEYRING") != "" {
				t.Fatalf("%s is missing", tool)
			}
			t.Skipf("%s is missing", tool)
		}
	}
	for _, mode := range []string{"unlocked", "locked"} {
		t.Run(mode, func(t *testing.T) {
			dir := t.TempDir()
			cmd := exec.CommandContext(t.Context(), "dbus-run-session", "--", os.Args[0], "-test.run=^TestRealSecretService$", "-test.v")
			for _, kv := range os.Environ() {
				if !strings.HasPrefix(kv, "DBUS_SESSION_BUS_ADDRESS=") && !strings.HasPrefix(kv, "DISPLAY=") {
					cmd.Env = append(cmd.Env, kv)
				}
			}
			cmd.Env = append(cmd.Env, "SEATKEEPER_TEST_KEYRING="+mode, "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_RUNTIME_DIR="+dir,
				"XDG_CACHE_HOME="+dir, "XDG_CONFIG_HOME="+dir)
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "--- PASS: TestRealSecretService") {
				t.Fatalf("inside the session: %v\n%s", err, out)
			}
		})
	}
}

func insideSession(t *testing.T) {
	t.Helper()
	if os.Getenv("SEATKEEPER_TEST_KEYRING") == "locked" {
		// Started without a password the daemon has no unlocked collection, and no screen for a prompt.
		start(t, "--start", "\n")
		st := NewKeyring("seatkeeper-test").State(t.Context())
		if st.Ready || st.Reason == "" {
			t.Errorf("state = %+v, want a reason", st)
		}
		t.Logf("reason %q: %s", st.Reason, st.Message)
		return
	}
	start(t, "--unlock", "\n")
	k := NewKeyring("seatkeeper-test")
	contract(t, k)
	other := NewKeyring("seatkeeper-other")
	if err := k.Set(t.Context(), "source/a", domain.NewSecret("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Get(t.Context(), "source/a"); domain.CodeOf(err) != domain.NotFound {
		t.Errorf("another service sees the key: %v", err)
	}
	lockedInBetween(t, k)
}

// lockedInBetween locks the collection under the running program, as a screen lock may: the state says so without a
// prompt, and the key does not come. There is no screen, so the prompt to unlock is dismissed.
func lockedInBetween(t *testing.T, k Store) {
	t.Helper()
	conn, err := dbus.SessionBus()
	if err != nil {
		t.Fatal(err)
	}
	var done []dbus.ObjectPath
	var prompt dbus.ObjectPath
	at := []dbus.ObjectPath{secretRoot + "/collection/" + dbus.ObjectPath(escape(collection()))}
	if err := conn.Object(secretService, secretRoot).Call("org.freedesktop.Secret.Service.Lock", 0, at).Store(&done, &prompt); err != nil || len(done) != 1 {
		t.Fatalf("lock the collection: %v %v", done, err)
	}
	value, err := k.Get(t.Context(), "source/a")
	if e := domain.AsError(err); e == nil || !value.Empty() || e.Message == "" || e.Hint == "" {
		t.Errorf("a locked keyring gave %d bytes, %v", len(value.Reveal()), err)
	} else {
		t.Logf("while locked: %s: %s", e.Reason, e.Message)
	}
	if st := k.State(t.Context()); st.Ready || st.Reason != ReasonLocked {
		t.Errorf("state = %+v, want locked", st)
	}
}

func start(t *testing.T, how, stdin string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "gnome-keyring-daemon", how, "--components=secrets")
	cmd.Stdin = strings.NewReader(stdin)
	if out, err := cmd.Output(); err != nil {
		t.Fatalf("gnome-keyring-daemon: %v %s", err, out)
	}
}
