package desktop

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"seatkeeper/backend/domain"
)

// TestLeavingARun: quitting asks only where a run would be left, pauses it before the end, and stays when the answer is no.
func TestLeavingARun(t *testing.T) {
	going := []domain.Run{{
		ID: "r", State: domain.RunRunning, ActionTitle: "Suspend", SourceName: "100% \u202eAcme", Total: 1214, Counts: map[domain.ItemState]int{domain.ItemPlanned: 200},
	}}
	for name, c := range map[string]struct {
		runs                []domain.Run
		answer              bool
		err                 error
		asked, paused, ends bool
	}{
		"nothing is going":        {nil, false, nil, false, false, true},
		"stay":                    {going, false, nil, true, false, false},
		"pause and quit":          {going, true, nil, true, true, true},
		"the dialog cannot open":  {going, false, errors.New("no display"), true, false, true},
		"yes means nothing alone": {nil, true, nil, false, false, true},
	} {
		s := NewShell("", false, slog.New(slog.DiscardHandler))
		var asked, paused bool
		s.what = Attachment{Running: func() []domain.Run { return c.runs }, Pause: func([]domain.Run) { paused = true }}
		s.ask = func(title, message string) (bool, error) {
			asked = true
			if !strings.Contains(message, "Suspend is under way in 100% Acme: 1,014 of 1,214.") || title == "" {
				t.Errorf("%s: %q", name, message)
			}
			if s.mayEnd() {
				t.Errorf("%s: a second question while the first stands", name)
			}
			return c.answer, c.err
		}
		if ends := s.mayEnd(); ends != c.ends || asked != c.asked || paused != c.paused {
			t.Errorf("%s: ends %v, asked %v, paused %v", name, ends, asked, paused)
		}
		s.quitting.Store(true) // a logout
		asked = false
		if !s.mayEnd() || asked {
			t.Errorf("%s: a logout was asked", name)
		}
	}
}

// TestClosingTheLastWindowAsksToo: without a tray, closing the window is quitting.
func TestClosingTheLastWindowAsksToo(t *testing.T) {
	s := NewShell("", true, slog.New(slog.DiscardHandler))
	asked := make(chan struct{})
	s.what = Attachment{Running: func() []domain.Run { return make([]domain.Run, 1) }, Pause: func([]domain.Run) {}}
	s.ask = func(string, string) (bool, error) { close(asked); return false, nil }
	if !s.BeforeClose(context.Background()) {
		t.Error("the window was closed under a run")
	}
	<-asked
	if s.quitting.Load() {
		t.Error("it ends although the answer was to stay")
	}
	s.what.Running = func() []domain.Run { return nil }
	if s.BeforeClose(context.Background()) {
		t.Error("the window cannot be closed")
	}
}
