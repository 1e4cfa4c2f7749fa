package bulk_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
)

// workers are people who can open both apps and last used them so many days ago, 0 for never.
func (d *desk) workers(from, n, jira, wiki int) []domain.User {
	ago := func(days int) time.Time {
		if days == 0 {
			return time.Time{}
		}
		return time.Now().AddDate(0, 0, -days)
	}
	var users []domain.User
	for i := range n {
		u := someone(from + i)
		u.Access = []domain.AppAccess{
			{AppID: "ari:jira", AppKey: "jira", LastActive: ago(jira), Known: true}, {AppID: "ari:wiki", AppKey: "wiki", LastActive: ago(wiki), Known: true},
		}
		users = append(users, d.seat(u))
	}
	return users
}

func usedOf(p domain.Plan) domain.GuardFinding {
	at := slices.IndexFunc(p.Findings, func(f domain.GuardFinding) bool { return f.Rule == "used" })
	if at < 0 {
		return domain.GuardFinding{}
	}
	return p.Findings[at]
}

func TestUsedAnotherApp(t *testing.T) {
	d := newDesk(t, newWorld())
	d.open()
	defer d.close()
	d.workers(0, 40, 100, 200)
	d.workers(40, 11, 100, 3)
	d.workers(60, 3, 5, 3)
	imported := someone(70)
	imported.Seen, imported.SeenKnown = time.Now().AddDate(0, 0, -2), true
	d.seat(imported)
	unknown := someone(71)
	unknown.Access = []domain.AppAccess{{AppID: "ari:jira", AppKey: "jira"}}
	d.seat(unknown)
	pick := func(from, to int) []domain.User {
		var users []domain.User
		for i := from; i < to; i++ {
			if u, ok := d.local[someone(i).AccountID]; ok {
				users = append(users, u)
			}
		}
		return users
	}
	tests := []struct {
		name     string
		action   string
		users    []domain.User
		level    domain.GuardLevel
		contains string
		names    int
	}{
		{"nobody", "user.suspend", pick(0, 40), "", "", 0},
		{"chosen for Jira", "user.suspend", pick(0, 51), domain.GuardConfirm, "11 of 51 people used another app than jira within the last 90 days: wiki 11.", 5},
		{"a few are only told", "user.suspend", pick(0, 50), domain.GuardInfo, "10 of 50 people used another app than jira", 5},
		{"who leaves used one", "user.suspend", pick(60, 63), domain.GuardInfo, "3 of 3 people used an app within the last 90 days: jira 3, wiki 3.", 3},
		{"by an imported file", "user.suspend", []domain.User{imported}, domain.GuardInfo, "1 of 1 person used an app within the last 90 days: Atlassian, by an imported file 1.", 1},
		{"not known is nothing to say", "user.suspend", []domain.User{unknown}, "", "", 0},
		{"groups do not lock out", "group.remove_member", pick(0, 51), "", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			params := map[string]string{}
			if tt.action == "group.remove_member" {
				params["groups"] = "g2"
			}
			p := d.plan(tt.action, tt.users, params)
			f := usedOf(p)
			if f.Level != tt.level || !strings.Contains(f.Message, tt.contains) || len(f.Names) != tt.names {
				t.Errorf("%+v", f)
			}
		})
	}
}

// TestWithoutUsed shows who used an app, and plans without them.
func TestWithoutUsed(t *testing.T) {
	d := newDesk(t, newWorld())
	d.open()
	defer d.close()
	ctx := context.Background()
	users := append(d.workers(0, 20, 100, 0), d.workers(20, 12, 100, 3)...)
	boss := users[31]
	boss.PlatformRoles = []string{domain.RoleOrgAdmin}
	users[31] = d.seat(boss)
	p := d.plan("user.suspend", users, nil)
	shown, total, err := d.engine.Changes(ctx, p.ID, bulk.ChangeQuery{Used: true, Count: 100})
	if err != nil || total != 11 || len(shown) != 11 || !strings.HasPrefix(shown[0].Used, "wiki, ") {
		t.Fatalf("%d: %+v, %v", total, shown, err)
	}
	if rest, total, err := d.engine.Changes(ctx, p.ID, bulk.ChangeQuery{Used: true, From: 10, Count: 100}); err != nil || total != 11 || len(rest) != 1 {
		t.Errorf("the second page: %d of %d, %v", len(rest), total, err)
	}
	less, err := d.engine.WithoutUsed(ctx, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if less.Counts[domain.VerdictChange] != 20 || less.Counts[domain.VerdictProtected] != 1 || usedOf(less).Rule != "" || less.Note != p.Note ||
		less.Selection != "all, without 11 people who used an app within 90 days" {
		t.Errorf("%+v", less)
	}
	if _, err := d.engine.GetPlan(ctx, p.ID); domain.CodeOf(err) != domain.NotFound {
		t.Errorf("the plan that was replaced: %v", err)
	}
	r := d.confirm(less)
	if _, err := d.engine.WithoutUsed(ctx, less.ID); domain.CodeOf(err) != domain.Conflict {
		t.Errorf("of a run: %v", err)
	}
	d.wait(r.ID)
}
