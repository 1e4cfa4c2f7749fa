package index

import (
	"slices"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
)

// patchShare is up to which share of the people, 1 in so many, an index is made from the last one: beyond it, it is not
// much slower to read them all.
const (
	patchShare = 8
	minPatch   = 100 // so many are always patched
)

// patch makes an index from another of the same source: everybody is copied but those who may be different, who are
// read.
func (b *builder) patch(old *Index, changed []int64) error {
	users, err := b.store.UsersByID(b.ctx, b.sourceID, changed)
	if err != nil {
		return reading("people who have changed", err)
	}
	users = slices.DeleteFunc(users, func(u domain.User) bool { return !u.RemovedAt.IsZero() })
	slices.SortFunc(users, func(x, y domain.User) int { return int(max(-1, min(1, x.ID-y.ID))) })
	skip := make(map[int64]bool, len(changed))
	for _, id := range changed {
		skip[id] = true
	}
	ix := b.ix
	if err := b.renumber(old); err != nil {
		return err
	}
	apps := ordinalsOf(ix.Apps, func(a domain.App) string { return a.AppID })
	groups := ordinalsOf(ix.Groups, func(g domain.Group) string { return g.GroupID })
	b.columns(old.n + len(users))
	ix.access.start, ix.groups.start = make([]uint32, 1, old.n+len(users)+1), make([]uint32, 1, old.n+len(users)+1)
	ix.access.items, ix.groups.items = make([]seat, 0, len(old.access.items)), make([]uint32, 0, len(old.groups.items))
	add := func(u *domain.User) {
		b.user(u)
		for _, a := range u.Access {
			if app, there := apps[a.AppID]; there {
				ix.access.items = append(ix.access.items, newSeat(app, dayOf(a)))
			}
		}
		for _, id := range u.GroupIDs {
			if g, there := groups[id]; there {
				ix.groups.items = append(ix.groups.items, uint32(g))
			}
		}
		b.endPerson()
	}
	for pos := range old.n {
		id := old.ids[pos]
		for len(users) > 0 && users[0].ID <= id {
			add(&users[0])
			users = users[1:]
		}
		if !skip[id] {
			b.copy(old, pos)
			b.endPerson()
		}
	}
	for i := range users {
		add(&users[i])
	}
	ix.access.items, ix.groups.items = exact(ix.access.items), exact(ix.groups.items)
	ix.access.start, ix.groups.start = exact(ix.access.start), exact(ix.groups.start)
	return b.endColumns()
}

// renumber finds the present numbers of the old index's apps and groups. It fails when one is there that was not: there
// may be rows about it that had no place in the old columns.
func (b *builder) renumber(old *Index) error {
	var apps, groups bool
	b.appNow, apps = renumber(ids(old.Apps, appID), ids(b.ix.Apps, appID))
	b.groupNow, groups = renumber(ids(old.Groups, groupID), ids(b.ix.Groups, groupID))
	if !apps || !groups {
		return errImage
	}
	return nil
}

func dayOf(a domain.AppAccess) int32 {
	switch {
	case !a.Known:
		return ActivityUnknown
	case a.LastActive.IsZero():
		return NeverActive
	default:
		return max(1, filter.Day(a.LastActive.UTC()))
	}
}

// endPerson closes the lists of the last person.
func (b *builder) endPerson() {
	ix := b.ix
	ix.access.start = append(ix.access.start, uint32(len(ix.access.items)))
	ix.groups.start = append(ix.groups.start, uint32(len(ix.groups.items)))
}

// copy adds the person at a position of another index.
func (b *builder) copy(old *Index, pos int) {
	ix, now := b.ix, len(b.ix.ids)
	ix.ids = append(ix.ids, old.ids[pos])
	ix.AccountID.addBytes(old.AccountID.bytes(pos))
	ix.Name.addBytes(old.Name.bytes(pos))
	ix.search.text.addBytes(old.search.text.bytes(pos))
	if email, odd := old.emails[pos]; odd {
		ix.emails[now] = email
	}
	if day, seen := old.seen[uint32(pos)]; seen {
		if ix.seen == nil {
			ix.seen = map[uint32]int32{}
		}
		ix.seen[uint32(now)] = day
	}
	if kept := old.ages.of(pos); kept < 0 || kept > ix.completed() {
		ix.ages.put(now, kept)
	}
	for i, column := range old.dicts() {
		b.dicts[i].add((*column).At(pos))
	}
	for i, column := range old.tris() {
		to := ix.tris()[i]
		*to = append(*to, (*column)[pos])
	}
	ix.Added = append(ix.Added, old.Added[pos])
	for _, s := range old.access.of(pos) {
		if app := b.appNow[s.app]; app != gone {
			ix.access.items = append(ix.access.items, seat{uint16(app), s.day})
		}
	}
	for _, g := range old.groups.of(pos) {
		if g := b.groupNow[g]; g != gone {
			ix.groups.items = append(ix.groups.items, uint32(g))
		}
	}
}
