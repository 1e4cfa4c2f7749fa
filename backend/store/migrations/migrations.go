// Package migrations holds the steps by which the two database files get from any released schema to the present one.
//
// It only lists statements; package sqlite opens files, takes the copy before an upgrade and executes the steps.
package migrations

import (
	"fmt"
	"slices"
)

// Migration is one step. A released one is never edited: the next change is a new number.
type Migration struct {
	Number     int      // 1, 2, 3, ... without gaps; stands in PRAGMA user_version afterwards
	Name       string   // what it brings, for the log
	Statements []string // executed in order, in one transaction together with the new number
}

// List is the ordered steps of one database file.
type List struct {
	file  string
	steps []Migration
}

// The two files: Mirror can be read again from Atlassian, Runs cannot.
var (
	Mirror = &List{file: "mirror"}
	Runs   = &List{file: "runs"}
)

// Add registers a step, so that a file of this package can write `var _ = Runs.Add(...)`. A number used twice is a
// mistake in the program, and panics.
func (l *List) Add(number int, name string, statements ...string) Migration {
	for _, m := range l.steps {
		if m.Number == number {
			panic(fmt.Sprintf("migrations: %s has number %d twice: %s and %s", l.file, number, m.Name, name))
		}
	}
	m := Migration{Number: number, Name: name, Statements: statements}
	l.steps = append(l.steps, m)
	return m
}

// Steps returns all steps by number. A gap is a mistake in the program, and panics.
func (l *List) Steps() []Migration {
	steps := slices.Clone(l.steps)
	slices.SortFunc(steps, func(a, b Migration) int { return a.Number - b.Number })
	for i, m := range steps {
		if m.Number != i+1 {
			panic(fmt.Sprintf("migrations: %s has no number %d", l.file, i+1))
		}
	}
	return steps
}
