package mirrordb

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/store/sqlite"
)

// spool keeps what a sync delivers about people, in the order of delivery, until it is known of whom it has to be staged. It is a file,
// because it holds everybody.
//
// A record is its length and the encoded user or fact.
type spool struct {
	file    *os.File
	out     *bufio.Writer
	head    []byte
	records uint32
}

// maxSpooled bounds a record.
const maxSpooled = 64 << 20

func newSpool(path string) (*spool, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_RDWR, 0o600) //nolint:gosec // stagingFile names it, after a number
	if err != nil {
		return nil, fmt.Errorf("make the sync's spool: %w", err)
	}
	return &spool{file: f, out: bufio.NewWriterSize(f, 1<<17)}, nil
}

// keep adds a record and gives its number.
func (s *spool) keep(parts ...[]byte) (n uint32, err error) {
	size := 0
	for _, p := range parts {
		size += len(p)
	}
	s.head = binary.AppendUvarint(s.head[:0], uint64(size))
	_, err = s.out.Write(s.head)
	for _, p := range parts {
		if err == nil {
			_, err = s.out.Write(p)
		}
	}
	if err != nil {
		return 0, fmt.Errorf("keep what was delivered: %w", err)
	}
	n = s.records
	s.records++
	return n, nil
}

// each calls fn with what the wanted records hold, some at a time, in the order of delivery.
func each[T any](s *spool, wanted func(uint32) bool, decode func(*decoder) T, fn func([]T) error) error {
	err := s.out.Flush()
	if err == nil {
		_, err = s.file.Seek(0, io.SeekStart)
	}
	in := bufio.NewReaderSize(s.file, 1<<17)
	var some []T
	for n := uint32(0); err == nil && n < s.records; n++ {
		var body []byte
		if body, err = next(in, wanted(n)); err != nil || body == nil {
			continue
		}
		d := decoder{rest: body}
		some = append(some, decode(&d))
		if d.broken || len(d.rest) > 0 {
			return domain.Errorf(domain.Internal, "What the sync has received cannot be read any more.").WithHint("Sync again.")
		}
		if len(some) == usersPerStatement {
			if err := fn(some); err != nil {
				return err
			}
			some = some[:0]
		}
	}
	if err != nil {
		return fmt.Errorf("read what was delivered: %w", err)
	}
	if len(some) == 0 {
		return nil
	}
	return fn(some)
}

// next reads the next record, nil for one that is not wanted.
func next(in *bufio.Reader, wanted bool) (body []byte, err error) {
	n, err := binary.ReadUvarint(in)
	if err != nil || n > maxSpooled {
		return nil, errors.Join(io.ErrUnexpectedEOF, err)
	}
	if !wanted {
		_, err = in.Discard(int(n))
		return nil, err //nolint:wrapcheck // the caller says what was tried
	}
	body = make([]byte, n)
	_, err = io.ReadFull(in, body)
	return body, err //nolint:wrapcheck // as above
}

// end deletes the file.
func (s *spool) end() error {
	return errors.Join(s.file.Close(), os.Remove(s.file.Name())) //nolint:gosec // stagingFile named it, after a number
}

// rowTexts are the texts of a user's own row.
func rowTexts(u *domain.User) [11]*string {
	return [...]*string{
		&u.AccountID, &u.AccountType, &u.Name, &u.Nickname, &u.Email, &u.Origin,
		&u.JobTitle, &u.Department, &u.Organization, &u.Location, &u.TimeZone,
	}
}

// rowFlags are its three-valued columns.
func rowFlags(u *domain.User) [4]*domain.Tri {
	return [...]*domain.Tri{&u.EmailVerified, &u.Managed, &u.MFA, &u.Billable}
}

// encodeRow appends what a user's own row is made from.
func encodeRow(b []byte, u *domain.User) []byte {
	for _, t := range rowTexts(u) {
		b = appendString(b, *t)
	}
	for _, f := range rowFlags(u) {
		b = append(b, byte(*f))
	}
	return binary.AppendVarint(binary.AppendVarint(b, sqlite.ToUnix(u.AddedAt)), sqlite.ToUnix(u.DeactivatedAt))
}

// encoder holds what sorting needs.
type encoder struct {
	directories []domain.DirectoryMembership
	texts       []string
	access      []domain.AppAccess
}

// encodeFacts appends what a user's other rows are made from, so that the same facts in another order are the same bytes; and the status, of
// which the greater one holds whichever came first.
func (e *encoder) encodeFacts(b []byte, u *domain.User) []byte {
	b = append(b, byte(statusCode(u)))
	directories := sorted(&e.directories, u.Memberships, func(a, b domain.DirectoryMembership) int {
		return cmp.Or(strings.Compare(a.DirectoryID, b.DirectoryID), strings.Compare(string(a.Status), string(b.Status)))
	})
	b = binary.AppendUvarint(b, uint64(len(directories)))
	for _, m := range directories {
		b = append(appendString(b, m.DirectoryID), byte(statusCodes[m.Status]))
	}
	access := sorted(&e.access, u.Access, func(a, b domain.AppAccess) int {
		return cmp.Or(strings.Compare(a.AppID, b.AppID), cmp.Compare(unixDay(a), unixDay(b)))
	})
	b = binary.AppendUvarint(b, uint64(len(access)))
	for _, a := range access {
		b = binary.AppendVarint(appendString(b, a.AppID), int64(unixDay(a)))
	}
	for _, texts := range [][]string{u.PlatformRoles, u.GroupIDs} {
		texts = sorted(&e.texts, texts, strings.Compare)
		b = binary.AppendUvarint(b, uint64(len(texts)))
		for _, t := range texts {
			b = appendString(b, t)
		}
	}
	return b
}

func encodeFact(f domain.AccountFact) []byte {
	return append(appendString(nil, f.AccountID), byte(f.Billable))
}

func (d *decoder) fact() domain.AccountFact {
	return domain.AccountFact{AccountID: d.text(), Billable: domain.Tri(d.byte())}
}

// sorted gives the values in order; scratch is where they are sorted.
func sorted[T any](scratch *[]T, values []T, compare func(a, b T) int) []T {
	if slices.IsSortedFunc(values, compare) {
		return values
	}
	*scratch = append((*scratch)[:0], values...)
	slices.SortFunc(*scratch, compare)
	return *scratch
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// decoder is the way back. The user that comes out makes the same rows.
type decoder struct {
	rest   []byte
	broken bool
}

func (d *decoder) user() (u domain.User) {
	for _, t := range rowTexts(&u) {
		*t = d.text()
	}
	for _, f := range rowFlags(&u) {
		*f = domain.Tri(d.byte())
	}
	u.AddedAt, u.DeactivatedAt = sqlite.FromUnix(d.number()), sqlite.FromUnix(d.number())
	u.Status = statusOf(int(d.byte()))
	for range d.count() {
		u.Memberships = append(u.Memberships, domain.DirectoryMembership{DirectoryID: d.text(), Status: statusOf(int(d.byte()))})
	}
	for range d.count() {
		a := domain.AppAccess{AppID: d.text(), Known: true}
		switch day := d.number(); {
		case day < 0:
			a.Known = false
		case day > 0:
			a.LastActive = time.Unix(day*int64((24*time.Hour).Seconds()), 0)
		}
		u.Access = append(u.Access, a)
	}
	for _, texts := range []*[]string{&u.PlatformRoles, &u.GroupIDs} {
		for range d.count() {
			*texts = append(*texts, d.text())
		}
	}
	return u
}

func (d *decoder) byte() byte {
	if len(d.rest) == 0 {
		d.broken = true
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

func (d *decoder) number() int64 {
	n, size := binary.Varint(d.rest)
	d.skip(size)
	return n
}

// count reads how many values follow; each takes at least a byte.
func (d *decoder) count() int {
	n, size := binary.Uvarint(d.rest)
	d.skip(size)
	if n > uint64(len(d.rest)) {
		d.broken = true
		return 0
	}
	return int(n)
}

func (d *decoder) text() string {
	n := d.count()
	s := string(d.rest[:n])
	d.rest = d.rest[n:]
	return s
}

func (d *decoder) skip(size int) {
	if size <= 0 {
		d.broken, d.rest = true, nil
		return
	}
	d.rest = d.rest[size:]
}
