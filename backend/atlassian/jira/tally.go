package jira

import (
	"sync"
	"time"

	"seatkeeper/backend/domain"
)

// Tally turns what happens while a Jira is read into progress. Its methods may be called from several goroutines.
type Tally struct {
	telling sync.Mutex // held while a change is made and told, so that what is told last is the last
	report  func(domain.ReadProgress)

	mu   sync.Mutex
	now  domain.ReadProgress
	open time.Time // until then Atlassian asked to wait
}

// NewTally makes a Tally that tells report, which may be nil.
func NewTally(report func(domain.ReadProgress)) *Tally {
	if report == nil {
		report = func(domain.ReadProgress) {}
	}
	return &Tally{report: report, now: domain.ReadProgress{Step: "People", PeopleTotal: -1, GroupsTotal: -1}}
}

// change applies a change and reports the outcome.
func (t *Tally) change(f func(p *domain.ReadProgress)) {
	t.telling.Lock()
	defer t.telling.Unlock()
	t.mu.Lock()
	f(&t.now)
	p := t.now
	p.Waiting = max(0, time.Until(t.open))
	t.mu.Unlock()
	t.report(p)
}

// Request counts a request.
func (t *Tally) Request() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now.Requests++
}

// Waiting says that Atlassian asked to wait for d.
func (t *Tally) Waiting(d time.Duration) {
	t.change(func(*domain.ReadProgress) {
		if until := time.Now().Add(d); until.After(t.open) {
			t.open = until
		}
	})
}

// People says how many people were found so far.
func (t *Tally) People(n int) {
	t.change(func(p *domain.ReadProgress) { p.People = n })
}

// ExpectGroups says how many groups will be read.
func (t *Tally) ExpectGroups(n int) {
	t.change(func(p *domain.ReadProgress) { p.GroupsTotal, p.Step = n, "Groups" })
}

// Group counts a group that was read.
func (t *Tally) Group() {
	t.change(func(p *domain.ReadProgress) { p.Groups++ })
}
