// Seatkeeper suspends, restores and regroups people of an Atlassian organization in bulk, with a preview, a log and a way back.
//
// This package reads the command line and connects the backend to the window; everything else lives in backend/ and frontend/.
package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"seatkeeper/backend"
	"seatkeeper/backend/bindings"
	"seatkeeper/backend/desktop"
	"seatkeeper/backend/domain"
)

//go:embed all:frontend/dist
var assets embed.FS

//go:embed build/appicon.png
var icon []byte

// version is set by the build: -ldflags "-X main.version=1.2.3".
var version = "0.1.0-dev"

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2 // a wrong flag, or no display: the user can do something about it
)

func main() {
	desktop.Harden()
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	flags, err := desktop.ParseFlags(args, os.Stdout)
	if errors.Is(err, desktop.ErrHelp) {
		return exitOK
	}
	if err != nil {
		return complain(err, exitUsage)
	}
	if flags.DataDir == "" {
		if flags.DataDir, err = backend.DefaultDataDir(flags.Simulator != ""); err != nil {
			return complain(err, exitUsage)
		}
	}
	pages, err := fs.Sub(assets, "frontend/dist")
	if err != nil {
		return complain(err, exitFailed)
	}
	a := newApp(flags)
	if !desktop.Generating {
		a.shell.QuitOnSignal()
	}
	err = a.shell.Run(desktop.Window{
		Title:       a.title(),
		Hidden:      flags.Hidden,
		Assets:      pages,
		Icon:        icon,
		Bind:        a.api.List(),
		FormatError: bindings.FormatError,
		InstanceKey: filepath.Clean(flags.DataDir),
		OnStartup:   a.startup,
		OnShutdown:  a.shutdown,
	})
	if domain.AsError(err) != nil && domain.AsError(err).Reason == "no_display" {
		return complain(err, exitUsage)
	}
	if err != nil {
		return complain(err, exitFailed)
	}
	return exitOK
}

// complain tells on the terminal what is wrong and what to do about it.
func complain(err error, code int) int {
	e := domain.AsError(err)
	fmt.Fprintln(os.Stderr, "seatkeeper: "+e.Message)
	if e.Hint != "" {
		fmt.Fprintln(os.Stderr, e.Hint)
	}
	return code
}
