package desktop

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// The window's size in pixels, when nothing is remembered, and its least.
const (
	defaultWidth, defaultHeight = 1280, 820
	minWidth, minHeight         = 960, 600
	maxSide                     = 16384
	reach                       = 80 // so much of the window must be on a screen for its position to be used
	askTime                     = 500 * time.Millisecond
)

// geometry is what is remembered of the window.
type geometry struct {
	Width     int  `json:"width"`
	Height    int  `json:"height"`
	X         int  `json:"x"`
	Y         int  `json:"y"`
	Maximized bool `json:"maximized"`
}

// geometryFile keeps it in a file of its own, not in the database: the size must be known before the window is made, the database is
// opened after, and asking the window system to resize later is not safe from another thread.
type geometryFile struct {
	path string
	once sync.Once  // position
	mu   sync.Mutex // writing
}

// load gives what is remembered, or the defaults; whatever stands in the file, the window can be used.
func (f *geometryFile) load() (g geometry, known bool) {
	fallback := geometry{Width: defaultWidth, Height: defaultHeight}
	if f.path == "" {
		return fallback, false
	}
	data, err := os.ReadFile(f.path)
	if err != nil || json.Unmarshal(data, &g) != nil {
		return fallback, false
	}
	if g.Width < minWidth || g.Height < minHeight || g.Width > maxSide || g.Height > maxSide {
		return fallback, false
	}
	return g, true
}

// apply sets size and state before the window is made.
func (f *geometryFile) apply(o *options.App) {
	g, _ := f.load()
	o.Width, o.Height, o.MinWidth, o.MinHeight = g.Width, g.Height, minWidth, minHeight
	if g.Maximized {
		o.WindowStartState = options.Maximised //nolint:misspell // Wails' spelling
	}
}

// restorePosition moves the window once, when its place is still on a screen.
func (f *geometryFile) restorePosition(ctx context.Context) {
	f.once.Do(func() {
		g, known := f.load()
		if !known || g.Maximized {
			return
		}
		screens, err := runtime.ScreenGetAll(ctx)
		if err != nil {
			return
		}
		width, height := 0, 0
		for _, s := range screens {
			width += s.Size.Width
			height = max(height, s.Size.Height)
		}
		if onScreen(g, width, height) {
			runtime.WindowSetPosition(ctx, g.X, g.Y)
		}
	})
}

func onScreen(g geometry, width, height int) bool {
	return g.X >= 0 && g.Y >= 0 && g.X <= width-reach && g.Y <= height-reach
}

// save asks the window and writes the file. The window may be ending already and never answer, so it has a short time.
func (f *geometryFile) save(ctx context.Context, log *slog.Logger) {
	if f.path == "" {
		return
	}
	answer := make(chan geometry, 1)
	go func() {
		var g geometry
		g.Maximized = runtime.WindowIsMaximised(ctx)
		g.Width, g.Height = runtime.WindowGetSize(ctx)
		g.X, g.Y = runtime.WindowGetPosition(ctx)
		answer <- g
	}()
	select {
	case g := <-answer:
		if err := f.write(g); err != nil {
			log.Warn("the window's place could not be remembered", "error", err)
		}
	case <-time.After(askTime):
	}
}

// write keeps the size of the normal state when the window is maximized, so that un-maximizing has somewhere to go.
func (f *geometryFile) write(g geometry) error {
	if g.Maximized {
		old, _ := f.load()
		old.Maximized = true
		g = old
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	data, err := json.Marshal(g)
	if err != nil {
		return err //nolint:wrapcheck // logged by the one caller
	}
	if err := os.WriteFile(f.path+".new", data, 0o600); err != nil {
		return err //nolint:wrapcheck // same
	}
	return os.Rename(f.path+".new", f.path) //nolint:wrapcheck // same
}
