package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// allowed are the licenses under which we may ship other people's work inside a program under Apache-2.0.
var allowed = []string{
	"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "MPL-2.0", "OFL-1.1", "0BSD", "Unlicense", "CC0-1.0",
	"public domain",
}

// phrases tell a license by words that its text has and no other on the list has; the more special ones come first.
var phrases = []struct{ name, text string }{
	{"Apache-2.0", "apache license version 2.0"},
	{"MPL-2.0", "mozilla public license version 2.0"},
	{"OFL-1.1", "sil open font license version 1.1"},
	{"Unlicense", "this is free and unencumbered software released into the public domain"},
	{"CC0-1.0", "cc0 1.0 universal"},
	{"public domain", "dedicated to the public domain by the authors"},
	{"BSD-3-Clause", "neither the name of"},
	{"BSD-3-Clause", "may not be used to endorse or promote products"},
	{"BSD-2-Clause", "redistributions in binary form must reproduce the above copyright"},
	{"MIT", "permission is hereby granted free of charge to any person obtaining a copy"},
	{"ISC", "permission to use copy modify and or distribute this software for any purpose with or without fee is hereby granted provided that"},
	{"0BSD", "permission to use copy modify and or distribute this software for any purpose with or without fee is hereby granted"},
}

// dependency is one thing of others that we ship.
type dependency struct {
	name, version string
	licenses      []string // all of them must be allowed
	alternatives  bool     // one of them is enough
}

func licenses(ctx context.Context, args []string) error {
	modules, err := goModules(ctx)
	if err != nil {
		return err
	}
	packages, err := npmPackages()
	if err != nil {
		return err
	}
	var wrong []error
	count := map[string]int{}
	for _, d := range append(modules, packages...) {
		if !d.allowed() {
			wrong = append(wrong, fmt.Errorf("%s %s: license %q is not on the list", d.name, d.version, d.licenses))
		}
		if slices.Contains(args, "-v") {
			fmt.Printf("  %-24s %s %s\n", strings.Join(d.licenses, ", "), d.name, d.version)
		}
		for _, l := range d.licenses {
			count[l]++
		}
	}
	fmt.Printf("%d Go modules and %d npm packages are shipped: %v\n", len(modules), len(packages), count)
	return errors.Join(wrong...)
}

func (d dependency) allowed() bool {
	fine := func(l string) bool { return slices.Contains(allowed, l) }
	if d.alternatives {
		return slices.ContainsFunc(d.licenses, fine)
	}
	return len(d.licenses) > 0 && !slices.ContainsFunc(d.licenses, func(l string) bool { return !fine(l) })
}

// goModules finds the modules that are linked into the program on any of the three systems, and reads their license files. One that is
// replaced by a folder of ours is ours.
func goModules(ctx context.Context) ([]dependency, error) {
	dirs := map[string]string{}
	for _, system := range []string{"linux", "windows", "darwin"} {
		list := command{env: []string{"GOOS=" + system, "CGO_ENABLED=1"}}
		out, err := list.output(ctx, "go", "list", "-deps", "-tags", productionTags,
			"-f", "{{with .Module}}{{if not (or .Main (and .Replace (not .Replace.Version)))}}{{.Path}} {{.Version}}|{{.Dir}}{{end}}{{end}}", ".")
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(out) {
			if module, dir, ok := strings.Cut(strings.TrimSpace(line), "|"); ok {
				dirs[module] = dir
			}
		}
	}
	all := make([]dependency, 0, len(dirs))
	for module, dir := range dirs {
		name, version, _ := strings.Cut(module, " ")
		found, err := readLicenses(dir)
		if err != nil {
			return nil, fmt.Errorf("license of %s: %w", name, err)
		}
		all = append(all, dependency{name: name, version: version, licenses: found})
	}
	slices.SortFunc(all, func(a, b dependency) int { return strings.Compare(a.name, b.name) })
	return all, nil
}

// readLicenses names the license of each license file in a folder.
func readLicenses(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, entry := range entries {
		name := strings.ToUpper(entry.Name())
		if entry.IsDir() || strings.HasSuffix(name, "-LOGO") || // of a picture in its readme, which is not linked
			strings.HasPrefix(name, "LICENSE-3RD-PARTY") || // a list of other modules, which are looked at themselves
			!strings.HasPrefix(name, "LICEN") && !strings.HasPrefix(name, "COPYING") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		if l := recognize(string(text)); !slices.Contains(found, l) {
			found = append(found, l)
		}
	}
	if len(found) == 0 {
		found = []string{"no license file"}
	}
	return found, nil
}

// recognize compares words only: line breaks, capitals and punctuation differ from copy to copy.
func recognize(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789.", r) })
	for i := range words {
		words[i] = strings.Trim(words[i], ".")
	}
	plain := strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
	for _, p := range phrases {
		if strings.Contains(plain, p.text) {
			return p.name
		}
	}
	return "unknown"
}

// npmPackages reads the licenses of the packages that are not for development only from the lock file.
func npmPackages() ([]dependency, error) {
	lock, err := readLock("frontend/package-lock.json")
	if err != nil {
		return nil, err
	}
	var all []dependency
	for path, p := range lock {
		if p.Dev {
			continue
		}
		d := dependency{name: strings.TrimPrefix(path, "node_modules/"), version: p.Version}
		var expression string
		if json.Unmarshal(p.License, &expression) != nil || expression == "" {
			expression = "unknown"
		}
		expression = strings.Trim(expression, "()")
		d.alternatives = strings.Contains(expression, " OR ")
		d.licenses = strings.Split(strings.ReplaceAll(expression, " OR ", " AND "), " AND ")
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b dependency) int { return strings.Compare(a.name, b.name) })
	return all, nil
}
