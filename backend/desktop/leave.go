package desktop

import (
	"context"
	"fmt"
	"strings"
	"time"

	goruntime "runtime"

	"github.com/wailsapp/wails/v2/pkg/runtime"

	"seatkeeper/backend/domain"
)

// The choices where quitting would leave a run.
const (
	stay     = "stay"      // keep Seatkeeper open; takes back an earlier choice to quit when done
	whenDone = "when_done" // end by itself with the last run
	pause    = "pause"     // pause the runs, then end
	dismiss  = "dismiss"   // the question was closed: all stays as it was
)

// The states in which quitting can be, as the page gets them.
const (
	quitAsked   = "asked"   // the question stands in the page
	quitWaiting = "waiting" // the program ends with the last run
)

// What a system's dialog calls its buttons: macOS takes ours, the others know Yes and No.
const (
	leaveButton = "Pause and quit"
	stayButton  = "Stay"
)

const (
	pagePatience  = 5 * time.Second // for the page to show the question; then the system's own dialog does
	donePollEvery = time.Second
)

// question stands in the page.
type question struct {
	seen   chan struct{} // the page has asked for it
	again  chan struct{} // quitting was asked for once more
	answer chan string
}

// wait ends the program with the last of the runs that were left.
type wait struct {
	runs []string
	stop chan struct{} // closed when it is taken back
}

// Quit ends the program, tray included, after asking where a run is under way. It returns at once.
func (s *Shell) Quit() {
	go func() {
		if s.mayEnd() {
			s.end()
		}
	}()
}

// end ends the program without asking.
func (s *Shell) end() {
	s.quitting.Store(true)
	if ctx := s.context(); ctx != nil {
		runtime.Quit(ctx)
	}
}

// mayEnd asks before a run is left; one that the operator leaves paused waits for them at the next start. A logout does not ask: there the
// run ends at an item's border and goes on by itself.
func (s *Shell) mayEnd() bool {
	if s.quitting.Load() {
		return true
	}
	runs, err := s.left()
	if err != nil {
		s.log.Error("which runs quitting would leave", "error", err)
	}
	if len(runs) == 0 {
		return true // nothing is lost otherwise: a run goes on at the next start
	}
	if s.asking.Swap(true) {
		s.askAgain()
		return false
	}
	defer s.asking.Store(false)
	answer, shown := s.askPage()
	if !shown {
		yes, err := s.ask("Quit Seatkeeper?", leaveQuestion(runs))
		if err != nil {
			s.log.Error("the question before quitting could not be asked", "error", err)
			return true
		}
		answer = dismiss
		if yes {
			answer = pause
		}
	}
	switch answer {
	case whenDone:
		s.quitWhenDone(runs)
	case stay:
		s.takeBack()
	case pause:
		s.pauseRuns()
		return true
	}
	return false
}

// left lists the runs that ending now would leave, and those that the program waits for.
func (s *Shell) left() ([]domain.Run, error) {
	s.mu.Lock()
	running := s.what.Running
	var also []string
	if s.wait != nil {
		also = s.wait.runs
	}
	s.mu.Unlock()
	if running == nil {
		return nil, nil
	}
	return running(also)
}

// underWay tells whether ending now would leave a run.
func (s *Shell) underWay() bool {
	runs, _ := s.left()
	return len(runs) > 0
}

// pauseRuns pauses what is under way by now.
func (s *Shell) pauseRuns() {
	s.mu.Lock()
	pauseAll := s.what.Pause
	s.mu.Unlock()
	runs, err := s.left()
	if err != nil {
		s.log.Error("which runs to pause before quitting", "error", err)
	}
	var going []domain.Run
	for _, r := range runs {
		if r.State == domain.RunRunning {
			going = append(going, r)
		}
	}
	pauseAll(going)
}

// askPage asks in the page. It is not shown when the page is not there, or does not answer.
func (s *Shell) askPage() (answer string, shown bool) {
	q := &question{seen: make(chan struct{}, 1), again: make(chan struct{}, 1), answer: make(chan string, 1)}
	s.mu.Lock()
	s.question = q
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.question = nil
		s.mu.Unlock()
		s.Changed()
	}()
	for {
		s.Show()
		s.Changed()
		select {
		case <-q.seen:
		case answer = <-q.answer:
			return answer, true
		case <-time.After(pagePatience):
			return "", false
		}
		select {
		case answer = <-q.answer:
			return answer, true
		case <-q.again:
			select {
			case <-q.seen: // from before; it must answer now
			default:
			}
		}
	}
}

// askAgain brings the question that stands to the front.
func (s *Shell) askAgain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.question != nil {
		select {
		case s.question.again <- struct{}{}:
		default:
		}
	}
}

// Quitting tells how far quitting is: "asked" while the question stands, "waiting" while the program ends with the last run, else "", and
// the runs that it is about. Whoever asks shows it.
func (s *Shell) Quitting() (state string, runs []domain.Run) {
	s.mu.Lock()
	switch {
	case s.question != nil:
		state = quitAsked
		select {
		case s.question.seen <- struct{}{}:
		default:
		}
	case s.wait != nil:
		state = quitWaiting
	}
	s.mu.Unlock()
	if state == "" {
		return "", nil
	}
	runs, err := s.left()
	if err != nil {
		s.log.Error("which runs quitting would leave", "error", err)
	}
	return state, runs
}

// AnswerQuit takes the answer of the page: "stay", "when_done", "pause" or "dismiss". Without a question "stay" takes back that the program
// ends with the last run.
func (s *Shell) AnswerQuit(answer string) error {
	switch answer {
	case stay, whenDone, pause, dismiss:
	default:
		return domain.Errorf(domain.Invalid, "There is no answer %s.", domain.Quote(answer))
	}
	s.mu.Lock()
	q := s.question
	s.mu.Unlock()
	switch {
	case q != nil:
		select {
		case q.answer <- answer:
		default: // answered already
		}
	case answer == stay:
		s.takeBack()
	}
	return nil
}

// quitWhenDone ends the program as soon as none of the runs goes on, and none that began meanwhile. One that pauses has not ended.
func (s *Shell) quitWhenDone(runs []domain.Run) {
	w := &wait{stop: make(chan struct{})}
	for _, r := range runs {
		w.runs = append(w.runs, r.ID)
	}
	s.setWait(w)
	s.log.Info("Seatkeeper quits when the runs under way are done", "runs", w.runs)
	go func() {
		for {
			if runs, err := s.left(); err == nil && len(runs) == 0 && s.waits(w) {
				s.end()
				return
			}
			select {
			case <-w.stop:
				return
			case <-time.After(donePollEvery):
			}
		}
	}()
}

// waits tells whether that wait still holds.
func (s *Shell) waits(w *wait) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wait == w
}

// takeBack keeps the program open after the last run.
func (s *Shell) takeBack() { s.setWait(nil) }

func (s *Shell) setWait(w *wait) {
	s.mu.Lock()
	if s.wait != nil {
		close(s.wait.stop)
	}
	s.wait = w
	if s.tray != nil {
		s.tray.setQuits(w != nil)
	}
	s.mu.Unlock()
	s.Changed()
}

func leaveQuestion(runs []domain.Run) string {
	var b strings.Builder
	for _, r := range runs {
		fmt.Fprintf(&b, "%s is under way in %s: %s of %s.\n", strip(r.ActionTitle, maxLine), strip(r.SourceName, maxLine),
			number(r.Total-r.Counts[domain.ItemPlanned]), number(r.Total))
	}
	b.WriteString("\nPause and quit? Calls under way are finished first. It then waits in the run logs until you resume it.")
	return b.String()
}

// askNative shows the system's own question dialog over the window.
func (s *Shell) askNative(title, message string) (bool, error) {
	ctx := s.context()
	if ctx == nil {
		return false, context.Canceled
	}
	s.Show() // the dialog belongs to the window
	o := runtime.MessageDialogOptions{
		Type: runtime.QuestionDialog, Title: title, Message: message,
		Buttons: []string{stayButton, leaveButton}, DefaultButton: "No", CancelButton: stayButton,
	}
	switch goruntime.GOOS {
	case "darwin":
		o.DefaultButton = stayButton
	case "linux":
		o.Message = strings.ReplaceAll(message, "%", "%%") // GTK reads it as a format
	}
	s.dialogs.Add(1)
	defer s.dialogs.Add(-1)
	answer, err := runtime.MessageDialog(ctx, o)
	if err != nil {
		return false, fmt.Errorf("open the dialog: %w", err)
	}
	return answer == "Yes" || answer == leaveButton, nil
}
