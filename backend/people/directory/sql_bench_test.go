//go:build unix

package directory_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/glebarez/sqlite" //nolint:depguard // the baseline is plain SQL, beside the store

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/store"
)

// rounds are how often both sides of a ratio are measured, in turns.
const rounds = 5

// openStored opens a synced organization and answers its first keystroke.
func openStored(b *testing.B, folder string) (*store.Databases, *directory.Service) {
	b.Helper()
	db, err := store.Open(b.Context(), folder, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	s := directory.New(directory.Options{Store: db.Mirror})
	b.Cleanup(func() {
		s.Close()
		_ = db.Close()
	})
	if _, err := s.Query(b.Context(), directory.Query{SourceID: "s"}); err != nil {
		b.Fatal(err)
	}
	return db, s
}

// fiveWay is the filter of BenchmarkKeystroke and of the SQL below.
func fiveWay(days int) directory.Query {
	return directory.Query{SourceID: "s", Filter: fmt.Sprintf(`status = active AND lastActive("Jira") < -%dd `+
		`AND group not in ("group-0001", "group-0002") AND domain in ("company1.example.com", "company2.example.com") AND managed = yes`, days)}
}

// sqlIndexes are what a program that answers by SQL would add to the file; without them the baseline would be a straw
// man.
var sqlIndexes = []string{
	`ALTER TABLE users ADD COLUMN domain TEXT AS (substr(email, instr(email, '@') + 1))`,
	`CREATE INDEX sql_users ON users (domain, status, managed, id)`,
	`CREATE INDEX sql_access ON access (app_id, day, user_id)`,
	`CREATE INDEX sql_members ON memberships (group_id, user_id)`,
	`ANALYZE`,
}

// sqlAnswer is the same answer in SQL: how many there are, the first hundred by name, the numbers of all apps and the
// members of all groups.
func sqlAnswer(days int) []string {
	cutoff := int(filter.Day(time.Now())) - days
	where := ` FROM users u WHERE u.domain IN ('company1.example.com', 'company2.example.com') AND u.status = 4 AND u.managed = 1 AND u.removed_at = 0
		AND u.id NOT IN (SELECT m.user_id FROM memberships m WHERE m.group_id IN (SELECT id FROM groups WHERE name IN ('group-0001', 'group-0002')))
		AND (SELECT max(a.day) BETWEEN 1 AND ` + strconv.Itoa(cutoff-1) + ` AND min(a.day) >= 0 FROM access a
			WHERE a.source = u.source AND a.user_id = u.id AND a.app_id IN (SELECT id FROM apps WHERE name = 'Jira'))`
	active := int(filter.Day(time.Now())) - 90
	return []string{
		`SELECT count(*)` + where,
		`SELECT u.*` + where + ` ORDER BY u.name LIMIT 100`, //nolint:unqueryvet // a row has them all
		fmt.Sprintf(`SELECT app_id, count(*), sum(day >= %d), sum(day > 0 AND day < %d), sum(day = 0), sum(day < 0) FROM access GROUP BY app_id`, active, active),
		`SELECT group_id, count(*) FROM memberships GROUP BY group_id`,
	}
}

// BenchmarkAnswer is a keystroke in a filter of five conditions, with the numbers of all apps and groups, against the
// same by SQL on a copy of the same file; by the program sqlite3 where it is installed, else by database/sql in this
// process.
//
// No filter is asked twice, but what is the same at every letter is found out once, in the program as here: four of the
// five conditions do not change while the days of the fifth are typed, and the numbers of apps and groups are the same
// until the copy changes. What all of it costs together is the first answer after that, which is measured too: nothing
// is kept of it but the order by name, which is made when the list is.
func BenchmarkAnswer(b *testing.B) {
	const people, keystrokes = 100_000, 40
	folder := storedOrg(b, people)
	db, s := openStored(b, folder)
	base := newBaseline(b, folder)
	ask := func(s *directory.Service, days int, withRows bool) error {
		snap, err := s.Query(b.Context(), fiveWay(days))
		if err != nil {
			return err
		}
		if _, err := s.Overview(b.Context(), "s", 90); err != nil {
			return err
		}
		if _, err := s.GroupList(b.Context(), directory.GroupQuery{SourceID: "s"}); err != nil || !withRows {
			return err
		}
		_, err = s.Rows(b.Context(), snap.ID, 0, 100)
		return err
	}
	typed := 0
	answer := func(withRows bool) float64 {
		return timed(b, func() error {
			for range keystrokes {
				typed++
				if err := ask(s, typed, withRows); err != nil {
					return err
				}
			}
			return nil
		}) / keystrokes
	}
	firstAnswer := func(days int) float64 {
		s := directory.New(directory.Options{Store: db.Mirror})
		_, err := s.Query(b.Context(), directory.Query{SourceID: "s"})
		s.Close() // what runs beside would be measured: an index is saved when it is made
		if err != nil {
			b.Fatal(err)
		}
		return timed(b, func() error { return ask(s, days, false) })
	}
	snap, err := s.Query(b.Context(), fiveWay(90))
	if want := base.number(b, sqlAnswer(90)[0]); err != nil || snap.Total != want || want == 0 {
		b.Fatalf("%d people, by SQL %d, %v", snap.Total, want, err)
	}
	var bare, full, first, bySQL []float64
	for b.Loop() {
		for round := range rounds {
			bare, full, first = append(bare, answer(false)), append(full, answer(true)), append(first, firstAnswer(90+round))
			bySQL = append(bySQL, base.cpu(b, sqlAnswer(90+round)))
		}
	}
	b.ReportMetric(median(bare)/median(bySQL)*1000, "of-1000")
	b.ReportMetric(median(full)/median(bySQL)*1000, "rows-of-1000")
	b.ReportMetric(median(first)/median(bySQL)*1000, "first-of-1000")
	b.ReportMetric(median(bare), "cpu-ms")
	b.ReportMetric(median(full), "rows-cpu-ms")
	b.ReportMetric(median(first), "first-cpu-ms")
	b.ReportMetric(median(bySQL), base.name+"-cpu-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkIDs is taking some 90,000 people of a list into the selection, against reading their ids by database/sql.
func BenchmarkIDs(b *testing.B) {
	const people, selections = 100_000, 40
	folder := storedOrg(b, people)
	_, s := openStored(b, folder)
	base := newBaseline(b, folder)
	snap, err := s.Query(b.Context(), directory.Query{SourceID: "s", Filter: `department is empty OR department != "Support"`})
	if err != nil {
		b.Fatal(err)
	}
	var ours, bySQL []float64
	for b.Loop() {
		for range rounds {
			ours = append(ours, timed(b, func() error {
				for range selections {
					s.ClearSelection("s")
					if n, err := s.SelectAll(b.Context(), snap.ID); err != nil || n.Count != snap.Total {
						return fmt.Errorf("%d of %d are selected, %w", n.Count, snap.Total, err)
					}
				}
				return nil
			})/selections)
			bySQL = append(bySQL, timed(b, func() error {
				rows, err := base.db.QueryContext(b.Context(), `SELECT id FROM users WHERE removed_at = 0 AND department <> 'Support'`)
				if err != nil {
					return err
				}
				defer func() { _ = rows.Close() }()
				var ids []int64
				for rows.Next() {
					var id int64
					if err := rows.Scan(&id); err != nil {
						return err
					}
					ids = append(ids, id)
				}
				if len(ids) != snap.Total {
					return fmt.Errorf("%d ids of %d", len(ids), snap.Total)
				}
				return rows.Err()
			}))
		}
	}
	b.ReportMetric(median(ours)/median(bySQL)*1000, "of-1000")
	b.ReportMetric(float64(snap.Total), "people")
	b.ReportMetric(median(ours), "cpu-ms")
	b.ReportMetric(median(bySQL), "sql-cpu-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkWhileSyncing is the keystroke, and the reading of 100 people from the file, while a full sync that changes
// half of the people writes as fast as it can and the list is made anew after it, against the same in peace. Both take
// turns.
func BenchmarkWhileSyncing(b *testing.B) {
	const people = 100_000
	folder := storedOrg(b, people)
	db, err := store.Open(b.Context(), folder, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	bus := &events.Bus{}
	s := directory.New(directory.Options{Store: db.Mirror, Bus: bus})
	b.Cleanup(func() {
		s.Close()
		_ = db.Close()
	})
	c := bigOrg(people).now
	keystrokes := func(end <-chan struct{}) (typed, read []float64) {
		for i := 0; ; i++ {
			select {
			case <-end:
				return typed, read
			default:
			}
			start := time.Now()
			keystroke(b, s, otherNames(i))
			typed = append(typed, time.Since(start).Seconds())
			ids := make([]int64, 100)
			for k := range ids {
				ids[k] = int64((i*7919 + k*31) % people)
			}
			start = time.Now()
			if _, err := db.Mirror.UsersByID(b.Context(), "s", ids); err != nil {
				b.Fatal(err)
			}
			read = append(read, time.Since(start).Seconds())
			time.Sleep(20 * time.Millisecond) // as somebody types: a program that asks without end would measure itself
		}
	}
	_, _ = keystrokes(after(time.Second))
	var typed, read, idle, busy []float64
	for b.Loop() {
		for round := range 3 {
			calm, calmRead := keystrokes(after(3 * time.Second))
			for i := range c.users {
				if i%2 == 0 {
					c.users[i].JobTitle = fmt.Sprint("Title ", round, b.N, i%400)
				}
			}
			end := make(chan struct{})
			go func() {
				defer close(end)
				syncAgain(b, db, c)
				bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "s"})
				time.Sleep(time.Second) // in which the list is made anew
			}()
			hard, hardRead := keystrokes(end)
			typed = append(typed, share(hard, 95)/share(calm, 95))
			read = append(read, share(hardRead, 50)/share(calmRead, 50))
			idle, busy = append(idle, 1000*share(calm, 95)), append(busy, 1000*share(hard, 95))
		}
	}
	b.ReportMetric(median(typed), "p95-ratio")
	b.ReportMetric(median(read), "sql-p50-ratio")
	b.ReportMetric(median(idle), "idle-p95-ms")
	b.ReportMetric(median(busy), "busy-p95-ms")
	b.ReportMetric(0, "ns/op")
}

func after(d time.Duration) <-chan struct{} {
	end := make(chan struct{})
	time.AfterFunc(d, func() { close(end) })
	return end
}

// share gives the value below which p percent of the values are.
func share(values []float64, p int) float64 {
	slices.Sort(values)
	return values[(len(values)-1)*p/100]
}

// syncAgain is a full sync of a source that is there.
func syncAgain(b *testing.B, db *store.Databases, c *content) {
	sync, err := db.Mirror.BeginSync(b.Context(), "s")
	if err == nil {
		err = db.Mirror.StageBatch(b.Context(), sync.ID, domain.Batch{Directories: c.directories, Apps: c.apps, Groups: c.groups})
	}
	for chunk := range slices.Chunk(c.users, 1000) {
		if err == nil {
			err = db.Mirror.StageBatch(b.Context(), sync.ID, domain.Batch{Users: chunk})
		}
	}
	if err == nil {
		_, err = db.Mirror.CommitSync(b.Context(), sync.ID, domain.Shortfall{})
	}
	if err != nil {
		b.Error(err)
	}
}

// baseline answers by SQL.
type baseline struct {
	name string
	file string
	db   *sql.DB
}

// newBaseline copies the file of an organization, adds the indexes, and finds the program.
func newBaseline(b *testing.B, folder string) *baseline {
	b.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "mirror.db"))
	if err != nil {
		b.Fatal(err)
	}
	base := &baseline{name: "database/sql", file: filepath.Join(b.TempDir(), "plain.db")}
	if err := os.WriteFile(base.file, data, 0o600); err != nil {
		b.Fatal(err)
	}
	base.db = openPlain(b, base.file)
	for _, statement := range sqlIndexes {
		if _, err := base.db.ExecContext(b.Context(), statement); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := exec.LookPath("sqlite3"); err == nil {
		base.name = "sqlite3"
	}
	return base
}

func openPlain(b *testing.B, file string) *sql.DB {
	b.Helper()
	db, err := sql.Open(sqlite.DriverName, file+"?_pragma=cache_size(-65536)")
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	b.Cleanup(func() { _ = db.Close() })
	return db
}

func (x *baseline) number(b *testing.B, query string) int {
	b.Helper()
	n := 0
	if err := x.db.QueryRowContext(b.Context(), query).Scan(&n); err != nil {
		b.Fatal(err)
	}
	return n
}

// cpu is the processor time of the queries in milliseconds, with the file's pages in memory.
func (x *baseline) cpu(b *testing.B, queries []string) float64 {
	b.Helper()
	if x.name != "sqlite3" {
		return timed(b, func() error {
			for _, query := range queries {
				if _, err := drain(b.Context(), x.db, query); err != nil {
					return err
				}
			}
			return nil
		})
	}
	script := "PRAGMA cache_size=-65536;\n.output /dev/null\n" + strings.Join(queries, ";\n") + ";\n.output stdout\n.timer on\n.once /dev/null\n" +
		strings.Join(queries, ";\n.once /dev/null\n") + ";\n"
	cmd := exec.CommandContext(b.Context(), "sqlite3", "-readonly", x.file)
	cmd.Stdin = strings.NewReader(script)
	out, err := cmd.CombinedOutput()
	if err != nil {
		b.Fatalf("%s, %v", out, err)
	}
	total, lines := 0.0, 0
	for line := range strings.Lines(string(out)) {
		if words := strings.Fields(line); len(words) == 8 && words[0] == "Run" { // Run Time: real 0.001 user 0.000912 sys 0.000000
			user, _ := strconv.ParseFloat(words[5], 64)
			system, _ := strconv.ParseFloat(words[7], 64)
			total += (user + system) * 1000
			lines++
		}
	}
	if lines != len(queries) {
		b.Fatalf("sqlite3 says:\n%s", out)
	}
	return total
}

// drain reads all rows of a query.
func drain(ctx context.Context, db *sql.DB, query string) (int, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	names, err := rows.Columns()
	if err != nil {
		return 0, err
	}
	values := make([]any, len(names))
	for i := range values {
		values[i] = new(any)
	}
	n := 0
	for ; rows.Next(); n++ {
		if err := rows.Scan(values...); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}
