package bulk_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
)

// team makes a group over the real client, with members and what it opens, before the sync.
func (o *office) team(name string, members []string, apps ...string) sim.GroupState {
	o.t.Helper()
	dir := o.world.DirectoryIDs()[0]
	id, _, err := o.source.(source.GroupCreator).CreateGroup(context.Background(), dir, name, "made for "+name)
	for _, app := range apps {
		if err == nil {
			_, err = o.source.(source.GrantEditor).AssignGrant(context.Background(), dir, id, app, "atlassian/user")
		}
	}
	for _, account := range members {
		if err == nil {
			_, err = o.source.(source.GroupEditor).AddMember(context.Background(), dir, id, account)
		}
	}
	if err != nil {
		o.t.Fatal(err)
	}
	time.Sleep(time.Minute) // until every reading shows it
	g, _ := o.world.GroupNamed(name)
	return g
}

// outsiders are people whom nobody protects and who have no app yet.
func (o *office) outsiders(n int) []string {
	o.t.Helper()
	var ids []string
	dir := o.world.DirectoryIDs()[0]
	for _, p := range o.world.People(0, func(p sim.PersonState) bool {
		return p.Directories[dir] == "active" && !p.OrgAdmin && p.AccountID != o.world.Operator() && p.AccountID != o.world.KeyOwner()
	}) {
		if len(ids) < n {
			ids = append(ids, p.AccountID)
		}
	}
	if len(ids) < n {
		o.t.Fatalf("%d people", len(ids))
	}
	return ids
}

func (o *office) groupPlan(action string, params map[string]string, ids ...string) domain.Plan {
	o.t.Helper()
	p, err := o.engine.Plan(context.Background(), bulk.Request{SourceID: src, Action: action, Params: params, Groups: ids})
	if err != nil {
		o.t.Fatal(err)
	}
	return p
}

func (o *office) changesOf(p domain.Plan) []domain.Change {
	o.t.Helper()
	all, _, err := o.engine.Changes(context.Background(), p.ID, bulk.ChangeQuery{Count: 1000})
	if err != nil {
		o.t.Fatal(err)
	}
	return all
}

func (o *office) itemsOf(r domain.Run) []domain.Item {
	o.t.Helper()
	var all []domain.Item
	if err := o.store.Records.EachItem(context.Background(), r.ID, func(it domain.Item) error {
		all = append(all, it)
		return nil
	}); err != nil {
		o.t.Fatal(err)
	}
	sum := 0
	for _, n := range r.Counts {
		sum += n
	}
	if sum != len(all) || r.Total != len(all) {
		o.t.Errorf("counts %v of %d, %d items", r.Counts, r.Total, len(all))
	}
	return all
}

func rules(p domain.Plan) []string {
	var out []string
	for _, f := range p.Findings {
		out = append(out, string(f.Level)+" "+f.Rule)
	}
	return out
}

// requests counts the requests that create or delete groups since a place in the journal.
func (o *office) requests() (made, deleted int) {
	for _, e := range o.world.Journal() {
		switch {
		case e.Method == http.MethodPost && strings.HasSuffix(e.Path, "/groups"):
			made++
		case e.Method == http.MethodDelete && strings.Contains(e.Path, "/groups/") && !strings.Contains(e.Path, "/memberships/"):
			deleted++
		}
	}
	return made, deleted
}

func inOffice(t *testing.T, do func(t *testing.T, o *office)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t, sim.Config{People: 150, Sites: 2, Seed: 3, Latency: 20 * time.Millisecond, Visible: time.Second})
		defer o.close()
		do(t, o)
	})
}

// TestGroupThereAndBack creates groups, deletes one with members and app access, and takes all of it back.
func TestGroupThereAndBack(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		o.sync()
		p := o.groupPlan("group.create", map[string]string{"names": " red \nblue\n\n", "description": "colors"})
		if p.People != 2 || p.Blocked() || bulk.Sentence(p, "Acme") != "Create 2 groups in Acme." || bulk.ButtonLabel(p) != "Create 2 groups" {
			t.Fatalf("%+v", p)
		}
		made := o.finish(o.confirm(p).ID)
		red, there := o.world.GroupNamed("red")
		if made.State != domain.RunDone || made.Counts[domain.ItemDone] != 2 || !there {
			t.Fatalf("%s %v %s", made.State, made.Counts, made.PauseReason)
		}
		for _, it := range o.itemsOf(made) {
			if it.Change.Target.AccountID != "" || it.Change.Target.Name == "" || it.Receipt == nil || it.Receipt.Status != http.StatusCreated {
				t.Errorf("%+v", it)
			}
		}
		// The local copy has it already, and it is known again by its name.
		if again := o.groupPlan("group.create", map[string]string{"names": "Red\ngreen"}); again.Counts[domain.VerdictAlready] != 1 || again.Counts[domain.VerdictChange] != 1 {
			t.Errorf("again: %v", again.Counts)
		}
		app, people := o.world.Apps()[0].ID, o.outsiders(3)
		for _, account := range people {
			if !o.world.AddMember(account, red.ID) {
				t.Fatal("not added")
			}
		}
		if _, err := o.source.(source.GrantEditor).AssignGrant(t.Context(), red.DirectoryID, red.ID, app, "atlassian/user"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		o.sync()

		// Taking the creation back leaves alone what is in use by now.
		undo, err := o.engine.PlanUndo(t.Context(), made.ID)
		if err != nil || undo.Counts[domain.VerdictChange] != 1 || undo.Counts[domain.VerdictUnsupported] != 1 {
			t.Fatalf("undo of the creation: %v, %v", undo.Counts, err)
		}
		if r := o.finish(o.confirm(undo).ID); r.Counts[domain.ItemDone] != 1 || r.Counts[domain.ItemSkipped] != 1 {
			t.Errorf("undo of the creation: %v", r.Counts)
		}
		if _, there := o.world.GroupNamed("blue"); there {
			t.Error("blue is still there")
		}

		p = o.groupPlan("group.delete", nil, red.ID)
		if c := o.changesOf(p)[0]; c.Verdict != domain.VerdictChange || c.Expect != domain.GroupShape(3, 1, false) || len(c.Before.Members) != 3 || len(c.Diffs) != 3 {
			t.Fatalf("%+v", c)
		}
		if !p.MustType() || !slices.Contains(rules(p), "confirm members") {
			t.Errorf("rules: %v", rules(p))
		}
		ended := o.finish(o.confirm(p).ID)
		if _, there := o.world.GroupNamed("red"); there || ended.Counts[domain.ItemDone] != 1 {
			t.Fatalf("%s %v %s", ended.State, ended.Counts, ended.PauseReason)
		}
		if u := o.again([]domain.User{{AccountID: people[0]}}); slices.Contains(u[0].GroupIDs, red.ID) {
			t.Error("the local copy still has the membership")
		}

		undo, err = o.engine.PlanUndo(t.Context(), ended.ID)
		if err != nil || undo.Action != "group.create" || undo.Counts[domain.VerdictChange] != 1 {
			t.Fatalf("first undo: %s %v, %v", undo.Action, undo.Counts, err)
		}
		said := fmt.Sprint(o.changesOf(undo)[0].Diffs)
		for _, want := range []string{"a new one", "undo the same run once more", "not given back", "colors"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is not said: %s", want, said)
			}
		}
		if r := o.finish(o.confirm(undo).ID); r.Counts[domain.ItemDone] != 1 {
			t.Fatalf("first undo: %v %s", r.Counts, r.PauseReason)
		}
		if undo, err = o.engine.PlanUndo(t.Context(), ended.ID); err != nil || undo.Action != "group.add_member" || undo.Counts[domain.VerdictChange] != 3 {
			t.Fatalf("second undo: %s %v, %v", undo.Action, undo.Counts, err)
		}
		if r := o.finish(o.confirm(undo).ID); r.Counts[domain.ItemDone] != 3 {
			t.Fatalf("second undo: %v %s", r.Counts, r.PauseReason)
		}
		if back, _ := o.world.GroupNamed("red"); back.Members != 3 || back.ID == red.ID || len(back.Grants) != 0 {
			t.Errorf("%+v", back)
		}
	})
}

// TestGroupsThatStay never lets a group end that must stay, neither in the plan nor, changed meanwhile, at the call.
func TestGroupsThatStay(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		app := o.world.Apps()[0].ID
		people := o.outsiders(4)
		mine := o.team("with me in it", []string{o.world.Operator(), people[0]})
		o.sync()
		var ids []string
		want := map[string]domain.Verdict{mine.ID: domain.VerdictProtected}
		for _, g := range o.world.Groups() {
			switch {
			case g.Synced:
				want[g.ID] = domain.VerdictSynced
			case g.Default, g.Admins:
				want[g.ID] = domain.VerdictProtected
			case g.Members > domain.MaxGroupMembers:
				want[g.ID] = domain.VerdictUnsupported
			}
		}
		for id := range want {
			ids = append(ids, id)
		}
		if len(ids) < 6 {
			t.Fatalf("only %d groups that stay", len(ids))
		}
		p := o.groupPlan("group.delete", nil, ids...)
		for _, c := range o.changesOf(p) {
			if c.Verdict != want[c.Target.GroupID] || c.Reason == "" {
				t.Errorf("%s: %s (%s), want %s", c.Target.GroupName, c.Verdict, c.Reason, want[c.Target.GroupID])
			}
			if c.Target.GroupID == mine.ID && !strings.Contains(c.Reason, "This is your own account") {
				t.Errorf("who is protected is not said: %s", c.Reason)
			}
		}
		if !p.Blocked() {
			t.Error("nothing to do, and not blocked")
		}

		// What becomes true between the preview and the call.
		for name, change := range map[string]func(g sim.GroupState){
			"protected person": func(g sim.GroupState) { o.world.AddMember(o.world.Operator(), g.ID) },
			"another person":   func(g sim.GroupState) { o.world.AddMember(people[3], g.ID) },
			"another in their place": func(g sim.GroupState) {
				o.world.RemoveMember(people[0], g.ID)
				o.world.AddMember(people[3], g.ID)
			},
			"its member is admin": func(sim.GroupState) { o.world.SetOrgAdmin(people[0], true) },
			"opens an app": func(g sim.GroupState) {
				if _, err := o.source.(source.GrantEditor).AssignGrant(t.Context(), g.DirectoryID, g.ID, app, "atlassian/user"); err != nil {
					t.Error(err)
				}
			},
			"makes admins": func(g sim.GroupState) {
				if _, err := o.source.(source.GrantEditor).AssignGrant(t.Context(), g.DirectoryID, g.ID, app, "atlassian/admin"); err != nil {
					t.Error(err)
				}
			},
		} {
			g := o.team("late "+name, people[:1])
			o.sync()
			p := o.groupPlan("group.delete", nil, g.ID)
			if p.Counts[domain.VerdictChange] != 1 {
				t.Fatalf("%s: %v", name, o.changesOf(p))
			}
			change(g)
			time.Sleep(time.Minute)
			r := o.finish(o.confirm(p).ID)
			if it := o.itemsOf(r)[0]; strings.Contains(name, "member is admin") && !strings.Contains(it.Reason, "Protected people are in it") {
				t.Errorf("%s: %s", name, it.Reason)
			}
			if _, there := o.world.GroupNamed(g.Name); !there || r.Counts[domain.ItemSkipped] != 1 {
				t.Errorf("%s: the group was deleted: %v", name, r.Counts)
			}
			o.world.SetOrgAdmin(people[0], false)
			// The fresh look before a run says so too.
			p = o.groupPlan("group.delete", nil, g.ID)
			if again, err := o.engine.Recheck(t.Context(), p.ID); err != nil || again.Checked != 1 {
				t.Errorf("%s: %+v, %v", name, again, err)
			}
		}
		if _, deleted := o.requests(); deleted != 0 {
			t.Errorf("%d requests", deleted)
		}
	})
}

// TestGroupWithUnlistedMembers keeps a group whose members Atlassian counts and does not list.
func TestGroupWithUnlistedMembers(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		g := o.team("not so empty", nil)
		o.sync()
		p := o.groupPlan("group.delete", nil, g.ID)
		o.world.AddMember(o.outsiders(1)[0], g.ID)
		time.Sleep(time.Minute)
		o.world.SetFaults(sim.Fault{Kind: sim.FaultPageLost, Path: "*/users/search"})
		r, err := o.engine.Wait(t.Context(), o.confirm(p).ID)
		if it := o.itemsOf(r)[0]; err != nil || it.State != domain.ItemSkipped || !strings.Contains(it.Reason, "Atlassian counts 1 members, and 0 could be read") {
			t.Errorf("%s: %s, %v", it.State, it.Reason, err)
		}
		if _, deleted := o.requests(); deleted != 0 {
			t.Errorf("%d requests", deleted)
		}
	})
}

// TestGroupWhoLoses names exactly those who lose an app: not who is in another group that opens it, but also not who
// keeps it only through a group of the same plan.
func TestGroupWhoLoses(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		app := o.world.Apps()[0].ID
		var people []string
		for _, id := range o.outsiders(60) {
			s, _ := o.world.State(id)
			opened := slices.ContainsFunc(o.world.Groups(), func(g sim.GroupState) bool { return slices.Contains(s.Groups, g.ID) && slices.Contains(g.Apps, app) })
			if !opened {
				people = append(people, id)
			}
		}
		if len(people) < 3 {
			t.Fatalf("%d people", len(people))
		}
		one := o.team("one", people[:3], app)
		two := o.team("two", people[:2], app)
		three := o.team("three", people[:1], app)
		o.sync()
		names := map[string]string{}
		for _, u := range o.again([]domain.User{{AccountID: people[0]}, {AccountID: people[1]}, {AccountID: people[2]}}) {
			names[u.AccountID] = u.Name
		}
		lose := func(ids ...string) string {
			for _, c := range o.changesOf(o.groupPlan("group.delete", nil, ids...)) {
				for _, d := range c.Diffs {
					if c.Target.GroupID == ids[0] && strings.Contains(d.After, "lose") {
						return d.After
					}
				}
			}
			return ""
		}
		for _, tt := range []struct {
			ids  []string
			want []int
		}{{[]string{one.ID}, []int{2}}, {[]string{one.ID, two.ID}, []int{1, 2}}, {[]string{one.ID, two.ID, three.ID}, []int{0, 1, 2}}, {[]string{three.ID}, nil}} {
			said := lose(tt.ids...)
			for i := range 3 {
				if strings.Contains(said, names[people[i]]) != slices.Contains(tt.want, i) {
					t.Errorf("%d groups: person %d of %v in %q", len(tt.ids), i, tt.want, said)
				}
			}
		}
		// A Jira site tells of Jira alone: whoever deletes a group with people in it there must know that.
		for kind, told := range map[domain.SourceKind]bool{domain.KindAtlassianOrg: false, domain.KindJiraCloud: true} {
			o.kind = kind
			p := o.groupPlan("group.delete", nil, one.ID)
			if !slices.Contains(rules(p), "confirm access") || slices.Contains(rules(p), "confirm other_apps") != told {
				t.Errorf("%s: %v", kind, rules(p))
			}
		}
	})
}

// TestGroupFaults plants what can go wrong with a call: what is unclear is settled by reading, and nothing is sent
// twice blindly.
func TestGroupFaults(t *testing.T) {
	for _, kind := range []sim.FaultKind{
		sim.FaultNoAnswer, sim.FaultErrorApplied, sim.FaultError, sim.FaultCut, sim.FaultLate, sim.FaultBadJSON, sim.FaultRateLimit, sim.FaultFalseSuccess, sim.FaultStatus,
	} {
		for _, action := range []string{"group.create", "group.delete"} {
			t.Run(fmt.Sprintf("%s/%s", action, kind), func(t *testing.T) {
				inOffice(t, func(t *testing.T, o *office) {
					old := o.team("old", nil)
					o.sync()
					before, _ := o.requests()
					f := sim.Fault{Kind: kind, Method: http.MethodDelete, Path: "*/groups/*", Count: 1, Delay: 20 * time.Second}
					p := o.groupPlan("group.delete", nil, old.ID)
					if action == "group.create" {
						f.Method, f.Path = http.MethodPost, "*/groups"
						p = o.groupPlan("group.create", map[string]string{"names": "young"})
					}
					o.world.SetFaults(f)
					r := o.finish(o.confirm(p).ID)
					time.Sleep(time.Minute)
					it := o.itemsOf(r)[0]
					_, young := o.world.GroupNamed("young")
					_, oldThere := o.world.GroupNamed("old")
					so := young || !oldThere
					if it.State == domain.ItemDone && !so || it.State == domain.ItemRefused && so || it.State == domain.ItemPlanned || it.State == domain.ItemIntent {
						t.Errorf("%s (%s, %s), in truth %t", it.State, it.Evidence, it.Reason, so)
					}
					made, deleted := o.requests()
					sent := made - before + deleted
					// Only what was certainly not carried out, or was read as absent twice, may be sent once more.
					again := slices.Contains([]sim.FaultKind{sim.FaultRateLimit, sim.FaultError, sim.FaultCut, sim.FaultStatus}, kind)
					again = again || kind == sim.FaultFalseSuccess && action == "group.create" // it is looked for by its name, and is not there
					if sent > 2 || sent != 1 && !again {
						t.Errorf("%d requests", sent)
					}
				})
			})
		}
	}
}

// TestGroupRefusals meets what Atlassian itself refuses.
func TestGroupRefusals(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		gone, owned := o.team("gone", nil), o.team("owned", nil)
		o.sync()
		p := o.groupPlan("group.delete", nil, gone.ID, owned.ID)
		c := o.groupPlan("group.create", map[string]string{"names": "taken"})
		if _, err := o.source.(source.GroupCreator).DeleteGroup(t.Context(), gone.DirectoryID, gone.ID); err != nil {
			t.Fatal(err)
		}
		o.team("taken", nil)
		o.world.SetFaults(sim.Fault{Kind: sim.FaultStatus, Status: http.StatusForbidden, Method: http.MethodDelete, Path: "*/groups/" + owned.ID, Count: 1})
		r := o.finish(o.confirm(p).ID)
		if r.Counts[domain.ItemAlready] != 1 || r.Counts[domain.ItemRefused] != 1 {
			t.Errorf("%v: %+v", r.Counts, o.itemsOf(r))
		}
		if r := o.finish(o.confirm(c).ID); r.Counts[domain.ItemAlready] != 1 {
			t.Errorf("%v", r.Counts)
		}
		retry, err := o.engine.PlanRetry(t.Context(), r.ID)
		if err != nil || retry.Counts[domain.VerdictChange] != 1 || o.changesOf(retry)[0].Target.GroupID != owned.ID {
			t.Fatalf("%v, %v", retry.Counts, err)
		}
		if r := o.finish(o.confirm(retry).ID); r.Counts[domain.ItemDone] != 1 {
			t.Errorf("%v", r.Counts)
		}
		for names, want := range map[string]string{"": "missing", "a\nA": "twice", "x\u200by": "cannot be seen", strings.Repeat("n", 256): "longer"} {
			_, err := o.engine.Plan(t.Context(), bulk.Request{SourceID: src, Action: "group.create", Params: map[string]string{"names": names}})
			if e := domain.AsError(err); e == nil || e.Code != domain.Invalid || e.Field != "names" || !strings.Contains(e.Message, want) {
				t.Errorf("%q: %v", names, err)
			}
		}
	})
}

// TestGroupCrash ends the program between intent and answer: the next one settles by reading, and sends nothing again
// that happened.
func TestGroupCrash(t *testing.T) {
	for _, carriedOut := range []bool{true, false} {
		t.Run(fmt.Sprint(carriedOut), func(t *testing.T) {
			inOffice(t, func(t *testing.T, o *office) {
				g := o.team("old", nil)
				o.sync()
				kind := sim.FaultCut
				if carriedOut {
					kind = sim.FaultNoAnswer
				}
				o.world.SetFaults(sim.Fault{Kind: kind, Method: http.MethodDelete, Path: "*/groups/*", Count: 1})
				r := o.confirm(o.groupPlan("group.delete", nil, g.ID))
				time.Sleep(2 * time.Second) // the call is out, and not settled
				o.close()
				o.open()
				stored, err := o.store.Records.Run(t.Context(), r.ID)
				if err != nil || stored.Counts[domain.ItemIntent] != 1 {
					t.Fatalf("%v, %v", stored.Counts, err)
				}
				if err := o.engine.Recover(t.Context()); err != nil {
					t.Fatal(err)
				}
				r = o.finish(r.ID)
				_, deleted := o.requests()
				want := 2 // read as absent twice, then sent once more
				if carriedOut {
					want = 1
				}
				if _, there := o.world.GroupNamed("old"); there || r.Counts[domain.ItemDone] != 1 || deleted != want {
					t.Errorf("%s %v, %d requests, there %t", r.State, r.Counts, deleted, there)
				}
			})
		})
	}
}
