package mirrordb

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// rows are rows about people on their way into SQLite, values one after the other.
type rows struct {
	users []any
	sets  [4][]any // by setTables

	pairs []pair // of one person
}

// pair is a directory, app or group of a person, with what is known about it.
type pair struct{ ref, value int64 }

// add adds the rows of a person, each in the order of its table.
func (r *rows) add(w *writer, key int64, u *domain.User) {
	var id any = key // in many rows, so it is made a value once
	r.users = append(r.users, id)
	for _, c := range userColumns {
		r.users = append(r.users, c.stored(u))
	}
	directories, roles, access, memberships := &r.sets[0], &r.sets[1], &r.sets[2], &r.sets[3]
	for _, m := range u.Memberships {
		r.pair(w.ref(refDirectory, m.DirectoryID), int64(statusCodes[m.Status]))
	}
	for _, p := range r.sorted() {
		*directories = append(*directories, id, p.ref, p.value)
	}
	for _, role := range sortedTexts(u.PlatformRoles) {
		*roles = append(*roles, id, sqlite.Clean(role))
	}
	for _, a := range u.Access {
		r.pair(w.ref(refApp, a.AppID), int64(unixDay(a)))
	}
	for _, p := range r.sorted() {
		*access = append(*access, id, p.ref, p.value)
	}
	for _, g := range u.GroupIDs {
		r.pair(w.ref(refGroup, g), 0)
	}
	for _, p := range r.sorted() {
		*memberships = append(*memberships, id, p.ref)
	}
}

func (r *rows) pair(ref, value int64) { r.pairs = append(r.pairs, pair{ref, value}) }

// sorted gives the pairs of one table; the next one begins anew.
func (r *rows) sorted() []pair {
	sorted := r.pairs
	slices.SortFunc(sorted, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.ref, b.ref),
			cmp.Compare(a.value, b.value))
	})
	r.pairs = r.pairs[:0]
	return sorted
}

func sortedTexts(texts []string) []string {
	if slices.IsSorted(texts) {
		return texts
	}
	return slices.Sorted(slices.Values(texts))
}

// mark tells how many values there are.
type mark [5]int

func (r *rows) mark() (m mark) {
	m[0] = len(r.users)
	for i := range r.sets {
		m[i+1] = len(r.sets[i])
	}
	return m
}

// empty takes everything away and keeps the memory, but not what the values stand for.
func (r *rows) empty() {
	clear(r.users)
	for _, values := range r.sets {
		clear(values)
	}
	r.cut(mark{})
}

// cut takes away what was added after a mark.
func (r *rows) cut(m mark) {
	r.users = r.users[:m[0]]
	for i := range r.sets {
		r.sets[i] = r.sets[i][:m[i+1]]
	}
}

// digest is 128 bits of SHA-256 about a person. It stands for rows: whoever has the same digest has the same rows.
type digest [16]byte

// digest gives the digest of what was added after a mark. It begins with the number of the schema, because rows that an
// older program made may lack what this one would write.
func (r *rows) digest(scratch []byte, schema int, m mark) (sum digest, _ []byte) {
	b := binary.AppendUvarint(scratch[:0], uint64(schema))
	b = appendValues(b, r.users[m[0]:])
	for i := range r.sets {
		b = appendValues(b, r.sets[i][m[i+1]:])
	}
	whole := sha256.Sum256(b)
	return digest(whole[:len(sum)]), b
}

// appendValues appends values so that other ones make other bytes.
func appendValues(b []byte, values []any) []byte {
	b = binary.AppendUvarint(b, uint64(len(values)))
	for _, v := range values {
		switch v := v.(type) {
		case int64:
			b = binary.AppendVarint(b, v)
		case string:
			b = append(binary.AppendUvarint(b, uint64(len(v))), v...)
		default:
			panic(fmt.Sprintf("mirrordb: a row takes no %T", v))
		}
	}
	return b
}

// plus is the digest of somebody who is delivered in two pieces: the same in either order, as the rows are.
func (d digest) plus(x digest) (sum digest) {
	low, carry := bits.Add64(binary.LittleEndian.Uint64(d[:8]), binary.LittleEndian.Uint64(x[:8]), 0)
	high, _ := bits.Add64(binary.LittleEndian.Uint64(d[8:]), binary.LittleEndian.Uint64(x[8:]), carry)
	binary.LittleEndian.PutUint64(sum[:8], low)
	binary.LittleEndian.PutUint64(sum[8:], high)
	return sum
}

// joining says what a row becomes of a person who has one already.
type joining int

const (
	// pieces joins what one sync delivers of a person in several pieces. Of two values the greater one holds, so that
	// the order does not count. Somebody who was read afresh while a first sync was running stays as that reading found
	// them.
	pieces joining = iota
	// newer joins a newer reading, which need not tell everything.
	newer
)

// users gives the assignments for the columns of users.
func (j joining) users() string {
	if j == newer {
		return joinColumns(func(c userColumn) string {
			return fmt.Sprintf("%[1]s = iif(excluded.%[1]s = %[2]s, %[1]s, excluded.%[1]s)", c.name, c.none())
		})
	}
	return joinColumns(func(c userColumn) string { return fmt.Sprintf("%[1]s = max(%[1]s, excluded.%[1]s)", c.name) }) +
		" WHERE refreshed_at = 0"
}

// insert writes rows about people.
func (w *writer) insert(ctx context.Context, r *rows, j joining) error {
	if err := w.db.Insert(ctx, sqlite.Insertion{
		Into: w.sql("staged.users (id, source, " + userNames("") + ", removed_at, refreshed_at)"),
		Row:  fmt.Sprintf("(?, %d, %s, 0, 0)", w.source, joinColumns(func(userColumn) string { return "?" })),
		Then: "ON CONFLICT DO UPDATE SET " + j.users(),
	}, r.users); err != nil {
		return err
	}
	for i, t := range setTables {
		row, then := "?, ?", "ON CONFLICT DO NOTHING"
		if t.value != "" {
			row, then = "?, ?, ?", fmt.Sprintf("ON CONFLICT DO UPDATE SET %[1]s = max(%[1]s, excluded.%[1]s)", t.value)
		}
		if err := w.db.Insert(ctx, sqlite.Insertion{
			Into: w.sql("staged." + t.name + " (" + t.columns() + ")"),
			Row:  fmt.Sprintf("(%d, %s)", w.source, row),
			Then: then,
		}, r.sets[i]); err != nil {
			return err
		}
	}
	return nil
}
