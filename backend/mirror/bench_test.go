package mirror_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/store"
)

// BenchmarkSyncLatencyFloor is the time of a whole sync against the least that the network allows: the longest chain of pages of which
// each names the next, or all requests spread over the reads in flight, whichever is longer, times the latency. An organization is
// bound by its chains; a site by the number of its requests, because the members of a group are asked for by place.
//
// "ratio" is of the whole sync, "read-ratio" without "tail-s", which is from the last answer to the saved copy: a site's groups tell only
// at the end who belongs where, so that all its people are written then.
func BenchmarkSyncLatencyFloor(b *testing.B) {
	const latency = 80 * time.Millisecond
	for _, shape := range []struct {
		name string
		kind domain.SourceKind
		cfg  sim.Config
	}{
		{"organization", domain.KindAtlassianOrg, sim.Config{People: 20_000, Sites: 2, Seed: 1}},
		{"site", domain.KindJiraCloud, sim.Config{People: 20_000, Sites: 1, Seed: 1, FullPages: true}},
	} {
		for _, reads := range []int{4, 8, 16} {
			b.Run(fmt.Sprintf("%s/C=%d", shape.name, reads), func(b *testing.B) {
				cfg := shape.cfg
				cfg.Latency = latency
				w := sim.New(cfg)
				wire := &counter{next: w.Transport()}
				src := connectBy(b, w, shape.kind, source.Network{Transport: wire, Reads: reads})
				var ratios, readRatios, tails []float64
				for b.Loop() {
					e, s := newEngine(b, b.TempDir(), shape.kind, src)
					wire.reset()
					start := time.Now()
					runSync(b, e)
					took, read := time.Since(start), wire.last.Sub(start)
					floor := (time.Duration(max(wire.chain(), (wire.all+reads-1)/reads)) * latency).Seconds()
					ratios, readRatios, tails = append(ratios, took.Seconds()/floor), append(readRatios, read.Seconds()/floor), append(tails, (took-read).Seconds())
					b.ReportMetric(floor, "floor-s")
					e.Close()
					_ = s.Close()
				}
				b.ReportMetric(median(ratios), "ratio")
				b.ReportMetric(median(readRatios), "read-ratio")
				b.ReportMetric(median(tails), "tail-s")
				b.ReportMetric(float64(wire.all), "requests")
			})
		}
	}
}

func median(figures []float64) float64 {
	slices.Sort(figures)
	return figures[len(figures)/2]
}

// counter counts requests on their way, by path.
type counter struct {
	next http.RoundTripper

	mu   sync.Mutex
	all  int
	of   map[string]int
	last time.Time // when an answer ended
}

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	c.all++
	c.of[r.URL.Path]++
	c.mu.Unlock()
	res, err := c.next.RoundTrip(r)
	c.mu.Lock()
	c.last = time.Now()
	c.mu.Unlock()
	return res, err
}

func (c *counter) reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all, c.of = 0, map[string]int{}
}

// chain is the number of pages of the longest listing whose pages name the next one.
func (c *counter) chain() int {
	longest := 0
	for path, n := range c.of {
		if path != "/rest/api/3/group/member" { // its pages are asked for by place
			longest = max(longest, n)
		}
	}
	return longest
}

// newEngine is an engine over a new store and an open source.
func newEngine(t testing.TB, dir string, kind domain.SourceKind, src source.Source) (*mirror.Engine, *store.Store) {
	t.Helper()
	s, err := store.Open(context.Background(), dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SaveSource(context.Background(), domain.Source{ID: id, Kind: kind, Name: "Acme"}); err != nil {
		t.Fatal(err)
	}
	return mirror.New(mirror.Options{Store: s, Pages: pagesOf(s), Open: func(context.Context, string) (source.Source, error) { return src, nil }}), s
}
