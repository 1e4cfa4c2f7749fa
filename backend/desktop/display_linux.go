//go:build linux && !bindings

package desktop

import "os"

// checkDisplay tells what is missing before the window toolkit panics.
func checkDisplay() error {
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return noDisplay("There is no display to open a window on.")
	}
	return nil
}
