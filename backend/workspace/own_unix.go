//go:build unix

package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"

	"seatkeeper/backend/domain"
)

var errLocked = errors.New("locked by another process")

// narrowUmask applies to the whole process: the database makes files by itself (-wal, -shm) and asks for 0644.
func narrowUmask() { syscall.Umask(0o077) }

// openLock takes the lock on an open file: the system gives it free when the process ends, however it ends. The
// directory itself is locked too, because whoever removes the file makes it possible to lock another one of its name.
func openLock(path string) (*lock, error) {
	for {
		fd, err := unix.Open(path, unix.O_RDWR|unix.O_CREAT|unix.O_CLOEXEC|unix.O_NOFOLLOW, 0o600)
		if errors.Is(err, unix.ELOOP) {
			return nil, foreign(path, "is a symbolic link")
		}
		if err != nil {
			return nil, fmt.Errorf("open the lock: %w", err)
		}
		l := &lock{file: os.NewFile(uintptr(fd), path)}
		if err := take(fd); err != nil {
			return nil, errors.Join(err, l.Close())
		}
		if !l.named(path) { // removed, or another one made, between the two calls
			_ = l.Close()
			continue
		}
		if err := l.lockDir(filepath.Dir(path)); err != nil {
			return nil, errors.Join(err, l.Close())
		}
		return l, nil
	}
}

func take(fd int) error {
	err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return errLocked
	}
	if err != nil {
		return fmt.Errorf("lock: %w", err)
	}
	return nil
}

// named tells whether the locked file is the one that stands under its name.
func (l *lock) named(path string) bool {
	held, err := l.file.Stat()
	if err != nil {
		return false
	}
	now, err := os.Lstat(path) //nolint:gosec // the lock file of the folder that the user chose
	return err == nil && os.SameFile(held, now)
}

// lockDir locks the directory. Network file systems may not know that; there the file has to do.
func (l *lock) lockDir(path string) error {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open the data directory: %w", err)
	}
	l.dir = os.NewFile(uintptr(fd), path)
	if err := take(fd); errors.Is(err, errLocked) {
		return err
	}
	return nil
}

// checkDir refuses a directory that another user could change, and closes one of our own to others.
func checkDir(path string) error {
	info, err := os.Lstat(path) //nolint:gosec // the user names the data directory
	if err != nil {
		return diskProblem(path, err)
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return foreign(path, "is a symbolic link")
	case !info.IsDir():
		return foreign(path, "is not a directory")
	case !ours(info):
		return foreign(path, "belongs to another user")
	}
	return narrow(path, info, 0o700)
}

func checkFile(path string, info fs.FileInfo) error {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return foreign(path, "is a symbolic link")
	case !ours(info):
		return foreign(path, "belongs to another user")
	case info.IsDir():
		return narrow(path, info, 0o700)
	case !info.Mode().IsRegular():
		return foreign(path, "is not a plain file")
	default:
		return narrow(path, info, 0o600)
	}
}

func narrow(path string, info fs.FileInfo, want fs.FileMode) error {
	if info.Mode().Perm()&^want == 0 && info.Mode().Perm()&0o600 == 0o600 {
		return nil
	}
	if err := os.Chmod(path, want); err != nil { //nolint:gosec // same
		return diskProblem(path, err)
	}
	// Some file systems accept the call and change nothing.
	now, err := os.Lstat(path) //nolint:gosec // same
	if err != nil {
		return diskProblem(path, err)
	}
	if now.Mode().Perm()&0o077 != 0 {
		e := domain.Errorf(domain.Forbidden, "Other users can read %s, and its permissions cannot be changed.", path)
		e.Reason = "data_dir"
		return e.WithHint("Start Seatkeeper with --data DIRECTORY and a directory on a disk that knows permissions.")
	}
	return nil
}

func ours(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == os.Geteuid()
}
