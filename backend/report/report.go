// Package report writes runs and lists to a file that the operator chose, in any registered format.
//
// It decides nothing about the content of a format and reads no database: items and rows are handed in one by one.
package report

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/registry"
)

// Format is one kind of file.
type Format struct {
	Name      string // "csv"
	Title     string // "CSV (spreadsheet)"
	Extension string // without the dot
	// Run begins a report of a run on w. w is buffered; the encoder does not close it.
	Run func(w io.Writer, run domain.Run) (Encoder, error)
	// Table begins a list on w, likewise.
	Table func(w io.Writer, t Table) (TableEncoder, error)
}

// Encoder writes one report.
type Encoder interface {
	Item(it domain.Item) error
	Close() error // writes what belongs at the end
}

// Discarder is an encoder that holds more than memory. Discard is called in place of Close when the file is given up.
type Discarder interface{ Discard() }

// discard gives up an encoder.
func discard(enc any) {
	if d, ok := enc.(Discarder); ok {
		d.Discard()
	}
}

// Formats holds every format by its name.
var Formats = registry.New[Format]("report format")

// Register adds a format; call it from a package-level var of the format's file.
func Register(f Format) Format { return Formats.Add(f.Name, f) }

// WriteRun writes a run with all its items to a place and returns how many items there were. each calls its argument for every item.
//
// The file appears whole or not at all: it is written beside its place, forced to disk and renamed, so that an existing file is replaced only
// by a complete one. Only its owner can read it. An error's sentence says what the disk would not do.
func WriteRun(ctx context.Context, to Place, f Format, run domain.Run, each func(func(domain.Item) error) error) (rows int, err error) {
	err = WriteFile(to, func(w io.Writer) error {
		enc, err := f.Run(w, run)
		if err != nil {
			return err
		}
		err = each(func(it domain.Item) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			rows++
			return enc.Item(it)
		})
		if err != nil {
			discard(enc)
			return err
		}
		return enc.Close()
	})
	if err != nil {
		return 0, fmt.Errorf("write the report %s: %w", f.Name, err)
	}
	return rows, nil
}

// WriteFile makes a file by fn, whole or not at all; it is only for its owner.
func WriteFile(to Place, fn func(io.Writer) error) (err error) {
	path, err := to.find()
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".seatkeeper-*.part") // made with mode 0600
	if err != nil {
		return trouble(path, err)
	}
	defer func() {
		if err != nil {
			_ = temp.Close()
			_ = os.Remove(temp.Name())
		}
	}()
	w := bufio.NewWriterSize(temp, 1<<16)
	if err := fn(w); err != nil {
		return trouble(path, err)
	}
	if err := w.Flush(); err != nil {
		return trouble(path, err)
	}
	if err := temp.Sync(); err != nil {
		return trouble(path, err)
	}
	if err := temp.Close(); err != nil {
		return trouble(path, err)
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return trouble(path, err)
	}
	return nil
}

// trouble gives a file error a sentence; anything else passes.
func trouble(path string, err error) error {
	var file *os.PathError
	var link *os.LinkError
	if !errors.As(err, &file) && !errors.As(err, &link) {
		return err
	}
	name, folder := domain.Visible(filepath.Base(path)), domain.Visible(filepath.Dir(path))
	e := &domain.Error{Code: domain.Internal, Reason: "file", Message: "The file " + name + " could not be written.", Hint: "Choose another folder.", Err: err}
	switch {
	case errors.Is(err, os.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Message = "You may not write to the folder " + folder + "."
	case errors.Is(err, syscall.ENOSPC):
		e.Message, e.Hint = "The disk is full: "+name+" was not written.", "Free some space and try again. An older file of that name is unchanged."
	case errors.Is(err, os.ErrNotExist):
		e.Message = "The folder " + folder + " is not there."
	}
	return e
}
