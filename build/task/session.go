package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// startPatience is how long a display or a bus may take to come up on a busy machine.
const startPatience = 30 * time.Second

// session is a desktop of its own: a display in memory, a bus, an unlocked keyring, a window manager and an empty home.
// Nothing in it touches the desktop, the keyring or the files of whoever runs the task.
type session struct {
	dir  string
	env  []string
	down []func() // what ends it, in the order of the start
}

// openSession starts a desktop; close ends it and removes its files.
func openSession(ctx context.Context) (*session, error) {
	if runtime.GOOS != "linux" {
		return nil, fmt.Errorf("a display in memory is made on Linux only, not on %s", runtime.GOOS)
	}
	dir, err := os.MkdirTemp("", "seatkeeper-desktop-")
	if err != nil {
		return nil, err
	}
	s := &session{dir: dir, down: []func(){func() { _ = os.RemoveAll(dir) }}}
	if err := s.start(ctx); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *session) start(ctx context.Context) error {
	home := filepath.Join(s.dir, "home")
	folders := map[string]string{
		"HOME": home, "XDG_RUNTIME_DIR": filepath.Join(s.dir, "run"), "XDG_CONFIG_HOME": filepath.Join(home, ".config"),
		"XDG_DATA_HOME": filepath.Join(home, ".local", "share"), "XDG_CACHE_HOME": filepath.Join(home, ".cache"),
	}
	for name, path := range folders {
		if err := os.MkdirAll(path, 0o700); err != nil {
			return err
		}
		s.env = append(s.env, name+"="+path)
	}
	s.env = append(s.env,
		"XDG_SESSION_TYPE=x11", "WAYLAND_DISPLAY=", "LANG=C.UTF-8", "LANGUAGE=en_US", "TZ=UTC",
		"NO_AT_BRIDGE=1", "GSETTINGS_BACKEND=memory", "GIO_USE_VFS=local")

	display, err := s.launch(ctx, "Xvfb", "-displayfd", "3", "-screen", "0", "1440x900x24", "-nolisten", "tcp")
	if err != nil {
		return err
	}
	s.env = append(s.env, "DISPLAY=:"+display)
	bus, err := s.launch(ctx, "dbus-daemon", "--session", "--nofork", "--print-address=3")
	if err != nil {
		return err
	}
	s.env = append(s.env, "DBUS_SESSION_BUS_ADDRESS="+bus)
	if _, err := s.launch(ctx, "gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"); err != nil {
		return err
	}
	_, err = s.launch(ctx, "openbox")
	return err
}

// launch starts a program that runs as long as the session. Where its arguments give file descriptor 3 as the place to
// announce itself, launch waits for that line and returns it.
func (s *session) launch(ctx context.Context, name string, args ...string) (string, error) {
	log, err := os.Create(filepath.Join(s.dir, name+".log"))
	if err != nil {
		return "", err
	}
	defer func() { _ = log.Close() }()
	read, write, err := os.Pipe()
	if err != nil {
		return "", err
	}
	defer func() { _ = read.Close() }()

	// The session ends in its own order and not with ctx, so that what uses it can end first.
	cmd := exec.CommandContext(context.WithoutCancel(ctx), name, args...)
	cmd.Env = append(os.Environ(), s.env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.Stdin = strings.NewReader("\n") // the empty password of the empty keyring
	cmd.ExtraFiles = []*os.File{write}
	err = cmd.Start()
	_ = write.Close()
	if err != nil {
		return "", fmt.Errorf("%w; `go run ./build/task setup` installs what is missing", err)
	}
	s.down = append(s.down, func() {
		_ = cmd.Process.Signal(os.Interrupt)
		time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
		_ = cmd.Wait()
		accountOf(ctx).spend(cmd)
	})
	if !slices.ContainsFunc(args, func(a string) bool { return a == "3" || strings.HasSuffix(a, "=3") }) {
		return "", nil
	}
	if err := read.SetReadDeadline(time.Now().Add(startPatience)); err != nil {
		return "", err
	}
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		said, _ := os.ReadFile(log.Name())
		return "", fmt.Errorf("%s did not start: %w\n%s", name, err, said)
	}
	return strings.TrimSpace(line), nil
}

func (s *session) close() {
	for _, end := range slices.Backward(s.down) {
		end()
	}
}

// inSession runs work inside a desktop of its own.
func inSession(ctx context.Context, work func(desktop command) error) (err error) {
	s, err := openSession(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	return errors.Join(work(command{env: s.env}), ctx.Err())
}
