package records

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"strings"
	"testing"
)

// sqliteOnly finds what PostgreSQL does not know or means otherwise: functions, ways to write, and the marks ?1.
var sqliteOnly = regexp.MustCompile(`(?is)` + strings.Join([]string{
	`\b(json_\w+|jsonb_\w+|instr|iif|ifnull|printf|strftime|julianday|unixepoch|datetime|group_concat|total|typeof|hex|likely|unlikely|changes` +
		`|last_insert_rowid|randomblob|zeroblob|raise)\s*\(`,
	`\b(max|min)\s*\([^()]*,`, // of several values; MAX of a column is known everywhere
	`->>?`, `\?\d`, `\b_?(rowid|oid)\b`, `\bpragma\b`, `\bsqlite\w*`, `\bwithout\s+rowid\b`, `\bautoincrement\b`, `\b(attach|detach|vacuum)\b`,
	`\binsert\s+or\b`, `\bupdate\s+or\b`, `\breplace\s+into\b`, `\b(not\s+)?indexed\b`, `\bcross\s+join\b.*\bon\b`, `\bglob\b`, `\bcollate\b`, `==`,
	`\blimit\s+-1\b`, `\bdeleted\s*(=|<>)\s*[01]\b`, `\bused\s*(=|<>)\s*[01]\b`,
}, `|`))

// The statements of this room run on any SQL database: what only SQLite knows stands in dialect.go.
func TestOnlyOneFileSpeaksSQLite(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, f := range files {
		name := f.Name()
		if name == "dialect.go" || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") && !strings.HasPrefix(name, "contract") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		imports := map[*ast.BasicLit]bool{}
		for _, i := range parsed.Imports {
			imports[i.Path] = true
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			text, ok := n.(*ast.BasicLit)
			if ok && text.Kind == token.STRING && !imports[text] {
				read++
				if word := sqliteOnly.FindString(text.Value); word != "" {
					t.Errorf("%s: only SQLite knows %q in %s", name, word, text.Value)
				}
			}
			return true
		})
	}
	if read < 100 {
		t.Errorf("only %d texts were read", read)
	}
}

// TestSQLiteWordsAreFound keeps the search honest: these stood in this room.
func TestSQLiteWordsAreFound(t *testing.T) {
	for _, text := range []string{
		`SELECT value->>'$.c.seq' FROM json_each(?)`, `c.body ->> '$.used' IS NOT NULL`, `instr(c.search, ?) > 0`, `iif(verdict = 'change', 0, ?)`,
		`ORDER BY max(i.finished_at, i.intent_at)`, `id IN (SELECT value FROM json_each(?))`, `INSERT OR REPLACE INTO trend_days`, `d.source = ?1`,
		`created_at, rowid`, `plan_changes c INDEXED BY plan_changes_who`, "run_items i\n CROSS JOIN plan_changes c ON c.seq = i.seq", `UPDATE runs SET deleted = 1`,
		`PRAGMA synchronous`, `VACUUM INTO ?`,
	} {
		if !sqliteOnly.MatchString(text) {
			t.Errorf("not found: %s", text)
		}
	}
	for _, text := range []string{`SELECT max(d.day) AS last, count(*) OVER ()`, `UPDATE runs SET deleted = deleted WHERE id = ?`, `NOT runs.deleted AND i.seq > ?`} {
		if word := sqliteOnly.FindString(text); word != "" {
			t.Errorf("%q found in %s", word, text)
		}
	}
}
