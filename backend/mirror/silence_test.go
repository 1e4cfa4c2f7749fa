package mirror_test

import (
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

// A sync whose server does not answer says so from five seconds on, while it runs, and can be stopped.
func TestSilenceOfASync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := sim.New(sim.Config{People: 60, DataCenters: 1})
		w.SetFaults(sim.Fault{Kind: sim.FaultLatency, Delay: time.Hour, Skip: 3})
		e, _ := newSimWorld(t, t.TempDir(), w, domain.KindJiraDC)
		if _, err := e.Start(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		silent := func() domain.ReadProgress {
			now, _, err := e.State(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return now.Progress
		}
		time.Sleep(4 * time.Second)
		if p := silent(); p.Silent != 0 {
			t.Errorf("after 4 s: %+v", p)
		}
		time.Sleep(3 * time.Second)
		if p := silent(); p.Silent < domain.MaxSilence || p.Party != "Jira" {
			t.Errorf("after 7 s: %+v", p)
		}
		e.Cancel(id)
		last, err := e.Wait(t.Context(), id)
		if err != nil || last.State != domain.SyncCancelled || last.Progress.Silent != 0 {
			t.Errorf("%+v, %v", last, err)
		}
	})
}
