//go:build !bindings

package desktop

// Generating says whether the program runs only to have its bindings written down: then nothing may be opened.
const Generating = false
