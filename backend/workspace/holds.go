package workspace

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Holds tells whether a file of this path is in one of the data directories or below it, however the path is written
// (relative, through a link, in other letters where the disk takes them for the same), or is one of their files under a
// second name. A directory with the lock of a data directory in it counts as one. What cannot be looked at does not
// count.
func Holds(path string, dirs ...string) bool {
	path, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	folders := []string{filepath.Dir(path)}
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		folders = append(folders, filepath.Dir(resolved))
	}
	if resolved, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		folders = append(folders, resolved)
	}
	for _, folder := range folders {
		if _, err := os.Lstat(filepath.Join(folder, lockName)); err == nil || within(folder, dirs) {
			return true
		}
	}
	info, err := os.Stat(path)
	return err == nil && linked(info, dirs)
}

// within tells whether a folder is one of the directories or below one.
func within(folder string, dirs []string) bool {
	for ; ; folder = filepath.Dir(folder) {
		if info, err := os.Stat(folder); err == nil {
			for _, dir := range dirs {
				if own, err := os.Stat(dir); err == nil && os.SameFile(info, own) {
					return true
				}
			}
		}
		if filepath.Dir(folder) == folder {
			return false
		}
	}
}

var errFound = errors.New("found")

// linked tells whether a file is the same as one below the directories.
func linked(info fs.FileInfo, dirs []string) bool {
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
			if err != nil {
				return nil //nolint:nilerr // what cannot be looked at is not it
			}
			if own, err := e.Info(); err == nil && os.SameFile(info, own) {
				return errFound
			}
			return nil
		})
		if errors.Is(err, errFound) {
			return true
		}
	}
	return false
}
