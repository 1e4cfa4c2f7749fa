package backend_test

import (
	"slices"
	"testing"

	"seatkeeper/backend/bindings"
)

// TestOnlyWhoIsMeant: a plan is over the list that was seen; who was selected before is in it only by choice and by name, and a confirmed
// run, a second try or an undo ends the selection, while a preview that was cancelled does not.
func TestOnlyWhoIsMeant(t *testing.T) {
	p := start(t, 400)
	src := p.connect(t)
	const may = `status = active AND role is empty AND source = invited`
	show := func(filter string) bindings.SnapshotView {
		p.query(t, src.ID, filter) // waits for the index
		return must(p.api.People.Query(bindings.PeopleQuery{SourceID: src.ID, Filter: filter, Shown: true}))(t)
	}
	selected := func(list bindings.SnapshotView, op string, from, to int) bindings.SelectionView {
		return must(p.api.People.Select(bindings.SelectRequest{Snapshot: list.ID, Op: op, From: from, To: to}))(t)
	}
	suspend := bindings.PlanRequest{SourceID: src.ID, Action: "user.suspend", Note: "left", Selection: "a list"}
	before := show(may + ` AND name ~ "a"`)
	if n := selected(before, "all", 0, 0); n.Count != before.Total || n.Count < 10 {
		t.Fatalf("%+v of %d", n, before.Total)
	}
	cancelled := must(p.api.Bulk.Preview(suspend))(t)
	if o := cancelled.Outside; o.Count != 0 || o.Of != before.Total || len(o.Names) != 0 {
		t.Errorf("everybody is in the list: %+v", o)
	}
	if err := p.api.Bulk.Discard(cancelled.ID); err != nil {
		t.Fatal(err)
	}

	list := show(may + ` AND NOT name ~ "a"`)
	if n := selected(list, "all", 0, 0); n.Count != list.Total || n.Aside != before.Total {
		t.Fatalf("all of a list of %d: %+v", list.Total, n)
	}
	if plan := must(p.api.Bulk.Preview(suspend))(t); plan.Outside.Count != 0 || plan.Total != list.Total {
		t.Errorf("a plan over the list: %d, %+v", plan.Total, plan.Outside)
	}
	selected(list, "only", 0, 2)
	selected(before, "add", 0, 7)
	plan := must(p.api.Bulk.Preview(suspend))(t)
	if o := plan.Outside; plan.Total != 9 || o.Count != 7 || o.Of != 9 || len(o.Names) != 5 {
		t.Fatalf("two of the list and seven of another: %d, %+v", plan.Total, o)
	}
	page := must(p.api.Bulk.Outside(plan.ID, 5, 5))(t)
	all := must(p.api.Bulk.Outside(plan.ID, 0, 100))(t)
	rows := must(p.api.People.Rows(before.ID, 0, 7))(t)
	if page.Total != 7 || len(page.Subjects) != 2 || len(all.Subjects) != 7 || slices.ContainsFunc(all.Subjects, func(s bindings.SubjectView) bool {
		return !slices.ContainsFunc(rows, func(r bindings.PersonRow) bool { return r.AccountID == s.AccountID && r.Name == s.Name })
	}) {
		t.Errorf("who is outside: %+v, %+v", page, all)
	}
	if again := must(p.api.Bulk.Plan(plan.ID))(t); again.Outside.Count != 7 {
		t.Errorf("read again: %+v", again.Outside)
	}
	count := func() int { return must(p.api.People.SelectionCount(src.ID))(t) }
	if _, err := p.api.Bulk.Confirm(plan.ID, "another hash", "", ""); err == nil || count() != 9 {
		t.Errorf("a refused confirmation: %v, %d selected", err, count())
	}
	run := p.run(t, plan)
	if n := count(); n != 0 {
		t.Errorf("%d are selected after the run", n)
	}
	list = show(may + ` AND NOT name ~ "a"`)
	if n := selected(list, "keep", 0, 0); n.Count != 0 {
		t.Errorf("%+v came back after the run", n)
	}

	eventually(t, "the local copy to follow", func() bool {
		return p.query(t, src.ID, `status = suspended AND accountId = "`+rows[6].AccountID+`"`).Total == 1
	})
	list = show(may + ` AND NOT name ~ "a"`)
	selected(list, "add", 0, 3)
	undo := must(p.api.Bulk.PreviewUndo(run.ID))(t)
	if undo.Outside.Count != 9 || count() != 3 {
		t.Errorf("the preview of the undo: %+v, %d selected", undo.Outside, count())
	}
	p.run(t, undo)
	if n := count(); n != 0 {
		t.Errorf("%d are selected after the undo", n)
	}

	// Groups have a list of their own, and a run about them leaves the people selected, who are perhaps about to get into them.
	list = show(may)
	selected(list, "add", 0, 3)
	made := must(p.api.Bulk.Preview(bindings.PlanRequest{SourceID: src.ID, Action: "group.create", Params: map[string]string{"names": "zz one\nzz two", "directory": p.directory(t, src.ID)}}))(t)
	if made.Outside.Count != 0 {
		t.Errorf("groups that are not yet there: %+v", made.Outside)
	}
	p.run(t, made)
	if n := count(); n != 3 {
		t.Errorf("%d are selected after a run about groups", n)
	}
	var ids []string
	eventually(t, "the groups in the local copy", func() bool {
		ids = nil
		for _, g := range must(p.api.Groups.List(bindings.GroupQuery{SourceID: src.ID, Search: "zz", Count: 10}))(t).Groups {
			ids = append(ids, g.GroupID)
		}
		return len(ids) == 2
	})
	must(p.api.Groups.List(bindings.GroupQuery{SourceID: src.ID, Search: "zz two", Count: 10}))(t)
	deleted := must(p.api.Bulk.Preview(bindings.PlanRequest{SourceID: src.ID, Action: "group.delete", Groups: ids}))(t)
	if o := deleted.Outside; o.Count != 1 || o.Of != 2 || !slices.Equal(o.Names, []string{"zz one"}) {
		t.Errorf("a group that is not in the list: %+v", o)
	}
}

// directory is where new groups of a source are made.
func (p *program) directory(t *testing.T, source string) string {
	t.Helper()
	page := must(p.api.Groups.List(bindings.GroupQuery{SourceID: source, Count: 1}))(t)
	if len(page.Directories) == 0 {
		return ""
	}
	return page.Directories[0].ID
}
