package mirrordb

import (
	"context"
	"database/sql"
	"fmt"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// refKind is what a row of refs stands for.
type refKind int

const (
	refDirectory refKind = 1
	refApp       refKind = 2
	refGroup     refKind = 3
)

// refKinds are all of them, in the order in which they get keys.
var refKinds = []refKind{refDirectory, refApp, refGroup}

// refKeys are keys of directories, apps and groups by kind and Atlassian's id.
type refKeys [refGroup + 1]map[string]int64

func newRefKeys() (k refKeys) {
	for kind := range k {
		k[kind] = map[string]int64{}
	}
	return k
}

// intern gives a key to each directory, app and group that the batch names.
func (w *writer) intern(ctx context.Context, b domain.Batch) error {
	// Keys are given in the order of delivery, so that the same delivery makes the same file.
	missing, seen := [refGroup + 1]sqlite.Document{}, newRefKeys()
	need := func(kind refKind, ref string) {
		if w.ref(kind, ref) == 0 && seen[kind][sqlite.Clean(ref)] == 0 {
			seen[kind][sqlite.Clean(ref)] = 1
			missing[kind].Value(ref)
		}
	}
	for _, d := range b.Directories {
		need(refDirectory, d.DirectoryID)
	}
	for _, a := range b.Apps {
		need(refApp, a.AppID)
	}
	for _, g := range b.Groups {
		need(refGroup, g.GroupID)
	}
	for _, u := range b.Users {
		for _, m := range u.Memberships {
			need(refDirectory, m.DirectoryID)
		}
		for _, a := range u.Access {
			need(refApp, a.AppID)
		}
		for _, g := range u.GroupIDs {
			need(refGroup, g)
		}
	}
	for _, g := range b.Grants {
		need(refGroup, g.GroupID)
		for _, grant := range g.Grants {
			need(refApp, grant.AppID)
		}
	}
	for _, kind := range refKinds {
		doc := &missing[kind]
		if doc.Len() == 0 {
			continue
		}
		text := doc.String()
		if _, err := w.tx.ExecContext(ctx, `INSERT INTO main.refs (source, kind, ref)
			SELECT ?1, ?2, value FROM json_each(?3) WHERE true ON CONFLICT DO NOTHING`, w.source, kind,
			text); err != nil {
			return fmt.Errorf("intern ids: %w", err)
		}
		err := sqlite.Each(ctx, w.tx, func(rows *sql.Rows) error {
			var id int64
			var ref string
			err := sqlite.Scan(rows, &id, &ref)
			w.refs[kind][ref] = id
			return err
		}, `SELECT id, ref FROM main.refs WHERE source = ?1 AND kind = ?2 AND ref
			IN (SELECT value FROM json_each(?3))`, w.source, kind, text)
		if err != nil {
			return fmt.Errorf("read the keys of ids: %w", err)
		}
	}
	return nil
}

// ref gives the key of a directory, app or group, 0 when it has none yet.
func (w *writer) ref(kind refKind, ref string) int64 {
	if id := w.stager.refs[kind][ref]; id != 0 { // nearly always
		return id
	}
	ref = sqlite.Clean(ref)
	if id := w.refs[kind][ref]; id != 0 {
		return id
	}
	return w.stager.refs[kind][ref]
}
