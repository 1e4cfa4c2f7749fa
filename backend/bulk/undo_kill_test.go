package bulk_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/store"
	"seatkeeper/backend/store/mirrordb"
	"seatkeeper/backend/store/records"
)

// errDead is what a program hears that no longer exists: nothing more is stored, sent or read.
var errDead = errors.New("the program is dead")

// life counts a program's durable steps, and ends after one of them. A step is whatever the disk or the local copy
// keeps.
type life struct {
	end   int64 // the step after which nothing more happens; 0 for a long life
	steps atomic.Int64
	dead  atomic.Bool
	died  chan struct{}
	once  sync.Once
	moved chan struct{} // a run's state was stored
}

func newLife(end int) *life {
	return &life{end: int64(end), died: make(chan struct{}), moved: make(chan struct{}, 1)}
}

// step does one durable step, after which the program may be dead: what it did stays, but nobody hears of it.
func (l *life) step(do func() error) error {
	if l.dead.Load() {
		return errDead
	}
	err := do()
	if n := l.steps.Add(1); l.end > 0 && n >= l.end {
		l.dead.Store(true)
		l.once.Do(func() { close(l.died) })
		return errDead
	}
	return err
}

// mortalStore is what a program that may die after any write must not lose.
type mortalStore struct {
	*records.Store

	life *life
}

func (m mortalStore) StartRun(ctx context.Context, r domain.Run, hash string, now time.Time) error {
	return m.life.step(func() error { return m.Store.StartRun(ctx, r, hash, now) })
}

func (m mortalStore) SetRunState(ctx context.Context, id string, s domain.RunState, reason string, finished time.Time) error {
	return m.life.step(func() error {
		err := m.Store.SetRunState(ctx, id, s, reason, finished)
		select {
		case m.life.moved <- struct{}{}:
		default:
		}
		return err
	})
}

func (m mortalStore) WriteItems(ctx context.Context, id string, items []domain.Item) (counts map[domain.ItemState]int, err error) {
	err = m.life.step(func() error {
		counts, err = m.Store.WriteItems(ctx, id, items)
		return err
	})
	return counts, err
}

func (m mortalStore) MarkRefreshed(ctx context.Context, id string, at time.Time) error {
	return m.life.step(func() error { return m.Store.MarkRefreshed(ctx, id, at) })
}

// mortalCopy is its local copy; PutUsers and PutGroups are steps too.
type mortalCopy struct {
	*mirrordb.Store

	life *life
}

func (m mortalCopy) PutUsers(ctx context.Context, id string, users []domain.User) error {
	return m.life.step(func() error { return m.Store.PutUsers(ctx, id, users) })
}

func (m mortalCopy) PutGroups(ctx context.Context, id string, groups []domain.Group) error {
	return m.life.step(func() error { return m.Store.PutGroups(ctx, id, groups) })
}

// mortalWire carries requests while the program lives. slow holds answers to reads back, each for another time.
type mortalWire struct {
	life *life
	next http.RoundTripper
	slow time.Duration
}

func (m mortalWire) RoundTrip(r *http.Request) (*http.Response, error) {
	if m.life.dead.Load() {
		return nil, errDead
	}
	answer, err := m.next.RoundTrip(r)
	if err == nil && m.slow > 0 && (r.Method == http.MethodGet || r.URL.Path[len(r.URL.Path)-7:] == "/search") {
		wait := time.NewTimer(time.Duration(rand.Int64N(int64(m.slow))))
		defer wait.Stop()
		select {
		case <-wait.C:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	if m.life.dead.Load() && err == nil {
		_ = answer.Body.Close()
		return nil, errDead
	}
	return answer, err
}

// openMortal starts the program over what is on disk, with a life that may end.
func (o *office) openMortal(l *life, slow time.Duration) {
	o.t.Helper()
	o.life, o.isFull = l, false
	org, key := o.world.Organization()
	o.source = openOrganization(o.t, org, key, source.Network{Transport: mortalWire{life: l, next: o.world.Transport(), slow: slow}})
	var err error
	if o.store, err = store.Open(context.Background(), o.dir, slog.New(slog.DiscardHandler)); err != nil {
		o.t.Fatal(err)
	}
	kept, copied := mortalStore{o.store.Records, l}, mortalCopy{o.store.Mirror, l}
	open := func(context.Context, string) (source.Source, error) { return o.source, nil }
	o.mirror = mirror.New(mirror.Options{Store: copied, Open: open})
	o.engine = bulk.New(bulk.Options{
		Store: kept, People: copied, Open: open, Refresh: o.mirror.Refresh, RefreshGroups: o.mirror.RefreshGroups, Operator: "tester",
		Source: func(context.Context, string) (domain.Source, error) { return o.listed(), nil },
	})
	if err := o.store.Records.SaveSource(context.Background(), o.listed()); err != nil {
		o.t.Fatal(err)
	}
}

// all is everything that is true at Atlassian, as text: people with states, groups and apps; groups without their ids
// where these cannot come back.
func (o *office) all(ids bool) string {
	groups := o.world.Groups()
	names := map[string]string{}
	for i := range groups {
		if names[groups[i].ID] = groups[i].Name; !ids {
			groups[i].ID = ""
		}
	}
	people := o.world.People(0, func(sim.PersonState) bool { return true })
	for i := range people {
		for n, id := range people[i].Groups {
			people[i].Groups[n] = cmp.Or(names[id], id)
		}
		slices.Sort(people[i].Groups)
	}
	slices.SortFunc(groups, func(a, b sim.GroupState) int { return cmp.Compare(a.Name, b.Name) })
	doc, err := json.Marshal([]any{people, groups})
	if err != nil {
		o.t.Fatal(err)
	}
	return string(doc)
}

// over waits until the log calls a run over, not a moment longer.
func (o *office) over(id string) domain.Run {
	o.t.Helper()
	for range 10_000 {
		r, err := o.store.Records.Run(context.Background(), id)
		if err != nil {
			o.t.Fatal(err)
		}
		if r.State == domain.RunPaused {
			if err := o.engine.Resume(context.Background(), id, domain.Secret{}); err != nil && domain.CodeOf(err) != domain.Conflict {
				o.t.Fatal(err)
			}
		}
		if r.State == domain.RunDone || r.State == domain.RunStopped {
			return r
		}
		select {
		case <-o.life.moved:
		case <-time.After(10 * time.Second):
		}
	}
	o.t.Fatal("the run never ends")
	return domain.Run{}
}

// undo takes a run back and holds the undo's own claims against the truth. It is asked for again as long as it has
// something to do: who could not be judged the first time is not forgotten.
func (o *office) undo(id string, plans int) {
	o.t.Helper()
	for range plans {
		p, err := o.engine.PlanUndo(context.Background(), id)
		if err != nil {
			o.t.Fatal(err)
		}
		if p.Counts[domain.VerdictUnsupported] == p.Counts[domain.VerdictChange]+p.Counts[domain.VerdictUnsupported] && o.isFull {
			// Groups that could not be read are said, one by one; with the next start they can be.
			undoMoments["after a restart"](o, id)
			if p, err = o.engine.PlanUndo(context.Background(), id); err != nil {
				o.t.Fatal(err)
			}
		}
		for _, c := range o.changesOf(p) {
			if c.Verdict != domain.VerdictChange {
				o.t.Errorf("the undo leaves out %s: %s (%s)", c.Target.Name, c.Verdict, c.Reason)
			}
		}
		if p.Counts[domain.VerdictChange] == 0 {
			o.t.Fatalf("there is nothing to undo: %+v", p.Findings)
		}
		r := o.over(o.confirm(p).ID)
		if r.Counts[domain.ItemDone] != r.Total {
			o.t.Errorf("the undo did %v of %d", r.Counts, r.Total)
		}
	}
}

// undoMoments are when an undo is asked for.
var undoMoments = map[string]func(o *office, run string){
	"at once": func(*office, string) {},
	"later": func(o *office, run string) {
		if _, err := o.engine.Wait(context.Background(), run); err != nil {
			o.t.Fatal(err)
		}
		time.Sleep(time.Minute)
	},
	"after a restart": func(o *office, _ string) {
		o.close()
		o.openMortal(newLife(0), 0)
		if err := o.engine.Recover(context.Background()); err != nil {
			o.t.Fatal(err)
		}
	},
	"while the copy cannot be written": func(o *office, _ string) {
		o.close()
		o.openMortal(newLife(0), 0)
		o.engine.Close() // this one has not taken up anything
		kept, copied := mortalStore{o.store.Records, o.life}, mortalCopy{o.store.Mirror, o.life}
		o.isFull = true
		o.engine = bulk.New(bulk.Options{
			Store: kept, People: copied, Open: func(context.Context, string) (source.Source, error) { return o.source, nil }, Operator: "tester",
			Refresh:       func(context.Context, string, []string) error { return errors.New("the disk is full") },
			RefreshGroups: func(context.Context, string, []domain.Target) error { return errors.New("the disk is full") },
			Source:        func(context.Context, string) (domain.Source, error) { return o.listed(), nil },
		})
	},
}

// undone is one kind of run that is undone.
type undone struct {
	action string
	plans  int // that an undo takes
	people func(o *office) []domain.User
	params func(o *office) map[string]string
	groups func(o *office) []string
}

func (k undone) plan(o *office) domain.Plan {
	r := bulk.Request{SourceID: src, Action: k.action}
	if k.people != nil {
		r.Users = k.people(o)
	}
	if k.params != nil {
		r.Params = k.params(o)
	}
	if k.groups != nil {
		r.Groups = k.groups(o)
	}
	p, err := o.engine.Plan(context.Background(), r)
	if err != nil {
		o.t.Fatal(err)
	}
	return p
}

func active(n int) func(o *office) []domain.User {
	return func(o *office) []domain.User {
		return o.people(n, func(u domain.User) bool { return in(u, domain.StatusActive) && len(u.PlatformRoles) == 0 })
	}
}

func undoneKinds(n int) map[string]undone {
	members := func(o *office) map[string]string { return map[string]string{"groups": plainGroup(o).ID} }
	return map[string]undone{
		"suspended": {action: "user.suspend", plans: 1, people: active(n)},
		"put out of a group": {action: "group.remove_member", plans: 1, params: members, people: func(o *office) []domain.User {
			g := plainGroup(o).ID
			return o.people(n, func(u domain.User) bool { return slices.Contains(u.GroupIDs, g) && len(u.PlatformRoles) == 0 })
		}},
		"made groups":  {action: "group.create", plans: 1, params: func(*office) map[string]string { return map[string]string{"names": "red\nblue\ngreen"} }},
		"ended groups": {action: "group.delete", plans: 2, groups: func(o *office) []string { return []string{o.smallGroup(), o.smallGroup()} }},
	}
}

// smallGroup makes a group with three people in it, as somebody else at Atlassian would; the local copy is brought up
// to date.
func (o *office) smallGroup() string {
	o.t.Helper()
	g := o.team("team "+strconv.Itoa(len(o.world.Groups())), o.outsiders(3))
	time.Sleep(time.Minute)
	o.sync()
	return g.ID
}

// TestUndoAfterDeath ends the program after each durable step of a run and of the refreshing after it, starts it again,
// lets the run end, and takes it back: at once, later, after one more restart, on a full disk. Nobody is left behind.
func TestUndoAfterDeath(t *testing.T) {
	t.Parallel()
	for name, kind := range undoneKinds(12) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steps, cases := 0, 0
			for end := 0; end == 0 || end <= steps; end++ {
				for i, moment := range slices.Sorted(maps.Keys(undoMoments)) {
					if end > 0 && end%len(undoMoments) != i && os.Getenv("SEATKEEPER_KILLS") == "" {
						continue
					}
					synctest.Test(t, func(t *testing.T) {
						n := undoAfterDeath(t, kind, end, moment, sim.Config{People: 150, Seed: 5, Latency: 20 * time.Millisecond, Visible: time.Second}, 0)
						steps = max(steps, n)
					})
					if cases++; t.Failed() {
						return
					}
				}
			}
			t.Logf("%d steps, %d cases", steps, cases)
		})
	}
}

// TestUndoOfMany does so at a size at which people are not read again before a run, with reads that are slow and come
// in any order.
func TestUndoOfMany(t *testing.T) {
	if testing.Short() {
		t.Skip("short: thousands of people")
	}
	size, moments := 2050, []string{"at once"}
	if text := os.Getenv("SEATKEEPER_UNDO_PEOPLE"); text != "" {
		size, _ = strconv.Atoi(text)
		moments = append(moments, "after a restart")
	}
	for _, moment := range moments {
		t.Run(moment, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := sim.Config{People: 2*size + 200, Seed: 6, Latency: 20 * time.Millisecond, Visible: time.Second}
				undoAfterDeath(t, undone{action: "user.suspend", plans: 1, people: active(size)}, 0, moment, c, 3*time.Second)
			})
		})
	}
}

// undoAfterDeath gives the number of steps of a whole life.
func undoAfterDeath(t *testing.T, k undone, end int, moment string, c sim.Config, slow time.Duration) (steps int) {
	t.Helper()
	o := &office{t: t, world: sim.New(c), dir: t.TempDir()}
	defer func() {
		if t.Failed() {
			t.Logf("dead after step %d, undone %s", end, moment)
		}
	}()
	o.openMortal(newLife(0), 0)
	defer func() { o.close() }()
	o.sync()
	p := k.plan(o)
	before := o.all(k.plans == 1)
	o.close()
	first := newLife(end)
	o.openMortal(first, slow)
	if r, err := agree(o.engine, p, domain.Secret{}); err == nil && end == 0 {
		if o.over(r.ID); moment == "later" {
			undoMoments["later"](o, r.ID)
		}
	} else if err != nil && !errors.Is(err, errDead) {
		t.Fatal(err)
	}
	if end > 0 {
		select {
		case <-first.died:
		case <-time.After(time.Hour): // its life was shorter than that
		}
	}
	steps = int(first.steps.Load())
	if end > 0 {
		o.close()
		o.openMortal(newLife(0), slow)
		if err := o.engine.Recover(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	plan, err := o.store.Records.Plan(context.Background(), p.ID)
	if err != nil || plan.RunID == "" {
		t.Fatalf("the plan has no run: %v", err)
	}
	r := o.over(plan.RunID)
	if r.Counts[domain.ItemDone] != p.Counts[domain.VerdictChange] {
		t.Fatalf("the run did %v", r.Counts)
	}
	undoMoments[moment](o, r.ID)
	o.undo(r.ID, k.plans)
	time.Sleep(time.Minute)
	if after := o.all(k.plans == 1); after != before {
		t.Errorf("not all is as before (%d and %d bytes): %s", len(before), len(after), difference(before, after))
	}
	return steps
}

// difference shows where two texts part.
func difference(a, b string) string {
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	return a[max(0, at-80):min(len(a), at+80)] + " | " + b[max(0, at-80):min(len(b), at+80)]
}
