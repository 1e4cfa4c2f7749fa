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
	maxLog     = 5 << 20 // bytes; a file that would be larger becomes the old one, in place of the one before
	maxWaiting = 256 << 10
)

// Log is the program's log: lines of JSON in a file, warnings and errors also on the terminal. Until the file is known, lines wait in
// memory. Everything that looks like a credential is masked at this last step, whoever wrote it.
type Log struct {
	*slog.Logger

	mu      sync.Mutex
	path    string
	file    *os.File
	size    int64
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

// Open begins to write to the file at path, readable by the user only; path.old holds what did not fit.
func (l *Log) Open(path string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.path = path
	if err := l.begin(); err != nil {
		return err
	}
	line := l.waiting.Bytes()
	l.waiting = bytes.Buffer{}
	l.write(line)
	return nil
}

// begin opens the file. What stands there under its name and is no file of ours is not written to.
func (l *Log) begin() error {
	if info, err := os.Lstat(l.path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("open the log: %s is not a file", l.path)
	}
	f, err := os.OpenFile(l.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the log: %w", err)
	}
	info, err := f.Stat()
	if err == nil {
		err = f.Chmod(0o600) // one that was there may be wider
	}
	if err != nil {
		_ = f.Close()
		return fmt.Errorf("open the log: %w", err)
	}
	l.file, l.size = f, info.Size()
	return nil
}

// write adds a line to the file, and begins a new one where it would be too large. Where that fails lines are lost rather than the bound.
func (l *Log) write(line []byte) {
	if l.file != nil && l.size > 0 && l.size+int64(len(line)) > maxLog {
		_ = l.file.Close()
		l.file = nil
		if os.Rename(l.path, l.path+".old") == nil {
			_ = l.begin()
		}
	}
	if l.file != nil {
		n, _ := l.file.Write(line)
		l.size += int64(n)
	}
}

// Close ends the file; later lines go nowhere but to the terminal.
func (l *Log) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.file != nil {
		_ = l.file.Close()
		l.file = nil
	}
	l.path = ""
}

// Write takes one line. It never fails: a full disk must not stop the program that wants to report it.
func (l *Log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.path != "":
		l.write(line)
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
