//go:build unix

package records

import (
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"seatkeeper/backend/domain"
)

// bigRunLog fills the run log with finished runs of 50,000 people each out of 200,000, by SQL: making the plans would
// take minutes.
func bigRunLog(b *testing.B, s *Store, items int) {
	b.Helper()
	const each, people = 50_000, 200_000
	for run := range items / each {
		id := fmt.Sprintf("%03d", run)
		for _, statement := range []string{
			`INSERT INTO plans (id, hash, run_id, expires_at, body) VALUES ('plan-' || ?1, 'h', 'run-' || ?1, 1, '{}')`,
			`WITH RECURSIVE n (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < ?2)
			INSERT INTO plan_changes (plan_id, seq, verdict, reason, account_id, used, search, body) SELECT 'plan-' || ?1, seq, 'change', '',
				printf('712020:%08x-4e1c-4a3b-9f0e', (seq * 7919 + ?3 * 31) % ?4), 0, 'somebody ' || seq, json_object('seq', seq, 'action', 'user.suspend', 'verdict', 'change', 'expect', 'active', 'undo', 'active', 'target', json_object(
					'accountId', printf('712020:%08x-4e1c-4a3b-9f0e', (seq * 7919 + ?3 * 31) % ?4), 'name', 'Somebody ' || seq, 'email', 'somebody.' || seq || '@example.com'),
					'diffs', json_array(json_object('field', 'Access', 'before', 'active', 'after', 'suspended')))
			FROM n`,
			`INSERT INTO runs (id, plan_id, source_id, source_name, action, action_title, params, trigger_kind, operator, selection, note, undo_of, confirmed, raised,
				state, pause_reason, created_at, finished_at, refreshed_at, deleted, total, planned, intent, done, already, skipped, refused, unknown)
			VALUES ('run-' || ?1, 'plan-' || ?1, 's', 'Acme', 'user.suspend', 'Suspend access', '{}', 'manual', 'me', '', '', '', '', '',
				'done', '', ?3 * 1000, ?3 * 1000 + 1, ?3 * 1000 + 1, 0, ?2, 0, 0, ?2, 0, 0, 0, 0)`,
			`WITH RECURSIVE n (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM n WHERE seq < ?2)
			INSERT INTO run_items (run_id, seq, account_id, state, reason, evidence, attempts, intent_at, finished_at, receipt) SELECT 'run-' || ?1, seq,
				printf('712020:%08x-4e1c-4a3b-9f0e', (seq * 7919 + ?3 * 31) % ?4), 'done', '', 'answer', 1,
				?3 * 1000 + seq, ?3 * 1000 + seq, json_object('method', 'POST', 'url', 'https://api.atlassian.com/admin/v2/orgs/o/directories/d/users/' || seq || '/suspend',
				'status', 204, 'requestId', 'r-' || seq, 'answer', printf('%.150c', 'x')) FROM n`,
		} {
			if _, err := s.db.Write.SQL.ExecContext(b.Context(), statement, id, each, 1_700_000_000+run, people); err != nil {
				b.Fatal(err)
			}
		}
	}
	addSource(b, s, "s")
}

// BenchmarkTimeline is what runs did to one person, and whom they touched at all, out of a log of so many results.
func BenchmarkTimeline(b *testing.B) {
	for _, items := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(items), func(b *testing.B) {
			s := openTest(b, b.TempDir())
			bigRunLog(b, s, items)
			var person, touches, again []float64
			var held float64
			n := 0
			for b.Loop() {
				for range 50 {
					n++
					start := time.Now()
					deeds, total, err := s.Deeds(b.Context(), "s", fmt.Sprintf("712020:%08x-4e1c-4a3b-9f0e", n*7919%200_000), 50)
					if err != nil || total != len(deeds) || items == 1_000_000 && total == 0 {
						b.Fatal(total, err)
					}
					person = append(person, float64(time.Since(start).Microseconds())/1000)
				}
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				var all []domain.Touch
				read := func() {
					var err error
					if all, err = s.Touches(b.Context(), "s"); err != nil || len(all) != items {
						b.Fatal(len(all), err)
					}
				}
				touches = append(touches, timed(read))
				runtime.GC()
				runtime.ReadMemStats(&after)
				held = float64(int64(after.HeapAlloc)-int64(before.HeapAlloc)) / 1e6
				again = append(again, timed(read))
				runtime.KeepAlive(all)
			}
			b.ReportMetric(percentile(person, 95), "person-p95-ms")
			b.ReportMetric(percentile(touches, 50), "touches-cpu-s")
			b.ReportMetric(percentile(again, 50), "touches-again-cpu-s")
			b.ReportMetric(held, "touches-MB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkRunPage is a page deep in a run's results, whose number is its key, in a log of 10,000 and of 500,000.
func BenchmarkRunPage(b *testing.B) {
	p50 := map[int]float64{}
	for _, items := range []int{50_000, 500_000} {
		s := openTest(b, b.TempDir())
		bigRunLog(b, s, items)
		var took []float64
		for i := range 400 {
			start := time.Now()
			page, _, err := s.RunItems(b.Context(), fmt.Sprintf("run-%03d", i%(items/50_000)), domain.ItemQuery{From: i * 7919 % 49_000, Count: 100})
			if err != nil || len(page) != 100 {
				b.Fatal(len(page), err)
			}
			took = append(took, float64(time.Since(start).Microseconds())/1000)
		}
		p50[items] = percentile(took, 50)
	}
	for b.Loop() { // it is measured above, once
	}
	b.ReportMetric(p50[500_000]/p50[50_000], "growth")
	b.ReportMetric(p50[500_000], "p50-ms")
	b.ReportMetric(0, "ns/op")
}

// timed gives the processor time of fn.
func timed(fn func()) float64 {
	cpu := func() time.Duration {
		var u syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	start := cpu()
	fn()
	return (cpu() - start).Seconds()
}

// percentile gives the value below which p percent of the values are.
func percentile(values []float64, p int) float64 {
	slices.Sort(values)
	return values[(len(values)-1)*p/100]
}
