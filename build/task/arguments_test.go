package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
)

// called is one command line, with every task replaced by a note of what it would have run with.
type called struct {
	code           int
	ran            bool
	with           []string
	out, complaint string
}

func call(t *testing.T, args ...string) called {
	t.Helper()
	var c called
	all := tasks()
	for i := range all {
		all[i].run = func(_ context.Context, args []string) error {
			c.ran, c.with = true, args
			return nil
		}
	}
	var out, complaints bytes.Buffer
	c.code = perform(t.Context(), all, args, &out, &complaints)
	c.out, c.complaint = out.String(), complaints.String()
	return c
}

func TestEveryTaskExplainsItself(t *testing.T) {
	for _, x := range tasks() {
		for _, ask := range [][]string{{"-h"}, {"-help"}, {"--help"}, {"-w", "-h"}, {"./backend/bulk", "--help"}} {
			c := call(t, append([]string{x.name}, ask...)...)
			if c.ran || c.code != 0 || c.complaint != "" {
				t.Errorf("%s %v runs (%v) or ends with %d: %s", x.name, ask, c.ran, c.code, c.complaint)
			}
			if !strings.HasPrefix(c.out, "Usage: go run ./build/task "+x.name) || !strings.Contains(c.out, x.line) {
				t.Errorf("%s %v does not explain itself:\n%s", x.name, ask, c.out)
			}
			for _, a := range x.takes {
				if strings.Count(c.out, a.form) < 2 || !strings.Contains(c.out, a.what) {
					t.Errorf("%s %v does not explain %s:\n%s", x.name, ask, a.form, c.out)
				}
			}
		}
		if c := call(t, x.name); !c.ran || c.code != 0 || len(c.with) > 0 {
			t.Errorf("%s alone does not run: %+v", x.name, c)
		}
	}
	for _, step := range steps() {
		if c := call(t, "test", "-h"); !strings.Contains(c.out, step) {
			t.Errorf("test -h does not name the step %s", step)
		}
	}
}

func TestNoTaskTakesWhatItDoesNotKnow(t *testing.T) {
	const strange = "-no-such-flag"
	for _, x := range tasks() {
		passesOn := slices.ContainsFunc(x.takes, func(a argument) bool { return strings.HasSuffix(a.form, "...") })
		for _, args := range [][]string{{strange}, {"-" + strange}, {"nonsense"}, {"--", strange}} {
			c := call(t, append([]string{x.name}, args...)...)
			switch {
			case passesOn: // to a program that knows its own flags
				if want := slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "--" }); !slices.Equal(c.with, want) {
					t.Errorf("%s %v passes %v on", x.name, args, c.with)
				}
			case c.ran || c.code != 2 || !strings.Contains(c.complaint, args[len(args)-1][1:]) || !strings.Contains(c.complaint, x.name+" -h"):
				t.Errorf("%s %v: ran %v, ended with %d: %s", x.name, args, c.ran, c.code, c.complaint)
			}
		}
		for _, a := range x.takes {
			if c := call(t, x.name, a.form); !passesOn && !slices.Equal(c.with, []string{a.form}) {
				t.Errorf("%s does not take its own %s: %+v", x.name, a.form, c)
			}
		}
	}
	if c := call(t, "format", "--w"); !slices.Equal(c.with, []string{"-w"}) {
		t.Errorf("two dashes are one: %+v", c)
	}
}

func TestWithoutATask(t *testing.T) {
	for _, args := range [][]string{nil, {"-h"}, {"--help"}} {
		c := call(t, args...)
		for _, x := range tasks() {
			if c.code != 0 || !strings.Contains(c.out, "  "+x.name+" ") {
				t.Errorf("%v ends with %d and does not list %s", args, c.code, x.name)
			}
		}
	}
	if c := call(t, "tests"); c.code != 2 || !strings.Contains(c.complaint, `there is no task "tests"`) {
		t.Errorf("%+v", c)
	}
	if c := call(t, "run", "--", "--help"); !slices.Equal(c.with, []string{"--help"}) {
		t.Errorf("what follows -- is Seatkeeper's: %+v", c)
	}
}
