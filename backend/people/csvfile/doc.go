// Package csvfile reads Atlassian's own CSV exports of people, and plain lists of e-mail addresses or account ids.
//
// It matches nobody and keeps nothing: package imported does. It never claims more than a file says: what it cannot
// read for certain is unknown, and what it does not know is left out and named.
//
// A file is foreign: its size, its rows and their length are bounded, it is read row by row, and no cell is ever
// anything but text.
package csvfile

// The bounds of a file.
const (
	MaxBytes   = 512 << 20 // of the file
	MaxRows    = 2_000_000
	MaxLine    = 1 << 20 // bytes of a row, as UTF-8
	MaxColumns = 5000
	MaxCell    = 4096 // bytes of a cell that is used

	maxJoined = 100 // lines that one row may go over, because of line breaks in quotes
)
