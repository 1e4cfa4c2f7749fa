// Program task is the one entry for every chore of this repository, on every system: `go run ./build/task NAME`.
//
// It is no part of Seatkeeper itself: nothing below backend/ knows it, and it needs nothing but Go to start.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// task is one chore that can be run alone.
type task struct {
	name string
	line string // what it does, in one line
	run  func(ctx context.Context, args []string) error
}

// tasks lists the chores in the order in which a newcomer meets them.
func tasks() []task {
	return []task{
		{"setup", "install what is missing to build and to test (Debian, Ubuntu), or say what to install", setup},
		{"run", "build Seatkeeper and open its window on the demo organization; without a display, walk through it and keep pictures", runWindow},
		{"test", "everything below up to `window`, in an order that fails fast, each step timed", testAll},
		{"format", "check the layout of Go and TypeScript files; -w rewrites them", format},
		{"layers", "check who imports whom, package comments and file lengths", layers},
		{"vet", "go vet for this system, Windows and (where no C compiler is needed) macOS", vet},
		{"licenses", "check the license of every dependency that is shipped; -v lists them", licenses},
		{"frontend-check", "check types, lint and unit tests of the frontend", frontendCheck},
		{"bundle", "build the frontend and hold its size against the limits", bundle},
		{"bindings", "generate frontend/wailsjs and fail if that changed anything", bindings},
		{"lint", "golangci-lint", lint},
		{"unit", "go test with the race detector; arguments go to go test", unit},
		{"vuln", "govulncheck; GOVULNDB names a folder with a copy of the database", vuln},
		{"e2e", "walk through every page in Chromium, over the simulator; arguments choose files", endToEnd},
		{"window", "walk through the real window, over the simulator, and test how it starts, hides and ends; a name chooses a walk", realWindow},
		{"bench", "measure against up to 500,000 people and print figures beside their goals; -short stops at 100,000 and takes minutes", bench},
		{"package", "build the installable program for this system", pack},
		{"simulator", "serve a simulated Atlassian on this machine; arguments go to it, e.g. -people 500", simulator},
	}
}

func main() {
	os.Exit(start())
}

func start() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := enterRepository(); err != nil {
		fmt.Fprintln(os.Stderr, "task:", err)
		return 1
	}
	if len(os.Args) < 2 {
		usage()
		return 0
	}
	name := os.Args[1]
	i := slices.IndexFunc(tasks(), func(t task) bool { return t.name == name })
	if i < 0 {
		usage()
		fmt.Fprintf(os.Stderr, "\ntask: there is no task %q\n", name)
		return 2
	}
	args := os.Args[2:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if err := tasks()[i].run(ctx, args); err != nil {
		fmt.Fprintf(os.Stderr, "\ntask %s: %v\n", name, err)
		return 1
	}
	return 0
}

func usage() {
	fmt.Println("Usage: go run ./build/task NAME [arguments]")
	fmt.Println()
	for _, t := range tasks() {
		fmt.Printf("  %-15s %s\n", t.name, t.line)
	}
}

// enterRepository makes the folder with our go.mod the working folder, so that tasks may name paths from there.
func enterRepository() error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	for ; ; dir = filepath.Dir(dir) {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(mod), "module seatkeeper\n") {
			return os.Chdir(dir)
		}
		if dir == filepath.Dir(dir) {
			return errors.New("run this inside the repository of Seatkeeper")
		}
	}
}

// command is a program to run, in the repository's folder unless dir says otherwise.
type command struct {
	dir string
	env []string // added to our own
}

// run starts a program, shows it and what it prints, and waits for its end. A cancelled ctx interrupts it first and kills it after a while.
func run(ctx context.Context, name string, args ...string) error {
	return command{}.run(ctx, name, args...)
}

func (c command) run(ctx context.Context, name string, args ...string) error {
	shown := append([]string{name}, args...)
	if len(c.env) <= 2 { // a whole desktop's environment says nothing
		shown = append(slices.Clone(c.env), shown...)
	}
	fmt.Println("$", strings.Join(shown, " "))
	cmd := c.make(ctx, name, args...)
	cmd.Stdout, cmd.Stderr, cmd.Stdin = os.Stdout, os.Stderr, os.Stdin
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// output runs a program and returns what it prints, without the last line's end. What it says on standard error is shown.
func (c command) output(ctx context.Context, name string, args ...string) (string, error) {
	cmd := c.make(ctx, name, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return strings.TrimRight(string(out), "\r\n"), nil
}

func (c command) make(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = c.dir
	cmd.Env = append(append(os.Environ(), "npm_config_update_notifier=false"), c.env...)
	endGently(cmd)
	return cmd
}
