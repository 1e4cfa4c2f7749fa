package records

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"seatkeeper/backend/domain"
)

// BenchmarkRunLog is the time of recording results one by one, each on disk before the next with the intent that
// follows it, against appending as many bytes to a plain file and syncing it each time. Both take turns, so that a busy
// disk is busy for both.
func BenchmarkRunLog(b *testing.B) {
	const people, rounds = 1000, 5
	line := make([]byte, 512)
	var ratios, perItem []float64
	for b.Loop() {
		s := openTest(b, b.TempDir())
		addSource(b, s, testSource)
		plain, err := os.Create(filepath.Join(b.TempDir(), "plain"))
		if err != nil {
			b.Fatal(err)
		}
		for round := range rounds {
			next := benchRun(b, s, fmt.Sprintf("round-%d", round), people)
			start := time.Now()
			for next() {
			}
			took := time.Since(start)
			start = time.Now()
			for range people {
				if _, err := plain.Write(line); err != nil {
					b.Fatal(err)
				}
				if err := plain.Sync(); err != nil {
					b.Fatal(err)
				}
			}
			ratios = append(ratios, took.Seconds()/time.Since(start).Seconds())
			perItem = append(perItem, float64(took.Microseconds())/people)
		}
		_ = plain.Close()
		_ = s.Close()
	}
	slices.Sort(ratios)
	slices.Sort(perItem)
	b.ReportMetric(ratios[len(ratios)/2], "ratio")
	b.ReportMetric(perItem[len(perItem)/2], "µs/item")
}

// benchRun starts a run of n people; each call of what it returns records one result and the next intent, and is false
// after the last.
func benchRun(b *testing.B, s *Store, id string, n int) func() bool {
	b.Helper()
	now := time.Now().UTC()
	ctx := context.WithoutCancel(b.Context()) // as a run: what happened is recorded even when it is being stopped
	plan := domain.Plan{
		ID: id, SourceID: testSource, Action: "user.suspend", Hash: id, CreatedAt: now, ExpiresAt: now.Add(time.Hour),
		Counts: map[domain.Verdict]int{domain.VerdictChange: n}, People: n,
	}
	items := make([]domain.Item, n)
	changes := make([]domain.Change, n)
	for i := range changes {
		changes[i] = domain.Change{
			Seq: i + 1, Action: plan.Action, Verdict: domain.VerdictChange, Expect: "active", Undo: "active",
			Target: domain.Target{AccountID: fmt.Sprintf("account-%d", i), Name: "Somebody", Email: "somebody@example.com"},
			Diffs:  []domain.Diff{{Field: "Access", Before: "active", After: "suspended"}},
		}
		items[i] = domain.Item{Change: changes[i], State: domain.ItemIntent, Attempts: 1, IntentAt: now}
	}
	if err := s.SavePlan(ctx, plan, changes); err != nil {
		b.Fatal(err)
	}
	run := domain.Run{ID: "run-" + id, PlanID: id, SourceID: testSource, Action: plan.Action, Trigger: domain.TriggerManual, State: domain.RunRunning, CreatedAt: now}
	if err := s.StartRun(ctx, run, plan.Hash, now); err != nil {
		b.Fatal(err)
	}
	if _, err := s.WriteItems(ctx, run.ID, items[:1]); err != nil {
		b.Fatal(err)
	}
	at := 0
	return func() bool {
		done := items[at]
		done.State, done.Evidence, done.FinishedAt = domain.ItemDone, domain.ByAnswer, now
		done.Receipt = &domain.Receipt{Method: "POST", URL: "https://api.atlassian.com/admin/v1/orgs/o/directory/users/a/suspend-access", Status: 204, SentAt: now}
		write := append([]domain.Item{done}, items[at+1:min(at+2, n)]...)
		if _, err := s.WriteItems(ctx, run.ID, write); err != nil {
			b.Fatal(err)
		}
		if at++; at < n {
			return true
		}
		if err := s.SetRunState(ctx, run.ID, domain.RunDone, "", now); err != nil {
			b.Fatal(err)
		}
		return false
	}
}
