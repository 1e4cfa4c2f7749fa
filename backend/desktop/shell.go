// Package desktop is Seatkeeper's place on the screen: window, tray, menu, dialogs, command line and log.
//
// It knows nothing of people, plans and Atlassian; besides main it is the only package that may import Wails' runtime or the tray.
package desktop

import (
	"context"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// How long ending may take. The databases survive a hard end, so a service that hangs must not keep a logout waiting.
const (
	endLimit      = 1800 * time.Millisecond // all of it, after a signal
	wailsFirst    = 150 * time.Millisecond  // for Wails to act on the same signal
	hostPatience  = 10 * time.Second        // for a tray host to appear after a login
	hostPollEvery = 500 * time.Millisecond
)

// Shell is the native window with what belongs to it. It exists before the window does: until Started its methods do nothing.
type Shell struct {
	log      *slog.Logger
	geometry *geometryFile
	quitting atomic.Bool
	leaving  atomic.Bool // Wails was told to end
	visible  atomic.Bool
	asking   atomic.Bool                               // the question before quitting stands
	dialogs  atomic.Int32                              // native dialogs that are open
	exit     func(code int)                            // os.Exit; replaced in tests
	ask      func(title, message string) (bool, error) // replaced in tests

	mu       sync.Mutex
	ctx      context.Context // Wails' own; nil before the start
	shutdown func(context.Context)
	what     Attachment
	tray     *tray
	question *question // stands in the page; nil when none does
	wait     *wait     // nil unless the program ends with the last run
	notes    noteHost
	stop     []func()
}

// NewShell makes the shell. geometryPath is the file that remembers the window's size and position; "" remembers nothing.
func NewShell(geometryPath string, hidden bool, log *slog.Logger) *Shell {
	s := &Shell{log: log, geometry: &geometryFile{path: geometryPath}, exit: os.Exit, shutdown: func(context.Context) {}}
	s.ask = s.askNative
	s.visible.Store(!hidden)
	return s
}

// Attachment is what the shell gets once the backend is open.
type Attachment struct {
	Bus     *events.Bus
	View    func(events.Event) (name string, payload any) // converts an event for the page
	SyncNow func()                                        // starts a sync of every source; must not block

	// About the admin's own workspace, also while the demo is shown. Running lists the runs that would be left by quitting: those under
	// way, and of the others asked for those that are paused. Pause pauses runs and returns when that is on disk.
	Running func(also []string) ([]domain.Run, error)
	Pause   func([]domain.Run)

	// For notifications: whether they are wanted now, the reminders about keys that are due on the desktop, each given once, and the
	// name of a source.
	Notes      func() bool
	Reminders  func() []domain.KeyReminder
	SourceName func(id string) string
}

// Started tells that Wails runs. From here on the window can be reached.
func (s *Shell) Started(ctx context.Context) {
	s.mu.Lock()
	s.ctx = ctx
	s.mu.Unlock()
	if s.quitting.Load() { // a signal came before the window
		runtime.Quit(ctx)
	}
}

// Attach starts forwarding events to the page, and the tray.
func (s *Shell) Attach(a Attachment) {
	forward := newForwarder(func(name string, payload any) { s.emit(name, payload) }, a.View)
	stopForward := forward.run(a.Bus)
	t := newTray(trayActions{Open: s.Show, SyncNow: a.SyncNow, Quit: s.Quit}, s.log)
	stopTray := t.run(a.Bus)
	notes := newNoteHost(s.context(), s.openAt, s.log)
	stopNotes := newTeller(notes, a, func() bool { return !s.visible.Load() }, s.log).run()
	s.mu.Lock()
	s.what, s.tray, s.notes = a, t, notes
	s.stop = append(s.stop, stopForward, stopTray, stopNotes)
	s.mu.Unlock()
	if !s.visible.Load() {
		go s.showUnlessHosted()
	}
}

// showUnlessHosted shows a window that was started hidden when no tray host appears: otherwise nobody could ever reach it.
func (s *Shell) showUnlessHosted() {
	for end := time.Now().Add(hostPatience); time.Now().Before(end); time.Sleep(hostPollEvery) {
		if s.TrayAvailable() || s.visible.Load() || s.quitting.Load() {
			return
		}
	}
	s.log.Info("no tray host, so the window is shown")
	s.Show()
}

// Changed tells the page to ask for the program's state again.
func (s *Shell) Changed() { s.emit(string(events.SettingsChanged), nil) }

func (s *Shell) emit(name string, payload any) {
	if ctx := s.context(); ctx != nil {
		runtime.EventsEmit(ctx, name, payload)
	}
}

func (s *Shell) context() context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ctx
}

// Show brings the window to the front.
func (s *Shell) Show() {
	ctx := s.context()
	if ctx == nil || s.quitting.Load() {
		return
	}
	s.visible.Store(true)
	waitMade(ctx)
	runtime.WindowUnminimise(ctx)
	runtime.Show(ctx)
	runtime.WindowShow(ctx)
}

// openAt brings the window to the front, at a place.
func (s *Shell) openAt(p Place) {
	s.Show()
	s.emit(openEvent, p)
}

// NotesAvailable tells whether the desktop shows notifications.
func (s *Shell) NotesAvailable() bool {
	s.mu.Lock()
	notes := s.notes
	s.mu.Unlock()
	return notes != nil && notes.available()
}

// SecondInstance shows the window when the program is started again. The arguments come from another process over a bus that any
// program of the user can reach, so they are not even looked at.
func (s *Shell) SecondInstance(options.SecondInstanceData) { s.Show() }

// DomReady puts the window where it was; the page is loaded now.
func (s *Shell) DomReady(ctx context.Context) { s.geometry.restorePosition(ctx) }

// BeforeClose decides what closing the window means: hide it where a tray can bring it back, else end the program. It
// returns true to keep the program running.
func (s *Shell) BeforeClose(ctx context.Context) bool {
	if s.leaving.Load() {
		return true // the end is under way; a second one would end a loop that is gone
	}
	if s.visible.Load() {
		s.geometry.save(ctx, s.log)
	}
	if !s.quitting.Load() && s.TrayAvailable() {
		s.visible.Store(false)
		_ = s.AnswerQuit(dismiss) // a question goes with the window
		hideWindow(ctx)
		return true
	}
	if !s.quitting.Load() && s.underWay() {
		s.Quit() // asks, on a goroutine of its own: this one must give way to the dialog
		return true
	}
	s.quitting.Store(true)
	return s.leaving.Swap(true)
}

// TrayAvailable tells whether closing the window hides it.
func (s *Shell) TrayAvailable() bool {
	s.mu.Lock()
	t := s.tray
	s.mu.Unlock()
	return t != nil && t.available()
}

// Stopped ends tray and forwarding; call it when Wails has ended.
func (s *Shell) Stopped() {
	s.mu.Lock()
	stop := s.stop
	s.stop, s.ctx = nil, nil
	s.mu.Unlock()
	for _, end := range stop {
		end()
	}
}

// QuitOnSignal ends the program on SIGTERM, SIGINT and SIGHUP, which is what a logout sends. Wails by itself reads exactly one of the
// first two and asks BeforeClose: where that had been asked before this goroutine ran, the window would only hide, for ever.
func (s *Shell) QuitOnSignal() {
	ch := notifySignals()
	go func() {
		sig := <-ch
		s.log.Info("ending", "signal", sig.String())
		time.AfterFunc(endLimit, func() {
			s.log.Error("ending took too long: ended hard")
			s.exit(1)
		})
		s.quitting.Store(true)
		time.Sleep(wailsFirst)
		if s.dialogs.Load() > 0 { // its loop would hold up the end of the window's
			s.mu.Lock()
			shutdown := s.shutdown
			s.mu.Unlock()
			shutdown(context.Background())
			s.exit(0)
			return
		}
		s.end()
	}()
}
