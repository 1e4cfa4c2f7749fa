package actions_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"golang.org/x/tools/txtar"

	"seatkeeper/backend/bulk"
	_ "seatkeeper/backend/bulk/actions"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/people/directory"
	_ "seatkeeper/backend/people/fields"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	_ "seatkeeper/backend/source/atlassianorg"
	"seatkeeper/backend/store"
)

var update = flag.Bool("update", false, "write what the scenarios give into their files")

// TestScenarios runs every file of testdata: what it sets up, asks for and breaks, and what then is planned, sent,
// recorded and undone. Every action has a file of its name.
func TestScenarios(t *testing.T) {
	told := map[string]bool{}
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := read(t, archive)
				told[s.action] = true
				s.play()
				s.compare(path, archive)
			})
		})
	}
	for _, a := range bulk.Actions.All() {
		if len(told) > 1 && !a.Hidden && !told[a.Kind] { // else a single one was asked for
			t.Errorf("%s has no scenario: write testdata/%s.txtar", a.Kind, strings.ReplaceAll(a.Kind, ".", "_"))
		}
	}
}

// scenario is one file and what came of it.
type scenario struct {
	t      *testing.T
	config sim.Config
	action string
	params map[string]string // as written: groups and apps by name
	who    string            // filter; for an action about groups the start of their names
	limit  int
	gives  []string // "NAME, APP, ROLE": roles that people are given first, without a group
	faults []sim.Fault

	world  *sim.World
	engine *bulk.Engine
	store  *store.Databases
	people *directory.Service
	names  *strings.Replacer // for the ids of people, groups, directories, apps
	out    map[string]*bytes.Buffer
}

const sourceID = "acme"

// read takes in the sections "setup", with one setting on each line, and "faults", with one fault in JSON on each line.
func read(t *testing.T, a *txtar.Archive) *scenario {
	s := &scenario{t: t, params: map[string]string{}, out: map[string]*bytes.Buffer{}, config: sim.Config{Seed: 1, People: 60}}
	for _, f := range a.Files {
		for line := range strings.Lines(string(f.Data)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), " ")
			switch {
			case key == "" || f.Name != "setup" && f.Name != "faults":
			case f.Name == "faults":
				var fault sim.Fault
				if err := json.Unmarshal([]byte(line), &fault); err != nil {
					t.Fatal(err)
				}
				s.faults = append(s.faults, fault)
			case strings.HasPrefix(key, "param."):
				s.params[strings.TrimPrefix(key, "param.")] = strings.ReplaceAll(value, `\n`, "\n")
			default:
				s.set(key, value)
			}
		}
	}
	return s
}

func (s *scenario) set(key, value string) {
	n, _ := strconv.Atoi(value)
	switch key {
	case "people":
		s.config.People = n
	case "sites":
		s.config.Sites = n
	case "seed":
		s.config.Seed = uint64(n)
	case "action":
		s.action = value
	case "who":
		s.who = value
	case "give":
		s.gives = append(s.gives, value)
	case "limit":
		s.limit = n
	default:
		s.t.Fatalf("there is no setting %q", key)
	}
}

// play plans, runs and undoes.
func (s *scenario) play() {
	s.open()
	defer s.close()
	before := s.truth()
	plan := s.plan()
	s.print("plan", plan)
	seq := s.seq()
	for _, f := range s.faults {
		s.world.AddFault(f)
	}
	run := s.run(plan)
	s.world.SetFaults()
	s.requests("requests", seq)
	s.results("results", run)

	seq = s.seq()
	undo, err := s.engine.PlanUndo(context.Background(), run.ID)
	if err != nil {
		s.linef("undo", "not possible: %s", domain.AsError(err).Message)
		return
	}
	s.print("undo", undo)
	if undo.Blocked() {
		return
	}
	run = s.run(undo)
	s.requests("undo", seq)
	s.results("undo", run)
	if after := s.truth(); after == before {
		s.linef("undo", "In the end everything is as it was.")
	} else {
		s.linef("undo", "In the end it is not as it was:\n%s", differing(before, after))
	}
}

func (s *scenario) open() {
	s.t.Helper()
	s.world = sim.New(s.config)
	org, key := s.world.Organization()
	kind, _ := source.Kinds.Get(string(domain.KindAtlassianOrg))
	src, err := kind.Open(source.Config{
		Source:  domain.Source{ID: sourceID, Kind: kind.Kind, Settings: map[string]string{"org_id": org}},
		Network: source.Network{Transport: s.world.Transport()},
		Secrets: map[string]domain.Secret{"api_key": domain.NewSecret(key)},
	})
	s.must(err)
	s.store, err = store.Open(context.Background(), s.t.TempDir(), slog.New(slog.DiscardHandler))
	s.must(err)
	listed := domain.Source{ID: sourceID, Kind: kind.Kind, Name: "Acme", OperatorID: s.world.Operator(), KeyOwnerID: s.world.KeyOwner()}
	s.must(s.store.Records.SaveSource(context.Background(), listed))
	open := func(context.Context, string) (source.Source, error) { return src, nil }
	sync := mirror.New(mirror.Options{Store: s.store.Mirror, Open: open})
	s.people = directory.New(directory.Options{Store: s.store.Mirror})
	s.engine = bulk.New(bulk.Options{
		Store: s.store.Records, People: s.store.Mirror, Open: open, Refresh: sync.Refresh, RefreshGroups: sync.RefreshGroups, Operator: "tester", InFlight: 1,
		Source: func(context.Context, string) (domain.Source, error) { return listed, nil },
	})
	s.t.Cleanup(func() { sync.Close(); src.Close(); s.must(s.store.Close()) })
	s.sync(sync)
	if len(s.gives) > 0 {
		s.give(src.(source.AccessEditor))
		s.sync(sync)
	}
	s.nameIDs()
}

func (s *scenario) sync(m *mirror.Engine) {
	s.t.Helper()
	_, err := m.Start(context.Background(), sourceID)
	s.must(err)
	done, err := m.Wait(context.Background(), sourceID)
	s.must(err)
	if done.State != domain.SyncDone {
		s.t.Fatalf("sync: %+v", done)
	}
}

func (s *scenario) give(to source.AccessEditor) {
	s.t.Helper()
	apps := s.apps()
	for _, line := range s.gives {
		part := form.List(line)
		app := s.idsOf(part[1], len(apps), func(i int) (string, string) { return apps[i].Label(), apps[i].AppID })
		s.must(s.store.Mirror.EachUser(context.Background(), sourceID, func(u domain.User) error {
			if u.Name != part[0] {
				return nil
			}
			_, err := to.AssignRole(context.Background(), u.AccountID, app, part[2])
			return err
		}))
	}
}

func (s *scenario) close() { s.engine.Close(); s.people.Close() }

// nameIDs makes the replacer that puts names into paths.
func (s *scenario) nameIDs() {
	ctx := context.Background()
	var pairs []string
	s.must(s.store.Mirror.EachUser(ctx, sourceID, func(u domain.User) error {
		pairs = append(pairs, u.AccountID, "<"+u.Name+">")
		return nil
	}))
	groups, err := s.store.Mirror.Groups(ctx, sourceID)
	s.must(err)
	for _, g := range groups {
		pairs = append(pairs, g.GroupID, "<"+g.Name+">")
	}
	for _, a := range s.apps() {
		pairs = append(pairs, a.AppID, "<"+a.Label()+">")
	}
	directories, err := s.store.Mirror.Directories(ctx, sourceID)
	s.must(err)
	for _, d := range directories {
		pairs = append(pairs, d.DirectoryID, "<directory>")
	}
	org, _ := s.world.Organization()
	s.names = strings.NewReplacer(append(pairs, org, "<org>")...)
}

func (s *scenario) apps() []domain.App {
	apps, err := s.store.Mirror.Apps(context.Background(), sourceID)
	s.must(err)
	return apps
}

func (s *scenario) plan() domain.Plan {
	ctx := context.Background()
	action, ok := bulk.ActionOf(s.action)
	if !ok {
		s.t.Fatalf("there is no action %q", s.action)
	}
	ask := bulk.Request{SourceID: sourceID, Action: s.action, Params: map[string]string{}, Note: "scenario", Selection: s.who}
	groups, err := s.store.Mirror.Groups(ctx, sourceID)
	s.must(err)
	for _, f := range action.Params {
		value := s.params[f.Name]
		if f.Type == form.Groups {
			value = s.idsOf(value, len(groups), func(i int) (string, string) { return groups[i].Name, groups[i].GroupID })
		}
		if f.Type == form.Apps {
			apps := s.apps()
			value = s.idsOf(value, len(apps), func(i int) (string, string) { return apps[i].Label(), apps[i].AppID })
		}
		if value != "" {
			ask.Params[f.Name] = value
		}
	}
	if action.Subject.Noun() == "group" {
		for _, g := range groups {
			if s.who != "" && strings.HasPrefix(g.Name, s.who) {
				ask.Groups = append(ask.Groups, g.GroupID)
			}
		}
	} else {
		ask.Users = s.chosen()
	}
	p, err := s.engine.Plan(ctx, ask)
	s.must(err)
	return p
}

// idsOf turns names, separated by commas, into ids.
func (s *scenario) idsOf(value string, n int, at func(i int) (name, id string)) string {
	var ids []string
	for _, name := range form.List(value) {
		found := ""
		var all []string
		for i := range n {
			is, id := at(i)
			if all = append(all, is); is == name {
				found = id
			}
		}
		if found == "" {
			s.t.Fatalf("nothing is called %q: there are %q", name, all)
		}
		ids = append(ids, found)
	}
	return strings.Join(ids, ",")
}

// chosen gives the people of the filter, by name, as the window would hand them on.
func (s *scenario) chosen() []domain.User {
	list, err := s.people.Query(context.Background(), directory.Query{SourceID: sourceID, Filter: s.who})
	s.must(err)
	limit := list.Total
	if s.limit > 0 {
		limit = min(limit, s.limit)
	}
	_, err = s.people.Select(context.Background(), directory.Selection{SnapshotID: list.ID, Op: directory.SelectOnly, From: 0, To: limit})
	s.must(err)
	users, err := s.people.SelectedUsers(context.Background(), sourceID)
	s.must(err)
	return users
}

func (s *scenario) run(p domain.Plan) domain.Run {
	s.t.Helper()
	ctx := context.Background()
	var r domain.Run
	var err error
	if words := p.RaiseWords(); words != "" {
		r, err = s.engine.Raise(ctx, p.ID, p.Hash, words, "it is meant", domain.Secret{})
	} else {
		r, err = s.engine.Confirm(ctx, p.ID, p.Hash, fmt.Sprint(p.Counts[domain.VerdictChange]), domain.Secret{})
	}
	s.must(err)
	r, err = s.engine.Wait(ctx, r.ID)
	s.must(err)
	return r
}

// print writes a plan: its sentence, what the guard says, and what becomes of whom.
func (s *scenario) print(section string, p domain.Plan) {
	s.linef(section, "%s", bulk.Sentence(p, "Acme"))
	for _, f := range p.Findings {
		s.linef(section, "%s %s: %s", f.Level, f.Rule, f.Message)
	}
	changes, _, err := s.engine.Changes(context.Background(), p.ID, domain.ChangeQuery{Count: 1000})
	s.must(err)
	for _, c := range changes {
		step := ""
		if strings.Contains(p.Action, "+") {
			step = fmt.Sprintf("step %d: ", c.Step+1)
		}
		s.linef(section, "%s%s %s: %s", step, c.Verdict, about(c.Target), cmp.Or(c.Reason, c.Action))
		for _, d := range c.Diffs {
			s.linef(section, "    %s: %s -> %s", d.Field, cmp.Or(d.Before, "nothing"), d.After)
		}
	}
}

func about(t domain.Target) string {
	said := t.Name
	if t.GroupName != "" && t.AccountID != "" {
		said += " in " + t.GroupName
	}
	if t.Role != "" {
		said += ", " + t.Role + " on " + t.AppName
	}
	return said
}

func (s *scenario) seq() uint64 {
	all := s.world.Journal()
	return all[len(all)-1].Seq
}

// requests writes the changing requests since an entry of the simulator's journal.
func (s *scenario) requests(section string, seq uint64) {
	for _, e := range s.world.JournalSince(seq) {
		if e.Method == http.MethodGet || strings.HasSuffix(e.Path, "/search") || strings.HasSuffix(e.Path, "/workspaces") || strings.HasSuffix(e.Path, "/count") {
			continue
		}
		fault := ""
		if e.Fault != "" {
			fault = " (" + e.Fault + ")"
		}
		s.linef(section, "%s %s %d%s", e.Method, s.names.Replace(strings.ReplaceAll(e.Path, "%3A", ":")), e.Status, fault)
	}
}

func (s *scenario) results(section string, r domain.Run) {
	s.linef(section, "run %s", r.State)
	s.must(s.store.Records.EachItem(context.Background(), r.ID, func(it domain.Item) error {
		if it.Change.Verdict == domain.VerdictChange {
			s.linef(section, "%s by %s: %s%s", it.State, it.Evidence, about(it.Change.Target), sentence(it.Reason))
		}
		return nil
	}))
}

func sentence(reason string) string {
	if reason == "" {
		return ""
	}
	return ": " + reason
}

// truth is the whole world as text, one line for each person and group; groups without their ids, because one that is
// made again has another.
func (s *scenario) truth() string {
	name := map[string]string{}
	var lines []string
	for _, g := range s.world.Groups() {
		name[g.ID] = g.Name
		lines = append(lines, fmt.Sprintf("group %s: %d members", g.Name, g.Members))
	}
	s.must(s.store.Mirror.EachUser(context.Background(), sourceID, func(u domain.User) error {
		p, _ := s.world.State(u.AccountID)
		for i, id := range p.Groups {
			p.Groups[i] = name[id]
		}
		slices.Sort(p.Groups)
		slices.Sort(p.Apps)
		slices.Sort(p.Direct)
		text, err := json.Marshal(p)
		lines = append(lines, u.Name+" "+string(text))
		return err
	}))
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// differing gives the lines of after that before does not have.
func differing(before, after string) string {
	was := strings.Split(before, "\n")
	return strings.Join(slices.DeleteFunc(strings.Split(after, "\n"), func(l string) bool { return slices.Contains(was, l) }), "\n")
}

func (s *scenario) linef(section, format string, args ...any) {
	if s.out[section] == nil {
		s.out[section] = &bytes.Buffer{}
	}
	s.out[section].WriteString(domain.Visible(fmt.Sprintf(format, args...)) + "\n")
}

// compare holds what came of it against the file, or writes it there.
func (s *scenario) compare(path string, a *txtar.Archive) {
	got := &txtar.Archive{Comment: a.Comment}
	for _, f := range a.Files {
		if f.Name == "setup" || f.Name == "faults" {
			got.Files = append(got.Files, f)
		}
	}
	for _, section := range []string{"plan", "requests", "results", "undo"} {
		if out := s.out[section]; out != nil {
			got.Files = append(got.Files, txtar.File{Name: section, Data: out.Bytes()})
		}
	}
	if *update {
		s.must(os.WriteFile(path, txtar.Format(got), 0o600))
		return
	}
	for _, f := range got.Files {
		at := slices.IndexFunc(a.Files, func(want txtar.File) bool { return want.Name == f.Name })
		if at < 0 || string(a.Files[at].Data) != string(f.Data) {
			s.t.Errorf("%s, section %s: got (run with -update to take it)\n%s", path, f.Name, f.Data)
		}
	}
}

func (s *scenario) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}
