package feed

import (
	"bytes"
	"fmt"
	"io/fs"

	"modernc.org/sqlite/vfs"
)

// Shelf is where SQLite finds a database that Go holds in memory. There is one at a time, for one connection.
type Shelf struct {
	vfs  *vfs.FS
	uri  string
	held []byte
}

// file is the only name on a shelf.
const file = "rows"

// NewShelf makes an empty shelf.
func NewShelf() (*Shelf, error) {
	s := &Shelf{}
	name, v, err := vfs.New(s)
	if err != nil {
		return nil, fmt.Errorf("make a place for rows in memory: %w", err)
	}
	s.vfs, s.uri = v, "file:"+file+"?immutable=1&vfs="+name
	return s, nil
}

// Put lays a database on the shelf, for ATTACH with the URI that it returns; nil takes it away. None may be attached then.
func (s *Shelf) Put(database []byte) (uri string) {
	s.held = database
	return s.uri
}

// Close ends the shelf. No connection that has used it may be open any more.
func (s *Shelf) Close() error { return s.vfs.Close() } //nolint:wrapcheck // says which one itself

// Open is what SQLite calls.
func (s *Shelf) Open(name string) (fs.File, error) {
	if name != file || s.held == nil {
		return nil, fs.ErrNotExist
	}
	return open{bytes.NewReader(s.held)}, nil
}

// open is the open database; SQLite asks for nothing of it but bytes and size.
type open struct{ *bytes.Reader }

func (open) Close() error                 { return nil }
func (o open) Stat() (fs.FileInfo, error) { return info{size: o.Size()}, nil }

type info struct {
	fs.FileInfo
	size int64
}

func (i info) Size() int64 { return i.size }
