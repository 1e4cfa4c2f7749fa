package bulk_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

// TestRunUsesTheLimit holds a run to the rate that Atlassian allows: no slower than that but for a twentieth, and while a limit is closed
// not one call of its kind, beyond those that were on their way when it closed. `task bench` reads the line that it prints.
func TestRunUsesTheLimit(t *testing.T) {
	const (
		limit   = 60
		window  = time.Minute
		latency = 200 * time.Millisecond
	)
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, sim.Config{People: 1500, Seed: 3, Latency: latency, Rates: []sim.Rate{{Family: "users", Limit: limit, Window: window}}})
		defer o.close()
		o.sync()
		users := o.people(600, func(u domain.User) bool {
			return in(u, domain.StatusActive) && !slices.Contains(u.PlatformRoles, domain.RoleOrgAdmin)
		})
		time.Sleep(2 * window)
		before := uint64(len(o.world.Journal()))
		r := o.finish(o.run("user.suspend", users, nil).ID)
		if r.State != domain.RunDone || r.Counts[domain.ItemDone] != len(users) || len(users) < 400 {
			t.Fatalf("%s %v", r.State, r.Counts)
		}
		type span struct{ from, to time.Time }
		var closed []span // from when the program knows that the limit is used up until its window ends
		var first, ends, last time.Time
		calls, used, late := 0, 0, 0
		for _, e := range o.world.JournalSince(before) {
			if !strings.Contains(e.Path, "/users/") {
				continue // another limit's
			}
			at := e.Time
			if first.IsZero() {
				first = at
			}
			if !at.Before(ends) {
				ends, used = at.Add(window), 0
			}
			if used++; used == limit {
				closed = append(closed, span{at.Add(latency), ends})
			}
			for _, c := range closed {
				if at.After(c.from) && at.Before(c.to) {
					late++
				}
			}
			if e.Status != http.StatusTooManyRequests {
				calls, last = calls+1, at
			}
		}
		allowed := float64(limit) * float64(last.Sub(first)) / float64(window)
		share := 100 * float64(calls) / allowed
		if _, err := fmt.Fprintf(t.Output(), "BenchmarkRunRate 1 %.1f %%-of-limit %d closed-calls %d calls\n", share, late, calls); err != nil {
			t.Error(err)
		}
		if share < 95 || late > 0 {
			t.Errorf("%.1f %% of the rate, %d calls while the limit was closed", share, late)
		}
	})
}
