package sourcetest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

// stops ends a read by the context and by an error of the receiver.
func (s Subject) stops(t *testing.T) {
	for _, after := range []time.Duration{0, 50 * time.Millisecond, 130 * time.Millisecond, 700 * time.Millisecond} {
		s.bubble(t, sim.Config{People: 1000, Latency: 100 * time.Millisecond}, func(t *testing.T, w *sim.World) {
			t.Helper()
			src := s.Open(t, w, nil)
			defer src.Close()
			ctx, cancel := context.WithTimeout(t.Context(), after)
			defer cancel()
			stop, cancelStop := context.WithCancel(t.Context())
			context.AfterFunc(ctx, cancelStop)
			start := time.Now()
			_, err := Collect(stop, src)
			if domain.CodeOf(err) != domain.Cancelled || time.Since(start) > after+time.Second {
				t.Errorf("stopped after %v: %v at %v", after, err, time.Since(start))
			}
		})
	}
	errFull := errors.New("disk full")
	s.bubble(t, sim.Config{People: 300, Latency: 100 * time.Millisecond}, func(t *testing.T, w *sim.World) {
		t.Helper()
		src := s.Open(t, w, nil)
		defer src.Close()
		_, err := src.Read(t.Context(), func(b domain.Batch) error {
			if len(b.Users) > 0 {
				return errFull
			}
			return nil
		}, nil)
		if !errors.Is(err, errFull) {
			t.Errorf("%v, want the receiver's error", err)
		}
	})
}

func isSeconds(f sim.RetryAfterForm) bool { return f == sim.RetrySeconds }

// waits reads under a budget and wants neither a refusal that is not respected nor much time lost.
func (s Subject) waits(t *testing.T) {
	for _, form := range some(s, []sim.RetryAfterForm{sim.RetrySeconds, sim.RetryDate, sim.RetryNone, sim.RetryGarbage, sim.RetryPast}, isSeconds) {
		for _, epoch := range []bool{false, true} {
			cfg := sim.Config{
				People: 500, Groups: 20, RetryAfter: form, ResetEpoch: epoch,
				Rates: []sim.Rate{{Limit: 5, Window: time.Minute}},
			}
			s.bubble(t, cfg, func(t *testing.T, w *sim.World) {
				t.Helper()
				src := s.Open(t, w, nil)
				defer src.Close()
				got, err := Collect(t.Context(), src)
				if err != nil {
					t.Fatalf("%s: %v", form, err)
				}
				s.Check(t, w, got)
				refused := 0
				for _, e := range w.Journal() {
					if e.Status == http.StatusTooManyRequests {
						refused++
					}
				}
				all := len(w.Journal())
				t.Logf("%s: %d of %d requests were refused", form, refused, all)
				if refused*4 > all {
					t.Error("too many of them")
				}
				if !slices.ContainsFunc(got.Progress, func(p domain.ReadProgress) bool { return p.Waiting > time.Second }) {
					t.Errorf("%s: the progress never told of the wait", form)
				}
			})
		}
	}
}
