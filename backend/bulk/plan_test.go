package bulk_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
)

func TestVerdicts(t *testing.T) {
	d := newDesk(t, newWorld())
	d.dirs = append(d.dirs, domain.Directory{DirectoryID: "d2", Name: "Second"})
	d.open()
	defer d.close()
	with := func(n int, f func(*domain.User)) domain.User {
		u := someone(n)
		f(&u)
		return u
	}
	tests := []struct {
		name, action, groups string
		user                 domain.User
		want                 domain.Verdict
		reason               string
	}{
		{"active", "user.suspend", "", someone(1), domain.VerdictChange, ""},
		{"invited counts as active", "user.suspend", "", with(2, func(u *domain.User) { u.Memberships[0].Status = domain.StatusInvited }), domain.VerdictChange, ""},
		{"suspended", "user.suspend", "", with(3, func(u *domain.User) { u.Memberships[0].Status = domain.StatusSuspended }), domain.VerdictAlready, "already"},
		{"active already", "user.restore", "", someone(4), domain.VerdictAlready, "already"},
		{"no directory", "user.suspend", "", with(5, func(u *domain.User) { u.Memberships = nil }), domain.VerdictUnsupported, "no directory"},
		{"odd state", "user.suspend", "", with(6, func(u *domain.User) { u.Memberships[0].Status = domain.StatusUnknown }), domain.VerdictUnsupported, "not known"},
		{"app", "user.suspend", "", with(7, func(u *domain.User) { u.AccountType = "app" }), domain.VerdictUnsupported, "app"},
		{"removed", "user.suspend", "", with(8, func(u *domain.User) { u.RemovedAt = time.Now() }), domain.VerdictUnsupported, "no longer"},
		{"org admin", "user.suspend", "", with(9, func(u *domain.User) { u.PlatformRoles = []string{domain.RoleOrgAdmin} }), domain.VerdictProtected, "admins"},
		{"in org-admins", "user.suspend", "", with(10, func(u *domain.User) { u.GroupIDs = []string{"ga"} }), domain.VerdictProtected, "org-admins"},
		{"operator", "user.suspend", "", with(11, func(u *domain.User) { u.AccountID = "operator" }), domain.VerdictProtected, "your own"},
		{"key owner", "user.suspend", "", with(12, func(u *domain.User) { u.AccountID = "key-owner" }), domain.VerdictProtected, "owns a key"},
		{"not a member", "group.add_member", "g1", someone(13), domain.VerdictChange, ""},
		{"member", "group.add_member", "g2", someone(14), domain.VerdictAlready, "already"},
		{"other directory", "group.add_member", "g3", someone(15), domain.VerdictUnsupported, "directory"},
		{"synced group", "group.add_member", "gs", someone(16), domain.VerdictSynced, "identity provider"},
		{"fixed group", "group.remove_member", "gm", someone(17), domain.VerdictSynced, "does not allow"},
		{"admins group", "group.add_member", "ga", someone(18), domain.VerdictProtected, "org-admins"},
		{"org admin in a group action", "group.add_member", "g1", with(19, func(u *domain.User) { u.PlatformRoles = []string{domain.RoleOrgAdmin} }), domain.VerdictProtected, "admins"},
		{"leave", "group.remove_member", "g2", someone(20), domain.VerdictChange, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			params := map[string]string{}
			if tt.groups != "" {
				params["groups"] = tt.groups
			}
			p := d.plan(tt.action, []domain.User{d.seat(tt.user)}, params)
			changes, total, err := d.engine.Changes(context.Background(), p.ID, bulk.ChangeQuery{Count: 10})
			if err != nil || total != 1 || len(changes) != 1 {
				t.Fatalf("%d changes, %v", total, err)
			}
			c := changes[0]
			if c.Verdict != tt.want || !strings.Contains(c.Reason, tt.reason) || (c.Reason == "") != (tt.want == domain.VerdictChange) {
				t.Errorf("%s (%s), not %s (%s)", c.Verdict, c.Reason, tt.want, tt.reason)
			}
			if (c.Verdict == domain.VerdictChange) != (len(c.Diffs) == 1 && c.Expect != "" && c.Undo == c.Expect) {
				t.Errorf("change: %+v", c)
			}
		})
	}
}

func TestPlanRefusals(t *testing.T) {
	d := newDesk(t, newWorld())
	d.open()
	defer d.close()
	users := d.staff(2)
	tests := []struct {
		name string
		req  bulk.Request
		kind domain.SourceKind
		want domain.Code
	}{
		{"unknown action", bulk.Request{SourceID: src, Action: "user.launch", Users: users}, kindFake, domain.NotFound},
		{"missing groups", bulk.Request{SourceID: src, Action: "group.add_member", Users: users}, kindFake, domain.Invalid},
		{"unknown field", bulk.Request{SourceID: src, Action: "user.suspend", Users: users, Params: map[string]string{"x": "y"}}, kindFake, domain.Invalid},
		{"unknown group", bulk.Request{SourceID: src, Action: "group.add_member", Users: users, Params: map[string]string{"groups": "nope"}}, kindFake, domain.Invalid},
		{"too many groups", bulk.Request{SourceID: src, Action: "group.add_member", Users: users, Params: map[string]string{"groups": ids(21)}}, kindFake, domain.Invalid},
		{"source cannot", bulk.Request{SourceID: src, Action: "user.suspend", Users: users}, kindPoor, domain.Unsupported},
		{"source does not say", bulk.Request{SourceID: src, Action: "group.add_member", Users: users, Params: map[string]string{"groups": "g1"}}, kindPoor, domain.Unsupported},
		{"unknown kind", bulk.Request{SourceID: src, Action: "user.suspend", Users: users}, "telex", domain.Unsupported},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d.source.Kind = tt.kind
			if _, err := d.engine.Plan(context.Background(), tt.req); domain.CodeOf(err) != tt.want {
				t.Errorf("%v, not %s", err, tt.want)
			}
		})
	}
}

func ids(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint("g", i)
	}
	return strings.Join(list, ",")
}

func TestGuard(t *testing.T) {
	type setup struct {
		users  int
		change func(*desk)
	}
	level := func(rule string) string { return rule }
	tests := []struct {
		name string
		setup
		action string
		want   map[string]domain.GuardLevel
	}{
		{"fine", setup{users: 3}, "user.suspend", nil},
		{"nobody", setup{users: 0}, "user.suspend", map[string]domain.GuardLevel{"empty": domain.GuardBlock}},
		{"nothing to do", setup{users: 3}, "user.restore", map[string]domain.GuardLevel{"empty": domain.GuardBlock}},
		{"stale", setup{3, func(d *desk) { d.fresh.CompleteAt = time.Now().Add(-25 * time.Hour) }}, "user.suspend", map[string]domain.GuardLevel{"stale": domain.GuardBlock}},
		{"a day old", setup{3, func(d *desk) { d.fresh.CompleteAt = time.Now().Add(-23 * time.Hour) }}, "user.suspend", nil},
		{"from a clock that was ahead", setup{3, func(d *desk) { d.fresh.CompleteAt = time.Now().AddDate(1, 0, 0) }}, "user.suspend", map[string]domain.GuardLevel{"stale": domain.GuardBlock}},
		{"never synced", setup{3, func(d *desk) { d.fresh.CompleteAt = time.Time{} }}, "user.suspend", map[string]domain.GuardLevel{"stale": domain.GuardBlock}},
		{"partial", setup{3, func(d *desk) { d.fresh.Partial = true }}, "user.suspend", map[string]domain.GuardLevel{"stale": domain.GuardBlock}},
		{"paused", setup{3, func(d *desk) { d.source.Paused = true }}, "user.suspend", map[string]domain.GuardLevel{"not_connected": domain.GuardBlock}},
		{"ten percent", setup{10, func(d *desk) { d.fresh.People = 100 }}, "user.suspend", nil},
		{"more than ten percent", setup{11, func(d *desk) { d.fresh.People = 100 }}, "user.suspend", map[string]domain.GuardLevel{"cap_percent": domain.GuardConfirm}},
		{"twenty percent of a group action", setup{20, func(d *desk) { d.fresh.People = 100 }}, "group.add_member", nil},
		{"more than twenty", setup{21, func(d *desk) { d.fresh.People = 100 }}, "group.add_member", map[string]domain.GuardLevel{"cap_percent": domain.GuardConfirm}},
		{"fifty", setup{users: 50}, "user.suspend", map[string]domain.GuardLevel{"many": domain.GuardConfirm}},
		{"two hundred", setup{users: 200}, "user.suspend", map[string]domain.GuardLevel{"many": domain.GuardConfirm}},
		{"more", setup{users: 201}, "user.suspend", map[string]domain.GuardLevel{"many": domain.GuardConfirm, "cap_count": domain.GuardConfirm}},
		{"group cap", setup{users: 501}, "group.add_member", map[string]domain.GuardLevel{"many": domain.GuardConfirm, "cap_count": domain.GuardConfirm}},
		{"site admin", setup{3, func(d *desk) { d.rename(0, func(u *domain.User) { u.PlatformRoles = []string{domain.RoleSiteAdmin} }) }}, "user.suspend", map[string]domain.GuardLevel{"admins": domain.GuardConfirm}},
		{"same name", setup{3, func(d *desk) { d.rename(0, func(u *domain.User) { u.Name = " person  1\u200b" }) }}, "user.suspend", map[string]domain.GuardLevel{"same_name": domain.GuardInfo, "hidden_characters": domain.GuardInfo}},
		{"look-alike", setup{3, func(d *desk) { d.rename(0, func(u *domain.User) { u.Name = "Pаul Smith" }) }}, "user.suspend", map[string]domain.GuardLevel{"mixed_script": domain.GuardInfo}},
		{"two scripts, two words", setup{3, func(d *desk) { d.rename(0, func(u *domain.User) { u.Name = "Anna Иванова 王" }) }}, "user.suspend", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t, newWorld())
			d.open()
			defer d.close()
			d.staff(tt.users)
			if tt.change != nil {
				tt.change(d)
			}
			var users []domain.User
			for i := range tt.users {
				users = append(users, d.local[someone(i).AccountID])
			}
			params := map[string]string{}
			if strings.HasPrefix(tt.action, "group") {
				params["groups"] = "g1"
			}
			p := d.plan(tt.action, users, params)
			got := map[string]domain.GuardLevel{}
			for _, f := range p.Findings {
				got[level(f.Rule)] = f.Level
				if f.Message == "" {
					t.Error("a finding without a message")
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.want) && len(got)+len(tt.want) > 0 {
				t.Errorf("%v, not %v", got, tt.want)
			}
		})
	}
}

func (d *desk) rename(i int, f func(*domain.User)) {
	u := d.local[someone(i).AccountID]
	f(&u)
	d.seat(u)
}

func TestConfirm(t *testing.T) {
	d := newDesk(t, newWorld())
	d.open()
	defer d.close()
	ctx := context.Background()
	users := d.staff(60)
	p := d.plan("user.suspend", users, nil)
	refuse := func(name string, want domain.Code, planID, hash, typed string) {
		t.Helper()
		if _, err := d.engine.Confirm(ctx, planID, hash, typed, domain.Secret{}); domain.CodeOf(err) != want {
			t.Errorf("%s: %v, not %s", name, err, want)
		}
	}
	refuse("unknown plan", domain.NotFound, "nope", p.Hash, "60")
	refuse("other hash", domain.Stale, p.ID, strings.Repeat("0", 64), "60")
	refuse("not typed", domain.Invalid, p.ID, p.Hash, "")
	refuse("typed wrong", domain.Invalid, p.ID, p.Hash, "59")
	refuse("typed yes", domain.Invalid, p.ID, p.Hash, "yes")
	d.source.Paused = true
	refuse("paused since", domain.Conflict, p.ID, p.Hash, "60")
	d.source.Paused = false
	blocked := d.plan("user.restore", users, nil)
	refuse("blocked", domain.Conflict, blocked.ID, blocked.Hash, "0")
	other := d.plan("user.suspend", users[:3], nil)

	if len(d.calls) != 0 {
		t.Fatal("a refused confirmation sent a call")
	}
	r := d.confirm(p)
	refuse("twice", domain.Conflict, p.ID, p.Hash, "60")
	refuse("a second run", domain.Conflict, other.ID, other.Hash, "")
	if err := d.engine.Discard(ctx, p.ID); domain.CodeOf(err) != domain.Conflict {
		t.Errorf("discard a confirmed plan: %v", err)
	}
	if r = d.wait(r.ID); r.Counts[domain.ItemDone] != 60 {
		t.Errorf("run: %+v", r)
	}
	if err := d.engine.Discard(ctx, other.ID); err != nil {
		t.Error(err)
	}
	refuse("discarded", domain.NotFound, other.ID, other.Hash, "")
}

func TestConfirmRefusesAChangedPlan(t *testing.T) {
	d := newDesk(t, newWorld())
	d.open()
	defer d.close()
	users := d.staff(3)
	for _, statement := range []string{
		`UPDATE plan_changes SET body = json_set(body, '$.target.accountId', 'acc-00002') WHERE seq = 1`,
		`UPDATE plan_changes SET body = json_set(body, '$.expect', 'suspended') WHERE seq = 2`,
		`UPDATE plan_changes SET body = json_set(body, '$.verdict', 'already') WHERE seq = 2`,
		`DELETE FROM plan_changes WHERE seq = 3`,
		`UPDATE plans SET body = json_set(body, '$.action', 'user.restore')`,
		`UPDATE plans SET body = json_set(body, '$.sourceId', 'other')`,
	} {
		p := d.plan("user.suspend", users, nil)
		d.store.Close()
		execute(t, d.dir, statement)
		d.open()
		if _, err := d.engine.Confirm(context.Background(), p.ID, p.Hash, "", domain.Secret{}); domain.CodeOf(err) != domain.Stale {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if len(d.calls) != 0 {
		t.Error("a changed plan was run")
	}
}

// TestLargePlan makes a plan of 100,000 changes with hostile names.
func TestLargePlan(t *testing.T) {
	d := newDesk(t, newWorld())
	d.open()
	defer d.close()
	hostile := []string{"=HYPERLINK(\"x\")", "\x00\x01", "\xff\xfe", strings.Repeat("長", 300), "'); DROP TABLE runs;--", "\u202Egnp.exe", "<script>", "\xed\xa0\x80"}
	n := 100_000
	if raced {
		n = 10_000
	}
	users := make([]domain.User, n)
	for i := range users {
		users[i] = someone(i)
		if i%1000 < len(hostile) {
			users[i].Name = hostile[i%1000]
		}
	}
	began := time.Now()
	p := d.plan("user.suspend", users, nil)
	t.Logf("a plan of %d: %v", n, time.Since(began))
	if p.Counts[domain.VerdictChange] != len(users) || p.People != len(users) {
		t.Fatalf("counts: %v", p.Counts)
	}
	ctx := context.Background()
	began = time.Now()
	page, total, err := d.engine.Changes(ctx, p.ID, bulk.ChangeQuery{From: n - 10, Count: 100})
	if err != nil || total != len(users) || len(page) != 10 || page[0].Seq != n-9 {
		t.Errorf("page: %d of %d, %v", len(page), total, err)
	}
	found, total, err := d.engine.Changes(ctx, p.ID, bulk.ChangeQuery{Search: fmt.Sprintf("P%d@EXAMPLE", n-1), Count: 10})
	if err != nil || total != 1 || len(found) != 1 {
		t.Errorf("search: %d, %v", total, err)
	}
	t.Logf("last page and a search: %v", time.Since(began))
	began = time.Now()
	r := d.confirm(p)
	t.Logf("confirmed: %v", time.Since(began))
	if err := d.engine.Stop(ctx, r.ID); err != nil {
		t.Fatal(err)
	}
	r = d.wait(r.ID)
	sum := 0
	for _, n := range r.Counts {
		sum += n
	}
	if r.State != domain.RunStopped || sum != len(users) || r.Total != len(users) {
		t.Errorf("run: %+v", r)
	}
}

func TestPlanTakesAPersonOnce(t *testing.T) {
	d := newDesk(t, newWorld())
	d.open()
	defer d.close()
	users := d.staff(2)
	if p := d.plan("user.suspend", append(users, users[0], domain.User{Name: "no id"}), nil); p.Counts[domain.VerdictChange] != 2 || p.People != 2 {
		t.Errorf("%v", p.Counts)
	}
}
