package backend_test

import (
	"bufio"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A layer is what one package may import: other packages of ours, and modules of others. The standard library is always
// allowed.
type layer struct {
	ours   []string // below backend/
	others []string // module path prefixes
}

const (
	gormMod   = "gorm.io/gorm"
	sqliteMod = "github.com/glebarez"
	wailsMod  = "github.com/wailsapp/wails/v2"
	textMod   = "golang.org/x/text"
	syncMod   = "golang.org/x/sync"
	sysMod    = "golang.org/x/sys"
	excelMod  = "github.com/xuri/excelize/v2"
)

// layers is the house's plan: one direction, from the nouns up to the window. Each third-party library is named in one
// row, so replacing it touches one package.
var layers = map[string]layer{
	"domain":              {},
	"registry":            {},
	"sim":                 {}, // never atlassian: its JSON is its own, so that a shared mistake cannot hide
	"form":                {ours: []string{"domain"}},
	"workspace/secret":    {ours: []string{"domain"}, others: []string{"filippo.io/age", "github.com/99designs/keyring", "github.com/godbus/dbus/v5"}},
	"events":              {ours: []string{"domain"}},
	"atlassian":           {ours: []string{"domain"}, others: []string{syncMod, "github.com/go-json-experiment/json"}},
	"atlassian/admin":     {ours: []string{"atlassian", "domain"}},
	"atlassian/jira":      {ours: []string{"atlassian", "domain"}, others: []string{syncMod}},
	"store/migrations":    {others: []string{gormMod}},
	"store/driver":        {others: []string{"modernc.org/sqlite"}},
	"store/sqlite":        {ours: []string{"domain", "store/migrations"}, others: []string{gormMod, sqliteMod}},
	"store/mirrordb":      {ours: []string{"domain", "store/migrations", "store/sqlite"}, others: []string{gormMod, "github.com/klauspost/compress/s2"}},
	"store/records":       {ours: []string{"domain", "store/migrations", "store/sqlite"}, others: []string{gormMod}}, // never mirrordb: only ids cross
	"store":               {ours: []string{"domain", "store/mirrordb", "store/records", "store/sqlite"}},
	"people/filter":       {ours: []string{"domain", "registry"}, others: []string{textMod}},
	"people/index":        {ours: []string{"domain", "people/filter", "registry"}, others: []string{textMod}},
	"people/directory":    {ours: []string{"people/index", "domain", "events", "people/filter"}},
	"people/fields":       {ours: []string{"people/index", "domain", "people/filter"}},
	"source":              {ours: []string{"domain", "events", "form", "registry", "workspace/secret"}},
	"source/atlassianorg": {ours: []string{"atlassian", "atlassian/admin", "domain", "form", "source"}, others: []string{syncMod}},
	"source/packed":       {ours: []string{"domain"}, others: []string{syncMod}},
	"source/jiracloud":    {ours: []string{"atlassian", "atlassian/jira", "domain", "form", "source", "source/packed"}, others: []string{syncMod}},
	"source/jiradc":       {ours: []string{"atlassian", "atlassian/jira", "domain", "form", "source", "source/packed"}, others: []string{syncMod}},
	"task":                {ours: []string{"domain", "events", "form", "registry"}, others: []string{"github.com/go-co-op/gocron/v2"}},
	"task/kinds":          {ours: []string{"domain", "form", "task"}},
	"workspace/setup":     {ours: []string{"domain"}},
	"source/reminders":    {ours: []string{"domain", "events"}},
	"source/sourcetest":   {ours: []string{"domain", "source", "sim"}},
	"mirror":              {ours: []string{"domain", "events", "source"}},
	"bulk/protection":     {ours: []string{"domain"}},
	"bulk":                {ours: []string{"bulk/protection", "domain", "events", "form", "registry", "source"}},
	"bulk/actions":        {ours: []string{"bulk", "domain", "form", "source"}},
	"people/trends":       {ours: []string{"people/directory", "people/index", "domain", "events"}},
	"people/attention":    {ours: []string{"people/directory", "domain", "source/reminders"}},
	"runlog":              {ours: []string{"domain", "events"}},
	"report":              {ours: []string{"domain", "registry"}},
	"report/formats":      {ours: []string{"domain", "report"}, others: []string{excelMod}},
	"export":              {ours: []string{"people/directory", "domain", "events", "report", "people/trends"}},
	"people/saved":        {ours: []string{"people/directory", "domain", "events", "people/filter"}},
	"people/csvfile":      {ours: []string{"domain"}, others: []string{textMod}},
	"people/imports":      {ours: []string{"domain", "events", "people/csvfile"}},
	"people/lists":        {ours: []string{"people/directory", "domain", "people/csvfile"}},
	"workspace":           {ours: []string{"domain"}, others: []string{sysMod}},
	"workspace/demo":      {ours: []string{"domain", "sim", "source"}},
	"desktop":             {ours: []string{"domain", "events"}, others: []string{wailsMod, "fyne.io/systray", "github.com/godbus/dbus/v5", sysMod}},
	"bindings": {ours: []string{"people/attention", "bulk", "bulk/protection", "people/directory", "domain", "events", "source/reminders", "export", "people/csvfile", "people/filter", "form", "people/imports", "mirror", "workspace/setup", "people/lists", "report",
		"runlog", "people/saved", "workspace/secret", "source", "task", "people/trends"}},
	"cmd/simserver": {ours: []string{"sim"}},
}

// testExtra is what test files may import beyond their package's row.
var testExtra = layer{
	ours: []string{"atlassian", "atlassian/admin", "atlassian/jira", "people/attention", "bulk", "bulk/actions", "workspace/demo", "people/directory", "people/fields", "people/index", "domain", "events", "source/reminders", "people/filter", "form",
		"mirror", "registry", "report/formats", "runlog", "workspace/secret", "sim", "source", "source/atlassianorg", "source/jiracloud", "source/jiradc", "source/sourcetest",
		"store", "store/migrations", "store/mirrordb", "store/records", "store/sqlite", "task", "task/kinds", "workspace"},
	others: []string{"github.com/getkin/kin-openapi", "go.uber.org/goleak", "golang.org/x/tools", textMod, gormMod, sqliteMod, excelMod,
		"github.com/99designs/keyring", "github.com/godbus/dbus/v5"},
}

const (
	maxLines      = 400
	maxLinesTSX   = 300
	maxFirstTopic = 40 // words in a package comment's first sentence
)

func TestImportDirections(t *testing.T) {
	eachGoFile(t, func(pkg, path string) {
		if pkg == "" {
			return // the root wires everything
		}
		row, ok := layers[pkg]
		if !ok {
			t.Errorf("%s: package %s has no row in layers", path, pkg)
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		test := strings.HasSuffix(path, "_test.go")
		for _, im := range f.Imports {
			name, _ := strconv.Unquote(im.Path.Value)
			if !row.allows(name) && (!test || !testExtra.allows(name)) && name != "seatkeeper/backend/"+pkg {
				t.Errorf("%s: %s may not import %s", path, pkg, name)
			}
		}
	})
}

func (l layer) allows(name string) bool {
	if ours, ok := strings.CutPrefix(name, "seatkeeper/backend/"); ok {
		return slices.Contains(l.ours, ours)
	}
	first, _, _ := strings.Cut(name, "/")
	if !strings.Contains(first, ".") && first != "seatkeeper" {
		return true // the standard library
	}
	return slices.ContainsFunc(l.others, func(p string) bool { return name == p || strings.HasPrefix(name, p+"/") })
}

// TestLayersAllow keeps the matcher itself honest.
func TestLayersAllow(t *testing.T) {
	l := layer{ours: []string{"domain"}, others: []string{"gorm.io/gorm"}}
	for name, want := range map[string]bool{
		"fmt": true, "net/http": true, "seatkeeper/backend/domain": true, "seatkeeper/backend/store": false, "seatkeeper/backend": false,
		"gorm.io/gorm": true, "gorm.io/gorm/clause": true, "gorm.io/gormlike": false, "github.com/x/y": false,
	} {
		if got := l.allows(name); got != want {
			t.Errorf("allows(%q) = %v, want %v", name, got, want)
		}
	}
}

func TestPackageComments(t *testing.T) {
	docs := map[string]string{}
	eachGoFile(t, func(pkg, path string) {
		if strings.HasSuffix(path, "_test.go") {
			return
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if _, seen := docs[pkg]; !seen {
			docs[pkg] = ""
		}
		if f.Doc != nil {
			docs[pkg] = f.Doc.Text()
		}
	})
	for pkg, doc := range docs {
		first, rest, _ := strings.Cut(strings.Join(strings.Fields(doc), " "), ". ")
		switch {
		case !strings.HasPrefix(doc, "Package ") && !strings.HasPrefix(doc, "Command "):
			t.Errorf("backend/%s: no package comment", pkg)
		case len(strings.Fields(first)) > maxFirstTopic:
			t.Errorf("backend/%s: the package comment's first sentence is longer than %d words", pkg, maxFirstTopic)
		case rest == "":
			t.Errorf("backend/%s: the package comment does not say what the package does not do", pkg)
		}
	}
}

func TestFileLength(t *testing.T) {
	eachGoFile(t, func(_, path string) {
		if n := countLines(t, path); n > maxLines && !strings.HasSuffix(path, "_test.go") {
			t.Errorf("%s has %d lines, more than %d: is there a second thing living in it?", path, n, maxLines)
		}
	})
	err := filepath.WalkDir("../frontend/src", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && (strings.HasSuffix(path, ".tsx") || strings.HasSuffix(path, ".ts")) && !strings.Contains(path, ".test.") {
			if n := countLines(t, path); n > maxLinesTSX {
				t.Errorf("%s has %d lines, more than %d", path, n, maxLinesTSX)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, limit := range map[string]int{"../main.go": 100, "../app.go": 150} {
		if n := countLines(t, path); n > limit {
			t.Errorf("%s has %d lines, more than %d", path, n, limit)
		}
	}
}

// eachGoFile calls fn for each Go file below backend with its package's path below backend ("" for the root).
func eachGoFile(t *testing.T, fn func(pkg, path string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "testdata" {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, ".go") {
			pkg := filepath.ToSlash(filepath.Dir(path))
			if pkg == "." {
				pkg = ""
			}
			fn(pkg, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func countLines(t *testing.T, path string) int {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	n := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		n++
	}
	return n
}
