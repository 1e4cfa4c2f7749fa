package index

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
)

// Store delivers the current people of a source's local copy.
type Store interface {
	Freshness(ctx context.Context, sourceID string) (domain.Freshness, error)
	Apps(ctx context.Context, sourceID string) ([]domain.App, error)
	Groups(ctx context.Context, sourceID string) ([]domain.Group, error)
	Directories(ctx context.Context, sourceID string) ([]domain.Directory, error)
	Domains(ctx context.Context, sourceID string) ([]domain.Domain, error)
	// EachUser delivers scalar columns, PlatformRoles and Memberships.
	EachUser(ctx context.Context, sourceID string, fn func(domain.User) error) error
	// EachAccess delivers one row for each person and app; day is in days since 1970-01-01, 0 for never, -1 for
	// unknown.
	EachAccess(ctx context.Context, sourceID string, fn func(userID, appID int64, day int32) error) error
	EachMembership(ctx context.Context, sourceID string, fn func(userID, groupID int64) error) error
	// UsersByID delivers whole users; ids that are not there are missing from the answer.
	UsersByID(ctx context.Context, sourceID string, ids []int64) ([]domain.User, error)
	// PeopleChanges tells who may be different from what was read at a generation.
	PeopleChanges(ctx context.Context, sourceID string, since int64) (domain.PeopleChanges, error)
	// SaveImage and LoadImage keep an index in the local copy. An image that is not whole is an error.
	SaveImage(ctx context.Context, sourceID string, version int, generation int64, write func(io.Writer) error) error
	LoadImage(ctx context.Context, sourceID string, version int, read func(generation int64, r io.Reader) error) error
}

// builder gathers the columns of an Index.
type builder struct {
	ctx      context.Context //nolint:containedctx // lives for one build
	store    Store
	sourceID string
	ix       *Index
	table    []int32 // position by id - low, where the ids are dense
	low      int64
	appNow   []int // present numbers of another index's apps
	groupNow []int
	dicts    []*dictBuilder
}

// rows makes the columns from the rows. The generation is that of before: what is written meanwhile is taken in
// afterwards once more.
func (b *builder) rows() error {
	now, err := b.store.PeopleChanges(b.ctx, b.sourceID, 0)
	if err != nil {
		return reading("the generation of the local copy", err)
	}
	for _, step := range []func() error{b.head, b.users, b.access, b.memberships} {
		if err := step(); err != nil {
			return err
		}
	}
	b.ix.generation = now.Generation
	b.ix.unsaved.Store(int64(len(b.ix.ids)))
	return nil
}

// finish derives everything that can be derived from the columns.
func (ix *Index) finish() {
	ix.n = len(ix.ids)
	ix.everybody = ix.all()
	ix.orderIDs()
	ix.seats = group(len(ix.Apps), func(pair func(int, uint32)) {
		for pos := range ix.n {
			for _, s := range ix.access.of(pos) {
				pair(int(s.app), uint32(pos))
			}
		}
	})
	ix.people = group(len(ix.Groups), func(pair func(int, uint32)) {
		for pos := range ix.n {
			for _, g := range ix.groups.of(pos) {
				pair(int(g), uint32(pos))
			}
		}
	})
	activity := ix.withSeen(ix.ActivityIn(nil))
	ix.Activity = activity.match(ix)
	ix.search.prepare(ix)
	ix.named = ix.nameEverything()
	ix.lowerAccounts = sync.OnceValue(func() *accountIDs { return lowered(&ix.AccountID) })
}

// orderIDs makes byID where it is needed.
func (ix *Index) orderIDs() {
	if ix.byID != nil || slices.IsSorted(ix.ids) {
		return
	}
	ix.byID = make([]uint32, ix.n)
	for i := range ix.byID {
		ix.byID[i] = uint32(i)
	}
	slices.SortFunc(ix.byID, func(p, q uint32) int { return cmp.Compare(ix.ids[p], ix.ids[q]) })
}

// reading says what was read when an error came up.
func reading(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("reading %s: %w", what, err)
}

// head reads what is small: the age of the local copy, and what its people refer to.
func (b *builder) head() error {
	b.ix = &Index{Built: time.Now(), emails: map[int]string{}}
	for _, step := range []func() error{b.age, b.apps, b.readGroups, b.directories, b.domains} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) age() (err error) {
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

func (b *builder) domains() error {
	all, err := b.store.Domains(b.ctx, b.sourceID)
	b.ix.domains = make(map[string]bool, len(all))
	for _, d := range all {
		b.ix.domains[strings.ToLower(d.Name)] = d.Verified
	}
	return reading("e-mail domains", err)
}

func (b *builder) users() error {
	b.columns(b.ix.Freshness.People)
	if err := b.store.EachUser(b.ctx, b.sourceID, func(u domain.User) error { b.user(&u); return nil }); err != nil {
		return reading("people", err)
	}
	return b.endColumns()
}

// columns makes room for so many people.
func (b *builder) columns(size int) {
	b.dicts = make([]*dictBuilder, dictColumns)
	for i := range b.dicts {
		b.dicts[i] = newDict(size)
	}
	b.ix.ids = make([]int64, 0, size)
}

// endColumns is called after the last person.
func (b *builder) endColumns() error {
	ix := b.ix
	if len(ix.search.text.data) > math.MaxUint32 || len(ix.Name.data) > math.MaxUint32 {
		return domain.Errorf(domain.Unsupported, "The names of the source's people are too large for this computer.")
	}
	ix.n = len(ix.ids)
	for i, column := range ix.dicts() {
		*column = b.dicts[i].dict()
	}
	for _, a := range []*Arena{&ix.Name, &ix.AccountID, &ix.search.text} {
		a.trim()
	}
	for _, column := range ix.tris() {
		*column = exact(*column)
	}
	ix.ids, ix.Added = exact(ix.ids), exact(ix.Added)
	b.order()
	return nil
}

// dictColumns is how many dictionary columns there are.
var dictColumns = 9 + len(domain.ProfileTexts)

// dicts lists the dictionary columns in the order in which user fills them.
func (ix *Index) dicts() []**Dict {
	if ix.Profile == nil {
		ix.Profile = make([]*Dict, len(domain.ProfileTexts))
	}
	all := []**Dict{
		&ix.Status, &ix.Origin, &ix.AccountType, &ix.Domain, &ix.Roles, &ix.InDirectories, &ix.SuspendedIn, &ix.Policy, &ix.UserName,
	}
	for i := range ix.Profile {
		all = append(all, &ix.Profile[i])
	}
	return all
}

// tris lists the columns of yes and no.
func (ix *Index) tris() []*[]domain.Tri {
	return []*[]domain.Tri{&ix.Managed, &ix.MFA, &ix.Verified, &ix.Billable}
}

func (b *builder) user(u *domain.User) {
	ix := b.ix
	pos := len(ix.ids)
	ix.ids = append(ix.ids, u.ID)
	ix.AccountID.add(u.AccountID)
	ix.see(pos, u)
	ix.ages.add(pos, u)
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
	values := []string{
		status, u.Origin, u.AccountType, DomainOf(email), join(u.PlatformRoles), join(directories), suspendedIn(u),
		u.Policy, UserNameOf(u),
	}
	for i, value := range values {
		b.dicts[i].add(value)
	}
	for i, text := range domain.ProfileTexts {
		b.dicts[len(values)+i].add(*text.Of(&u.Profile))
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

// UserNameOf gives what a person of a Data Center signs in with.
func UserNameOf(u *domain.User) string {
	if len(u.Memberships) == 1 && u.Memberships[0].DirectoryID == domain.DataCenterDirectory {
		return u.Nickname
	}
	return ""
}

// DomainOf gives the domain of an e-mail address in lower case, "" when there is none.
func DomainOf(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at < 0 {
		return ""
	}
	return strings.ToLower(email[at+1:])
}

// order prepares finding positions by id during the build, by a table where the ids are dense.
func (b *builder) order() {
	ix := b.ix
	if ix.n == 0 {
		return
	}
	ix.orderIDs()
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

// position finds a person by id; rows about people who are not there (a sync is writing) are passed over by the
// callers.
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
	ordinals := ordinalsOf(b.ix.Apps, func(a domain.App) int64 { return a.ID })
	rows := make([]row, 0, 3*b.ix.n)
	err := b.store.EachAccess(b.ctx, b.sourceID, func(userID, appID int64, day int32) error {
		app, known := ordinals[appID]
		if pos, ok := b.position(userID); ok && known {
			rows = append(rows, row{uint32(pos), newSeat(app, day)})
		}
		return nil
	})
	b.ix.access = group(b.ix.n, func(pair func(int, seat)) {
		for _, r := range rows {
			pair(int(r.pos), r.seat)
		}
	})
	return reading("app access", err)
}

func (b *builder) memberships() error {
	type row struct{ pos, group uint32 }
	ordinals := ordinalsOf(b.ix.Groups, func(g domain.Group) int64 { return g.ID })
	rows := make([]row, 0, 8*b.ix.n)
	err := b.store.EachMembership(b.ctx, b.sourceID, func(userID, groupID int64) error {
		g, known := ordinals[groupID]
		if pos, ok := b.position(userID); ok && known {
			rows = append(rows, row{uint32(pos), uint32(g)})
		}
		return nil
	})
	b.ix.groups = group(b.ix.n, func(pair func(int, uint32)) {
		for _, r := range rows {
			pair(int(r.pos), r.group)
		}
	})
	return reading("group memberships", err)
}

// ordinalsOf finds the places of things by their ids.
func ordinalsOf[T any, K comparable](things []T, id func(T) K) map[K]int {
	ordinals := make(map[K]int, len(things))
	for i, t := range things {
		ordinals[id(t)] = i
	}
	return ordinals
}
