package desktop

import (
	"context"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

func hideWindow(ctx context.Context) { runtime.WindowHide(ctx) }

// waitMade waits until the window's own loop answers. Wails makes a window that starts hidden by showing it and queuing a hide:
// a show that came before would be undone by it.
func waitMade(ctx context.Context) { runtime.WindowGetSize(ctx) }
