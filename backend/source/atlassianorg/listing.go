package atlassianorg

import (
	"context"
	"encoding/json"
	"math"
	"sync"
	"sync/atomic"

	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
)

// managed names the progress of the list of managed accounts, beside the directories' ids.
const managed = ""

// listing is how far a long listing has come. The one with the most pages left goes first where requests wait for each
// other.
type listing struct {
	walked, all atomic.Int64 // pages; all is 0 until it is known
}

// left is how many pages are still to come, very many while that is not known.
func (c *listing) left() int {
	all := c.all.Load()
	if all == 0 {
		return math.MaxInt
	}
	return int(max(1, all-c.walked.Load()))
}

// expect sets the length of the listing from the number of its rows.
func (c *listing) expect(rows int) { c.all.Store(int64(rows/admin.FullPage) + 1) }

// count notes each page that a walk delivers.
func (c *listing) count(
	walk func(context.Context, func(json.RawMessage) error) error,
) func(context.Context, func(json.RawMessage) error) error {
	return func(ctx context.Context, visit func(json.RawMessage) error) error {
		return walk(ctx, func(raw json.RawMessage) error {
			c.walked.Add(1)
			return visit(raw)
		})
	}
}

// expect asks how much there is to read: for the progress, and for what is asked first.
func (r *reader) expect(ctx context.Context) {
	var work sync.WaitGroup
	people, groups := 0, make([]int, len(r.dirs))
	work.Go(func() {
		if people = r.count(ctx, r.api.CountUsers, admin.AnyDirectory); people < 0 {
			return
		}
		r.listings[managed].expect(people)
		if len(r.dirs) == 1 {
			r.listings[r.dirs[0].DirectoryID].expect(people)
		}
	})
	for i, d := range r.dirs {
		work.Go(func() { groups[i] = r.count(ctx, r.api.CountGroups, d.DirectoryID) })
		if len(r.dirs) == 1 {
			break
		}
		work.Go(func() {
			if r.counts[i] = r.count(ctx, r.api.CountUsers, d.DirectoryID); r.counts[i] >= 0 {
				r.listings[d.DirectoryID].expect(r.counts[i])
			}
		})
	}
	work.Wait()
	r.stats.expect(domain.ReadTotals{People: people, Groups: sum(groups)})
}

// count asks Atlassian for one of its own counts, -1 where it does not tell.
func (r *reader) count(ctx context.Context, ask func(context.Context, string) (int, error), dir string) int {
	n, err := ask(ctx, dir)
	if err != nil {
		return -1
	}
	return n
}

// sum adds counts up, -1 where one of them is not known.
func sum(counts []int) (all int) {
	for _, n := range counts {
		if n < 0 {
			return -1
		}
		all += n
	}
	return all
}
