package mirror_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/store"
)

// floorShapes are what is synced. An organization is bound by its chains of pages; a site by the number of its
// requests, because the members of a group are asked for by place.
var floorShapes = []struct {
	name string
	kind domain.SourceKind
	cfg  sim.Config
}{
	{"organization", domain.KindAtlassianOrg, sim.Config{People: 20_000, Sites: 2, Seed: 1}},
	{"site", domain.KindJiraCloud, sim.Config{People: 20_000, Sites: 1, Seed: 1, FullPages: true}},
}

// BenchmarkSyncLatencyFloor is the time of a whole sync against the least that the network allows: the longest chain of
// pages of which each names the next, or all requests spread over the reads in flight, whichever is longer, times the
// latency.
//
// "ratio" is of the whole sync, "read-ratio" without "tail-s", which is from the last answer to the saved copy: a
// site's groups tell only at the end who belongs where, so that all its people are written then.
func BenchmarkSyncLatencyFloor(b *testing.B) {
	const latency = 80 * time.Millisecond
	for _, shape := range floorShapes {
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
					ratios, readRatios, tails = append(ratios, took.Seconds()/floor),
						append(readRatios, read.Seconds()/floor), append(tails, (took-read).Seconds())
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

// BenchmarkSyncAgainstPlainLoop holds a sync against a plain loop that makes the same calls: "cpu-ratio" is of the
// client's processor time where the network takes none, each in a process of its own; "ratio" is of the time with 16
// reads in flight and the latency above. The plain loop's is its requests times the latency, and its processor time: to
// wait for it would take minutes.
//
// An organization can gain no more than its chains let it: see "requests" and "chain". A site can gain the sixteen
// times.
func BenchmarkSyncAgainstPlainLoop(b *testing.B) {
	const latency, reads = 80 * time.Millisecond, 16
	for _, shape := range floorShapes {
		b.Run(shape.name, func(b *testing.B) {
			w := sim.New(shape.cfg)
			listing, err := w.Serve(b.Context())
			if err != nil {
				b.Fatal(err)
			}
			plain := order{Plain: &plainLoop{API: listing.API + "/", Organization: listing.Organization.ID,
				Header: "Bearer " + listing.Organization.APIKey}}
			if site := listing.Sites[0]; shape.kind == domain.KindJiraCloud {
				plain.Plain.Site = site.URL
				plain.Plain.Header = "Basic " + base64.StdEncoding.EncodeToString([]byte(site.Email+":"+site.Token))
			}
			shape.cfg.Latency = latency
			slow := sim.New(shape.cfg)
			var ratios, cpus []float64
			for b.Loop() {
				plain.Dir = b.TempDir()
				requests, _, plainCPU := plain.spend(b)
				ours := order{Dir: b.TempDir(), API: listing.API, Organization: listing.Organization.ID,
					Key: listing.Organization.APIKey}
				if shape.kind == domain.KindJiraCloud {
					ours.Site = &listing.Sites[0]
				}
				ours.enroll(b, shape.kind)
				_, _, cpu := ours.spend(b)
				e, s := newEngine(b, b.TempDir(), shape.kind, connectBy(b, slow, shape.kind,
					source.Network{Transport: slow.Transport(), Reads: reads}))
				start := time.Now()
				runSync(b, e)
				took := time.Since(start)
				e.Close()
				_ = s.Close()
				ratios = append(ratios, (time.Duration(requests)*latency+plainCPU).Seconds()/took.Seconds())
				cpus = append(cpus, cpu.Seconds()/plainCPU.Seconds())
				b.ReportMetric(float64(requests), "requests")
				b.ReportMetric(plainCPU.Seconds(), "plain-cpu-s")
			}
			b.ReportMetric(median(cpus), "cpu-ratio")
			b.ReportMetric(1/median(ratios), "ratio")
		})
	}
}

// BenchmarkSyncMemory is how much a sync keeps in memory at a time, in a process of its own: what is live when the
// collector has run, beyond what was before. An organization's people pass through; what is kept of them in Go is only
// what tells whether somebody came twice. A site's and an instance's groups tell only at the end who belongs where, so
// that everybody is held till then, packed. "again" is a sync of an organization that is in the copy already.
// "B/person" is by how much grows what lasts.
func BenchmarkSyncMemory(b *testing.B) {
	for _, shape := range []struct {
		name string
		kind domain.SourceKind
	}{
		{"organization", domain.KindAtlassianOrg}, {"again", domain.KindAtlassianOrg}, {"site", domain.KindJiraCloud},
		{"data center", domain.KindJiraDC},
	} {
		kept := map[int]float64{}
		for _, people := range []int{10_000, 100_000} {
			b.Run(shape.name+"/"+strconv.Itoa(people), func(b *testing.B) {
				cfg := sim.Config{People: people, Sites: 1, Seed: 1, FullPages: true, DataCenters: 1}
				if shape.kind == domain.KindAtlassianOrg {
					cfg = sim.Config{People: people, Sites: 2, Seed: 1}
				}
				listing, err := sim.New(cfg).Serve(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					o := order{Dir: b.TempDir(), API: listing.API, Organization: listing.Organization.ID,
						Key: listing.Organization.APIKey}
					switch shape.kind {
					case domain.KindJiraCloud:
						o.Site = &listing.Sites[0]
					case domain.KindJiraDC:
						o.DataCenter = &listing.DataCenters[0]
					case domain.KindAtlassianOrg:
					}
					o.enroll(b, shape.kind)
					if shape.name == "again" {
						o.run(b)
					}
					o.Watch = true
					bytes, lasting := o.run(b)
					b.ReportMetric(float64(bytes)/(1<<20), "live-MB")
					n, err := strconv.Atoi(lasting)
					if err != nil {
						b.Fatal(err)
					}
					kept[people] = float64(n)
				}
				b.ReportMetric(kept[people]/(1<<20), "lasting-MB")
				if people > 10_000 && kept[10_000] > 0 {
					b.ReportMetric((kept[people]-kept[10_000])/float64(people-10_000), "B/person")
				}
			})
		}
	}
}

// watched does something and tells the most memory that was live meanwhile, beyond what was before; and the most of
// which a while was never less: what is on its way through the queues comes and goes, what is kept stays.
func watched(do func() error) (most, lasting int, err error) {
	before := live()
	done := make(chan error)
	go func() { done <- do() }()
	var recent [10]int
	for i := 0; ; i++ {
		select {
		case err := <-done:
			return most, lasting, err
		case <-time.After(20 * time.Millisecond):
			now := live() - before
			recent[i%len(recent)] = now
			most, lasting = max(most, now), max(lasting, slices.Min(recent[:]))
		}
	}
}

// live collects and tells what is left.
func live() int {
	runtime.GC()
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return int(sample[0].Value.Uint64())
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

func (c *counter) requests() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all
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
func newEngine(t testing.TB, dir string, kind domain.SourceKind, src source.Source) (*mirror.Engine, *store.Databases) {
	t.Helper()
	s, err := store.Open(context.Background(), dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Records.SaveSource(context.Background(), domain.Source{ID: id, Kind: kind, Name: "Acme"}); err != nil {
		t.Fatal(err)
	}
	return mirror.New(mirror.Options{Store: s.Mirror, Pages: pagesOf(s),
		Open: func(context.Context, string) (source.Source, error) { return src, nil }}), s
}
