package main

import (
	"context"
	"path/filepath"
	"runtime"
)

// program gives the path of a built program.
func program(name string) string {
	path := filepath.Join("build", "bin", name)
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	return path
}

// buildWindow makes the program that is shipped, with the frontend that frontend/dist holds. Only `package` takes the paths of this machine
// out of it (-trimpath): that changes nothing that a test sees, and all dependencies would be compiled once more for it.
func buildWindow(ctx context.Context) error {
	flags := "-s -w"
	if runtime.GOOS == "windows" {
		flags += " -H windowsgui"
	}
	return run(ctx, "go", "build", "-tags", productionTags, "-ldflags", flags, "-o", program("seatkeeper"), ".")
}

// buildForBrowser makes the program whose page a browser can open.
func buildForBrowser(ctx context.Context) error {
	return run(ctx, "go", "build", "-tags", devTags, "-o", program("seatkeeper-dev"), ".")
}

func buildSimulator(ctx context.Context) error {
	return run(ctx, "go", "build", "-o", program("simserver"), "./backend/cmd/simserver")
}

// pack builds the installable program by Wails' own packager, which adds icon and manifest.
func pack(ctx context.Context, args []string) error {
	if err := setup(ctx, nil); err != nil {
		return err
	}
	return run(ctx, "go", append([]string{"tool", "wails", "build", "-clean", "-trimpath"}, args...)...)
}
