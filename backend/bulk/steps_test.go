package bulk_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

// A run of two steps dies at any moment and goes on: no call of the second step comes before the first one is over,
// nobody is taken into it who did not get through the first, and an undo takes back what was done, the second step
// first.
func TestStepsSurviveAnEnd(t *testing.T) {
	for after := range 12 {
		synctest.Test(t, func(t *testing.T) {
			o := newOffice(t, sim.Config{People: 80, Seed: 3, Latency: 700 * time.Millisecond})
			defer o.close()
			o.sync()
			g := plainGroup(o)
			people := o.people(8, func(u domain.User) bool { return in(u, domain.StatusActive) && slices.Contains(u.GroupIDs, g.ID) })
			o.world.AddFault(sim.Fault{Kind: sim.FaultStatus, Status: http.StatusForbidden, Method: http.MethodDelete, Path: "*/memberships/*", Skip: 1, Count: 1})
			p, err := o.engine.Plan(context.Background(), bulk.Request{
				SourceID: src, Action: "group.remove_member+user.suspend", Params: map[string]string{bulk.StepParam(1, "groups"): g.ID}, Users: people,
			})
			if err != nil {
				t.Fatal(err)
			}
			r := o.confirm(p)
			time.Sleep(time.Duration(after) * 900 * time.Millisecond)
			o.close()
			o.open()
			if err := o.engine.Recover(context.Background()); err != nil {
				t.Fatal(err)
			}
			r = o.finish(r.ID)
			o.judgeSteps(r)

			undo, err := o.engine.PlanUndo(context.Background(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			if u := o.finish(o.confirm(undo).ID); u.State != domain.RunDone || u.Counts[domain.ItemDone] != r.Counts[domain.ItemDone] {
				t.Errorf("%d done, of which the undo took back %v, %s", r.Counts[domain.ItemDone], u.Counts, u.State)
			}
			for _, u := range people {
				now, _ := o.world.State(u.AccountID)
				if !slices.Contains(now.Groups, g.ID) || now.Status != "active" {
					t.Errorf("after the undo %s is %s, in groups %v", u.Name, now.Status, now.Groups)
				}
			}
		})
	}
}

// judgeSteps compares what came of a run of a removal and a suspension with the truth and the order of the calls.
func (o *office) judgeSteps(r domain.Run) {
	o.t.Helper()
	through, barred := map[string]bool{}, 0
	err := o.store.Records.EachItem(context.Background(), r.ID, func(it domain.Item) error {
		who := it.Change.Target.AccountID
		switch {
		case it.Change.Step == 0:
			through[who] = it.State == domain.ItemDone || it.State == domain.ItemAlready
		case it.State == domain.ItemDone && !through[who]:
			o.t.Errorf("%s was suspended without having left the group", it.Change.Target.Name)
		case it.State == domain.ItemSkipped && it.Change.Verdict == domain.VerdictChange:
			barred++
			if !strings.Contains(it.Reason, "earlier step") {
				o.t.Errorf("left out because of %q", it.Reason)
			}
		}
		return nil
	})
	if err != nil || barred == 0 {
		o.t.Errorf("%d people were not taken further: %v", barred, err)
	}
	suspending := false
	for _, e := range o.changing() {
		suspending = suspending || strings.HasSuffix(e.Path, "/suspend")
		if suspending && e.Method == http.MethodDelete {
			o.t.Error("a removal came after a suspension")
		}
	}
}
