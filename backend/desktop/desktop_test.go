package desktop

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wailsapp/wails/v2/pkg/menu"
	"github.com/wailsapp/wails/v2/pkg/options"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

func TestParseFlags(t *testing.T) {
	dir := t.TempDir()
	good := map[string]Flags{
		"":                                {},
		"--demo":                          {Demo: true},
		"--demo --demo-people 10":         {Demo: true, DemoPeople: 10},
		"-demo -demo-people=500000":       {Demo: true, DemoPeople: 500000},
		"--hidden --data " + dir:          {Hidden: true, DataDir: dir},
		"--simulator http://127.0.0.1:80": {Simulator: "http://127.0.0.1:80"},
	}
	for line, want := range good {
		got, err := ParseFlags(strings.Fields(line), &bytes.Buffer{})
		if err != nil || got != want {
			t.Errorf("%q: %+v %v, want %+v", line, got, err, want)
		}
	}
	bad := []string{
		"--dmo", "people", "--demo extra", "--demo-people", "--demo-people x --demo", "--demo-people 100", "--demo --demo-people 9", "--demo --demo-people 500001",
		"--demo=perhaps", "--data", "--data=", "--simulator", "--simulator=", "--simulator https://127.0.0.1:1", "--simulator http://example.com:80",
		"--simulator http://127.0.0.1", "--simulator http://127.0.0.1.evil.example:80", "--simulator http://a@127.0.0.1:80", "--simulator http://127.0.0.1:80/x",
		"--simulator http://10.0.0.1:80", "--simulator http://localhost:80", "--demo --simulator http://127.0.0.1:80", "--devserver x",
	}
	for _, line := range bad {
		_, err := ParseFlags(strings.Fields(line), &bytes.Buffer{})
		e := domain.AsError(err)
		if e == nil || e.Code != domain.Invalid || e.Reason != "flags" || e.Hint == "" || strings.Contains(e.Message, "flag provided") {
			t.Errorf("%q: %v, want a clear error", line, err)
		}
	}
	var out bytes.Buffer
	if _, err := ParseFlags([]string{"--help"}, &out); !errors.Is(err, ErrHelp) || !strings.Contains(out.String(), "--demo-people N") {
		t.Errorf("help: %v %q", err, out.String())
	}
}

func TestCheckURL(t *testing.T) {
	for _, ok := range []string{
		"https://support.atlassian.com/x?y#z", "https://admin.atlassian.com", "https://acme.atlassian.net/people", "https://ATLASSIAN.com/",
	} {
		if err := checkURL(ok); err != nil {
			t.Errorf("%s: %v", ok, err)
		}
	}
	for _, bad := range []string{
		"", "http://support.atlassian.com", "https://atlassian.com.evil.example", "https://evilatlassian.com", "https://support.atlassian.com@evil.example",
		"https://evil.example/support.atlassian.com", "https://evil.example#.atlassian.com", "https://evil.example\\.atlassian.com", "file:///etc/passwd",
		"javascript:alert(1)", "https:support.atlassian.com", "https://support.atlassian.com:8443", "//support.atlassian.com", "https://support.atlassian.com/\nx",
		"https://support.atlassian.com/ -x", "https://аtlassian.com", "https://user:pw@atlassian.com", "data:text/html,x", "https://support.atlassian.com%00.evil.example",
	} {
		if err := checkURL(bad); domain.CodeOf(err) != domain.Forbidden {
			t.Errorf("%q: %v, want forbidden", bad, err)
		}
	}
}

func TestFileName(t *testing.T) {
	for in, want := range map[string]string{
		"run.csv": "run.csv", "a/b\\c:d.csv": "a-b-c-d.csv", "../../etc/passwd": "etc-passwd", "CON.csv": "seatkeeper-CON.csv", "com7": "seatkeeper-com7",
		"": "seatkeeper-", " .hidden": "hidden", "a\x00b\nc": "a-b-c", "x\u202egpj.exe": "xgpj.exe", "Bücher 🪑.json": "Bücher 🪑.json",
	} {
		if got := fileName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got := fileName(strings.Repeat("é", 500) + ".csv"); len([]rune(got)) > maxFileName || !strings.HasSuffix(got, ".csv") {
		t.Errorf("long name: %q", got)
	}
}

func TestHeaders(t *testing.T) {
	rec := httptest.NewRecorder()
	secured(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })).
		ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/nothing", nil))
	got := rec.Header().Get("Content-Security-Policy")
	for _, want := range []string{
		"default-src 'none'", "script-src 'self';", "style-src 'self';", "connect-src 'self';", "base-uri 'none'", "form-action 'none'",
		"frame-src 'none'", "object-src 'none'", "img-src 'self' data:;", "font-src 'self' data:;",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the policy lacks %q: %s", want, got)
		}
	}
	if strings.Contains(got, "unsafe-eval") || strings.Contains(got, "http:") || strings.Contains(got, "*") {
		t.Errorf("the policy is too wide: %s", got)
	}
	if rec.Header().Get("X-Content-Type-Options") != "nosniff" || rec.Code != http.StatusNotFound {
		t.Errorf("headers %v, code %d", rec.Header(), rec.Code)
	}
}

// TestLogHoldsNoSecret feeds what Wails logs when a bound method gets a wrong argument, and what a careless line might hold.
func TestLogHoldsNoSecret(t *testing.T) {
	const key = "ATCTT3xFfGN0sentinelsentinelsentinel"
	path := filepath.Join(t.TempDir(), "log")
	var terminal bytes.Buffer
	l := NewLog(&terminal)
	l.Info("before the file is open")
	w := wailsLog{l.Logger}
	message := `process message error: C{"name":"bindings.Sources.Add","args":["my own pass phrase","` + key + `"],"callbackID":"x"} -> json: cannot unmarshal`
	for _, log := range []func(string){w.Print, w.Trace, w.Debug, w.Info, w.Warning, w.Error, w.Fatal} {
		log(message)
	}
	if err := l.Open(path); err != nil {
		t.Fatal(err)
	}
	l.Error("careless", "key", key, "header", "Authorization: Basic dXNlckBleGFtcGxlOnNlY3JldA==", "url", "https://user:hunter22@acme.example/", "secret", domain.NewSecret("hunter33"))
	l.Close()
	l.Error("after the end")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"file": string(data), "terminal": terminal.String()} {
		for _, secret := range []string{"sentinel", "pass phrase", "dXNlckBl", "hunter22", "hunter33"} {
			if strings.Contains(text, secret) {
				t.Errorf("the %s holds %q:\n%s", name, secret, text)
			}
		}
		if !strings.Contains(text, "process message error") || !strings.Contains(text, "careless") {
			t.Errorf("the %s lacks its lines:\n%s", name, text)
		}
	}
	if !strings.Contains(string(data), "before the file is open") || strings.Contains(string(data), "after the end") {
		t.Errorf("file:\n%s", data)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("mode %v %v", info.Mode(), err)
	}
}

// TestLogIsBounded writes more than the bound, to a file that was left wide and nearly full.
func TestLogIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, bytes.Repeat([]byte("x"), maxLog-100), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	l := NewLog(io.Discard)
	if err := l.Open(path); err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	line := strings.Repeat("y", 100_000)
	for i := range 3 * maxLog / len(line) {
		l.Info(line, "n", i)
	}
	l.Info("the last one")
	for _, p := range []string{path, path + ".old"} {
		info, err := os.Lstat(p)
		if err != nil || info.Size() > maxLog || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %+v %v", p, info, err)
		}
	}
	if data, err := os.ReadFile(path); err != nil || !strings.Contains(string(data), "the last one") {
		t.Error("the newest line is not in the file", err)
	}
	for name, plant := range map[string]func(string) error{
		"link":   func(p string) error { return os.Symlink(path, p) },
		"folder": func(p string) error { return os.Mkdir(p, 0o700) },
	} {
		p := filepath.Join(t.TempDir(), name)
		if err := plant(p); err != nil {
			t.Fatal(err)
		}
		if err := NewLog(io.Discard).Open(p); err == nil {
			t.Errorf("a %s was taken for the log", name)
		}
	}
}

func TestForwarder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var got []string
		first := true
		f := newForwarder(func(name string, payload any) {
			if first {
				first = false
				time.Sleep(time.Second) // a slow window
			}
			mu.Lock()
			defer mu.Unlock()
			text, _ := payload.(string)
			got = append(got, name+" "+text)
		}, func(e events.Event) (string, any) {
			text, _ := e.Payload.(string)
			return string(e.Topic) + "/" + e.SourceID, text
		})
		bus := &events.Bus{}
		stop := f.run(bus)
		bus.Publish(events.Event{Topic: events.RunsChanged})
		synctest.Wait()
		start := time.Now()
		for range 1000 {
			bus.Publish(events.Event{Topic: events.SyncProgress, SourceID: "a", Payload: "old"})
		}
		bus.Publish(events.Event{Topic: events.SyncProgress, SourceID: "b", Payload: "b"})
		bus.Publish(events.Event{Topic: events.SyncProgress, SourceID: "a", Payload: "new"})
		bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "a"})
		for range 200 {
			bus.Publish(events.Event{Topic: events.Notice, Payload: "n"})
		}
		if time.Since(start) != 0 {
			t.Error("a publisher waited for the window")
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		want := "runs/ |sync/b b|sync/a new|people/a "
		if text := strings.Join(got, "|"); !strings.HasPrefix(text, want) || strings.Count(text, "notice/ n") != maxNotices {
			t.Errorf("got %d events: %.200s, want %s and %d notices", len(got), text, want, maxNotices)
		}
		stop()
		bus.Publish(events.Event{Topic: events.RunsChanged})
		synctest.Wait()
		if len(got) != 4+maxNotices { // stop has waited for the forwarder
			t.Error("forwarded after the end")
		}
	})
}

func TestStatus(t *testing.T) {
	at := time.Date(2026, 11, 21, 14, 5, 0, 0, time.Local)
	done := domain.Sync{SourceID: "a", State: domain.SyncDone, FinishedAt: at}
	failed := domain.Sync{SourceID: "b", State: domain.SyncFailed, Error: &domain.Error{Message: "The key has expired."}}
	syncing := domain.Sync{SourceID: "c", State: domain.SyncRunning, Progress: domain.ReadProgress{People: 5, PeopleTotal: -1}}
	waiting := domain.Sync{SourceID: "c", State: domain.SyncRunning, Progress: domain.ReadProgress{Waiting: 12 * time.Second}}
	run := domain.Run{ID: "r", State: domain.RunRunning, ActionTitle: "Suspend", Total: 1214, Counts: map[domain.ItemState]int{domain.ItemPlanned: 200}}
	paused := domain.Run{ID: "p", State: domain.RunPaused, ActionTitle: "Restore", PauseReason: "Atlassian cannot be reached"}
	ended := domain.Run{ID: "r", State: domain.RunDone}
	event := func(p any) events.Event { return events.Event{Payload: p} }
	next := func(d time.Duration) events.Event { return event(domain.NextTask{At: time.Now().Add(d)}) }
	in := func(d time.Duration, form string) string { return time.Now().Add(d).Format(form) }
	cases := []struct {
		name   string
		events []events.Event
		want   status
	}{
		{"nothing", nil, status{levelIdle, "Ready"}},
		{"done", []events.Event{event(done)}, status{levelIdle, "Synced at 14:05"}},
		{"done, the next one in a while", []events.Event{event(done), next(time.Hour)}, status{levelIdle, "Synced at 14:05, next at " + in(time.Hour, "15:04")}},
		{"ready, the next one in days", []events.Event{next(50 * time.Hour)}, status{levelIdle, "Ready, next at " + in(50*time.Hour, "Mon 15:04")}},
		{"failed beats done", []events.Event{event(failed), event(done)}, status{levelError, "Sync failed: The key has expired."}},
		{"running beats failed", []events.Event{event(failed), event(syncing)}, status{levelRunning, "Syncing: 5 people"}},
		{"waiting", []events.Event{event(waiting)}, status{levelRunning, "Syncing: waiting 12 s for Atlassian"}},
		{"run beats sync", []events.Event{event(syncing), event(run)}, status{levelRunning, "Suspend: 1,014 of 1,214"}},
		{"paused", []events.Event{event(syncing), event(paused)}, status{levelAttention, "Restore is paused: Atlassian cannot be reached"}},
		{"run beats paused", []events.Event{event(paused), event(run)}, status{levelRunning, "Suspend: 1,014 of 1,214"}},
		{"ended", []events.Event{event(run), event(ended)}, status{levelIdle, "Ready"}},
		{"sources changed", []events.Event{event(failed), {Topic: events.SourcesChanged}}, status{levelIdle, "Ready"}},
		{"hostile", []events.Event{event(domain.Run{ID: "h", State: domain.RunPaused, ActionTitle: "S\u202eu\ns_&", PauseReason: strings.Repeat("x", 200)})},
			status{levelAttention, "Sus   is paused: " + strings.Repeat("x", maxLine-1) + "…"}},
	}
	for _, c := range cases {
		b := newBoard()
		for _, e := range c.events {
			b.apply(e)
		}
		if got := b.status(); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	for _, l := range []level{levelIdle, levelRunning, levelAttention, levelError} {
		for _, ext := range []string{".png", ".ico"} {
			if data, err := icons.ReadFile("icons/" + string(l) + ext); err != nil || len(data) < 500 {
				t.Errorf("icon %s%s: %d bytes %v", l, ext, len(data), err)
			}
		}
	}
	b := newBoard()
	b.quits = true
	if got := b.status().Line; got != "Ready" {
		t.Errorf("with nothing to wait for: %q", got)
	}
	b.apply(event(run))
	if got := b.status().Line; got != "Suspend: 1,014 of 1,214. Quits when done" {
		t.Errorf("quitting when done: %q", got)
	}
}

func TestGeometry(t *testing.T) {
	path := filepath.Join(t.TempDir(), "window.json")
	f := &geometryFile{path: path}
	for name, text := range map[string]string{
		"none": "", "torn": `{"width":12`, "tiny": `{"width":1,"height":1}`, "huge": `{"width":99999999,"height":900}`, "other": `[]`, "negative": `{"width":-1300,"height":900}`,
	} {
		if text != "" {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var o options.App
		f.apply(&o)
		if o.Width != defaultWidth || o.Height != defaultHeight || o.MinWidth != minWidth || o.WindowStartState != options.Normal {
			t.Errorf("%s: %dx%d", name, o.Width, o.Height)
		}
	}
	if err := f.write(geometry{Width: 1400, Height: 900, X: 10, Y: 20}); err != nil {
		t.Fatal(err)
	}
	if err := f.write(geometry{Width: 2560, Height: 1440, Maximized: true}); err != nil {
		t.Fatal(err)
	}
	var o options.App
	f.apply(&o)
	if o.Width != 1400 || o.Height != 900 || o.WindowStartState != options.Maximised { //nolint:misspell // Wails' spelling
		t.Errorf("after maximizing: %dx%d state %v, want the size before and maximized", o.Width, o.Height, o.WindowStartState)
	}
	for g, want := range map[geometry]bool{{X: 0, Y: 0}: true, {X: 1900, Y: 0}: false, {X: -500, Y: 5}: false, {X: 5, Y: 1050}: false, {X: 1800, Y: 900}: true} {
		if onScreen(g, 1920, 1080) != want {
			t.Errorf("%+v on screen = %v", g, !want)
		}
	}
}

func TestMenuTakesNoEditingKey(t *testing.T) {
	s := NewShell("", false, slog.New(slog.DiscardHandler))
	ids, keys := map[string]bool{}, map[string]bool{}
	for _, list := range [][]entry{fileEntries, editEntries, viewEntries, helpEntries} {
		for _, e := range list {
			if e.label != "" && (e.id == "" || ids[e.id]) {
				t.Errorf("%q: id %q is empty or doubled", e.label, e.id)
			}
			ids[e.id] = e.id != ""
		}
	}
	var walk func(m *menu.Menu)
	walk = func(m *menu.Menu) {
		for _, item := range m.Items {
			if item.SubMenu != nil {
				walk(item.SubMenu)
			}
			if item.Accelerator == nil {
				continue
			}
			key := strings.Join([]string{item.Accelerator.Key, strings.Join(modifiers(item), "+")}, "+")
			if keys[key] {
				t.Errorf("key %s is taken twice", key)
			}
			keys[key] = true
			if len(item.Accelerator.Modifiers) == 0 {
				t.Errorf("%q has a bare key", item.Label)
			}
			if len(item.Accelerator.Modifiers) == 1 && strings.ContainsAny(item.Accelerator.Key, "acvxzy") {
				t.Errorf("%q takes a key that edits text", item.Label)
			}
		}
	}
	walk(s.menu())
	if len(keys) < 4 {
		t.Errorf("keys = %v", keys)
	}
}

func modifiers(item *menu.MenuItem) []string {
	out := make([]string, 0, len(item.Accelerator.Modifiers))
	for _, m := range item.Accelerator.Modifiers {
		out = append(out, string(m))
	}
	return out
}

func TestShellBeforeTheWindow(t *testing.T) {
	s := NewShell("", false, slog.New(slog.DiscardHandler))
	s.Show()
	s.Changed()
	s.SecondInstance(options.SecondInstanceData{Args: []string{"--data", "/evil"}})
	if _, err := s.SaveFile("Export", "a.csv", "*.csv"); err == nil {
		t.Error("a dialog without a window")
	}
	if err := s.OpenURL("https://evil.example"); err == nil {
		t.Error("opened a foreign page")
	}
	if s.TrayAvailable() {
		t.Error("a tray without a window")
	}
	s.Quit()
	s.Stopped()
}

func TestInstanceID(t *testing.T) {
	a, b := instanceID("/home/a/.local/share/seatkeeper"), instanceID("/home/a/other")
	if a == b || strings.Trim(a, "abcdefghijklmnopqrstuvwxyz_0123456789") != "" {
		t.Errorf("ids %q, %q", a, b)
	}
}

func TestNoDisplay(t *testing.T) {
	t.Setenv("DISPLAY", "")
	t.Setenv("WAYLAND_DISPLAY", "")
	s := NewShell("", false, slog.New(slog.DiscardHandler))
	err := s.Run(Window{})
	if e := domain.AsError(err); e == nil || e.Reason != "no_display" || e.Hint == "" {
		t.Errorf("run without a display: %v", err)
	}
}
