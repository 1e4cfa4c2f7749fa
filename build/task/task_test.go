package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestEveryStepIsATask(t *testing.T) {
	all := tasks()
	for _, step := range steps() {
		if !slices.ContainsFunc(all, func(x task) bool { return x.name == step }) {
			t.Errorf("the step %q of test is no task", step)
		}
	}
	for i, x := range all {
		if x.line == "" || x.run == nil {
			t.Errorf("task %q says or does nothing", x.name)
		}
		if slices.ContainsFunc(all[:i], func(y task) bool { return y.name == x.name }) {
			t.Errorf("two tasks are called %q", x.name)
		}
	}
	for name := range details {
		if !slices.ContainsFunc(all, func(x task) bool { return x.name == name }) {
			t.Errorf("there is no task %q to explain", name)
		}
	}
}

func TestRecognizeLicense(t *testing.T) {
	ours, err := os.ReadFile("../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ text, want string }{
		{string(ours), "Apache-2.0"},
		{"MIT License\n\nCopyright (c) 2020 A\n\nPermission is hereby granted, free of charge, to any person\nobtaining a copy of", "MIT"},
		{"Redistributions in binary form must reproduce the\n// above copyright notice. Neither the name of Google Inc. nor", "BSD-3-Clause"},
		{"* Redistributions in binary form must reproduce the above copyright notice", "BSD-2-Clause"},
		{"Permission to use, copy, modify, and/or distribute this software for any\npurpose with or without fee is hereby granted, provided that the above", "ISC"},
		{"Permission to use, copy, modify, and/or distribute this software for any\npurpose with or without fee is hereby granted.", "0BSD"},
		{"GNU GENERAL PUBLIC LICENSE Version 3", "unknown"},
		{"", "unknown"},
	}
	for _, tt := range tests {
		if got := recognize(tt.text); got != tt.want {
			t.Errorf("recognize(%.40q) = %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestAllowedLicense(t *testing.T) {
	tests := []struct {
		d    dependency
		want bool
	}{
		{dependency{licenses: []string{"MIT"}}, true},
		{dependency{licenses: []string{"MIT", "CC0-1.0"}}, true},
		{dependency{licenses: []string{"MIT", "GPL-3.0"}}, false},
		{dependency{licenses: []string{"MIT", "GPL-3.0"}, alternatives: true}, true},
		{dependency{licenses: []string{"unknown"}}, false},
		{dependency{}, false},
	}
	for _, tt := range tests {
		if got := tt.d.allowed(); got != tt.want {
			t.Errorf("%v allowed: %v, want %v", tt.d, got, tt.want)
		}
	}
}

func TestSameModules(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"a", "b"} {
		if err := os.MkdirAll("frontend/node_modules/"+dir, 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("frontend/node_modules/"+dir+"/package.json", nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a, b := npmPackage{Version: "1", Integrity: "x"}, npmPackage{Version: "2", Integrity: "y"}
	gone, other := npmPackage{Version: "3", Optional: true}, npmPackage{Version: "1", Integrity: "z"}
	type modules = map[string]npmPackage
	const pa, pb, pc = "node_modules/a", "node_modules/b", "node_modules/c"
	tests := []struct {
		name       string
		want, have modules
		same       bool
	}{
		{"equal", modules{pa: a, pb: b}, modules{pa: a, pb: b}, true},
		{"optional one of another system is missing", modules{pa: a, pc: gone}, modules{pa: a}, true},
		{"one is missing", modules{pa: a, pb: b}, modules{pa: a}, false},
		{"one too many", modules{pa: a}, modules{pa: a, pb: b}, false},
		{"another content", modules{pa: a}, modules{pa: other}, false},
		{"its folder is gone", modules{pc: a}, modules{pc: a}, false},
	}
	for _, tt := range tests {
		if got := sameModules(tt.want, tt.have); got != tt.same {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.same)
		}
	}
}

func TestParseBenchmarks(t *testing.T) {
	got := parseBenchmarks("goos: linux\nBenchmarkRunLog-2   \t 1\t 5123 ns/op\t 120.5 µs/item\t 1.25 ratio\nBenchmarkWindow/200-rows/100000 \t 200\t 0.5 p95-ms\nPASS\n")
	if got["RunLog"]["ratio"] != 1.25 || got["Window/200-rows/100000"]["p95-ms"] != 0.5 || len(got) != 2 {
		t.Errorf("parsed %v", got)
	}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		most, got float64
		want      string
	}{{2, 1.9, "reached"}, {2, 2.4, "close"}, {2, 2.6, "MISSED"}, {-95, 99, "reached"}, {-95, 50, "MISSED"}, {0, 0, "reached"}, {0, 1, "MISSED"}} {
		if row := (goal{most: c.most}).row(c.got); !strings.Contains(row, c.want) {
			t.Errorf("%v for %v: %s", c.got, c.most, row)
		}
	}
	all := figures{"LoadFirstSync/100000": {"ratio": 1}, "Keystroke/half/10000": {"p50-ms": 1}, "Keystroke/half/100000": {"p50-ms": 20}}
	table := strings.Join(rows(all, true), "\n")
	if !strings.HasPrefix(table, "  1 reached ") || !strings.Contains(table, "MISSED            20 <=      10  2.00 times        growth of Keystroke/half") ||
		strings.Contains(table, "no figure") || !strings.Contains(strings.Join(rows(all, false), "\n"), "no figure") {
		t.Error(table)
	}
}
