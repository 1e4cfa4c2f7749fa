//go:build unix

package workspace

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"seatkeeper/backend/domain"
)

func open(t *testing.T, dir string) *Dir {
	t.Helper()
	d, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { must(t, d.Close()) })
	return d
}

func mode(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

func TestModesUnderEveryUmask(t *testing.T) {
	before := syscall.Umask(0o022)
	defer syscall.Umask(before)
	for _, mask := range []int{0, 0o022, 0o077} {
		syscall.Umask(mask)
		dir := filepath.Join(t.TempDir(), "a", "data")
		d := open(t, dir)
		if got := mode(t, dir); got != 0o700 {
			t.Errorf("umask %o: directory %o, want 700", mask, got)
		}
		// What the database does: make a file and ask for 0644.
		if err := os.WriteFile(d.Path("mirror.db-wal"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		for _, f := range []string{lockName, "mirror.db-wal"} {
			if got := mode(t, d.Path(f)); got != 0o600 {
				t.Errorf("umask %o: %s %o, want 600", mask, f, got)
			}
		}
	}
}

func TestWideModesAreNarrowed(t *testing.T) {
	dir := t.TempDir()
	for name, m := range map[string]os.FileMode{"runs.db": 0o666, "keys": 0o644, "old.db": 0o640} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(dir, name), m); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "logs"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{dir, filepath.Join(dir, "logs")} {
		if err := os.Chmod(path, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	open(t, dir)
	for name, want := range map[string]os.FileMode{"": 0o700, "logs": 0o700, "runs.db": 0o600, "keys": 0o600, "old.db": 0o600} {
		if got := mode(t, filepath.Join(dir, name)); got != want {
			t.Errorf("%q: %o, want %o", name, got, want)
		}
	}
}

func TestPlantedLinksAreRefused(t *testing.T) {
	plants := map[string]func(t *testing.T, dir, outside string){
		"directory": func(t *testing.T, dir, outside string) {
			t.Helper()
			must(t, os.Remove(dir), os.Symlink(filepath.Dir(outside), dir))
		},
		"database": func(t *testing.T, dir, outside string) {
			t.Helper()
			must(t, os.Symlink(outside, filepath.Join(dir, "mirror.db")))
		},
		"wal": func(t *testing.T, dir, outside string) {
			t.Helper()
			must(t, os.Symlink(outside, filepath.Join(dir, "runs.db-wal")))
		},
		"lock": func(t *testing.T, dir, outside string) {
			t.Helper()
			must(t, os.Symlink(outside, filepath.Join(dir, lockName)))
		},
		"dangling": func(t *testing.T, dir, outside string) {
			t.Helper()
			must(t, os.Symlink(outside+"-made", filepath.Join(dir, lockName)))
		},
		"below": func(t *testing.T, dir, outside string) {
			t.Helper()
			must(t, os.Mkdir(filepath.Join(dir, "logs"), 0o700), os.Symlink(outside, filepath.Join(dir, "logs", "a")))
		},
		"fifo": func(t *testing.T, dir, _ string) {
			t.Helper()
			must(t, syscall.Mkfifo(filepath.Join(dir, "keys"), 0o600))
		},
		"file":              func(t *testing.T, dir, _ string) { t.Helper(); must(t, os.Remove(dir), os.WriteFile(dir, nil, 0o600)) },
		"directory as lock": func(t *testing.T, dir, _ string) { t.Helper(); must(t, os.Mkdir(filepath.Join(dir, lockName), 0o700)) },
	}
	for name, plant := range plants {
		t.Run(name, func(t *testing.T) {
			outside := filepath.Join(t.TempDir(), "victim")
			must(t, os.WriteFile(outside, []byte("precious"), 0o644), os.Chmod(outside, 0o644))
			dir := filepath.Join(t.TempDir(), "data")
			must(t, os.Mkdir(dir, 0o700))
			plant(t, dir, outside)
			d, err := Open(dir)
			if err == nil {
				must(t, d.Close())
				t.Fatal("opened")
			}
			e := domain.AsError(err)
			if e.Message == "" || e.Hint == "" || e.Reason != "data_dir" {
				t.Errorf("error = %+v", e)
			}
			if data, err := os.ReadFile(outside); err != nil || string(data) != "precious" || mode(t, outside) != 0o644 {
				t.Errorf("the file behind the link was touched: %q %v %o", data, err, mode(t, outside))
			}
			if _, err := os.Lstat(outside + "-made"); err == nil {
				t.Error("a file was made through a dangling link")
			}
		})
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestOtherUsersDirectoryIsRefused(t *testing.T) {
	if os.Geteuid() != 0 {
		if _, err := Open("/"); domain.CodeOf(err) != domain.Forbidden {
			t.Errorf("open another user's directory: %v, want forbidden", err)
		}
		return
	}
	dir := t.TempDir()
	must(t, os.Chown(dir, 12345, 12345))
	if _, err := Open(dir); domain.CodeOf(err) != domain.Forbidden {
		t.Errorf("open another user's directory: %v, want forbidden", err)
	}
}

func TestSecondOpenConflicts(t *testing.T) {
	dir := t.TempDir()
	first := open(t, dir)
	_, err := Open(dir)
	if e := domain.AsError(err); e == nil || e.Code != domain.Conflict || e.Reason != "second_instance" || e.Hint == "" {
		t.Fatalf("second: %v, want conflict", err)
	}
	must(t, first.Close())
	open(t, dir)
}

// TestLockOfADeadProcessIsFree kills a process that holds the lock. While it lives nobody else gets in, whatever becomes of the lock's file.
func TestLockOfADeadProcessIsFree(t *testing.T) {
	if dir := os.Getenv("SEATKEEPER_TEST_HOLD"); dir != "" {
		open(t, dir)
		_, _ = os.Stdout.WriteString("held\n")
		select {}
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLockOfADeadProcessIsFree$")
	cmd.Env = append(os.Environ(), "SEATKEEPER_TEST_HOLD="+dir)
	out, err := cmd.StdoutPipe()
	must(t, err, cmd.Start())
	line := make([]byte, 4)
	if _, err := out.Read(line); err != nil || !strings.HasPrefix(string(line), "held") {
		t.Fatalf("child: %q %v", line, err)
	}
	for _, tamper := range []func(){
		func() {},
		func() { must(t, os.Remove(filepath.Join(dir, lockName))) },
		func() { must(t, os.WriteFile(filepath.Join(dir, lockName), nil, 0o600)) },
		func() {
			must(t, os.WriteFile(filepath.Join(dir, "other"), nil, 0o600), os.Rename(filepath.Join(dir, "other"), filepath.Join(dir, lockName)))
		},
	} {
		tamper()
		if d, err := Open(dir); domain.CodeOf(err) != domain.Conflict {
			t.Errorf("while the child lives: %v, want conflict", err)
			if err == nil {
				must(t, d.Close())
			}
		}
	}
	must(t, cmd.Process.Kill())
	_ = cmd.Wait()
	open(t, dir)
}

func TestPathStaysInside(t *testing.T) {
	d := open(t, t.TempDir())
	for _, name := range []string{"../x", "/etc/passwd", "a/../../x"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Path(%q) was accepted", name)
				}
			}()
			d.Path(name)
		}()
	}
	if got, want := d.Path("runs.db"), filepath.Join(d.Path(""), "runs.db"); got != want {
		t.Errorf("Path = %q, want %q", got, want)
	}
}

func TestDefaultDir(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_DATA_HOME", "relative/is/ignored")
	if got, err := DefaultDir("seatkeeper"); err != nil || !strings.HasPrefix(got, home) || filepath.Base(got) != "seatkeeper" {
		t.Errorf("DefaultDir = %q, %v", got, err)
	}
	t.Setenv("HOME", "")
	if got, err := DefaultDir("seatkeeper"); err == nil {
		t.Errorf("without a home: %q, want an error", got)
	}
}

func TestDiskProblems(t *testing.T) {
	if e := domain.AsError(diskProblem("/d", fmt.Errorf("open: %w", syscall.ENOSPC))); e.Reason != "disk_full" {
		t.Errorf("full disk: %+v", e)
	}
	if e := domain.AsError(diskProblem("/d", &os.PathError{Op: "mkdir", Path: "/d", Err: syscall.EROFS})); e.Reason != "read_only" || !strings.Contains(e.Message, "read-only") {
		t.Errorf("read-only disk: %+v", e)
	}
	if _, err := Open("/proc/nothing/here"); domain.AsError(err).Reason != "data_dir" {
		t.Errorf("impossible place: %v", err)
	}
}
