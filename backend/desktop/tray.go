package desktop

import (
	"embed"
	"log/slog"
	"sync"
	"time"

	"fyne.io/systray"

	"seatkeeper/backend/events"
)

//go:embed icons
var icons embed.FS

// refreshEvery bounds how often the tray changes: each change is a signal to the panel.
const refreshEvery = 500 * time.Millisecond

// trayActions are what the menu's entries do. They must not block.
type trayActions struct {
	Open    func()
	SyncNow func()
	Quit    func()
}

// tray is the icon with its menu: a state line, Open, Sync now, Quit. There is at most one in a process, as the system wants it.
type tray struct {
	do  trayActions
	log *slog.Logger

	mu    sync.Mutex
	board *board

	changed chan struct{}
	end     chan struct{}
	started bool
}

func newTray(do trayActions, log *slog.Logger) *tray {
	return &tray{do: do, log: log, board: newBoard(), changed: make(chan struct{}, 1), end: make(chan struct{})}
}

// run shows the tray and follows the bus until the returned function is called. Without a place for icons it does nothing.
func (t *tray) run(bus *events.Bus) (stop func()) {
	unsubscribe := bus.Subscribe(func(e events.Event) { t.change(func(b *board) { b.apply(e) }) })
	stopNative := t.startNative()
	return func() {
		unsubscribe()
		close(t.end)
		stopNative()
	}
}

// setQuits says whether the program ends with the last run.
func (t *tray) setQuits(quits bool) { t.change(func(b *board) { b.quits = quits }) }

func (t *tray) change(fn func(*board)) {
	t.mu.Lock()
	fn(t.board)
	t.mu.Unlock()
	select {
	case t.changed <- struct{}{}:
	default:
	}
}

func (t *tray) status() status {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.board.status()
}

// ready builds the menu; systray calls it once.
func (t *tray) ready() {
	shown := t.status()
	t.show(shown)
	line := systray.AddMenuItem(shown.Line, "")
	line.Disable()
	systray.AddSeparator()
	open := systray.AddMenuItem("Open Seatkeeper", "Show the window")
	syncNow := systray.AddMenuItem("Sync now", "Read every source afresh")
	systray.AddSeparator()
	quit := systray.AddMenuItem("Quit", "End Seatkeeper")
	systray.SetOnTapped(t.do.Open)
	go t.serve(shown, line, map[string]<-chan struct{}{"open": open.ClickedCh, "sync": syncNow.ClickedCh, "quit": quit.ClickedCh})
}

// serve handles clicks and changes until the tray ends.
func (t *tray) serve(shown status, line *systray.MenuItem, clicks map[string]<-chan struct{}) {
	var pause <-chan time.Time // set while changes are collected
	for {
		select {
		case <-clicks["open"]:
			t.do.Open()
		case <-clicks["sync"]:
			t.do.SyncNow()
		case <-clicks["quit"]:
			t.do.Quit()
		case <-t.changed:
			if pause == nil {
				pause = time.After(refreshEvery)
			}
		case <-pause:
			pause = nil
			if now := t.status(); now != shown {
				shown = now
				t.show(shown)
				line.SetTitle(shown.Line)
			}
		case <-t.end:
			return
		}
	}
}

// show sets icon and tooltip.
func (t *tray) show(s status) {
	icon, err := icons.ReadFile("icons/" + string(s.Level) + iconExt)
	if err != nil {
		t.log.Error("the tray icon is missing", "error", err)
		return
	}
	systray.SetIcon(icon)
	systray.SetTooltip("Seatkeeper: " + s.Line)
}
