package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// testSteps are the tasks of `test`: what is quick and fails often comes first, what needs a window last.
var testSteps = []string{
	"format", "layers", "licenses", "frontend-check", "bundle", "vet", "unit", "lint", "vuln", "bindings", "e2e", "window",
}

// steps are all that `test` runs: before it looks at anything it installs what is missing.
func steps() []string { return append([]string{"setup"}, testSteps...) }

// unseenError is why a check gave no verdict: neither did it find anything nor is all well. As a step of `test` it is skipped.
type unseenError string

func (c unseenError) Error() string { return "could not look: " + string(c) }

// outcome is what became of one step.
type outcome struct {
	step         string
	verdict      string // one of the below
	took, worked time.Duration
	err          error
}

const (
	passed  = "ok"
	failed  = "FAILED"
	skipped = "skipped" // it could not look
	notRun  = "not run" // an earlier one failed
)

// testAll installs what is missing, runs every step until one fails, and ends with one line that counts them.
func testAll(ctx context.Context, _ []string) error {
	var list []task
	for _, name := range steps() {
		i := slices.IndexFunc(tasks(), func(t task) bool { return t.name == name })
		list = append(list, tasks()[i])
	}
	began := time.Now()
	all := runSteps(ctx, list)
	fmt.Printf("\n=== summary, %.0f s\n", time.Since(began).Seconds())
	report, err := summarize(all)
	fmt.Print(report)
	return err
}

// runSteps runs tasks until one fails.
func runSteps(ctx context.Context, list []task) []outcome {
	all := make([]outcome, 0, len(list))
	stopped := false
	for _, t := range list {
		if stopped {
			all = append(all, outcome{step: t.name, verdict: notRun})
			continue
		}
		fmt.Printf("\n=== %s: %s\n", t.name, t.line)
		start, worked := time.Now(), spent.Load()
		err := t.run(ctx, nil)
		o := outcome{step: t.name, verdict: passed, took: time.Since(start), worked: time.Duration(spent.Load() - worked), err: err}
		switch _, unseen := errors.AsType[unseenError](err); {
		case unseen:
			o.verdict = skipped
		case err != nil:
			o.verdict, stopped = failed, true
		}
		all = append(all, o)
	}
	return all
}

// summarize makes a line for each step and one that counts them, and gives the error of the one that failed. Beside the time that a step took
// stands the processor time of its programs: on a busy machine only that can be compared.
func summarize(all []outcome) (string, error) {
	var b strings.Builder
	var failure error
	count, skips := map[string]int{}, []string{}
	for _, o := range all {
		count[o.verdict]++
		line := fmt.Sprintf("%-15s %-7s", o.step, o.verdict)
		if o.verdict != notRun {
			line += fmt.Sprintf(" %7.1f s %7.1f s of processor time", o.took.Seconds(), o.worked.Seconds())
		}
		if o.err != nil {
			line += "  " + o.err.Error()
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
		switch o.verdict {
		case failed:
			failure = fmt.Errorf("%s: %w", o.step, o.err)
		case skipped:
			skips = append(skips, o.step)
		}
	}
	if len(skips) > 0 {
		fmt.Fprintf(&b, "\nSkipped, so not checked: %s\n", strings.Join(skips, ", "))
	}
	fmt.Fprintf(&b, "\n%d passed, %d failed", count[passed], count[failed])
	if n := count[skipped] + count[notRun]; n > 0 {
		fmt.Fprintf(&b, ", %d skipped", n)
	}
	b.WriteString("\n")
	return b.String(), failure
}
