package mirrordb

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// received is what a sync knows about a person of whom something was delivered.
type received struct {
	id     int64
	kept   digest // of the copy's rows, zero when nothing is known of them
	sum    digest // of all that was delivered so far, zero when nothing was
	staged bool   // the rows were staged, because they are other ones than the copy's
}

// people stages people with all that belongs to them, unless the copy has the same rows.
func (w *writer) people(ctx context.Context, users []domain.User) error {
	if len(users) == 0 {
		return nil
	}
	accounts := make([]string, len(users))
	for i := range users {
		accounts[i] = users[i].AccountID
	}
	known, err := w.receive(ctx, accounts)
	if err != nil {
		return err
	}
	order := make([]int, len(users))
	for i := range order {
		order[i] = i
	}
	// In the order of their keys, which is that of the tables: rows are written at half the cost where one follows the
	// other.
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(known[a].id, known[b].id) })
	r := &w.buffer
	defer r.empty()
	var sums []any
	var again sqlite.Document // whoever was taken for unchanged, of whom another piece came
	var scratch []byte
	for _, i := range order {
		p, before := known[i], r.mark()
		r.add(w, p.id, &users[i])
		var x digest
		x, scratch = r.digest(scratch, w.db.Newest(), before)
		switch first := p.sum == (digest{}); {
		case p.staged:
		case first && x != p.kept:
			p.staged = true
		case !first && p.sum == p.kept:
			p.staged = true
			again.Number(p.id)
		default:
			// Unchanged; or somebody else has written about the person after the first piece came, and the next full
			// sync looks again.
			r.cut(before)
		}
		p.sum = p.sum.plus(x)
		sums = append(sums, p.id, p.sum[:], int64(users[i].Billable))
	}
	if err := w.stageFromCopy(ctx, again); err != nil {
		return err
	}
	if err := w.insert(ctx, r, pieces); err != nil {
		return err
	}
	return w.db.Insert(ctx, sqlite.Insertion{
		Into: w.sql("sync.received (user_id, digest, billable)"), Row: "(?, ?, ?)",
		Then: "ON CONFLICT DO UPDATE SET digest = excluded.digest, billable = max(billable, excluded.billable)",
	}, sums)
}

// stageFromCopy stages people as they stand in the copy. ids is a document of their keys.
func (w *writer) stageFromCopy(ctx context.Context, ids sqlite.Document) error {
	columns := "id, source, " + userNames("")
	statements := []string{"INSERT INTO staged.users (" + columns + ", removed_at, refreshed_at) SELECT " + columns +
		", 0, 0 FROM main.users WHERE source = ?1 AND id IN (SELECT value FROM json_each(?2))"}
	for _, t := range setTables {
		statements = append(statements, "INSERT INTO staged."+t.name+" ("+t.columns()+") SELECT "+t.columns()+
			" FROM main."+t.name+" WHERE source = ?1 AND user_id IN (SELECT value FROM json_each(?2))")
	}
	for _, statement := range statements {
		these := ids
		if err := w.exec(ctx, &these, statement); err != nil {
			return err
		}
	}
	return nil
}

// facts keeps what a second list of the source tells about people, until everybody is there whom it may be about.
func (w *writer) facts(ctx context.Context, all []domain.AccountFact) error {
	accounts := make([]string, len(all))
	for i, f := range all {
		accounts[i] = f.AccountID
	}
	known, err := w.receive(ctx, accounts)
	if err != nil {
		return err
	}
	var values []any
	for i, f := range all {
		values = append(values, known[i].id, int64(f.Billable))
	}
	return w.db.Insert(ctx, sqlite.Insertion{
		Into: w.sql("sync.facts (user_id, billable)"), Row: "(?, ?)",
		Then: "ON CONFLICT DO UPDATE SET billable = max(billable, excluded.billable)",
	}, values)
}

// receive tells what is known about each account, and gives keys to those that have none. A key once given stays, also
// when its sync fails.
func (w *writer) receive(ctx context.Context, accounts []string) ([]*received, error) {
	names := make([]string, len(accounts))
	for i, account := range accounts {
		names[i] = sqlite.Clean(account)
	}
	known := make(map[string]*received, len(names))
	steps := []func(context.Context, []string, map[string]*received) error{w.readAccounts, w.addAccounts,
		w.readAccounts}
	if w.first() { // nearly all are new
		steps = steps[1:]
	}
	for _, step := range steps {
		if err := step(ctx, without(names, known), known); err != nil {
			return nil, err
		}
	}
	all := make([]*received, len(names))
	for i, name := range names {
		if all[i] = known[name]; all[i] == nil {
			return nil, domain.Errorf(domain.Internal, "The local copy gave a person no key.").WithHint("Sync again.")
		}
	}
	return all, nil
}

// without gives the names of which nothing is known yet, each once.
func without(names []string, known map[string]*received) []string {
	var left []string
	seen := make(map[string]bool, len(names))
	for _, name := range names {
		if known[name] == nil && !seen[name] {
			seen[name] = true
			left = append(left, name)
		}
	}
	return left
}

// readAccounts reads what is known about those accounts that have a key.
func (w *writer) readAccounts(ctx context.Context, names []string, known map[string]*received) error {
	if len(names) == 0 {
		return nil
	}
	columns, joins := "NULL, x'', 0", ""
	if w.schema != "" { // else somebody was read alone
		columns = "d.digest, r.digest, s.id IS NOT NULL"
		joins = ` LEFT JOIN main.digests d ON d.source = ?1 AND d.user_id = a.id
			LEFT JOIN sync.received r ON r.user_id = a.id LEFT JOIN staged.users s ON s.id = a.id`
	}
	var account string
	var kept, sum sql.RawBytes
	err := sqlite.Each(ctx, w.tx, func(rows *sql.Rows) error {
		p := new(received)
		err := sqlite.Scan(rows, &p.id, &account, &kept, &sum, &p.staged)
		copy(p.kept[:], kept)
		copy(p.sum[:], sum)
		known[account] = p
		return err
	}, w.sql(`SELECT a.id, a.account_id, `+columns+` FROM json_each(?2) j
		CROSS JOIN main.accounts a ON a.source = ?1 AND a.account_id = j.value`+joins), w.source, sqlite.Texts(names))
	if err != nil {
		return fmt.Errorf("read the keys of accounts: %w", err)
	}
	return nil
}

// addAccounts gives keys to accounts, counted up in their order. Those that have one already keep it, and then all have
// to be read. (OR IGNORE cannot fail halfway, so that SQLite need not keep every page as it was, as it does for ON
// CONFLICT.)
func (w *writer) addAccounts(ctx context.Context, names []string, known map[string]*received) error {
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
	for i, name := range names {
		known[name] = &received{id: last + 1 + int64(i)}
	}
	return nil
}
