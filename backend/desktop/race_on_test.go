//go:build race

package desktop

// raceOn says that the race detector watches this test.
const raceOn = true
