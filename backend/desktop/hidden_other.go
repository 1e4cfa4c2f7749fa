//go:build !linux || !(dev || production)

package desktop

func keepHidden() {}
