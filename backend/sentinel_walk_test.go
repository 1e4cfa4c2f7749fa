package backend_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/sim"
)

// parrot stands between Seatkeeper and the simulated Atlassian and, when told to, answers with the credential that it was shown.
type parrot struct {
	*httptest.Server
	say atomic.Pointer[echo]
}

// echo is one way of answering with the credential. only, when set, picks the requests that are answered so.
type echo struct {
	name string
	only func(r *http.Request) bool
	say  func(w http.ResponseWriter, credential string)
}

func newParrot(t *testing.T, behind string) *parrot {
	t.Helper()
	target, err := url.Parse(behind)
	if err != nil {
		t.Fatal(err)
	}
	pass := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: target.Scheme, Host: target.Host})
	p := &parrot{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, credential, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if e := p.say.Load(); e != nil && credential != "" && (e.only == nil || e.only(r)) {
			e.say(w, credential)
			return
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

// instead gives an address of the simulator as one of the parrot.
func (p *parrot) instead(address string) string {
	u, _ := url.Parse(address)
	return p.URL + u.Path
}

// echoes are answers of many statuses and forms that hold the credential.
func echoes() []echo {
	forms := map[string]func(c string) string{
		"admin": func(c string) string {
			return `{"errors":[{"code":"ADMIN-X","title":"No","detail":"Authorization: Bearer ` + c + `"}]}`
		},
		"jira": func(c string) string {
			return `{"errorMessages":["The token ` + c + ` is not known"],"errors":{"` + c + `":"` + c + `"}}`
		},
		"key": func(c string) string {
			return `{"key":"` + c + `","message":"` + c + `","context":{"` + c + `":{"reason":{"key":"` + c + `"}}}}`
		},
		"escape": func(c string) string { return `{"message":"` + strings.ReplaceAll(c, "=", `\u003d`) + `"}` },
		"cut":    func(c string) string { return `{"message":"` + strings.Repeat(c, 3000/len(c)) },
		"text":   func(c string) string { return c },
		"page":   func(c string) string { return "<html><title>" + c + "</title>" + c + "</html>" },
	}
	var list []echo
	for form, body := range forms {
		for _, status := range []int{200, 400, 401, 402, 403, 404, 405, 407, 409, 410, 415} {
			list = append(list, echo{name: fmt.Sprintf("%d %s", status, form), say: func(w http.ResponseWriter, c string) {
				h := w.Header()
				h.Set("Content-Type", "application/json")
				for _, name := range []string{"X-Request-Id", "Atl-Traceid", "WWW-Authenticate", "X-Failure-Category", "Set-Cookie", "Retry-After"} {
					h.Set(name, c)
				}
				w.WriteHeader(status)
				_, _ = w.Write([]byte(body(c)))
			}})
		}
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		list = append(list, echo{name: fmt.Sprintf("%d to a host named so", status), say: func(w http.ResponseWriter, c string) {
			w.Header().Set("Location", "https://"+strings.Trim(c[:min(40, len(c))], "=-_")+".example/"+c+"?k="+c)
			w.WriteHeader(status)
		}})
	}
	return append(list, echo{name: "no HTTP", say: func(w http.ResponseWriter, c string) {
		if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
			_, _ = conn.Write([]byte(c + " " + c + "\r\n\r\n"))
			_ = conn.Close()
		}
	}})
}

// onlyChanges picks the requests that change something.
func onlyChanges(r *http.Request) bool {
	return r.Method != http.MethodGet && !strings.Contains(r.URL.Path, "search")
}

// sentinels is a program whose every credential is known, with everything that it says.
type sentinels struct {
	*program
	*spy
	parrot  map[string]*parrot // by kind
	secrets map[string]string
	dir     string
}

// startSentinels begins in a folder of its own, temporary files included.
func startSentinels(t *testing.T, dir string) *sentinels {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
	for _, name := range []string{"tmp", "home", "exports"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("TMPDIR", filepath.Join(dir, "tmp"))
	t.Setenv("HOME", filepath.Join(dir, "home"))
	world := sim.New(sim.Config{People: 60, Sites: 2, DataCenters: 1, Seed: 7})
	listing, err := world.Serve(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := &sentinels{spy: newSpy(), dir: dir, parrot: map[string]*parrot{
		"atlassian_org": newParrot(t, listing.API), "jira_cloud": newParrot(t, listing.Sites[0].URL), "jira_dc": newParrot(t, listing.DataCenters[0].URL),
	}}
	s.secrets = map[string]string{
		"organization's key": listing.Organization.APIKey, "site's token": listing.Sites[0].Token, "Data Center token": listing.DataCenters[0].Token,
		"passphrase": `pâss "phrase" of <seven> horses = 5F3A`, "wrong passphrase": "wrong passphrase of nobody",
		"wrong key": "ATCTT3xFfGN0WrOnGwRoNgWrOnG-kEy_1=00000000", "next key": world.AddKey(sim.KeyOptions{}),
		"key for changes": world.AddKey(sim.KeyOptions{}),
	}
	listing.API = s.parrot["atlassian_org"].URL
	s.program = &program{
		world: world, listing: listing, window: &window{}, dataDir: filepath.Join(dir, "data"), logFile: filepath.Join(dir, "log"), onEvent: s.event,
	}
	s.open(t)
	return s
}

// do calls a bound method that must work.
func (s *sentinels) do(t *testing.T, method string, args ...any) any {
	t.Helper()
	out, err := s.call(t, s.api, method, args...)
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	return out
}

// try calls a bound method that may refuse.
func (s *sentinels) try(t *testing.T, method string, args ...any) any {
	t.Helper()
	out, _ := s.call(t, s.api, method, args...)
	return out
}

// drafts are the three kinds of source, each field for a secret filled in.
func (s *sentinels) drafts(t *testing.T) map[string]bindings.SourceDraft {
	t.Helper()
	site := s.listing.Sites[0]
	drafts := map[string]bindings.SourceDraft{
		"atlassian_org": s.orgDraft(),
		"jira_cloud": {Kind: "jira_cloud", Name: "Site", Values: map[string]string{
			"site_url": s.parrot["jira_cloud"].instead(site.URL), "email": site.Email, "api_token": site.Token,
		}},
		"jira_dc": {Kind: "jira_dc", Name: "Own Jira", Values: map[string]string{
			"base_url": s.parrot["jira_dc"].instead(s.listing.DataCenters[0].URL), "token": s.listing.DataCenters[0].Token,
		}},
	}
	for _, kind := range s.do(t, "Sources.Kinds").([]bindings.SourceKindView) {
		for _, f := range kind.Fields {
			if d := drafts[kind.Kind]; f.Type == "password" && d.Values[f.Name] == "" {
				d.Values[f.Name] = s.world.AddKey(sim.KeyOptions{}) // a second key of the same organization
				s.secrets[kind.Kind+" "+f.Name] = d.Values[f.Name]
			}
		}
	}
	return drafts
}

// with is a draft with its secrets replaced.
func with(d bindings.SourceDraft, name, secret string) bindings.SourceDraft {
	out := d
	out.Name, out.Values = name, maps.Clone(d.Values)
	for _, field := range []string{"api_key", "api_token", "token"} {
		if _, there := out.Values[field]; there {
			out.Values[field] = secret
		}
	}
	return out
}

// TestSecretsStayInTheKeyring walks through the whole program with three kinds of source, hostile servers, a keyring that vanishes and a
// panic, and then searches everything that was written, answered, published or logged for every credential that was typed.
func TestSecretsStayInTheKeyring(t *testing.T) {
	s := startSentinels(t, t.TempDir())
	scenarios := s.walk(t)

	h := newHunt(s.secrets)
	n, found := h.files(t, s.dir)
	found = append(found, s.found(h)...)
	slices.Sort(found)
	for _, f := range slices.Compact(found) {
		t.Error(f)
	}
	if n < 12 {
		t.Errorf("only %d files were searched", n)
	}
	t.Logf("%d secrets in %d encodings, %d needles; %d scenarios, %d bound methods, %d files", len(s.secrets), len(encodings), len(h.needles), scenarios, len(s.called), n)
}

// walk is everything that is done with keys, and everything else once.
func (s *sentinels) walk(t *testing.T) (scenarios int) {
	t.Helper()
	s.try(t, "App.UnlockKeyFile", "short")
	s.do(t, "App.UnlockKeyFile", s.secrets["passphrase"])
	s.try(t, "App.UnlockKeyFile", s.secrets["wrong passphrase"])
	s.do(t, "App.UnlockKeyFile", s.secrets["passphrase"])
	drafts := s.drafts(t)
	scenarios += 4
	for kind, d := range drafts {
		for _, e := range echoes() {
			s.parrot[kind].say.Store(&e)
			s.try(t, "Sources.Test", "", d)
			scenarios++
		}
		s.parrot[kind].say.Store(nil)
		scenarios += s.mistakes(t, d)
	}
	ids := map[string]string{}
	for kind, d := range drafts {
		s.try(t, "Sources.Add", with(d, "Wrong", s.secrets["wrong key"]))
		added := s.do(t, "Sources.Add", d).(bindings.AddedSource)
		if added.Source == nil {
			t.Fatalf("%s: %+v", kind, added.Test.Findings)
		}
		ids[kind] = added.Source.ID
		s.waitSync(t, added.Source.ID)
		scenarios += 2
	}
	scenarios += s.reads(t, ids["atlassian_org"])
	scenarios += s.changeKey(t, ids["atlassian_org"])
	for kind, id := range ids {
		scenarios += s.runs(t, kind, id)
		scenarios += s.badSyncs(t, kind, id)
	}
	scenarios += s.replaceAndRemove(t, ids, drafts)
	return scenarios + s.rest(t)
}

// mistakes are keys in the wrong place.
func (s *sentinels) mistakes(t *testing.T, d bindings.SourceDraft) int {
	t.Helper()
	key := s.secrets["wrong key"]
	n := 0
	for _, field := range []string{"site_url", "base_url"} {
		if _, there := d.Values[field]; !there {
			continue
		}
		for _, address := range []string{"https://user:" + key + "@acme.atlassian.net", "https://acme.atlassian.net/?token=" + key, "http://127.0.0.1:1", "https://" + key} {
			wrong := with(d, "Mistake", key)
			wrong.Values[field] = address
			s.try(t, "Sources.Test", "", wrong)
			s.try(t, "Sources.FindOrganization", wrong)
			s.try(t, "Onboarding.CheckSite", address)
			n += 3
		}
	}
	wrong := with(d, "Mistake", key+" "+key)
	wrong.Values["no_such_field"] = key
	s.try(t, "Sources.Test", "", wrong)
	s.try(t, "Sources.FindOrganization", with(d, "Wrong", key))
	s.try(t, "Sources.FindOrganization", d)
	s.try(t, "Sources.Test", "", with(d, "Long", strings.Repeat(key, 80)))
	bad := d
	bad.KeyExpires = key
	s.try(t, "Sources.Test", "", bad)
	return n + 5
}

// changeKey gives an organization a second key, once stored and then asked for at each run, over servers that answer with it.
func (s *sentinels) changeKey(t *testing.T, id string) (n int) {
	t.Helper()
	key := s.secrets["key for changes"]
	s.try(t, "Sources.SetChangeKey", id, bindings.ChangeKeyDraft{Key: s.secrets["wrong key"]})
	for _, e := range echoes() {
		s.parrot["atlassian_org"].say.Store(&e)
		s.try(t, "Sources.TestChangeKey", id, bindings.ChangeKeyDraft{Key: key})
		n++
	}
	s.parrot["atlassian_org"].say.Store(nil)
	s.do(t, "Sources.SetChangeKey", id, bindings.ChangeKeyDraft{Key: key})
	s.do(t, "Sources.TestKey", id, "changes")
	s.do(t, "Sources.RemoveChangeKey", id)
	s.do(t, "Sources.SetChangeKey", id, bindings.ChangeKeyDraft{Key: key, Ask: true})
	return n + 5
}

// reads asks for everything that can be looked at, and exports it.
func (s *sentinels) reads(t *testing.T, id string) int {
	t.Helper()
	n := len(s.called)
	for _, m := range []string{"App.Info", "Sources.List", "Sources.Reminders", "Onboarding.State", "Onboarding.Domains", "People.ExportFormats", "People.Fields", "App.RetryKeyring"} {
		s.do(t, m)
	}
	list := s.query(t, id, "status = active")
	s.do(t, "People.Query", bindings.PeopleQuery{SourceID: id, Filter: "status = active"})
	rows := s.do(t, "People.Rows", list.ID, 0, 5).([]bindings.PersonRow)
	s.do(t, "People.Person", id, rows[0].ID)
	s.do(t, "People.CheckAccess", id, rows[0].ID)
	s.try(t, "People.Drift", list.ID)
	s.do(t, "People.Select", bindings.SelectRequest{Snapshot: list.ID, Op: "add", From: 0, To: 2})
	s.do(t, "People.SelectionCount", id)
	s.do(t, "People.ClearSelection", id)
	s.try(t, "People.Overview", id, 30)
	s.try(t, "People.Groups", id, "", 10)
	s.try(t, "People.Complete", id, "sta", 3)
	s.try(t, "People.Parse", id, "status = active")
	s.try(t, "People.Format", `{}`)
	s.try(t, "Groups.List", bindings.GroupQuery{SourceID: id, Count: 10})
	s.do(t, "App.SetActiveSource", id)
	task, _ := s.do(t, "Tasks.OfSource", id, "sync").(bindings.TaskView)
	s.do(t, "Tasks.Runs", task.ID, int64(0), 10)
	s.try(t, "Tasks.Set", bindings.TaskView{ID: task.ID})
	s.do(t, "Sync.State", id)
	for _, f := range s.do(t, "People.ExportFormats").([]bindings.ExportFormat) {
		s.window.save = filepath.Join(s.dir, "exports", "people."+f.Name)
		s.try(t, "People.Export", bindings.ExportRequest{ID: "e", SourceID: id, Snapshot: list.ID, Format: f.Name})
	}
	s.try(t, "People.CancelExport", "e")
	kept, _ := s.do(t, "Saved.Save", id, bindings.SavedDraft{Name: "Active", Filter: "status = active"}).(bindings.SavedFilter)
	s.do(t, "Saved.List", id)
	s.window.save = filepath.Join(s.dir, "exports", "saved.json")
	s.try(t, "Saved.Export", []string{kept.ID})
	s.try(t, "Saved.Import", "{}")
	s.try(t, "Saved.Delete", kept.ID)
	s.try(t, "Saved.Restore", kept.ID)
	return len(s.called) - n
}

// runs makes changes while the server answers each of them with the credential, settles, undoes and exports.
func (s *sentinels) runs(t *testing.T, kind, id string) (n int) {
	t.Helper()
	list := s.query(t, id, "status = active")
	s.do(t, "Bulk.Actions", id)
	var run bindings.RunView
	for _, e := range echoes() {
		if !slices.Contains([]string{"403 admin", "409 escape", "404 cut", "200 text", "no HTTP"}, e.name) {
			continue // refusals, and answers that leave open what happened
		}
		n++
		e.only = onlyChanges
		s.do(t, "People.ClearSelection", id)
		s.do(t, "People.Select", bindings.SelectRequest{Snapshot: list.ID, Op: "add", From: 3 * n, To: 3*n + 2})
		plan, _ := s.try(t, "Bulk.Preview", bindings.PlanRequest{SourceID: id, Action: "user.suspend", Selection: "2 people"}).(bindings.PlanView)
		if plan.ID == "" || plan.Blocked || plan.Changes == 0 {
			continue
		}
		s.do(t, "Bulk.Plan", plan.ID)
		s.try(t, "Bulk.Confirm", plan.ID, "another hash", "", s.secrets["wrong key"])
		s.do(t, "Bulk.Changes", bindings.ChangeQuery{PlanID: plan.ID, Count: 10})
		s.parrot[kind].say.Store(&e)
		key := ""
		if kind == "atlassian_org" {
			key = s.secrets["key for changes"] // asked for at each run
		}
		confirmed, _ := s.try(t, "Bulk.Confirm", plan.ID, plan.Hash, "", key).(bindings.RunView)
		if confirmed.ID == "" {
			continue
		}
		run = confirmed
		eventually(t, "the first answer", func() bool { return s.do(t, "Runs.Item", run.ID, 1).(bindings.ItemDetails).Called })
		s.try(t, "Bulk.Pause", run.ID)
		s.parrot[kind].say.Store(nil)
		s.look(t, run)
	}
	if run.ID == "" && kind != "jira_cloud" {
		t.Fatalf("%s: no run was made", kind)
	}
	s.try(t, "Bulk.Resume", run.ID, "")
	s.try(t, "Bulk.Stop", run.ID)
	s.try(t, "Bulk.PreviewRetry", run.ID)
	undo, _ := s.try(t, "Bulk.PreviewUndo", run.ID).(bindings.PlanView)
	s.try(t, "Bulk.Discard", undo.ID)
	return n + 5
}

// look reads a run with all its items and exports it.
func (s *sentinels) look(t *testing.T, run bindings.RunView) {
	t.Helper()
	s.do(t, "Runs.List", bindings.RunQuery{Limit: 20})
	page := s.do(t, "Runs.Items", bindings.ItemQuery{RunID: run.ID, Count: 10}).(bindings.ItemPage)
	for _, item := range page.Items {
		s.do(t, "Runs.Item", run.ID, item.Seq)
	}
	for _, format := range []string{"json", "csv"} {
		s.window.save = filepath.Join(s.dir, "exports", run.ID+"."+format)
		s.do(t, "Runs.Export", run.ID, format)
	}
	s.try(t, "Bulk.Stop", run.ID)
}

// badSyncs syncs while the server refuses with the credential.
func (s *sentinels) badSyncs(t *testing.T, kind, id string) (n int) {
	t.Helper()
	for _, e := range echoes() {
		if !strings.HasPrefix(e.name, "403") && !strings.HasPrefix(e.name, "200") && !strings.Contains(e.name, "host named") {
			continue
		}
		s.parrot[kind].say.Store(&e)
		s.try(t, "Sync.Start", id)
		eventually(t, "the sync to end", func() bool { return s.do(t, "Sync.State", id).(bindings.SyncView).State != "running" })
		n++
	}
	s.parrot[kind].say.Store(nil)
	s.try(t, "Sync.Start", id)
	s.try(t, "Sync.Cancel", id)
	return n + 2
}

// replaceAndRemove changes keys while everything works, while the server answers with them, and while the key file is gone.
func (s *sentinels) replaceAndRemove(t *testing.T, ids map[string]string, drafts map[string]bindings.SourceDraft) (n int) {
	t.Helper()
	for kind, id := range ids {
		d := drafts[kind]
		s.try(t, "Sources.Update", id, with(d, d.Name, s.secrets["wrong key"]))
		s.try(t, "Sources.Test", id, with(d, d.Name, ""))
		for _, e := range echoes()[:12] {
			s.parrot[kind].say.Store(&e)
			s.try(t, "Sources.Update", id, d)
			n++
		}
		s.parrot[kind].say.Store(nil)
		n += 2
	}
	org := ids["atlassian_org"]
	s.do(t, "Sources.Update", org, with(drafts["atlassian_org"], "Acme", s.secrets["next key"]))
	s.do(t, "Sources.Rename", org, "Acme & Sons", "red")
	s.do(t, "Sources.SetPaused", org, true)
	s.do(t, "Sources.SetPaused", org, false)

	file := filepath.Join(s.dataDir, "keys.enc")
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range []func() error{
		func() error { return nil },
		func() error { return os.Mkdir(file, 0o700) },
		func() error { return os.WriteFile(file, content[:len(content)/2], 0o600) },
	} {
		if err := errors.Join(os.RemoveAll(file), broken()); err != nil {
			t.Fatal(err)
		}
		s.do(t, "App.Info")
		s.try(t, "Sources.Update", org, drafts["atlassian_org"])
		s.try(t, "Sources.Add", with(drafts["atlassian_org"], "Second", s.secrets["organization's key"]))
		s.try(t, "Sync.Start", org)
		s.try(t, "App.UnlockKeyFile", s.secrets["passphrase"])
		s.try(t, "Sources.Remove", org)
		n += 5
	}
	if err := errors.Join(os.RemoveAll(file), os.WriteFile(file, content, 0o600)); err != nil {
		t.Fatal(err)
	}
	s.do(t, "App.UnlockKeyFile", s.secrets["passphrase"])
	for _, id := range ids {
		s.try(t, "Sync.Cancel", id)
		s.try(t, "Sources.Remove", id)
		n++
	}
	return n + 5
}

// rest is what has nothing to do with keys, and a panic.
func (s *sentinels) rest(t *testing.T) int {
	t.Helper()
	s.try(t, "Runs.Delete", []string{"none"})
	s.do(t, "App.SetTheme", "dark")
	s.try(t, "Onboarding.Skip", "site")
	s.try(t, "Onboarding.Look", "domains")
	s.try(t, "Onboarding.Finish")
	s.try(t, "Onboarding.Welcomed")
	s.do(t, "App.EnterDemo", 20)
	s.do(t, "Sources.List")
	s.do(t, "App.LeaveDemo")
	s.try(t, "App.ReportError", "an error of the page", "at x.js:1")
	s.window.open = func(string) { panic("the browser is broken") }
	s.try(t, "App.OpenLink", "https://support.atlassian.com")
	s.remaining(t, s.api) // also what is added later
	return 12
}

// TestACrashTellsNoSecret crashes a copy of this test in the middle of a sync, and searches what it leaves: the crash's own words, temporary
// files, and what every program of the same user can see of a process.
func TestACrashTellsNoSecret(t *testing.T) {
	if dir := os.Getenv("SEATKEEPER_TEST_CRASH"); dir != "" {
		crash(t, dir)
	}
	dir := t.TempDir()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestACrashTellsNoSecret$")
	cmd.Env = append(os.Environ(), "SEATKEEPER_TEST_CRASH="+dir, "GOTRACEBACK=system")
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "panic: planted") {
		t.Fatalf("it did not crash: %v\n%s", err, out)
	}
	secrets := map[string]string{}
	list := filepath.Join(dir, "secrets.json")
	text, err := os.ReadFile(list)
	if err != nil || json.Unmarshal(text, &secrets) != nil || len(secrets) < 5 {
		t.Fatalf("the list of secrets: %v", err)
	}
	if err := os.Remove(list); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "said"), out, 0o600); err != nil {
		t.Fatal(err)
	}
	n, found := newHunt(secrets).files(t, dir)
	for _, f := range found {
		t.Error(f)
	}
	if n < 6 {
		t.Errorf("only %d files were searched", n)
	}
}

func crash(t *testing.T, dir string) {
	t.Helper()
	s := startSentinels(t, dir)
	s.do(t, "App.UnlockKeyFile", s.secrets["passphrase"])
	for _, d := range s.drafts(t) {
		s.do(t, "Sources.Add", d)
	}
	text, err := json.Marshal(s.secrets)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secrets.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"cmdline", "environ"} {
		if seen, err := os.ReadFile("/proc/self/" + name); err == nil {
			if err := os.WriteFile(filepath.Join(dir, name), seen, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	debug.SetTraceback("system")
	done := make(chan struct{})
	go func() { panic("planted") }()
	<-done
}
