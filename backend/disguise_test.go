package backend_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/store"
)

// turned is what hangs on every name: characters that turn the text around, that end a line and that cannot be seen.
const turned = "\u202egnp\u2066\u200b\u0085"

// namesOf are the keys under which Atlassian's answers hold what people have named: people, groups, apps, sites,
// directories, domains, organizations, and everything that is said of them.
var namesOf = []string{
	"name", "displayName", "nickname", "description", "email", "emailAddress", "jobTitle", "department", "organization", "location", "siteName", "serverTitle",
	"message", "detail", "title", "errorMessages", "version", "timeZone", "statusDetails", "label",
}

// disguise stands before a simulated Atlassian: what was named gets turned at its end in every answer, and loses it in
// every request.
func disguise(t *testing.T, behind string) string {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		escaped, _ := json.Marshal(turned)
		body = bytes.ReplaceAll(bytes.ReplaceAll(body, escaped[1:len(escaped)-1], nil), []byte(turned), nil)
		uri := r.URL.RequestURI()
		for _, e := range []string{url.QueryEscape(turned), url.PathEscape(turned)} {
			uri = strings.ReplaceAll(uri, e, "")
		}
		out, err := http.NewRequestWithContext(r.Context(), r.Method, behind+uri, bytes.NewReader(body))
		if err != nil {
			t.Error(err)
			return
		}
		out.Header = r.Header.Clone()
		out.Header.Del("Accept-Encoding")
		res, err := http.DefaultTransport.RoundTrip(out) //nolint:forbidigo // to the simulator, through the test
		if err != nil {
			return // the program has closed
		}
		defer func() { _ = res.Body.Close() }()
		text, _ := io.ReadAll(res.Body)
		var doc any
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if d.Decode(&doc) == nil {
			text, _ = json.Marshal(turn("", doc))
		}
		for k, v := range res.Header {
			if k != "Content-Length" {
				w.Header()[k] = v
			}
		}
		w.WriteHeader(res.StatusCode)
		_, _ = w.Write(text)
	}))
	t.Cleanup(srv.Close)
	return srv.URL
}

// turn hangs turned on the names in a document.
func turn(key string, v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = turn(k, v[k])
		}
	case []any:
		for i := range v {
			v[i] = turn(key, v[i])
		}
	case string:
		if slices.Contains(namesOf, key) && v != "" {
			return v + turned
		}
	}
	return v
}

// rawOnPurpose are the fields of answers that give a name as it is, because the page needs it so: to show it marked
// (StrangerText), to compare, to copy or to filter by it. Every other text is for reading and must be safe to read as
// it stands.
var rawOnPurpose = func() map[string]bool {
	raw := map[string]bool{}
	for name := range strings.FieldsSeq("name names email group groups app apps site sites directory description jobTitle userName department organization location nickname " +
		"filter search selection note params entries unmatched ambiguous column values text before after field body answer query item arg canonical site sample " +
		"addedBy timeZone operator roles label fileName groupId id accountId sourceId tree operatorName via others also suggestion unknown adminsOf protected path dataDir argument insert timezone") {
		raw[name] = true
	}
	return raw
}()

var escapeOfGo = regexp.MustCompile(`\\u(202e|2066|200b|0085)|\\x85|\\u0085`)

// reading looks at every text of an answer and gives what is wrong with it.
func reading(where, key string, v any, wrong func(string)) {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			if slices.Contains([]string{"params", "values", "query"}, key) {
				k = key // a map by names of its own
			}
			reading(where+"."+k, k, inner, wrong)
		}
	case []any:
		for _, inner := range v {
			reading(where, key, inner, wrong)
		}
	case string:
		switch {
		case escapeOfGo.MatchString(v):
			wrong(fmt.Sprintf("%s: %s shows an escape of Go", where, domain.Visible(v)))
		case domain.Visible(v) != v && !rawOnPurpose[key]:
			wrong(fmt.Sprintf("%s: %s is raw", where, domain.Visible(v)))
		}
	}
}

// reader is a program in which everything that has a name has one that misleads, and that looks at all it says.
type reader struct {
	*program
	*spy
	t     *testing.T
	wrong map[string]bool
	seen  int // texts in which a name was met
}

func (r *reader) look(where string, v any) {
	text, err := json.Marshal(v)
	var doc any
	if err != nil || json.Unmarshal(text, &doc) != nil {
		r.t.Fatal(where, err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seen += bytes.Count(text, []byte("U+202E")) + bytes.Count(text, []byte("\u202e"))
	reading(where, "", doc, func(s string) { r.wrong[s] = true })
}

// ask calls a bound method and looks at its answer, or at its refusal.
func (r *reader) ask(method string, args ...any) any {
	r.t.Helper()
	out, err := r.call(r.t, r.api, method, args...)
	if err != nil {
		var doc any
		if text, ok := bindings.FormatError(err).(string); ok && json.Unmarshal([]byte(text), &doc) == nil {
			r.look(method+" refused", doc)
		}
		return out
	}
	r.look(method, out)
	return out
}

// TestNoTextMisleads: in an organization, a site and a Data Center in which every thing has a name that turns text
// around, no sentence of the program does, and none shows a name in the escapes of a programming language.
func TestNoTextMisleads(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	world := sim.New(sim.Config{People: 120, Sites: 2, DataCenters: 1, Seed: 7})
	listing, err := world.Serve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	site, dc := listing.Sites[0], listing.DataCenters[0]
	siteURL, dcURL := disguise(t, strings.TrimSuffix(site.URL, "/")), disguise(t, strings.TrimSuffix(dc.URL, "/jira"))+"/jira"
	listing.API = disguise(t, listing.API)
	dir := t.TempDir()
	r := &reader{t: t, wrong: map[string]bool{}, spy: newSpy(), program: &program{
		world: world, listing: listing, window: &window{}, dataDir: filepath.Join(dir, "data"), logFile: filepath.Join(dir, "log"),
	}}
	r.onEvent = func(e events.Event) {
		_, view := bindings.View(e)
		r.look("event "+string(e.Topic), view)
	}
	r.open(t)
	r.ask("App.UnlockKeyFile", passphrase)
	org := r.orgDraft()
	drafts := []bindings.SourceDraft{
		org,
		{Kind: "jira_cloud", Name: "Site", Color: "blue", Values: map[string]string{"site_url": siteURL, "email": site.Email, "api_token": site.Token}},
		{Kind: "jira_dc", Name: "Own", Color: "red", Values: map[string]string{"base_url": dcURL, "token": dc.Token}},
	}
	for _, d := range drafts {
		for _, field := range []string{"org_id", "api_key", "site_url", "email", "base_url", "my_account"} {
			if _, there := d.Values[field]; there {
				wrong := with(d, d.Name, "x")
				wrong.Values = map[string]string{}
				maps.Copy(wrong.Values, d.Values)
				wrong.Values[field] = "a" + turned + "@example.com"
				r.ask("Sources.Test", "", wrong)
				r.ask("Sources.FindOrganization", wrong)
			}
		}
		r.ask("Sources.Test", "", d)
		r.ask("Sources.FindOrganization", d)
		added, _ := r.ask("Sources.Add", d).(bindings.AddedSource)
		if added.Source == nil {
			t.Fatalf("%s: %+v", d.Kind, added.Test.Findings)
		}
		id := added.Source.ID
		eventually(t, "the sync to end", func() bool { return must(r.api.Sync.State(id))(t).State != "running" })
		if v := r.ask("Sync.State", id).(bindings.SyncView); v.State != "done" {
			t.Fatalf("%s: %+v %+v", d.Kind, v, v.Problem)
		}
		r.reads(id)
		r.mistakes(id)
		r.files(id)
		r.changes(id)
	}
	r.older()
	r.remaining(t, r.api)
	if len(r.called) < 80 || r.seen < 2000 {
		t.Errorf("%d bound methods were called and %d names were met", len(r.called), r.seen)
	}
	list := slices.Sorted(func(yield func(string) bool) {
		for s := range r.wrong {
			if !yield(s) {
				return
			}
		}
	})
	for _, s := range list {
		t.Error(s)
	}
	t.Logf("%d bound methods, %d names", len(r.called), r.seen)
}

// older starts the program again on a data folder of an earlier release, which took any name for a source, and whose
// keys soon end.
func (r *reader) older() {
	r.t.Helper()
	if err := r.backend.Close(r.t.Context()); err != nil {
		r.t.Fatal("close:", err)
	}
	st, err := store.Open(r.t.Context(), r.dataDir, slog.New(slog.DiscardHandler))
	if err != nil {
		r.t.Fatal(err)
	}
	sources, err := st.Records.Sources(r.t.Context())
	for _, src := range sources {
		src.Name += turned
		src.KeyExpires = time.Now().Add(24 * time.Hour)
		err = errors.Join(err, st.Records.SaveSource(r.t.Context(), src))
	}
	if err := errors.Join(err, st.Close()); err != nil || len(sources) != 3 {
		r.t.Fatal(len(sources), err)
	}
	r.open(r.t)
	r.ask("App.UnlockKeyFile", passphrase)
	warned := false
	for _, src := range sources {
		r.reads(src.ID)
		r.ask("Sync.State", src.ID)
		for _, it := range must(r.api.Overview.Attention(src.ID, 90))(r.t).Items {
			warned = warned || strings.Contains(it.Title, "U+202E")
		}
	}
	r.changes(sources[0].ID) // a run keeps the name of its source
	if !warned {
		r.t.Error("no warning has the source's name")
	}
}

// reads looks at everything there is of a source.
func (r *reader) reads(id string) {
	for _, method := range []string{
		"App.Info", "Sources.List", "Sources.Kinds", "Sources.Reminders", "People.Fields", "Onboarding.State", "Onboarding.Domains", "Overview.Days", "People.ExportFormats",
	} {
		r.ask(method)
	}
	for _, method := range []string{"Bulk.Actions", "Saved.List", "Lists.List", "Imports.List", "Overview.GoneApps", "People.SelectionCount"} {
		r.ask(method, id)
	}
	r.ask("Tasks.OfSource", id, "sync")
	r.ask("App.SetActiveSource", id)
	r.ask("Overview.Attention", id, 90)
	for _, tile := range r.ask("People.Overview", id, 30).([]bindings.AppTile) {
		r.ask("Overview.Trend", bindings.TrendQuery{SourceID: id, AppID: tile.AppID, Days: 30, Inactive: 30})
	}
	r.ask("Overview.Trend", bindings.TrendQuery{SourceID: id, Days: 30})
	groups := r.ask("Groups.List", bindings.GroupQuery{SourceID: id, Count: 200}).(bindings.GroupList)
	r.ask("Groups.Names", bindings.GroupQuery{SourceID: id})
	r.ask("People.Groups", id, "", 100)
	list := r.query(r.t, id, "")
	r.ask("People.Query", bindings.PeopleQuery{SourceID: id})
	for _, row := range r.ask("People.Rows", list.ID, 0, 100).([]bindings.PersonRow)[:12] {
		r.ask("People.Person", id, row.ID)
		r.ask("People.CheckAccess", id, row.ID)
	}
	for _, g := range groups.Groups[:min(5, len(groups.Groups))] {
		r.ask("People.Query", bindings.PeopleQuery{SourceID: id, Filter: g.Filter})
	}
}

// mistakes asks for what is not there, by names that mislead.
func (r *reader) mistakes(id string) {
	var filters []string
	for _, f := range r.ask("People.Fields").([]bindings.FilterField) {
		for _, form := range []string{`%s = "x%s"`, `%s("x%s") = yes`, `%s ~ "x%s"`, `%s = x%s`, `%s >= "x%s"`, `%s("x%s") < -90d`, `%s is "x%s"`} {
			filters = append(filters, fmt.Sprintf(form, f.Name, turned))
		}
	}
	filters = append(filters, turned, "x"+turned+" = 1", `status = "`+turned, "status "+turned+" active", `status = active ORDER BY "`+turned+`"`, "status = now("+turned+")", "status = "+turned+"(1)", "lastActive < "+turned+"()")
	for _, f := range filters {
		r.ask("People.Query", bindings.PeopleQuery{SourceID: id, Filter: f})
		r.ask("People.Parse", id, f)
		r.ask("People.Complete", id, f, len(f))
		r.ask("Saved.Save", id, bindings.SavedDraft{Name: "f", Filter: f})
	}
	for _, part := range []string{
		`{"kind":"x%s"}`, `{"kind":"condition","field":"x%s","op":"="}`, `{"kind":"condition","field":"status","op":"x%s"}`,
		`{"where":{"kind":"x%s"}}`, `{"where":{"kind":"condition","field":"x%s","op":"="}}`, `{"order":[{"field":"x%s"}]}`, `{"sort":[{"field":"x%s"}]}`, `x%s`,
	} {
		r.ask("People.Format", fmt.Sprintf(part, turned))
	}
	for _, bound := range r.api.List() { // an id of anything
		typ := reflect.TypeOf(bound)
		for m := range typ.Methods() {
			name := typ.Elem().Name() + "." + m.Name
			if m.Type.NumIn() == 1 || name == "App.EnterDemo" || name == "App.Quit" {
				continue
			}
			var args []any
			for i := 1; i < m.Type.NumIn(); i++ {
				v := reflect.New(m.Type.In(i)).Elem()
				fill(v)
				args = append(args, v.Interface())
			}
			r.ask(name, args...)
		}
	}
}

// fill sets every text in a value to a name that misleads.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x" + turned)
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(field)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key)
		fill(value)
		v.SetMapIndex(key, value)
	default:
	}
}

// files reads lists, exports and saved filters whose every cell misleads.
func (r *reader) files(id string) {
	row := must(r.api.People.Rows(r.query(r.t, id, "email is not empty").ID, 0, 1))(r.t)[0]
	r.file(r.t, "leavers"+turned+".csv", "Email"+turned+",Work email,Manager email\nx"+turned+","+turned+"@example.com,"+row.Email+"\n"+row.Email+",,\n\"x\n,,")
	r.ask("Lists.Choose", id)
	draft, _ := r.ask("Lists.Paste", id, row.Email+"\n"+turned+"\nx"+turned+"@example.com\n").(bindings.ListDraft)
	r.ask("Lists.Save", id, draft.ID, "list"+turned, false)
	r.ask("Lists.Save", id, draft.ID, "list", true)
	r.ask("Lists.List", id)
	r.file(r.t, "users"+turned+".csv", "User id,User name,email,User status,Added to org,Last seen in Jira - x"+turned+",Shoe"+turned+"\n"+
		row.AccountID+",x"+turned+","+row.Email+",Active"+turned+",x"+turned+",x"+turned+",1\n"+
		"x"+turned+",x"+turned+",x"+turned+",Active,1 Jan 2024,1 Jan 2024,1\n,,,,,,\n"+strings.Repeat("x"+turned+",", 9)+"\n")
	p, _ := r.ask("Imports.Choose", id).(bindings.ImportPreview)
	r.ask("Imports.Keep", p.ID)
	r.ask("Imports.List", id)
	r.file(r.t, turned+".csv", "x"+turned)
	r.ask("Imports.Choose", id)
	r.ask("Lists.Choose", id)
	r.ask("Sources.ChooseFile", "jira_dc", "ca_file")
	for _, text := range []string{"x" + turned, `{"format":"x` + turned + `"}`, `{"format":"seatkeeper-saved-filters","version":1,"filters":[{"name":"x` + turned + `","filter":"x"}]}`} {
		r.ask("Saved.Import", text)
	}
	r.ask("Saved.Save", id, bindings.SavedDraft{Name: "mine" + turned, Filter: "status = active"})
	r.window.save = filepath.Join(r.t.TempDir(), "no"+turned, "x"+turned+".csv")
	r.ask("Groups.Export", bindings.GroupQuery{SourceID: id}, "csv")
	r.window.save = filepath.Join(r.dataDir, "x"+turned+".csv")
	r.ask("Groups.Export", bindings.GroupQuery{SourceID: id}, "csv")
}

// changes previews every action, carries out what can be, and looks at the run in every way.
func (r *reader) changes(id string) {
	groups := must(r.api.Groups.List(bindings.GroupQuery{SourceID: id, Count: 200}))(r.t).Groups
	people := r.query(r.t, id, "status = active")
	for _, a := range must(r.api.Bulk.Actions(id))(r.t) {
		for _, params := range []map[string]string{r.params(a, groups, "new "+a.Kind), r.params(a, groups, "x"+turned), {"x" + turned: "x" + turned}} {
			must(0, r.api.People.ClearSelection(id))(r.t)
			r.ask("People.Select", bindings.SelectRequest{Snapshot: people.ID, Op: "add", From: 0, To: 6})
			req := bindings.PlanRequest{SourceID: id, Action: a.Kind, Params: params, Note: "why" + turned, Selection: "who" + turned}
			if a.Groups {
				req.Groups = []string{groups[0].GroupID, groups[len(groups)-1].GroupID}
			}
			plan, ok := r.ask("Bulk.Preview", req).(bindings.PlanView)
			if !ok || plan.ID == "" {
				continue
			}
			r.ask("Bulk.Plan", plan.ID)
			r.ask("Bulk.Changes", bindings.ChangeQuery{PlanID: plan.ID, Count: 100})
			r.ask("Bulk.Recheck", plan.ID)
			run, _ := r.ask("Bulk.Confirm", plan.ID, plan.Hash, fmt.Sprint(plan.Changes), "").(bindings.RunView)
			if run.ID == "" {
				continue
			}
			eventually(r.t, "the run of "+a.Kind+" to end", func() bool {
				state := must(r.api.Runs.Run(run.ID))(r.t).State
				return state == "done" || state == "paused" || state == "stopped"
			})
			r.ask("Runs.Run", run.ID)
			page := r.ask("Runs.Items", bindings.ItemQuery{RunID: run.ID, Count: 100}).(bindings.ItemPage)
			for _, it := range page.Items {
				r.ask("Runs.Item", run.ID, it.Seq)
			}
			undo, _ := r.ask("Bulk.PreviewUndo", run.ID).(bindings.PlanView)
			r.ask("Bulk.Changes", bindings.ChangeQuery{PlanID: undo.ID, Count: 100})
			r.ask("Bulk.Discard", undo.ID)
			r.ask("Bulk.PreviewRetry", run.ID)
		}
	}
	r.ask("Runs.List", bindings.RunQuery{Limit: 50})
}

// params fills in an action's form.
func (r *reader) params(a bindings.ActionView, groups []bindings.GroupRow, text string) map[string]string {
	params := map[string]string{}
	for _, f := range a.Params {
		switch f.Type {
		case "groups", "group":
			params[f.Name] = groups[0].GroupID
		case "lines": // not a new name: under this disguise a group that was made is looked for in vain for half a minute
			params[f.Name] = text + turned
		default:
			params[f.Name] = text
		}
		if len(f.Choices) > 0 {
			params[f.Name] = f.Choices[0].ID
		}
	}
	return params
}

// TestNoEscapesOfGo: %q writes for programmers. What a sentence shows between quotation marks goes through
// domain.Quote.
func TestNoEscapesOfGo(t *testing.T) {
	eachGoFile(t, func(pkg, path string) {
		if strings.HasSuffix(path, "_test.go") || pkg == "sim" || pkg == "source/sourcetest" || strings.HasPrefix(pkg, "cmd/") {
			return
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(string(text), "\n") {
			if strings.Contains(line, "%q") && !strings.Contains(line, "panic(") {
				t.Errorf("%s:%d: %s", path, i+1, strings.TrimSpace(line))
			}
		}
	})
}
