package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// testSteps are the tasks of `test`: what is quick and fails often comes first, what needs a window last.
var testSteps = []string{
	"format", "layers", "licenses", "frontend-check", "bundle", "vet", "unit", "bindings", "lint", "vuln", "e2e", "window",
}

// beside are the steps that run beside those which follow them: they need processors and no display, the walks a display and few processors.
var beside = []string{"lint", "vuln"}

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

// runSteps runs tasks until one fails: one after the other, less those that run beside the others, which are one after the other too.
func runSteps(ctx context.Context, list []task) []outcome {
	all := make([]outcome, len(list))
	for i, t := range list {
		all[i] = outcome{step: t.name, verdict: notRun}
	}
	var broken atomic.Bool
	aside, giveUp := context.WithCancel(ctx)
	defer giveUp()
	queue := make(chan int, len(list))
	var others sync.WaitGroup
	others.Go(func() {
		for i := range queue {
			if broken.Load() {
				continue
			}
			var said bytes.Buffer
			o := list[i].asStep(aside, &account{said: &said})
			if aside.Err() != nil && ctx.Err() == nil {
				continue // given up, because a step of the others failed
			}
			fmt.Print(said.String())
			if all[i] = o; o.verdict == failed {
				broken.Store(true)
			}
		}
	})
	for i, t := range list {
		switch {
		case broken.Load():
		case slices.Contains(beside, t.name):
			queue <- i
		default:
			if all[i] = t.asStep(ctx, &account{}); all[i].verdict == failed {
				broken.Store(true)
				giveUp()
			}
		}
	}
	close(queue)
	others.Wait()
	return all
}

// asStep runs a task as one step of test.
func (t task) asStep(ctx context.Context, a *account) outcome {
	out := io.Writer(os.Stdout)
	if a.said != nil {
		out = a.said
	}
	fmt.Fprintf(out, "\n=== %s: %s\n", t.name, t.line)
	start := time.Now()
	err := t.run(context.WithValue(ctx, accountKey{}, a), nil)
	o := outcome{step: t.name, verdict: passed, took: time.Since(start), worked: time.Duration(a.spent.Load()), err: err}
	switch _, unseen := errors.AsType[unseenError](err); {
	case unseen:
		o.verdict = skipped
	case err != nil:
		o.verdict = failed
	}
	return o
}

// summarize makes a line for each step and one that counts them, and gives the error of the one that failed. Beside the time that a step took
// stands the processor time of its programs: on a busy machine only that can be compared.
func summarize(all []outcome) (string, error) {
	var b strings.Builder
	var failures []error
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
			failures = append(failures, fmt.Errorf("%s: %w", o.step, o.err))
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
	return b.String(), errors.Join(failures...)
}
