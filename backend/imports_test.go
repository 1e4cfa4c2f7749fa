package backend_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/sim"
)

// file writes a file that the operator will choose.
func (p *program) file(t *testing.T, name, text string) {
	t.Helper()
	p.window.file = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p.window.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// total is how many people a filter finds once the index has followed.
func (p *program) total(t *testing.T, source, filter string, want int) {
	t.Helper()
	got := -1
	eventually(t, fmt.Sprintf("%q to find %d people", filter, want), func() bool {
		got = p.query(t, source, filter).Total
		return got == want
	})
}

// TestImportOnASite goes from the file to the filter's answer: a site tells no activity, a file does, and only about whom it is.
func TestImportOnASite(t *testing.T) {
	p := start(t, 60)
	site := p.listing.Sites[0]
	added := must(p.api.Sources.Add(bindings.SourceDraft{
		Kind: "jira_cloud", Name: "Site", Color: "blue", Values: map[string]string{"site_url": site.URL, "email": site.Email, "api_token": site.Token},
	}))(t)
	if added.Source == nil {
		t.Fatalf("%+v", added.Test.Findings)
	}
	id := added.Source.ID
	p.waitSync(t, id)
	jira := p.query(t, id, `app = "Jira"`)
	if jira.Total < 20 {
		t.Fatalf("%d people have Jira", jira.Total)
	}
	p.total(t, id, `lastActive("Jira") is unknown`, jira.Total)
	rows := must(p.api.People.Rows(jira.ID, 0, 10))(t)
	old, today := time.Now().AddDate(0, 0, -200).Format("2 Jan 2006"), time.Now().Format("2 Jan 2006")
	var text strings.Builder
	fmt.Fprintf(&text, "\ufeffUser id,User name,email,User status,Added to org,Last seen in Jira Software,Shoe size\r\n")
	for i, row := range rows {
		day := []string{old, today, "Never accessed", ""}[i%4]
		fmt.Fprintf(&text, "%s,\"=cmd,%d\",%s,Active,12 Mar 2024,%s,42\r\n", row.AccountID, i, row.Email, day)
	}
	text.WriteString("712020:nobody,Nobody,nobody@else.org,Active,,,\r\n,,,,,,1\r\n712020:x,Bad,b@else.org,Active,,03/04/2026,\r\n")
	p.file(t, "export-users.csv", text.String())

	v := must(p.api.Imports.Choose(id))(t)
	if v.Kind != "users" || v.Rows != 12 || v.Matched != 10 || v.Misses != 2 || v.BadCount != 2 || strings.Join(v.Unknown, " ") != "Shoe size" || v.Activity != 8 {
		t.Fatalf("%+v", v)
	}
	if len(v.Apps) != 1 || v.Apps[0].Means == "" {
		t.Fatalf("apps: %+v", v.Apps)
	}
	p.total(t, id, `lastActive("Jira") is unknown`, jira.Total) // nothing is kept before it is said
	p.window.save = filepath.Join(t.TempDir(), "unmatched.csv")
	if saved := must(p.api.Imports.SaveUnmatched(v.ID))(t); saved.Rows != 2 {
		t.Errorf("%+v", saved)
	}
	kept := must(p.api.Imports.Keep(v.ID))(t)
	if kept.Matched != 10 || !kept.Activity {
		t.Fatalf("%+v", kept)
	}
	check := func() {
		t.Helper()
		p.total(t, id, `lastActive("Jira") < -90d`, 3)
		p.total(t, id, `lastActive("Jira") >= -90d`, 3)
		p.total(t, id, `lastActive("Jira") is empty`, 2)
		p.total(t, id, `lastActive("Jira") is unknown`, jira.Total-8)
		p.total(t, id, `added < 2025-01-01`, 10)
		p.total(t, id, `status = invited`, 0) // "Never accessed" is no invitation that is open
	}
	check()
	if person := must(p.api.People.Person(id, rows[0].ID))(t); len(person.Access) == 0 || person.Access[0].Activity != "active" && person.Access[len(person.Access)-1].Activity != "active" {
		t.Errorf("%+v", person.Access)
	}
	// It outlives a sync and a restart.
	must(p.api.Sync.Start(id))(t)
	p.waitSync(t, id)
	check()

	// The export of managed accounts says more about the same people, and of the day over everything.
	p.file(t, "managed.csv", "Name;Email;Atlassian ID;Status;Last active date [UTC];Billable;Policy name;Two-step verification\n"+
		fmt.Sprintf("x;;%s;Active;%s;Yes;Staff;Enabled\n", rows[3].AccountID, time.Now().AddDate(0, 0, -5).Format(time.RFC3339)))
	second := must(p.api.Imports.Choose(id))(t)
	if second.Kind != "managed_accounts" || second.Matched != 1 {
		t.Fatalf("%+v", second)
	}
	must(p.api.Imports.Keep(second.ID))(t)
	p.total(t, id, `billable = yes`, 1)
	p.total(t, id, `mfa = yes`, 1)
	p.total(t, id, `authPolicy = "staff" AND dataAge < 1`, 1)
	p.total(t, id, `lastActive >= -10d AND accountId = "`+rows[3].AccountID+`"`, 1)
	if person := must(p.api.People.Person(id, rows[3].ID))(t); person.Row.Policy != "Staff" || person.Row.Activity != "active" {
		t.Errorf("%+v", person)
	}
	if files := must(p.api.Imports.List(id))(t); len(files) != 2 {
		t.Errorf("%+v", files)
	}

	// A newer file of a kind takes the place of the older one; removed, nothing is left of it.
	p.file(t, "export-users.csv", "User id,User name,email,User status,Last seen in Jira Software\n"+rows[0].AccountID+",x,,Active,"+today+"\n")
	third := must(p.api.Imports.Choose(id))(t)
	if third.Replaces == nil || third.Replaces.FileName != "export-users.csv" {
		t.Fatalf("%+v", third)
	}
	must(p.api.Imports.Keep(third.ID))(t)
	p.total(t, id, `lastActive("Jira") is unknown`, jira.Total-1)
	for _, kind := range []string{"users", "managed_accounts"} {
		if err := p.api.Imports.Remove(id, kind); err != nil {
			t.Fatal(err)
		}
	}
	p.total(t, id, `lastActive("Jira") is unknown`, jira.Total)
	p.total(t, id, `lastActive is not empty`, 0)
	p.total(t, id, `billable is known`, 0)
	p.total(t, id, `authPolicy is not empty OR dataAge >= 1`, 0)
}

// TestImportOnDataCenter: people are matched by address alone, and what Atlassian Cloud says is not taken for this instance.
func TestImportOnDataCenter(t *testing.T) {
	p := start(t, 60)
	added := must(p.api.Sources.Add(p.dcDraft()))(t)
	if added.Source == nil {
		t.Fatalf("%+v", added.Test.Findings)
	}
	id := added.Source.ID
	p.waitSync(t, id)
	shared := map[string]int{}
	for _, u := range p.world.DataCenterUsers(0, 0, func(sim.DataCenterUser) bool { return true }) {
		shared[strings.ToLower(u.Email)]++
	}
	list := p.query(t, id, `app is not empty`)
	var text strings.Builder
	text.WriteString("User id\tUser name\temail\tUser status\tLast seen in Jira Software - " + strings.TrimPrefix(p.listing.DataCenters[0].URL, "http://") + "\n")
	n := 0
	for _, row := range must(p.api.People.Rows(list.ID, 0, 60))(t) {
		if row.Email != "" && shared[strings.ToLower(row.Email)] == 1 && n < 5 {
			n++
			fmt.Fprintf(&text, "712020:cloud-%d\tx\t%s\tSuspended\t2025-01-0%d\n", n, strings.ToUpper(row.Email), n)
		}
	}
	p.file(t, "users.tsv", text.String())
	v := must(p.api.Imports.Choose(id))(t)
	if v.Matched != 5 || n != 5 || len(v.Apps) != 1 || v.Apps[0].Means == "" || len(v.Notes) == 0 {
		t.Fatalf("%d: %+v", n, v)
	}
	must(p.api.Imports.Keep(v.ID))(t)
	p.total(t, id, `lastActive("Jira Software") < -90d`, 5)

	p.file(t, "managed.csv", "Name,Email,Status,Last active,Billable\nx,"+strings.Split(strings.Split(text.String(), "\n")[1], "\t")[2]+",Active,2026-01-01,Yes\n")
	v = must(p.api.Imports.Choose(id))(t)
	if v.Matched != 1 || v.Activity != 0 {
		t.Fatalf("Cloud's activity was taken: %+v", v)
	}
	must(p.api.Imports.Keep(v.ID))(t)
	p.total(t, id, `billable is known`, 0)
}

// TestLists goes from a pasted list and from a file to a filter, both ways round.
func TestLists(t *testing.T) {
	p := start(t, 120)
	src := p.connect(t)
	if yes, no := p.query(t, src.ID, `billable = yes`).Total, p.query(t, src.ID, `billable = no`).Total; yes < 40 || no < 2 ||
		p.query(t, src.ID, `managed = yes`).Total != yes+no {
		t.Errorf("%d people count for Guard, %d do not", yes, no)
	}
	all := p.query(t, src.ID, `email is not empty`)
	rows := must(p.api.People.Rows(all.ID, 0, 8))(t)
	lines := []string{"email,name", "nobody@else.org,x", "\"=HYPERLINK(1)\",y"}
	for _, row := range rows[:6] {
		lines = append(lines, strings.ToUpper(row.Email)+",x")
	}
	p.file(t, "leavers 2026.csv", strings.Join(lines, "\n"))
	draft := must(p.api.Lists.Choose(src.ID))(t)
	if draft.Name != "leavers 2026" || draft.Entries != 7 || draft.Match.Matched+draft.Match.AmbiguousCount != 6 || draft.Match.UnmatchedCount != 1 || len(draft.Bad) != 1 {
		t.Fatalf("%+v", draft)
	}
	if draft.Match.AmbiguousCount > 0 {
		t.Fatal("the simulated people share addresses")
	}
	unknown := must(p.api.People.Query(bindings.PeopleQuery{SourceID: src.ID, Filter: `list = "leavers 2026"`}))(t)
	if unknown.Error == nil || !strings.Contains(unknown.Error.Message, "no list") {
		t.Fatalf("a list that is not there: %+v", unknown)
	}
	saved := must(p.api.Lists.Save(src.ID, draft.ID, "Leavers", false))(t)
	p.total(t, src.ID, saved.Filter, 6)
	p.total(t, src.ID, `inList in ("leavers")`, 6)
	// Who hides the address may be the one entry that matches nobody, so neither answer finds them.
	hidden := p.query(t, src.ID, `email is empty`).Total
	everybody := p.query(t, src.ID, ``).Total
	p.total(t, src.ID, `list not in ("Leavers")`, everybody-6-hidden)
	proposals := must(p.api.People.Complete(src.ID, `list = "Le`, len(`list = "Le`)))(t)
	if len(proposals) == 0 || !strings.Contains(proposals[0].Insert, "Leavers") {
		t.Errorf("%+v", proposals)
	}
	// Another paste under the same name is refused, or replaces.
	draft = must(p.api.Lists.Paste(src.ID, rows[7].AccountID))(t)
	if _, err := p.api.Lists.Save(src.ID, draft.ID, "LEAVERS", false); err == nil {
		t.Error("two lists have one name")
	}
	must(p.api.Lists.Save(src.ID, draft.ID, "LEAVERS", true))(t)
	p.total(t, src.ID, `list = leavers`, 1)
	p.total(t, src.ID, `list != leavers`, everybody-1)
	lists := must(p.api.Lists.List(src.ID))(t)
	if len(lists) != 1 || lists[0].Entries != 1 || lists[0].Match.Matched != 1 {
		t.Fatalf("%+v", lists)
	}
	if err := p.api.Lists.Delete(lists[0].ID); err != nil {
		t.Fatal(err)
	}
	if gone := must(p.api.People.Query(bindings.PeopleQuery{SourceID: src.ID, Filter: `list = leavers`}))(t); gone.Error == nil {
		t.Error("a list that was deleted still answers")
	}
}
