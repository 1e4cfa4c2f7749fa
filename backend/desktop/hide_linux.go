package desktop

import (
	"context"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

func hideWindow(ctx context.Context) { runtime.WindowHide(ctx) }

// waitMade waits until the window's own loop answers. Wails queues a hide for a window that starts hidden: a show that
// came before would be undone by it.
func waitMade(ctx context.Context) { runtime.WindowGetSize(ctx) }
