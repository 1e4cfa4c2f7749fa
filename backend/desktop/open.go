package desktop

import (
	"strings"

	"github.com/wailsapp/wails/v2/pkg/runtime"

	"seatkeeper/backend/domain"
)

// OpenFile asks for a file, in the system's own dialog. pattern is for example "*.csv" or "*.csv;*.txt"; all files can be shown too. It
// returns "" when the user cancels.
func (s *Shell) OpenFile(title, pattern string) (string, error) {
	ctx := s.context()
	if ctx == nil {
		return "", domain.Errorf(domain.Internal, "There is no window to ask for a file.")
	}
	s.Show() // the dialog belongs to the window; from the tray it would open behind everything
	s.dialogs.Add(1)
	defer s.dialogs.Add(-1)
	path, err := runtime.OpenFileDialog(ctx, runtime.OpenDialogOptions{
		Title: title,
		Filters: []runtime.FileFilter{
			{DisplayName: strings.ToUpper(strings.NewReplacer("*.", "", ";", ", ").Replace(pattern)) + " (" + pattern + ")", Pattern: pattern},
			{DisplayName: "All files", Pattern: "*"},
		},
	})
	if err != nil {
		return "", domain.Errorf(domain.Internal, "The system's dialog for files could not be opened: %w", err)
	}
	return path, nil
}
