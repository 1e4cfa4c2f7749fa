package jiradc

import (
	"sync"
	"time"

	"seatkeeper/backend/domain"
)

// tally turns what happens during a read into progress.
type tally struct {
	report func(domain.ReadProgress)

	mu   sync.Mutex
	now  domain.ReadProgress
	open time.Time // until then Jira asked to wait
}

func newTally(report func(domain.ReadProgress)) *tally {
	if report == nil {
		report = func(domain.ReadProgress) {}
	}
	return &tally{report: report, now: domain.ReadProgress{Step: "People", PeopleTotal: -1, GroupsTotal: -1}}
}

// change applies a change and reports the outcome.
func (t *tally) change(f func(p *domain.ReadProgress)) {
	t.mu.Lock()
	f(&t.now)
	p := t.now
	p.Waiting = max(0, time.Until(t.open))
	t.mu.Unlock()
	t.report(p)
}

func (t *tally) request() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.now.Requests++
}

func (t *tally) waiting(d time.Duration) {
	t.change(func(*domain.ReadProgress) {
		if until := time.Now().Add(d); until.After(t.open) {
			t.open = until
		}
	})
}

func (t *tally) people(n int) {
	t.change(func(p *domain.ReadProgress) { p.People = n })
}

func (t *tally) expectGroups(n int) {
	t.change(func(p *domain.ReadProgress) { p.GroupsTotal, p.Step = n, "Groups" })
}

func (t *tally) group() {
	t.change(func(p *domain.ReadProgress) { p.Groups++ })
}
