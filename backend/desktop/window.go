package desktop

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"

	"github.com/wailsapp/wails/v2"
	"github.com/wailsapp/wails/v2/pkg/logger"
	"github.com/wailsapp/wails/v2/pkg/menu"
	"github.com/wailsapp/wails/v2/pkg/options"
	"github.com/wailsapp/wails/v2/pkg/options/assetserver"
	"github.com/wailsapp/wails/v2/pkg/options/linux"
	"github.com/wailsapp/wails/v2/pkg/options/mac"
	"github.com/wailsapp/wails/v2/pkg/options/windows"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"seatkeeper/backend/domain"
)

// Window is what main has to say about the window.
type Window struct {
	Title       string
	Hidden      bool
	Assets      fs.FS
	Icon        []byte // PNG
	Bind        []any
	FormatError func(error) any
	// InstanceKey tells programs apart that may run beside each other, for one by their data directory.
	InstanceKey string
	OnStartup   func(ctx context.Context) // runs beside the window; the shell knows the window already
	OnShutdown  func(ctx context.Context) // the window is gone; tray and events have ended
}

// Run shows the window and returns when the program is to end. Without a display it returns an error at once.
func (s *Shell) Run(w Window) (err error) {
	defer func() {
		// Wails has no other way to say that the display cannot be used.
		if r := recover(); r != nil {
			if text := fmt.Sprint(r); text == "failed to init GTK" {
				err = noDisplay("The display " + os.Getenv("DISPLAY") + os.Getenv("WAYLAND_DISPLAY") + " cannot be used.")
				return
			}
			panic(r)
		}
	}()
	if err := checkDisplay(); err != nil {
		return err
	}
	if w.Hidden {
		keepHidden()
	}
	if err := wails.Run(s.options(w)); err != nil {
		return domain.Errorf(domain.Internal, "The window could not be opened: %w", err)
	}
	return nil
}

func (s *Shell) options(w Window) *options.App {
	shutdown := func(ctx context.Context) {
		s.Stopped()
		w.OnShutdown(ctx)
	}
	s.mu.Lock()
	s.shutdown = shutdown
	s.mu.Unlock()
	o := &options.App{
		Title:              w.Title,
		StartHidden:        w.Hidden,
		AssetServer:        &assetserver.Options{Assets: w.Assets, Middleware: secured},
		Menu:               s.menu(),
		Logger:             wailsLog{s.log},
		LogLevel:           logger.WARNING,
		LogLevelProduction: logger.ERROR,
		BackgroundColour:   options.NewRGB(250, 250, 251),
		OnStartup: func(ctx context.Context) {
			s.Started(ctx)
			w.OnStartup(ctx)
		},
		OnDomReady:     s.DomReady,
		OnBeforeClose:  s.BeforeClose,
		OnShutdown:     s.shutdown,
		Bind:           w.Bind,
		ErrorFormatter: w.FormatError,
		SingleInstanceLock: &options.SingleInstanceLock{
			UniqueId: instanceID(w.InstanceKey), OnSecondInstanceLaunch: s.SecondInstance,
		},
		// In words: with other options set, leaving it out means "always", which costs a third more memory and a slower first paint.
		Linux:   &linux.Options{ProgramName: "seatkeeper", Icon: w.Icon, WebviewGpuPolicy: linux.WebviewGpuPolicyNever},
		Mac:     &mac.Options{About: &mac.AboutInfo{Title: w.Title, Message: "Bulk administration for Atlassian Cloud.", Icon: w.Icon}},
		Windows: &windows.Options{Theme: windows.SystemDefault},
	}
	s.geometry.apply(o)
	return o
}

// instanceID makes a name that D-Bus and Windows accept.
func instanceID(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "seatkeeper_" + hex.EncodeToString(sum[:8])
}

func (s *Shell) withWindow(fn func(context.Context)) menu.Callback {
	return func(*menu.CallbackData) {
		if ctx := s.context(); ctx != nil {
			fn(ctx)
		}
	}
}

// closeWindow does what the window's own button does.
func (s *Shell) closeWindow() {
	if ctx := s.context(); ctx != nil {
		runtime.Quit(ctx) // asks BeforeClose, which hides where a tray is
	}
}

func noDisplay(message string) error {
	e := domain.Errorf(domain.Internal, "%s", message)
	e.Reason = "no_display"
	return e.WithHint("Start Seatkeeper in a graphical session (X11 or Wayland). Over SSH, use ssh -X.")
}
