package mirrordb

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// usersPerStatement is how many people go into one statement. Beyond this it gets no cheaper, and its memory grows.
const usersPerStatement = 1000

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

// writer writes one batch within one transaction.
type writer struct {
	*stager
	store *Store
	tx    *sql.Tx
	first bool           // there is hardly anything of the source yet
	refs  refKeys        // keys found in this transaction
	apps  map[int64]bool // apps that got a row in this transaction
	ids   []int64        // keys of the people of the batch, in their order
}

// batch writes everything in b.
func (w *writer) batch(ctx context.Context, b domain.Batch) error {
	if err := w.intern(ctx, b); err != nil {
		return err
	}
	if err := w.things(ctx, b); err != nil {
		return err
	}
	if err := w.grants(ctx, b.Grants); err != nil {
		return err
	}
	if err := w.people(ctx, b.Users); err != nil {
		return err
	}
	return w.accountFacts(ctx, b.Accounts)
}

// intern gives a key to each directory, app and group that the batch names.
func (w *writer) intern(ctx context.Context, b domain.Batch) error {
	// Keys are given in the order of delivery, so that the same delivery makes the same file.
	missing, met := [refGroup + 1]sqlite.Document{}, newRefKeys()
	need := func(kind refKind, ref string) {
		if w.ref(kind, ref) == 0 && met[kind][sqlite.Clean(ref)] == 0 {
			met[kind][sqlite.Clean(ref)] = 1
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
			SELECT ?1, ?2, value FROM json_each(?3) WHERE true ON CONFLICT DO NOTHING`, w.source, kind, text); err != nil {
			return fmt.Errorf("intern ids: %w", err)
		}
		err := sqlite.Each(ctx, w.tx, func(rows *sql.Rows) error {
			var id int64
			var ref string
			err := sqlite.Scan(rows, &id, &ref)
			w.refs[kind][ref] = id
			return err
		}, `SELECT id, ref FROM main.refs WHERE source = ?1 AND kind = ?2 AND ref IN (SELECT value FROM json_each(?3))`, w.source, kind, text)
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

// things writes directories, apps, groups and domains. Of something delivered twice the later row holds.
func (w *writer) things(ctx context.Context, b domain.Batch) error {
	docs := map[string]*sqlite.Document{"directories": {}, "apps": {}, "groups": {}}
	for _, d := range b.Directories {
		docs["directories"].Row(w.ref(refDirectory, d.DirectoryID), d.DirectoryID, d.Name)
	}
	for _, a := range b.Apps {
		id := w.ref(refApp, a.AppID)
		w.apps[id] = true
		docs["apps"].Row(id, a.AppID, a.Key, a.Name, a.SiteName, a.SiteURL, a.Plan, a.Status, a.Sandbox, a.Usage, a.Capacity)
	}
	for _, g := range b.Groups {
		docs["groups"].Row(w.ref(refGroup, g.GroupID), g.GroupID, g.DirectoryID, g.Name, g.Description, g.Synced, g.ManagedBy,
			g.Modifiable, g.MemberCount, g.AppCount, strings.Join(g.GrantsAccess, "\n"))
	}
	for _, table := range things {
		if err := w.upsertThings(ctx, table, docs[table]); err != nil {
			return err
		}
	}
	if err := w.unnamedApps(ctx, b.Users); err != nil {
		return err
	}
	var domains sqlite.Document
	for _, d := range b.Domains {
		domains.Row(d.Name, d.Verified)
	}
	return w.exec(ctx, &domains, `INSERT INTO staged.domains (source, name, verified)
		SELECT ?1, value ->> 0, value ->> 1 FROM json_each(?2) WHERE true
		ON CONFLICT DO UPDATE SET verified = excluded.verified`)
}

// upsertThings writes rows of one of the small tables.
func (w *writer) upsertThings(ctx context.Context, table string, doc *sqlite.Document) error {
	columns := thingColumns[table]
	var values, sets strings.Builder
	for i, c := range columns {
		fmt.Fprintf(&values, ", value ->> %d", i+1)
		fmt.Fprintf(&sets, "%s = excluded.%s, ", c, c)
	}
	return w.exec(ctx, doc, `INSERT INTO staged.`+table+` (id, source, `+strings.Join(columns, ", ")+`, removed_at)
		SELECT value ->> 0, ?1`+values.String()+`, 0 FROM json_each(?2) WHERE true
		ON CONFLICT (id) DO UPDATE SET `+sets.String()+`removed_at = 0`)
}

// unnamedApps gives a row to apps that people have, but which the source did not list (yet): nobody's access is hidden.
func (w *writer) unnamedApps(ctx context.Context, users []domain.User) error {
	var doc sqlite.Document
	for _, u := range users {
		for _, a := range u.Access {
			id := w.ref(refApp, a.AppID)
			if w.appsSeen[id] || w.apps[id] {
				continue
			}
			w.apps[id] = true
			doc.Row(id, a.AppID, a.AppKey, a.AppKey, "", "", "", "", false, -1, -1)
		}
	}
	return w.upsertThings(ctx, "apps", &doc)
}

// exec executes a statement with the source as ?1 and the document as ?2, unless the document is empty.
func (w *writer) exec(ctx context.Context, doc *sqlite.Document, statement string) error {
	if doc.Len() == 0 {
		return nil
	}
	if _, err := w.tx.ExecContext(ctx, w.sql(statement), w.source, doc.String()); err != nil {
		return fmt.Errorf("write %d rows: %w", doc.Len(), err)
	}
	doc.Reset()
	return nil
}

// unixDay gives the day of an app's last use: unix days, 0 never, -1 not known.
func unixDay(a domain.AppAccess) int32 {
	switch {
	case !a.Known:
		return -1
	case a.LastActive.IsZero():
		return 0
	default:
		return int32(a.LastActive.Unix() / int64((24 * time.Hour).Seconds()))
	}
}
