// Package workspace opens the one directory in which Seatkeeper keeps its data, for this user and this process only.
//
// It knows neither what the files in it mean nor where secrets are kept.
package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"

	"seatkeeper/backend/domain"
)

const lockName = "seatkeeper.lock"

// Dir is an open data directory. While it is open no other process can open it.
type Dir struct {
	path string
	lock *lock
}

// lock is what keeps other processes out.
type lock struct {
	file *os.File
	dir  *os.File // nil where only the file is locked
}

// Close gives it free.
func (l *lock) Close() error {
	err := l.file.Close()
	if l.dir != nil {
		err = errors.Join(err, l.dir.Close())
	}
	return err
}

// DefaultDir is where data goes when the user names no directory: a folder of that name (for example "seatkeeper")
// where the system keeps programs' data.
func DefaultDir(name string) (string, error) {
	base := ""
	switch runtime.GOOS {
	case "windows":
		base = os.Getenv("LOCALAPPDATA")
	case "darwin":
		if home, err := os.UserHomeDir(); err == nil {
			base = filepath.Join(home, "Library", "Application Support")
		}
	default:
		base = os.Getenv("XDG_DATA_HOME")
		if home, err := os.UserHomeDir(); !filepath.IsAbs(base) && err == nil {
			base = filepath.Join(home, ".local", "share")
		}
	}
	if !filepath.IsAbs(base) {
		return "", domain.Errorf(domain.Internal, "The system does not say where your data is kept.").
			WithHint("Set the variable HOME, or start Seatkeeper with --data DIRECTORY.")
	}
	return filepath.Join(base, name), nil
}

// Open makes the directory if needed and locks it. From then on every file that this process makes is readable by its
// user only.
//
// It fails with Conflict when another process has it open (the lock of a process that died is free), with Forbidden for
// a directory or file that is a symbolic link or belongs to somebody else, and with Internal when the disk says no.
// Permissions that are too wide are narrowed where the user owns the directory.
func Open(dir string) (*Dir, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return nil, diskProblem(dir, err)
	}
	narrowUmask()
	if err := os.MkdirAll(path, 0o700); err != nil { //nolint:gosec // the user names the data directory
		return nil, diskProblem(path, err)
	}
	if err := checkDir(path); err != nil {
		return nil, err
	}
	lock, err := openLock(filepath.Join(path, lockName))
	if err != nil {
		return nil, lockProblem(path, err)
	}
	d := &Dir{path: path, lock: lock}
	// Only the holder of the lock may touch the files.
	if err := checkFiles(path); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Path gives the full path of a file in the directory, and for "" the directory itself. name must stay below the
// directory.
func (d *Dir) Path(name string) string {
	if name != "" && !filepath.IsLocal(name) {
		panic(fmt.Sprintf("workspace: %q leaves the directory", name)) // only constants of ours come here
	}
	return filepath.Join(d.path, name)
}

// Close gives the directory free. The lock's file stays: removing it would let two processes lock two files of one
// name.
func (d *Dir) Close() error {
	if d.lock == nil {
		return nil
	}
	lock := d.lock
	d.lock = nil
	if err := lock.Close(); err != nil {
		return fmt.Errorf("give the data directory free: %w", err)
	}
	return nil
}

// checkFiles narrows the permissions of everything in the directory and refuses what was planted there.
func checkFiles(dir string) error {
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error { //nolint:gosec // same
		if err != nil {
			return err
		}
		if path == dir {
			return nil
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err //nolint:wrapcheck // diskProblem wraps it
		}
		return checkFile(path, info)
	})
	if e := (*domain.Error)(nil); errors.As(err, &e) {
		return e
	}
	if err != nil {
		return diskProblem(dir, err)
	}
	return nil
}

func lockProblem(dir string, err error) error {
	if errors.Is(err, errLocked) {
		e := domain.Errorf(domain.Conflict, "Seatkeeper is already running with this data.")
		e.Reason, e.Err = "second_instance", err
		return e.WithHint("Use the window that is open, or its icon in the tray.")
	}
	if e := (*domain.Error)(nil); errors.As(err, &e) {
		return e
	}
	return diskProblem(dir, err)
}

func diskProblem(path string, err error) error {
	e := &domain.Error{
		Code: domain.Internal, Reason: "data_dir", Err: err,
		Message: fmt.Sprintf("The data directory %s cannot be used: %s.", path, cause(err)),
		Hint:    "Check its permissions, or start Seatkeeper with --data DIRECTORY.",
	}
	switch {
	case errors.Is(err, syscall.ENOSPC):
		e.Reason, e.Message, e.Hint = "disk_full", "The disk is full, so Seatkeeper cannot open its data.", "Free some space and start Seatkeeper again. Nothing was lost."
	case errors.Is(err, syscall.EROFS):
		e.Reason, e.Hint = "read_only", "The disk is read-only. Make it writable, or start Seatkeeper with --data DIRECTORY."
	}
	return e
}

// cause is the system's own words without the operation and path that stand before them.
func cause(err error) string {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

func foreign(path, what string) error {
	e := domain.Errorf(domain.Forbidden, "%s %s, so Seatkeeper does not use it.", path, what)
	e.Reason = "data_dir"
	return e.WithHint("Remove it, or start Seatkeeper with --data DIRECTORY and a directory of your own.")
}
