package main

import (
	"context"
	"fmt"
	"time"
)

// testSteps are the tasks of `test`: what is quick and fails often comes first, what needs a window last.
var testSteps = []string{
	"format", "layers", "licenses", "frontend-check", "bundle", "vet", "unit", "lint", "vuln", "bindings", "e2e", "window",
}

// testAll installs what is missing, runs every step until one fails, and ends with one line that counts them.
func testAll(ctx context.Context, _ []string) error {
	byName := map[string]task{}
	for _, t := range tasks() {
		byName[t.name] = t
	}
	var report []string
	passed := 0
	began := time.Now()
	failure := func() error {
		for _, name := range append([]string{"setup"}, testSteps...) {
			fmt.Printf("\n=== %s: %s\n", name, byName[name].line)
			start := time.Now()
			err := byName[name].run(ctx, nil)
			took := time.Since(start).Seconds()
			if err != nil {
				report = append(report, fmt.Sprintf("%-15s FAILED %7.1f s  %v", name, took, err))
				return fmt.Errorf("%s: %w", name, err)
			}
			report = append(report, fmt.Sprintf("%-15s ok     %7.1f s", name, took))
			passed++
		}
		return nil
	}()
	fmt.Printf("\n=== summary, %.0f s\n", time.Since(began).Seconds())
	for _, line := range report {
		fmt.Println(line)
	}
	if failure != nil {
		fmt.Printf("\n%d passed, 1 failed, %d skipped\n", passed, len(testSteps)-passed)
		return failure
	}
	fmt.Printf("\n%d passed, 0 failed\n", passed)
	return nil
}
