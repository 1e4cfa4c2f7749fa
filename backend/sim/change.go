package sim

import (
	"maps"
	"math/bits"
	"slices"
	"time"
)

// access is which apps the state lets a person open, as bits, whether suspended or not.
func (w *World) access(s *state) (apps uint64) {
	for _, g := range s.groups {
		apps |= w.groups[g].access
	}
	return apps | accessOf(s.direct)
}

// billable is which apps the state takes a seat of: access where the account works and the person isn't suspended.
func (w *World) billable(s *state) uint64 {
	if s.account != accountActive {
		return 0
	}
	access := w.access(s)
	if access == 0 {
		return 0
	}
	var open uint64
	for a := range w.apps {
		dir := uint64(1) << w.sites[w.apps[a].site].directory
		if s.member&dir != 0 && s.suspended&dir == 0 {
			open |= 1 << a
		}
	}
	return access & open
}

// seat counts the state's seats in (+1) or out (-1).
func (w *World) seat(s *state, n int) {
	for b := w.billable(s); b != 0; b &= b - 1 {
		w.apps[bits.TrailingZeros64(b)].used += n
	}
}

// full returns the first app that has no seat left for a person who goes from one state to the other, or -1.
func (w *World) full(from, to *state) int {
	for b := w.billable(to) &^ w.billable(from); b != 0; b &= b - 1 {
		a := bits.TrailingZeros64(b)
		if w.apps[a].seats > 0 && w.apps[a].used >= w.apps[a].seats {
			return a
		}
	}
	return -1
}

// by says who makes a change, which decides when the views see it.
type by int

const (
	byOrg     by = iota // an API call to the organization
	bySite              // an API call to a site
	byNothing           // somebody else, long ago as far as delays go: seen at once
)

// until says how long the views still see what is over.
func (w *World) until(who by, now int64) (t [views]int64) {
	switch who {
	case byOrg:
		t[viewOrg], t[viewSite] = now+int64(w.cfg.Visible), now+int64(w.cfg.SiteVisible)
	case bySite:
		t[viewOrg], t[viewSite] = now+int64(w.cfg.SiteVisible), now
	case byNothing:
	}
	return t
}

// set gives person i a new state: seats, members of groups and the views' past follow. The caller holds the lock.
func (w *World) set(i int, to state, who by, now int64) {
	p := &w.people[i]
	from := p.state
	w.seat(&from, -1)
	w.seat(&to, +1)
	for _, g := range from.groups {
		if !to.in(int(g)) {
			at, _ := slices.BinarySearch(w.groups[g].members, int32(i))
			w.groups[g].members = slices.Delete(w.groups[g].members, at, at+1)
		}
	}
	for _, g := range to.groups {
		if !from.in(int(g)) {
			at, _ := slices.BinarySearch(w.groups[g].members, int32(i))
			w.groups[g].members = slices.Insert(w.groups[g].members, at, int32(i))
		}
	}
	p.state = to
	w.noteChange(i, &from, &to, who, now)
	until := w.until(who, now)
	keep := p.past[:0]
	for _, old := range p.past {
		if who != byOrg {
			old.until[viewSite] = min(old.until[viewSite], now) // who changes a thing sees it changed
		}
		if old.until[viewOrg] > now || old.until[viewSite] > now {
			keep = append(keep, old)
		}
	}
	p.past = keep
	if until[viewOrg] > now || until[viewSite] > now {
		p.past = append(p.past, past{from, until})
		w.unsettled[i] = struct{}{}
		w.wakeAt(forgetAt(until))
	}
	w.join(i, w.access(&to)&^w.access(&from))
	w.revision++
}

// join adds the person to the account lists of the sites whose apps were opened.
func (w *World) join(i int, opened uint64) {
	for ; opened != 0; opened &= opened - 1 {
		a := &w.apps[bits.TrailingZeros64(opened)]
		if !a.sandbox {
			w.list(i, a.site)
		}
	}
}

// list puts a person on a site's account list, once.
func (w *World) list(i, site int) {
	if p := &w.people[i]; p.listed&(1<<site) == 0 {
		p.listed |= 1 << site
		w.sites[site].accounts = append(w.sites[site].accounts, int32(i))
	}
}

// settle forgets pasts that no view sees any more and carries out late calls that are due. The caller holds the lock.
func (w *World) settle(now int64) {
	for i := range maps.Keys(w.unsettled) {
		p := &w.people[i]
		p.past = slices.DeleteFunc(p.past, func(o past) bool { return o.until[viewOrg] <= now && o.until[viewSite] <= now })
		if len(p.past) == 0 {
			p.past = nil
			delete(w.unsettled, i)
		}
	}
	w.runLate(now)
	w.schedule()
}

// schedule notes when settle has something to do next.
func (w *World) schedule() {
	var next int64
	sooner := func(t int64) {
		if next == 0 || t < next {
			next = t
		}
	}
	for i := range w.unsettled {
		for _, o := range w.people[i].past {
			sooner(forgetAt(o.until))
		}
	}
	for _, l := range w.late {
		sooner(l.due)
	}
	w.nextDue.Store(next)
}

// wakeAt lets settle run at this time, unless it runs sooner.
func (w *World) wakeAt(t int64) {
	if due := w.nextDue.Load(); due == 0 || t < due {
		w.nextDue.Store(t)
	}
}

// forgetAt is when a past is dropped: a second late, so that many changes are dropped together.
func forgetAt(until [views]int64) int64 {
	return max(until[viewOrg], until[viewSite]) + int64(time.Second)
}

// settleIfDue is settle for who does not hold the lock.
func (w *World) settleIfDue() {
	now := time.Now().UnixNano()
	if due := w.nextDue.Load(); due == 0 || now < due {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.settle(now)
}

// memberCount is how many members a view counts in a group.
func (w *World) memberCount(g int, v view, now int64) int {
	n := len(w.groups[g].members)
	for i := range w.unsettled {
		p := &w.people[i]
		was, is := p.at(v, now).in(g), p.in(g)
		if was && !is {
			n++
		} else if is && !was {
			n--
		}
	}
	return n
}

// memberList is who a view sees in a group, ascending. The slice must not be changed.
func (w *World) memberList(g int, v view, now int64) []int32 {
	list := w.groups[g].members
	copied := false
	for i := range w.unsettled {
		p := &w.people[i]
		was, is := p.at(v, now).in(g), p.in(g)
		if was == is {
			continue
		}
		if !copied {
			list, copied = slices.Clone(list), true
		}
		at, _ := slices.BinarySearch(list, int32(i))
		if was {
			list = slices.Insert(list, at, int32(i))
		} else {
			list = slices.Delete(list, at, at+1)
		}
	}
	return list
}

// withGroup and withoutGroup copy the state's list of groups: past states share it.
func withGroup(s state, g int) state {
	at, found := slices.BinarySearch(s.groups, int32(g))
	if !found {
		s.groups = slices.Insert(slices.Clone(s.groups), at, int32(g))
	}
	return s
}

func withoutGroup(s state, g int) state {
	at, found := slices.BinarySearch(s.groups, int32(g))
	if found {
		s.groups = slices.Delete(slices.Clone(s.groups), at, at+1)
	}
	return s
}
