//go:build !race

package sourcetest

// raced tells that the race detector is on.
const raced = false
