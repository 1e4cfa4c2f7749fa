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
	name  string
	line  string     // what it does, in one line
	takes []argument // what may follow its name
	run   func(ctx context.Context, args []string) error
}

// tasks lists the chores in the order in which a newcomer meets them.
func tasks() []task {
	return []task{
		{"setup", "install what is missing to build and to test (Debian, Ubuntu), or say what to install", setupTakes, setup},
		{"run", "build Seatkeeper and open its window on the demo organization; without a display, walk through it and keep pictures", runTakes, runWindow},
		{"test", "everything below up to `window`, in an order that fails fast, each step timed", nil, testAll},
		{"format", "check the layout of Go and TypeScript files", formatTakes, format},
		{"layers", "check who imports whom, package comments and file lengths", nil, layers},
		{"vet", "go vet for this system, Windows and (where no C compiler is needed) macOS", nil, vet},
		{"licenses", "check the license of every dependency that is shipped", licensesTakes, licenses},
		{"frontend-check", "check types, lint and unit tests of the frontend", nil, frontendCheck},
		{"bundle", "build the frontend and hold its size against the limits", nil, bundle},
		{"bindings", "generate frontend/wailsjs and fail if that changed anything", nil, bindings},
		{"lint", "golangci-lint", lintTakes, lint},
		{"unit", "go test with the race detector", unitTakes, unit},
		{"vuln", "govulncheck: known vulnerabilities in what is called", nil, vuln},
		{"e2e", "walk through every page in Chromium, over the simulator", walkTakes, endToEnd},
		{"window", "walk through the real window, over the simulator, and test how it starts, hides and ends", windowTakes, realWindow},
		{"bench", "measure against up to 500,000 people and print figures beside their goals", benchTakes, bench},
		{"package", "build the installable program for this system", packTakes, pack},
		{"simulator", "serve a simulated Atlassian on this machine", simulatorTakes, simulator},
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
	return perform(ctx, tasks(), os.Args[1:], os.Stdout, os.Stderr)
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
	account := accountOf(ctx)
	cmd := c.make(ctx, name, args...)
	cmd.Stdout, cmd.Stderr, cmd.Stdin = os.Stdout, os.Stderr, os.Stdin
	if account.said != nil {
		first, rest := behind(name, args)
		cmd = c.make(ctx, first, rest...)
		cmd.Stdout, cmd.Stderr = account.said, account.said
	}
	fmt.Fprintln(cmd.Stdout, "$", strings.Join(shown, " "))
	err := cmd.Run()
	account.spend(cmd)
	if err != nil {
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
	account := accountOf(ctx)
	cmd.Stderr = os.Stderr
	if account.said != nil {
		cmd.Stderr = account.said
	}
	out, err := cmd.Output()
	account.spend(cmd)
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
