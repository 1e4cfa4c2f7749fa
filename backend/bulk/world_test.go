package bulk_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"seatkeeper/backend/bulk"
	_ "seatkeeper/backend/bulk/actions"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/source"
	"seatkeeper/backend/store"
)

// world is an Atlassian as a source sees it: people with states, answers that can go wrong. It stands at the edge of
// the network, so that tens of thousands of faults can be tried; the same engine runs over the real client and the
// simulator in organization_test.go.
type world struct {
	mu      sync.Mutex
	people  map[string]*person
	calls   []call
	reads   int
	latency time.Duration
	lag     time.Duration // until a read shows a change
	fault   func(call) fault
	readErr func(ids []string) error
	flap    func(read int) bool // tells whether a read shows old states: a replica that lags behind
	onCall  func(call)
}

type person struct {
	user    domain.User
	history []event // changes of state, oldest first
}

// event is a change that a read shows from seen on.
type event struct {
	target string // "d:ID" or "g:ID"
	state  bool   // active, or member
	seen   time.Time
	late   bool // it is carried out only when it is seen
}

// call is one changing request that reached the world.
type call struct {
	kind, account, target string
	at                    time.Time
	applied               bool // it was carried out, then or later
	fault                 fault
	shown                 bool // reads showed the wanted state before it came
	done                  bool // it had been carried out before it came, perhaps not shown yet
}

// fault is what happens to one call.
type fault string

const (
	fine         fault = ""
	lostAnswer   fault = "answer lost after the change"
	lostRequest  fault = "request lost, no answer"
	failedAfter  fault = "500 after the change"
	failedBefore fault = "500 before the change"
	appliedLate  fault = "applied late, no answer"
	throttled    fault = "429"
	longThrottle fault = "429 for an hour"
	unsent       fault = "never left"
	refused      fault = "403 for this person"
	gone         fault = "404"
	seats        fault = "409 no seat"
	quicker      fault = "409, because somebody else was quicker"
	revoked      fault = "401"
	notAllowed   fault = "403 address"
	panics       fault = "panic"
	bare         fault = "an error that says nothing"
	falseSuccess fault = "204, but not carried out"
	lateSuccess  fault = "204, but carried out late"
)

const late = 20 * time.Second

func newWorld() *world { return &world{people: map[string]*person{}, latency: 80 * time.Millisecond} }

func (w *world) add(u domain.User) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.people[u.AccountID] = &person{user: u}
}

// Test, Read and Close complete source.Source; the engine uses none of them.
func (w *world) Test(context.Context) domain.TestResult { return domain.TestResult{OK: true} }
func (w *world) Read(context.Context, func(domain.Batch) error, func(domain.ReadProgress)) (domain.ReadTotals, error) {
	return domain.ReadTotals{}, nil
}
func (w *world) Close() {}

// ReadUsers shows each person as reads show them now.
func (w *world) ReadUsers(ctx context.Context, ids []string) ([]domain.User, error) {
	if len(ids) > 10 {
		return nil, domain.Errorf(domain.Invalid, "%d ids in one read", len(ids))
	}
	if err := pause(ctx, w.latency); err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reads++
	if w.readErr != nil {
		if err := w.readErr(ids); err != nil {
			return nil, err
		}
	}
	var users []domain.User
	at := time.Now()
	if w.flap != nil && w.flap(w.reads) {
		at = time.Time{}
	}
	for _, id := range ids {
		if p, ok := w.people[id]; ok && p.user.RemovedAt.IsZero() {
			users = append(users, p.show(at))
		}
	}
	return users, nil
}

// show gives the person as of a time.
func (p *person) show(at time.Time) domain.User {
	u := p.user
	u.Memberships, u.GroupIDs = slices.Clone(u.Memberships), slices.Clone(u.GroupIDs)
	for _, e := range p.history {
		if e.seen.After(at) {
			continue
		}
		kind, id, _ := strings.Cut(e.target, ":")
		switch {
		case kind == "d":
			for i := range u.Memberships {
				if u.Memberships[i].DirectoryID == id {
					u.Memberships[i].Status = domain.StatusSuspended
					if e.state {
						u.Memberships[i].Status = domain.StatusActive
					}
				}
			}
		case e.state && !slices.Contains(u.GroupIDs, id):
			u.GroupIDs = append(u.GroupIDs, id)
		case !e.state:
			u.GroupIDs = slices.DeleteFunc(u.GroupIDs, func(g string) bool { return g == id })
		}
	}
	return u
}

// carriedOut gives the person as Atlassian has it, shown or not.
func (p *person) carriedOut(at time.Time) domain.User {
	now := person{user: p.user, history: slices.Clone(p.history)}
	for i := range now.history {
		if !now.history[i].late {
			now.history[i].seen = time.Time{}
		}
	}
	return now.show(at)
}

// truth is the state that will be seen when everything has settled.
func (w *world) truth(account string) domain.User {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.people[account].show(time.Now().Add(24 * time.Hour))
}

func (w *world) Suspend(ctx context.Context, dir, account string) (domain.Receipt, error) {
	return w.change(ctx, "suspend", account, "d:"+dir, false)
}

func (w *world) Restore(ctx context.Context, dir, account string) (domain.Receipt, error) {
	return w.change(ctx, "restore", account, "d:"+dir, true)
}

func (w *world) AddMember(ctx context.Context, _, group, account string) (domain.Receipt, error) {
	return w.change(ctx, "add", account, "g:"+group, true)
}

func (w *world) RemoveMember(ctx context.Context, _, group, account string) (domain.Receipt, error) {
	return w.change(ctx, "remove", account, "g:"+group, false)
}

func (w *world) change(ctx context.Context, kind, account, target string, to bool) (domain.Receipt, error) {
	c := call{kind: kind, account: account, target: target, at: time.Now()}
	f := fine
	w.mu.Lock()
	if p, ok := w.people[account]; ok {
		c.shown = stateOf(p.show(c.at), target) == to
		c.done = stateOf(p.carriedOut(c.at), target) == to
	}
	if w.fault != nil {
		f = w.fault(c)
	}
	w.mu.Unlock()
	if f == unsent {
		return domain.Receipt{}, &domain.Error{Code: domain.Unreachable, Effect: domain.NotApplied, Message: "The network is gone."}
	}
	if w.onCall != nil {
		w.onCall(c)
	}
	cut := pause(ctx, w.latency)
	w.apply(&c, f, to)
	receipt := domain.Receipt{Method: "POST", URL: "https://api.atlassian.com/" + kind + "/" + account, SentAt: c.at, Took: time.Since(c.at), RequestID: "r1"}
	if cut != nil {
		return receipt, failure(domain.Unreachable, domain.EffectUnknown, receipt, 0)
	}
	switch f {
	case lostAnswer, lostRequest, appliedLate:
		_ = pause(ctx, 10*time.Second)
		return receipt, failure(domain.Unreachable, domain.EffectUnknown, receipt, 0)
	case failedAfter, failedBefore:
		return receipt, failure(domain.Unreachable, domain.EffectUnknown, receipt, 500)
	case throttled:
		e := failure(domain.RateLimited, domain.NotApplied, receipt, 429)
		e.RetryAfter = 7 * time.Second
		return receipt, e
	case longThrottle:
		e := failure(domain.RateLimited, domain.NotApplied, receipt, 429)
		e.RetryAfter = time.Hour
		return receipt, e
	case refused:
		return receipt, failure(domain.Forbidden, domain.NotApplied, receipt, 403)
	case gone:
		return receipt, failure(domain.NotFound, domain.NotApplied, receipt, 404)
	case seats, quicker:
		return receipt, failure(domain.Conflict, domain.NotApplied, receipt, 409)
	case revoked:
		return receipt, failure(domain.AuthFailed, domain.NotApplied, receipt, 401)
	case notAllowed:
		e := failure(domain.Forbidden, domain.NotApplied, receipt, 403)
		e.Reason = "ip_allowlist"
		return receipt, e
	case panics:
		panic("planted")
	case bare:
		return receipt, fmt.Errorf("something odd: %w", context.DeadlineExceeded)
	case fine, unsent, falseSuccess, lateSuccess:
	}
	receipt.Status = 204
	return receipt, nil
}

// apply changes the state as the fault lets it, and notes the call.
func (w *world) apply(c *call, f fault, to bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c.fault = f
	defer func() { w.calls = append(w.calls, *c) }()
	shown := time.Now().Add(w.lag)
	switch f {
	case quicker:
		if p, ok := w.people[c.account]; ok {
			p.history = append(p.history, event{target: c.target, state: to, seen: time.Now()})
		}
		return
	case fine, lostAnswer, failedAfter, panics, bare:
	case appliedLate, lateSuccess:
		shown = time.Now().Add(late)
	case lostRequest, failedBefore, throttled, longThrottle, unsent, refused, gone, seats, revoked, notAllowed, falseSuccess:
		return
	}
	p, ok := w.people[c.account]
	if !ok {
		return
	}
	c.applied = true
	p.history = append(p.history, event{target: c.target, state: to, seen: shown, late: f == appliedLate || f == lateSuccess})
}

func stateOf(u domain.User, target string) bool {
	kind, id, _ := strings.Cut(target, ":")
	if kind == "g" {
		return slices.Contains(u.GroupIDs, id)
	}
	for _, m := range u.Memberships {
		if m.DirectoryID == id {
			return m.Status != domain.StatusSuspended
		}
	}
	return false
}

func failure(code domain.Code, effect domain.Effect, r domain.Receipt, status int) *domain.Error {
	r.Status = status
	e := &domain.Error{Code: code, Effect: effect, Message: fmt.Sprintf("Planted: %s %d.", code, status)}
	if status != 0 {
		e.Receipt = &r
	}
	return e
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// kindFake is a source kind that can do everything; kindPoor can only read.
const (
	kindFake domain.SourceKind = "fake"
	kindPoor domain.SourceKind = "poor"
)

var (
	_ = source.Register(source.Kind{Kind: kindFake, Supports: []domain.Support{{Capability: domain.CanSuspend, Supported: true}, {Capability: domain.CanEditGroups, Supported: true}}})
	_ = source.Register(source.Kind{Kind: kindPoor, Supports: []domain.Support{{Capability: domain.CanSuspend, Reason: "A site has no suspension."}}})
)

// desk is an engine over a world, with everything around it.
type desk struct {
	*world
	t      testing.TB
	dir    string
	store  *store.Databases
	engine *bulk.Engine
	bus    *events.Bus
	source domain.Source
	fresh  domain.Freshness
	groups []domain.Group
	dirs   []domain.Directory
	local  map[string]domain.User // the local copy
	opts   func(*bulk.Options)

	mu        sync.Mutex
	refreshed []string
	published []domain.Run
}

const src = "source-1"

func newDesk(t testing.TB, w *world) *desk {
	d := &desk{
		world: w, t: t, dir: filepath.Join(t.TempDir(), "data"), bus: &events.Bus{},
		source: domain.Source{ID: src, Kind: kindFake, Name: "Acme", OperatorID: "operator", KeyOwnerID: "key-owner"},
		fresh:  domain.Freshness{Revision: 7, CompleteAt: time.Now(), People: 100000},
		groups: []domain.Group{
			{GroupID: "g1", DirectoryID: "d1", Name: "jira-users"}, {GroupID: "g2", DirectoryID: "d1", Name: "wiki-users"},
			{GroupID: "g3", DirectoryID: "d2", Name: "elsewhere"}, {GroupID: "gs", DirectoryID: "d1", Name: "from-idp", Synced: domain.Yes},
			{GroupID: "gm", DirectoryID: "d1", Name: "fixed", Modifiable: domain.No}, {GroupID: "ga", DirectoryID: "d1", Name: "org-admins"},
		},
		dirs:  []domain.Directory{{DirectoryID: "d1", Name: "Main"}},
		local: map[string]domain.User{},
	}
	mkdir(t, d.dir)
	w.onCall = d.intended
	d.bus.Subscribe(func(e events.Event) {
		if r, ok := e.Payload.(domain.Run); ok {
			d.mu.Lock()
			d.published = append(d.published, r)
			d.mu.Unlock()
		}
	})
	return d
}

// open opens store and engine; close closes both, as the program's end does.
func (d *desk) open() {
	d.t.Helper()
	var err error
	if d.store, err = store.Open(context.Background(), d.dir, slog.New(slog.DiscardHandler)); err != nil {
		d.t.Fatal(err)
	}
	o := bulk.Options{
		Store: d.store.Records, People: d, Bus: d.bus, Operator: "tester",
		Source: func(context.Context, string) (domain.Source, error) { return d.source, nil },
		Open:   func(context.Context, string) (source.Source, error) { return d.world, nil },
		Refresh: func(_ context.Context, _ string, ids []string) error {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.refreshed = append(d.refreshed, ids...)
			for _, id := range ids {
				d.world.mu.Lock()
				if p, ok := d.world.people[id]; ok {
					d.local[id] = p.show(time.Now())
				}
				d.world.mu.Unlock()
			}
			return nil
		},
	}
	if d.opts != nil {
		d.opts(&o)
	}
	d.engine = bulk.New(o)
}

func (d *desk) close() {
	d.engine.Close()
	if err := d.store.Close(); err != nil {
		d.t.Error(err)
	}
}

func (d *desk) UsersByAccount(_ context.Context, _ string, ids []string) ([]domain.User, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var users []domain.User
	for _, id := range ids {
		if u, ok := d.local[id]; ok {
			users = append(users, u)
		}
	}
	return users, nil
}
func (d *desk) Groups(context.Context, string) ([]domain.Group, error) { return d.groups, nil }
func (d *desk) Apps(context.Context, string) ([]domain.App, error)     { return nil, nil }
func (d *desk) MembersOf(_ context.Context, _ string, groupIDs []string) ([]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var ids []string
	for id, u := range d.local {
		if slices.ContainsFunc(u.GroupIDs, func(g string) bool { return slices.Contains(groupIDs, g) }) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}
func (d *desk) Directories(context.Context, string) ([]domain.Directory, error) { return d.dirs, nil }
func (d *desk) Freshness(context.Context, string) (domain.Freshness, error)     { return d.fresh, nil }

// seat adds a person to the world and the local copy.
func (d *desk) seat(u domain.User) domain.User {
	d.world.add(u)
	d.local[u.AccountID] = u
	return u
}

// someone makes an ordinary active person.
func someone(n int) domain.User {
	return domain.User{
		AccountID: fmt.Sprintf("acc-%05d", n), Name: fmt.Sprintf("Person %d", n), Email: fmt.Sprintf("p%d@example.com", n), AccountType: "atlassian",
		Status: domain.StatusActive, Memberships: []domain.DirectoryMembership{{DirectoryID: "d1", Status: domain.StatusActive}}, GroupIDs: []string{"g2"},
	}
}

// staff adds n ordinary people.
func (d *desk) staff(n int) []domain.User {
	users := make([]domain.User, n)
	for i := range users {
		users[i] = d.seat(someone(i))
	}
	return users
}

func (d *desk) plan(action string, users []domain.User, params map[string]string) domain.Plan {
	d.t.Helper()
	p, err := d.engine.Plan(context.Background(), bulk.Request{SourceID: src, Action: action, Params: params, Note: "why", Selection: "all", Users: users})
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

func (d *desk) confirm(p domain.Plan) domain.Run {
	d.t.Helper()
	r, err := agree(d.engine, p, domain.Secret{})
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// agree confirms a plan as an operator does who means it.
func agree(e *bulk.Engine, p domain.Plan, key domain.Secret) (domain.Run, error) {
	if words := p.RaiseWords(); words != "" {
		return e.Raise(context.Background(), p.ID, p.Hash, words, "it is meant", key)
	}
	return e.Confirm(context.Background(), p.ID, p.Hash, fmt.Sprint(p.Counts[domain.VerdictChange]), key)
}

func (d *desk) wait(runID string) domain.Run {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Hour) // longer than any rate limit here
	defer cancel()
	r, err := d.engine.Wait(ctx, runID)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// intended tests the first promise of all, as each call arrives: its intent is on disk.
func (d *desk) intended(c call) {
	runs, err := d.store.Records.UnfinishedRuns(context.Background())
	if err != nil {
		d.t.Errorf("%s of %s: %v", c.kind, c.account, err)
	}
	for _, r := range runs {
		items, err := d.store.Records.IntentItems(context.Background(), r.ID)
		if err != nil {
			d.t.Errorf("%s of %s: %v", c.kind, c.account, err)
		}
		if slices.ContainsFunc(items, func(it domain.Item) bool {
			return it.Change.Target.AccountID == c.account && targetKey(it.Change) == c.target && it.Attempts > 0 && !it.IntentAt.IsZero()
		}) {
			return
		}
	}
	d.t.Errorf("%s of %s was sent, and no intent is on disk", c.kind, c.account)
}

func (d *desk) items(runID string) []domain.Item {
	d.t.Helper()
	var items []domain.Item
	if err := d.store.Records.EachItem(context.Background(), runID, func(it domain.Item) error {
		items = append(items, it)
		return nil
	}); err != nil {
		d.t.Fatal(err)
	}
	return items
}

// check tests what must hold for a run at any time when no call is under way.
func (d *desk) check(r domain.Run) {
	d.t.Helper()
	sum, byState := 0, map[domain.ItemState]int{}
	for _, n := range r.Counts {
		sum += n
	}
	if sum != r.Total {
		d.t.Errorf("the counts %v add up to %d, not to %d", r.Counts, sum, r.Total)
	}
	action, _ := bulk.Actions.Get(r.Action)
	for _, it := range d.items(r.ID) {
		byState[it.State]++
		c := it.Change
		u := d.truth(c.Target.AccountID)
		state := action.Subject.(bulk.AboutPeople).State(u, c)
		if it.State == domain.ItemDone && state != action.Goal && (r.State == domain.RunDone || !d.deceived(c)) {
			d.t.Errorf("item %d is called done, but the state is %q (%+v)", c.Seq, state, it)
		}
		if it.State == domain.ItemDone && it.Evidence == "" {
			d.t.Errorf("item %d is done without evidence", c.Seq)
		}
		if (it.State == domain.ItemSkipped || it.State == domain.ItemRefused) && d.sentTo(c, r.CreatedAt) > 0 && state == action.Goal && c.Expect != "" {
			d.t.Errorf("item %d is %s, but it was carried out", c.Seq, it.State)
		}
		if it.State == domain.ItemAlready && d.sentTo(c, r.CreatedAt) > 0 {
			d.t.Errorf("item %d is said to have been so already, but it was this run that did it", c.Seq)
		}
		if d.sentBlindly(c) {
			d.t.Errorf("item %d was sent although it was so already", c.Seq)
		}
		if it.Attempts > 0 && c.Verdict != domain.VerdictChange {
			d.t.Errorf("item %d has the verdict %s and was sent", c.Seq, c.Verdict)
		}
	}
	for state, n := range r.Counts {
		if byState[state] != n {
			d.t.Errorf("the run counts %d %s, the items are %d", n, state, byState[state])
		}
	}
}

func targetKey(c domain.Change) string {
	if c.Target.GroupID != "" {
		return "g:" + c.Target.GroupID
	}
	return "d:" + c.Target.DirectoryID
}

// sentTo counts the calls for a change that were carried out since a time.
func (d *desk) sentTo(c domain.Change, since time.Time) (n int) {
	d.world.mu.Lock()
	defer d.world.mu.Unlock()
	for _, k := range d.calls {
		if k.account == c.Target.AccountID && k.target == targetKey(c) && k.applied && !k.at.Before(since) {
			n++
		}
	}
	return n
}

// sentBlindly tells whether a call was sent although it had been carried out, and enough patience would have shown it.
func (d *desk) sentBlindly(c domain.Change) bool {
	d.world.mu.Lock()
	defer d.world.mu.Unlock()
	return slices.ContainsFunc(d.calls, func(k call) bool {
		return k.account == c.Target.AccountID && k.target == targetKey(c) && (k.shown || k.done)
	})
}

// deceived tells whether an answer to the change was not true: that is found out by reading back, which a halted run
// may not have done yet.
func (d *desk) deceived(c domain.Change) bool {
	d.world.mu.Lock()
	defer d.world.mu.Unlock()
	return slices.ContainsFunc(d.calls, func(k call) bool {
		return k.account == c.Target.AccountID && k.target == targetKey(c) && k.fault == falseSuccess
	})
}

func pick[T any](rnd *rand.Rand, all []T) T { return all[rnd.IntN(len(all))] }
