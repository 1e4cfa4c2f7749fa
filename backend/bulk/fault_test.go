package bulk_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/bulk"
	"seatkeeper/backend/domain"
)

var everyFault = []fault{
	fine, lostAnswer, lostRequest, failedAfter, failedBefore, appliedLate, throttled, longThrottle, unsent, refused, gone, seats, quicker, revoked,
	notAllowed, panics, bare, falseSuccess, lateSuccess,
}

// scenario is an action with people that it can be done to.
type scenario struct {
	action string
	params map[string]string
	people func(n int) domain.User
}

var scenarios = []scenario{
	{action: "user.suspend", people: someone},
	{action: "user.restore", people: func(n int) domain.User {
		u := someone(n)
		u.Memberships = []domain.DirectoryMembership{{DirectoryID: "d1", Status: domain.StatusSuspended}}
		return u
	}},
	{action: "group.add_member", params: map[string]string{"groups": "g1"}, people: someone},
	{action: "group.remove_member", params: map[string]string{"groups": "g2"}, people: someone},
}

// seeds is how many random runs a test does; the environment sets another number.
func seeds(t testing.TB, usual int) int {
	t.Helper()
	if text := os.Getenv("SEATKEEPER_SEEDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if raced {
		return usual / 10
	}
	return usual
}

// finishRun resumes a run until it is over. Faults end with the first pause: an operator would have mended what was wrong.
func (d *desk) finishRun(r domain.Run) domain.Run {
	d.t.Helper()
	for range 20 {
		r = d.wait(r.ID)
		d.check(r)
		if r.State != domain.RunPaused {
			return r
		}
		if r.PauseReason == "" {
			d.t.Error("a pause without a reason")
		}
		d.world.mu.Lock()
		d.fault, d.readErr = nil, nil
		d.world.mu.Unlock()
		if err := d.engine.Resume(context.Background(), r.ID, domain.Secret{}); err != nil {
			d.t.Fatal(err)
		}
	}
	d.t.Fatalf("the run never ends: %+v", r)
	return r
}

// positions choose the calls that a fault meets, counted from 0.
var positions = map[string]func(i int) bool{
	"first":   func(i int) bool { return i == 0 },
	"middle":  func(i int) bool { return i == 5 },
	"last":    func(i int) bool { return i == 11 },
	"thirds":  func(i int) bool { return i%3 == 1 },
	"always":  func(int) bool { return true },
	"twofold": func(i int) bool { return i == 2 || i == 3 },
}

func TestEveryFaultAtEveryPosition(t *testing.T) {
	for _, sc := range scenarios {
		for _, f := range everyFault {
			for name, hits := range positions {
				if raced && name != "thirds" {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%s", sc.action, f, name), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { oneFault(t, sc, f, hits) })
				})
			}
		}
	}
}

func oneFault(t *testing.T, sc scenario, f fault, hits func(int) bool) {
	d := newDesk(t, newWorld())
	d.open()
	defer d.close()
	var users []domain.User
	for i := range 12 {
		users = append(users, d.seat(sc.people(i)))
	}
	n := 0
	d.fault = func(call) fault {
		defer func() { n++ }()
		if hits(n) {
			return f
		}
		return fine
	}
	r := d.finishRun(d.confirm(d.plan(sc.action, users, sc.params)))
	if r.State != domain.RunDone {
		t.Fatalf("the run ended as %s: %s", r.State, r.PauseReason)
	}
	action, _ := bulk.Actions.Get(sc.action)
	for _, it := range d.items(r.ID) {
		is := action.Subject.(bulk.AboutPeople).State(d.truth(it.Change.Target.AccountID), it.Change) == action.Goal
		switch {
		case it.State == domain.ItemDone && !is, it.State == domain.ItemRefused && is, it.State == domain.ItemIntent, it.State == domain.ItemPlanned:
			t.Errorf("item %d: %s, but the state is %t", it.Change.Seq, it.State, is)
		case it.State == domain.ItemUnknown && it.Reason == "":
			t.Errorf("item %d is not known without a reason", it.Change.Seq)
		}
	}
	final := slices.Contains([]fault{refused, gone, seats}, f)
	if got := r.Counts[domain.ItemRefused] > 0; got != final {
		t.Errorf("%d refused", r.Counts[domain.ItemRefused])
	}
	if !final && r.Counts[domain.ItemDone]+r.Counts[domain.ItemAlready]+r.Counts[domain.ItemUnknown] != 12 {
		t.Errorf("counts: %v", r.Counts)
	}
}

// TestRandomFaults mixes everything: faults, slow visibility, pauses, stops, a program that ends and starts again.
func TestRandomFaults(t *testing.T) {
	for seed := range seeds(t, 300) {
		synctest.Test(t, func(t *testing.T) { randomRun(t, uint64(seed)) })
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func randomRun(t *testing.T, seed uint64) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	sc := pick(rnd, scenarios)
	d := newDesk(t, newWorld())
	d.opts = func(o *bulk.Options) { o.InFlight = 1 + rnd.IntN(10) }
	d.latency = time.Duration(rnd.IntN(300)) * time.Millisecond
	action, _ := bulk.Actions.Get(sc.action)
	d.lag = time.Duration(rnd.Int64N(int64(action.Visible)))
	d.open()
	defer func() { d.close() }()
	var users []domain.User
	for i := range 5 + rnd.IntN(40) {
		users = append(users, d.seat(sc.people(i)))
	}
	rate := rnd.Float64() * 0.4
	luck := rand.New(rand.NewPCG(seed, 2)) // the world's own, used under its lock
	d.fault = func(call) fault {
		if luck.Float64() < rate {
			return pick(luck, everyFault)
		}
		return fine
	}
	d.readErr = func([]string) error {
		if luck.Float64() < rate/10 {
			return &domain.Error{Code: pick(luck, []domain.Code{domain.Unreachable, domain.RateLimited, domain.AuthFailed, domain.Internal}), Message: "Planted."}
		}
		return nil
	}
	r := d.confirm(d.plan(sc.action, users, sc.params))
	stopped := false
	for range rnd.IntN(6) {
		time.Sleep(time.Duration(rnd.IntN(4000)) * time.Millisecond)
		switch rnd.IntN(5) {
		case 0:
			_ = d.engine.Pause(context.Background(), r.ID)
		case 1, 2:
			_ = d.engine.Resume(context.Background(), r.ID, domain.Secret{})
		case 3:
			d.close()
			d.open()
			if err := d.engine.Recover(context.Background()); err != nil {
				t.Fatal(err)
			}
		case 4:
			if rnd.IntN(4) == 0 && d.engine.Stop(context.Background(), r.ID) == nil {
				stopped = true
			}
		}
	}
	r = d.finishRun(r)
	if stopped != (r.State == domain.RunStopped) || r.Active() {
		t.Fatalf("stopped %t, but the run is %s", stopped, r.State)
	}
	if r.State == domain.RunDone && r.Counts[domain.ItemPlanned]+r.Counts[domain.ItemIntent] > 0 {
		t.Fatalf("done with %v", r.Counts)
	}
}

// TestTwoReadsMustAgree asks replicas that disagree about what became of a call whose answer was lost.
func TestTwoReadsMustAgree(t *testing.T) {
	for name, tt := range map[string]struct {
		stale func(read int) bool // of the reads after the first one, from 1
		want  domain.ItemState
	}{
		"never agree":          {func(n int) bool { return n%2 == 1 }, domain.ItemUnknown},
		"agree in the end":     {func(n int) bool { return n == 1 || n == 3 }, domain.ItemDone},
		"one stale read":       {func(n int) bool { return n == 1 }, domain.ItemDone},
		"one early read":       {func(n int) bool { return n == 2 }, domain.ItemDone},
		"agree from the start": {func(int) bool { return false }, domain.ItemDone},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, newWorld())
				d.open()
				defer d.close()
				d.fault = func(call) fault { return lostAnswer }
				d.flap = func(read int) bool { return read > 1 && tt.stale(read-1) }
				r := d.wait(d.confirm(d.plan("user.suspend", d.staff(1), nil)).ID)
				d.check(r)
				if it := d.items(r.ID)[0]; it.State != tt.want || len(d.calls) != 1 {
					t.Errorf("%s (%s) after %d calls, not %s after one", it.State, it.Reason, len(d.calls), tt.want)
				}
			})
		})
	}
}

// TestProtectedPeopleAreNeverTouched plants protected people in random plans: known when the plan is made, or only just before the call.
func TestProtectedPeopleAreNeverTouched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(4, 2))
		d := newDesk(t, newWorld())
		d.latency = time.Millisecond
		d.open()
		defer d.close()
		for n := range seeds(t, 2000) {
			protectedPlan(t, d, rnd, n)
			if t.Failed() {
				t.Fatalf("plan %d", n)
			}
		}
	})
}

func protectedPlan(t *testing.T, d *desk, rnd *rand.Rand, n int) {
	sc := pick(rnd, scenarios)
	d.people, d.local, d.calls = map[string]*person{}, map[string]domain.User{}, nil
	d.source.OperatorID, d.source.KeyOwnerID = "", ""
	protected := map[string]bool{}
	var users []domain.User
	for i := range 1 + rnd.IntN(8) {
		u := sc.people(n*10 + i)
		if rnd.IntN(3) > 0 {
			users = append(users, d.seat(u))
			continue
		}
		protected[u.AccountID] = true
		before := u
		way := rnd.IntN(5)
		if way == 2 && d.source.OperatorID != "" || way == 3 && d.source.KeyOwnerID != "" || way == 4 && d.source.OperatorID != "" {
			way = 0
		}
		switch way {
		case 0:
			u.PlatformRoles = []string{domain.RoleSiteAdmin, domain.RoleOrgAdmin}
		case 1:
			u.GroupIDs = append(slices.Clone(u.GroupIDs), "ga")
		case 2:
			d.source.OperatorID = u.AccountID
		case 3:
			d.source.KeyOwnerID = u.AccountID
		case 4:
			u.Email = "Boss@Example.com"
			d.source.OperatorID, before.Email = "boss@example.com", u.Email
		}
		d.seat(u)
		if rnd.IntN(2) == 0 { // the local copy does not know yet
			d.local[u.AccountID] = before
			u = before
		}
		users = append(users, u)
	}
	d.fresh.CompleteAt = time.Now()
	p := d.plan(sc.action, users, sc.params)
	if p.Blocked() {
		return
	}
	r := d.wait(d.confirm(p).ID)
	for _, c := range d.calls {
		if protected[c.account] {
			t.Errorf("%s was sent for the protected %s", c.kind, c.account)
		}
	}
	for _, it := range d.items(r.ID) {
		if is := protected[it.Change.Target.AccountID]; is != (it.State == domain.ItemSkipped) || is && it.Reason == "" {
			t.Errorf("%s is %s (%s), protected: %t", it.Change.Target.AccountID, it.State, it.Reason, is)
		}
	}
}

// TestLateAfterARefusal lets a first call be carried out late, after a second one was refused: nobody may call that refused.
func TestLateAfterARefusal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, newWorld())
		d.open()
		defer d.close()
		n := 0
		d.fault = func(call) fault {
			if n++; n == 1 {
				return appliedLate
			}
			return refused
		}
		r := d.wait(d.confirm(d.plan("user.suspend", d.staff(1), nil)).ID)
		time.Sleep(time.Minute)
		if it := d.items(r.ID)[0]; it.State != domain.ItemUnknown || it.Reason == "" || it.Attempts != 2 {
			t.Errorf("%s (%s) after %d calls", it.State, it.Reason, it.Attempts)
		}
	})
}

// TestReadBackIsTakenUpAgain lets Atlassian answer untruly, and reading fail before that can be found out, in as many ways as the order
// of failed reads has: whoever resumes the run finds it out.
func TestReadBackIsTakenUpAgain(t *testing.T) {
	for cut := range 12 {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t, newWorld())
			d.open()
			defer d.close()
			d.fault = func(c call) fault {
				if c.account == "acc-00003" {
					return falseSuccess
				}
				return fine
			}
			reads := 0
			d.readErr = func(ids []string) error {
				if reads++; reads > cut {
					return &domain.Error{Code: domain.Unreachable, Message: "Planted."}
				}
				return nil
			}
			r := d.confirm(d.plan("user.suspend", d.staff(45), nil))
			for range 5 {
				if r = d.wait(r.ID); r.State != domain.RunPaused {
					break
				}
				d.world.mu.Lock()
				d.readErr = nil
				d.world.mu.Unlock()
				if err := d.engine.Resume(context.Background(), r.ID, domain.Secret{}); err != nil {
					t.Fatal(err)
				}
			}
			d.check(r)
			if r.State != domain.RunDone || r.Counts[domain.ItemUnknown] != 1 || r.Counts[domain.ItemDone] != 44 {
				t.Errorf("reading fails after %d: %s %v", cut, r.State, r.Counts)
			}
		})
	}
}
