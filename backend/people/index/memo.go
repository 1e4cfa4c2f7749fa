package index

import (
	"slices"
	"sync"
)

// maxMemo bounds how many answers an index remembers, and maxMemoShare how many bytes they take for each person,
// whatever their number.
const (
	maxMemo      = 64
	maxMemoShare = 8
)

// memo remembers answers to conditions and searches: while somebody types, most of a query is what it was a keystroke
// ago. An index never changes, so that an answer stays right as long as the index is there. Remembered sets must not be
// changed.
type memo struct {
	mu       sync.Mutex
	answers  []answer // the most recently used one first
	apps     []int    // of activity
	activity Activity // in the apps that were asked for last
}

type answer struct {
	key   string
	truth Truth
}

func (a *answer) bytes() int {
	if a.truth.certain() {
		return 8 * len(a.truth.Yes)
	}
	return 16 * len(a.truth.Yes)
}

// recall gives a remembered answer.
func (m *memo) recall(key string) (Truth, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.answers, func(a answer) bool { return a.key == key })
	if i < 0 {
		return Truth{}, false
	}
	found := m.answers[i]
	copy(m.answers[1:i+1], m.answers[:i])
	m.answers[0] = found
	return found.truth, true
}

// keep remembers an answer and forgets those that have not been used for the longest time.
func (m *memo) keep(key string, t Truth, people int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.answers = slices.Insert(m.answers, 0, answer{key, t})
	room := max(maxMemoShare*people, 1<<16)
	for i := range m.answers {
		if room -= m.answers[i].bytes(); room < 0 || i >= maxMemo {
			clear(m.answers[max(i, 1):])
			m.answers = m.answers[:max(i, 1)]
			break
		}
	}
}

// activityIn is ActivityIn for the apps that were asked for last: while the days of a condition are typed, its apps
// stay.
func (ix *Index) activityIn(apps []int) Activity {
	if apps == nil {
		return ix.Activity
	}
	m := &ix.memo
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.activity.Day == nil || !slices.Equal(m.apps, apps) {
		activity := ix.ActivityIn(apps)
		m.apps, m.activity = apps, activity.match(ix)
	}
	return m.activity
}

func (m *memo) bytes() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	total := 4*len(m.activity.Day) + 8*len(m.activity.Unsure) + 8*len(m.activity.open)
	for i := range m.answers {
		total += m.answers[i].bytes()
	}
	return total
}
