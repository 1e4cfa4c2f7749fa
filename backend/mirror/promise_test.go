package mirror_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
)

// A sync that is stopped has ended at once: while answers are under way, while Atlassian's limit is waited for, and
// between two tries.
func TestCancelEndsAtOnce(t *testing.T) {
	for _, kind := range []domain.SourceKind{domain.KindAtlassianOrg, domain.KindJiraCloud, domain.KindJiraDC} {
		for name, cfg := range map[string]sim.Config{
			"under way": {Latency: 20 * time.Second},
			"limit":     {Rates: []sim.Rate{{Limit: 2, Window: 4 * time.Minute}}},
			"retry":     {},
		} {
			t.Run(string(kind)+"/"+name, func(t *testing.T) {
				dir := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					cfg.People, cfg.Sites, cfg.DataCenters, cfg.Seed = 600, 1, 1, 1
					w := sim.New(cfg)
					if name == "retry" {
						w.SetFaults(sim.Fault{Kind: sim.FaultNoNetwork, Skip: 3})
					}
					wire := &counter{next: w.Transport()}
					wire.reset()
					e, s := newEngine(t, dir, kind, connectBy(t, w, kind, source.Network{Transport: wire}))
					if _, err := e.Start(context.Background(), id); err != nil {
						t.Fatal(err)
					}
					time.Sleep(510 * time.Millisecond)
					synctest.Wait()
					if now, _, err := e.State(context.Background(), id); err != nil || now.State != domain.SyncRunning {
						t.Fatalf("%+v %v", now, err)
					}
					start := time.Now()
					e.Cancel(id)
					done, err := e.Wait(context.Background(), id)
					if err != nil || done.State != domain.SyncCancelled || time.Since(start) != 0 {
						t.Errorf("%+v %v after %v", done, err, time.Since(start))
					}
					asked := wire.requests()
					time.Sleep(time.Hour)
					if more := wire.requests() - asked; more > 0 {
						t.Errorf("%d requests after the end", more)
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

// recount raises Atlassian's own counts by one.
type recount struct{ next http.RoundTripper }

func (c recount) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := c.next.RoundTrip(r)
	if err != nil || !strings.HasSuffix(r.URL.Path, "/count") {
		return res, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	body = regexp.MustCompile(`\d+`).ReplaceAllFunc(body, func(n []byte) []byte {
		number, _ := strconv.Atoi(string(n))
		return strconv.AppendInt(nil, int64(number+1), 10)
	})
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// What Atlassian counts is held against what it delivered, people and groups, also those of several directories.
func TestAtlassiansCountsAreCompared(t *testing.T) {
	for want, cfg := range map[string]sim.Config{
		"Atlassian counts 121 people, but delivered 120, and 57 groups, but delivered 56.": {Sites: 1},
		"Atlassian counts 121 people, but delivered 120, and 121 groups, but delivered 118.": {Sites: 3,
			Original: true},
	} {
		cfg.People, cfg.Seed = 120, 5
		w := sim.New(cfg)
		e, _ := newSimWorld(t, t.TempDir(), w, domain.KindAtlassianOrg)
		if done := runSync(t, e); done.Drift != "" {
			t.Errorf("said of equal counts: %s", done.Drift)
		}
		src := connectBy(t, w, domain.KindAtlassianOrg, source.Network{Transport: recount{w.Transport()}})
		e, s := newEngine(t, t.TempDir(), domain.KindAtlassianOrg, src)
		if done := runSync(t, e); !strings.HasPrefix(done.Drift, want) {
			t.Errorf("%q instead of %q", done.Drift, want)
		}
		e.Close()
		_ = s.Close()
	}
}
