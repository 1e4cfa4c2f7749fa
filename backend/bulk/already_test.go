package bulk_test

import (
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
)

// TestAlreadyIsSoAtTheConfirm makes a plan in the middle of another run. Whom that run changes afterwards is not
// "already so" any more, and would get no call.
func TestAlreadyIsSoAtTheConfirm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		users := d.staff(12)
		first := d.wait(d.confirm(d.plan("user.suspend", users[:11], nil)).ID)
		for i := range users {
			users[i] = d.local[users[i].AccountID]
		}
		back, err := d.engine.PlanUndo(t.Context(), first.ID)
		if err != nil {
			t.Fatal(err)
		}
		before := d.plan("user.suspend", users, nil)
		undo := d.confirm(back)
		time.Sleep(200 * time.Millisecond)
		during := d.plan("user.suspend", users, nil)
		if before.Counts[domain.VerdictAlready] != 11 || during.Counts[domain.VerdictAlready] == 0 {
			t.Fatalf("%v %v", before.Counts, during.Counts)
		}
		if undo = d.wait(undo.ID); undo.Counts[domain.ItemDone] != 11 {
			t.Fatalf("%v", undo.Counts)
		}
		for name, p := range map[string]domain.Plan{"before": before, "during": during} {
			if r, err := agree(d.engine, p, domain.Secret{}); domain.CodeOf(err) != domain.Stale {
				t.Errorf("made %s the other run: confirmed as %v, %v", name, r.Counts, err)
			}
		}
		after := d.plan("user.suspend", users, nil)
		// A run that makes others so, or somebody once more, changes nothing about the plan.
		fine := d.plan("group.add_member", users, map[string]string{"groups": "g1,g2"})
		d.wait(d.confirm(after).ID)
		if fine.Counts[domain.VerdictAlready] != 12 {
			t.Fatalf("%v", fine.Counts)
		}
		d.wait(d.confirm(fine).ID)
	})
}
