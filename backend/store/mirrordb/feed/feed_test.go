package feed_test

import (
	"database/sql"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/glebarez/sqlite"

	"seatkeeper/backend/store/mirrordb/feed"
)

// attach puts tables on a shelf and attaches them within a transaction.
func attach(t *testing.T, tables ...*feed.Table) *sql.Tx {
	t.Helper()
	shelf, err := feed.NewShelf()
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open(sqlite.DriverName, "file:"+t.TempDir()+"/own.db")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = tx.Rollback()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if err := shelf.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := tx.Exec("ATTACH ? AS fed", shelf.Put(feed.Database(tables...))); err != nil {
		t.Fatal(err)
	}
	var verdict string
	if err := tx.QueryRow("PRAGMA fed.integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Fatal(verdict, err)
	}
	return tx
}

type pair struct {
	n    int64
	text string
}

// readBack reads the pairs of a table.
func readBack(t *testing.T, tx *sql.Tx, table string) []pair {
	t.Helper()
	rows, err := tx.Query("SELECT n, text, typeof(n), typeof(text) FROM fed." + table + " ORDER BY rowid")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var all []pair
	for rows.Next() {
		var p pair
		var a, b string
		if err := rows.Scan(&p.n, &p.text, &a, &b); err != nil || a != "integer" || b != "text" {
			t.Fatal(err, a, b)
		}
		all = append(all, p)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func same(t *testing.T, got, want []pair) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d rows, want %d", len(got), len(want))
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("row %d: %d, %d bytes; want %d, %d bytes", i, got[i].n, len(got[i].text), want[i].n, len(want[i].text))
		}
	}
}

func table(name string, pairs []pair) *feed.Table {
	t := feed.NewTable(name, "n", "text")
	for _, p := range pairs {
		t.Int(p.n).Text(p.text).End()
	}
	return t
}

// SQLite reads exactly what was written: numbers of every size, texts of every size around the bounds of pages.
func TestRowsAreReadAsTheyWereWritten(t *testing.T) {
	var numbers, texts []pair
	for shift := range 64 {
		for _, d := range []int64{-1, 0, 1} {
			n := int64(1)<<shift + d
			numbers = append(numbers, pair{n: n}, pair{n: -n})
		}
	}
	numbers = append(numbers, pair{n: math.MaxInt64}, pair{n: math.MinInt64})
	for _, around := range []int{0, 57, 100, 8186, 16 << 10, 2 * 16 << 10, 3 * 16 << 10, 200_000, 1 << 20} {
		for size := max(0, around-60); size < around+60; size++ {
			texts = append(texts, pair{int64(size), strings.Repeat("é", size/2) + strings.Repeat("x", size%2)})
		}
		if around > 100_000 {
			texts = texts[:len(texts)-118]
		}
	}
	var none []pair
	tx := attach(t, table("numbers", numbers), table("texts", texts), table("none", none), table("one", numbers[:1]))
	same(t, readBack(t, tx, "numbers"), numbers)
	same(t, readBack(t, tx, "texts"), texts)
	same(t, readBack(t, tx, "none"), none)
	same(t, readBack(t, tx, "one"), numbers[:1])
}

// Any number of rows makes a sound tree, of one, two or three levels.
func TestTrees(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 2, 3, 1000, 1091, 1092, 1200, 3000} {
		var pairs []pair
		for range n {
			pairs = append(pairs, pair{random.Int64() >> random.IntN(64), strings.Repeat("y", 16_000+random.IntN(700))})
		}
		t.Run(fmt.Sprint(n), func(t *testing.T) { same(t, readBack(t, attach(t, table("big", pairs)), "big"), pairs) })
	}
	var many []pair
	for i := range 200_000 {
		many = append(many, pair{int64(i), "z"})
	}
	same(t, readBack(t, attach(t, table("many", many)), "many"), many)
}

// A row with more columns than a byte can count the head of.
func TestWideRow(t *testing.T) {
	var names []string
	for i := range 300 {
		names = append(names, fmt.Sprint("c", i))
	}
	wide := feed.NewTable("wide", names...)
	for i := range 300 {
		wide.Int(int64(i))
	}
	wide.End()
	var first, last int
	if err := attach(t, wide).QueryRow("SELECT c0, c299 FROM fed.wide").Scan(&first, &last); err != nil || first != 0 || last != 299 {
		t.Error(first, last, err)
	}
}
