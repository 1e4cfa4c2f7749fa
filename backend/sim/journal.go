package sim

import (
	"sync"
	"time"
)

// Entry is one request as the simulator saw it. It holds no secret and no body.
type Entry struct {
	Seq        uint64    `json:"seq"` // from 1
	Time       time.Time `json:"time"`
	Site       string    `json:"site,omitempty"` // name of the site asked; "" is the API host
	Method     string    `json:"method"`
	Path       string    `json:"path"`               // escaped, without the query
	Template   string    `json:"template,omitempty"` // the path with the names of its variables; "" for an unknown call
	Status     int       `json:"status"`             // 0: there was no answer
	Credential string    `json:"credential"`         // "org-key", "org-key-scoped", "site-token", "site-token-scoped", "anonymous", "unknown"
	// CredentialID tells two credentials of one kind apart; it is the key's id, never the secret. "" where none was accepted.
	CredentialID string   `json:"credentialId,omitempty"`
	AccountID    string   `json:"accountId,omitempty"`
	Accounts     []string `json:"accounts,omitempty"` // all people that the request names
	GroupID      string   `json:"groupId,omitempty"`
	Fault        string   `json:"fault,omitempty"` // the kind of the fault that struck
	Applied      bool     `json:"applied"`         // a change that was carried out, also where it made no difference
	Changed      int      `json:"changed"`         // how often carrying it out changed the world
}

// journal keeps the newest entries in a ring.
type journal struct {
	mu   sync.Mutex
	ring []Entry
	size int
	seq  uint64
}

func (j *journal) init(size int) { j.size = size }

// add gives the entry its number and keeps it.
func (j *journal) add(e *Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seq++
	e.Seq = j.seq
	if len(j.ring) < j.size {
		j.ring = append(j.ring, *e)
		return
	}
	j.ring[(e.Seq-1)%uint64(j.size)] = *e
}

// amend changes an entry that may have been pushed out since.
func (j *journal) amend(seq uint64, change func(*Entry)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if i := (seq - 1) % uint64(j.size); seq > 0 && i < uint64(len(j.ring)) && j.ring[i].Seq == seq {
		change(&j.ring[i])
	}
}

func (j *journal) count() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.seq
}

// since returns the kept entries with a number above seq, oldest first.
func (j *journal) since(seq uint64) []Entry {
	j.mu.Lock()
	defer j.mu.Unlock()
	first := uint64(1)
	if j.seq > uint64(len(j.ring)) {
		first = j.seq - uint64(len(j.ring)) + 1
	}
	out := []Entry{}
	for n := max(first, seq+1); n <= j.seq; n++ {
		out = append(out, j.ring[(n-1)%uint64(j.size)])
	}
	return out
}

// Journal returns the requests seen so far, oldest first; of very many, the newest.
func (w *World) Journal() []Entry {
	w.settleIfDue()
	return w.journal.since(0)
}

// JournalSince returns the entries with a number above seq.
func (w *World) JournalSince(seq uint64) []Entry {
	w.settleIfDue()
	return w.journal.since(seq)
}
