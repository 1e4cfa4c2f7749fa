package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/feed"
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
	text := func(s string) { f.users.Text(clean(s)) }
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
	number(toUnix(u.AddedAt))
	number(toUnix(u.DeactivatedAt))
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
		f.roles.Int(id).Text(clean(r)).End()
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
	if err := w.execFed(ctx, upsertUsers); err != nil {
		return err
	}
	return w.facts(ctx)
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
	return w.mirror.feed(ctx, w.tx, tables...)
}

// upsertUsers joins what is delivered now with what the same read has delivered of a person before. A person who was
// read afresh while the sync was running is left as that reading found them.
var upsertUsers = func() string {
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
	return `INSERT INTO staged.users (id, source, ` + userNames("") + `, removed_at, refreshed_at)
		SELECT id, ?1, ` + userNames("") + `, 0, 0 FROM fed.users WHERE true
		ON CONFLICT (id) DO UPDATE SET ` + strings.Join(sets, ", ") + ` WHERE refreshed_at = 0`
}()

// accounts gives the key of each person's account, new ones to those that have none. A key once given stays, also when its sync fails.
func (w *writer) accounts(ctx context.Context, users []domain.User) ([]int64, error) {
	names := make([]string, len(users))
	for i := range users {
		names[i] = clean(users[i].AccountID)
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
	err := eachRow(ctx, w.tx, func(rows *sql.Rows) error {
		var id int64
		var account string
		err := scanRow(rows, &id, &account)
		keys[account] = id
		return err
	}, `SELECT id, account_id FROM main.accounts WHERE source = ?1 AND account_id IN (SELECT value FROM json_each(?2))`, w.source, texts(names))
	if err != nil {
		return fmt.Errorf("read the keys of accounts: %w", err)
	}
	return nil
}

// addAccounts gives keys to accounts. If one of them had a key already, they have to be read. (OR IGNORE cannot fail halfway, so that SQLite
// need not keep every page as it was, as it does for ON CONFLICT DO NOTHING.)
func (w *writer) addAccounts(ctx context.Context, names []string, keys map[string]int64) error {
	if len(names) == 0 {
		return nil
	}
	result, err := w.tx.ExecContext(ctx, `INSERT OR IGNORE INTO main.accounts (source, account_id)
		SELECT ?1, value FROM json_each(?2)`, w.source, texts(names))
	if err != nil {
		return fmt.Errorf("add accounts: %w", err)
	}
	added, err := result.RowsAffected()
	if err != nil {
		return fmt.Errorf("count the new accounts: %w", err)
	}
	if added < int64(len(names)) {
		return nil
	}
	last, err := result.LastInsertId()
	if err != nil {
		return fmt.Errorf("find the new accounts: %w", err)
	}
	first := last - int64(len(names)-1)
	// SQLite counts keys up, in the order of the rows. A key that is another person's must not come of that, so it is looked at.
	var right int
	if err := one(ctx, w.tx, `SELECT count(*) FROM json_each(?3) j CROSS JOIN main.accounts a ON a.id = ?2 + j.key
		WHERE a.source = ?1 AND a.account_id = j.value`, []any{w.source, first, texts(names)}, &right); err != nil || right < len(names) {
		return err
	}
	for i := range names {
		keys[names[i]] = first + int64(i)
	}
	return nil
}

// facts writes directories, roles, access and memberships of the people who were fed. The same fact delivered twice is one row: the
// greater status, the later day.
func (w *writer) facts(ctx context.Context) error {
	for _, statement := range []string{
		`INSERT INTO staged.user_directories (source, user_id, directory_id, status)
			SELECT ?1, user_id, directory_id, status FROM fed.directories WHERE true
			ON CONFLICT DO UPDATE SET status = max(status, excluded.status)`,
		`INSERT OR IGNORE INTO staged.user_roles (source, user_id, role) SELECT ?1, user_id, role FROM fed.roles`,
		`INSERT INTO staged.access (source, user_id, app_id, day)
			SELECT ?1, user_id, app_id, day FROM fed.access WHERE true ON CONFLICT DO UPDATE SET day = max(day, excluded.day)`,
		`INSERT OR IGNORE INTO staged.memberships (source, user_id, group_id) SELECT ?1, user_id, group_id FROM fed.memberships`,
	} {
		if err := w.execFed(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// execFed executes a statement over what was fed, with the source as ?1.
func (w *writer) execFed(ctx context.Context, statement string) error {
	_, err := execute(ctx, w.tx, w.sql(statement), w.source)
	return err
}

// accountFacts adds to people what a second list of the source tells about them. Nobody comes into being by it.
func (w *writer) accountFacts(ctx context.Context, facts []domain.AccountFact) error {
	for chunk := range slices.Chunk(facts, usersPerStatement) {
		for _, billable := range []domain.Tri{domain.Yes, domain.No} {
			var doc document
			for _, f := range chunk {
				if f.Billable == billable {
					doc.value(f.AccountID)
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
