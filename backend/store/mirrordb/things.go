package mirrordb

import (
	"context"
	"fmt"
	"strings"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// usersPerStatement is how many people go into one statement. Beyond this it gets no cheaper, and its memory grows.
const usersPerStatement = 1000

// things writes directories, apps, groups and domains. Of something delivered twice the later row holds.
func (w *writer) things(ctx context.Context, b domain.Batch) error {
	docs := map[string]*sqlite.Document{"directories": {}, "apps": {}, "groups": {}}
	for _, d := range b.Directories {
		docs["directories"].Row(w.ref(refDirectory, d.DirectoryID), d.DirectoryID, d.Name)
	}
	for _, a := range b.Apps {
		id := w.ref(refApp, a.AppID)
		w.apps[id] = true
		docs["apps"].Row(id, a.AppID, a.Key, a.Name, a.SiteName, a.SiteURL, a.Plan, a.Status, a.Sandbox, a.Usage,
			a.Capacity)
	}
	for _, g := range b.Groups {
		docs["groups"].Row(w.ref(refGroup, g.GroupID), g.GroupID, g.DirectoryID, g.Name, g.Description, g.Synced,
			g.ManagedBy,
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
