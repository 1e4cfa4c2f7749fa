package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestDays(t *testing.T) {
	for in, want := range map[string]time.Duration{"9d": 216 * time.Hour, "0.5d": 12 * time.Hour, "-1d": -24 * time.Hour, "90m": 90 * time.Minute} {
		if got, err := days(in); err != nil || got != want {
			t.Errorf("%s: %v, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "d", "soon"} {
		if got, err := days(in); err == nil {
			t.Errorf("%q was taken as %v", in, got)
		}
	}
}

func TestReadFaults(t *testing.T) {
	file := filepath.Join(t.TempDir(), "faults.json")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(`[{"kind":"applied_no_answer","path":"*/suspend","count":2},{"kind":"latency","delay":"80ms"}]`)
	if faults, err := readFaults(file); err != nil || len(faults) != 2 || faults[1].Delay != 80*time.Millisecond {
		t.Errorf("%+v, %v", faults, err)
	}
	if faults, err := readFaults(""); err != nil || faults != nil {
		t.Errorf("without a file: %v, %v", faults, err)
	}
	for _, bad := range []string{`[{"kind":"nothing"}]`, `{`} {
		write(bad)
		if _, err := readFaults(file); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
	if _, err := readFaults(file + ".not"); err == nil {
		t.Error("a missing file was taken")
	}
}
