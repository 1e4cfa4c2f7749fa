package backend_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/sim"
)

// states gives the state of each step of Get started, by its name.
func (p *program) states(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, s := range must(p.api.Onboarding.State())(t).Steps {
		out[s.Step] = s.State
	}
	return out
}

// reopen ends the program and starts it again on the same folder.
func (p *program) reopen(t *testing.T) {
	t.Helper()
	if err := p.backend.Close(context.Background()); err != nil {
		t.Fatal("close:", err)
	}
	p.open(t)
	if _, err := p.api.App.UnlockKeyFile(passphrase); err != nil {
		t.Fatal("unlock the key file:", err)
	}
}

// TestGetStarted goes through the set-up over real services and is restarted in the middle.
func TestGetStarted(t *testing.T) {
	p := start(t, 120)
	site := p.listing.Sites[0].URL
	if s := must(p.api.Onboarding.State())(t); s.Next != "allowlist" || !s.Appears {
		t.Fatalf("first start: %+v", s)
	}
	p.world.BlockIP(true)
	if a := must(p.api.Onboarding.CheckSite(site))(t); a.Verdict != "blocked" || a.Known == "" || a.Addresses == nil {
		t.Errorf("blocked: %+v", a)
	}
	draft := bindings.SourceDraft{Kind: "jira_cloud", Name: "Site", Values: map[string]string{
		"site_url": site, "email": p.listing.Sites[0].Email, "api_token": p.listing.Sites[0].Token,
	}}
	added := must(p.api.Sources.Add(draft))(t)
	if added.Source != nil || !slices.ContainsFunc(added.Test.Findings, func(f bindings.FindingView) bool { return f.Reason == "ip_allowlist" }) {
		t.Errorf("a site that blocks this machine: %+v", added)
	}
	p.world.BlockIP(false)
	if a := must(p.api.Onboarding.CheckSite(site))(t); a.Verdict != "allowed" {
		t.Errorf("allowed: %+v", a)
	}
	if _, err := p.api.Onboarding.CheckSite("https://acme.example"); err == nil || !strings.Contains(err.Error(), "invalid") {
		t.Errorf("an address that is no site: %v", err)
	}

	src := p.connect(t)
	domains := must(p.api.Onboarding.Domains())(t)
	if len(domains.Organizations) != 1 || !domains.Organizations[0].Synced {
		t.Fatalf("domains: %+v", domains)
	}
	verified := 0
	for _, d := range domains.Organizations[0].Domains {
		if d.Verified {
			verified++
		}
	}
	if verified == 0 || verified == len(domains.Organizations[0].Domains) {
		t.Errorf("domains: %+v", domains.Organizations[0].Domains)
	}
	p.reopen(t)
	want := map[string]string{"allowlist": "done", "organization": "done", "site": "open", "domains": "open", "sync": "done", "done": "open"}
	for step, state := range p.states(t) {
		if state != want[step] {
			t.Errorf("after a restart %s is %s, want %s", step, state, want[step])
		}
	}
	if s := must(p.api.Onboarding.State())(t); s.Next != "site" || !s.Appears {
		t.Errorf("resumed at %q, appears %v", s.Next, s.Appears)
	}
	for what, err := range map[string]error{"skip": p.api.Onboarding.Skip("site"), "look": p.api.Onboarding.Look("domains"), "finish": p.api.Onboarding.Finish()} {
		if err != nil {
			t.Error(what, err)
		}
	}
	p.reopen(t)
	if s := must(p.api.Onboarding.State())(t); s.Appears || s.Welcome || !s.Complete {
		t.Errorf("finished: %+v", s)
	}
	if must(p.api.Sources.List())(t)[0].ID != src.ID {
		t.Error("the source is gone")
	}
}

// TestReplaceKey: an expired key is told once, and replacing it keeps name, settings, local copy and runs.
func TestReplaceKey(t *testing.T) {
	p := start(t, 120)
	draft := p.orgDraft()
	added := must(p.api.Sources.Add(draft))(t)
	before := *added.Source
	p.waitSync(t, before.ID)
	if before.Key.Phase != "valid" || before.Key.Days < 80 || before.KeyExpires == "" {
		t.Errorf("the end of the key is read from Atlassian: %+v", before.Key)
	}
	if due := must(p.api.Sources.Reminders())(t); len(due) != 0 {
		t.Errorf("reminders: %+v", due)
	}
	list := p.query(t, before.ID, "status = active AND role is empty AND source = invited")
	must(p.api.People.Select(bindings.SelectRequest{Snapshot: list.ID, Op: "add", From: 0, To: 1}))(t)
	run := p.run(t, must(p.api.Bulk.Preview(bindings.PlanRequest{SourceID: before.ID, Action: "user.suspend", Selection: "1 person"}))(t))

	_, old := p.world.Organization()
	p.world.Revoke(old) // an expired key and a revoked one look alike
	sync := must(p.api.Sync.Start(before.ID))(t)
	eventually(t, "the sync to fail", func() bool {
		sync = must(p.api.Sync.State(before.ID))(t)
		return sync.State == "failed"
	})
	if sync.People == 0 || sync.Revision == 0 {
		t.Errorf("the local copy is lost: %+v", sync)
	}
	draft.Values = map[string]string{"org_id": before.Settings["org_id"], "my_account": before.Settings["my_account"], "api_key": "ATCTT3-wrong"}
	if again := must(p.api.Sources.Update(before.ID, draft))(t); again.Source != nil {
		t.Error("a wrong key replaced the old one")
	}
	draft.Values["api_key"] = p.world.AddKey(sim.KeyOptions{Expires: 200 * 24 * time.Hour})
	draft.Name = before.Name
	again := must(p.api.Sources.Update(before.ID, draft))(t)
	if again.Source == nil {
		t.Fatalf("replace: %+v", again.Test)
	}
	after := *again.Source
	if after.ID != before.ID || after.Name != before.Name || after.Color != before.Color || after.CreatedAt != before.CreatedAt ||
		after.Settings["org_id"] != before.Settings["org_id"] || after.Settings["my_account"] != before.Settings["my_account"] {
		t.Errorf("before %+v\nafter %+v", before, after)
	}
	if after.Sync.People != sync.People {
		t.Errorf("%d people in the local copy, had %d", after.Sync.People, sync.People)
	}
	must(p.api.Sync.Start(before.ID))(t)
	p.waitSync(t, before.ID)
	if got := must(p.api.Runs.Run(run.ID))(t); got.State != "done" || got.SourceID != after.ID {
		t.Errorf("run: %+v", got)
	}
}
