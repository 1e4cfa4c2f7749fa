package task_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/store/records"
	"seatkeeper/backend/task"
	_ "seatkeeper/backend/task/kinds"
)

// desk is everything around the tasks: a real database, sources, and syncs that take a minute each.
type desk struct {
	t  *testing.T
	db *records.Store

	mu      sync.Mutex
	sources []domain.Source
	begun   []time.Time
	running map[string]chan struct{}
	most    int                     // syncs at once
	result  func(n int) domain.Sync // how the nth ends
	nexts   []time.Time             // as told
	takes   time.Duration
	locked  atomic.Bool

	fresh    domain.Freshness
	last     domain.Sync
	followed []time.Time // syncs of changes
	atStart  func()      // called as a sync begins; nil for nothing
}

var quiet = slog.New(slog.DiscardHandler)

// careful is a kind of task that may not be done twice.
const careful = "careful"

var (
	carefully    atomic.Int32           // how often it was done
	carefulStart atomic.Pointer[func()] // called as it begins
	_            = task.Kinds.Add(careful, task.Kind{
		Run: func(context.Context, task.World, domain.Task, domain.TaskRun) (task.Result, error) {
			if begin := carefulStart.Load(); begin != nil {
				(*begin)()
			}
			carefully.Add(1)
			return task.Result{Outcome: domain.TaskDone}, nil
		},
	})
)

// newDesk must be called within the bubble of its test: the database's goroutines belong to it.
func newDesk(t *testing.T, ids ...string) *desk {
	t.Helper()
	return deskIn(t, t.TempDir(), ids...)
}

func deskIn(t *testing.T, dir string, ids ...string) *desk {
	t.Helper()
	db, err := records.Open(t.Context(), dir, quiet)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	d := &desk{t: t, db: db, running: map[string]chan struct{}{}, takes: time.Minute}
	for _, id := range ids {
		src := domain.Source{ID: id}
		d.sources = append(d.sources, src)
		tasks := task.OfSource(id)
		for i := range tasks {
			tasks[i].Schedule.Zone = "Europe/Berlin"
		}
		if err := db.SaveSource(t.Context(), src, tasks...); err != nil {
			t.Fatal(err)
		}
	}
	d.result = func(int) domain.Sync { return domain.Sync{State: domain.SyncDone} }
	return d
}

// task gives the sync of a source.
func (d *desk) task(id string) domain.Task {
	d.t.Helper()
	tasks, err := d.db.Tasks(context.Background())
	if err != nil {
		d.t.Fatal(err)
	}
	return tasks[slices.IndexFunc(tasks, func(t domain.Task) bool { return t.SourceID == id })]
}

func (d *desk) change(id string, change func(t *domain.Task)) {
	d.t.Helper()
	if _, err := d.db.ChangeTask(context.Background(), d.task(id).ID, change); err != nil {
		d.t.Fatal(err)
	}
}

// history gives the runs of a source's sync, oldest first, as "occurrence outcome reason".
func (d *desk) history(id string) []string {
	d.t.Helper()
	runs, err := d.db.TaskRuns(context.Background(), d.task(id).ID, 0, 100)
	if err != nil {
		d.t.Fatal(err)
	}
	var all []string
	for _, r := range slices.Backward(runs) {
		line := r.Occurrence + " " + string(r.Outcome)
		if r.Reason != "" {
			line += " " + r.Reason
		}
		all = append(all, line)
	}
	return all
}

func (d *desk) wantHistory(id string, want ...string) {
	d.t.Helper()
	if got := d.history(id); !slices.Equal(got, want) {
		d.t.Errorf("the history is\n%q, want\n%q", got, want)
	}
}

func (d *desk) Start(_ context.Context, id string) (domain.Sync, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.atStart != nil {
		d.atStart()
	}
	if d.running[id] != nil {
		return domain.Sync{}, domain.Errorf(domain.Conflict, "running")
	}
	d.begun, d.last = append(d.begun, time.Now()), domain.Sync{}
	done := make(chan struct{})
	d.running[id] = done
	d.most = max(d.most, len(d.running))
	time.AfterFunc(d.takes, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		delete(d.running, id)
		close(done)
	})
	return domain.Sync{}, nil
}

func (d *desk) StartChanges(ctx context.Context, id string) (domain.Sync, error) {
	begun, err := d.Start(ctx, id)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.begun = d.begun[:len(d.begun)-1]
	d.followed = append(d.followed, time.Now())
	d.fresh.ChangesAt = time.Now().Add(d.takes)
	return begun, err
}

func (d *desk) Wait(ctx context.Context, id string) (domain.Sync, error) {
	d.mu.Lock()
	done, n := d.running[id], len(d.begun)
	d.mu.Unlock()
	if done != nil {
		select {
		case <-done:
		case <-ctx.Done():
			return domain.Sync{}, ctx.Err()
		}
	}
	return d.result(n), nil
}

func (d *desk) State(_ context.Context, id string) (domain.Sync, domain.Freshness, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.running[id] != nil {
		return domain.Sync{State: domain.SyncRunning}, domain.Freshness{}, nil
	}
	if d.last.State != "" {
		return d.last, d.fresh, nil
	}
	return domain.Sync{State: domain.SyncDone}, d.fresh, nil
}

func (d *desk) list(context.Context) ([]domain.Source, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]domain.Source(nil), d.sources...), nil
}

func (d *desk) service() *task.Service {
	bus := &events.Bus{}
	bus.Subscribe(func(e events.Event) {
		if p, ok := e.Payload.(domain.NextTask); ok {
			d.mu.Lock()
			d.nexts = append(d.nexts, p.At)
			d.mu.Unlock()
		}
	})
	return task.New(task.Options{Store: d.db, Bus: bus, Log: quiet, World: task.World{
		Sources: d.list, Syncs: d, Locked: func(context.Context) bool { return d.locked.Load() },
	}})
}

func (d *desk) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.begun)
}

// run lets the real clock of gocron go for some time.
func (d *desk) run(lasts time.Duration) {
	d.t.Helper()
	s := d.service()
	if err := s.Start(); err != nil {
		d.t.Fatal(err)
	}
	time.Sleep(lasts)
	s.Close()
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// TestWeekWithHeartbeat runs a week on the heartbeat, with a restart every few hours: one sync for each source and day.
func TestWeekWithHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, "a", "b")
		d.takes = 20 * time.Minute
		for range 28 {
			d.run(6 * time.Hour)
		}
		time.Sleep(time.Hour)
		if n := d.count(); n != 14 || d.most != 1 {
			t.Fatalf("%d syncs in 7 days, %d at once", n, d.most)
		}
		berlin := zone(t, "Europe/Berlin")
		for i, at := range d.begun {
			at = at.In(berlin)
			if minute := at.Hour()*60 + at.Minute(); minute < 330 || minute > 330+25 {
				t.Errorf("sync %d began at %s", i, at)
			}
		}
		if len(d.nexts) == 0 {
			t.Error("the next sync was never told")
		}
		for _, id := range []string{"a", "b"} {
			if h := d.history(id); len(h) != 7 || h[0] != "2000-01-01T05:30 done" || h[6] != "2000-01-07T05:30 done" {
				t.Errorf("%s: %q", id, h)
			}
		}
	})
}

// clockAt looks at moments that a test chooses, as after a sleep or a change of the clock, which no fake clock can do.
type clockAt struct {
	*desk
	s   *task.Service
	now time.Time
}

func lookAt(d *desk, start string) *clockAt {
	d.t.Helper()
	now, err := time.Parse(time.RFC3339, start)
	if err != nil {
		d.t.Fatal(err)
	}
	d.takes = 0
	return &clockAt{d, d.service(), now}
}

// step looks every two minutes, as seldom as is no sleep, for some time and returns how many syncs began.
func (c *clockAt) step(lasts time.Duration) int {
	c.t.Helper()
	before := c.count()
	if err := c.look(lasts); err != nil {
		c.t.Fatal(err)
	}
	return c.count() - before
}

func (c *clockAt) look(lasts time.Duration) error {
	for end := c.now.Add(lasts); c.now.Before(end); c.now = c.now.Add(4 * task.Every) {
		if err := c.s.Look(context.Background(), c.now); err != nil {
			return err
		}
	}
	return nil
}

func (c *clockAt) set(rule domain.Schedule) {
	c.t.Helper()
	t := c.task("a")
	t.Schedule = rule
	if _, err := c.s.Set(context.Background(), t); err != nil {
		c.t.Fatal(err)
	}
	c.change("a", func(t *domain.Task) { t.NextDue = task.Next(*t, c.now) }) // Set asked the wall
}

func TestSleepRestartAndClock(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(c *clockAt) []int // how many syncs began in each part
		want []int
		hist []string // nil: not looked at
	}{
		{"three days of sleep are made up for once, after a minute", func(c *clockAt) []int {
			first := c.step(time.Hour)
			c.now = c.now.Add(72 * time.Hour)
			return []int{first, c.step(time.Minute), c.step(5 * time.Minute), c.step(12 * time.Hour)}
		}, []int{1, 0, 1, 0}, []string{"2026-11-21T05:30 done", "2026-11-22T05:30 missed away", "2026-11-23T05:30 missed away", "2026-11-24T05:30 done"}},
		{"a restart does not do a day again", func(c *clockAt) []int {
			first := c.step(time.Hour)
			c.s = c.service()
			return []int{first, c.step(time.Hour)}
		}, []int{1, 0}, []string{"2026-11-21T05:30 done"}},
		{"what was missed while it did not run is made up for once", func(c *clockAt) []int {
			first := c.step(time.Hour)
			c.s, c.now = c.service(), c.now.Add(50*time.Hour)
			return []int{first, c.step(30 * time.Second), c.step(10 * time.Minute), c.step(10 * time.Hour)}
		}, []int{1, 0, 1, 0}, []string{"2026-11-21T05:30 done", "2026-11-22T05:30 missed away", "2026-11-23T05:30 done"}},
		{"the clock put back an hour or a day does not repeat the day", func(c *clockAt) []int {
			first := c.step(time.Hour)
			c.now = c.now.Add(-time.Hour)
			second := c.step(2 * time.Hour)
			c.now = c.now.Add(-24 * time.Hour)
			return []int{first, second, c.step(23 * time.Hour)}
		}, []int{1, 0, 0}, []string{"2026-11-21T05:30 done"}},
		{"a clock that was years ahead does not stop it", func(c *clockAt) []int {
			c.now = c.now.AddDate(5, 0, 0)
			ahead := c.step(25 * time.Hour)
			c.now = c.now.AddDate(-5, 0, -1)
			return []int{min(ahead, 1), c.step(25 * time.Hour)}
		}, []int{1, 1}, nil},
		{"days that a clock has begun which was three days ahead come again", func(c *clockAt) []int {
			c.now = c.now.AddDate(0, 0, 3)
			ahead := c.step(time.Hour)
			c.now = c.now.AddDate(0, 0, -3)
			return []int{ahead, c.step(4 * 24 * time.Hour)}
		}, []int{1, 4}, []string{
			"2026-11-24T05:30 of run 1 done", "2026-11-22T05:30 done", "2026-11-23T05:30 done", "2026-11-24T05:30 done", "2026-11-25T05:30 done",
		}},
		{"a paused source waits and is made up for once", func(c *clockAt) []int {
			c.sources[0].Paused = true
			paused := c.step(30 * time.Hour)
			c.sources[0].Paused = false
			return []int{paused, c.step(time.Hour), c.step(time.Hour)}
		}, []int{0, 0, 0}, nil}, // it had no due time yet: nothing was missed
		{"a pause of some days says so", func(c *clockAt) []int {
			first := c.step(time.Hour)
			c.sources[0].Paused = true
			paused := c.step(50 * time.Hour)
			c.sources[0].Paused = false
			return []int{first, paused, c.step(time.Hour)}
		}, []int{1, 0, 1}, []string{"2026-11-21T05:30 done", "2026-11-22T05:30 missed paused", "2026-11-23T05:30 done"}},
		{"locked keys and another sync say so, and so does a sleep between them", func(c *clockAt) []int {
			c.locked.Store(true)
			locked := c.step(25 * time.Hour)
			c.now = c.now.Add(24 * time.Hour)
			c.step(time.Hour)
			c.locked.Store(false)
			c.running["other"], c.sources = make(chan struct{}), append(c.sources, domain.Source{ID: "other"})
			busy := c.step(48 * time.Hour)
			delete(c.running, "other")
			return []int{locked, busy, c.step(time.Hour)}
		}, []int{0, 0, 1}, []string{
			"2026-11-21T05:30 missed locked", "2026-11-22T05:30 missed locked", "2026-11-23T05:30 missed away", "2026-11-24T05:30 missed busy",
			"2026-11-25T05:30 done",
		}},
		{"off is off, and a changed time holds the same day", func(c *clockAt) []int {
			c.set(domain.Schedule{Mode: domain.ScheduleOff})
			off := c.step(30 * time.Hour)
			c.set(domain.Schedule{Mode: domain.ScheduleDaily, At: "15:00", Zone: "Europe/Berlin"})
			return []int{off, c.step(24 * time.Hour)}
		}, []int{0, 1}, nil},
		{"one that is not active does nothing", func(c *clockAt) []int {
			c.change("a", func(t *domain.Task) { t.Active = false })
			return []int{c.step(30 * time.Hour)}
		}, []int{0}, []string{}},
		{"every six hours", func(c *clockAt) []int {
			c.set(domain.Schedule{Mode: domain.ScheduleHours, Hours: 6})
			first := c.step(25 * time.Hour)
			c.now = c.now.Add(30 * time.Hour)
			return []int{first, c.step(5 * time.Hour), c.step(2 * time.Hour)}
		}, []int{4, 1, 1}, nil},
		{"the day on which the clock goes forward, and the one on which it goes back", func(c *clockAt) []int {
			c.set(domain.Schedule{Mode: domain.ScheduleDaily, At: "02:30", Zone: "Europe/Berlin"})
			c.now = time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)
			c.step(time.Minute)
			forward := c.step(24 * time.Hour)
			c.now = time.Date(2026, 10, 24, 12, 0, 0, 0, time.UTC)
			c.step(time.Hour) // the summer that was slept through
			return []int{forward, c.step(24 * time.Hour)}
		}, []int{1, 1}, nil},
		{"a journey does neither repeat a day nor leave one out", func(c *clockAt) []int {
			first := c.step(time.Hour)
			c.change("a", func(t *domain.Task) { t.Schedule.Zone = "America/Los_Angeles" }) // as this computer's zone does
			west := c.step(24 * time.Hour)
			c.change("a", func(t *domain.Task) { t.Schedule.Zone = "Asia/Tokyo" })
			return []int{first, west, c.step(24 * time.Hour)}
		}, []int{1, 0, 2}, []string{"2026-11-21T05:30 done", "2026-11-22T05:30 done", "2026-11-23T05:30 done"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				at := lookAt(newDesk(t, "a"), "2026-11-21T05:10:00+01:00")
				time.Sleep(time.Until(at.now)) // the wall of the bubble, for what asks it
				got := c.do(at)
				if !slices.Equal(got, c.want) {
					t.Errorf("began %v, want %v: %q", got, c.want, at.history("a"))
				}
				if c.hist != nil {
					at.wantHistory("a", c.hist...)
				}
			})
		})
	}
}

// TestLockedKeys: on a machine whose keys wait for a passphrase at each start, what was missed or interrupted begins as
// soon as it is given, once, and not never.
func TestLockedKeys(t *testing.T) {
	for name, set := range map[string]func(*desk){
		"missed": func(d *desk) {
			d.change("a", func(t *domain.Task) { t.NextDue = time.Now().Add(-time.Hour) })
		},
		"interrupted": func(d *desk) {
			d.change("a", func(t *domain.Task) { t.Schedule.Mode = domain.ScheduleOff })
			d.fresh.Resumable = true
			d.last = domain.Sync{State: domain.SyncFailed, Error: &domain.Error{Code: domain.Cancelled, Reason: "interrupted"}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(t, "a")
				set(d)
				d.locked.Store(true)
				s := d.service()
				if err := s.Start(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(40 * time.Minute)
				locked := d.count()
				d.locked.Store(false)
				time.Sleep(5 * time.Minute)
				s.Close()
				if n := d.count(); locked != 0 || n != 1 {
					t.Errorf("%d syncs began under lock, %d after it", locked, n)
				}
			})
		})
	}
}

// TestUnreachable tries again after a quarter of an hour, three times at most, and not for other failures. It stays one
// run of one occurrence.
func TestUnreachable(t *testing.T) {
	for code, want := range map[domain.Code]int{domain.Unreachable: 1 + task.MaxRetries, domain.AuthFailed: 1} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk(t, "a")
			d.result = func(int) domain.Sync {
				return domain.Sync{State: domain.SyncFailed, Error: domain.Errorf(code, "no")}
			}
			d.run(23 * time.Hour)
			time.Sleep(time.Hour)
			if n := d.count(); n != want {
				t.Errorf("%s: began %d times, want %d", code, n, want)
			}
			if v := d.task("a"); v.Retries != 0 || !v.RetryAt.IsZero() {
				t.Errorf("%s: %+v", code, v)
			}
			d.wantHistory("a", "2000-01-01T05:30 failed "+string(code))
			runs, _ := d.db.TaskRuns(t.Context(), d.task("a").ID, 0, 1)
			if len(runs) != 1 || runs[0].Attempts != want {
				t.Errorf("%+v", runs)
			}
		})
	}
}

// TestManualSyncIsNotDisturbed lets a sync by hand of another source run at the time that is due.
func TestManualSyncIsNotDisturbed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, "a", "b")
		d.sources[1].Paused = true
		s := d.service()
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		berlin := zone(t, "Europe/Berlin")
		due := task.Next(domain.Task{Schedule: domain.Schedule{Mode: domain.ScheduleDaily, At: "05:30", Zone: "Europe/Berlin"}}, time.Now())
		time.Sleep(time.Until(due) - time.Second)
		d.takes = time.Hour
		if _, err := d.Start(t.Context(), "b"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Hour)
		s.Close()
		if len(d.begun) != 2 || d.most != 1 || d.begun[1].In(berlin).Hour() != 6 {
			t.Errorf("%v, %d at once", d.begun, d.most)
		}
	})
}
