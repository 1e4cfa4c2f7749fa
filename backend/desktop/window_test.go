//go:build window && linux

package desktop

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// These tests run the real program with its real window on a display in memory, as a part of `task window`.
// They need Xvfb, openbox, dbus-daemon, xdotool, wmctrl, xev and stdbuf, and fail without them. SEATKEEPER_BINARY names a program that was built
// before; otherwise they build one.

var binary = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("SEATKEEPER_BINARY"); path != "" {
		return filepath.Abs(path)
	}
	dir, err := os.MkdirTemp("", "seatkeeper-window-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "seatkeeper")
	cmd := exec.Command("go", "build", "-tags", "desktop,production,webkit2_41", "-o", path, ".")
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil && os.Getenv("SEATKEEPER_BINARY") == "" {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// screen is a desktop of its own.
type screen struct {
	t   *testing.T
	env []string
	bus string // address of its session bus
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	home := t.TempDir()
	s := &screen{t: t}
	for _, kv := range os.Environ() {
		name, _, _ := strings.Cut(kv, "=")
		if name != "DISPLAY" && name != "WAYLAND_DISPLAY" && name != "HOME" && name != "DBUS_SESSION_BUS_ADDRESS" && !strings.HasPrefix(name, "XDG_") {
			s.env = append(s.env, kv)
		}
	}
	run := filepath.Join(home, "run")
	if err := os.Mkdir(run, 0o700); err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "HOME="+home, "XDG_RUNTIME_DIR="+run, "XDG_SESSION_TYPE=x11", "NO_AT_BRIDGE=1", "GSETTINGS_BACKEND=memory", "LANG=C.UTF-8")
	s.env = append(s.env, "DISPLAY=:"+s.server("Xvfb", "-displayfd", "3", "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"))
	s.bus = s.server("dbus-daemon", "--session", "--nofork", "--print-address=3")
	s.env = append(s.env, "DBUS_SESSION_BUS_ADDRESS="+s.bus)
	s.server("openbox")
	return s
}

// on is the same screen for a subtest, whose programs end with it.
func (s *screen) on(t *testing.T) *screen { return &screen{t: t, env: s.env, bus: s.bus} }

// server starts something that runs until the test ends; what it writes to descriptor 3 is returned.
func (s *screen) server(name string, args ...string) string {
	s.t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = read.Close() }()
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.ExtraFiles = s.env, []*os.File{write}
	err = cmd.Start()
	_ = write.Close()
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	if len(args) == 0 {
		return ""
	}
	line, err := bufio.NewReader(read).ReadString('\n')
	if err != nil {
		s.t.Fatalf("%s did not start: %v", name, err)
	}
	return strings.TrimSpace(line)
}

// program is one running Seatkeeper.
type program struct {
	*screen
	cmd  *exec.Cmd
	said *syncBuffer
	done chan struct{}
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func (s *screen) start(env []string, args ...string) *program {
	s.t.Helper()
	path, err := binary()
	if err != nil {
		s.t.Fatal(err)
	}
	p := &program{screen: s, cmd: exec.Command(path, args...), said: &syncBuffer{}, done: make(chan struct{})}
	p.cmd.Env = append(append([]string{}, s.env...), env...)
	p.cmd.Stdout, p.cmd.Stderr = p.said, p.said
	if err := p.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait()
		close(p.done)
	}()
	s.t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.done
		if s.t.Failed() {
			s.t.Logf("the program said:\n%s", p.said)
		}
	})
	return p
}

// watch counts how often a window with a frame came into sight from now on.
func (s *screen) watch() (seen func() int) {
	s.t.Helper()
	said := &syncBuffer{}
	cmd := exec.Command("stdbuf", "-oL", "xev", "-root", "-event", "substructure")
	cmd.Env, cmd.Stdout = s.env, said
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return func() int {
		n := 0
		for event := range strings.SplitSeq(said.String(), "\n\n") {
			if strings.Contains(event, "MapNotify event") && strings.Contains(event, "override NO") {
				n++
			}
		}
		return n
	}
}

// tool runs a small program on the screen.
func (s *screen) tool(name string, args ...string) string {
	cmd := exec.Command(name, args...)
	cmd.Env = s.env
	out, _ := cmd.Output() // xdotool fails when it finds nothing
	return strings.TrimSpace(string(out))
}

// windows are the ids of the visible windows of that process.
func (p *program) windows() []string {
	var out []string
	for id := range strings.FieldsSeq(p.tool("xdotool", "search", "--onlyvisible", "--name", "^Seatkeeper$")) {
		if p.tool("xdotool", "getwindowpid", id) == fmt.Sprint(p.cmd.Process.Pid) {
			out = append(out, id)
		}
	}
	return out
}

func (p *program) visible() bool { return len(p.windows()) > 0 }

func (p *program) waitVisible(want bool) {
	p.t.Helper()
	eventually(p.t, fmt.Sprintf("window visible = %v", want), func() bool { return p.visible() == want })
}

func (p *program) running() bool {
	select {
	case <-p.done:
		return false
	default:
		return true
	}
}

// waitEnd waits for the end and returns how long it took.
func (p *program) waitEnd(code int) time.Duration {
	p.t.Helper()
	start := time.Now()
	select {
	case <-p.done:
	case <-time.After(15 * time.Second):
		p.t.Fatal("the program does not end")
	}
	if got := p.cmd.ProcessState.ExitCode(); got != code {
		p.t.Errorf("exit code %d, want %d", got, code)
	}
	return time.Since(start)
}

// closeWindow presses the window's own button.
func (p *program) closeWindow() {
	p.t.Helper()
	var ids []string
	eventually(p.t, "a window to close", func() bool {
		ids = p.windows()
		return len(ids) > 0
	})
	p.tool("wmctrl", "-i", "-c", ids[0])
}

// waitOpen waits until the workspace is open, which the log tells.
func (p *program) waitOpen(dir string) {
	p.t.Helper()
	eventually(p.t, "the workspace is open", func() bool {
		data, _ := os.ReadFile(filepath.Join(dir, "seatkeeper.log"))
		return bytes.Contains(data, []byte(`"msg":"started"`))
	})
}

func TestWindowCloseHidesWhereATrayIs(t *testing.T) {
	s, dir := newScreen(t), t.TempDir()
	host := newFakeHost(t, s.bus, true)
	p := s.start(nil, "--data", dir)
	p.waitVisible(true)
	item := host.waitItem(t)
	p.closeWindow()
	p.waitVisible(false)
	host.click(t, item, "Open Seatkeeper")
	p.waitVisible(true)
	p.closeWindow()
	p.waitVisible(false)
	if !p.running() {
		t.Fatal("closing ended the program")
	}
	host.click(t, item, "Quit")
	if took := p.waitEnd(0); took > 2*time.Second {
		t.Errorf("Quit took %v", took)
	}
}

func TestWindowCloseEndsWithoutATray(t *testing.T) {
	s, dir := newScreen(t), t.TempDir()
	for name, env := range map[string][]string{"no panel": nil, "no bus": {"DBUS_SESSION_BUS_ADDRESS=disabled:"}} {
		t.Run(name, func(t *testing.T) {
			p := s.on(t).start(env, "--data", dir)
			p.waitVisible(true)
			p.waitOpen(dir)
			p.closeWindow()
			p.waitEnd(0)
			_ = os.Remove(filepath.Join(dir, "seatkeeper.log"))
		})
	}
}

func TestWindowEndsOnSignals(t *testing.T) {
	s := newScreen(t)
	host := newFakeHost(t, s.bus, true)
	for _, hidden := range []bool{true, false} {
		for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
			t.Run(fmt.Sprintf("%v hidden=%v", sig, hidden), func(t *testing.T) {
				dir := t.TempDir()
				args := []string{"--demo", "--demo-people", "2000", "--data", dir}
				if hidden {
					args = append(args, "--hidden")
				}
				p := s.on(t).start(nil, args...)
				host.waitItem(t) // in the middle of the demo's first sync
				if !hidden {
					p.waitVisible(true)
				}
				if err := p.cmd.Process.Signal(sig); err != nil {
					t.Fatal(err)
				}
				if took := p.waitEnd(0); took > 2*time.Second {
					t.Errorf("took %v, want less than 2 s", took)
				}
				if left, _ := filepath.Glob(filepath.Join(dir, "demo-*")); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
			})
		}
	}
}

// TestWindowStartsHidden: not even a flash of it is seen before it is asked for.
func TestWindowStartsHidden(t *testing.T) {
	s, dir := newScreen(t), t.TempDir()
	host := newFakeHost(t, s.bus, true)
	seen := s.watch()
	p := s.start(nil, "--hidden", "--data", dir)
	item := host.waitItem(t)
	p.waitOpen(dir) // the backend works without the page
	if p.visible() {
		t.Error("the window is visible")
	}
	host.click(t, item, "Open Seatkeeper")
	p.waitVisible(true)
	eventually(t, "the window is seen", func() bool { return seen() > 0 })
	if n := seen(); n != 1 {
		t.Errorf("the window came into sight %d times, not once", n)
	}
}

func TestWindowHiddenWithoutATrayIsShown(t *testing.T) {
	s, dir := newScreen(t), t.TempDir()
	p := s.start(nil, "--hidden", "--data", dir)
	p.waitOpen(dir)
	p.waitVisible(true) // after the patience for a panel
}

func TestWindowSecondInstance(t *testing.T) {
	s, dir := newScreen(t), t.TempDir()
	host := newFakeHost(t, s.bus, true)
	first := s.start(nil, "--hidden", "--data", dir)
	host.waitItem(t)
	first.waitOpen(dir)

	second := s.start(nil, "--data", dir)
	<-second.done
	first.waitVisible(true)
	if second.visible() {
		t.Error("two windows")
	}

	other := s.start(nil, "--data", t.TempDir()) // other data may be open beside it
	other.waitVisible(true)

	// Without a bus nothing tells the first one: the lock on the data keeps the second out, and its window says so.
	third := s.start([]string{"DBUS_SESSION_BUS_ADDRESS=disabled:"}, "--data", dir)
	third.waitVisible(true)
	eventually(t, "the third says why", func() bool { return strings.Contains(third.said.String(), "already running") })
	third.closeWindow()
	third.waitEnd(0)
	if !first.running() {
		t.Error("the first one ended")
	}
}

func TestWindowUnreadableData(t *testing.T) {
	s := newScreen(t)
	for name, plant := range map[string]func(dir string) error{
		"damaged database": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "runs.db"), bytes.Repeat([]byte("not a database "), 1000), 0o600)
		},
		"planted link": func(dir string) error { return os.Symlink("/etc/hosts", filepath.Join(dir, "mirror.db")) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := plant(dir); err != nil {
				t.Fatal(err)
			}
			p := s.on(t).start(nil, "--hidden", "--data", dir)
			eventually(t, "the log tells", func() bool { return strings.Contains(p.said.String(), "workspace could not be opened") })
			for range 5 { // to show the problem, although it was to start hidden: and it stays
				<-time.After(200 * time.Millisecond)
				p.waitVisible(true)
			}
			p.closeWindow()
			p.waitEnd(0)
		})
	}
}

func TestWindowRemembersItsPlace(t *testing.T) {
	s, dir := newScreen(t), t.TempDir()
	p := s.start(nil, "--data", dir)
	p.waitVisible(true)
	p.waitOpen(dir)
	id := p.windows()[0]
	p.tool("xdotool", "windowsize", "--sync", id, "1100", "700")
	p.tool("xdotool", "windowmove", "--sync", id, "120", "90")
	p.closeWindow()
	p.waitEnd(0)
	var g geometry
	data, err := os.ReadFile(filepath.Join(dir, "window.json"))
	if err != nil || json.Unmarshal(data, &g) != nil || g.Width != 1100 {
		t.Fatalf("remembered %s %v", data, err)
	}
	p = s.start(nil, "--data", dir)
	p.waitVisible(true)
	eventually(t, "the window is where it was", func() bool {
		ids := p.windows()
		return len(ids) > 0 && strings.Contains(p.tool("xdotool", "getwindowgeometry", ids[0]), "Geometry: 1100x700")
	})
	eventually(t, "the position is near", func() bool {
		var x, y int
		line := p.tool("xdotool", "getwindowgeometry", p.windows()[0])
		_, _ = fmt.Sscanf(line[strings.Index(line, "Position: "):], "Position: %d,%d", &x, &y)
		return x > 80 && x < 160 && y > 50 && y < 140
	})
}

func TestWindowSaysThatThereIsNoDisplay(t *testing.T) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	for _, env := range [][]string{{"HOME=" + t.TempDir()}, {"HOME=" + t.TempDir(), "DISPLAY=:9871"}} {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		cmd := exec.CommandContext(ctx, path)
		cmd.Env = append(env, "DBUS_SESSION_BUS_ADDRESS=disabled:")
		out, _ := cmd.CombinedOutput()
		cancel()
		if cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(out), "graphical session") || strings.Contains(string(out), "panic") {
			t.Errorf("%v: code %d, said\n%s", env, cmd.ProcessState.ExitCode(), out)
		}
	}
}
