//go:build race

package bulk_test

// raced tells that the race detector is on. It makes SQLite twenty times slower, so the big random tests do a part of their work then; all
// of it is done without.
const raced = true
