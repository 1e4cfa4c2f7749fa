package desktop

/*
#cgo CFLAGS: -x objective-c
#cgo LDFLAGS: -framework Cocoa
void seatkeeperTrayOnMain(void);
*/
import "C"

import "fyne.io/systray"

const iconExt = ".png"

// startOnMain is called back from the main thread.
var startOnMain func()

//export seatkeeperTrayStart
func seatkeeperTrayStart() { startOnMain() }

// startNative shows the tray. A status item must be made on the main thread, whose loop belongs to the window. The tray is not ended:
// systray.Quit would end the application from under the window, and the item goes with the process anyway.
func (t *tray) startNative() (stop func()) {
	t.started = true
	startOnMain, _ = systray.RunWithExternalLoop(t.ready, nil)
	C.seatkeeperTrayOnMain()
	return func() {}
}

// available is always true: macOS has a menu bar, and the Dock brings a hidden application back.
func (t *tray) available() bool { return true }
