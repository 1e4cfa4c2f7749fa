package backend_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/bulk"
	"seatkeeper/backend/form"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/report"
	"seatkeeper/backend/source"
	"seatkeeper/backend/task"
)

var update = flag.Bool("update", false, "write golden files instead of comparing with them")

// TestBoundMethods: what the page may call is an exact list, so that nothing gets onto it by accident.
func TestBoundMethods(t *testing.T) {
	var lines []string
	for _, bound := range bindings.New(context.Background(), nil, slog.New(slog.DiscardHandler)).List() {
		typ := reflect.TypeOf(bound)
		for m := range typ.Methods() {
			lines = append(lines, strings.TrimPrefix(typ.String(), "*bindings.")+"."+m.Name+strings.Replace(m.Type.String(), "func("+typ.String(), "(", 1))
		}
	}
	golden(t, "testdata/bound_methods.golden", lines)
}

// TestRegistry: a reviewer sees every addition to a registry in one line.
func TestRegistry(t *testing.T) {
	var lines []string
	for what, names := range map[string][]string{
		"action": bulk.Actions.Names(), "field": directory.FieldRegistry.Names(), "format": report.Formats.Names(), "source": source.Kinds.Names(),
		"task": task.Kinds.Names(),
	} {
		for _, n := range names {
			lines = append(lines, fmt.Sprintf("%s %s", what, n))
		}
	}
	golden(t, "testdata/registry.golden", lines)
}

func golden(t *testing.T, path string, lines []string) {
	t.Helper()
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; look at the difference, then go test ./backend -update\ngot:\n%s", path, got)
	}
}

// TestForms: every form that is registered can be drawn and filled in.
func TestForms(t *testing.T) {
	for _, k := range source.Kinds.All() {
		if err := form.Declared(k.Fields); err != nil {
			t.Errorf("source %s: %v", k.Kind, err)
		}
	}
	for _, a := range bulk.Actions.All() {
		if err := form.Declared(a.Params); err != nil {
			t.Errorf("action %s: %v", a.Kind, err)
		}
	}
	for _, name := range task.Kinds.Names() {
		if k, _ := task.Kinds.Get(name); form.Declared(k.Params) != nil {
			t.Errorf("task %s: %v", name, form.Declared(k.Params))
		}
	}
}
