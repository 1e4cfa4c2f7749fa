package bulk_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
)

func TestRunSuspendsAndUndoRestores(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		users := d.staff(30)
		users = append(users, d.seat(domain.User{
			AccountID: "two", Name: "Two Directories", AccountType: "atlassian",
			Memberships: []domain.DirectoryMembership{{DirectoryID: "d1", Status: domain.StatusActive}, {DirectoryID: "d2", Status: domain.StatusSuspended}},
		}))
		p := d.plan("user.suspend", users, nil)
		if p.Counts[domain.VerdictChange] != 31 || p.Counts[domain.VerdictAlready] != 1 || p.MustType() || p.Blocked() {
			t.Fatalf("plan: %+v", p)
		}
		if len(d.calls) != 0 || d.reads != 0 {
			t.Fatal("planning sent requests")
		}
		r := d.wait(d.confirm(p).ID)
		d.check(r)
		if r.State != domain.RunDone || r.Counts[domain.ItemDone] != 31 || r.Counts[domain.ItemAlready] != 1 {
			t.Fatalf("run: %+v", r)
		}
		for _, it := range d.items(r.ID) {
			if it.State == domain.ItemDone && (it.Evidence != domain.ByAnswer || it.Receipt == nil || it.Receipt.Status != 204 || it.Attempts != 1 || it.IntentAt.IsZero()) {
				t.Fatalf("item: %+v", it)
			}
		}
		if len(d.refreshed) != 31 {
			t.Errorf("%d people were refreshed, not 31", len(d.refreshed))
		}
		undo, err := d.engine.PlanUndo(context.Background(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if undo.Action != "user.restore" || undo.UndoOf != r.ID || undo.Trigger != domain.TriggerUndo || undo.Counts[domain.VerdictChange] != 31 {
			t.Fatalf("undo: %+v", undo)
		}
		u := d.wait(d.confirm(undo).ID)
		d.check(u)
		if u.Counts[domain.ItemDone] != 31 {
			t.Fatalf("undo run: %+v", u)
		}
		for _, user := range users[:30] {
			if stateOf(d.truth(user.AccountID), "d:d1") != true {
				t.Fatalf("%s was not restored", user.AccountID)
			}
		}
		if stateOf(d.truth("two"), "d:d2") {
			t.Error("the undo restored a directory that the run had not suspended")
		}
		r, err = d.store.Records.Run(context.Background(), r.ID)
		if err != nil || r.UndoneBy != u.ID {
			t.Errorf("undone by %q, not %q (%v)", r.UndoneBy, u.ID, err)
		}
	})
}

func TestRunSkipsWhoChangedSinceThePlan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		users := d.staff(6)
		p := d.plan("user.suspend", users, nil)
		change := func(i int, f func(*domain.User)) { f(&d.people[users[i].AccountID].user) }
		change(0, func(u *domain.User) { u.PlatformRoles = []string{domain.RoleOrgAdmin} })
		change(1, func(u *domain.User) { u.GroupIDs = []string{"ga"} })
		change(2, func(u *domain.User) { u.RemovedAt = time.Now() })
		change(3, func(u *domain.User) { u.Memberships = nil })
		change(4, func(u *domain.User) {
			u.Memberships = []domain.DirectoryMembership{{DirectoryID: "d1", Status: domain.StatusSuspended}}
		})
		r := d.wait(d.confirm(p).ID)
		want := []domain.ItemState{domain.ItemSkipped, domain.ItemSkipped, domain.ItemSkipped, domain.ItemSkipped, domain.ItemAlready, domain.ItemDone}
		for i, it := range d.items(r.ID) {
			if it.State != want[i] || it.State != domain.ItemDone && (it.Reason == "" || it.Attempts != 0) {
				t.Errorf("item %d: %s (%s), not %s", i, it.State, it.Reason, want[i])
			}
		}
		if len(d.calls) != 1 {
			t.Errorf("%d calls, not 1", len(d.calls))
		}
	})
}
