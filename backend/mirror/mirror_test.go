package mirror_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/source"
	"seatkeeper/backend/store"
)

const id = "S1"

// fake is a source that a test writes down.
type fake struct {
	read func(ctx context.Context, emit func(domain.Batch) error,
		progress func(domain.ReadProgress)) (domain.ReadTotals, error)
	users func(ctx context.Context, ids []string) ([]domain.User, error)
}

func (f *fake) Test(context.Context) domain.TestResult { return domain.TestResult{OK: true} }
func (f *fake) Close()                                 {}
func (f *fake) Read(
	ctx context.Context, emit func(domain.Batch) error, progress func(domain.ReadProgress),
) (domain.ReadTotals, error) {
	return f.read(ctx, emit, progress)
}

// fakeReader is one that can read single people too.
type fakeReader struct{ *fake }

func (f fakeReader) ReadUsers(ctx context.Context, ids []string) ([]domain.User, error) {
	return f.users(ctx, ids)
}

// log gathers events.
type log struct {
	mu     sync.Mutex
	events []events.Event
	times  []time.Time
}

func (l *log) add(e events.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, e)
	l.times = append(l.times, time.Now())
}

func (l *log) syncs() (all []domain.Sync, at []time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, e := range l.events {
		if s, ok := e.Payload.(domain.Sync); ok {
			all = append(all, s)
			at = append(at, l.times[i])
		}
	}
	return all, at
}

func (l *log) count(topic events.Topic) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		if e.Topic == topic {
			n++
		}
	}
	return n
}

// world is an engine over a real store and a fake source.
type world struct {
	*mirror.Engine
	store *store.Databases
	fake  *fake
	log   *log
}

func newWorld(t *testing.T, dir string) *world {
	t.Helper()
	s, err := store.Open(context.Background(), dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Records.SaveSource(context.Background(), domain.Source{ID: id, Kind: domain.KindAtlassianOrg,
		Name: "Acme"}); err != nil {
		t.Fatal(err)
	}
	w := &world{store: s, fake: &fake{read: deliver(people(10)...)}, log: &log{}}
	var bus events.Bus
	bus.Subscribe(w.log.add)
	w.Engine = mirror.New(mirror.Options{Store: s.Mirror, Bus: &bus,
		Open: func(context.Context, string) (source.Source, error) {
			if w.fake.users != nil {
				return fakeReader{w.fake}, nil
			}
			return w.fake, nil
		}})
	t.Cleanup(func() {
		w.Close()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func people(n int) []domain.User {
	users := make([]domain.User, n)
	for i := range users {
		users[i] = domain.User{
			AccountID: fmt.Sprint("a", i), Name: fmt.Sprint("Person ", i), Status: domain.StatusActive,
			Memberships: []domain.DirectoryMembership{{DirectoryID: "d", Status: domain.StatusActive}},
			GroupIDs:    []string{"g"},
		}
	}
	return users
}

// deliver makes a read that delivers people one by one.
func deliver(
	users ...domain.User,
) func(context.Context, func(domain.Batch) error, func(domain.ReadProgress)) (domain.ReadTotals, error) {
	return func(_ context.Context, emit func(domain.Batch) error,
		progress func(domain.ReadProgress)) (domain.ReadTotals, error) {
		for i, u := range users {
			progress(domain.ReadProgress{Step: "People", People: i + 1, PeopleTotal: len(users)})
			if err := emit(domain.Batch{Users: []domain.User{u}}); err != nil {
				return domain.ReadTotals{}, err
			}
		}
		return domain.ReadTotals{People: len(users), Groups: -1}, nil
	}
}

// sync runs one to its end.
func (w *world) sync(t *testing.T) domain.Sync {
	t.Helper()
	if _, err := w.Start(context.Background(), id); err != nil {
		t.Fatal(err)
	}
	done, err := w.Wait(context.Background(), id)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// names gives the names of everybody who is there, by account.
func (w *world) names(t *testing.T) map[string]string {
	t.Helper()
	names := map[string]string{}
	if err := w.store.Mirror.EachUser(context.Background(), id, func(u domain.User) error {
		names[u.AccountID] = u.Name
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return names
}

func TestSync(t *testing.T) {
	w := newWorld(t, t.TempDir())
	if s, f, err := w.State(t.Context(), id); err != nil || s.State != domain.SyncNever || f.Revision != 0 {
		t.Fatal(s, f, err)
	}
	w.fake.read = deliver(people(2500)...)
	done := w.sync(t)
	if done.State != domain.SyncDone || done.People != 2500 || done.Added != 2500 || done.Drift != "" ||
		done.Error != nil {
		t.Fatalf("%+v", done)
	}
	if n := len(w.names(t)); n != 2500 {
		t.Fatal(n)
	}
	w.fake.read = deliver(people(2400)...)
	done = w.sync(t)
	if done.Added != 0 || done.Removed != 100 || done.Changed != 0 || done.People != 2400 {
		t.Fatalf("%+v", done)
	}
	s, f, err := w.State(t.Context(), id)
	if err != nil || s.ID != done.ID || f.Revision != done.ID || f.People != 2400 {
		t.Fatal(s, f, err)
	}
	all, _ := w.log.syncs()
	if last := all[len(all)-1]; last.State != domain.SyncDone || last.Progress.People != 2400 {
		t.Fatalf("%+v", last)
	}
	if w.log.count(events.PeopleChanged) < 2 {
		t.Fatal("nobody was told")
	}
}

func TestDriftIsSaid(t *testing.T) {
	w := newWorld(t, t.TempDir())
	w.fake.read = func(_ context.Context, emit func(domain.Batch) error,
		_ func(domain.ReadProgress)) (domain.ReadTotals, error) {
		err := emit(domain.Batch{Users: people(3), Groups: []domain.Group{{GroupID: "g"}}})
		return domain.ReadTotals{People: 1204, Groups: 2}, err
	}
	want := "Atlassian counts 1,204 people, but delivered 3, and 2 groups, but delivered 1." +
		" Nothing was taken for removed only because it is missing: it is shown as it was before."
	if done := w.sync(t); done.Drift != want {
		t.Fatal(done.Drift)
	}
	if last, err := w.store.Mirror.LastSync(t.Context(), id); err != nil || last.Drift != want {
		t.Fatal(last, err)
	}
}

// A listing that the source itself says is too short must not make people look removed.
func TestShortDeliveryRemovesNobody(t *testing.T) {
	w := newWorld(t, t.TempDir())
	deliver := func(users, groups int, totals domain.ReadTotals) domain.Sync {
		w.fake.read = func(_ context.Context, emit func(domain.Batch) error,
			_ func(domain.ReadProgress)) (domain.ReadTotals, error) {
			return totals, emit(domain.Batch{Users: people(users),
				Groups: []domain.Group{{GroupID: "g"}, {GroupID: "h"}}[:groups]})
		}
		return w.sync(t)
	}
	deliver(10, 2, domain.ReadTotals{People: 10, Groups: 2})
	if short := deliver(7, 1, domain.ReadTotals{People: 10, Groups: 2}); short.Removed != 0 || short.People != 10 ||
		short.Groups != 2 || short.Drift == "" {
		t.Fatalf("%+v", short)
	}
	const sentence = "It lists only the first 7."
	if limited := deliver(7, 1, domain.ReadTotals{People: -1, Groups: 1, Limited: sentence}); limited.Removed != 0 ||
		limited.People != 10 || !strings.HasPrefix(limited.Drift, sentence) {
		t.Errorf("limited: %+v", limited)
	}
	if whole := deliver(7, 1, domain.ReadTotals{People: 7, Groups: 1}); whole.Removed != 3 || whole.People != 7 ||
		whole.Groups != 1 || whole.Drift != "" {
		t.Fatalf("%+v", whole)
	}
}

// Where the source's own count is always too high, those who have left are gone all the same: the source is asked about
// each. Who is only missing from the listing stays.
func TestMissingPeopleAreAskedFor(t *testing.T) {
	w := newWorld(t, t.TempDir())
	all := people(30)
	left := map[string]bool{"a25": true, "a26": true}
	asked := 0
	w.fake.users = func(_ context.Context, ids []string) ([]domain.User, error) {
		asked += len(ids)
		return slices.DeleteFunc(slices.Clone(all), func(u domain.User) bool {
			return left[u.AccountID] ||
				!slices.Contains(ids, u.AccountID)
		}), nil
	}
	deliver := func(n int) domain.Sync {
		w.fake.read = func(_ context.Context, emit func(domain.Batch) error,
			_ func(domain.ReadProgress)) (domain.ReadTotals, error) {
			return domain.ReadTotals{People: 33, Groups: -1}, emit(domain.Batch{Users: all[:n]})
		}
		return w.sync(t)
	}
	if deliver(30); asked != 0 {
		t.Errorf("%d people were asked for", asked)
	}
	if done := deliver(24); asked != 6 || done.Drift == "" || done.Removed != 0 {
		t.Errorf("%d people were asked for: %+v", asked, done)
	}
	users, err := w.store.Mirror.UsersByAccount(t.Context(), id, []string{"a24", "a25", "a26", "a27"})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range users {
		if u.RemovedAt.IsZero() == left[u.AccountID] {
			t.Errorf("%+v", u)
		}
	}
	if deliver(24); asked != 10 {
		t.Errorf("%d people were asked for: those who are gone are not asked for again", asked)
	}
	w.fake.users = func(context.Context, []string) ([]domain.User, error) {
		return nil, domain.Errorf(domain.Unreachable, "No answer.")
	}
	if done := deliver(24); done.State != domain.SyncDone || done.People != 28 {
		t.Errorf("%+v", done)
	}
}

func TestOneSyncForEachSource(t *testing.T) {
	w := newWorld(t, t.TempDir())
	w.fake.read = func(ctx context.Context, _ func(domain.Batch) error,
		_ func(domain.ReadProgress)) (domain.ReadTotals, error) {
		<-ctx.Done()
		return domain.ReadTotals{}, ctx.Err()
	}
	begun, err := w.Start(t.Context(), id)
	if err != nil || begun.State != domain.SyncRunning {
		t.Fatal(begun, err)
	}
	if _, err := w.Start(t.Context(), id); domain.CodeOf(err) != domain.Conflict {
		t.Fatal(err)
	}
	if err := w.store.Mirror.DropSource(t.Context(), id); domain.CodeOf(err) != domain.Conflict {
		t.Fatal(err)
	}
	if _, err := w.Start(t.Context(), "none"); domain.CodeOf(err) != domain.NotFound {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := w.Wait(short, id); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	w.Cancel(id)
	if done, err := w.Wait(t.Context(), id); err != nil || done.State != domain.SyncCancelled {
		t.Fatal(done, err)
	}
	// Of a source that is being removed none begins.
	if _, err := w.Start(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	free, err := w.Bar(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.store.Mirror.DropSource(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	for _, start := range []func(context.Context, string) (domain.Sync, error){w.Start, w.StartChanges} {
		if _, err := start(t.Context(), id); domain.CodeOf(err) != domain.Conflict {
			t.Fatal(err)
		}
	}
	free()
	if _, err := w.Start(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	w.Close()
	if _, err := w.Start(t.Context(), id); domain.CodeOf(err) != domain.Cancelled {
		t.Fatal(err)
	}
}

// A failed sync keeps its sentence over a restart, and the copy of before.
func TestFailureIsKept(t *testing.T) {
	for name, read := range map[string]func(context.Context, func(domain.Batch) error,
		func(domain.ReadProgress)) (domain.ReadTotals, error){
		"error": func(_ context.Context, emit func(domain.Batch) error,
			_ func(domain.ReadProgress)) (domain.ReadTotals, error) {
			_ = emit(domain.Batch{Users: people(3)})
			return domain.ReadTotals{}, (&domain.Error{Code: domain.AuthFailed,
				Message: "The key has expired."}).WithHint("Make a new one.")
		},
		"panic": func(_ context.Context, emit func(domain.Batch) error,
			_ func(domain.ReadProgress)) (domain.ReadTotals, error) {
			_ = emit(domain.Batch{Users: people(3)})
			panic("oops")
		},
		"no people": func(context.Context, func(domain.Batch) error, func(domain.ReadProgress)) (domain.ReadTotals,
			error) {
			return domain.ReadTotals{People: -1, Groups: -1}, nil
		},
		"no id": func(_ context.Context, emit func(domain.Batch) error,
			_ func(domain.ReadProgress)) (domain.ReadTotals, error) {
			return domain.ReadTotals{People: -1, Groups: -1}, emit(domain.Batch{Users: []domain.User{{Name: "x"}}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			w := newWorld(t, dir)
			good := w.sync(t)
			w.fake.read = read
			bad := w.sync(t)
			if bad.State != domain.SyncFailed || bad.Error == nil || bad.Error.Message == "" || bad.Error.Hint == "" ||
				bad.FinishedAt.IsZero() {
				t.Fatalf("%+v", bad)
			}
			w.Close()
			_ = w.store.Close()
			again := newWorld(t, dir)
			s, f, err := again.State(t.Context(), id)
			if err != nil || s.State != domain.SyncFailed || s.Error.Message != bad.Error.Message ||
				s.Error.Code != bad.Error.Code {
				t.Fatalf("%+v %v", s, err)
			}
			if f.Revision != good.ID || len(again.names(t)) != 10 {
				t.Fatalf("%+v", f)
			}
		})
	}
}

// Cancelling at every batch leaves the old copy whole, and the next sync works.
func TestCancelAtEveryBatch(t *testing.T) {
	const batches = 6
	w := newWorld(t, t.TempDir())
	w.sync(t)
	for at := range batches + 1 {
		w.fake.read = func(_ context.Context, emit func(domain.Batch) error,
			_ func(domain.ReadProgress)) (domain.ReadTotals, error) {
			for i := range batches {
				if i == at {
					w.Cancel(id)
				}
				users := people(1000)
				for n := range users {
					users[n].AccountID = fmt.Sprintf("new-%d-%d", i, n)
				}
				if err := emit(domain.Batch{Users: users}); err != nil {
					return domain.ReadTotals{}, err
				}
			}
			if at == batches {
				w.Cancel(id)
			}
			return domain.ReadTotals{People: -1, Groups: -1}, nil
		}
		if done := w.sync(t); done.State != domain.SyncCancelled {
			t.Fatalf("batch %d: %+v", at, done)
		}
		if n := len(w.names(t)); n != 10 {
			t.Fatalf("batch %d: %d people", at, n)
		}
	}
	w.fake.read = deliver(people(11)...)
	if done := w.sync(t); done.State != domain.SyncDone || done.People != 11 {
		t.Fatalf("%+v", done)
	}
}

// While the first sync runs, what came so far can be looked at, and is marked as partial.
func TestFirstSyncIsBrowsable(t *testing.T) {
	w := newWorld(t, t.TempDir())
	var seen atomic.Int64
	fail := true
	w.fake.read = func(_ context.Context, emit func(domain.Batch) error,
		_ func(domain.ReadProgress)) (domain.ReadTotals, error) {
		users := people(7000)
		if !fail {
			users = users[:600] // some whom the first attempt saw have left
		}
		for i := 0; i < len(users); i += 100 {
			if err := emit(domain.Batch{Users: users[i : i+100]}); err != nil {
				return domain.ReadTotals{}, err
			}
			f, err := w.store.Mirror.Freshness(context.Background(), id)
			if err != nil || f.Revision != 0 || f.Partial != (f.People > 0) {
				return domain.ReadTotals{}, fmt.Errorf("%+v %w", f, err)
			}
			seen.Store(int64(f.People))
		}
		if fail {
			return domain.ReadTotals{}, domain.Errorf(domain.Unreachable, "The network is gone.")
		}
		return domain.ReadTotals{People: 600, Groups: -1}, nil
	}
	if done := w.sync(t); done.State != domain.SyncFailed || !strings.Contains(done.Error.Message, "network") {
		t.Fatalf("%+v", done)
	}
	if seen.Load() == 0 {
		t.Fatal("nobody was seen while it ran")
	}
	if f, err := w.store.Mirror.Freshness(t.Context(), id); err != nil || !f.Partial || f.People == 0 {
		t.Fatal("a failed first sync leaves what it has", f, err)
	}
	fail = false
	if done := w.sync(t); done.State != domain.SyncDone || done.Added != 600 {
		t.Fatalf("%+v", done)
	}
	if f, err := w.store.Mirror.Freshness(t.Context(), id); err != nil || f.Partial || f.People != 600 {
		t.Fatal(f, err)
	}
}

// Progress comes at most ten times a second, in order, and the waiting for a rate limit is told.
func TestProgress(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, dir)
		w.fake.read = func(_ context.Context, emit func(domain.Batch) error,
			progress func(domain.ReadProgress)) (domain.ReadTotals, error) {
			for i, u := range people(1000) {
				time.Sleep(3 * time.Millisecond)
				progress(domain.ReadProgress{Step: "People", People: i + 1, PeopleTotal: 1000})
				if i == 500 {
					progress(domain.ReadProgress{Step: "People", People: i + 1, PeopleTotal: 1000,
						Waiting: time.Minute})
					time.Sleep(time.Minute)
				}
				if err := emit(domain.Batch{Users: []domain.User{u}}); err != nil {
					return domain.ReadTotals{}, err
				}
			}
			return domain.ReadTotals{People: 1000, Groups: -1}, nil
		}
		w.sync(t)
		all, at := w.log.syncs()
		waited := false
		for i, s := range all {
			waited = waited || s.Progress.Waiting == time.Minute
			if i > 0 && s.Progress.People < all[i-1].Progress.People {
				t.Errorf("%d people after %d", s.Progress.People, all[i-1].Progress.People)
			}
			if i > 0 && i < len(all)-1 && at[i].Sub(at[i-1]) < 100*time.Millisecond {
				t.Errorf("event %d came %v after the one before", i, at[i].Sub(at[i-1]))
			}
		}
		if last := all[len(all)-1]; last.State != domain.SyncDone || last.Progress.People != 1000 ||
			last.Progress.Waiting != 0 {
			t.Errorf("%+v", last)
		}
		if !waited || len(all) < 20 {
			t.Errorf("waiting told: %v, %d events", waited, len(all))
		}
	})
}

func TestRefresh(t *testing.T) {
	w := newWorld(t, t.TempDir())
	if err := w.Refresh(t.Context(), id, []string{"a1"}); domain.CodeOf(err) != domain.Unsupported {
		t.Fatal(err)
	}
	w.fake.read = deliver(people(100)...)
	w.sync(t)
	var calls atomic.Int64
	w.fake.users = func(_ context.Context, ids []string) ([]domain.User, error) {
		calls.Add(1)
		if len(ids) > 10 {
			return nil, domain.Errorf(domain.Invalid, "too many")
		}
		var users []domain.User
		for _, account := range ids {
			if account != "a7" { // is gone
				users = append(users, domain.User{
					AccountID: account, Status: domain.StatusSuspended, GroupIDs: []string{"h"},
					Memberships: []domain.DirectoryMembership{{DirectoryID: "d", Status: domain.StatusSuspended}},
				})
			}
		}
		return users, nil
	}
	var ids []string
	for i := range 42 {
		ids = append(ids, fmt.Sprint("a", i), fmt.Sprint("a", i))
	}
	if err := w.Refresh(t.Context(), id, ids); err != nil || calls.Load() != 5 {
		t.Fatal(err, calls.Load())
	}
	users, err := w.store.Mirror.UsersByAccount(t.Context(), id, []string{"a0", "a41", "a42", "a7"})
	if err != nil || users[0].Status != domain.StatusSuspended || users[1].GroupIDs[0] != "h" ||
		users[1].Name != "Person 41" ||
		users[2].Status != domain.StatusActive || users[3].RemovedAt.IsZero() {
		t.Fatal(users, err)
	}
	w.fake.users = func(_ context.Context, ids []string) ([]domain.User, error) {
		if ids[0] == "a0" {
			return nil, domain.Errorf(domain.Unreachable, "No answer.")
		}
		return nil, nil
	}
	if err := w.Refresh(t.Context(), id, ids); domain.CodeOf(err) != domain.Unreachable {
		t.Fatal(err)
	}
}

// A person who was read afresh while a sync is running is newer than what that sync read before.
func TestRefreshDuringSync(t *testing.T) {
	w := newWorld(t, t.TempDir())
	w.sync(t)
	suspended := domain.User{AccountID: "a3", Status: domain.StatusSuspended, GroupIDs: []string{"h"}}
	w.fake.users = func(context.Context, []string) ([]domain.User, error) { return []domain.User{suspended}, nil }
	w.fake.read = func(_ context.Context, emit func(domain.Batch) error,
		_ func(domain.ReadProgress)) (domain.ReadTotals, error) {
		if err := emit(domain.Batch{Users: people(10)}); err != nil {
			return domain.ReadTotals{}, err
		}
		return domain.ReadTotals{People: -1, Groups: -1}, w.Refresh(context.Background(), id, []string{"a3"})
	}
	if done := w.sync(t); done.State != domain.SyncDone {
		t.Fatalf("%+v", done)
	}
	users, err := w.store.Mirror.UsersByAccount(t.Context(), id, []string{"a3"})
	if err != nil || users[0].Status != domain.StatusSuspended || users[0].GroupIDs[0] != "h" ||
		len(users[0].GroupIDs) != 1 {
		t.Fatal(users, err)
	}
}

// Of two readings of one person within a second, the one that began later holds, whichever is answered first; also
// where the later one says that the person is gone.
func TestSlowReadingOfTheSameSecond(t *testing.T) {
	for _, gone := range []bool{false, true} {
		w := newWorld(t, t.TempDir())
		w.sync(t)
		asked, answer := make(chan struct{}), make(chan struct{})
		var calls atomic.Int64
		w.fake.users = func(context.Context, []string) ([]domain.User, error) {
			u := domain.User{AccountID: "a3", Status: domain.StatusSuspended}
			switch {
			case calls.Add(1) == 1:
				u.Status = domain.StatusActive
				close(asked)
				<-answer
			case gone:
				return nil, nil
			}
			return []domain.User{u}, nil
		}
		first := make(chan error)
		for time.Now().Nanosecond() > 500_000_000 { // so that both begin in the same second
			time.Sleep(10 * time.Millisecond)
		}
		go func() { first <- w.Refresh(context.Background(), id, []string{"a3"}) }()
		<-asked
		if err := w.Refresh(t.Context(), id, []string{"a3"}); err != nil {
			t.Fatal(err)
		}
		close(answer)
		if err := <-first; err != nil {
			t.Fatal(err)
		}
		users, err := w.store.Mirror.UsersByAccount(t.Context(), id, []string{"a3"})
		if err != nil || !gone && users[0].Status != domain.StatusSuspended || gone == users[0].RemovedAt.IsZero() {
			t.Errorf("gone %t: %+v, %v", gone, users, err)
		}
	}
}
