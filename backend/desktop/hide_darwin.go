package desktop

import (
	"context"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// hideWindow hides the application, as macOS programs do: a click in the Dock brings it back.
func hideWindow(ctx context.Context) { runtime.Hide(ctx) }

// waitMade has nothing to wait for: a hidden start only leaves out the showing.
func waitMade(context.Context) {}
