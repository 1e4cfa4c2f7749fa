package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

// out is where walks leave pictures and files; it is emptied by the walk that writes there.
const out = "build/out"

// endToEnd drives the page in Chromium. What it builds is what the working tree has.
func endToEnd(ctx context.Context, args []string) error {
	if err := buildPage(ctx); err != nil {
		return err
	}
	if err := buildForBrowser(ctx); err != nil {
		return err
	}
	if err := buildSimulator(ctx); err != nil {
		return err
	}
	return walk(ctx, "browser", "e2e", args)
}

// realWindow drives the program that is shipped: its page by the walks, and its window, tray and signals by the tests that have the tag window.
// The name of a walk leaves these out.
func realWindow(ctx context.Context, args []string) error {
	if err := buildPage(ctx); err != nil {
		return err
	}
	if err := buildWindow(ctx); err != nil {
		return err
	}
	if err := buildSimulator(ctx); err != nil {
		return err
	}
	if err := buildAutomation(ctx); err != nil {
		return err
	}
	if err := walk(ctx, "window", "window", args); err != nil || len(args) > 0 {
		return err
	}
	path, err := filepath.Abs(program("seatkeeper"))
	if err != nil {
		return err
	}
	return command{env: []string{noSessionBus, "SEATKEEPER_BINARY=" + path}}.run(ctx, "go", "test", "-tags", "window", "-count", "1", "-run", "^TestWindow", "./backend/desktop")
}

// runWindow builds Seatkeeper and opens it; arguments replace --demo.
func runWindow(ctx context.Context, args []string) error {
	headless := runtime.GOOS == "linux" && os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == ""
	if runtime.GOOS == "linux" {
		packages := []string{"build"}
		if headless {
			packages = nil
		}
		if err := setup(ctx, packages); err != nil {
			return err
		}
	}
	if err := buildPage(ctx); err != nil {
		return err
	}
	if err := buildWindow(ctx); err != nil {
		return err
	}
	if headless {
		return walkDemo(ctx)
	}
	if len(args) == 0 {
		args = []string{"--demo"}
	}
	return run(ctx, program("seatkeeper"), args...)
}

// walkDemo shows the demo organization where nobody can look at a window.
func walkDemo(ctx context.Context) error {
	fmt.Println("\nThere is no display here, so this walks through the demo organization in a display in memory.")
	if err := buildAutomation(ctx); err != nil {
		return err
	}
	if err := walk(ctx, "demo", "walk", nil); err != nil {
		return err
	}
	dir, err := filepath.Abs(filepath.Join(out, "walk"))
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	fmt.Println("\nPictures of the window and the report that it exported:")
	for _, entry := range entries {
		fmt.Println(" ", filepath.Join(dir, entry.Name()))
	}
	return nil
}

// walk runs the tests of one folder below frontend/e2e in a desktop of its own; they leave their pictures in build/out/FOLDER.
func walk(ctx context.Context, tests, folder string, args []string) error {
	dir, err := filepath.Abs(filepath.Join(out, folder))
	if err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	return inSession(ctx, func(desktop command) error {
		desktop.dir = "frontend"
		desktop.env = append(desktop.env, "SEATKEEPER_OUT="+dir)
		runner := []string{"--no-install", "vitest", "run", "--config", "e2e/vitest.config.ts", "--dir", "e2e/" + tests}
		return desktop.run(ctx, "npx", append(runner, args...)...)
	})
}

// buildPage makes frontend/dist.
func buildPage(ctx context.Context) error {
	if pageBuilt.Load() {
		return nil
	}
	return npx(ctx, "vite", "build", "--logLevel", "warn")
}

// buildAutomation makes the library that lets WebKitWebDriver into the window.
func buildAutomation(ctx context.Context) error {
	flags, err := command{}.output(ctx, "pkg-config", "--cflags", "--libs", "webkit2gtk-4.1")
	if err != nil {
		return err
	}
	if err := os.MkdirAll("build/bin", 0o750); err != nil {
		return err
	}
	return run(ctx, "sh", "-c", "cc -O1 -Wall -Werror=implicit -shared -fPIC -o build/bin/automation.so build/window/automation.c "+flags)
}
