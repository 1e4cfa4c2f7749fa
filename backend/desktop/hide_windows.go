package desktop

import (
	"context"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

func hideWindow(ctx context.Context) { runtime.WindowHide(ctx) }

// waitMade has nothing to wait for: a hidden start only leaves out the showing.
func waitMade(context.Context) {}
