package mirrordb

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// imagePart is how many bytes of an image one row holds.
const imagePart = 1 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// SaveImage keeps what write writes as the image of a source's people at a generation, in place of the one before.
// version is the form in which it is written.
func (s *Store) SaveImage(
	ctx context.Context, sourceID string, version int, generation int64, write func(io.Writer) error,
) error {
	key, err := s.sourceKey(ctx, sourceID)
	if err != nil || key == 0 {
		return err
	}
	return s.db.Update(ctx, "save the image of the people list", func(tx *sql.Tx) error {
		s.noteNobody()
		if err := deleteImage(ctx, tx, key); err != nil {
			return err
		}
		w := &imageWriter{ctx: ctx, tx: tx, source: key, part: make([]byte, 0, imagePart)}
		if err := write(w); err != nil {
			return err
		}
		if err := w.flush(); err != nil {
			return err
		}
		if _, err := sqlite.Exec(ctx, tx, `INSERT INTO images (source, version, schema, generation, parts)
			VALUES (?, ?, ?, ?, ?)`,
			key, version, s.db.Newest(), generation, w.parts); err != nil {
			return err
		}
		// What came before is in the image: nobody has to ask for it any more.
		if _, err := sqlite.Exec(ctx, tx, "DELETE FROM people_changes WHERE source = ? AND generation <= ?", key,
			generation); err != nil {
			return err
		}
		_, err := sqlite.Exec(ctx, tx, "INSERT INTO people_changes (source, generation, user_id) VALUES (?, ?, 0)",
			key, generation)
		return err
	})
}

// LoadImage hands the image of a source's people and its generation to read. It is NotFound when there is none in that
// form, and Internal with the reason "damaged" when one is there but not whole.
func (s *Store) LoadImage(
	ctx context.Context, sourceID string, version int, read func(generation int64, r io.Reader) error,
) error {
	return s.db.View(ctx, "read the image of the people list", func(tx *sql.Tx) error {
		var key, generation int64
		var parts int
		err := sqlite.One(ctx, tx, `SELECT i.source, i.generation, i.parts FROM images i
			JOIN sources s ON s.key = i.source
			WHERE s.source_id = ? AND i.version = ? AND i.schema = ?`, []any{sourceID, version, s.db.Newest()}, &key,
			&generation, &parts)
		if errors.Is(err, sql.ErrNoRows) {
			return domain.Errorf(domain.NotFound, "There is no image of the people list.")
		}
		if err != nil {
			return err
		}
		// Each page is read once: keeping them would only cost memory.
		if _, err := sqlite.Exec(ctx, tx, "PRAGMA cache_size = -1024"); err != nil {
			return err
		}
		defer func() { _, _ = sqlite.Exec(context.WithoutCancel(ctx), tx, "PRAGMA "+sqlite.ReaderCache) }()
		first := key << 32
		rows, err := sqlite.Query(ctx, tx,
			"SELECT id, checksum, data FROM image_parts WHERE id BETWEEN ? AND ? ORDER BY id",
			[]any{first, first + 1<<32 - 1})
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		r := &imageReader{rows: rows, next: first, end: first + int64(parts)}
		if err := read(generation, r); err != nil {
			return err
		}
		if n, err := io.Copy(io.Discard, r); err != nil || n > 0 {
			return errors.Join(err, r.damaged())
		}
		return sqlite.End(rows)
	})
}

func deleteImage(ctx context.Context, tx *sql.Tx, source int64) error {
	if _, err := sqlite.Exec(ctx, tx, "DELETE FROM images WHERE source = ?", source); err != nil {
		return err
	}
	_, err := sqlite.Exec(ctx, tx, "DELETE FROM image_parts WHERE id BETWEEN ? AND ?", source<<32, (source+1)<<32-1)
	return err
}

// imageWriter cuts what is written into rows.
type imageWriter struct {
	ctx    context.Context //nolint:containedctx // of one SaveImage
	tx     *sql.Tx
	source int64
	part   []byte
	parts  int64
}

func (w *imageWriter) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		n := min(len(p), imagePart-len(w.part))
		w.part, p = append(w.part, p[:n]...), p[n:]
		if len(w.part) == imagePart {
			if err := w.flush(); err != nil {
				return 0, err
			}
		}
	}
	return written, nil
}

func (w *imageWriter) flush() error {
	if len(w.part) == 0 {
		return nil
	}
	_, err := sqlite.Exec(w.ctx, w.tx, "INSERT INTO image_parts (id, checksum, data) VALUES (?, ?, ?)",
		w.source<<32+w.parts, int64(crc32.Checksum(w.part, castagnoli)), w.part)
	w.part = w.part[:0]
	w.parts++
	return err
}

// imageReader puts the rows together again.
type imageReader struct {
	rows *sql.Rows
	part bytes.Reader
	next int64 // id of the next row
	end  int64
}

func (r *imageReader) Read(p []byte) (int, error) {
	for r.part.Len() == 0 {
		if r.next == r.end {
			return 0, io.EOF
		}
		if !r.rows.Next() {
			return 0, errors.Join(sqlite.End(r.rows), r.damaged())
		}
		var id, checksum int64
		var data sql.RawBytes
		if err := sqlite.Scan(r.rows, &id, &checksum, &data); err != nil {
			return 0, err
		}
		if id != r.next || len(data) == 0 || checksum != int64(crc32.Checksum(data, castagnoli)) {
			return 0, r.damaged()
		}
		r.next++
		r.part.Reset(data)
	}
	n, err := r.part.Read(p)
	if err != nil {
		return n, fmt.Errorf("read a part: %w", err)
	}
	return n, nil
}

func (r *imageReader) damaged() error {
	return &domain.Error{Code: domain.Internal, Reason: "damaged",
		Message: "The image of the people list is not whole."}
}
