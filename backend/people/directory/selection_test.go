package directory_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/people/directory"
)

func TestSelection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, o, bus := open(t, 200)
		all := query(t, s, "ORDER BY email")
		rows := ids(t, s, all.ID)
		sel := func(snap directory.Snapshot, op directory.SelectOp, from, to, want int) {
			t.Helper()
			if n, err := s.Select(t.Context(), directory.Selection{SnapshotID: snap.ID, Op: op, From: from, To: to}); err != nil || n.Count != want || s.SelectionCount("s") != want {
				t.Errorf("%s %d..%d: %+v selected, not %d, %v", op, from, to, n, want, err)
			}
		}
		sel(all, directory.SelectAdd, 10, 20, 10)
		sel(all, directory.SelectAdd, 15, 25, 15)
		sel(all, directory.SelectRemove, 0, 12, 13)
		sel(all, directory.SelectToggle, 24, 26, 13)
		sel(all, directory.SelectToggle, 0, all.Total, all.Total-13) // invert
		sel(all, directory.SelectOnly, 3, 6, 3)
		sel(all, directory.SelectAdd, 6, 6, 3)
		s.ClearSelection("s")
		sel(all, directory.SelectOnly, 0, 4, 4)
		for _, bad := range []directory.Selection{
			{SnapshotID: all.ID, Op: "add", From: -1, To: 2}, {SnapshotID: all.ID, Op: "add", From: 3, To: 2},
			{SnapshotID: all.ID, Op: "add", From: 0, To: all.Total + 1}, {SnapshotID: all.ID, Op: "every", From: 0, To: 1}, {SnapshotID: "x", Op: "add"},
		} {
			if _, err := s.Select(t.Context(), bad); err == nil {
				t.Errorf("%+v is accepted", bad)
			}
		}
		if s.SelectionCount("s") != 4 || s.SelectionCount("other") != 0 {
			t.Errorf("a refused change changed the selection: %d", s.SelectionCount("s"))
		}

		// A sync takes one of the four away and changes another: three stay, as they are now.
		o.change(func(c *content) {
			c.users = slices.DeleteFunc(c.users, func(u domain.User) bool { return u.ID == rows[0] })
			for i := range c.users {
				if c.users[i].ID == rows[1] {
					c.users[i].Name = "renamed"
				}
			}
		})
		bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "s"})
		time.Sleep(time.Second)
		users, err := s.SelectedUsers(t.Context(), "s")
		if err != nil || len(users) != 3 || s.SelectionCount("s") != 3 {
			t.Fatal(len(users), s.SelectionCount("s"), err)
		}
		if !slices.ContainsFunc(users, func(u domain.User) bool { return u.ID == rows[1] && u.Name == "renamed" }) {
			t.Error("the selected people are not read afresh")
		}
		sel(all, directory.SelectAdd, 0, 1, 3) // who is gone cannot be selected from an old list
		if page, err := s.Rows(t.Context(), all.ID, 0, 5); err != nil || page[0].Selected || !page[1].Selected || page[4].Selected {
			t.Errorf("%+v, %v", page, err)
		}
	})
}

func TestListOfTheSelected(t *testing.T) {
	s, _, _ := open(t, 200)
	all := query(t, s, "ORDER BY email")
	rows := ids(t, s, all.ID)
	if _, err := s.Select(t.Context(), directory.Selection{SnapshotID: all.ID, Op: directory.SelectOnly, From: 7, To: 10}); err != nil {
		t.Fatal(err)
	}
	snap, err := s.Query(t.Context(), directory.Query{SourceID: "s", Sort: "email", Desc: true, Selected: true})
	if err != nil || snap.Total != 3 || !snap.Selected || len(snap.Order) != 1 || snap.Order[0].Field != "email" || !snap.Order[0].Desc {
		t.Fatalf("%+v, %v", snap, err)
	}
	if got, want := ids(t, s, snap.ID), []int64{rows[9], rows[8], rows[7]}; !slices.Equal(got, want) {
		t.Errorf("%d, not %d", got, want)
	}
	// What a list says it is sorted by can be asked for again, an app included; what is more than one key cannot.
	byApp := query(t, s, `ORDER BY lastActive("Jira") DESC`)
	again, err := s.Query(t.Context(), directory.Query{SourceID: "s", Sort: byApp.Order[0].Key(), Desc: true})
	if err != nil || !slices.Equal(ids(t, s, again.ID), ids(t, s, byApp.ID)) || slices.Equal(ids(t, s, again.ID), ids(t, s, query(t, s, "ORDER BY lastActive DESC").ID)) {
		t.Errorf("%+v, %v", again, err)
	}
	for _, by := range []string{"managed, name", "name DESC", "mfa x", `name("Jira")`, `lastActive("No such app")`} {
		if _, err := s.Query(t.Context(), directory.Query{SourceID: "s", Sort: by}); err == nil {
			t.Errorf("sorted by %s", by)
		}
	}
	// The list stays as it is when the selection changes.
	s.ClearSelection("s")
	if l, err := s.Describe(t.Context(), snap.ID); err != nil || l.Total != 3 || !l.Selected || l.Order != "email DESC" {
		t.Errorf("%+v, %v", l, err)
	}
	for id, want := range map[int64]int{rows[9]: 0, rows[7]: 2, rows[0]: -1, -5: -1} {
		if got, err := s.Place(t.Context(), snap.ID, id); err != nil || got != want {
			t.Errorf("%d is in row %d, not %d, %v", id, got, want, err)
		}
	}
	if _, err := s.Place(t.Context(), "x", 1); domain.CodeOf(err) != domain.Stale {
		t.Error(err)
	}
}

// TestAllIsThisList: "select all" is about the list that is seen. Whoever was selected elsewhere stays only when that
// is asked for.
func TestAllIsThisList(t *testing.T) {
	s, _, _ := open(t, 200)
	do := func(snap directory.Snapshot, op directory.SelectOp, from, to int, want directory.Selected) {
		t.Helper()
		got, err := s.Select(t.Context(), directory.Selection{SnapshotID: snap.ID, Op: op, From: from, To: to})
		if err != nil || got != want {
			t.Errorf("%s: %+v, not %+v, %v", op, got, want, err)
		}
		if again, err := s.SelectedIn(t.Context(), snap.ID); err != nil || again != want {
			t.Errorf("%s: asked again %+v, not %+v, %v", op, again, want, err)
		}
	}
	managed, others := query(t, s, "managed = yes"), query(t, s, "NOT managed = yes")
	m, n := managed.Total, others.Total
	if m < 5 || n < 5 {
		t.Fatal(m, n)
	}
	do(managed, directory.SelectEvery, 0, 0, directory.Selected{Count: m, Here: m, All: true})
	do(others, directory.SelectEvery, 0, 0, directory.Selected{Count: n, Here: n, All: true, Aside: m})
	do(others, directory.SelectEvery, 0, 0, directory.Selected{Count: n, Here: n, All: true, Aside: m}) // twice is once
	do(others, directory.SelectToggle, 0, 1, directory.Selected{Count: n - 1, Here: n - 1, Aside: m})
	do(others, directory.SelectKeep, 0, 0, directory.Selected{Count: m + n - 1, Here: n - 1})
	do(others, directory.SelectHere, 0, 0, directory.Selected{Count: n - 1, Here: n - 1, Aside: m})
	do(managed, directory.SelectAdd, 0, 2, directory.Selected{Count: n + 1, Here: 2, Aside: m - 2}) // by hand: no longer aside
	do(managed, directory.SelectOnly, 4, 5, directory.Selected{Count: 1, Here: 1, Aside: n + 1})
	do(managed, directory.SelectKeep, 0, 0, directory.Selected{Count: n + 2, Here: 3})
	do(managed, directory.SelectRemove, 0, 5, directory.Selected{Count: n - 1})
	do(others, directory.SelectAdd, 0, 1, directory.Selected{Count: n, Here: n, All: true})
	s.ClearSelection("s")
	do(others, directory.SelectKeep, 0, 0, directory.Selected{})
}

// TestOutside: people and groups are held against the list that was shown last, not against one that was only asked
// for.
func TestOutside(t *testing.T) {
	s, _, bus := open(t, 200)
	all := query(t, s, "ORDER BY email")
	rows, err := s.Rows(t.Context(), all.ID, 0, directory.MaxRows)
	if err != nil {
		t.Fatal(err)
	}
	var people []domain.Target
	for _, r := range rows {
		people = append(people, domain.Target{AccountID: r.AccountID, Name: r.Name})
	}
	outside := func(targets []domain.Target, want int) []domain.Target {
		t.Helper()
		got, err := s.Outside(t.Context(), "s", targets)
		if err != nil || len(got) != want {
			t.Errorf("%d outside, not %d, %v", len(got), want, err)
		}
		return got
	}
	show := func(text string) int {
		t.Helper()
		snap, err := s.Query(t.Context(), directory.Query{SourceID: "s", Filter: text, Shown: true})
		if err != nil {
			t.Fatal(err)
		}
		return snap.Total
	}
	outside(people, 0) // no list was shown yet
	n := show("managed = yes")
	query(t, s, "") // asked for, as a copy to the clipboard does, and not shown
	for _, gone := range outside(append(people, people...), len(people)-n) {
		if r := rows[slices.IndexFunc(rows, func(r directory.Row) bool { return r.AccountID == gone.AccountID })]; r.Managed == domain.Yes {
			t.Errorf("%s stands in the list", r.Email)
		}
	}
	bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "s"}) // another index
	outside(people, len(people)-n)
	show("")
	outside(people, 0)

	groups, err := s.GroupList(t.Context(), directory.GroupQuery{SourceID: "s", Count: directory.MaxRows})
	if err != nil || groups.Total < 3 {
		t.Fatal(groups.Total, err)
	}
	targets := []domain.Target{{GroupName: "to be made"}}
	for _, g := range groups.Groups {
		targets = append(targets, domain.Target{GroupID: g.GroupID, GroupName: g.Name})
	}
	outside(targets, 0)
	s.ShowGroups(directory.GroupQuery{SourceID: "s", Search: groups.Groups[0].GroupID, Count: 1})
	outside(targets, len(targets)-2)
	first, second := groups.Groups[0].GroupID, groups.Groups[1].GroupID
	some, err := s.GroupsOutside(t.Context(), directory.GroupQuery{SourceID: "s", Search: first, Count: 1}, []string{second, first, "gone"})
	if err != nil || !slices.Equal(some, []string{second, "gone"}) {
		t.Error(some, err)
	}
}
