//go:build !linux

package desktop

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

const maxNote = 400 // characters of a note's text

// wailsNotes shows notes by the system's own service, through Wails.
type wailsNotes struct {
	ctx   context.Context //nolint:containedctx // Wails' own
	ready bool

	mu     sync.Mutex
	places []Place // by the note's number
}

// newNoteHost connects to the service; clicked is called when somebody clicks a note. macOS asks the user once.
func newNoteHost(ctx context.Context, clicked func(Place), log *slog.Logger) noteHost {
	w := &wailsNotes{ctx: ctx}
	if ctx == nil || !runtime.IsNotificationAvailable(ctx) {
		return w
	}
	if err := runtime.InitializeNotifications(ctx); err != nil {
		log.Info("no notifications", "error", err)
		return w
	}
	allowed, err := runtime.RequestNotificationAuthorization(ctx)
	if err != nil || !allowed {
		log.Info("notifications are not allowed", "error", err)
		return w
	}
	runtime.OnNotificationResponse(ctx, func(r runtime.NotificationResult) {
		n, err := strconv.Atoi(r.Response.ID)
		w.mu.Lock()
		ours := r.Error == nil && err == nil && n >= 0 && n < len(w.places)
		var place Place
		if ours {
			place = w.places[n]
		}
		w.mu.Unlock()
		if ours {
			clicked(place)
		}
	})
	w.ready = true
	return w
}

func (w *wailsNotes) available() bool { return w.ready }

func (w *wailsNotes) close() {
	if w.ready {
		runtime.CleanupNotifications(w.ctx)
	}
}

func (w *wailsNotes) post(n note) error {
	w.mu.Lock()
	w.places = append(w.places, n.place)
	id := strconv.Itoa(len(w.places) - 1)
	w.mu.Unlock()
	if err := runtime.SendNotification(w.ctx, runtime.NotificationOptions{ID: id, Title: strip(n.title, maxLine), Body: strip(n.body, maxNote)}); err != nil {
		return fmt.Errorf("ask the system to show it: %w", err)
	}
	return nil
}
