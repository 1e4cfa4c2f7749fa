package csvfile

import (
	"io/fs"
	"os"

	"seatkeeper/backend/domain"
)

// OpenFile opens a file that the operator chose for reading. Only a regular file is opened: a pipe or a device may
// never end, and opening one can wait for ever or do something.
func OpenFile(path string) (*os.File, fs.FileInfo, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, nil, domain.Errorf(domain.Invalid, "This is not a file.").WithHint("Choose a CSV file.")
	}
	var f *os.File
	if err == nil {
		f, err = os.Open(path) // the operator chose it in the system's own dialog
	}
	if err != nil {
		e := domain.Errorf(domain.Invalid, "The file cannot be opened.").WithHint("Is it still there, and may you read it?")
		e.Err = err
		return nil, nil, e
	}
	return f, info, nil
}
