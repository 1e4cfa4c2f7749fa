package jiradc

import (
	"slices"
	"strings"
	"testing"

	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/source/sourcetest"
)

func configFor(w *sim.World) source.Config {
	d := w.DataCenters()[0]
	return source.Config{
		Source:  domain.Source{Kind: domain.KindJiraDC, Settings: map[string]string{fieldBase: d.URL}},
		Secrets: map[string]domain.Secret{fieldToken: domain.NewSecret(d.Token)},
		Network: source.Network{Transport: w.Transport()},
	}
}

// subject is the instance of a present version, or of one without user/list whose picker shows 20 groups.
func subject(old bool) sourcetest.Subject {
	s := sourcetest.Subject{
		Kind: domain.KindJiraDC, Config: configFor, SecretField: fieldToken,
		People: "*/user/list", Groups: "*/groups/picker", Members: "*/group/member", NoID: "a\x00b",
		Prepare: func(cfg *sim.Config) {
			cfg.DataCenters = 1
			cfg.DataCenter.ListPage = 40
		},
		Truth: func(w *sim.World) sourcetest.Truth { return truth{w} },
		Scene: scene, Done: done(), Points: points(),
		Check: checkAll,
	}
	if old {
		s.People, s.Tries = "*/user/search", "/user/list"
		s.Prepare = func(cfg *sim.Config) {
			cfg.DataCenters = 1
			cfg.DataCenter = sim.DataCenterConfig{NoUserList: true, PickerLimit: 20, MemberPage: 37}
		}
	}
	return s
}

// points are the open questions about Data Center; whether user/list exists has a subject of its own.
func points() []sourcetest.OpenPoint {
	set := func(answers ...func(*sim.DataCenterConfig)) []func(*sim.Config) {
		var out []func(*sim.Config)
		for _, a := range answers {
			out = append(out, func(cfg *sim.Config) { a(&cfg.DataCenter) })
		}
		return out
	}
	return []sourcetest.OpenPoint{
		{Question: "the greatest page of user/list", Answers: set(func(c *sim.DataCenterConfig) { c.ListPage = 2000 }, func(c *sim.DataCenterConfig) { c.ListPage = 50 })},
		{Question: "the greatest page of group/member", Answers: set(func(c *sim.DataCenterConfig) { c.MemberPage = 1000 }, func(c *sim.DataCenterConfig) { c.MemberPage = 20 })},
		{Question: "how many groups the picker shows", Answers: set(func(c *sim.DataCenterConfig) { c.PickerLimit = 1000 }, func(c *sim.DataCenterConfig) { c.PickerLimit = 20 })},
		{Question: "the status for a read-only directory", Answers: set(func(c *sim.DataCenterConfig) { c.ReadOnlyStatus = 403 })},
		{Question: "the name of the older license", Answers: set(func(c *sim.DataCenterConfig) { c.Server = true })},
	}
}

func TestContract(t *testing.T) {
	t.Parallel()
	t.Run("present version", func(t *testing.T) { t.Parallel(); sourcetest.Run(t, subject(false)) })
	t.Run("without user list", func(t *testing.T) { t.Parallel(); sourcetest.Run(t, subject(true)) })
}

// truth is the truth of the first Data Center instance.
type truth struct{ w *sim.World }

func (x truth) Ordinary() (account, group string, found bool) {
	people := x.w.DataCenterUsers(0, 1, func(u sim.DataCenterUser) bool {
		return u.Active && !u.Admin && !u.ReadOnly && u.Key != u.Name && len(u.Groups) > 1
	})
	return people[0].Key, groupID("Finance, EMEA"), len(people) == 1
}

func (truth) Directory() string { return allPeople }

func (x truth) People(n int) []sourcetest.Person {
	var out []sourcetest.Person
	for _, u := range x.w.DataCenterUsers(0, n, nil) {
		out = append(out, sourcetest.Person{AccountID: u.Key, Active: u.Active, Groups: groupIDs(u.Groups)})
	}
	return out
}

func (x truth) Suspended(account string) bool {
	u, _ := x.w.DataCenterUser(0, account)
	return !u.Active
}

func (x truth) SetSuspended(account string, suspended bool) {
	x.w.SetDataCenterUser(0, account, !suspended)
}

func (x truth) Member(group, account string) bool {
	u, _ := x.w.DataCenterUser(0, account)
	return slices.Contains(u.Groups, groupName(group))
}

func (x truth) SetMember(group, account string, member bool) {
	x.w.SetDataCenterMember(0, account, groupName(group), member)
}

const desk = "jira-servicedesk-users" // opens the app of the scene

// scene is about somebody whom Jira lets be deleted: who never signed in.
func scene(w *sim.World) sourcetest.Scene {
	who := w.DataCenterUsers(0, 1, func(u sim.DataCenterUser) bool {
		return u.Active && !u.Admin && !u.ReadOnly && u.LastLogin == 0 && len(u.Groups) > 0
	})[0]
	w.SetDataCenterMember(0, who.Key, desk, false)
	d := w.DataCenters()[0]
	return sourcetest.Scene{
		Account: who.Key, Group: groupID("Finance, EMEA"), App: appOf(jira.DCRole{Key: "jira-servicedesk"}, d.URL).AppID, Email: "invited@acme.example",
	}
}

func done() map[string]func(*sim.World, sourcetest.Scene) bool {
	type check = func(*sim.World, sourcetest.Scene) bool
	user := func(ok func(u sim.DataCenterUser) bool) check {
		return func(w *sim.World, x sourcetest.Scene) bool {
			u, _ := w.DataCenterUser(0, x.Account)
			return ok(u)
		}
	}
	group := func(name string, there bool) check {
		return func(w *sim.World, _ sourcetest.Scene) bool {
			return there == slices.ContainsFunc(w.DataCenterGroups(0), func(g sim.DataCenterGroup) bool { return g.Name == name })
		}
	}
	return map[string]check{
		"remove":       user(func(u sim.DataCenterUser) bool { return u.Deleted }),
		"change name":  user(func(u sim.DataCenterUser) bool { return u.Display == sourcetest.NewName }),
		"set e-mail":   user(func(u sim.DataCenterUser) bool { return u.Email == sourcetest.NewEmail }),
		"assign role":  user(func(u sim.DataCenterUser) bool { return slices.Contains(u.Groups, desk) }),
		"revoke role":  user(func(u sim.DataCenterUser) bool { return !slices.Contains(u.Groups, desk) }),
		"create group": group(sourcetest.NewGroup, true),
		"delete group": group("Finance, EMEA", false),
		"invite": func(w *sim.World, x sourcetest.Scene) bool {
			return len(w.DataCenterUsers(0, 1, func(u sim.DataCenterUser) bool {
				return u.Email == x.Email && u.Name == x.Email && slices.Equal(u.Groups, []string{desk})
			})) == 1
		},
	}
}

func groupIDs(names []string) []string {
	var ids []string
	for _, n := range names {
		ids = append(ids, groupID(n))
	}
	slices.Sort(ids)
	return ids
}

// checkAll compares everything that was delivered with the truth.
func checkAll(t *testing.T, w *sim.World, got sourcetest.Got) {
	t.Helper()
	apps := map[string][]string{}
	all := w.DataCenterGroups(0)
	for _, g := range all {
		have, ok := got.Groups[groupID(g.Name)]
		if !ok || have.Name != g.Name || have.MemberCount != g.Members || have.AppCount != len(g.Apps) {
			t.Errorf("group %+v, want %+v", have, g)
		}
		apps[g.Name] = g.Apps
	}
	people := w.DataCenterUsers(0, 0, nil)
	if len(all) != len(got.Groups) || len(people) != len(got.Users) || len(got.Apps) != 2 || len(got.Directories) != 1 {
		t.Errorf("%d of %d groups, %d of %d people, %d apps, %d directories", len(got.Groups), len(all), len(got.Users), len(people), len(got.Apps), len(got.Directories))
	}
	for _, p := range people {
		u := got.Users[p.Key]
		want := domain.StatusSuspended
		if p.Active {
			want = domain.StatusActive
		}
		if u.Status != want || u.Name != p.Display || u.Email != p.Email || !slices.Equal(u.GroupIDs, groupIDs(p.Groups)) ||
			len(u.Memberships) != 1 || slices.Contains(u.PlatformRoles, domain.RoleJiraAdmin) != p.Admin {
			t.Errorf("%+v, want %+v", u, p)
		}
		opens := map[string]bool{}
		for _, g := range p.Groups {
			for _, app := range apps[g] {
				opens[app] = true
			}
		}
		for _, a := range u.Access {
			if !opens[a.AppKey] || a.Known || !strings.HasPrefix(a.AppID, "jira-dc:"+a.AppKey+"@") {
				t.Errorf("%s: access %+v, want %v", p.Key, a, opens)
			}
		}
		if len(u.Access) != len(opens) {
			t.Errorf("%s: access %v, want %v", p.Key, u.Access, opens)
		}
	}
}
