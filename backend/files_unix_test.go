//go:build unix

package backend_test

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"seatkeeper/backend/domain"
)

// TestOnlyFilesAreRead: a pipe to which nobody writes is refused, and does not keep the window waiting.
func TestOnlyFilesAreRead(t *testing.T) {
	p := start(t, 20)
	src := p.connect(t)
	pipe := filepath.Join(t.TempDir(), "export-users.csv")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, p.window.file = range []string{pipe, "/dev/zero", t.TempDir(), filepath.Join(t.TempDir(), "none.csv")} {
		_, err := p.api.Imports.Choose(src.ID)
		_, listErr := p.api.Lists.Choose(src.ID)
		_, caErr := p.api.Sources.ChooseFile("jira_dc", "ca_file")
		for _, err := range []error{err, listErr} {
			if e := (*domain.Error)(nil); !errors.As(err, &e) || e.Code != domain.Invalid || e.Hint == "" {
				t.Errorf("%s: %v", p.window.file, err)
			}
		}
		if caErr == nil {
			t.Errorf("%s as a certificate is taken", p.window.file)
		}
	}
}
