package sourcetest

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
)

// connection goes through what can be wrong with a connection and wants the right check to fail, with words that help.
func (s Subject) connection(t *testing.T) {
	t.Run("nothing is wrong", func(t *testing.T) {
		s.bubble(t, sim.Config{}, func(t *testing.T, w *sim.World) {
			t.Helper()
			r := s.test(t, w, nil)
			if !r.OK || r.Name == "" || r.TestedAt.IsZero() || len(r.Capabilities) == 0 {
				t.Errorf("%+v", r)
			}
			for _, f := range r.Findings {
				if f.State == domain.FindingFailed || f.State == domain.FindingSkipped || f.Title == "" || f.Message == "" {
					t.Errorf("%+v", f)
				}
				if f.State == domain.FindingWarning && f.Hint == "" {
					t.Errorf("a warning without a hint: %+v", f)
				}
			}
			for _, e := range w.Journal() {
				if e.Applied {
					t.Errorf("the test changed something: %+v", e)
				}
			}
		})
	})
	for name, c := range map[string]struct {
		faults []sim.Fault
		config func(*source.Config)
		check  string
		code   domain.Code
		words  string
	}{
		"wrong credential": {config: func(cfg *source.Config) {
			cfg.Secrets = map[string]domain.Secret{s.SecretField: domain.NewSecret("certainly-not-the-key")}
		}, check: "auth", code: domain.AuthFailed, words: "expired"},
		"no network":     {faults: []sim.Fault{{Kind: sim.FaultNoNetwork}}, check: "reach", code: domain.Unreachable, words: "not found"},
		"refused":        {faults: []sim.Fault{{Kind: sim.FaultRefused}}, check: "reach", code: domain.Unreachable, words: "No connection"},
		"captive portal": {faults: []sim.Fault{{Kind: sim.FaultHTML}}, check: "reach", code: domain.Unreachable, words: "web page"},
		"redirect":       {faults: []sim.Fault{{Kind: sim.FaultRedirect, Location: "https://login.example/x"}}, check: "reach", code: domain.Unreachable, words: "login.example"},
		"down":           {faults: []sim.Fault{{Kind: sim.FaultStatus, Status: 503}}, check: "reach", code: domain.Unreachable, words: "503"},
		"people refused": {faults: []sim.Fault{{Kind: sim.FaultStatus, Status: 403, Path: s.People}}, check: "people", code: domain.Forbidden, words: "refused"},
		"groups refused": {faults: []sim.Fault{{Kind: sim.FaultStatus, Status: 403, Path: s.Groups}}, check: "groups", code: domain.Forbidden, words: "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			s.bubble(t, sim.Config{}, func(t *testing.T, w *sim.World) {
				t.Helper()
				w.SetFaults(c.faults...)
				start := time.Now()
				r := s.test(t, w, c.config)
				f, _ := r.Finding(c.check)
				if r.OK || f.State != domain.FindingFailed || f.Code != c.code || f.Hint == "" {
					t.Errorf("OK %v, finding %+v", r.OK, f)
				}
				if !strings.Contains(f.Message+f.Hint, c.words) {
					t.Errorf("%q %q says nothing of %q", f.Message, f.Hint, c.words)
				}
				if time.Since(start) > 15*time.Second {
					t.Errorf("it took %v", time.Since(start))
				}
			})
		})
	}
	t.Run("no credential leaves for another host", s.destination)
}

func (s Subject) test(t *testing.T, w *sim.World, change func(*source.Config)) domain.TestResult {
	t.Helper()
	src := s.Open(t, w, change)
	defer src.Close()
	return src.Test(t.Context())
}

// recorder notes to which hosts requests with a credential went.
type recorder struct {
	mu    sync.Mutex
	hosts map[string]int
	next  http.RoundTripper
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.mu.Lock()
	if req.Header.Get("Authorization") != "" {
		r.hosts[req.URL.Scheme+"://"+req.URL.Host]++
	}
	r.mu.Unlock()
	return r.next.RoundTrip(req)
}

// destination wants every credential at one host, the one that the kind names.
func (s Subject) destination(t *testing.T) {
	s.bubble(t, sim.Config{People: 200, WorkspaceURL: true}, func(t *testing.T, w *sim.World) {
		t.Helper()
		rec := &recorder{hosts: map[string]int{}, next: w.Transport()}
		src := s.Open(t, w, func(cfg *source.Config) { cfg.Network.Transport = rec })
		defer src.Close()
		_ = src.Test(t.Context())
		if _, err := Collect(t.Context(), src); err != nil {
			t.Fatal(err)
		}
		kind, _ := source.Kinds.Get(string(s.Kind))
		cfg := s.Config(w)
		place, err := kind.Destination(cfg.Source.Settings, cfg.Network)
		if err != nil {
			t.Fatal(err)
		}
		for host := range rec.hosts {
			if place != host && !strings.HasPrefix(place, host+"/") {
				t.Errorf("a credential went to %s, its destination is %s", host, place)
			}
		}
		if len(rec.hosts) != 1 {
			t.Errorf("credentials went to %v", rec.hosts)
		}
	})
}
