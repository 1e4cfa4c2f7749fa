package mirror_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
)

// In virtual time, where this machine's work takes none, a sync takes no longer than the network's latency demands: the
// longest chain of pages, or all requests spread over the reads in flight, and a few requests before and after that
// depend on each other.
func TestSyncWastesNoLatency(t *testing.T) {
	const latency = 80 * time.Millisecond
	for _, c := range []struct {
		name string
		kind domain.SourceKind
		cfg  sim.Config
		// latencies beyond the floor: two or three and what calls of one instant, whose order is chance, add to them
		most int
	}{
		{"organization", domain.KindAtlassianOrg, sim.Config{People: 3000, Sites: 2, Seed: 1}, 6},
		{"directories", domain.KindAtlassianOrg, sim.Config{People: 3000, Sites: 10, Original: true, Seed: 1}, 10},
		{"site", domain.KindJiraCloud, sim.Config{People: 3000, Sites: 1, Seed: 1, FullPages: true}, 6},
	} {
		for _, reads := range []int{4, 8, 16} {
			t.Run(fmt.Sprintf("%s/%d", c.name, reads), func(t *testing.T) {
				dir := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					cfg := c.cfg
					cfg.Latency = latency
					w := sim.New(cfg)
					wire := &counter{next: w.Transport()}
					wire.reset()
					e, s := newEngine(t, dir, c.kind, connectBy(t, w, c.kind,
						source.Network{Transport: wire, Reads: reads}))
					start := time.Now()
					runSync(t, e)
					took := time.Since(start)
					floor := time.Duration(max(wire.chain(), (wire.all+reads-1)/reads)) * latency
					t.Logf("%v of %d requests, the longest chain %d: %v beyond", took, wire.all, wire.chain(),
						(took-floor)/latency)
					if took > floor+time.Duration(c.most)*latency {
						t.Errorf("%d latencies were wasted", (took-floor)/latency)
					}
					e.Close()
					if err := s.Close(); err != nil {
						t.Error(err)
					}
				})
			})
		}
	}
}
