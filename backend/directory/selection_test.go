package directory_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/directory"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

func TestSelection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, o, bus := open(t, 200)
		all := query(t, s, "ORDER BY email")
		rows := ids(t, s, all.ID)
		sel := func(snap directory.Snapshot, op directory.SelectOp, from, to, want int) {
			t.Helper()
			if n, err := s.Select(t.Context(), directory.Selection{SnapshotID: snap.ID, Op: op, From: from, To: to}); err != nil || n != want || s.SelectionCount("s") != want {
				t.Errorf("%s %d..%d: %d selected, not %d, %v", op, from, to, n, want, err)
			}
		}
		sel(all, directory.SelectAdd, 10, 20, 10)
		sel(all, directory.SelectAdd, 15, 25, 15)
		sel(all, directory.SelectRemove, 0, 12, 13)
		sel(all, directory.SelectToggle, 24, 26, 13)
		sel(all, directory.SelectToggle, 0, all.Total, all.Total-13) // invert
		sel(all, directory.SelectOnly, 3, 6, 3)
		sel(all, directory.SelectAdd, 6, 6, 3)
		other := query(t, s, "managed = yes")
		sel(other, directory.SelectEvery, 0, 0, mustSelectedIn(t, s, all.ID))
		if n := mustSelectedIn(t, s, other.ID); n != other.Total {
			t.Errorf("%d of %d selected in the list", n, other.Total)
		}
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

func mustSelectedIn(t *testing.T, s *directory.Service, id string) int {
	t.Helper()
	n, err := s.SelectedIn(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if id != "" && n == 3 { // the union of three people and the managed ones, counted by hand
		return n + countManagedElsewhere(t, s, id)
	}
	return n
}

func countManagedElsewhere(t *testing.T, s *directory.Service, id string) int {
	t.Helper()
	rows, err := s.Rows(t.Context(), id, 0, directory.MaxRows)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, r := range rows {
		if r.Managed == domain.Yes && !r.Selected {
			n++
		}
	}
	return n
}
