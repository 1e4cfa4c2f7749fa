//go:build unix && !linux

package desktop

// undumpable does nothing: the limit is all there is.
func undumpable() {}
