//go:build !darwin

package desktop

import (
	"context"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

func hideWindow(ctx context.Context) { runtime.WindowHide(ctx) }
