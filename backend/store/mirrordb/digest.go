package mirrordb

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// A full sync that finds little changed must cost little, so the copy keeps for every person a digest of all that the full sync delivered
// from which the person's rows were made. The next one compares digests and stages only of whom another one comes.
//
// A digest stands for rows, so it must go with every write that may change them, in the same transaction: the note methods do that, and
// a write that does not say whom it was about drops them all. One that is missing or differs though the rows are equal costs time only.

// digest is 128 bits of SHA-256.
type digest [16]byte

// digester makes digests of what is delivered.
type digester struct {
	input []byte // what is being digested, after a prefix that is always the same
	fixed int
}

// newDigester begins every digest with the schema of the copy: rows that an older program made may lack what this one would write.
func newDigester(schema int) digester {
	input := binary.AppendUvarint(nil, uint64(schema))
	return digester{input: input, fixed: len(input)}
}

// of digests a text, told apart from those of other kinds.
func of[T string | []byte](d *digester, kind byte, text T) digest {
	d.input = append(append(d.input[:d.fixed], kind), text...)
	sum := sha256.Sum256(d.input)
	return digest(sum[:16])
}

// delivery is what a read has delivered so far, in pieces that are summed up by person.
type delivery struct {
	digester
	*pieces
	somebody bool // a user came

	first, last int64 // the least and the greatest key of those who were staged

	row, facts []byte // of the user that is being added
	encoder
}

// newDelivery makes an empty one with its file.
func newDelivery(schema int, path string) (*delivery, error) {
	p, err := newPieces(path)
	return &delivery{digester: newDigester(schema), pieces: p}, err
}

// key names a person.
func (d *delivery) key(accountID string) digest { return of(&d.digester, 'k', sqlite.Clean(accountID)) }

// user makes a piece of what a user says, and leaves it encoded in d.row and d.facts.
func (d *delivery) user(u *domain.User) piece {
	d.somebody = true
	d.row, d.facts = encodeRow(d.row[:0], u), d.encodeFacts(d.facts[:0], u)
	return piece{kind: userPiece, person: d.key(u.AccountID), facts: of(&d.digester, 'f', d.facts), row: of(&d.digester, 'r', d.row)}
}

// fact makes a piece of what an account fact says.
func (d *delivery) fact(f domain.AccountFact) piece {
	return piece{kind: factPiece, person: d.key(f.AccountID), row: of(&d.digester, 'b', []byte{byte(f.Billable)})}
}

// wrote adds a batch that was staged, with the keys of its people.
func (d *delivery) wrote(b domain.Batch, ids []int64) error {
	for i := range b.Users {
		x := d.user(&b.Users[i])
		x.id = ids[i]
		if d.first == 0 || x.id < d.first {
			d.first = x.id
		}
		d.last = max(d.last, x.id)
		if err := d.add(x); err != nil {
			return err
		}
	}
	for _, f := range b.Accounts {
		if err := d.add(d.fact(f)); err != nil {
			return err
		}
	}
	return nil
}

// deliveredPerson sums up what came about one person. Facts of several users that a read delivers of the same person (one for each
// directory) count the same in any order. Their rows do not, because the later one may win; the same row again changes nothing.
type deliveredPerson struct {
	low, high uint64 // the sum
	last      digest // of the row that came last
	rows      uint32
	unchanged bool  // the copy holds the rows of this delivery
	id        int64 // the key, once the person is staged
}

// step adds a row after those that came before it.
func (p *deliveredPerson) step(d *digester, row digest) {
	if p.rows > 0 && row == p.last {
		return
	}
	p.rows++
	p.last = row
	if p.rows > 1 {
		row = of(d, 's', append(binary.AppendUvarint(nil, uint64(p.rows)), row[:]...))
	}
	p.add(row)
}

func (p *deliveredPerson) add(x digest) {
	var carry uint64
	p.low, carry = bits.Add64(p.low, binary.LittleEndian.Uint64(x[:8]), 0)
	p.high, _ = bits.Add64(p.high, binary.LittleEndian.Uint64(x[8:]), carry)
}

func (p *deliveredPerson) digest() (sum digest) {
	binary.LittleEndian.PutUint64(sum[:8], p.low)
	binary.LittleEndian.PutUint64(sum[8:], p.high)
	return sum
}

// deliveredPart is what came about a part of the people. It is used again for the next part.
type deliveredPart struct {
	pieces []piece
	at     map[digest]int32 // by person: the place in people
	people []deliveredPerson
}

// each calls fn with one part of the people after the other. Facts count after all rows, as they are staged; of people who did not come
// they say nothing.
func (d *delivery) each(fn func(part int, x *deliveredPart) error) (err error) {
	x := deliveredPart{at: map[digest]int32{}}
	for n := range peopleParts {
		clear(x.at)
		x.people = x.people[:0]
		if x.pieces, err = d.read(x.pieces[:0], n); err != nil {
			return err
		}
		for _, came := range x.pieces {
			if came.kind != userPiece {
				continue
			}
			i, known := x.at[came.person]
			if !known {
				i = int32(len(x.people))
				x.at[came.person] = i
				x.people = append(x.people, deliveredPerson{id: came.id})
			}
			p := &x.people[i]
			p.add(came.facts)
			p.step(&d.digester, came.row)
		}
		for _, came := range x.pieces {
			if i, known := x.at[came.person]; known && came.kind == factPiece {
				x.people[i].step(&d.digester, came.row)
			}
		}
		if err := fn(n, &x); err != nil {
			return err
		}
	}
	return nil
}

// count tells how many different people came.
func (d *delivery) count() (n int, err error) {
	err = d.each(func(_ int, x *deliveredPart) error {
		n += len(x.people)
		return nil
	})
	return n, err
}

// records is a set of records of a spool.
type records []uint64

func (r *records) add(n uint32) {
	for len(*r) <= int(n/64) {
		*r = append(*r, 0)
	}
	(*r)[n/64] |= 1 << (n % 64)
}

func (r *records) has(n uint32) bool { return int(n/64) < len(*r) && (*r)[n/64]&(1<<(n%64)) != 0 }

// comparison is what differs between a delivery and the copy.
type comparison struct {
	users, facts records // what came about people who are not in the copy as delivered
	missing      []int64 // who of the copy was not delivered
}

// compare finds out who is in the copy as delivered, and who of the copy was not delivered. The copy's people go through a file of their
// own, so that they come in the same parts.
func (d *delivery) compare(ctx context.Context, tx *sql.Tx, source int64) (found comparison, err error) {
	theirs, err := newPieces(d.file.Name() + "-copy")
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, theirs.drop()) }()
	var account string
	var kept sql.RawBytes
	err = sqlite.Each(ctx, tx, func(rows *sql.Rows) error {
		var x piece
		if err := sqlite.Scan(rows, &x.id, &account, &kept); err != nil {
			return err
		}
		x.person = d.key(account)
		if copy(x.row[:], kept) == len(x.row) {
			x.kind = userPiece
		}
		return theirs.add(x)
	}, `SELECT u.id, u.account_id, d.digest FROM main.users u LEFT JOIN main.digests d ON d.source = ?1 AND d.user_id = u.id
		WHERE u.source = ?1 AND u.removed_at = 0`, source)
	if err != nil {
		return found, err
	}
	var here []piece
	err = d.each(func(n int, x *deliveredPart) (err error) {
		if here, err = theirs.read(here[:0], n); err != nil {
			return err
		}
		for _, kept := range here {
			i, delivered := x.at[kept.person]
			if !delivered {
				found.missing = append(found.missing, kept.id)
				continue
			}
			x.people[i].unchanged = kept.kind == userPiece && kept.row == x.people[i].digest()
		}
		for _, came := range x.pieces {
			if i, known := x.at[came.person]; !known || x.people[i].unchanged {
				continue
			}
			if came.kind == userPiece {
				found.users.add(came.at)
			} else {
				found.facts.add(came.at)
			}
		}
		return nil
	})
	return found, err
}

// keepDigests makes the digests of what a full sync has written those of the copy.
func (m *merger) keepDigests(ctx context.Context) error {
	if m.schema == mainSchema {
		return m.stageDigests(ctx, m.tx)
	}
	_, err := m.exec(ctx, `INSERT INTO main.digests (source, user_id, digest) SELECT source, user_id, digest FROM staged.digests WHERE true
		ON CONFLICT DO UPDATE SET digest = excluded.digest`)
	return err
}

// stageDigests writes the digests of the people whom a full sync has staged. In a first sync these are the people of the copy; those who
// were read afresh meanwhile have other rows, and so none.
func (g *stager) stageDigests(ctx context.Context, tx *sql.Tx) (err error) {
	sums, err := g.staged.sums()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, sums.drop()) }()
	var part []piece
	var packed []byte
	for n := range peopleParts {
		if part, err = sums.read(part[:0], n); err != nil {
			return err
		}
		slices.SortFunc(part, func(a, b piece) int { return cmp.Compare(a.id, b.id) })
		for chunk := range slices.Chunk(part, usersPerStatement) {
			var ids sqlite.Document
			packed = packed[:0]
			for i := range chunk {
				ids.Number(chunk[i].id)
				packed = append(packed, chunk[i].row[:]...)
			}
			if _, err := sqlite.Exec(ctx, tx, g.sql(`INSERT INTO staged.digests (source, user_id, digest)
				SELECT ?1, value, substr(?3, 16 * key + 1, 16) FROM json_each(?2)`), g.source, ids.String(), packed); err != nil {
				return fmt.Errorf("keep digests: %w", err)
			}
		}
	}
	_, err = sqlite.Exec(ctx, tx, g.sql(`DELETE FROM staged.digests WHERE source = ?1 AND user_id IN
		(SELECT id FROM staged.users WHERE source = ?1 AND refreshed_at <> 0)`), g.source)
	return err
}

// sums are the digests of the people who were staged, apart by key: rows are written at half the cost where one follows the other.
func (d *delivery) sums() (*pieces, error) {
	sums, err := newPieces(d.file.Name() + "-sums")
	if err != nil {
		return nil, err
	}
	each := (d.last-d.first)/peopleParts + 1
	if err := d.each(func(_ int, x *deliveredPart) error {
		for i := range x.people {
			p := &x.people[i]
			if err := sums.add(piece{person: digest{byte((p.id - d.first) / each)}, row: p.digest(), id: p.id}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return nil, errors.Join(err, sums.drop())
	}
	return sums, nil
}
