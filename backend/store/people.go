package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"seatkeeper/backend/domain"
)

// encodeUser adds a person to a document, in the order of userColumns after the key.
func encodeUser(doc *document, id int64, u *domain.User) {
	doc.row(id, u.AccountID, u.AccountType, u.Name, u.Nickname, u.Email, u.EmailVerified, statusCode(u), u.Managed, u.Origin, u.MFA,
		u.JobTitle, u.Department, u.Organization, u.Location, u.TimeZone, toUnix(u.AddedAt), toUnix(u.DeactivatedAt), u.Billable)
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

// people writes at most usersPerStatement people with all that belongs to them.
func (w *writer) people(ctx context.Context, users []domain.User) error {
	ids, err := w.accounts(ctx, users)
	if err != nil {
		return err
	}
	var doc document
	for i := range users {
		encodeUser(&doc, ids[clean(users[i].AccountID)], &users[i])
	}
	if err := w.exec(ctx, &doc, upsertUsers); err != nil {
		return err
	}
	return w.facts(ctx, users, ids)
}

// upsertUsers joins what is delivered now with what the same read has delivered of a person before. A person who was
// read afresh while the sync was running is left as that reading found them.
var upsertUsers = func() string {
	values, sets := make([]string, len(userColumns)), make([]string, len(userColumns))
	for i, c := range userColumns {
		values[i] = fmt.Sprintf("value ->> %d", i+1)
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
		SELECT value ->> 0, ?1, ` + strings.Join(values, ", ") + `, 0, 0 FROM jsonb_each(?2) WHERE true
		ON CONFLICT (id) DO UPDATE SET ` + strings.Join(sets, ", ") + ` WHERE refreshed_at = 0`
}()

// accounts gives a key to each account. A key once given stays, also when its sync fails.
func (w *writer) accounts(ctx context.Context, users []domain.User) (map[string]int64, error) {
	var doc document
	for i := range users {
		doc.value(users[i].AccountID)
	}
	text := doc.String()
	if _, err := w.tx.ExecContext(ctx, `INSERT INTO main.accounts (source, account_id)
		SELECT ?1, value FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING`, w.source, text); err != nil {
		return nil, fmt.Errorf("intern accounts: %w", err)
	}
	ids := make(map[string]int64, len(users))
	err := eachRow(ctx, w.tx, func(rows *sql.Rows) error {
		var id int64
		var account string
		if err := scanRow(rows, &id, &account); err != nil {
			return err
		}
		ids[account] = id
		return nil
	}, `SELECT id, account_id FROM main.accounts WHERE source = ?1 AND account_id IN (SELECT value FROM json_each(?2))`, w.source, text)
	if err != nil {
		return nil, fmt.Errorf("read the keys of accounts: %w", err)
	}
	return ids, nil
}

// facts writes directories, roles, access and memberships of people.
func (w *writer) facts(ctx context.Context, users []domain.User, ids map[string]int64) error {
	var directories, roles, access, memberships document
	for i := range users {
		u := &users[i]
		id := ids[clean(u.AccountID)]
		for _, m := range u.Memberships {
			pair, err := packPair(id, w.ref(refDirectory, m.DirectoryID))
			if err != nil {
				return err
			}
			directories.number(packDay(pair, int32(statusCodes[m.Status])))
		}
		for _, r := range u.PlatformRoles {
			roles.row(id, r)
		}
		for _, a := range u.Access {
			pair, err := packPair(id, w.ref(refApp, a.AppID))
			if err != nil {
				return err
			}
			access.number(packDay(pair, unixDay(a)))
		}
		for _, g := range u.GroupIDs {
			pair, err := packPair(id, w.ref(refGroup, g))
			if err != nil {
				return err
			}
			memberships.number(pair)
		}
		if err := w.flush(ctx, factsPerStatement, &directories, &roles, &access, &memberships); err != nil {
			return err
		}
	}
	return w.flush(ctx, 1, &directories, &roles, &access, &memberships)
}

// flush executes the documents that have at least that many rows. The same fact delivered twice is one row: the greater
// status, the later day.
func (w *writer) flush(ctx context.Context, rows int, directories, roles, access, memberships *document) error {
	for _, part := range []struct {
		doc       *document
		statement string
	}{
		{directories, `INSERT INTO staged.user_directories (source, user_id, directory_id, status)
			SELECT ?1, ` + unpackDayUser + `, ` + unpackDayRef + `, ` + unpackDay + ` FROM ` + packedValues + ` WHERE true
			ON CONFLICT DO UPDATE SET status = max(status, excluded.status)`},
		{roles, `INSERT INTO staged.user_roles (source, user_id, role)
			SELECT ?1, value ->> 0, value ->> 1 FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING`},
		{access, `INSERT INTO staged.access (source, user_id, app_id, day)
			SELECT ?1, ` + unpackDayUser + `, ` + unpackDayRef + `, ` + unpackDay + ` FROM ` + packedValues + ` WHERE true
			ON CONFLICT DO UPDATE SET day = max(day, excluded.day)`},
		{memberships, `INSERT INTO staged.memberships (source, user_id, group_id)
			SELECT ?1, ` + unpackPairUser + `, ` + unpackPairRef + ` FROM ` + packedValues + ` WHERE true ON CONFLICT DO NOTHING`},
	} {
		if part.doc.rows < rows {
			continue
		}
		if err := w.exec(ctx, part.doc, part.statement); err != nil {
			return err
		}
	}
	return nil
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
