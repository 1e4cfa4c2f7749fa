package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// ending makes a step that ends like this.
func ending(name string, err error) task {
	return task{name: name, line: "a step", run: func(context.Context, []string) error { return err }}
}

func TestSummary(t *testing.T) {
	offline := unseenError("no such host")
	for _, c := range []struct {
		name     string
		list     []task
		last     string
		has, not []string
		fails    string
	}{
		{"all pass", []task{ending("a", nil), ending("b", nil)}, "2 passed, 0 failed", []string{"a               ok "}, []string{"kipped"}, ""},
		{"one could not look, and the next ones run", []task{ending("a", nil), ending("look", offline), ending("b", nil)}, "2 passed, 0 failed, 1 skipped",
			[]string{"look            skipped", "could not look: no such host", "Skipped, so not checked: look\n", "b               ok "}, []string{"FAILED"}, ""},
		{"one fails, and the next ones do not run", []task{ending("a", nil), ending("b", errors.New("broken")), ending("c", nil)}, "1 passed, 1 failed, 1 skipped",
			[]string{"b               FAILED", "broken", "c               not run\n"}, []string{"Skipped,"}, "b: broken"},
		{"one skipped, one failed", []task{ending("look", offline), ending("b", errors.New("broken"))}, "0 passed, 1 failed, 1 skipped", []string{"checked: look\n"}, nil, "b: broken"},
	} {
		report, err := summarize(runSteps(t.Context(), c.list))
		if !strings.HasSuffix(report, "\n"+c.last+"\n") {
			t.Errorf("%s: it does not end with %q:\n%s", c.name, c.last, report)
		}
		for _, s := range c.has {
			if !strings.Contains(report, s) {
				t.Errorf("%s: no %q in\n%s", c.name, s, report)
			}
		}
		for _, s := range c.not {
			if strings.Contains(report, s) {
				t.Errorf("%s: %q in\n%s", c.name, s, report)
			}
		}
		if (err == nil) != (c.fails == "") || err != nil && err.Error() != c.fails {
			t.Errorf("%s: ends with %v, want %q", c.name, err, c.fails)
		}
	}
}

// A step beside the others starts while they go on; what fails on one side ends the other.
func TestStepsBesideOthers(t *testing.T) {
	broken := errors.New("broken")
	verdicts := func(all []outcome) (v []string) {
		for _, o := range all {
			v = append(v, o.step+" "+o.verdict)
		}
		return v
	}
	type run = func(context.Context, []string) error
	for _, c := range []struct {
		name      string
		lint, e2e func(other <-chan struct{}) run // told when the other one has begun
		want      []string
	}{
		{
			"both at the same time",
			func(other <-chan struct{}) run { return func(context.Context, []string) error { <-other; return nil } },
			func(other <-chan struct{}) run { return func(context.Context, []string) error { <-other; return nil } },
			[]string{"lint ok", "vuln ok", "e2e ok", "window ok"},
		},
		{
			"the one beside fails, and the walk comes to its own end",
			func(<-chan struct{}) run { return func(context.Context, []string) error { return broken } },
			func(other <-chan struct{}) run {
				return func(context.Context, []string) error { <-other; time.Sleep(time.Minute); return nil }
			},
			[]string{"lint FAILED", "vuln not run", "e2e ok", "window not run"},
		},
		{
			"a walk fails, and what runs beside is given up",
			func(<-chan struct{}) run {
				return func(ctx context.Context, _ []string) error { <-ctx.Done(); return ctx.Err() }
			},
			func(other <-chan struct{}) run {
				return func(context.Context, []string) error { <-other; return broken }
			},
			[]string{"lint not run", "vuln not run", "e2e FAILED", "window not run"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				linting, walking := make(chan struct{}), make(chan struct{})
				begin := func(begun chan struct{}, r run) run {
					return func(ctx context.Context, args []string) error { close(begun); return r(ctx, args) }
				}
				all := runSteps(t.Context(), []task{
					{name: "lint", run: begin(linting, c.lint(walking))}, ending("vuln", nil),
					{name: "e2e", run: begin(walking, c.e2e(linting))}, ending("window", nil),
				})
				if got := verdicts(all); !slices.Equal(got, c.want) {
					t.Errorf("%v, want %v", got, c.want)
				}
			})
		})
	}
}

func TestVulnWithoutANetwork(t *testing.T) {
	answers := func(status int) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
		t.Cleanup(server.Close)
		return server.URL
	}
	if err := reach(t.Context(), answers(http.StatusOK)); err != nil {
		t.Errorf("a database that answers is not reached: %v", err)
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	for _, url := range []string{gone.URL, answers(http.StatusForbidden)} {
		err := reach(t.Context(), url)
		if err == nil {
			t.Fatalf("%s is reached", url)
		}
		if _, unseen := errors.AsType[unseenError](blind(err, false)); !unseen {
			t.Errorf("%v is no reason to skip", err)
		}
		demanded := blind(err, true)
		if _, unseen := errors.AsType[unseenError](demanded); unseen || !strings.Contains(demanded.Error(), requireVuln) {
			t.Errorf("demanded, it still ends with %v", demanded)
		}
	}
	if err := blind(context.Canceled, false); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupted look is skipped: %v", err)
	}
}

func TestVulnDemanded(t *testing.T) {
	script, err := os.ReadFile("../../.ci/run")
	if err != nil || !strings.Contains(string(script), requireVuln+"=1") {
		t.Errorf("what every change must pass does not demand the look for vulnerabilities: %v", err)
	}
	t.Setenv("PATH", "") // no program can look
	for _, db := range []string{t.TempDir(), "https://localhost/database"} {
		t.Setenv("GOVULNDB", db)
		err := vuln(t.Context(), nil)
		if _, unseen := errors.AsType[unseenError](err); unseen || err == nil {
			t.Errorf("GOVULNDB=%s: it ends with %v", db, err)
		}
	}
}

func TestAccountOfAStep(t *testing.T) {
	var said bytes.Buffer
	o := (task{name: "lint", line: "a step", run: func(ctx context.Context, _ []string) error {
		out, err := command{}.output(ctx, "go", "env", "GOOS")
		return errors.Join(err, run(ctx, "go", "env", "GOARCH"), errors.New(out))
	}}).asStep(t.Context(), &account{said: &said})
	if !strings.HasPrefix(said.String(), "\n=== lint: a step\n$ go env GOARCH\n"+runtime.GOARCH) || o.err == nil || o.err.Error() != runtime.GOOS {
		t.Errorf("%v; the step beside others says\n%s", o.err, said.String())
	}
	if o.worked <= 0 {
		t.Error("its programs took no processor time")
	}
}
