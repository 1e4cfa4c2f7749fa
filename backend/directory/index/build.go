package index

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/filter"
)

// Store delivers the current people of a source's local copy.
type Store interface {
	Freshness(ctx context.Context, sourceID string) (domain.Freshness, error)
	Apps(ctx context.Context, sourceID string) ([]domain.App, error)
	Groups(ctx context.Context, sourceID string) ([]domain.Group, error)
	Directories(ctx context.Context, sourceID string) ([]domain.Directory, error)
	// EachUser delivers scalar columns, PlatformRoles and Memberships.
	EachUser(ctx context.Context, sourceID string, fn func(domain.User) error) error
	// EachAccess delivers one row for each person and app; day is in days since 1970-01-01, 0 for never, -1 for unknown.
	EachAccess(ctx context.Context, sourceID string, fn func(userID, appID int64, day int32) error) error
	EachMembership(ctx context.Context, sourceID string, fn func(userID, groupID int64) error) error
}

// attempts is how often Build starts again when a sync has swapped the local copy between two reads.
const attempts = 4

// Build reads the local copy of a source. Every error names what was read.
func Build(ctx context.Context, store Store, sourceID string) (*Index, error) {
	for range attempts {
		b := &builder{ctx: ctx, store: store, sourceID: sourceID}
		ix, err := b.build()
		if err != nil {
			return nil, err
		}
		after, err := store.Freshness(ctx, sourceID)
		if err != nil {
			return nil, reading("the age of the local copy", err)
		}
		if after.Revision == ix.Freshness.Revision {
			return ix, nil
		}
	}
	return nil, domain.Errorf(domain.Stale, "The local copy changed again and again while it was read.").WithHint("Try again in a moment.")
}

type builder struct {
	ctx      context.Context //nolint:containedctx // lives for one build
	store    Store
	sourceID string
	ix       *Index
	table    []int32 // position by id - low, where the ids are dense
	low      int64
	dicts    [dictColumns]*dictBuilder
}

func (b *builder) build() (*Index, error) {
	b.ix = &Index{Built: time.Now(), emails: map[int]string{}}
	for _, step := range []func() error{b.head, b.apps, b.readGroups, b.directories, b.users, b.access, b.memberships} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	ix := b.ix
	ix.named = ix.nameEverything()
	ix.lowerAccounts = sync.OnceValue(func() *Arena { return lowered(&ix.AccountID) })
	return ix, nil
}

// reading says what was read when an error came up.
func reading(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("reading %s: %w", what, err)
}

func (b *builder) head() (err error) {
	b.ix.Freshness, err = b.store.Freshness(b.ctx, b.sourceID)
	return reading("the age of the local copy", err)
}

func (b *builder) apps() (err error) {
	b.ix.Apps, err = b.store.Apps(b.ctx, b.sourceID)
	if err == nil && len(b.ix.Apps) > math.MaxUint16 {
		err = domain.Errorf(domain.Unsupported, "The source has %d apps; at most %d can be shown.", len(b.ix.Apps), math.MaxUint16)
	}
	slices.SortStableFunc(b.ix.Apps, func(a, c domain.App) int {
		return cmp.Or(cmp.Compare(a.SiteName, c.SiteName), cmp.Compare(a.Name, c.Name), cmp.Compare(a.ID, c.ID))
	})
	return reading("apps", err)
}

func (b *builder) readGroups() (err error) {
	b.ix.Groups, err = b.store.Groups(b.ctx, b.sourceID)
	slices.SortStableFunc(b.ix.Groups, func(a, c domain.Group) int {
		return cmp.Or(cmp.Compare(Fold(a.Name), Fold(c.Name)), cmp.Compare(a.Name, c.Name), cmp.Compare(a.ID, c.ID))
	})
	return reading("groups", err)
}

func (b *builder) directories() (err error) {
	b.ix.Directories, err = b.store.Directories(b.ctx, b.sourceID)
	return reading("directories", err)
}

func (b *builder) users() error {
	ix, size := b.ix, b.ix.Freshness.People
	for i, column := range ix.dicts() {
		b.dicts[i] = newDict(size)
		*column = b.dicts[i].dict
	}
	if err := b.store.EachUser(b.ctx, b.sourceID, func(u domain.User) error { b.user(&u); return nil }); err != nil {
		return reading("people", err)
	}
	if len(ix.search.text.data) > math.MaxUint32 || len(ix.Name.data) > math.MaxUint32 {
		return domain.Errorf(domain.Unsupported, "The names of the source's people are too large for this computer.")
	}
	ix.n = len(ix.ids)
	for _, a := range []*Arena{&ix.Name, &ix.AccountID, &ix.search.text} {
		a.clip()
	}
	b.order()
	return nil
}

const dictColumns = 11

// dicts lists the dictionary columns in the order in which user fills them.
func (ix *Index) dicts() [dictColumns]**Dict {
	return [...]**Dict{
		&ix.Status, &ix.Origin, &ix.AccountType, &ix.Domain, &ix.JobTitle, &ix.Department, &ix.Organization, &ix.Location, &ix.TimeZone,
		&ix.Roles, &ix.InDirectories,
	}
}

func (b *builder) user(u *domain.User) {
	ix := b.ix
	pos := len(ix.ids)
	ix.ids = append(ix.ids, u.ID)
	ix.AccountID.add(u.AccountID)
	ix.Name.add(u.Name)
	email := Fold(u.Email)
	if email != u.Email {
		ix.emails[pos] = u.Email
	}
	ix.search.add(Fold(u.Name), email)
	directories := make([]string, 0, len(u.Memberships))
	for _, m := range u.Memberships {
		directories = append(directories, m.DirectoryID)
	}
	status := string(u.Status)
	if status == "" {
		status = string(domain.StatusUnknown)
	}
	for i, value := range [dictColumns]string{
		status, u.Origin, u.AccountType, DomainOf(email), u.JobTitle, u.Department, u.Organization, u.Location, u.TimeZone,
		join(u.PlatformRoles), join(directories),
	} {
		b.dicts[i].add(value)
	}
	ix.Managed = append(ix.Managed, u.Managed)
	ix.MFA = append(ix.MFA, u.MFA)
	ix.Billable = append(ix.Billable, u.Billable)
	ix.Verified = append(ix.Verified, u.EmailVerified)
	added := int32(0)
	if !u.AddedAt.IsZero() {
		added = max(1, filter.Day(u.AddedAt.UTC()))
	}
	ix.Added = append(ix.Added, added)
}

// DomainOf gives the domain of an e-mail address in lower case, "" when there is none.
func DomainOf(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at < 0 {
		return ""
	}
	return strings.ToLower(email[at+1:])
}

// order prepares finding positions by id: for the rest of the build by a table where the ids are dense, for later by order.
func (b *builder) order() {
	ix := b.ix
	if ix.n == 0 {
		return
	}
	if !slices.IsSorted(ix.ids) {
		ix.byID = make([]uint32, ix.n)
		for i := range ix.byID {
			ix.byID[i] = uint32(i)
		}
		slices.SortFunc(ix.byID, func(p, q uint32) int { return cmp.Compare(ix.ids[p], ix.ids[q]) })
	}
	b.low = slices.Min(ix.ids)
	if span := slices.Max(ix.ids) - b.low; span >= 0 && span < int64(8*ix.n+1024) {
		b.table = make([]int32, span+1)
		for i := range b.table {
			b.table[i] = -1
		}
		for pos, id := range ix.ids {
			b.table[id-b.low] = int32(pos)
		}
	}
}

// position finds a person by id; rows about people who are not there (a sync is writing) are passed over by the callers.
func (b *builder) position(id int64) (int, bool) {
	if b.table == nil {
		return b.ix.Position(id)
	}
	if id < b.low || id-b.low >= int64(len(b.table)) || b.table[id-b.low] < 0 {
		return 0, false
	}
	return int(b.table[id-b.low]), true
}

func (b *builder) access() error {
	type row struct {
		pos uint32
		seat
	}
	ordinals := map[int64]uint16{}
	for i, a := range b.ix.Apps {
		ordinals[a.ID] = uint16(i)
	}
	rows := make([]row, 0, 3*b.ix.n)
	err := b.store.EachAccess(b.ctx, b.sourceID, func(userID, appID int64, day int32) error {
		app, known := ordinals[appID]
		if pos, ok := b.position(userID); ok && known {
			rows = append(rows, row{uint32(pos), seat{app, max(day, ActivityUnknown)}})
		}
		return nil
	})
	if err != nil {
		return reading("app access", err)
	}
	b.ix.access = group(b.ix.n, rows, func(r row) int { return int(r.pos) }, func(r row) seat { return r.seat })
	b.ix.seats = group(len(b.ix.Apps), rows, func(r row) int { return int(r.app) }, func(r row) holder { return holder{r.pos, r.day} })
	b.ix.Activity = b.ix.ActivityIn(nil)
	return nil
}

func (b *builder) memberships() error {
	type row struct{ pos, group uint32 }
	ordinals := map[int64]uint32{}
	for i, g := range b.ix.Groups {
		ordinals[g.ID] = uint32(i)
	}
	rows := make([]row, 0, 8*b.ix.n)
	err := b.store.EachMembership(b.ctx, b.sourceID, func(userID, groupID int64) error {
		g, known := ordinals[groupID]
		if pos, ok := b.position(userID); ok && known {
			rows = append(rows, row{uint32(pos), g})
		}
		return nil
	})
	if err != nil {
		return reading("group memberships", err)
	}
	b.ix.groups = group(b.ix.n, rows, func(r row) int { return int(r.pos) }, func(r row) uint32 { return r.group })
	b.ix.people = group(len(b.ix.Groups), rows, func(r row) int { return int(r.group) }, func(r row) uint32 { return r.pos })
	return nil
}
