//go:build race

package mirror_test

// raced tells that the race detector is on. It makes SQLite twenty times slower, so the tests that kill do a part of
// their work then; all of it is done without.
const raced = true
