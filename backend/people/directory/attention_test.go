package directory_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/attention"
	"seatkeeper/backend/people/directory"
)

// TestCountsEqualTiles checks for every threshold of the trends that the counts of a day are the numbers of the tiles.
func TestCountsEqualTiles(t *testing.T) {
	for seed := range uint64(15) {
		r := rand.New(rand.NewPCG(seed, 5))
		o := randomOrg(r, 1+r.IntN(200))
		s := openOn(o)
		counted, err := s.Counts(t.Context(), "s")
		if err != nil || counted.People() != len(o.now.users) || counted.Freshness != o.now.freshness || len(counted.Apps) != len(o.now.apps) {
			t.Fatalf("seed %d: %+v, %v", seed, counted, err)
		}
		for step, days := range domain.InactiveSteps {
			tiles, err := s.Overview(t.Context(), "s", days)
			if err != nil {
				t.Fatal(err)
			}
			for i, tile := range tiles {
				c := counted.Apps[i]
				got := [...]int{c.People, c.Active[step], c.Inactive(step), c.Never, c.Unknown, c.Invited, c.Suspended, c.Deactivated}
				want := [...]int{
					tile.People.Count, tile.Active.Count, tile.Inactive.Count, tile.Never.Count, tile.Unknown.Count, tile.Invited.Count,
					tile.Suspended.Count, tile.Deactivated.Count,
				}
				if got != want {
					t.Errorf("seed %d, %d days, %s: counted %v, the tile says %v", seed, days, c.App.Name, got, want)
				}
			}
		}
		s.Close()
	}
}

// TestCountsEqualTilesEverywhere: the days of activity are in UTC, for the counts of a day as for the tiles, whatever
// the date is where the computer stands.
func TestCountsEqualTilesEverywhere(t *testing.T) {
	before := time.Local
	defer func() { time.Local = before }() //nolint:reassign // where the computer stands
	for _, hours := range []int{-12, 14} {
		time.Local = time.FixedZone("somewhere", hours*3600) //nolint:reassign // see above
		s := openOn(randomOrg(rand.New(rand.NewPCG(7, 7)), 400))
		counted, err := s.Counts(t.Context(), "s")
		if err != nil || counted.Day.Format(time.DateOnly) != time.Now().Format(time.DateOnly) {
			t.Fatal(counted.Day, err)
		}
		for step, days := range domain.InactiveSteps {
			tiles, err := s.Overview(t.Context(), "s", days)
			if err != nil {
				t.Fatal(err)
			}
			for i, tile := range tiles {
				if got := counted.Apps[i].Active[step]; got != tile.Active.Count {
					t.Errorf("at UTC%+d, %d days: %d active people, the tile says %d", hours, days, got, tile.Active.Count)
				}
			}
		}
		s.Close()
	}
}

// TestWhoCannotOpenAnAppIsBesideIt: of each status the numbers that somebody is in, whether active long ago, lately or
// never.
func TestWhoCannotOpenAnAppIsBesideIt(t *testing.T) {
	for status, want := range map[domain.Status][8]int{ // people, active, inactive, never, unknown, invited, suspended, deactivated
		domain.StatusActive:      {4, 1, 1, 1, 1, 0, 0, 0},
		domain.StatusUnknown:     {4, 1, 1, 1, 1, 0, 0, 0},
		domain.StatusInvited:     {4, 0, 0, 0, 0, 4, 0, 0},
		domain.StatusSuspended:   {0, 0, 0, 0, 0, 0, 4, 0},
		domain.StatusDeactivated: {0, 0, 0, 0, 0, 0, 0, 4},
		domain.StatusForDeletion: {0, 0, 0, 0, 0, 0, 0, 4},
		domain.StatusNoAccess:    {},
	} {
		c := &content{freshness: domain.Freshness{Revision: 1, People: 4}, apps: []domain.App{{ID: 10, AppID: "a", Key: "jira", Name: "Jira", SiteName: "acme"}}}
		now := time.Now()
		for i, access := range []domain.AppAccess{
			{AppID: "a", Known: true, LastActive: now}, {AppID: "a", Known: true, LastActive: now.AddDate(0, 0, -100)}, {AppID: "a", Known: true}, {AppID: "a"},
		} {
			c.users = append(c.users, domain.User{ID: int64(i + 1), AccountID: string(rune('a' + i)), Status: status, Access: []domain.AppAccess{access}})
		}
		s := openOn(&org{now: c})
		tiles, err := s.Overview(t.Context(), "s", 90)
		if err != nil {
			t.Fatal(err)
		}
		n := tiles[0]
		got := [8]int{
			n.People.Count, n.Active.Count, n.Inactive.Count, n.Never.Count, n.Unknown.Count, n.Invited.Count, n.Suspended.Count, n.Deactivated.Count,
		}
		if got != want {
			t.Errorf("%s: %v, want %v", status, got, want)
		}
		s.Close()
	}
}

// quiet is a source with which all is well.
func quiet(s *directory.Service, settings attention.Settings) attention.Options {
	return attention.Options{
		Loss:   func(context.Context) (domain.CopyLoss, error) { return domain.CopyLoss{}, nil },
		Source: func(context.Context, string) (domain.Source, error) { return domain.Source{ID: "s"}, nil },
		Sync: func(context.Context, string) (domain.Sync, domain.Freshness, error) {
			return domain.Sync{State: domain.SyncDone}, domain.Freshness{Revision: 1, CompleteAt: time.Now()}, nil
		},
		Task: func(context.Context, string, string) (domain.Task, error) {
			return domain.Task{Active: true, Schedule: domain.Schedule{Mode: domain.ScheduleDaily, At: "05:30"}}, nil
		},
		Runs:      func(context.Context, domain.RunQuery) ([]domain.Run, int, error) { return nil, 0, nil },
		Directory: s, Settings: settings, MaxAge: time.Hour,
	}
}

// nothingKept has no settings.
type nothingKept struct{}

func (nothingKept) Setting(context.Context, string) (string, error) {
	return "", domain.Errorf(domain.NotFound, "none")
}
func (nothingKept) SetSetting(context.Context, string, string) error { return nil }

// TestAttentionEqualsLists: each number of what needs attention is the length of the list that it opens, and that list
// is the one that a slow and obvious evaluation finds; what finds somebody is never left out.
func TestAttentionEqualsLists(t *testing.T) {
	numbers, kinds := 0, map[string]int{}
	for seed := range uint64(25) {
		r := rand.New(rand.NewPCG(seed, 6))
		o := randomOrg(r, 1+r.IntN(200))
		many := 0
		o.change(func(c *content) {
			for i := range c.groups {
				g := &c.groups[i]
				g.AppCount = -1
				given, standard := r.IntN(4), false
				g.GrantsAccess, g.Grants, g.GrantsKnown = nil, nil, true
				for _, a := range c.apps[:given] {
					d := r.IntN(4) == 0
					standard = standard || d
					g.GrantsAccess = append(g.GrantsAccess, a.AppID)
					g.Grants = append(g.Grants, domain.Grant{AppID: a.AppID, Role: "atlassian/user", Default: d})
				}
				if given > 1 && standard {
					many++
				}
			}
		})
		s := openOn(o)
		days := 1 + r.IntN(120)
		report, err := attention.New(quiet(s, nothingKept{})).Report(t.Context(), "s", days)
		if err != nil {
			t.Fatal(err)
		}
		leaks := 0
		for _, it := range report.Items {
			numbers++
			kinds[it.Kind]++
			switch it.Page {
			case attention.People:
				snap := query(t, s, it.Filter)
				parsed, err := s.Parse(t.Context(), "s", it.Filter)
				if err != nil || parsed.Error != nil {
					t.Fatal(err, parsed.Error)
				}
				if want := len(newOracle(o.get()).matching(parsed.Tree, "")); snap.Total != it.Count || want != it.Count || it.Count == 0 {
					t.Errorf("seed %d: %q: %d, the list has %d, there are %d", seed, it.Title, it.Count, snap.Total, want)
				}
			case attention.Groups:
				page, err := s.GroupList(t.Context(), directory.GroupQuery{SourceID: "s", Kind: it.Query["kind"], Count: 1000})
				if err != nil || page.Total != it.Count || len(page.Groups) != it.Count || it.Count == 0 {
					t.Errorf("seed %d: %q: %d, the list has %d, %v", seed, it.Title, it.Count, page.Total, err)
				}
				if it.Query["kind"] == directory.GroupsLeaks {
					leaks = it.Count
				}
			default:
				t.Errorf("seed %d: %+v", seed, it)
			}
		}
		if leaks != many {
			t.Errorf("seed %d: %d default groups open several apps, %d are told", seed, many, leaks)
		}
		s.Close()
	}
	t.Logf("%d numbers: %v", numbers, kinds)
	if len(kinds) != 8 {
		t.Errorf("not every kind occurred: %v", kinds)
	}
}
