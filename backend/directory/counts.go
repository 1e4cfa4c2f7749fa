package directory

import (
	"context"
	"slices"
	"time"

	"seatkeeper/backend/directory/index"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/filter"
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
	return Counted{countAll(ix, sourceID, time.Now(), everybody), ix.Freshness}, nil
}

// Earlier works out from what is known today how a day in the past may have looked: without the people who were added later, and with
// nobody more active than on that day. It is no count: who has left since is missing.
func (s *Service) Earlier(ctx context.Context, sourceID string, day time.Time) (Counted, error) {
	ix, err := s.current(ctx, s.source(sourceID))
	if err != nil {
		return Counted{}, err
	}
	last := filter.Day(day)
	c := Counted{countAll(ix, sourceID, day, func(pos int) bool { return ix.Added[pos] <= last }), ix.Freshness}
	c.Computed = true
	return c, nil
}

func everybody(int) bool { return true }

// countAll counts those whom there says to have been there on a day.
func countAll(ix *index.Index, sourceID string, at time.Time, there func(pos int) bool) domain.DayCounts {
	d := domain.DayCounts{
		SourceID: sourceID, Day: filter.DateOf(filter.Day(at)), TakenAt: time.Now(), Groups: len(ix.Groups), Status: map[domain.Status]int{},
		Apps: countApps(ix, filter.Day(at), domain.InactiveSteps[:], there),
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

// countApps counts those of each app's people whom there says to have been there; somebody is active in a step whose last activity was at
// most so many days before the day. It walks over the people, whose apps lie beside each other, and not over the apps.
func countApps(ix *index.Index, day int32, steps []int, there func(pos int) bool) []domain.AppCounts {
	var first []int32 // day from which on somebody is active, by step
	for _, days := range steps[:min(len(steps), maxSteps)] {
		first = append(first, max(day-int32(days), index.NeverActive+1))
	}
	told := make([]int, len(ix.Status.Values)) // by code: 1 + the status' place in toldStatus
	for code, status := range ix.Status.Values {
		told[code] = slices.Index(toldStatus[:], domain.Status(status)) + 1
	}
	// What is counted is looked up and not decided: of apps that lie beside each other every other decision would be guessed wrong.
	tallies := make([]struct {
		activity [3]int // unknown, never, on some day
		status   [len(toldStatus) + 1]int
		active   [maxSteps]int
	}, len(ix.Apps))
	for pos := range ix.Len() {
		if !there(pos) {
			continue
		}
		status := told[ix.Status.Code(pos)]
		ix.AppsOf(pos, func(app int, last int32) {
			t := &tallies[app]
			t.activity[min(last, index.NeverActive+1)-index.ActivityUnknown]++
			t.status[status]++
			for i, from := range first {
				t.active[i] += int(uint32(from-1-last) >> 31) // the sign: 1 for the days from it on
			}
		})
	}
	all := make([]domain.AppCounts, len(ix.Apps))
	for app := range all {
		t := &tallies[app]
		all[app] = domain.AppCounts{
			App: ix.Apps[app], People: t.activity[0] + t.activity[1] + t.activity[2], Unknown: t.activity[0], Never: t.activity[1],
			Invited: t.status[1], Suspended: t.status[2], Deactivated: t.status[3], Active: t.active,
		}
	}
	return all
}

// toldStatus are those that are told of an app's people.
var toldStatus = [...]domain.Status{domain.StatusInvited, domain.StatusSuspended, domain.StatusDeactivated}
