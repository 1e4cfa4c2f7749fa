package atlassianorg

import (
	"slices"
	"sync"
	"time"

	"seatkeeper/backend/domain"
)

// readStats counts what a read has delivered, so that rows which come twice count once and a group that is short of
// members is noticed.
type readStats struct {
	progress func(domain.ReadProgress)

	mu   sync.Mutex
	now  domain.ReadProgress
	open time.Time // until then Atlassian asked to wait

	// These belong to the goroutine that emits.
	// people, each with the directory where they were seen first; and with the name of each other directory
	seen seen
	// the directories' bytes; beyond 255 of them some share one, and a group may be looked at without need
	places  map[string]byte
	people  int
	inside  map[string]int // distinct people by directory
	groups  map[string]groupStats
	members map[string]int // distinct people by group
}

// groupStats is a group's own count of its members.
type groupStats struct {
	dir   string
	count int // -1 unknown
}

func newReadStats(progress func(domain.ReadProgress)) *readStats {
	return &readStats{
		progress: progress, now: domain.ReadProgress{Step: "People", PeopleTotal: -1, GroupsTotal: -1},
		seen: newSeen(), places: map[string]byte{}, inside: map[string]int{}, groups: map[string]groupStats{},
		members: map[string]int{},
	}
}

func (t *readStats) request() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now.Requests++
}

// waiting is called while the gate is closed; it reports at once, because nothing else happens meanwhile.
func (t *readStats) waiting(d time.Duration) {
	t.mu.Lock()
	if until := time.Now().Add(d); until.After(t.open) {
		t.open = until
	}
	t.mu.Unlock()
	t.report()
}

// expect sets the totals to be shown in the progress.
func (t *readStats) expect(totals domain.ReadTotals) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now.PeopleTotal, t.now.GroupsTotal = totals.People, totals.Groups
}

// take counts a batch.
func (t *readStats) take(b *batch) {
	place, known := t.places[b.dir]
	if !known {
		place = byte(len(t.places))
		t.places[b.dir] = place
	}
	for _, u := range b.Users {
		first, known := t.seen.add(u.AccountID, place)
		if !known {
			t.people++
		} else if first != place {
			_, known = t.seen.add(b.dir+"\x00"+u.AccountID, place)
		}
		if known {
			continue
		}
		t.inside[b.dir]++
		for _, g := range u.GroupIDs {
			t.members[g]++
		}
	}
	for _, g := range b.Groups {
		t.groups[g.GroupID] = groupStats{dir: g.DirectoryID, count: g.MemberCount}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now.People, t.now.Groups = t.people, len(t.groups)
}

// sameEverywhere tells whether each directory's list had the same people, although Atlassian's counts of the
// directories' people differ: it ignores which directory was asked for.
func (t *readStats) sameEverywhere(counts []int) bool {
	if len(counts) < 2 || slices.Min(counts) < 0 || slices.Min(counts) == slices.Max(counts) {
		return false
	}
	lists := 0
	for dir, n := range t.inside {
		if dir == "" {
			continue
		}
		if n != t.people {
			return false
		}
		lists++
	}
	return lists == len(counts)
}

func (t *readStats) report() {
	t.mu.Lock()
	p := t.now
	p.Waiting = max(0, time.Until(t.open))
	t.mu.Unlock()
	if t.progress != nil {
		t.progress(p)
	}
}

func (t *readStats) step(name string) {
	t.mu.Lock()
	t.now.Step = name
	t.mu.Unlock()
	t.report()
}

// finish sets the totals to what was delivered where Atlassian gave none.
func (t *readStats) finish() {
	t.mu.Lock()
	t.now.PeopleTotal, t.now.GroupsTotal = max(t.now.PeopleTotal, t.now.People), max(t.now.GroupsTotal, t.now.Groups)
	t.mu.Unlock()
	t.report()
}
