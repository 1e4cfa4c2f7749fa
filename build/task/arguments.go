package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// argument is something that may follow a task's name: a switch ("-w"), a word ("build"), or, with three dots at its end, everything that
// another program takes ("ARGUMENTS..."). That program then refuses what it does not know.
type argument struct{ form, what string }

// What the tasks take.
var (
	setupTakes     = []argument{{"build", "leave out what only the tests need"}}
	runTakes       = []argument{{"-- FLAGS...", "flags of Seatkeeper, in place of --demo; `run -- --help` lists them"}}
	formatTakes    = []argument{{"-w", "rewrite the files"}}
	licensesTakes  = []argument{{"-v", "list every dependency with its license"}}
	lintTakes      = []argument{{"ARGUMENTS...", "go to golangci-lint run, in place of ./..."}}
	unitTakes      = []argument{{"ARGUMENTS...", "go to go test, in place of ./...: `unit ./backend/bulk -run Undo`"}}
	walkTakes      = []argument{{"NAMES...", "choose walks by parts of their file names, and go to vitest"}}
	windowTakes    = []argument{{"NAMES...", "choose walks as for e2e; the other tests of the window are then left out"}}
	benchTakes     = []argument{{"-short", "stop at 100,000 people: minutes, not half an hour"}}
	packTakes      = []argument{{"ARGUMENTS...", "go to wails build"}}
	simulatorTakes = []argument{{"FLAGS...", "go to the simulator: `simulator -people 500`; `simulator -- -help` lists them"}}
)

// perform does what a command line asks for and gives the exit code: 2 where it was not understood.
func perform(ctx context.Context, all []task, args []string, out, complaints io.Writer) int {
	if len(args) == 0 || asksHelp(args[:1]) {
		usage(all, out)
		return 0
	}
	i := slices.IndexFunc(all, func(t task) bool { return t.name == args[0] })
	if i < 0 {
		usage(all, complaints)
		fmt.Fprintf(complaints, "\ntask: there is no task %q\n", args[0])
		return 2
	}
	t, args := all[i], args[1:]
	if asksHelp(args) {
		t.explain(out)
		return 0
	}
	args, err := t.accept(args)
	if err != nil {
		fmt.Fprintf(complaints, "task %s: %v; `go run ./build/task %s -h` explains it\n", t.name, err, t.name)
		return 2
	}
	if err := t.run(ctx, args); err != nil {
		fmt.Fprintf(complaints, "\ntask %s: %v\n", t.name, err)
		return 1
	}
	return 0
}

// asksHelp tells whether arguments ask for an explanation. What stands behind -- is meant for another program.
func asksHelp(args []string) bool {
	if i := slices.Index(args, "--"); i >= 0 {
		args = args[:i]
	}
	return slices.ContainsFunc(args, func(a string) bool { return a == "-h" || a == "-help" || a == "--help" })
}

// accept gives the arguments for the task's run, and an error for what it does not take.
func (t task) accept(args []string) ([]string, error) {
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if slices.ContainsFunc(t.takes, func(a argument) bool { return strings.HasSuffix(a.form, "...") }) {
		return args, nil
	}
	var known []string
	for _, arg := range args {
		if strings.HasPrefix(arg, "--") { // as Go's own flags, two dashes are one
			arg = arg[1:]
		}
		if !slices.ContainsFunc(t.takes, func(a argument) bool { return a.form == arg }) {
			return nil, fmt.Errorf("it takes no %q", arg)
		}
		known = append(known, arg)
	}
	return known, nil
}

// explain says what a task does and what it takes.
func (t task) explain(out io.Writer) {
	fmt.Fprintf(out, "Usage: go run ./build/task %s", t.name)
	for _, a := range t.takes {
		fmt.Fprintf(out, " [%s]", a.form)
	}
	fmt.Fprintf(out, "\n\n%s: %s\n", t.name, t.line)
	for _, a := range t.takes {
		fmt.Fprintf(out, "  %-15s %s\n", a.form, a.what)
	}
	if more := details[t.name]; more != "" {
		fmt.Fprintf(out, "\n%s\n", more)
	}
}

// details are what an explanation says beyond the task's line.
var details = map[string]string{
	"test": "Steps: " + strings.Join(steps(), ", ") + ".\nIt ends at the first one that fails. One that could not look is skipped, and the last lines name it.",
	"vuln": "It looks up Go's vulnerability database. Without a network it says that it could not look, and `test` counts it as skipped. That is an\n" +
		"error where GOVULNDB names a folder with a copy of the database, or the URL of one, and where " + requireVuln + " is set.",
}

func usage(all []task, out io.Writer) {
	fmt.Fprintln(out, "Usage: go run ./build/task NAME [arguments]; NAME -h explains one")
	fmt.Fprintln(out)
	for _, t := range all {
		fmt.Fprintf(out, "  %-15s %s\n", t.name, t.line)
	}
}
