package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// productionTags are the build tags of the program that is shipped, devTags those of the one that a browser can drive.
const (
	productionTags = "desktop,production,webkit2_41"
	devTags        = "dev,webkit2_41"
)

// noSessionBus keeps tests away from the keyring of whoever runs them, and from starting a bus of their own for each
// process.
const noSessionBus = "DBUS_SESSION_BUS_ADDRESS=disabled:"

// toolMod is the module file that pins the tools which the product itself does not need.
const toolMod = "-modfile=build/tools/go.mod"

func format(ctx context.Context, args []string) error {
	write := len(args) > 0 && args[0] == "-w"
	tracked, err := command{}.output(ctx, "git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "*.go")
	if err != nil {
		return err
	}
	var files []string
	for f := range strings.FieldsSeq(tracked) {
		if _, err := os.Stat(f); err == nil { // a file removed but not yet committed is still listed
			files = append(files, f)
		}
	}
	if write {
		if err := run(ctx, "gofmt", append([]string{"-s", "-w"}, files...)...); err != nil {
			return err
		}
		return biome(ctx, "format", "--write")
	}
	wrong, err := command{}.output(ctx, "gofmt", append([]string{"-s", "-l"}, files...)...)
	if err != nil {
		return err
	}
	if wrong != "" {
		return fmt.Errorf("not formatted; `go run ./build/task format -w` does it:\n%s", wrong)
	}
	fmt.Printf("%d Go files formatted\n", len(files))
	return biome(ctx, "format")
}

func layers(ctx context.Context, _ []string) error {
	// The file alone: it imports nothing of ours, so its answer comes at once. The other tests of its package are a
	// part of unit.
	return run(ctx, "go", "test", "-count=1", "./backend/layers_test.go")
}

// unpolished compiles without optimizations. To vet for another system its dependencies are compiled for it, and none
// of it ever runs.
const unpolished = "-gcflags=all=-N -l -dwarf=false"

// vet looks at everything as it is for this system, and for Windows and macOS at the packages that have files of their
// own there: the rest is the same text everywhere, and compiling a database for two more systems takes longer than all
// of this.
func vet(ctx context.Context, _ []string) error {
	if err := run(ctx, "go", "vet", "./..."); err != nil {
		return err
	}
	here, err := filesFor(ctx, runtime.GOOS)
	if err != nil {
		return err
	}
	for _, system := range []string{"linux", "windows", "darwin"} {
		there, err := filesFor(ctx, system)
		if err != nil {
			return err
		}
		args := []string{"vet", unpolished}
		for _, pkg := range slices.Sorted(maps.Keys(there)) {
			// The window and the tray need Apple's own headers; everything else must compile for macOS from anywhere.
			if there[pkg] != here[pkg] && (system != "darwin" || pkg != "seatkeeper/backend/desktop") {
				args = append(args, pkg)
			}
		}
		if system == runtime.GOOS || len(args) == 2 {
			continue
		}
		if err := (command{env: []string{"GOOS=" + system, "CGO_ENABLED=0"}}).run(ctx, "go", args...); err != nil {
			return err
		}
	}
	return nil
}

// filesFor lists the files of each package as they are for a system; tests are not among them.
func filesFor(ctx context.Context, system string) (map[string]string, error) {
	all, err := command{env: []string{"GOOS=" + system, "CGO_ENABLED=0"}}.output(ctx, "go", "list", "-f", "{{.ImportPath}} {{.GoFiles}}", "./backend/...")
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for line := range strings.Lines(all) {
		pkg, names, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[pkg] = names
	}
	return files, nil
}

func lint(ctx context.Context, args []string) error {
	if len(args) == 0 {
		args = []string{"./..."}
	}
	return run(ctx, "go", append([]string{"tool", toolMod, "golangci-lint", "run"}, args...)...)
}

// plain leaves the race detector out of what computes without a goroutine, so that it can find nothing there: SQLite,
// which is C translated to Go and takes seven times as long with it, and scrypt, whose price is its purpose.
var plain = []string{"-gcflags=modernc.org/...=-race=false", "-gcflags=golang.org/x/crypto/...=-race=false"}

// slowPackages are tested first, so that none of them is still running alone, on one core, when everything else has
// ended.
var slowPackages = []string{
	"./backend/mirror", "./backend/bulk", "./backend/source/atlassianorg", "./backend/store/mirrordb", "./backend/source/jiracloud", "./backend/people/directory",
	"./backend/source/jiradc", "./backend/sim",
}

func unit(ctx context.Context, args []string) error {
	if len(args) == 0 {
		args = append(slices.Clone(slowPackages), "./...")
	}
	// What go test would vet by itself is vetted by the task of that name, for three systems. Tests that wait for the
	// disk or for a clock leave a core to others: -p.
	flags := []string{"test", "-race", "-vet=off", "-p", strconv.Itoa(runtime.NumCPU() + 1), "-timeout", "20m"}
	return command{env: []string{noSessionBus}}.run(ctx, "go", slices.Concat(flags, plain, args)...)
}

func simulator(ctx context.Context, args []string) error {
	err := run(ctx, "go", append([]string{"run", "./backend/cmd/simserver"}, args...)...)
	if errors.Is(err, context.Canceled) {
		return nil // Ctrl-C is how one ends it
	}
	return err
}
