package desktop

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"sync"
)

const (
	maxLog     = 5 << 20 // bytes; a larger file becomes the old one at the start
	maxWaiting = 256 << 10
)

// Log is the program's log: lines of JSON in a file, warnings and errors also on the terminal. Until the file is known, lines wait in
// memory. Everything that looks like a credential is masked at this last step, whoever wrote it.
type Log struct {
	*slog.Logger

	mu      sync.Mutex
	file    *os.File
	waiting bytes.Buffer
}

// NewLog makes the log; terminal is os.Stderr.
func NewLog(terminal io.Writer) *Log {
	l := &Log{}
	l.Logger = slog.New(slog.NewMultiHandler(
		slog.NewJSONHandler(masked{l}, &slog.HandlerOptions{Level: slog.LevelInfo}),
		slog.NewTextHandler(masked{terminal}, &slog.HandlerOptions{Level: slog.LevelWarn}),
	))
	return l
}

// Open begins to write to the file at path, readable by the user only. A large file is moved to path.old first.
func (l *Log) Open(path string) error {
	if info, err := os.Lstat(path); err == nil && info.Size() > maxLog {
		if err := os.Rename(path, path+".old"); err != nil {
			return fmt.Errorf("move the old log away: %w", err)
		}
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the log: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.file = f
	_, err = l.waiting.WriteTo(f)
	if err != nil {
		return fmt.Errorf("write the log: %w", err)
	}
	return nil
}

// Close ends the file; later lines go nowhere but to the terminal.
func (l *Log) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil {
		_ = l.file.Close()
		l.file = nil
	}
}

// Write takes one line. It never fails: a full disk must not stop the program that wants to report it.
func (l *Log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.file != nil:
		_, _ = l.file.Write(line)
	case l.waiting.Len() < maxWaiting:
		_, _ = l.waiting.Write(line)
	}
	return len(line), nil
}

// masked hides what looks like a credential.
type masked struct{ to io.Writer }

var secrets = regexp.MustCompile(`AT[A-Z]{3}[0-9][A-Za-z0-9_\-=+/]{12,}` + // Atlassian's API keys and tokens
	`|(?i:(?:basic|bearer)\s+)[A-Za-z0-9_\-=+/.]{8,}` + // authorization headers
	`|(?i:https?://)[^\s/"@:]+:[^\s/"@]+@`) // a password in an address

func (m masked) Write(line []byte) (int, error) {
	if _, err := m.to.Write(secrets.ReplaceAll(line, []byte("[secret]"))); err != nil {
		return 0, err //nolint:wrapcheck // slog drops it
	}
	return len(line), nil
}
