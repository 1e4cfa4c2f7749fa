//go:build unix

package mirrordb

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// uuid makes an id as Atlassian's are: one comes as likely before another as after it.
func uuid(random *rand.Rand) string {
	a, b := random.Uint64(), random.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48, b&(1<<48-1))
}

// gathered is how many people a sync gathers before it writes them.
const gathered = 2000

// bigOrganization makes n people with three apps and eight groups each, in batches of so many, one at a time: whoever
// measures leaves the making out. Its ids are as long and as unordered as Atlassian's.
func bigOrganization(n int) iter.Seq[domain.Batch] {
	return func(yield func(domain.Batch) bool) {
		random := rand.New(rand.NewPCG(1, 1))
		o := newOrganization(0)
		o.groups = nil
		for len(o.groups) < 2000 {
			o.groups = append(o.groups, domain.Group{GroupID: uuid(random), Name: fmt.Sprint("group ", len(o.groups))})
		}
		for i := range o.apps {
			o.apps[i].AppID = "ari:cloud:jira-software::site/" + uuid(random)
		}
		for _, b := range o.batches(1) {
			if !yield(b) {
				return
			}
		}
		for i := 0; i < n; i += gathered {
			var b domain.Batch
			for k := i; k < min(n, i+gathered); k++ {
				u := person(k)
				u.AccountID, u.Access, u.GroupIDs = "712020:"+uuid(random), nil, nil
				for a := range 3 {
					u.Access = append(u.Access, domain.AppAccess{
						AppID: o.apps[(k+a)%6].AppID, AppKey: "app", Known: true,
						LastActive: day(20000 + int64(random.IntN(700))),
					})
				}
				for range 8 {
					u.GroupIDs = append(u.GroupIDs, o.groups[int(2000*random.Float64()*random.Float64())].GroupID)
				}
				b.Users = append(b.Users, u)
			}
			if !yield(b) {
				return
			}
		}
	}
}

// cpu is the processor time that this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// timed gives the processor time of fn.
func timed(fn func()) float64 {
	start := cpu()
	fn()
	return (cpu() - start).Seconds()
}

// loadedTables are the tables that a first sync fills.
var loadedTables = append([]string{"accounts", "refs"}, stagedTables...)

// copyPlain is the baseline: INSERT .. SELECT of the same rows into an empty file with the same schema, without parsing
// or binding anything. (ON CONFLICT keeps SQLite from copying whole records, which no program can do with rows of its
// own.)
func copyPlain(b *testing.B, from *Store) float64 {
	b.Helper()
	to := openTest(b, b.TempDir())
	defer func() { _ = to.Close() }()
	if _, err := to.db.Write.SQL.Exec("ATTACH ? AS original", sqlite.URI(from.db.Path)); err != nil {
		b.Fatal(err)
	}
	return timed(func() {
		tx, err := to.db.Write.SQL.Begin()
		if err != nil {
			b.Fatal(err)
		}
		for _, table := range loadedTables {
			//nolint:unqueryvet // all of them
			if _, err := tx.Exec("INSERT INTO main." + table + " SELECT * FROM original." + table +
				" WHERE true ON CONFLICT DO NOTHING"); err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	})
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// firstSync gives the processor time of a first sync without that of making the people, and the most memory that Go
// held in the meantime.
func firstSync(b *testing.B, s *Store, people int) (seconds float64, heap uint64) {
	b.Helper()
	ctx := b.Context()
	sync, err := s.BeginSync(ctx, testSource)
	if err != nil {
		b.Fatal(err)
	}
	for batch := range bigOrganization(people) {
		seconds += timed(func() { err = s.StageBatch(ctx, sync.ID, batch) })
		if err != nil {
			b.Fatal(err)
		}
		heap = max(heap, heapNow())
	}
	seconds += timed(func() { _, err = s.CommitSync(ctx, sync.ID, domain.Shortfall{}) })
	if err != nil {
		b.Fatal(err)
	}
	return seconds, max(heap, heapNow())
}

// heapNow is the memory of Go's objects, those not yet collected too.
func heapNow() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// BenchmarkLoadFirstSync is the processor time of a first sync's writing against a plain copy of the rows it makes;
// both take turns.
func BenchmarkLoadFirstSync(b *testing.B) {
	for _, people := range []int{10_000, 100_000, 500_000} {
		b.Run(strconv.Itoa(people), func(b *testing.B) {
			if people > 100_000 && testing.Short() {
				b.Skip("-short leaves out what takes minutes; without it this runs")
			}
			var copies, seconds, heaps []float64
			for b.Loop() {
				s := openTest(b, b.TempDir())
				runtime.GC()
				load, heap := firstSync(b, s, people)
				copies, seconds, heaps = append(copies, copyPlain(b, s)), append(seconds, load),
					append(heaps, float64(heap)/(1<<20))
				_ = s.Close()
			}
			b.ReportMetric(median(seconds)/median(copies), "ratio")
			b.ReportMetric(median(heaps), "heap-MB")
			b.ReportMetric(median(seconds), "cpu-s")
		})
	}
}

// BenchmarkLoad100kRead is what the directory does at start: everybody, all access and all memberships, against the
// bare walk over the same rows by database/sql.
func BenchmarkLoad100kRead(b *testing.B) {
	s := openTest(b, b.TempDir())
	syncAll(b, s, testSource, slices.Collect(bigOrganization(100_000)))
	ctx := context.Background()
	var ratios, seconds []float64
	for b.Loop() {
		read := timed(func() {
			if err := s.EachUser(ctx, testSource, func(domain.User) error { return nil }); err != nil {
				b.Fatal(err)
			}
			if err := s.EachAccess(ctx, testSource, func(int64, int64, int32) error { return nil }); err != nil {
				b.Fatal(err)
			}
			if err := s.EachMembership(ctx, testSource, func(int64, int64) error { return nil }); err != nil {
				b.Fatal(err)
			}
		})
		bare := timed(func() {
			for _, table := range []string{"users", "access", "memberships"} {
				rows, err := s.db.Read.SQL.Query("SELECT * FROM " + table) //nolint:unqueryvet // all of them
				if err != nil {
					b.Fatal(err)
				}
				names, _ := rows.Columns()
				values, into := make([]any, len(names)), make([]any, len(names))
				for i := range values {
					into[i] = &values[i]
				}
				for rows.Next() {
					if err := rows.Scan(into...); err != nil {
						b.Fatal(err)
					}
				}
				if err := rows.Err(); err != nil {
					b.Fatal(err)
				}
				_ = rows.Close() //nolint:sqlclosecheck // one after the other
			}
		})
		ratios, seconds = append(ratios, read/bare), append(seconds, read)
	}
	b.ReportMetric(median(ratios), "ratio")
	b.ReportMetric(median(seconds), "cpu-s")
}
