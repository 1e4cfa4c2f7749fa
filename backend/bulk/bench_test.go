package bulk_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
)

// countingStore counts the transactions of a run.
type countingStore struct {
	bulk.Store
	commits, items int
}

func (c *countingStore) WriteItems(ctx context.Context, runID string, items []domain.Item) (map[domain.ItemState]int, error) {
	c.commits++
	c.items += len(items)
	return c.Store.WriteItems(ctx, runID, items)
}

// TestOneCommitForEachItem holds the engine to one transaction, and so one fsync, for each item: the result of one goes
// to disk together with the intent of the next.
func TestOneCommitForEachItem(t *testing.T) {
	const people = 200
	for _, inFlight := range []int{1, 4, 10} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t, newWorld())
			counted := &countingStore{}
			d.opts = func(o *bulk.Options) {
				counted.Store, o.InFlight = o.Store, inFlight
				o.Store = counted
			}
			d.open()
			defer d.close()
			r := d.wait(d.confirm(d.plan("user.suspend", d.staff(people), nil)).ID)
			if r.Counts[domain.ItemDone] != people || counted.items != 2*people {
				t.Errorf("%v, %d states written", r.Counts, counted.items)
			}
			if most := people + 1; counted.commits > most || inFlight == 1 && counted.commits != most {
				t.Errorf("%d calls at once: %d commits for %d items", inFlight, counted.commits, people)
			}
			t.Logf("%d calls at once: %d commits for %d items", inFlight, counted.commits, people)
		})
	}
}

// BenchmarkRunLog compares recording an item (its intent, then its result together with the next one's intent) with the
// least that any program could do for the same promise: append a line to a plain file and force it to disk. Both are
// interleaved in one process, in five rounds; the medians and their ratio are reported.
func BenchmarkRunLog(b *testing.B) {
	const rounds, people = 5, 300
	var floor, ours []float64
	for b.Loop() {
		for range rounds {
			floor = append(floor, perItem(b, people, plainFile))
			ours = append(ours, perItem(b, people, runLog))
		}
	}
	slices.Sort(floor)
	slices.Sort(ours)
	f, o := floor[len(floor)/2], ours[len(ours)/2]
	b.ReportMetric(f, "file-µs/item")
	b.ReportMetric(o, "log-µs/item")
	b.ReportMetric(o/f, "ratio")
	b.ReportMetric(0, "ns/op")
}

func perItem(b *testing.B, people int, fn func(b *testing.B, people int) time.Duration) float64 {
	b.Helper()
	return float64(fn(b, people).Microseconds()) / float64(people)
}

// plainFile appends one line for each item and forces it to disk.
func plainFile(b *testing.B, people int) time.Duration {
	b.Helper()
	f, err := os.OpenFile(filepath.Join(b.TempDir(), "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	line, err := json.Marshal(benchItem(1)) //nolint:musttag // any line of an item's size will do
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	for range people {
		if _, err := f.Write(append(line, '\n')); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began)
}

// runLog records the items of a run one after the other through the real store.
func runLog(b *testing.B, people int) time.Duration {
	b.Helper()
	d := newDesk(b, newWorld())
	d.open()
	defer d.close()
	p := d.plan("user.suspend", d.staff(people), nil)
	ctx := context.Background()
	r := domain.Run{ID: "r", PlanID: p.ID, SourceID: src, State: domain.RunRunning, CreatedAt: time.Now()}
	if err := d.store.Records.StartRun(ctx, r, p.Hash, time.Now()); err != nil {
		b.Fatal(err)
	}
	next := benchItem(1)
	next.State = domain.ItemIntent
	if _, err := d.store.Records.WriteItems(ctx, "r", []domain.Item{next}); err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	for seq := 1; seq <= people; seq++ {
		writes := []domain.Item{benchItem(seq)}
		if seq < people {
			next := benchItem(seq + 1)
			next.State = domain.ItemIntent
			writes = append(writes, next)
		}
		if _, err := d.store.Records.WriteItems(ctx, "r", writes); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began)
}

func benchItem(seq int) domain.Item {
	return domain.Item{
		Change: domain.Change{Seq: seq}, State: domain.ItemDone, Evidence: domain.ByAnswer, Attempts: 1, IntentAt: time.Now(), FinishedAt: time.Now(),
		Receipt: &domain.Receipt{Method: "POST", URL: "https://api.atlassian.com/admin/v2/orgs/o/directories/d/users/u/suspend", Body: "{}", Status: 204, RequestID: "r", SentAt: time.Now(), Took: time.Second},
	}
}
