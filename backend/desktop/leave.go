package desktop

import (
	"context"
	"fmt"
	"strings"

	goruntime "runtime"

	"github.com/wailsapp/wails/v2/pkg/runtime"

	"seatkeeper/backend/domain"
)

// What a system's dialog calls its buttons: macOS takes ours, the others know Yes and No.
const (
	leaveButton = "Pause and quit"
	stayButton  = "Stay"
)

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

// mayEnd asks before a run is left; what the operator leaves is paused first, so that it waits for them at the next start. A logout does
// not ask: there the run ends at an item's border and goes on by itself.
func (s *Shell) mayEnd() bool {
	if s.quitting.Load() {
		return true
	}
	s.mu.Lock()
	what := s.what
	s.mu.Unlock()
	if what.Running == nil {
		return true
	}
	runs := what.Running()
	if len(runs) == 0 {
		return true
	}
	if s.asking.Swap(true) {
		return false // the question stands already
	}
	defer s.asking.Store(false)
	yes, err := s.ask("Quit Seatkeeper?", leaveQuestion(runs))
	switch {
	case err != nil:
		s.log.Error("the question before quitting could not be asked", "error", err)
		return true // nothing is lost: the run goes on at the next start
	case !yes:
		return false
	}
	what.Pause(runs)
	return true
}

// underWay tells whether ending now would leave a run.
func (s *Shell) underWay() bool {
	s.mu.Lock()
	running := s.what.Running
	s.mu.Unlock()
	return running != nil && len(running()) > 0
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
