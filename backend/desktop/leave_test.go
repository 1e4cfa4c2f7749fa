package desktop

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
)

// leaver is a shell in whose workspace runs are under way, without a window: where it would end, quitting is set.
type leaver struct {
	*Shell
	state  sync.Mutex
	runs   map[string]domain.RunState
	fails  error
	paused []string
}

func newLeaver(runs ...string) *leaver {
	l := &leaver{Shell: NewShell("", false, slog.New(slog.DiscardHandler)), runs: map[string]domain.RunState{}}
	for _, id := range runs {
		l.runs[id] = domain.RunRunning
	}
	l.what = Attachment{
		Running: func(also []string) ([]domain.Run, error) {
			l.state.Lock()
			defer l.state.Unlock()
			var out []domain.Run
			for id, state := range l.runs {
				if state == domain.RunRunning || state == domain.RunPaused && slices.Contains(also, id) {
					out = append(out, domain.Run{
						ID: id, State: state, ActionTitle: "Suspend", SourceName: "100% \u202eAcme", Total: 1214, Counts: map[domain.ItemState]int{domain.ItemPlanned: 200},
					})
				}
			}
			return out, l.fails
		},
		Pause: func(runs []domain.Run) {
			l.state.Lock()
			defer l.state.Unlock()
			for _, r := range runs {
				l.paused = append(l.paused, r.ID)
				l.runs[r.ID] = domain.RunPaused
			}
		},
	}
	l.ask = func(string, string) (bool, error) { panic("the system's own dialog") }
	return l
}

// now changes what is under way.
func (l *leaver) now(change func()) {
	l.state.Lock()
	defer l.state.Unlock()
	change()
}

// quit asks to quit and lets everything come to rest.
func (l *leaver) quit() {
	l.Quit()
	synctest.Wait()
}

// page is what a page that is open sees.
func (l *leaver) page() (state string, runs int) {
	state, list := l.Quitting()
	synctest.Wait()
	return state, len(list)
}

func (l *leaver) answer(t *testing.T, answer string) {
	t.Helper()
	if err := l.AnswerQuit(answer); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

func (l *leaver) expect(t *testing.T, state string, ends bool) {
	t.Helper()
	if got, _ := l.page(); got != state || l.quitting.Load() != ends {
		t.Fatalf("state %q, ends %v; want %q, %v", got, l.quitting.Load(), state, ends)
	}
}

// TestQuestionInThePage: quitting asks where a run would be left; staying changes nothing, pausing is done before the end.
func TestQuestionInThePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLeaver()
		l.quit()
		l.expect(t, "", true) // nothing is going

		for _, answer := range []string{stay, dismiss} {
			l = newLeaver("a")
			l.quit()
			l.expect(t, quitAsked, false)
			time.Sleep(time.Hour) // the page was there: it is not asked in another way
			l.answer(t, answer)
			l.expect(t, "", false)
		}
		if l.paused != nil {
			t.Error("paused", l.paused)
		}

		l = newLeaver("a", "b")
		l.quit()
		l.expect(t, quitAsked, false)
		l.quit() // once more: the same question
		l.expect(t, quitAsked, false)
		l.now(func() { l.runs["a"], l.runs["c"] = domain.RunDone, domain.RunRunning }) // what is under way may change meanwhile
		l.answer(t, pause)
		slices.Sort(l.paused)
		if l.expect(t, "", true); !slices.Equal(l.paused, []string{"b", "c"}) {
			t.Error("paused", l.paused)
		}
		if err := l.AnswerQuit("perhaps"); domain.CodeOf(err) != domain.Invalid {
			t.Error(err)
		}
	})
}

// TestQuitWhenDone: the program ends with the last run, not before, and not when that is taken back.
func TestQuitWhenDone(t *testing.T) {
	begin := func(t *testing.T) *leaver {
		t.Helper()
		l := newLeaver("a", "b")
		l.quit()
		l.expect(t, quitAsked, false)
		l.answer(t, whenDone)
		l.expect(t, quitWaiting, false)
		time.Sleep(time.Hour)
		l.now(func() { l.runs["a"] = domain.RunDone })
		time.Sleep(time.Hour)
		l.expect(t, quitWaiting, false)
		return l
	}
	done := func(t *testing.T, l *leaver, ends bool) {
		t.Helper()
		l.now(func() { clear(l.runs) })
		time.Sleep(2 * donePollEvery)
		if synctest.Wait(); l.quitting.Load() != ends {
			t.Fatalf("after the last run: ends %v", l.quitting.Load())
		}
	}
	for name, play := range map[string]func(t *testing.T, l *leaver){
		"the last run ends": func(t *testing.T, l *leaver) { done(t, l, true) },
		"another began meanwhile": func(t *testing.T, l *leaver) {
			l.now(func() { l.runs["b"], l.runs["c"] = domain.RunDone, domain.RunRunning })
			time.Sleep(time.Hour)
			l.expect(t, quitWaiting, false)
			done(t, l, true)
		},
		"a paused run has not ended": func(t *testing.T, l *leaver) {
			l.now(func() { l.runs["b"] = domain.RunPaused })
			time.Sleep(time.Hour)
			l.expect(t, quitWaiting, false)
			l.now(func() { l.runs["b"] = domain.RunRunning })
			done(t, l, true)
		},
		"what is under way cannot be read": func(t *testing.T, l *leaver) {
			l.now(func() { l.fails = errors.New("the disk is away") })
			done(t, l, false)
			l.now(func() { l.fails = nil })
			done(t, l, true)
		},
		"taken back": func(t *testing.T, l *leaver) {
			l.answer(t, stay)
			l.expect(t, "", false)
			done(t, l, false)
		},
		"asked once more and closed": func(t *testing.T, l *leaver) {
			l.quit()
			l.expect(t, quitAsked, false)
			l.answer(t, dismiss)
			l.expect(t, quitWaiting, false)
			done(t, l, true)
		},
		"asked once more and taken back": func(t *testing.T, l *leaver) {
			l.quit()
			l.expect(t, quitAsked, false)
			l.answer(t, stay)
			done(t, l, false)
		},
		"asked once more and chosen again": func(t *testing.T, l *leaver) {
			l.quit()
			l.expect(t, quitAsked, false)
			l.answer(t, whenDone)
			l.expect(t, quitWaiting, false)
			done(t, l, true)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := begin(t)
				play(t, l)
				l.takeBack() // nothing may be left in the bubble
			})
		})
	}
}

// TestTheRunEndsUnderTheQuestion: the question stays until it is answered, and says that nothing is left; then the program ends at once.
func TestTheRunEndsUnderTheQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLeaver("a")
		l.quit()
		l.expect(t, quitAsked, false)
		l.now(func() { clear(l.runs) })
		time.Sleep(time.Hour)
		if state, runs := l.page(); state != quitAsked || runs != 0 || l.quitting.Load() {
			t.Fatal(state, runs)
		}
		l.answer(t, whenDone)
		if !l.quitting.Load() {
			t.Error("it stays open with nothing under way")
		}
	})
}

// TestThePageIsNotThere: then the system's own dialog asks, also when the page was lost after it had asked.
func TestThePageIsNotThere(t *testing.T) {
	for name, c := range map[string]struct {
		answer bool
		err    error
		ends   bool
	}{
		"stay":                   {false, nil, false},
		"pause and quit":         {true, nil, true},
		"the dialog cannot open": {false, errors.New("no display"), true},
	} {
		for _, lost := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				l := newLeaver("a")
				asked := 0
				l.ask = func(title, message string) (bool, error) {
					asked++
					if !strings.Contains(message, "Suspend is under way in 100% Acme: 1,014 of 1,214.") || title == "" {
						t.Errorf("%q", message)
					}
					if l.mayEnd() {
						t.Error("a second question while the first stands")
					}
					return c.answer, c.err
				}
				l.quit()
				if lost {
					l.expect(t, quitAsked, false)
					l.expect(t, quitAsked, false) // it asks again and again as long as it is there
					time.Sleep(time.Hour)
					l.quit()
				}
				time.Sleep(pagePatience)
				synctest.Wait()
				paused := c.answer && len(l.paused) == 1
				if asked != 1 || l.quitting.Load() != c.ends || paused != c.answer {
					t.Errorf("%s: asked %d times, ends %v, paused %v", name, asked, l.quitting.Load(), l.paused)
				}
				l.quitting.Store(true) // a logout does not ask
				if !l.mayEnd() || asked != 1 {
					t.Errorf("%s: a logout was asked", name)
				}
			})
		}
	}
}

// TestClosingTheLastWindowAsksToo: without a tray, closing the window is quitting.
func TestClosingTheLastWindowAsksToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLeaver("a")
		if !l.BeforeClose(context.Background()) {
			t.Error("the window was closed under a run")
		}
		synctest.Wait()
		l.expect(t, quitAsked, false)
		l.answer(t, stay)
		l.now(func() { clear(l.runs) })
		l.visible.Store(false) // its place is not asked for
		if l.BeforeClose(context.Background()) {
			t.Error("the window cannot be closed")
		}
	})
}
