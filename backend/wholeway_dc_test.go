package backend_test

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

func (p *program) dcDraft() bindings.SourceDraft {
	d := p.listing.DataCenters[0]
	return bindings.SourceDraft{Kind: "jira_dc", Name: "Own Jira", Color: "orange", Values: map[string]string{"base_url": d.URL, "token": d.Token}}
}

// TestTheWholeWayOverDataCenter connects an instance, makes people inactive, and takes it back.
func TestTheWholeWayOverDataCenter(t *testing.T) {
	p := start(t, 300)
	added := must(p.api.Sources.Add(p.dcDraft()))(t)
	if added.Source == nil {
		t.Fatalf("the test of the connection failed: %+v", added.Test.Findings)
	}
	src := *added.Source
	p.waitSync(t, src.ID)
	inactive := func(key string) bool {
		u, found := p.world.DataCenterUser(0, key)
		if !found {
			t.Fatalf("nobody has the key %q", key)
		}
		return !u.Active
	}

	list := p.query(t, src.ID, `status = active`)
	if want := len(p.world.DataCenterUsers(0, 0, func(u sim.DataCenterUser) bool { return u.Active })); list.Total != want {
		t.Fatalf("%d active people, want %d", list.Total, want)
	}
	must(p.api.People.Select(bindings.SelectRequest{Snapshot: list.ID, Op: "add", From: 0, To: 12}))(t)
	rows := must(p.api.People.Rows(list.ID, 0, 12))(t)
	plan := must(p.api.Bulk.Preview(bindings.PlanRequest{SourceID: src.ID, Action: "user.suspend", Note: "left", Selection: "12 people"}))(t)
	if plan.Blocked || plan.Changes == 0 {
		t.Fatalf("plan: %+v", plan)
	}
	run := p.run(t, plan)
	if run.State != "done" || run.Counts["done"]+run.Counts["refused"] != plan.Changes || run.Counts["done"] == 0 || run.Counts["refused"] == 0 {
		t.Fatalf("run: %+v", run)
	}
	var changed []string
	for _, row := range rows {
		u, _ := p.world.DataCenterUser(0, row.AccountID)
		switch {
		case u.ReadOnly || u.Admin:
			if !u.Active {
				t.Errorf("%+v was changed", u)
			}
		case u.Active:
			t.Errorf("%+v is still active", u)
		default:
			changed = append(changed, u.Key)
		}
	}
	refused := must(p.api.Runs.Items(bindings.ItemQuery{RunID: run.ID, State: "refused", Count: 20}))(t)
	if len(refused.Items) == 0 || !strings.Contains(refused.Items[0].Reason, "directory that Jira cannot change") {
		t.Errorf("refused: %+v", refused.Items)
	}
	eventually(t, "the local copy to follow", func() bool {
		return p.query(t, src.ID, `status = suspended AND accountId = "`+changed[0]+`"`).Total == 1
	})
	undone := p.run(t, must(p.api.Bulk.PreviewUndo(run.ID))(t))
	if undone.State != "done" || undone.Counts["done"] != len(changed) {
		t.Fatalf("undo: %+v", undone)
	}
	if slices.ContainsFunc(changed, inactive) {
		t.Error("somebody is still inactive after the undo")
	}
	p.adminsStay(t, src.ID)
	p.regroup(t, src.ID)
}

// adminsStay selects Jira's administrators: a plan must not touch one of them.
func (p *program) adminsStay(t *testing.T, source string) {
	t.Helper()
	list := p.query(t, source, `role = "jira-admin"`)
	if list.Total != 2 {
		t.Errorf("%d administrators, want 2", list.Total)
	}
	if err := p.api.People.ClearSelection(source); err != nil {
		t.Fatal(err)
	}
	must(p.api.People.Select(bindings.SelectRequest{Snapshot: list.ID, Op: "add", From: 0, To: list.Total}))(t)
	for action, params := range map[string]map[string]string{"user.suspend": nil, "group.remove_member": {"groups": "jira-administrators"}} {
		plan := must(p.api.Bulk.Preview(bindings.PlanRequest{SourceID: source, Action: action, Params: params, Note: "a mistake", Selection: "2 people"}))(t)
		if !plan.Blocked || plan.Changes != 0 {
			t.Errorf("%s: %+v", action, plan)
		}
	}
}

// regroup puts people into a group whose name holds a comma, and takes it back.
func (p *program) regroup(t *testing.T, source string) {
	t.Helper()
	const group = "Finance, EMEA"
	members := func() int {
		for _, g := range p.world.DataCenterGroups(0) {
			if g.Name == group {
				return g.Members
			}
		}
		return -1
	}
	before := members()
	list := p.query(t, source, `status = active AND group != "`+group+`" AND role is empty`)
	if err := p.api.People.ClearSelection(source); err != nil {
		t.Fatal(err)
	}
	must(p.api.People.Select(bindings.SelectRequest{Snapshot: list.ID, Op: "add", From: 0, To: 5}))(t)
	plan := must(p.api.Bulk.Preview(bindings.PlanRequest{
		SourceID: source, Action: "group.add_member", Params: map[string]string{"groups": "Finance%2C EMEA"}, Note: "project", Selection: "5 people",
	}))(t)
	if plan.Changes != 5 {
		t.Fatalf("plan: %+v", plan)
	}
	run := p.run(t, plan)
	if run.Counts["done"] != 5 || members() != before+5 {
		t.Fatalf("%+v, %d members, before %d", run.Counts, members(), before)
	}
	eventually(t, "the local copy to follow", func() bool { return p.query(t, source, `group = "`+group+`"`).Total == before+5 })
	if p.run(t, must(p.api.Bulk.PreviewUndo(run.ID))(t)); members() != before {
		t.Errorf("%d members after the undo, before the run %d", members(), before)
	}
}

// TestDataCenterWithItsOwnAuthority connects over HTTPS, with a certificate that only the given authority vouches for.
func TestDataCenterWithItsOwnAuthority(t *testing.T) {
	p := start(t, 40)
	address, authority, err := p.world.ServeDataCenterTLS(t.Context(), 0, sim.TLSOptions{})
	if err != nil {
		t.Fatal(err)
	}
	draft := p.dcDraft()
	draft.Values["base_url"] = address
	refused := must(p.api.Sources.Test("", draft))(t)
	if refused.OK || !strings.Contains(refused.Findings[0].Message, "authority that this computer does not know") {
		t.Errorf("without the authority: %+v", refused.Findings)
	}
	block, _ := pem.Decode([]byte(authority))
	if _, err := x509.ParseCertificate(block.Bytes); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, []byte(authority), 0o600); err != nil {
		t.Fatal(err)
	}
	draft.Values["ca_file"] = p.chooseAuthority(t, file)
	added := must(p.api.Sources.Add(draft))(t)
	if added.Source == nil {
		t.Fatalf("with the authority: %+v", added.Test.Findings)
	}
	p.waitSync(t, added.Source.ID)
}

// chooseAuthority chooses the authority's file as the form does, after one that is none and a cancelled dialog.
func (p *program) chooseAuthority(t *testing.T, file string) string {
	t.Helper()
	p.window.file = filepath.Join(t.TempDir(), "none.pem")
	if path, err := p.api.Sources.ChooseFile("jira_dc", "ca_file"); err == nil || domain.AsError(err).Field != "ca_file" || path != "" {
		t.Errorf("%q, %v", path, err)
	}
	p.window.file = ""
	if path := must(p.api.Sources.ChooseFile("jira_dc", "ca_file"))(t); path != "" {
		t.Error(path)
	}
	for _, field := range []string{"token", "nothing"} { // no dialog for what is no file
		if _, err := p.api.Sources.ChooseFile("jira_dc", field); err == nil {
			t.Errorf("%s: a file was chosen", field)
		}
	}
	p.window.file = file
	return must(p.api.Sources.ChooseFile("jira_dc", "ca_file"))(t)
}
