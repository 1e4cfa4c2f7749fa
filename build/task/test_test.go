package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
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
		{"one could not look, and the next ones run", []task{ending("a", nil), ending("vuln", offline), ending("b", nil)}, "2 passed, 0 failed, 1 skipped",
			[]string{"vuln            skipped", "could not look: no such host", "Skipped, so not checked: vuln\n", "b               ok "}, []string{"FAILED"}, ""},
		{"one fails, and the next ones do not run", []task{ending("a", nil), ending("b", errors.New("broken")), ending("c", nil)}, "1 passed, 1 failed, 1 skipped",
			[]string{"b               FAILED", "broken", "c               not run\n"}, []string{"Skipped,"}, "b: broken"},
		{"one skipped, one failed", []task{ending("vuln", offline), ending("b", errors.New("broken"))}, "0 passed, 1 failed, 1 skipped", []string{"checked: vuln\n"}, nil, "b: broken"},
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
