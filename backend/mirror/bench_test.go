package mirror_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/store"
)

// readsInFlight is how many reads the client keeps under way at a time.
const readsInFlight = 8

// BenchmarkSyncLatencyFloor is the time of a whole sync against the least that the network allows: the longest chain of
// pages of which each names the next, or all requests spread over the reads in flight, whichever is longer, times the latency.
func BenchmarkSyncLatencyFloor(b *testing.B) {
	const latency = 80 * time.Millisecond
	w := sim.New(sim.Config{People: 10_000, Sites: 2, Seed: 1, Latency: latency})
	src := connect(b, w, domain.KindAtlassianOrg)
	var ratios, seconds []float64
	for b.Loop() {
		s, err := store.Open(context.Background(), b.TempDir(), slog.New(slog.DiscardHandler))
		if err != nil {
			b.Fatal(err)
		}
		if err := s.SaveSource(context.Background(), domain.Source{ID: id, Kind: domain.KindAtlassianOrg, Name: "Acme"}); err != nil {
			b.Fatal(err)
		}
		e := mirror.New(mirror.Options{Store: s, Open: func(context.Context, string) (source.Source, error) { return src, nil }})
		before := len(w.Journal())
		start := time.Now()
		runSync(b, e)
		took := time.Since(start)
		chain, all := 0, 0
		for _, entry := range w.Journal()[before:] {
			all++
			if strings.HasSuffix(entry.Path, "/users/search") {
				chain++
			}
		}
		floor := time.Duration(max(chain, (all+readsInFlight-1)/readsInFlight)) * latency
		ratios, seconds = append(ratios, took.Seconds()/floor.Seconds()), append(seconds, took.Seconds())
		b.ReportMetric(float64(all), "requests")
		e.Close()
		_ = s.Close()
	}
	slices.Sort(ratios)
	slices.Sort(seconds)
	b.ReportMetric(ratios[len(ratios)/2], "ratio")
	b.ReportMetric(seconds[len(seconds)/2], "s")
}
