package atlassianorg

import (
	"slices"
	"sync"
	"time"

	"seatkeeper/backend/domain"
)

// tally counts what a read has delivered, so that rows which come twice count once and a group that is short of members is noticed.
type tally struct {
	progress func(domain.ReadProgress)

	mu   sync.Mutex
	now  domain.ReadProgress
	open time.Time // until then Atlassian asked to wait

	// These belong to the goroutine that emits.
	met     met             // people, each with the directory where they were met first; and with the name of each other directory
	places  map[string]byte // the directories' bytes; beyond 255 of them some share one, and a group may be looked at without need
	people  int
	inside  map[string]int // distinct people by directory
	groups  map[string]groupTally
	members map[string]int // distinct people by group
}

// groupTally is a group's own count of its members.
type groupTally struct {
	dir   string
	count int // -1 unknown
}

func newTally(progress func(domain.ReadProgress)) *tally {
	return &tally{
		progress: progress, now: domain.ReadProgress{Step: "People", PeopleTotal: -1, GroupsTotal: -1},
		met: newMet(), places: map[string]byte{}, inside: map[string]int{}, groups: map[string]groupTally{}, members: map[string]int{},
	}
}

func (t *tally) request() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now.Requests++
}

// waiting is called while the gate is closed; it reports at once, because nothing else happens meanwhile.
func (t *tally) waiting(d time.Duration) {
	t.mu.Lock()
	if until := time.Now().Add(d); until.After(t.open) {
		t.open = until
	}
	t.mu.Unlock()
	t.report()
}

// expect sets the totals to be shown in the progress.
func (t *tally) expect(totals domain.ReadTotals) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now.PeopleTotal, t.now.GroupsTotal = totals.People, totals.Groups
}

// take counts a batch.
func (t *tally) take(b *batch) {
	place, known := t.places[b.dir]
	if !known {
		place = byte(len(t.places))
		t.places[b.dir] = place
	}
	for _, u := range b.Users {
		first, known := t.met.add(u.AccountID, place)
		if !known {
			t.people++
		} else if first != place {
			_, known = t.met.add(b.dir+"\x00"+u.AccountID, place)
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
		t.groups[g.GroupID] = groupTally{dir: g.DirectoryID, count: g.MemberCount}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now.People, t.now.Groups = t.people, len(t.groups)
}

// sameEverywhere tells whether each directory's list had the same people, although Atlassian's counts of the directories' people differ: it
// ignores which directory was asked for.
func (t *tally) sameEverywhere(counts []int) bool {
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

func (t *tally) report() {
	t.mu.Lock()
	p := t.now
	p.Waiting = max(0, time.Until(t.open))
	t.mu.Unlock()
	if t.progress != nil {
		t.progress(p)
	}
}

func (t *tally) step(name string) {
	t.mu.Lock()
	t.now.Step = name
	t.mu.Unlock()
	t.report()
}

// finish sets the totals to what was delivered where Atlassian gave none.
func (t *tally) finish() {
	t.mu.Lock()
	t.now.PeopleTotal, t.now.GroupsTotal = max(t.now.PeopleTotal, t.now.People), max(t.now.GroupsTotal, t.now.Groups)
	t.mu.Unlock()
	t.report()
}
