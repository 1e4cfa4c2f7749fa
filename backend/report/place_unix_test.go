//go:build unix

package report_test

import (
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/report"
)

// TestOnlyRegularFilesGiveWay: a pipe, a socket, a device or a folder stays what it is, and so does what a link leads
// to.
func TestOnlyRegularFilesGiveWay(t *testing.T) {
	dir := t.TempDir()
	pipe, socket := filepath.Join(dir, "pipe.csv"), filepath.Join(dir, "socket.csv")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	links := map[string]string{"to-null.csv": os.DevNull, "to-pipe.csv": pipe, "to-nothing.csv": filepath.Join(dir, "nothing"), "itself.csv": "itself.csv"}
	for name, to := range links {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	for path, word := range map[string]string{
		pipe: "a pipe", socket: "a socket", dir: "a folder", filepath.Join(dir, "to-null.csv"): "a device", filepath.Join(dir, "to-pipe.csv"): "a pipe",
		filepath.Join(dir, "to-nothing.csv"): "not there", filepath.Join(dir, "itself.csv"): "could not be written", "": "no name", dir + "/..": "a folder",
	} {
		err := report.WriteFile(anywhere(path), func(io.Writer) error {
			t.Errorf("%s: begun", path)
			return errors.New("not to be put in its place") // a machine without /dev/null is of no use
		})
		var e *domain.Error
		if !errors.As(err, &e) || !strings.Contains(e.Message, word) || e.Hint == "" {
			t.Errorf("%s: %v", path, err)
		}
	}
	for path, mode := range map[string]os.FileMode{pipe: os.ModeNamedPipe, socket: os.ModeSocket} {
		if info, err := os.Lstat(path); err != nil || info.Mode().Type() != mode {
			t.Errorf("%s is now %v, %v", path, info.Mode(), err)
		}
	}
	for name, to := range links {
		if now, err := os.Readlink(filepath.Join(dir, name)); now != to {
			t.Errorf("%s leads to %q now, %v", name, now, err)
		}
	}
}

// TestALinkStays: the file to which it leads gives way, and not before the new one is whole.
func TestALinkStays(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	target, link := filepath.Join(elsewhere, "real.txt"), filepath.Join(dir, "run.txt")
	if err := errors.Join(os.WriteFile(target, []byte("old"), 0o600), os.Symlink(target, link)); err != nil {
		t.Fatal(err)
	}
	full := &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	err := report.WriteFile(anywhere(link), func(w io.Writer) error {
		_, _ = io.WriteString(w, strings.Repeat("new", 1<<17))
		return full
	})
	if e := domain.AsError(err); !strings.Contains(e.Message, "disk is full") || read(t, link) != "old" {
		t.Errorf("a full disk: %v, and the file is %.10q", err, read(t, link))
	}
	if err := report.WriteFile(anywhere(link), func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }); err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(link); to != target || read(t, target) != "new" {
		t.Errorf("the link leads to %q (%v), and there is %q", to, err, read(t, target))
	}
	for _, d := range []string{dir, elsewhere} {
		if left, err := os.ReadDir(d); err != nil || len(left) != 1 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	}
}
