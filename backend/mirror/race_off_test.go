//go:build !race

package mirror_test

// raced tells that the race detector is on; see race_on_test.go.
const raced = false
