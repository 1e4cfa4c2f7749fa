package directory

import (
	"context"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// Counted is what the tiles are made of: everything that is counted about a source.
type Counted struct {
	domain.DayCounts

	Freshness domain.Freshness // of the local copy that was counted
}

// Counts counts the people of a source today, by app and by status. The tiles are made by the same sums.
func (s *Service) Counts(ctx context.Context, sourceID string) (Counted, error) {
	ix, err := s.current(ctx, s.source(sourceID))
	if err != nil {
		return Counted{}, err
	}
	return Counted{countAll(ix, sourceID, time.Now(), filter.Today(), everybody), ix.Freshness}, nil
}

// Earlier works out from what is known today how a day in the past may have looked: without the people who were added
// later, and with nobody more active than on that day. It is no count: who has left since is missing.
func (s *Service) Earlier(ctx context.Context, sourceID string, day time.Time) (Counted, error) {
	ix, err := s.current(ctx, s.source(sourceID))
	if err != nil {
		return Counted{}, err
	}
	last := filter.Day(day)
	c := Counted{countAll(ix, sourceID, day, last, func(pos int) bool { return ix.Added[pos] <= last }), ix.Freshness}
	c.Computed = true
	return c, nil
}

func everybody(int) bool { return true }

// countAll counts those whom there says to have been there on a day, which is last for their activity: that is in UTC.
func countAll(ix *index.Index, sourceID string, at time.Time, last int32, there func(pos int) bool) domain.DayCounts {
	d := domain.DayCounts{
		SourceID: sourceID, Day: filter.DateOf(filter.Day(at)), TakenAt: time.Now(), Groups: len(ix.Groups), Status: map[domain.Status]int{},
		Apps: countApps(ix, last, domain.InactiveSteps[:], there),
	}
	for pos := range ix.Len() {
		if there(pos) {
			d.Status[domain.Status(ix.Status.At(pos))]++
		}
	}
	return d
}

// maxSteps bounds the steps of one count: those of the trends.
const maxSteps = len(domain.InactiveSteps)

// countApps counts those of each app's people whom there says to have been there; somebody is active in a step whose
// last activity was at most so many days before the day. It walks over the people, whose apps lie beside each other,
// and not over the apps.
func countApps(ix *index.Index, day int32, steps []int, there func(pos int) bool) []domain.AppCounts {
	var first []int32 // day from which on somebody is active, by step
	for _, days := range steps[:min(len(steps), maxSteps)] {
		first = append(first, max(day-int32(days), index.NeverActive+1))
	}
	kinds := make([]standing, len(ix.Status.Values)) // by code
	for code, status := range ix.Status.Values {
		kinds[code] = standingOf[domain.Status(status)]
	}
	// What is counted is looked up and not decided: of apps that lie beside each other every other decision would be
	// guessed wrong.
	tallies := make([]struct {
		activity [3]int // unknown, never, on some day
		standing [standings]int
		active   [maxSteps]int
	}, len(ix.Apps))
	for pos := range ix.Len() {
		if !there(pos) {
			continue
		}
		kind := kinds[ix.Status.Code(pos)]
		if kind != uses {
			ix.AppsOf(pos, func(app int, _ int32) { tallies[app].standing[kind]++ })
			continue
		}
		ix.AppsOf(pos, func(app int, last int32) {
			t := &tallies[app]
			t.activity[min(last, index.NeverActive+1)-index.ActivityUnknown]++
			for i, from := range first {
				t.active[i] += int(uint32(from-1-last) >> 31) // the sign: 1 for the days from it on
			}
		})
	}
	all := make([]domain.AppCounts, len(ix.Apps))
	for app := range all {
		t := &tallies[app]
		all[app] = domain.AppCounts{
			App: ix.Apps[app], People: t.activity[0] + t.activity[1] + t.activity[2] + t.standing[invited], Unknown: t.activity[0], Never: t.activity[1],
			Invited: t.standing[invited], Suspended: t.standing[suspended], Deactivated: t.standing[deactivated], Active: t.active,
		}
	}
	return all
}

// standing is how somebody who was given an app stands to it.
type standing int

const (
	nowhere standing = iota // in no directory: there is nothing to open
	uses                    // may open it
	invited                 // may open it and never came
	suspended
	deactivated
	standings
)

// standingOf is by status; whoever's is not known is not taken away from those who may open their apps.
var standingOf = map[domain.Status]standing{
	domain.StatusActive: uses, domain.StatusUnknown: uses, domain.StatusInvited: invited, domain.StatusSuspended: suspended,
	domain.StatusDeactivated: deactivated, domain.StatusForDeletion: deactivated, domain.StatusNoAccess: nowhere,
}
