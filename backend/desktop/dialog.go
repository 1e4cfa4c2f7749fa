package desktop

import (
	"net/url"
	"strings"
	"unicode"

	"github.com/wailsapp/wails/v2/pkg/runtime"

	"seatkeeper/backend/domain"
)

// SaveFile asks where to save, in the system's own dialog. defaultName is made safe for every file system; pattern is for
// example "*.csv". It returns "" when the user cancels.
func (s *Shell) SaveFile(title, defaultName, pattern string) (string, error) {
	ctx := s.context()
	if ctx == nil {
		return "", domain.Errorf(domain.Internal, "There is no window to ask where to save.")
	}
	s.Show() // the dialog belongs to the window; from the tray it would open behind everything
	s.dialogs.Add(1)
	defer s.dialogs.Add(-1)
	path, err := runtime.SaveFileDialog(ctx, runtime.SaveDialogOptions{
		Title: title, DefaultFilename: fileName(defaultName), CanCreateDirectories: true,
		Filters: []runtime.FileFilter{{DisplayName: strings.TrimPrefix(strings.ToUpper(strings.TrimPrefix(pattern, "*")), ".") + " (" + pattern + ")", Pattern: pattern}},
	})
	if err != nil {
		return "", domain.Errorf(domain.Internal, "The system's save dialog could not be opened: %w", err)
	}
	return path, nil
}

// maxFileName is the most characters of a proposed file name.
const maxFileName = 120

// fileName turns any text into a name that every system accepts. Names of sources are typed by people and may hold anything.
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r), unicode.IsControl(r):
			return '-'
		case unicode.Is(unicode.Cf, r): // direction marks would show another name than the one on disk
			return -1
		default:
			return r
		}
	}, s)
	if r := []rune(s); len(r) > maxFileName {
		s = string(r[len(r)-maxFileName:]) // the end holds the extension
	}
	s = strings.Trim(s, " .-")
	stem, _, _ := strings.Cut(strings.ToUpper(s), ".")
	reserved := len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '0' && stem[3] <= '9'
	if s == "" || reserved || stem == "CON" || stem == "PRN" || stem == "AUX" || stem == "NUL" {
		s = "seatkeeper-" + s
	}
	return s
}

// OpenURL opens a page of Atlassian in the user's browser. Every other address is refused: an address can come from a display name.
func (s *Shell) OpenURL(address string) error {
	if err := checkURL(address); err != nil {
		return err
	}
	if ctx := s.context(); ctx != nil {
		runtime.BrowserOpenURL(ctx, address)
	}
	return nil
}

var linkDomains = []string{"atlassian.com", "atlassian.net"}

func checkURL(address string) error {
	refuse := func(why string) error {
		e := domain.Errorf(domain.Forbidden, "This link is not opened: %s.", why)
		e.Reason = "link"
		return e.WithHint("Seatkeeper opens https pages of Atlassian only.")
	}
	for _, r := range address {
		if r <= ' ' || r >= unicode.MaxASCII || r == '\\' {
			return refuse("it holds characters that do not belong into an address")
		}
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return refuse("it is not an address")
	case u.Scheme != "https":
		return refuse("it does not begin with https://")
	case u.User != nil || u.Port() != "" || u.Opaque != "":
		return refuse("it hides where it leads")
	}
	host := strings.ToLower(u.Hostname())
	for _, d := range linkDomains {
		if host == d || strings.HasSuffix(host, "."+d) {
			return nil
		}
	}
	return refuse(domain.Quote(host) + " is not Atlassian")
}
