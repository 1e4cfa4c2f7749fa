package mirrordb

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// EachUser calls fn for each current person of a source, by ID, with the scalar fields, PlatformRoles and Memberships;
// all are of one moment. fn may keep what it gets. An error of fn ends it and is returned.
func (s *Store) EachUser(ctx context.Context, sourceID string, fn func(domain.User) error) error {
	return s.db.View(ctx, "read the people", func(tx *sql.Tx) error {
		r, err := newPeopleReader(ctx, tx, sourceID)
		if err != nil {
			return err
		}
		return r.each(ctx, "u.source = ?1 AND u.removed_at = 0", "source = ?1", []any{r.source}, fn)
	})
}

// EachAccess calls fn for each app that a current person of a source may open, by person. day is the last activity in
// unix days, 0 for never, -1 when it is not known.
func (s *Store) EachAccess(ctx context.Context, sourceID string, fn func(userID, appID int64, day int32) error) error {
	return s.eachFact(ctx, sourceID, func(r *peopleReader) string { return r.accessDays("source = ?") }, fn)
}

// EachMembership calls fn for each group that a current person of a source is in, by person.
func (s *Store) EachMembership(ctx context.Context, sourceID string, fn func(userID, groupID int64) error) error {
	statement := func(*peopleReader) string { return "SELECT user_id, group_id, 0 FROM memberships WHERE source = ?" }
	return s.eachFact(ctx, sourceID, statement, func(user, group int64, _ int32) error {
		return fn(user, group)
	})
}

// eachFact walks a set table. Removed people keep their rows there; they are few, so they are left out here.
func (s *Store) eachFact(
	ctx context.Context, sourceID string, statement func(*peopleReader) string, fn func(int64, int64, int32) error,
) error {
	return s.db.View(ctx, "read the people", func(tx *sql.Tx) error {
		r, err := newPeopleReader(ctx, tx, sourceID)
		if err != nil {
			return err
		}
		removed := map[int64]bool{}
		err = sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			var id int64
			err := sqlite.Scan(rows, &id)
			removed[id] = true
			return err
		}, "SELECT id FROM users WHERE source = ? AND removed_at <> 0", r.source)
		if err != nil {
			return err
		}
		var user, ref int64
		var day int32
		return sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
			if err := sqlite.Scan(rows, &user, &ref, &day); err != nil || removed[user] {
				return err
			}
			return fn(user, ref, day)
		}, statement(r), r.source)
	})
}

// peopleReader reads people of one source within one transaction.
type peopleReader struct {
	tx          *sql.Tx
	source      int64
	directories map[int64]string // Atlassian's id by key
	imported    bool             // files were imported
}

// newPeopleReader finds the source and its directories. Of a source that was never synced it reads nobody.
func newPeopleReader(ctx context.Context, tx *sql.Tx, sourceID string) (*peopleReader, error) {
	r := &peopleReader{tx: tx}
	// Without the index: were that damaged, a source would look as if it had nobody.
	err := sqlite.Each(ctx, tx, func(rows *sql.Rows) error { return sqlite.Scan(rows, &r.source) },
		"SELECT key FROM sources NOT INDEXED WHERE source_id = ?", sourceID)
	if err != nil {
		return nil, fmt.Errorf("find the source: %w", err)
	}
	if err := r.hasImports(ctx); err != nil {
		return nil, err
	}
	r.directories, err = r.names(ctx, refDirectory)
	return r, err
}

// names reads Atlassian's ids of one kind by key.
func (r *peopleReader) names(ctx context.Context, kind refKind) (map[int64]string, error) {
	names := map[int64]string{}
	err := sqlite.Each(ctx, r.tx, func(rows *sql.Rows) error {
		var id int64
		var ref string
		err := sqlite.Scan(rows, &id, &ref)
		names[id] = ref
		return err
	}, "SELECT id, ref FROM refs WHERE source = ? AND kind = ?", r.source, kind)
	if err != nil {
		return nil, fmt.Errorf("read ids: %w", err)
	}
	return names, nil
}

// each walks the people of a condition, in step with their directories and roles, whose tables are in the same order.
// facts is the same condition for these.
func (r *peopleReader) each(ctx context.Context, people, facts string, args []any, fn func(domain.User) error) error {
	rows, err := sqlite.Query(ctx, r.tx,
		"SELECT u.id, "+userNames("u.")+", u.removed_at, u.refreshed_at FROM users u WHERE "+people+" ORDER BY u.id",
		args)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	directories, err := newFacts(ctx, r.tx,
		"SELECT user_id, directory_id, status FROM user_directories WHERE "+facts+" ORDER BY user_id, directory_id",
		args)
	if err != nil {
		return err
	}
	defer directories.close()
	roles, err := newFacts(ctx, r.tx, "SELECT user_id, role, 0 FROM user_roles WHERE "+facts+" ORDER BY user_id, role",
		args)
	if err != nil {
		return err
	}
	defer roles.close()
	files, err := newImported(ctx, r, facts, args)
	if err != nil {
		return err
	}
	defer files.close()
	ages, err := r.ages(ctx)
	if err != nil {
		return err
	}
	scanner := newUserScanner()
	for rows.Next() {
		u, refreshed, err := scanner.scan(rows)
		if err != nil {
			return err
		}
		ages.of(&u, refreshed)
		err = directories.of(u.ID, func(f *factReader) {
			var key int64
			key, _ = f.key.(int64)
			u.Memberships = append(u.Memberships, domain.DirectoryMembership{DirectoryID: r.directories[key],
				Status: statusOf(f.value)})
		})
		if err != nil {
			return err
		}
		err = roles.of(u.ID, func(f *factReader) {
			role, _ := f.key.(string)
			u.PlatformRoles = append(u.PlatformRoles, role)
		})
		if err != nil {
			return err
		}
		if err := files.into(&u); err != nil {
			return err
		}
		if err := fn(u); err != nil {
			return err
		}
	}
	return sqlite.End(rows)
}

// userScanner reads the columns of users: id first, then userColumns, then removed_at and refreshed_at.
type userScanner struct {
	u                  domain.User
	removed, refreshed int64
	codes              []int64 // of columns that are kept otherwise than a person has them
	into               []any
}

func newUserScanner() *userScanner {
	s := &userScanner{codes: make([]int64, len(userColumns))}
	s.into = append(s.into, &s.u.ID)
	for i, c := range userColumns {
		switch field := c.field(&s.u).(type) {
		case *string, *domain.Tri:
			s.into = append(s.into, field)
		default:
			s.into = append(s.into, &s.codes[i])
		}
	}
	s.into = append(s.into, &s.removed, &s.refreshed)
	return s
}

// scan reads a row; refreshed is when the person alone was read.
func (s *userScanner) scan(rows *sql.Rows) (u domain.User, refreshed int64, err error) {
	s.u = domain.User{}
	if err := sqlite.Scan(rows, s.into...); err != nil {
		return s.u, 0, err
	}
	for i, c := range userColumns {
		switch field := c.field(&s.u).(type) {
		case *domain.Status:
			*field = statusOf(int(s.codes[i]))
		case *time.Time:
			*field = sqlite.FromUnix(s.codes[i])
		}
	}
	s.u.RemovedAt = sqlite.FromUnix(s.removed)
	return s.u, s.refreshed, nil
}

// factReader walks rows (person, key, value) that are sorted by person, in step with the people.
type factReader struct {
	rows  *sql.Rows
	user  int64 // of the row that is waiting
	key   any
	value int
	done  bool
}

func newFacts(ctx context.Context, tx *sql.Tx, statement string, args []any) (*factReader, error) {
	rows, err := sqlite.Query(ctx, tx, statement, args)
	if err != nil {
		return nil, err
	}
	f := &factReader{rows: rows}
	return f, f.next()
}

func (f *factReader) next() error {
	if !f.rows.Next() {
		f.done = true
		return sqlite.End(f.rows)
	}
	return sqlite.Scan(f.rows, &f.user, &f.key, &f.value)
}

// of calls fn for each row of that person, and skips rows of people before.
func (f *factReader) of(user int64, fn func(*factReader)) error {
	for !f.done && f.user <= user {
		if f.user == user {
			fn(f)
		}
		if err := f.next(); err != nil {
			return err
		}
	}
	return nil
}

func (f *factReader) close() { _ = f.rows.Close() }
