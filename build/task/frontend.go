package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
)

// Limits of the built frontend, in bytes after gzip: what the window loads at once, and everything.
const (
	maxStart = 350 << 10
	maxStyle = 60 << 10
	maxTotal = 600 << 10
)

var inFrontend = command{dir: "frontend"}

// npmPackage is what a lock file says about one package.
type npmPackage struct {
	Version   string          `json:"version"`
	Integrity string          `json:"integrity"`
	License   json.RawMessage `json:"license"` // a string; old packages have an object
	Dev       bool            `json:"dev"`
	Optional  bool            `json:"optional"`
}

func readLock(path string) (map[string]npmPackage, error) {
	var lock struct {
		Packages map[string]npmPackage `json:"packages"`
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	delete(lock.Packages, "") // the project itself
	return lock.Packages, nil
}

// installModules runs npm ci unless frontend/node_modules already holds exactly what the lock file names.
func installModules(ctx context.Context) error {
	want, err := readLock("frontend/package-lock.json")
	if err != nil {
		return err
	}
	// npm keeps a lock file of what it installed; packages for other systems are missing there.
	if have, err := readLock("frontend/node_modules/.package-lock.json"); err == nil && sameModules(want, have) {
		return nil
	}
	return inFrontend.run(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
}

func sameModules(want, have map[string]npmPackage) bool {
	for name, w := range want {
		h, ok := have[name]
		if !ok && w.Optional {
			continue
		}
		if h.Version != w.Version || h.Integrity != w.Integrity {
			return false
		}
		if _, err := os.Stat(filepath.Join("frontend", filepath.FromSlash(name), "package.json")); err != nil {
			return false
		}
	}
	return !slices.ContainsFunc(slices.Collect(maps.Keys(have)), func(name string) bool { _, ok := want[name]; return !ok })
}

func npx(ctx context.Context, args ...string) error {
	if err := installModules(ctx); err != nil {
		return err
	}
	return inFrontend.run(ctx, "npx", append([]string{"--no-install"}, args...)...)
}

func biome(ctx context.Context, args ...string) error {
	return npx(ctx, append(append([]string{"biome"}, args...), "--error-on-warnings", ".")...)
}

func frontendCheck(ctx context.Context, _ []string) error {
	if err := npx(ctx, "tsc", "--noEmit"); err != nil {
		return err
	}
	if err := npx(ctx, "tsc", "--noEmit", "-p", "e2e"); err != nil {
		return err
	}
	if err := biome(ctx, "check"); err != nil {
		return err
	}
	return npx(ctx, "vitest", "run")
}

// pageBuilt tells that this run of test has built frontend/dist. To build it again would take it away from what is compiled at that moment.
var pageBuilt atomic.Bool

// bundle builds frontend/dist and measures it.
func bundle(ctx context.Context, _ []string) error {
	if err := npx(ctx, "vite", "build"); err != nil {
		return err
	}
	// Only main embeds this folder; the empty file lets it compile before the first build.
	if err := os.WriteFile("frontend/dist/.gitkeep", nil, 0o600); err != nil {
		return err
	}
	pageBuilt.Store(true)
	page, err := os.ReadFile("frontend/dist/index.html")
	if err != nil {
		return err
	}
	if outside := regexp.MustCompile(`(?:src|href)="(?:https?:)?//[^"]*"`).FindString(string(page)); outside != "" {
		return fmt.Errorf("index.html loads something from outside: %s", outside)
	}
	var start, style, total int
	err = filepath.WalkDir("frontend/dist/assets", func(path string, entry fs.DirEntry, err error) error {
		kind := filepath.Ext(path)
		if err != nil || entry.IsDir() || kind != ".js" && kind != ".css" {
			return err
		}
		size, err := zipped(path)
		if err != nil {
			return err
		}
		total += size
		atStart := strings.Contains(string(page), "assets/"+filepath.Base(path))
		switch {
		case kind == ".css":
			style += size
		case atStart:
			start += size
		}
		fmt.Printf("%8.1f KB %s%s\n", float64(size)/1024, filepath.Base(path), map[bool]string{true: "  (at start)"}[atStart])
		return nil
	})
	if err != nil {
		return err
	}
	return errors.Join(
		limit("JavaScript at start", start, maxStart),
		limit("styles", style, maxStyle),
		limit("JavaScript and styles", total, maxTotal),
	)
}

func limit(what string, size, most int) error {
	fmt.Printf("%s: %.1f of at most %d KB, gzip\n", what, float64(size)/1024, most>>10)
	if size > most {
		return fmt.Errorf("%s: over the limit", what)
	}
	return nil
}

// zipped gives the size of a file after gzip -9.
func zipped(path string) (int, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return 0, err
	}
	if _, err := w.Write(text); err != nil {
		return 0, err
	}
	if err := w.Close(); err != nil {
		return 0, err
	}
	return out.Len(), nil
}

// bindings generates the TypeScript side of the bound methods and fails if the files in the work tree were not those.
func bindings(ctx context.Context, _ []string) error {
	before, err := fingerprint("frontend/wailsjs")
	if err != nil {
		return err
	}
	if err := (command{env: []string{noSessionBus}}).run(ctx, "go", "tool", "wails", "generate", "module", "-tags", "webkit2_41"); err != nil {
		return err
	}
	after, err := fingerprint("frontend/wailsjs")
	if err != nil {
		return err
	}
	if maps.Equal(before, after) {
		fmt.Printf("%d files of bindings are fresh\n", len(after))
		return nil
	}
	var stale []string
	for path, sum := range after {
		if before[path] != sum {
			stale = append(stale, path)
		}
	}
	for path := range before {
		if _, ok := after[path]; !ok {
			stale = append(stale, path)
		}
	}
	slices.Sort(stale)
	return fmt.Errorf("the bindings were not fresh; they are now, commit them:\n  %s", strings.Join(stale, "\n  "))
}

func fingerprint(dir string) (map[string][sha256.Size]byte, error) {
	sums := map[string][sha256.Size]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		sums[path] = sha256.Sum256(text)
		return err
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return sums, err
}
