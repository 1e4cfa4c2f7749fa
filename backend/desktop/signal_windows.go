package desktop

import (
	"os"
	"os/signal"
)

func notifySignals() <-chan os.Signal {
	ch := make(chan os.Signal, 1)
	signal.Notify(ch, os.Interrupt)
	return ch
}

// Harden does nothing: Windows writes no memory to disk unless an administrator has asked for it.
func Harden() {}
