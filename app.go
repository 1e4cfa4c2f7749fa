package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"seatkeeper/backend"
	"seatkeeper/backend/bindings"
	"seatkeeper/backend/desktop"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// Files in the data directory that belong to the program and not to its data.
const (
	logFile    = "seatkeeper.log"
	windowFile = "window.json"
)

// closeTime is how long the backend may take to end; its databases survive less.
const closeTime = 1500 * time.Millisecond

// app connects window and backend. The backend is opened when the window is there, so that a failure can be shown in
// it.
type app struct {
	flags  desktop.Flags
	log    *desktop.Log
	bus    *events.Bus
	shell  *desktop.Shell
	api    *bindings.API
	ctx    context.Context //nolint:containedctx // it ends what the window's calls have started
	cancel context.CancelFunc
	opened chan *backend.Backend // gets the backend, or nil, once
}

func newApp(flags desktop.Flags) *app {
	log := desktop.NewLog(os.Stderr)
	slog.SetDefault(log.Logger) // packages that write to Go's own log end up in ours
	a := &app{flags: flags, log: log, bus: &events.Bus{}, opened: make(chan *backend.Backend, 1)}
	a.ctx, a.cancel = context.WithCancel(context.Background())
	a.shell = desktop.NewShell(filepath.Join(flags.DataDir, windowFile), flags.Hidden, log.Logger)
	a.api = bindings.New(a.ctx, a.shell, log.Logger)
	return a
}

// title marks a window that is not about real people.
func (a *app) title() string {
	if a.flags.Simulator != "" {
		return "Seatkeeper (Simulator)"
	}
	return "Seatkeeper"
}

// startup opens the backend. Wails calls it on a goroutine of its own, on Linux even in a second instance that is about
// to end: nothing here may act before the workspace's own lock is held.
func (a *app) startup(context.Context) {
	b, err := backend.Open(a.ctx, backend.Options{
		DataDir: a.flags.DataDir, Demo: a.flags.Demo, DemoPeople: a.flags.DemoPeople, Simulator: a.flags.Simulator,
		Version: version, Bus: a.bus, Log: a.log.Logger,
	})
	a.opened <- b
	if err != nil {
		if reason := domain.AsError(err).Reason; reason != "second_instance" && reason != "data_dir" { // it is our folder, so the log may tell
			a.openLog()
		}
		a.api.Fail(err)
		a.shell.Changed()
		a.shell.Show() // also when started hidden: the page says what is wrong
		return
	}
	a.openLog()
	a.log.Info("started", "version", version, "demo", a.flags.Demo, "simulator", a.flags.Simulator != "")
	a.api.Attach(b)
	a.shell.Attach(desktop.Attachment{
		Bus: a.bus, View: bindings.View, SyncNow: func() { go a.syncNow(b) },
		Running:    func(also []string) ([]domain.Run, error) { return b.Running(a.ctx, also) },
		Pause:      func(runs []domain.Run) { b.PauseRuns(a.ctx, runs) },
		Notes:      func() bool { return b.WantsNotifications(a.ctx) },
		Reminders:  func() []domain.KeyReminder { return b.Reminders(a.ctx) },
		SourceName: func(id string) string { return b.SourceName(a.ctx, id) },
	})
	a.shell.Changed()
}

func (a *app) openLog() {
	if err := a.log.Open(filepath.Join(a.flags.DataDir, logFile)); err != nil {
		a.log.Warn("there is no log file", "error", err)
	}
}

// syncNow starts a sync of every source that is not paused.
func (a *app) syncNow(b *backend.Backend) {
	services := b.Services()
	sources, err := services.Connections.List(a.ctx)
	if err != nil {
		a.log.Error("sync from the tray", "error", err)
		return
	}
	for _, s := range sources {
		if s.Paused {
			continue
		}
		if _, err := services.Mirror.Start(a.ctx, s.ID); err != nil && domain.CodeOf(err) != domain.Conflict {
			a.log.Error("sync from the tray", "source", s.ID, "error", err)
		}
	}
}

// shutdown ends the backend. The window is gone; a run under way ends at an item's border and goes on at the next
// start.
func (a *app) shutdown(context.Context) {
	defer a.log.Close()
	end, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	a.cancel()
	closed := make(chan error, 1)
	go func() {
		b := <-a.opened
		if b == nil {
			closed <- nil
			return
		}
		closed <- b.Close(end)
	}()
	select {
	case err := <-closed:
		if err != nil {
			a.log.Error("close", "error", err)
		}
	case <-end.Done():
		a.log.Error("close: not everything ended in time")
	}
}
