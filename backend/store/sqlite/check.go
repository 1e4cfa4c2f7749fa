package sqlite

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"seatkeeper/backend/domain"
)

// headerSize is the length of SQLite's file header; magic is how it begins.
const (
	headerSize = 100
	magic      = "SQLite format 3\x00"
)

// companions are the suffixes of the files that SQLite keeps beside a database while it is open.
var companions = []string{"-wal", "-shm", "-journal"}

// prepare makes the file when there is none, and refuses one that cannot be ours before SQLite touches it.
func (d *DB) prepare(ctx context.Context) error {
	info, err := os.Stat(d.Path)
	if errors.Is(err, os.ErrNotExist) {
		d.fresh = true
		return d.create(ctx)
	}
	if err != nil {
		return d.Fault("open", err)
	}
	if !info.Mode().IsRegular() {
		return d.notOurs()
	}
	if info.Mode().Perm()&0o077 != 0 {
		if err := os.Chmod(d.Path, 0o600); err != nil {
			return d.Fault("protect", err)
		}
	}
	d.uncleanAtOpen = d.unclean()
	if err := d.checkHeader(info.Size()); err != nil || d.condemned == nil {
		return err
	}
	if err = d.checkSeal(); errors.Is(err, errUnsealed) {
		return nil
	}
	d.sealed = err == nil
	return err
}

// checkHeader compares the header with the file: catches another program's file, and one that was cut short.
func (d *DB) checkHeader(size int64) error {
	f, err := os.Open(d.Path)
	if err != nil {
		return d.Fault("open", err)
	}
	defer func() { _ = f.Close() }()
	h := make([]byte, headerSize)
	if _, err := io.ReadFull(f, h); err != nil {
		// A new file gets its name only when it is whole, so an empty one was emptied by somebody else.
		return d.Damaged(fmt.Sprintf("%d bytes only", size))
	}
	if string(h[:len(magic)]) != magic || binary.BigEndian.Uint32(h[68:]) != uint32(d.Application) {
		return d.notOurs()
	}
	if h[18] > 2 || h[19] > 2 { // the format: SQLite would take a file of a later one for read-only
		return d.Damaged(fmt.Sprintf("format %d, %d", h[18], h[19]))
	}
	if d.uncleanAtOpen {
		return nil // pages may still be in the journal
	}
	page := int64(binary.BigEndian.Uint16(h[16:]))
	if page == 1 {
		page = 65536
	}
	if pages := int64(binary.BigEndian.Uint32(h[28:])); size < pages*page {
		return d.Damaged(fmt.Sprintf("%d bytes instead of %d", size, pages*page))
	}
	return nil
}

// unclean tells whether the program ended without closing the file.
func (d *DB) unclean() bool {
	info, err := os.Stat(d.Path + "-wal")
	return err == nil && info.Size() > 0
}

// check lets SQLite look through a file that was not closed cleanly, or has no seal. It costs about a
// second for 100,000 people.
func (d *DB) check(ctx context.Context) error {
	var answer string
	pragma := "PRAGMA schema_version" // reads the first page: enough after a clean end
	thorough := d.uncleanAtOpen || d.condemned != nil && !d.sealed && !d.fresh
	if thorough {
		pragma = "PRAGMA integrity_check(1)"
	}
	if err := d.Write.SQL.QueryRowContext(ctx, pragma).Scan(&answer); err != nil {
		return d.Fault("check", err)
	}
	if thorough && answer != "ok" {
		return d.Damaged(answer)
	}
	return nil
}

// create makes a new database under another name and gives it its real one when it is whole, so that no crash leaves
// half a database, and an empty file is never taken for a new one.
func (d *DB) create(ctx context.Context) error {
	for _, suffix := range companions {
		if Exists(d.Path + suffix) {
			return &domain.Error{
				Code: domain.Internal, Reason: "missing",
				Message: "The file " + d.Path + " is missing, although " + filepath.Base(d.Path) + suffix + " is there.",
				Hint:    "Put both back from a backup, or move the remaining one away too.",
			}
		}
	}
	fresh := DB{File: d.File}
	fresh.Path, fresh.Rebuilt = d.Path+".new", nil // not to be sealed
	for _, suffix := range append([]string{""}, companions...) {
		if err := os.Remove(fresh.Path + suffix); err != nil && !errors.Is(err, os.ErrNotExist) {
			return d.Fault("create", err)
		}
	}
	// The mode is set before anything is in it; SQLite gives the journal the same one.
	f, err := os.OpenFile(fresh.Path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return d.Fault("create", err)
	}
	if err := f.Close(); err != nil {
		return d.Fault("create", err)
	}
	if fresh.Write, err = fresh.open(ctx, writing, 1); err != nil {
		return err
	}
	_, err = fresh.Write.SQL.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", d.Application))
	if err == nil {
		err = fresh.migrate(ctx, 0)
	}
	if errClose := fresh.Close(); err == nil {
		err = errClose
	}
	if err == nil {
		err = os.Rename(fresh.Path, d.Path)
	}
	if err == nil {
		syncFolder(filepath.Dir(d.Path))
	}
	return d.Fault("create", err)
}

// syncFolder makes a new name survive a power cut, where the system has such a thing.
func syncFolder(dir string) {
	if f, err := os.Open(dir); err == nil {
		_ = f.Sync()
		_ = f.Close()
	}
}
