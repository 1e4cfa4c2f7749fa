package desktop

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestNoMemoryIsWrittenToDisk asks a process that main has hardened, also as a user who is not root, whose own files in
// /proc then belong to root: what the program and its window read there can be read all the same.
func TestNoMemoryIsWrittenToDisk(t *testing.T) {
	if os.Getenv("SEATKEEPER_TEST_HARDENED") != "" {
		tellHardened()
		return
	}
	for _, uid := range []uint32{uint32(os.Geteuid()), 65534} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoMemoryIsWrittenToDisk$", "-test.v")
		cmd.Env, cmd.Dir = append(os.Environ(), "SEATKEEPER_TEST_HARDENED=1"), "/"
		if uid != uint32(os.Geteuid()) {
			if os.Geteuid() != 0 {
				continue
			}
			cmd.Path = readableCopy(t)
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
		}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("as user %d: %v\n%s", uid, err, out)
		}
		for _, want := range []string{"dumpable 0", "core 0 0", "limits true", "exe true", "maps true", "fds true", "umask 77"} {
			if !strings.Contains(string(out), want) {
				t.Errorf("as user %d: no %q in\n%s", uid, want, out)
			}
		}
	}
}

func tellHardened() {
	Harden()
	dumpable, _ := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	var core unix.Rlimit
	_ = unix.Getrlimit(unix.RLIMIT_CORE, &core)
	limits, _ := os.ReadFile("/proc/self/limits")
	none := false
	for line := range strings.Lines(string(limits)) {
		f := strings.Fields(line)
		none = none || len(f) > 5 && strings.HasPrefix(line, "Max core file size") && f[4] == "0" && f[5] == "0"
	}
	_, errExe := os.Readlink("/proc/self/exe")
	_, errMaps := os.ReadFile("/proc/self/maps")
	_, errFDs := os.ReadDir("/proc/self/fd")
	_, _ = fmt.Fprintf(os.Stdout, "dumpable %d\ncore %d %d\nlimits %v\nexe %v\nmaps %v\nfds %v\numask %o\n", dumpable, core.Cur, core.Max, none,
		errExe == nil, errMaps == nil, errFDs == nil, unix.Umask(0o077))
}

// readableCopy puts this program where any user can start it.
func readableCopy(t *testing.T) string {
	t.Helper()
	program, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "") //nolint:usetesting // any user must reach it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	path := filepath.Join(dir, "program")
	if err := os.WriteFile(path, program, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{dir, path} {
		if err := os.Chmod(p, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return path
}
