package mirrordb

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/mirrordb/feed"
	"seatkeeper/backend/store/sqlite"
)

// fedPeople are rows about people on their way into SQLite.
type fedPeople struct {
	users, directories, roles, access, memberships *feed.Table

	pairs []pair // of one person
}

func newFedPeople() *fedPeople {
	return &fedPeople{
		users:       feed.NewTable("users", append([]string{"id"}, userColumnNames("")...)...),
		directories: feed.NewTable("directories", "user_id", "directory_id", "status"),
		roles:       feed.NewTable("roles", "user_id", "role"),
		access:      feed.NewTable("access", "user_id", "app_id", "day"),
		memberships: feed.NewTable("memberships", "user_id", "group_id"),
	}
}

// user adds the row of a person, in the order of userColumns after the key.
func (f *fedPeople) user(id int64, u *domain.User) {
	text := func(s string) { f.users.Text(sqlite.Clean(s)) }
	number := func(n int64) { f.users.Int(n) }
	number(id)
	text(u.AccountID)
	text(u.AccountType)
	text(u.Name)
	text(u.Nickname)
	text(u.Email)
	number(int64(u.EmailVerified))
	number(int64(statusCode(u)))
	number(int64(u.Managed))
	text(u.Origin)
	number(int64(u.MFA))
	text(u.JobTitle)
	text(u.Department)
	text(u.Organization)
	text(u.Location)
	text(u.TimeZone)
	number(sqlite.ToUnix(u.AddedAt))
	number(sqlite.ToUnix(u.DeactivatedAt))
	number(int64(u.Billable))
	f.users.End()
}

// facts adds directories, roles, access and memberships of a person, each in the order of its table.
func (f *fedPeople) facts(w *writer, id int64, u *domain.User) {
	for _, m := range u.Memberships {
		f.pair(w.ref(refDirectory, m.DirectoryID), int64(statusCodes[m.Status]))
	}
	for _, p := range f.sorted() {
		f.directories.Int(id).Int(p.ref).Int(p.value).End()
	}
	for _, r := range u.PlatformRoles {
		f.roles.Int(id).Text(sqlite.Clean(r)).End()
	}
	for _, a := range u.Access {
		f.pair(w.ref(refApp, a.AppID), int64(unixDay(a)))
	}
	for _, p := range f.sorted() {
		f.access.Int(id).Int(p.ref).Int(p.value).End()
	}
	for _, g := range u.GroupIDs {
		f.pair(w.ref(refGroup, g), 0)
	}
	for _, p := range f.sorted() {
		f.memberships.Int(id).Int(p.ref).End()
	}
}

// pair is a directory, app or group of a person, with what is known about it.
type pair struct{ ref, value int64 }

func (f *fedPeople) pair(ref, value int64) { f.pairs = append(f.pairs, pair{ref, value}) }

// sorted gives the pairs of one table; the next one begins anew.
func (f *fedPeople) sorted() []pair {
	sorted := f.pairs
	slices.SortFunc(sorted, func(a, b pair) int { return cmp.Compare(a.ref, b.ref) })
	f.pairs = f.pairs[:0]
	return sorted
}

// statusCode gives the state of the person as delivered; without one, that of the directories.
func statusCode(u *domain.User) int {
	code := statusCodes[u.Status]
	if u.Status == "" {
		for _, m := range u.Memberships {
			code = max(code, statusCodes[m.Status])
		}
	}
	return code
}

// people writes people with all that belongs to them.
func (w *writer) people(ctx context.Context, users []domain.User) error {
	if len(users) == 0 {
		return nil
	}
	ids, err := w.accounts(ctx, users)
	if err != nil {
		return err
	}
	w.ids = ids
	if err := w.feedPeople(ctx, users, ids); err != nil {
		return err
	}
	return w.writeFed(ctx)
}

// feedPeople hands people over to SQLite, in the order of their keys, which is that of the tables.
func (w *writer) feedPeople(ctx context.Context, users []domain.User, ids []int64) error {
	order := make([]int, len(users))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ids[a], ids[b]) })
	if w.fed == nil {
		w.fed = newFedPeople()
	}
	f, tables := w.fed, []*feed.Table{w.fed.users, w.fed.directories, w.fed.roles, w.fed.access, w.fed.memberships}
	for _, t := range tables {
		t.Reset()
	}
	for _, i := range order {
		f.user(ids[i], &users[i])
		f.facts(w, ids[i], &users[i])
	}
	return w.store.feed(ctx, w.tx, tables...)
}

// accounts gives the key of each person's account, new ones to those that have none. A key once given stays, also when its sync fails.
func (w *writer) accounts(ctx context.Context, users []domain.User) ([]int64, error) {
	names := make([]string, len(users))
	for i := range users {
		names[i] = sqlite.Clean(users[i].AccountID)
	}
	keys := make(map[string]int64, len(names))
	steps := []func(context.Context, []string, map[string]int64) error{w.readAccounts, w.addAccounts, w.readAccounts}
	if w.first { // nearly all are new
		steps = steps[1:]
	}
	for _, step := range steps {
		if err := step(ctx, withoutKey(names, keys), keys); err != nil {
			return nil, err
		}
	}
	ids := make([]int64, len(names))
	for i, name := range names {
		if ids[i] = keys[name]; ids[i] == 0 {
			return nil, domain.Errorf(domain.Internal, "The local copy gave a person no key.").WithHint("Sync again.")
		}
	}
	return ids, nil
}

// withoutKey gives the names that have no key yet, each once.
func withoutKey(names []string, keys map[string]int64) []string {
	var without []string
	met := make(map[string]bool, len(names))
	for _, name := range names {
		if keys[name] == 0 && !met[name] {
			met[name] = true
			without = append(without, name)
		}
	}
	return without
}

// readAccounts reads the keys of those accounts that have one.
func (w *writer) readAccounts(ctx context.Context, names []string, keys map[string]int64) error {
	if len(names) == 0 {
		return nil
	}
	err := sqlite.Each(ctx, w.tx, func(rows *sql.Rows) error {
		var id int64
		var account string
		err := sqlite.Scan(rows, &id, &account)
		keys[account] = id
		return err
	}, `SELECT id, account_id FROM main.accounts WHERE source = ?1 AND account_id IN (SELECT value FROM json_each(?2))`, w.source, sqlite.Texts(names))
	if err != nil {
		return fmt.Errorf("read the keys of accounts: %w", err)
	}
	return nil
}

// addAccounts gives keys to accounts, counted up in their order. Those that have one already keep it, and then all have to be read. (OR IGNORE
// cannot fail halfway, so that SQLite need not keep every page as it was, as it does for ON CONFLICT.)
func (w *writer) addAccounts(ctx context.Context, names []string, keys map[string]int64) error {
	if len(names) == 0 {
		return nil
	}
	var last int64
	if err := sqlite.One(ctx, w.tx, `SELECT coalesce(max(id), 0) FROM main.accounts`, nil, &last); err != nil {
		return err
	}
	added, err := sqlite.Exec(ctx, w.tx, `INSERT OR IGNORE INTO main.accounts (id, source, account_id)
		SELECT ?2 + key, ?1, value FROM json_each(?3)`, w.source, last+1, sqlite.Texts(names))
	if err != nil || added < len(names) {
		return err
	}
	for i := range names {
		keys[names[i]] = last + 1 + int64(i)
	}
	return nil
}

// fedInto says where the rows of a table that was fed go, and how those are joined that the same read has delivered before.
type fedInto struct {
	rows  func(*fedPeople) *feed.Table
	into  string
	merge string // '' where there is nothing beside the key
}

// fedTables are in the order of fedPeople. Of a fact that is delivered twice the greater status holds, and the later day. A person who was
// read afresh while the sync was running is left as that reading found them.
var fedTables = []fedInto{
	{
		func(f *fedPeople) *feed.Table { return f.users },
		`INTO staged.users (id, source, ` + userNames("") + `, removed_at, refreshed_at)
			SELECT id, ?1, ` + userNames("") + `, 0, 0 FROM fed.users`,
		mergeUsers() + ` WHERE refreshed_at = 0`,
	},
	{
		func(f *fedPeople) *feed.Table { return f.directories },
		`INTO staged.user_directories (source, user_id, directory_id, status) SELECT ?1, user_id, directory_id, status FROM fed.directories`,
		`status = max(status, excluded.status)`,
	},
	{
		func(f *fedPeople) *feed.Table { return f.roles },
		`INTO staged.user_roles (source, user_id, role) SELECT ?1, user_id, role FROM fed.roles`, ``,
	},
	{
		func(f *fedPeople) *feed.Table { return f.access },
		`INTO staged.access (source, user_id, app_id, day) SELECT ?1, user_id, app_id, day FROM fed.access`,
		`day = max(day, excluded.day)`,
	},
	{
		func(f *fedPeople) *feed.Table { return f.memberships },
		`INTO staged.memberships (source, user_id, group_id) SELECT ?1, user_id, group_id FROM fed.memberships`, ``,
	},
}

// mergeUsers joins what is delivered now with what the same read has delivered of a person before.
func mergeUsers() string {
	sets := make([]string, len(userColumns))
	for i, c := range userColumns {
		switch c.merge {
		case keepText:
			sets[i] = fmt.Sprintf("%[1]s = iif(excluded.%[1]s = '', %[1]s, excluded.%[1]s)", c.name)
		case keepNumber:
			sets[i] = fmt.Sprintf("%[1]s = iif(excluded.%[1]s = 0, %[1]s, excluded.%[1]s)", c.name)
		case keepMax:
			sets[i] = fmt.Sprintf("%[1]s = max(%[1]s, excluded.%[1]s)", c.name)
		}
	}
	return strings.Join(sets, ", ")
}

// writeFed writes the people who were fed with all that belongs to them. Nearly always all rows of a table are new, and OR IGNORE is the
// cheapest way to write those; only where one was there already are all of them joined, which changes nothing in the new ones.
func (w *writer) writeFed(ctx context.Context) error {
	for _, t := range fedTables {
		rows := t.rows(w.fed).Rows()
		if rows == 0 {
			continue
		}
		added, err := sqlite.Exec(ctx, w.tx, w.sql("INSERT OR IGNORE "+t.into), w.source)
		if err == nil && added < rows && t.merge != "" {
			_, err = sqlite.Exec(ctx, w.tx, w.sql("INSERT "+t.into+" WHERE true ON CONFLICT DO UPDATE SET "+t.merge), w.source)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// accountFacts adds to people what a second list of the source tells about them. Nobody comes into being by it.
func (w *writer) accountFacts(ctx context.Context, facts []domain.AccountFact) error {
	for chunk := range slices.Chunk(facts, usersPerStatement) {
		for _, billable := range []domain.Tri{domain.Yes, domain.No} {
			var doc sqlite.Document
			for _, f := range chunk {
				if f.Billable == billable {
					doc.Value(f.AccountID)
				}
			}
			// By key, and CROSS JOIN: SQLite would walk all people for each of the chunk.
			if err := w.exec(ctx, &doc, fmt.Sprintf(`UPDATE staged.users SET billable = %d WHERE refreshed_at = 0 AND id IN
				(SELECT a.id FROM json_each(?2) j CROSS JOIN main.accounts a ON a.source = ?1 AND a.account_id = j.value)`, billable)); err != nil {
				return err
			}
		}
	}
	return nil
}
