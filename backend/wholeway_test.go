package backend_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"seatkeeper/backend"
	"seatkeeper/backend/bindings"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/sim"
)

// window is the native window of these tests.
type window struct {
	save string
	asks func()           // what happens while the operator chooses where to save; nil: nothing
	open func(url string) // nil: nothing happens
	file string           // that is chosen
}

func (w *window) SaveFile(string, string, string) (string, error) {
	if w.asks != nil {
		w.asks()
	}
	return w.save, nil
}
func (w *window) OpenFile(string, string) (string, error) { return w.file, nil }
func (w *window) TrayAvailable() bool                     { return false }
func (w *window) NotesAvailable() bool                    { return false }
func (w *window) Quit()                                   {}
func (w *window) Quitting() (string, []domain.Run)        { return "", nil }
func (w *window) AnswerQuit(string) error                 { return nil }

func (w *window) OpenURL(url string) error {
	if w.open != nil {
		w.open(url)
	}
	return nil
}

// program is the whole program but its window, over a simulated Atlassian on ports.
type program struct {
	api     *bindings.API
	backend *backend.Backend
	world   *sim.World
	listing sim.Listing
	window  *window
	dataDir string
	logFile string
	onEvent func(events.Event) // nil: nobody listens
}

const passphrase = "correct horse battery staple"

func start(t *testing.T, people int) *program {
	t.Helper()
	return startIn(t, sim.Config{People: people, Sites: 2, DataCenters: 1, Seed: 7})
}

func startIn(t *testing.T, cfg sim.Config) *program {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	world := sim.New(cfg)
	listing, err := world.Serve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	p := &program{world: world, listing: listing, window: &window{}, dataDir: filepath.Join(dir, "data"), logFile: filepath.Join(dir, "log")}
	p.open(t)
	if _, err := p.api.App.UnlockKeyFile(passphrase); err != nil {
		t.Fatal("make the key file:", err)
	}
	return p
}

// open starts the program on its data folder; the test's end closes it.
func (p *program) open(t *testing.T) {
	t.Helper()
	logFile, err := os.OpenFile(p.logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewJSONHandler(logFile, &slog.HandlerOptions{Level: slog.LevelDebug}))
	bus := &events.Bus{}
	if p.onEvent != nil {
		bus.Subscribe(p.onEvent)
	}
	p.api = bindings.New(t.Context(), p.window, log)
	p.backend, err = backend.Open(t.Context(), backend.Options{DataDir: p.dataDir, Simulator: p.listing.API, Bus: bus, Log: log})
	if err != nil {
		t.Fatal("open:", err)
	}
	p.api.Attach(p.backend)
	b := p.backend
	t.Cleanup(func() {
		if err := b.Close(context.Background()); err != nil {
			t.Error("close:", err)
		}
		_ = logFile.Close()
	})
}

func (p *program) orgDraft() bindings.SourceDraft {
	return bindings.SourceDraft{
		Kind: "atlassian_org", Name: "Acme", Color: "teal",
		Values: map[string]string{"org_id": p.listing.Organization.ID, "api_key": p.listing.Organization.APIKey, "my_account": p.world.Operator()},
	}
}

// connect adds the organization and waits for its first sync.
func (p *program) connect(t *testing.T) bindings.SourceView {
	t.Helper()
	added := must(p.api.Sources.Add(p.orgDraft()))(t)
	if added.Source == nil {
		t.Fatalf("the test of the connection failed: %+v", added.Test.Findings)
	}
	p.waitSync(t, added.Source.ID)
	return *added.Source
}

func (p *program) waitSync(t *testing.T, id string) bindings.SyncView {
	t.Helper()
	var v bindings.SyncView
	eventually(t, "the sync to end", func() bool {
		v = must(p.api.Sync.State(id))(t)
		return v.State != "running"
	})
	if v.State != "done" || v.Drift != "" {
		t.Fatalf("sync: %+v, problem %+v", v, v.Problem)
	}
	return v
}

// query makes a list; the index follows a sync in the background, so an old list is asked for again.
func (p *program) query(t *testing.T, source, filter string) bindings.SnapshotView {
	t.Helper()
	var s bindings.SnapshotView
	eventually(t, "the index", func() bool {
		s = must(p.api.People.Query(bindings.PeopleQuery{SourceID: source, Filter: filter}))(t)
		if s.Error != nil {
			t.Fatalf("filter %q: %+v", filter, s.Error)
		}
		return !s.Stale && !s.Partial && s.All > 0
	})
	return s
}

func (p *program) run(t *testing.T, plan bindings.PlanView) bindings.RunView {
	t.Helper()
	typed := ""
	if plan.MustType {
		b, _ := json.Marshal(plan.Changes)
		typed = string(b)
	}
	var run bindings.RunView
	if plan.Words != "" {
		run = must(p.api.Bulk.Raise(plan.ID, plan.Hash, plan.Words, "it is meant", ""))(t)
	} else {
		run = must(p.api.Bulk.Confirm(plan.ID, plan.Hash, typed, ""))(t)
	}
	eventually(t, "the run to end", func() bool {
		run = must(p.api.Runs.Run(run.ID))(t)
		return run.State != "running"
	})
	return run
}

// status is a person's state at the simulated Atlassian.
func (p *program) status(accountID string) string {
	state, _ := p.world.State(accountID)
	return state.Status
}

func TestTheWholeWay(t *testing.T) {
	p := start(t, 400)
	src := p.connect(t)

	list := p.query(t, src.ID, `status = active AND role is empty AND source = invited`)
	if list.Total < 10 {
		t.Fatalf("only %d active people", list.Total)
	}
	if n := must(p.api.People.Select(bindings.SelectRequest{Snapshot: list.ID, Op: "add", From: 0, To: 3}))(t); n.Count != 3 {
		t.Fatalf("%+v selected, want 3", n)
	}
	rows := must(p.api.People.Rows(list.ID, 0, 5))(t)

	plan := must(p.api.Bulk.Preview(bindings.PlanRequest{SourceID: src.ID, Action: "user.suspend", Note: "left", Selection: "3 people"}))(t)
	if plan.Blocked || plan.Changes != 3 {
		t.Fatalf("plan: %+v", plan)
	}
	for _, row := range rows[:3] {
		if p.status(row.AccountID) != "active" {
			t.Fatal("somebody was suspended before the plan was confirmed")
		}
	}
	run := p.run(t, plan)
	if run.State != "done" || run.Counts["done"] != 3 {
		t.Fatalf("run: %+v", run)
	}
	for i, row := range rows {
		want := "active"
		if i < 3 {
			want = "suspended"
		}
		if got := p.status(row.AccountID); got != want {
			t.Errorf("row %d is %s at Atlassian, want %s", i, got, want)
		}
	}
	details := must(p.api.Runs.Item(run.ID, 1))(t)
	if !details.Called || details.Status != 204 || details.Method != http.MethodPost {
		t.Errorf("details: %+v", details)
	}
	for _, format := range []string{"json", "csv"} {
		p.window.save = filepath.Join(t.TempDir(), "run."+format)
		if ex := must(p.api.Runs.Export(run.ID, format))(t); ex.Rows != 3 {
			t.Errorf("export %s: %+v", format, ex)
		}
		text, err := os.ReadFile(p.window.save)
		if err != nil || !strings.Contains(string(text), rows[0].AccountID) {
			t.Errorf("%s export does not name the person: %v", format, err)
		}
	}
	eventually(t, "the local copy to follow", func() bool {
		return p.query(t, src.ID, `status = suspended AND accountId = "`+rows[0].AccountID+`"`).Total == 1
	})

	undone := p.run(t, must(p.api.Bulk.PreviewUndo(run.ID))(t))
	if undone.State != "done" || undone.Counts["done"] != 3 {
		t.Fatalf("undo: %+v", undone)
	}
	for _, row := range rows[:3] {
		if got := p.status(row.AccountID); got != "active" {
			t.Errorf("%s is %s after undo", row.AccountID, got)
		}
	}
	if page := must(p.api.Runs.List(bindings.RunQuery{Limit: 10}))(t); page.Total != 2 || page.Runs[0].UndoOf != run.ID {
		t.Errorf("run log: %+v", page)
	}
}

// TestSecondInstanceIsRefused: two programs on one data folder would run every plan twice.
func TestSecondInstanceIsRefused(t *testing.T) {
	p := start(t, 20)
	_, err := backend.Open(t.Context(), backend.Options{DataDir: p.dataDir, Simulator: p.listing.API, Bus: &events.Bus{}, Log: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(bindings.FormatError(err).(string), `"code":"conflict"`) {
		t.Fatalf("a second program on the same folder: %v", err)
	}
}

// TestDemoLeavesNothingBehind enters and leaves the demo organization: neither a file nor a time in the tray is left.
func TestDemoLeavesNothingBehind(t *testing.T) {
	p := start(t, 20)
	var next atomic.Pointer[domain.NextTask]
	p.onEvent = func(e events.Event) {
		if n, ok := e.Payload.(domain.NextTask); ok {
			next.Store(&n)
		}
	}
	p.reopen(t)
	before := names(t, p.dataDir)
	if err := p.api.App.EnterDemo(50); err != nil {
		t.Fatal(err)
	}
	sources := must(p.api.Sources.List())(t)
	if len(sources) != 2 || !sources[0].Demo {
		t.Fatalf("demo sources: %+v", sources)
	}
	for _, s := range sources {
		p.waitSync(t, s.ID)
	}
	next.Store(&domain.NextTask{At: time.Now()}) // as the demo's clock tells within half a minute
	if err := p.api.App.LeaveDemo(); err != nil {
		t.Fatal(err)
	}
	if n := next.Load(); !n.At.IsZero() {
		t.Errorf("the tray still shows the demo's next sync at %s", n.At)
	}
	if after := names(t, p.dataDir); after != before {
		t.Errorf("the data folder had %s, has %s", before, after)
	}
	if left := must(p.api.Sources.List())(t); len(left) != 0 {
		t.Errorf("sources of the demo are still there: %+v", left)
	}
}

func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), "-wal") && !strings.HasSuffix(e.Name(), "-shm") {
			all = append(all, e.Name())
		}
	}
	return strings.Join(all, " ")
}

// must fails the test on an error: must(f())(t).
func must[T any](v T, err error) func(t *testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// eventually waits for something that happens in the background of the real program, at most 20 s.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited in vain for " + what)
		}
	}
}
