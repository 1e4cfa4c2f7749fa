package report

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"seatkeeper/backend/domain"
)

// Place is where a file is to appear. Every file that Seatkeeper writes for the operator goes through one.
type Place struct {
	path string
	own  func(path string) bool
}

// At makes a Place of a path that the operator chose. own tells whether a path is one of the program's own files, over which nothing may
// be written.
func At(path string, own func(path string) bool) Place { return Place{path, own} }

// find gives the path at which the file is to appear: that of a new file, or of a regular one that gives way. Anything else is refused:
// a device or a pipe would be replaced by a file, and what reads it would be left alone. A link is followed, so that the link stays.
func (p Place) find() (string, error) {
	path, err := filepath.Abs(p.path)
	name := filepath.Base(path)
	if err != nil || p.path == "" || !filepath.IsLocal(name) { // a name that the system keeps for a device
		return "", refused(name+" is no name for a file.", "Choose another name.")
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Lstat(path); err == nil {
			return "", refused(name+" is a link to something that is not there.", "Choose another name.")
		}
	case err != nil:
		return "", trouble(path, err)
	case !info.Mode().IsRegular():
		return "", refused(name+" is "+what(info.Mode())+", not a file: nothing is written to it.", "Choose another name.")
	default:
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return "", trouble(path, err)
		}
	}
	if p.own(path) || p.own(p.path) {
		return "", refused(name+" would be among Seatkeeper's own data: nothing is written there but by Seatkeeper itself.", "Choose another folder.")
	}
	return path, nil
}

// what names a thing that is no regular file.
func what(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a folder"
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeDevice != 0:
		return "a device"
	default:
		return "something else"
	}
}

func refused(message, hint string) *domain.Error {
	return &domain.Error{Code: domain.Invalid, Reason: "file", Message: domain.Visible(message), Hint: hint}
}
