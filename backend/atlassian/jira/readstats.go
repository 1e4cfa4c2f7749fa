package jira

import (
	"sync"
	"time"

	"seatkeeper/backend/domain"
)

// ReadStats turns what happens while a Jira is read into progress. Its methods may be called from several goroutines.
type ReadStats struct {
	telling sync.Mutex // held while a change is made and told, so that what is told last is the last
	report  func(domain.ReadProgress)

	mu   sync.Mutex
	now  domain.ReadProgress
	open time.Time // until then Atlassian asked to wait
}

// NewReadStats makes a ReadStats that tells report, which may be nil.
func NewReadStats(report func(domain.ReadProgress)) *ReadStats {
	if report == nil {
		report = func(domain.ReadProgress) {}
	}
	return &ReadStats{report: report, now: domain.ReadProgress{Step: "People", PeopleTotal: -1, GroupsTotal: -1}}
}

// change applies a change and reports the outcome.
func (t *ReadStats) change(f func(p *domain.ReadProgress)) {
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
func (t *ReadStats) Request() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now.Requests++
}

// Waiting says that Atlassian asked to wait for d.
func (t *ReadStats) Waiting(d time.Duration) {
	t.change(func(*domain.ReadProgress) {
		if until := time.Now().Add(d); until.After(t.open) {
			t.open = until
		}
	})
}

// People says how many people were found so far. Of several readers one that counted earlier may say it later, so the
// number never falls.
func (t *ReadStats) People(n int) {
	t.change(func(p *domain.ReadProgress) { p.People = max(p.People, n) })
}

// ExpectGroups says how many groups will be read.
func (t *ReadStats) ExpectGroups(n int) {
	t.change(func(p *domain.ReadProgress) { p.GroupsTotal, p.Step = n, "Groups" })
}

// Group counts a group that was read.
func (t *ReadStats) Group() {
	t.change(func(p *domain.ReadProgress) { p.Groups++ })
}
