package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"

	"gorm.io/gorm"

	"seatkeeper/backend/domain"
)

// SQLite's primary result codes that have a sentence of their own.
const (
	codeBusy      = 5
	codeLocked    = 6
	codeReadOnly  = 8
	codeInterrupt = 9
	codeIO        = 10
	codeCorrupt   = 11
	codeFull      = 13
	codeCantOpen  = 14
	codeNotADB    = 26
)

// ioShortRead is the extended code of a file that ends too early.
const ioShortRead = codeIO | 2<<8

// Fault turns an error into a domain error about this file, with a sentence and a hint; domain errors and a context's
// end pass. doing completes "could not ...", for the log.
func (d *DB) Fault(doing string, err error) error {
	var known *domain.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: %w", doing, err)
	case errors.Is(err, gorm.ErrRecordNotFound), errors.Is(err, sql.ErrNoRows):
		return &domain.Error{Code: domain.NotFound, Message: "That is not there any more.", Err: fmt.Errorf("%s: %w", doing, err)}
	}
	// The words for the end of a context: the driver's in the middle of a statement, and database/sql's when it has
	// rolled the transaction back before we came to commit it.
	if sqliteCode(err) == codeInterrupt || errors.Is(err, sql.ErrTxDone) {
		return fmt.Errorf("%s: %w: %w", doing, context.Canceled, err)
	}
	e := d.describe(err)
	d.noticed(e)
	e.Err = fmt.Errorf("could not %s in %s: %w", doing, filepath.Base(d.Path), err)
	return e
}

// FaultWithin is Fault for work that ctx may have ended: what SQLite says then depends on where it was, and is not
// always that it was interrupted.
func (d *DB) FaultWithin(ctx context.Context, doing string, err error) error {
	if known := new(*domain.Error); err != nil && ctx.Err() != nil && !errors.As(err, known) {
		err = fmt.Errorf("%w: %w", ctx.Err(), err)
	}
	return d.Fault(doing, err)
}

// describe finds code, reason, sentence and hint for what SQLite or the operating system said.
func (d *DB) describe(err error) *domain.Error {
	code := sqliteCode(err)
	name := filepath.Base(d.Path)
	internal := func(reason, message, hint string) *domain.Error {
		return &domain.Error{Code: domain.Internal, Reason: reason, Message: message, Hint: hint}
	}
	switch {
	case code&0xff == codeFull || errors.Is(err, syscall.ENOSPC):
		return internal("disk_full", "The disk is full: "+name+" could not be written.",
			"Free some space and try again. Everything that was saved before is still there.")
	case code&0xff == codeCorrupt, code == ioShortRead, unreadable(err):
		return d.Damaged("")
	case code&0xff == codeNotADB:
		return d.notOurs()
	case code&0xff == codeReadOnly || errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.EACCES):
		return internal("read_only", name+" cannot be written: the file or its folder is read-only.",
			"Give your user write permission on "+filepath.Dir(d.Path)+" and start Seatkeeper again.")
	case code&0xff == codeBusy || code&0xff == codeLocked:
		return &domain.Error{
			Code: domain.Conflict, Reason: "locked", Message: "Another program is using " + name + ".",
			Hint: "Close the other program, such as a backup or a database viewer, and try again.",
		}
	case code&0xff == codeCantOpen:
		return internal("io", name+" cannot be opened.", "Check that "+filepath.Dir(d.Path)+" exists and that your user may write there.")
	case code&0xff == codeIO:
		return internal("io", "The disk reported an error while "+name+" was read or written.",
			"Check the disk and the space on it, then start Seatkeeper again.")
	default:
		return internal("", "Something went wrong in the database file "+name+".", "Try again; the log file has the details.")
	}
}

// Damaged is the error of a file whose content is broken.
func (d *DB) Damaged(detail string) *domain.Error {
	e := &domain.Error{
		Code: domain.Internal, Reason: "damaged",
		Message: "The file " + filepath.Base(d.Path) + " with " + d.What + " is damaged.",
		Hint:    "Put back a backup of it. Moving it away makes Seatkeeper start without your sources and run logs.",
	}
	if d.Rebuilt != nil {
		e.Message, e.Hint = d.Rebuilt.Message, d.Rebuilt.Hint
	}
	if detail != "" {
		e.Err = errors.New(detail)
	}
	return e
}

// notOurs is the error of a file that is something else.
func (d *DB) notOurs() *domain.Error {
	return &domain.Error{
		Code: domain.Internal, Reason: "not_a_database",
		Message: "The file " + d.Path + " is not " + d.What + ": another program wrote it, or it was overwritten.",
		Hint:    "Move it away, or put back a backup of the right file.",
	}
}

// unreadable tells whether a value could not be taken for what its column holds. The text is database/sql's own; it has
// no error for that.
func unreadable(err error) bool { return strings.Contains(err.Error(), "sql: Scan error") }

// sqliteCode gives SQLite's extended result code of an error, 0 for none.
func sqliteCode(err error) int {
	var coded interface{ Code() int }
	if errors.As(err, &coded) {
		return coded.Code()
	}
	return 0
}
