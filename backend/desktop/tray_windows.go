package desktop

import (
	"runtime"

	"fyne.io/systray"
)

const iconExt = ".ico"

// startNative shows the tray. Its hidden window and its message loop must live on one system thread of their own.
func (t *tray) startNative() (stop func()) {
	t.started = true
	go func() {
		runtime.LockOSThread()
		systray.Run(t.ready, nil)
	}()
	return systray.Quit
}

// available is always true: Windows has a notification area.
func (t *tray) available() bool { return t.started }
