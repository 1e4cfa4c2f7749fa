package bulk_test

import (
	"context"
	"testing"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// mixed seats people of every verdict.
func (d *desk) mixed() []domain.User {
	users := d.staff(130)
	for i, f := range []func(*domain.User){
		func(u *domain.User) { u.Memberships[0].Status = domain.StatusSuspended },
		func(u *domain.User) { u.Memberships = nil },
		func(u *domain.User) { u.Memberships[0].Status = domain.StatusUnknown },
		func(u *domain.User) { u.AccountType = "app" },
		func(u *domain.User) { u.PlatformRoles = []string{domain.RoleOrgAdmin} },
		func(u *domain.User) { u.GroupIDs = []string{"ga"} },
		func(u *domain.User) { u.AccountID = "operator" },
	} {
		u := someone(200 + i)
		f(&u)
		users = append(users, d.seat(u))
	}
	return users
}

// Nobody has changed: the plan that was shown stands, whatever it says about each person.
func TestRecheckOfTheSame(t *testing.T) {
	for _, action := range []string{"user.suspend", "user.restore", "group.add_member", "group.remove_member"} {
		d := newDesk(t, newWorld())
		d.open()
		var told []domain.RecheckProgress
		d.bus.Subscribe(func(e events.Event) {
			if p, ok := e.Payload.(domain.RecheckProgress); ok {
				told = append(told, p)
			}
		})
		params := map[string]string{}
		if action[0] == 'g' {
			params["groups"] = "g1,g2,gs,ga"
		}
		p := d.plan(action, d.mixed(), params)
		r, err := d.engine.Recheck(t.Context(), p.ID)
		if err != nil || r.Changed != 0 || r.Plan.ID != p.ID || r.Plan.Hash != p.Hash || r.Checked != 137 || r.Skipped != "" {
			t.Fatalf("%s: %+v %v", action, r, err)
		}
		if len(told) != 5 || told[0].Done != 0 || told[4].Done != 137 || told[4].Total != 137 {
			t.Errorf("%+v", told)
		}
		d.close()
	}
}

// Some have changed: they are named, another plan takes the place, and the old one can no longer be confirmed.
func TestRecheckOfOthers(t *testing.T) {
	d := newDesk(t, newWorld())
	d.open()
	defer d.close()
	p := d.plan("user.suspend", d.staff(60), nil)
	for n, f := range []func(*domain.User){
		func(u *domain.User) { u.Memberships[0].Status = domain.StatusSuspended },
		func(u *domain.User) { u.PlatformRoles = []string{domain.RoleOrgAdmin} },
		func(u *domain.User) { u.JobTitle = "matters to nobody" },
		func(u *domain.User) { u.RemovedAt = time.Now() },
	} {
		u := someone(n)
		f(&u)
		d.world.add(u)
	}
	r, err := d.engine.Recheck(t.Context(), p.ID)
	if err != nil || r.Changed != 3 || len(r.Names) != 3 || r.Names[0] != "Person 0" || r.Plan.ID == p.ID {
		t.Fatalf("%+v %v", r, err)
	}
	if n := r.Plan.Counts[domain.VerdictChange]; n != 57 || r.Plan.Selection != p.Selection || r.Plan.Note != p.Note {
		t.Errorf("%+v", r.Plan)
	}
	if _, err := d.engine.Confirm(t.Context(), p.ID, p.Hash, "60", domain.Secret{}); domain.CodeOf(err) != domain.NotFound {
		t.Errorf("the plan that does not hold any more: %v", err)
	}
	if again, err := d.engine.Recheck(t.Context(), r.Plan.ID); err != nil || again.Changed != 0 {
		t.Errorf("%+v %v", again, err)
	}
	run := d.wait(d.confirm(r.Plan).ID)
	if run.Counts[domain.ItemDone] != 57 {
		t.Errorf("%+v", run.Counts)
	}
	if _, err := d.engine.Recheck(t.Context(), r.Plan.ID); domain.CodeOf(err) != domain.Conflict {
		t.Error(err)
	}
}

// Atlassian cannot be reached, the operator cancels, or there is nothing to read with: the plan stays, and it is said why.
func TestRecheckThatFails(t *testing.T) {
	d := newDesk(t, newWorld())
	refuse := domain.Errorf(domain.Unreachable, "No answer.")
	var wait chan struct{}
	d.opts = func(o *bulk.Options) {
		o.Refresh = func(ctx context.Context, _ string, _ []string) error {
			if wait != nil {
				close(wait)
				<-ctx.Done()
				return ctx.Err()
			}
			return refuse
		}
	}
	d.open()
	defer d.close()
	p := d.plan("user.suspend", d.staff(60), nil)
	if _, err := d.engine.Recheck(t.Context(), p.ID); domain.CodeOf(err) != domain.Unreachable {
		t.Error(err)
	}
	refuse = domain.Errorf(domain.Unsupported, "Not here.")
	if r, err := d.engine.Recheck(t.Context(), p.ID); err != nil || r.Skipped == "" || r.Plan.ID != p.ID {
		t.Error(r, err)
	}
	wait = make(chan struct{})
	ended := make(chan error)
	go func() {
		_, err := d.engine.Recheck(context.Background(), p.ID)
		ended <- err
	}()
	<-wait
	if _, err := d.engine.Recheck(t.Context(), p.ID); domain.CodeOf(err) != domain.Conflict {
		t.Error(err)
	}
	d.engine.CancelRecheck(p.ID)
	if err := <-ended; domain.CodeOf(err) != domain.Cancelled {
		t.Error(err)
	}
	if still, err := d.engine.GetPlan(t.Context(), p.ID); err != nil || still.Hash != p.Hash {
		t.Error(still, err)
	}
}

// Nobody is read again one by one for a run over very many.
func TestRecheckOfMany(t *testing.T) {
	d := newDesk(t, newWorld())
	d.open()
	defer d.close()
	p := d.plan("user.suspend", d.staff(2001), nil)
	if r, err := d.engine.Recheck(t.Context(), p.ID); err != nil || r.Skipped == "" || len(d.refreshed) != 0 {
		t.Error(r.Skipped, err, len(d.refreshed))
	}
}

// Whoever is said to be already so gets no call: of a plan over very many, these are read again.
func TestRecheckOfManyReadsWhoGetsNoCall(t *testing.T) {
	d := newDesk(t, newWorld())
	d.open()
	defer d.close()
	users := d.staff(2001)
	for i := range users[:3] {
		u := users[i]
		u.Memberships = []domain.DirectoryMembership{{DirectoryID: "d1", Status: domain.StatusSuspended}}
		d.local[u.AccountID], users[i] = u, u // Atlassian has restored them since
	}
	p := d.plan("user.suspend", users, nil)
	if p.Counts[domain.VerdictAlready] != 3 {
		t.Fatal(p.Counts)
	}
	r, err := d.engine.Recheck(t.Context(), p.ID)
	if err != nil || r.Checked != 3 || r.Changed != 3 || r.Skipped == "" || len(d.refreshed) != 3 {
		t.Fatalf("%+v %v, %d were read", r, err, len(d.refreshed))
	}
	if r.Plan.Counts[domain.VerdictAlready] != 0 || r.Plan.Counts[domain.VerdictChange] != 2001 {
		t.Error(r.Plan.Counts)
	}
}
