package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"

	"seatkeeper/backend/domain"
)

// upgrade brings an older schema up to date. Before the first step it takes a copy of the file, named after its
// version.
func (d *DB) upgrade(ctx context.Context) error {
	version, err := Pragma(ctx, d.Write.SQL, "user_version")
	if err != nil {
		return d.Fault("read the schema's version", err)
	}
	newest := len(d.Steps)
	switch {
	case version == newest:
		return nil
	case version > newest && d.numberDamaged(ctx):
		return d.Damaged(fmt.Sprintf("schema %d", version))
	case version > newest:
		return &domain.Error{
			Code: domain.Unsupported, Reason: "newer",
			Message: fmt.Sprintf("%s was written by a newer Seatkeeper (schema %d, this one knows %d).", filepath.Base(d.Path), version, newest),
			Hint:    "Install the newest Seatkeeper. Nothing was changed.",
		}
	case version < 1:
		return d.notOurs() // a database of ours has at least the first step
	}
	if err := d.backup(ctx, version); err != nil {
		return err
	}
	return d.migrate(ctx, version)
}

// numberDamaged tells whether only the schema's number is of a newer program, in a file that nothing says is as it was
// left.
func (d *DB) numberDamaged(ctx context.Context) bool {
	if d.condemned == nil || d.sealed {
		return false
	}
	same, err := d.asMade(ctx, d.Write.SQL)
	return err == nil && same
}

// backup writes a consistent copy of the file beside it. An earlier copy of the same version, from an upgrade that did
// not get through, is replaced.
func (d *DB) backup(ctx context.Context, version int) error {
	name := fmt.Sprintf("%s.v%d.bak", d.Path, version)
	half := name + ".new"
	f, err := os.OpenFile(half, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // VACUUM INTO takes an empty file with its mode
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		_, err = d.Write.SQL.ExecContext(ctx, "VACUUM INTO ?", half)
	}
	if err == nil {
		err = os.Rename(half, name)
	}
	if err != nil {
		_ = os.Remove(half)
		return d.Fault("copy the file before the upgrade", err)
	}
	d.Log.Info("copied before the upgrade", "file", filepath.Base(name))
	return nil
}

// migrate executes the steps after version, each in a transaction of its own together with its number.
func (d *DB) migrate(ctx context.Context, version int) error {
	for _, step := range d.Steps[version:] {
		err := d.Update(ctx, fmt.Sprintf("upgrade to schema %d", step.Number), func(tx *sql.Tx) error {
			for _, statement := range step.Statements {
				if _, err := tx.ExecContext(ctx, statement); err != nil {
					return fmt.Errorf("step %d (%s): %w", step.Number, step.Name, err)
				}
			}
			_, err := Exec(ctx, tx, fmt.Sprintf("PRAGMA user_version = %d", step.Number))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
