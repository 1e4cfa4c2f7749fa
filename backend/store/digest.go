package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"

	"seatkeeper/backend/domain"
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

// delivery is what a read has delivered so far, as digests by person.
type delivery struct {
	digester
	at     map[digest]int32 // by digest of the account id: the place in people
	people []deliveredPerson

	row, facts []byte // of the user that is being added
	encoder
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

func newDelivery(schema int) *delivery {
	return &delivery{digester: newDigester(schema), at: map[digest]int32{}}
}

// key names a person.
func (d *delivery) key(accountID string) digest { return of(&d.digester, 'k', clean(accountID)) }

// wrote adds a batch that was staged, with the keys of its people.
func (d *delivery) wrote(b domain.Batch, ids []int64) {
	for i := range b.Users {
		_, p := d.user(&b.Users[i])
		p.id = ids[i]
	}
	for _, f := range b.Accounts {
		d.fact(f)
	}
}

// spool adds a batch that is not staged yet. keep gets each piece by the person's key, encoded.
func (d *delivery) spool(b domain.Batch, keep func(kind byte, key digest, parts ...[]byte) error) error {
	for i := range b.Users {
		key, _ := d.user(&b.Users[i])
		if err := keep(spooledUser, key, d.row, d.facts); err != nil {
			return err
		}
	}
	for _, f := range b.Accounts {
		if key, known := d.fact(f); known {
			if err := keep(spooledFact, key, encodeFact(f)); err != nil {
				return err
			}
		}
	}
	return nil
}

// user adds what a user says, and leaves it encoded in d.row and d.facts.
func (d *delivery) user(u *domain.User) (key digest, p *deliveredPerson) {
	key = d.key(u.AccountID)
	d.row, d.facts = encodeRow(d.row[:0], u), d.encodeFacts(d.facts[:0], u)
	i, known := d.at[key]
	if !known {
		i = int32(len(d.people))
		d.at[key] = i
		d.people = append(d.people, deliveredPerson{})
	}
	p = &d.people[i]
	p.add(of(&d.digester, 'f', d.facts))
	p.step(&d.digester, of(&d.digester, 'r', d.row))
	return key, p
}

// fact adds what an account fact says; of people who have not come yet it says nothing.
func (d *delivery) fact(f domain.AccountFact) (key digest, known bool) {
	key = d.key(f.AccountID)
	i, known := d.at[key]
	if known {
		d.people[i].step(&d.digester, of(&d.digester, 'b', []byte{byte(f.Billable)}))
	}
	return key, known
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

// changed tells whether the person of a key has to be staged.
func (d *delivery) changed(key digest) bool {
	i, known := d.at[key]
	return known && !d.people[i].unchanged
}

// compare finds out who is in the copy as delivered, and who of the copy was not delivered.
func (d *delivery) compare(ctx context.Context, tx *sql.Tx, source int64) (missing []int64, err error) {
	for i := range d.people {
		d.people[i].unchanged = false
	}
	var id int64
	var account string
	var kept sql.RawBytes
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		if err := scanRow(rows, &id, &account, &kept); err != nil {
			return err
		}
		i, delivered := d.at[d.key(account)]
		if !delivered {
			missing = append(missing, id)
			return nil
		}
		sum := d.people[i].digest()
		d.people[i].unchanged = string(kept) == string(sum[:])
		return nil
	}, `SELECT u.id, u.account_id, d.digest FROM main.users u LEFT JOIN main.digests d ON d.source = ?1 AND d.user_id = u.id
		WHERE u.source = ?1 AND u.removed_at = 0`, source)
	return missing, err
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
func (g *stager) stageDigests(ctx context.Context, tx *sql.Tx) error {
	order := make([]int32, 0, len(g.staged.people))
	for i, p := range g.staged.people {
		if p.id != 0 {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(g.staged.people[a].id, g.staged.people[b].id) })
	sums := make([]byte, 0, usersPerStatement*len(digest{}))
	for chunk := range slices.Chunk(order, usersPerStatement) {
		var ids document
		sums = sums[:0]
		for _, i := range chunk {
			p := &g.staged.people[i]
			ids.number(p.id)
			sum := p.digest()
			sums = append(sums, sum[:]...)
		}
		if _, err := execute(ctx, tx, g.sql(`INSERT INTO staged.digests (source, user_id, digest)
			SELECT ?1, value, substr(?3, 16 * key + 1, 16) FROM json_each(?2)`), g.source, ids.String(), sums); err != nil {
			return fmt.Errorf("keep digests: %w", err)
		}
	}
	_, err := execute(ctx, tx, g.sql(`DELETE FROM staged.digests WHERE source = ?1 AND user_id IN
		(SELECT id FROM staged.users WHERE source = ?1 AND refreshed_at <> 0)`), g.source)
	return err
}
