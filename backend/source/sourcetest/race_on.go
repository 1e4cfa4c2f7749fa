//go:build race

package sourcetest

// raced tells that the race detector is on, which makes everything ten times slower: the whole contract runs under the first answers then.
const raced = true
