package jiradc

import (
	"sync"
	"time"

	"seatkeeper/backend/atlassian/jira"
)

// nameLife is how long a user name that was read is good for a change. A run reads each person just before it changes them, so that it
// need not ask again; a name that is older might be somebody else's by now.
const nameLife = 2 * time.Minute

// nameBook remembers the names of users who were read a moment ago. Group calls want names; everything else here goes by keys.
type nameBook struct {
	mu     sync.Mutex
	byKey  map[string]heard
	pruned time.Time
}

type heard struct {
	name string
	at   time.Time
}

func (b *nameBook) note(u jira.DCUser) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if b.byKey == nil {
		b.byKey = map[string]heard{}
	}
	if now.Sub(b.pruned) > nameLife {
		b.pruned = now
		for key, h := range b.byKey {
			if now.Sub(h.at) > nameLife {
				delete(b.byKey, key)
			}
		}
	}
	b.byKey[u.Key] = heard{u.Name, now}
}

func (b *nameBook) name(key string) (string, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	h, known := b.byKey[key]
	return h.name, known && time.Since(h.at) <= nameLife
}
