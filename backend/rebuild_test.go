package backend_test

import (
	"context"
	"database/sql"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/glebarez/sqlite"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/store/mirrordb"
)

// suspending starts a run over some people that takes a while.
func (p *program) suspending(t *testing.T, source string, people int) bindings.RunView {
	t.Helper()
	list := p.query(t, source, `status = active AND role is empty AND source = invited`)
	must(p.api.People.Select(bindings.SelectRequest{Snapshot: list.ID, Op: "add", From: 0, To: people}))(t)
	plan := must(p.api.Bulk.Preview(bindings.PlanRequest{SourceID: source, Action: "user.suspend", Selection: "people"}))(t)
	p.world.AddFault(sim.Fault{Method: "POST", Path: "*/suspend", Kind: sim.FaultLatency, Delay: 150 * time.Millisecond})
	run := must(p.api.Bulk.Confirm(plan.ID, plan.Hash, "", ""))(t)
	eventually(t, "the first results", func() bool { return must(p.api.Runs.Run(run.ID))(t).Counts["done"] > 0 })
	return run
}

// suspended counts the people who were changed, by how often.
func (p *program) suspended() (people, twice int) {
	calls := map[string]int{}
	for _, e := range p.world.Journal() {
		if e.Applied && e.Method == http.MethodPost && e.Changed > 0 {
			calls[e.AccountID]++
		}
	}
	for _, n := range calls {
		if n > 1 {
			twice++
		}
	}
	return len(calls), twice
}

// TestADamagedCopyIsBuiltAgainAtWork spoils a row while a run is under way: the first answer that meets it closes the
// copy, and without anybody's doing everything is read afresh, the run goes on, and nothing that was picked in the old
// copy is picked in the new one.
func TestADamagedCopyIsBuiltAgainAtWork(t *testing.T) {
	p := start(t, 300)
	src := p.connect(t)
	all := p.query(t, src.ID, "")
	rows := must(p.api.People.Rows(all.ID, 0, 1))(t)
	const people = 24
	run := p.suspending(t, src.ID, people)

	other, err := sql.Open(sqlite.DriverName, filepath.Join(p.dataDir, mirrordb.FileName))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Exec("UPDATE users SET status = 'x' WHERE id = ?", rows[0].ID); err != nil {
		t.Fatal(err)
	}
	_ = other.Close()
	if _, err := p.api.People.Person(src.ID, rows[0].ID); err == nil || !strings.Contains(err.Error(), "being built again") {
		t.Fatal(err)
	}
	eventually(t, "the copy to be built again", func() bool {
		info := must(p.api.App.Info())(t)
		_, err := os.Stat(filepath.Join(p.dataDir, mirrordb.FileName+".damaged"))
		return err == nil && info.Ready && info.Problem == nil && !info.Rebuilding
	})
	if _, err := p.api.People.Rows(all.ID, 0, 1); domain.CodeOf(err) != domain.Stale {
		t.Errorf("a list of the damaged copy answers: %v", err)
	}
	if n := must(p.api.People.SelectionCount(src.ID))(t); n != 0 {
		t.Errorf("%d people are still selected", n)
	}
	p.total(t, src.ID, "", all.Total)
	eventually(t, "the run to end", func() bool { return must(p.api.Runs.Run(run.ID))(t).State == "done" })
	if n, twice := p.suspended(); n != people || twice > 0 {
		t.Errorf("%d people were changed, %d of them twice", n, twice)
	}
	if !strings.Contains(readAll(t, p.logFile), "damaged") {
		t.Error("the log does not say so")
	}
}

// TestADamagedCopyWaitsForItsKeys finds the copy spoilt at the start, while the keys are locked: it says so, changes
// nobody, and begins once they are unlocked.
func TestADamagedCopyWaitsForItsKeys(t *testing.T) {
	p := start(t, 300)
	src := p.connect(t)
	all := p.query(t, src.ID, "").Total
	const people = 24
	run := p.suspending(t, src.ID, people)
	if err := p.backend.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(p.dataDir, mirrordb.FileName)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	whole[len(whole)/2] ^= 4
	changed := must(os.Stat(path))(t).ModTime()
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, changed, changed); err != nil { // a disk that forgets does not say so
		t.Fatal(err)
	}
	before, _ := p.suspended()

	p.open(t)
	info := must(p.api.App.Info())(t)
	if !info.Ready || !info.Rebuilding {
		t.Fatalf("%+v", info)
	}
	if list := must(p.api.People.Query(bindings.PeopleQuery{SourceID: src.ID}))(t); list.Total != 0 {
		t.Errorf("%d people in a copy that is not there", list.Total)
	}
	if state := p.states(t)["sync"]; state != "done" {
		t.Error("the set-up wants its first sync again:", state)
	}
	report := must(p.api.Overview.Attention(src.ID, 90))(t)
	if len(report.Items) == 0 || report.Items[0].Kind != "copy_rebuilt" {
		t.Errorf("%+v", report.Items)
	}
	if err := p.api.Bulk.Pause(run.ID); err != nil {
		t.Fatal(err)
	}
	if err := p.api.Bulk.Resume(run.ID, ""); err == nil { // it begins, and finds out
		eventually(t, "the run to pause", func() bool { return must(p.api.Runs.Run(run.ID))(t).State == "paused" })
	}
	if v := must(p.api.Runs.Run(run.ID))(t); !strings.Contains(v.PauseReason, "being built again") {
		t.Errorf("paused for %q", v.PauseReason)
	}
	if now, _ := p.suspended(); now != before {
		t.Errorf("%d people were changed without a copy", now-before)
	}
	must(p.api.App.UnlockKeyFile(passphrase))(t)
	eventually(t, "the copy to be built again", func() bool { return !must(p.api.App.Info())(t).Rebuilding })
	p.total(t, src.ID, "", all)
	eventually(t, "the run to be taken up", func() bool { return p.api.Bulk.Resume(run.ID, "") == nil })
	eventually(t, "the run to end", func() bool { return must(p.api.Runs.Run(run.ID))(t).State == "done" })
	if n, twice := p.suspended(); n != people || twice > 0 {
		t.Errorf("%d people were changed, %d of them twice", n, twice)
	}
}

func readAll(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
