package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"
)

var errLocked = errors.New("locked by another process")

// narrowUmask does nothing: on Windows a file takes its rights from the directory, which the user's profile keeps to the user.
func narrowUmask() {}

// openLock takes the lock on an open file: the system gives it free when the process ends, however it ends, and lets nobody remove the file
// until then, because it is not opened for that.
func openLock(path string) (*lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	if err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, &windows.Overlapped{}); err != nil {
		_ = f.Close()
		if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
			return nil, errLocked
		}
		return nil, fmt.Errorf("lock: %w", err)
	}
	return &lock{file: f}, nil
}

func checkDir(path string) error {
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return diskProblem(path, err)
	case info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0: // a junction is irregular
		return foreign(path, "is a link")
	case !info.IsDir():
		return foreign(path, "is not a directory")
	}
	return nil
}

func checkFile(path string, info fs.FileInfo) error {
	if info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0 {
		return foreign(path, "is a link")
	}
	return nil
}
