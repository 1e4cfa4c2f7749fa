package bulk_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

// stopsOf gives what stops a plan, as "rule count/of".
func stopsOf(p domain.Plan) []string {
	var out []string
	for _, f := range p.Findings {
		if f.Level == domain.GuardStop {
			out = append(out, fmt.Sprintf("%s %d/%d", f.Rule, f.Stop.Count, f.Stop.Of))
		}
	}
	return out
}

func wantStops(t *testing.T, what string, p domain.Plan, want ...string) {
	t.Helper()
	if got := stopsOf(p); !slices.Equal(got, want) {
		t.Errorf("%s: stops %v, not %v: %+v", what, got, want, p.Findings)
	}
}

// refusal tells code and field of an error.
func refusal(err error) string {
	var e *domain.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	return strings.TrimSpace(string(e.Code) + " " + e.Field)
}

func TestStopBegins(t *testing.T) {
	tests := []struct {
		action      string
		people, all int
		want        bool
	}{
		{"user.suspend", 25, 100, false},
		{"user.suspend", 26, 100, true},
		{"user.suspend", 1250, 5000, false},
		{"user.suspend", 1251, 5000, true},
		{"user.suspend", 2, 6, false},
		{"user.suspend", 10, 10, false}, // the floor: their names fit on a screen
		{"user.suspend", 11, 12, true},
		{"user.restore", 26, 100, true},
		{"group.add_member", 25, 100, false},
		{"group.add_member", 26, 100, true},
		{"group.remove_member", 26, 100, true},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s %d of %d", tt.action, tt.people, tt.all), func(t *testing.T) {
			d := newDesk(t, newWorld())
			d.open()
			defer d.close()
			d.fresh.People = tt.all
			users, params := d.staff(tt.people), map[string]string{}
			switch tt.action {
			case "user.restore":
				for i := range users {
					users[i].Memberships = []domain.DirectoryMembership{{DirectoryID: "d1", Status: domain.StatusSuspended}}
				}
			case "group.add_member":
				params["groups"] = "g1"
			case "group.remove_member":
				params["groups"] = "g2"
			}
			p := d.plan(tt.action, users, params)
			if stops := p.RaiseWords() != ""; stops != tt.want || len(stopsOf(p)) > 0 != tt.want || p.People != tt.people {
				t.Errorf("stops %v: %+v", stops, p.Findings)
			}
			if tt.want && p.MustType() {
				t.Error("the number is asked for beside the words")
			}
		})
	}
}

// TestStopCountsWhoChanges: who is so already or is protected is nobody whom the plan reaches.
func TestStopCountsWhoChanges(t *testing.T) {
	d := newDesk(t, newWorld())
	d.open()
	defer d.close()
	d.fresh.People = 100
	users := d.staff(40)
	for i := range 15 {
		users[i].Memberships = []domain.DirectoryMembership{{DirectoryID: "d1", Status: domain.StatusSuspended}}
	}
	wantStops(t, "25 of 40 change", d.plan("user.suspend", users, nil))
	users[0].Memberships[0].Status = domain.StatusActive
	wantStops(t, "26 of 40 change", d.plan("user.suspend", users, nil), "stop 26/100")
}

// TestStopNeedsWords is the promise: 86 % of an organization are not suspended by typing a number.
func TestStopNeedsWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer func() { d.close() }()
		d.fresh.People = 1500
		p := d.plan("user.suspend", d.staff(1290), nil)
		const words = "suspend 1,290 of 1,500 people"
		if p.RaiseWords() != words || p.Findings[0].Message != "This plan stops: it would suspend access of 1,290 of 1,500 people (86 %)." {
			t.Fatalf("%q: %+v", p.RaiseWords(), p.Findings[0])
		}
		ctx := context.Background()
		for _, typed := range []string{"", "1290", words} {
			if _, err := d.engine.Confirm(ctx, p.ID, p.Hash, typed, domain.Secret{}); refusal(err) != "invalid words" {
				t.Errorf("confirmed with %q: %v", typed, err)
			}
		}
		for _, said := range []struct{ words, reason, want string }{
			{"", "it is meant", "invalid words"},
			{"1290", "it is meant", "invalid words"},
			{"yes", "it is meant", "invalid words"},
			{"suspend 1,289 of 1,500 people", "it is meant", "invalid words"},
			{"restore 1,290 of 1,500 people", "it is meant", "invalid words"},
			{words + " and more", "it is meant", "invalid words"},
			{words, "", "invalid reason"},
			{words, " \t.-\u200b", "invalid reason"},
		} {
			if _, err := d.engine.Raise(ctx, p.ID, p.Hash, said.words, said.reason, domain.Secret{}); refusal(err) != said.want {
				t.Errorf("raised with %q because of %q: %v", said.words, said.reason, err)
			}
		}
		if _, err := d.engine.Raise(ctx, p.ID, strings.Repeat("0", 64), words, "it is meant", domain.Secret{}); domain.CodeOf(err) != domain.Stale {
			t.Errorf("raised for another plan: %v", err)
		}
		if len(d.calls) != 0 {
			t.Fatalf("%d calls were sent without a raise", len(d.calls))
		}
		r, err := d.engine.Raise(ctx, p.ID, p.Hash, " Suspend  1290 of 1500 PEOPLE ", " the company closes ", domain.Secret{})
		if err != nil {
			t.Fatal(err)
		}
		if r = d.wait(r.ID); r.Counts[domain.ItemDone] != 1290 {
			t.Errorf("%+v", r.Counts)
		}
		d.close()
		d.open()
		r, err = d.store.Records.Run(ctx, r.ID)
		if err != nil || r.Raised == nil || r.Raised.Words != "Suspend  1290 of 1500 PEOPLE" || r.Raised.Reason != "the company closes" || r.Note != "why" ||
			!slices.Equal(r.Raised.Caps, []string{p.Findings[0].Message}) {
			t.Errorf("%+v, %v", r.Raised, err)
		}
	})
}

// TestUndoIsNotStopped: giving back what a mistake took is never held up; an undo that takes is.
func TestUndoIsNotStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		d.fresh.People = 50
		r := d.wait(d.confirm(d.plan("user.suspend", d.staff(43), nil)).ID)
		undo, err := d.engine.PlanUndo(context.Background(), r.ID)
		if err != nil || undo.Counts[domain.VerdictChange] != 43 {
			t.Fatal(undo.Counts, err)
		}
		wantStops(t, "undo of a suspension", undo)
		if !undo.MustType() {
			t.Error("the undo is not even confirmed by its number")
		}
		back := d.wait(d.confirm(undo).ID)
		again, err := d.engine.PlanUndo(context.Background(), back.ID)
		if err != nil {
			t.Fatal(err)
		}
		wantStops(t, "undo of a restore", again, "stop 43/50")
		if _, err := d.engine.Confirm(context.Background(), again.ID, again.Hash, "43", domain.Secret{}); refusal(err) != "invalid words" {
			t.Errorf("%v", err)
		}
		// The restore that was an undo does not count with one by hand.
		users := []domain.User{someone(60)}
		users[0].Memberships = []domain.DirectoryMembership{{DirectoryID: "d1", Status: domain.StatusSuspended}}
		d.seat(users[0])
		wantStops(t, "a restore by hand", d.plan("user.restore", users, nil))

		added := d.wait(d.confirm(d.plan("group.add_member", d.staff(43), map[string]string{"groups": "g1"})).ID)
		if undo, err = d.engine.PlanUndo(context.Background(), added.ID); err != nil {
			t.Fatal(err)
		}
		wantStops(t, "undo of adding, which removes", undo, "stop 43/50")
	})
}

// TestStopOfADay: cut into slices, a plan stops as if it were whole.
func TestStopOfADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		d.fresh.People = 100
		users := d.staff(70)
		plan := func(from, to int) domain.Plan {
			t.Helper()
			d.fresh.CompleteAt = time.Now()
			d.mu.Lock()
			var now []domain.User
			for _, u := range users[from:to] {
				now = append(now, d.local[u.AccountID])
			}
			d.mu.Unlock()
			p, err := d.engine.Plan(context.Background(), bulk.Request{SourceID: src, Action: "user.suspend", Users: now})
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		side := plan(20, 40) // made beside the first and confirmed after it
		wantStops(t, "the first slice", side)
		first := d.wait(d.confirm(plan(0, 20)).ID)
		if _, err := d.engine.Confirm(context.Background(), side.ID, side.Hash, "20", domain.Secret{}); domain.CodeOf(err) != domain.Stale || !strings.Contains(err.Error(), "40 of 100") {
			t.Errorf("the plan beside it: %v", err)
		}
		wantStops(t, "just within", plan(20, 25))
		second := plan(20, 40)
		wantStops(t, "the second slice", second, "stop 40/100")
		if m := second.Findings[0].Message; m != "This plan stops: with the 20 of the last 24 hours it would suspend access of 40 of 100 people (40 %)." {
			t.Error(m)
		}
		third := plan(40, 45)
		wantStops(t, "five with the day's twenty", third)
		d.wait(d.confirm(second).ID)
		if _, err := d.engine.Confirm(context.Background(), third.ID, third.Hash, "", domain.Secret{}); domain.CodeOf(err) != domain.Stale {
			t.Errorf("five beside forty: %v", err)
		}
		if n := len(d.calls); n != 40 {
			t.Fatalf("%d calls", n)
		}

		undo, err := d.engine.PlanUndo(context.Background(), first.ID)
		if err != nil {
			t.Fatal(err)
		}
		d.wait(d.confirm(undo).ID)
		wantStops(t, "who was given back does not count", plan(40, 45))
		wantStops(t, "nor is anybody counted twice", plan(0, 20), "stop 40/100")

		time.Sleep(25 * time.Hour)
		wantStops(t, "a day later", plan(45, 70))
		wantStops(t, "a day later, one more", plan(44, 70), "stop 26/100")
	})
}

// TestRetryStops: what was refused is tried again under the same stop.
func TestRetryStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		d.fresh.People = 100
		d.fault = func(c call) fault {
			if c.account < "acc-00030" {
				return seats
			}
			return fine
		}
		r := d.finishRun(d.confirm(d.plan("user.suspend", d.staff(36), nil)))
		if r.Counts[domain.ItemRefused] != 30 {
			t.Fatal(r.Counts)
		}
		retry, err := d.engine.PlanRetry(context.Background(), r.ID)
		if err != nil {
			t.Fatal(err)
		}
		wantStops(t, "retry", retry, "stop 36/100")
		if _, err := d.engine.Confirm(context.Background(), retry.ID, retry.Hash, "30", domain.Secret{}); refusal(err) != "invalid words" {
			t.Errorf("%v", err)
		}
	})
}

// TestStopOfWhatDoesNotComeBack: deleting groups stops above five in a hundred, of groups and of people who lose an
// app.
func TestStopOfWhatDoesNotComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, sim.Config{People: 60, Seed: 3})
		defer o.close()
		var ids []string
		for i := range 8 {
			ids = append(ids, o.team(fmt.Sprintf("project %d", i), nil).ID)
		}
		apps := o.world.Apps()
		full := o.team("opens an app", o.outsiders(6), apps[len(apps)-1].ID)
		o.sync()
		all, err := o.store.Mirror.Freshness(context.Background(), src)
		if err != nil {
			t.Fatal(err)
		}
		if all.Groups > 100 {
			t.Fatalf("%d groups: six of them are not five in a hundred", all.Groups)
		}
		wantStops(t, "five", o.groupPlan("group.delete", nil, ids[:5]...))
		wantStops(t, "six", o.groupPlan("group.delete", nil, ids[:6]...), fmt.Sprintf("stop 6/%d", all.Groups))
		p := o.groupPlan("group.delete", nil, full.ID)
		wantStops(t, "six people who lose an app", p, fmt.Sprintf("stop_access 6/%d", all.People))
		if _, err := o.engine.Confirm(context.Background(), p.ID, p.Hash, "1", domain.Secret{}); refusal(err) != "invalid words" {
			t.Errorf("%v", err)
		}
		if want := fmt.Sprintf("take access from 6 of %d people", all.People); p.RaiseWords() != want {
			t.Errorf("%q", p.RaiseWords())
		}
		o.finish(o.confirm(o.groupPlan("group.delete", nil, ids[:5]...)).ID)
		wantStops(t, "one more on the same day", o.groupPlan("group.delete", nil, ids[5]), fmt.Sprintf("stop 6/%d", all.Groups))
		for _, f := range o.groupPlan("group.delete", nil, ids[5]).Findings {
			if strings.Contains(f.Hint, "Type the number") {
				t.Errorf("the words are typed, not the number: %+v", f)
			}
		}
	})
}
