//go:build unix

package mirrordb

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// peopleTables hold what grows with the people.
var peopleTables = []string{"users", "user_directories", "user_roles", "access", "memberships", "history", "digests"}

// resync does a full sync of what was delivered and gives its processor time: of taking the delivery, of comparing and
// staging, and of the transaction that saves.
func resync(b *testing.B, s *Store, batches []domain.Batch) (done syncModel, take, prepare, save float64) {
	b.Helper()
	ctx := b.Context()
	begun, err := s.BeginSync(ctx, testSource)
	if err != nil {
		b.Fatal(err)
	}
	take = timed(func() {
		for _, batch := range batches {
			if err == nil {
				err = s.StageBatch(ctx, begun.ID, batch)
			}
		}
	})
	g, errStager := s.stager(begun.ID)
	if err != nil || errStager != nil {
		b.Fatal(err, errStager)
	}
	prepare = timed(func() { err = s.prepare(ctx, g, false) })
	if err != nil {
		b.Fatal(err)
	}
	save = timed(func() { done, err = s.save(ctx, g, domain.Shortfall{}, nil) })
	if err != nil {
		b.Fatal(err)
	}
	s.forget(ctx, g)
	return done, take, prepare, save
}

func mustExec(b *testing.B, s *Store, statement string, args ...any) {
	b.Helper()
	if _, err := s.db.Write.SQL.Exec(statement, args...); err != nil {
		b.Fatal(statement, err)
	}
}

func number(b *testing.B, s *Store, query string) (n int) {
	b.Helper()
	if err := s.db.Write.SQL.QueryRow(query).Scan(&n); err != nil {
		b.Fatal(query, err)
	}
	return n
}

// countRows has every row that is written to the tables of people counted.
func countRows(b *testing.B, s *Store) {
	b.Helper()
	mustExec(b, s, "CREATE TEMP TABLE written (n INTEGER)")
	for _, table := range peopleTables {
		for _, doing := range []string{"INSERT", "UPDATE", "DELETE"} {
			mustExec(b, s, "CREATE TEMP TRIGGER written_"+table+"_"+doing+" AFTER "+doing+" ON main."+table+" BEGIN INSERT INTO written VALUES (1); END")
		}
	}
}

// walPages counts the pages of people that stand in the journal, and all that do.
func walPages(b *testing.B, s *Store) (people, all int) {
	b.Helper()
	rows, err := s.db.Write.SQL.Query(`SELECT pageno FROM dbstat JOIN sqlite_schema m USING (name)
		WHERE m.tbl_name IN ('` + strings.Join(peopleTables, "', '") + "')")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	ofPeople := map[uint32]bool{}
	var page uint32
	for rows.Next() {
		if err := rows.Scan(&page); err != nil {
			b.Fatal(err)
		}
		ofPeople[page] = true
	}
	if err := rows.Err(); err != nil || len(ofPeople) < 100 {
		b.Fatal("the pages of people are not known", len(ofPeople), err)
	}
	journal, err := os.ReadFile(s.db.Path + "-wal")
	if err != nil {
		b.Fatal(err)
	}
	const head, frameHead, pageSize = 32, 24, 4096
	for at := head; at+frameHead+pageSize <= len(journal); at += frameHead + pageSize {
		if all++; ofPeople[binary.BigEndian.Uint32(journal[at:])] {
			people++
		}
	}
	return people, all
}

// BenchmarkResyncUnchanged is the processor time of a full sync that finds nothing new against a plain copy of the
// rows, and what it writes.
func BenchmarkResyncUnchanged(b *testing.B) {
	for _, people := range []int{10_000, 100_000} {
		b.Run(strconv.Itoa(people), func(b *testing.B) {
			batches := slices.Collect(bigOrganization(people))
			s := openTest(b, b.TempDir())
			syncAll(b, s, testSource, batches)
			countRows(b, s)
			var ratios, takes, compares, saves []float64
			for b.Loop() {
				mustExec(b, s, "PRAGMA wal_checkpoint(TRUNCATE)")
				done, take, compare, save := resync(b, s, batches)
				if done.Changed+done.Added+done.Removed != 0 || done.People != people {
					b.Fatalf("%+v", done)
				}
				ofPeople, all := walPages(b, s)
				b.ReportMetric(float64(ofPeople), "people-pages")
				b.ReportMetric(float64(all), "pages")
				takes, compares, saves = append(takes, take), append(compares, compare), append(saves, save)
				ratios = append(ratios, (take+compare+save)/copyPlain(b, s))
			}
			b.ReportMetric(float64(number(b, s, "SELECT count(*) FROM written")), "people-rows")
			b.ReportMetric(median(ratios), "ratio")
			b.ReportMetric(median(takes), "take-cpu-s")
			b.ReportMetric(median(compares), "compare-cpu-s")
			b.ReportMetric(median(saves), "save-cpu-s")
		})
	}
}

// onePercent renames each hundredth person, who also used the apps on other days and moved from one group to another.
func onePercent(batches []domain.Batch) []domain.Batch {
	var all []domain.Batch
	n := 0
	for _, b := range batches {
		b.Users = slices.Clone(b.Users)
		for i := range b.Users {
			if n++; n%100 != 0 {
				continue
			}
			u := &b.Users[i]
			u.Name += " (renamed)"
			u.Access, u.GroupIDs = slices.Clone(u.Access), slices.Clone(u.GroupIDs)
			for k := range u.Access {
				u.Access[k].LastActive = u.Access[k].LastActive.AddDate(0, 0, 1)
			}
			u.GroupIDs[0] = "group-1999"
		}
		all = append(all, b)
	}
	return all
}

// plainly writes the rows in which two copies differ by plain SQL, in one transaction, and gives its processor time.
func plainly(b *testing.B, from, to *Store) float64 {
	b.Helper()
	tables := []string{"users", "access", "memberships", "history", "people_changes", "digests"}
	mustExec(b, to, "ATTACH ? AS original", sqlite.URI(from.db.Path))
	for _, table := range tables {
		mustExec(b, to, "CREATE TEMP TABLE new_"+table+" AS SELECT * FROM original."+table+" EXCEPT SELECT * FROM main."+table) //nolint:unqueryvet // all of them
	}
	mustExec(b, to, "CREATE TEMP TABLE old_memberships AS SELECT * FROM main.memberships EXCEPT SELECT * FROM original.memberships") //nolint:unqueryvet // all
	mustExec(b, to, "DETACH original")
	sets := joinColumns(func(c userColumn) string { return c.name + " = excluded." + c.name })
	seconds := timed(func() {
		tx, err := to.db.Write.SQL.Begin()
		if err != nil {
			b.Fatal(err)
		}
		for _, statement := range []string{
			"INSERT INTO main.users SELECT * FROM new_users WHERE true ON CONFLICT DO UPDATE SET " + sets, //nolint:unqueryvet // all
			"INSERT INTO main.access SELECT * FROM new_access WHERE true ON CONFLICT DO UPDATE SET day = excluded.day",
			"DELETE FROM main.memberships WHERE (source, user_id, group_id) IN (SELECT source, user_id, group_id FROM old_memberships)",
			"INSERT INTO main.memberships SELECT * FROM new_memberships WHERE true ON CONFLICT DO NOTHING",
			"INSERT INTO main.history SELECT * FROM new_history WHERE true ON CONFLICT DO NOTHING",
			"INSERT INTO main.people_changes SELECT * FROM new_people_changes WHERE true ON CONFLICT DO NOTHING",
			"INSERT INTO main.digests SELECT * FROM new_digests WHERE true ON CONFLICT DO UPDATE SET digest = excluded.digest",
		} {
			if _, err := tx.Exec(statement); err != nil {
				b.Fatal(statement, err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	})
	for _, table := range tables {
		mustExec(b, to, "DROP TABLE temp.new_"+table)
	}
	mustExec(b, to, "DROP TABLE temp.old_memberships")
	return seconds
}

// BenchmarkResyncOnePercent is the processor time of the transaction by which a full sync saves that each hundredth
// person has changed, against plain SQL that writes the same rows of people into a copy of the same file. Both take
// turns.
func BenchmarkResyncOnePercent(b *testing.B) {
	const people = 100_000
	states := [2][]domain.Batch{}
	states[0] = slices.Collect(bigOrganization(people))
	states[1] = onePercent(states[0])
	s := openTest(b, b.TempDir())
	syncAll(b, s, testSource, states[0])
	mustExec(b, s, "PRAGMA wal_checkpoint(TRUNCATE)")
	copied := b.TempDir()
	content, err := os.ReadFile(filepath.Join(s.dir, FileName))
	if err == nil {
		err = os.WriteFile(filepath.Join(copied, FileName), content, 0o600)
	}
	if err != nil {
		b.Fatal(err)
	}
	plain := openTest(b, copied)
	var ratios, whole, saves []float64
	round := 0
	for b.Loop() {
		round++
		done, take, prepare, save := resync(b, s, states[round%2])
		if done.Changed != people/100 || done.Added+done.Removed != 0 {
			b.Fatalf("%+v", done)
		}
		same := plainly(b, s, plain)
		ratios, saves = append(ratios, save/same), append(saves, save)
		whole = append(whole, take+prepare+save)
	}
	b.ReportMetric(median(ratios), "ratio")
	b.ReportMetric(median(saves), "save-cpu-s")
	b.ReportMetric(median(whole), "whole-cpu-s")
}
