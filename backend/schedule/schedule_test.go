package schedule

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
)

// desk is everything around a schedule: a store in memory, sources, and syncs that take a minute each.
type desk struct {
	mu      sync.Mutex
	rules   map[string]domain.SyncSchedule
	sources []domain.Source
	begun   []time.Time
	running map[string]chan struct{}
	most    int                     // syncs at once
	result  func(n int) domain.Sync // how the nth ends
	nexts   []time.Time             // as told
	takes   time.Duration

	fresh    domain.Freshness
	last     domain.Sync
	followed []time.Time // syncs of changes
}

func newDesk(ids ...string) *desk {
	d := &desk{rules: map[string]domain.SyncSchedule{}, running: map[string]chan struct{}{}, takes: time.Minute}
	for _, id := range ids {
		d.sources = append(d.sources, domain.Source{ID: id})
	}
	d.result = func(int) domain.Sync { return domain.Sync{State: domain.SyncDone} }
	return d
}

func (d *desk) SyncSchedule(_ context.Context, id string) (domain.SyncSchedule, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if v, ok := d.rules[id]; ok {
		return v, nil
	}
	v := domain.DefaultSyncSchedule(id)
	v.Zone = "Europe/Berlin"
	return v, nil
}

func (d *desk) SaveSyncSchedule(_ context.Context, v domain.SyncSchedule) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.rules[v.SourceID] = v
	return nil
}

func (d *desk) Start(_ context.Context, id string) (domain.Sync, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.running[id] != nil {
		return domain.Sync{}, domain.Errorf(domain.Conflict, "running")
	}
	d.begun = append(d.begun, time.Now())
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

func (d *desk) service() *Service {
	bus := &events.Bus{}
	bus.Subscribe(func(e events.Event) {
		if p, ok := e.Payload.(domain.NextSync); ok {
			d.nexts = append(d.nexts, p.At)
		}
	})
	return New(Options{Store: d, Sources: d.list, Syncs: d, Bus: bus, Log: slog.New(slog.DiscardHandler)})
}

func (d *desk) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.begun)
}

// run lets the real clock of gocron go for some time.
func (d *desk) run(t *testing.T, lasts time.Duration) {
	t.Helper()
	s := d.service()
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(lasts)
	s.Close()
}

// TestWeekWithHeartbeat runs a week on the heartbeat, with a restart every few hours: one sync for each source and day.
func TestWeekWithHeartbeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk("a", "b")
		d.takes = 20 * time.Minute
		for range 28 {
			d.run(t, 6*time.Hour)
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
	})
}

// clockAt looks at moments that a test chooses, as after a sleep or a change of the clock, which no fake clock can do.
type clockAt struct {
	*testing.T
	*desk
	s   *Service
	now time.Time
}

func lookAt(t *testing.T, d *desk, start string) *clockAt {
	t.Helper()
	now, err := time.Parse(time.RFC3339, start)
	if err != nil {
		t.Fatal(err)
	}
	d.takes = 0
	return &clockAt{t, d, d.service(), now}
}

// step looks every half minute for some time and returns how many syncs began.
func (c *clockAt) step(lasts time.Duration) int {
	c.Helper()
	before := c.count()
	for end := c.now.Add(lasts); c.now.Before(end); c.now = c.now.Add(every) {
		if err := c.s.look(context.Background(), c.now); err != nil {
			c.Fatal(err)
		}
		synctest.Wait()
	}
	return c.count() - before
}

func TestSleepRestartAndClock(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(c *clockAt) []int // how many syncs began in each part
		want []int
	}{
		{"three days of sleep are made up for once, after a minute", func(c *clockAt) []int {
			first := c.step(time.Hour)
			c.now = c.now.Add(72 * time.Hour)
			return []int{first, c.step(time.Minute), c.step(5 * time.Minute), c.step(12 * time.Hour)}
		}, []int{1, 0, 1, 0}},
		{"a restart does not do a day again", func(c *clockAt) []int {
			first := c.step(time.Hour)
			c.s = c.service()
			return []int{first, c.step(time.Hour)}
		}, []int{1, 0}},
		{"what was missed while it did not run is made up for once", func(c *clockAt) []int {
			first := c.step(time.Hour)
			c.s, c.now = c.service(), c.now.Add(50*time.Hour)
			return []int{first, c.step(30 * time.Second), c.step(10 * time.Minute), c.step(10 * time.Hour)}
		}, []int{1, 0, 1, 0}},
		{"the clock put back an hour or a day does not repeat the day", func(c *clockAt) []int {
			first := c.step(time.Hour)
			c.now = c.now.Add(-time.Hour)
			second := c.step(2 * time.Hour)
			c.now = c.now.Add(-24 * time.Hour)
			return []int{first, second, c.step(23 * time.Hour)}
		}, []int{1, 0, 0}},
		{"a clock that was years ahead does not stop it", func(c *clockAt) []int {
			c.now = c.now.AddDate(5, 0, 0)
			ahead := c.step(25 * time.Hour)
			c.now = c.now.AddDate(-5, 0, -1)
			return []int{min(ahead, 1), c.step(25 * time.Hour)}
		}, []int{1, 1}},
		{"a paused source waits and is made up for once", func(c *clockAt) []int {
			c.sources[0].Paused = true
			paused := c.step(30 * time.Hour)
			c.sources[0].Paused = false
			return []int{paused, c.step(time.Hour), c.step(time.Hour)}
		}, []int{0, 0, 0}}, // it had no due time yet: nothing was missed
		{"off is off, and a changed time holds the same day", func(c *clockAt) []int {
			rule := domain.SyncSchedule{SourceID: "a", Mode: domain.ScheduleOff}
			c.set(rule)
			off := c.step(30 * time.Hour)
			c.set(domain.SyncSchedule{SourceID: "a", Mode: domain.ScheduleDaily, At: "15:00", Zone: "Europe/Berlin"})
			return []int{off, c.step(24 * time.Hour)}
		}, []int{0, 1}},
		{"every six hours", func(c *clockAt) []int {
			c.set(domain.SyncSchedule{SourceID: "a", Mode: domain.ScheduleHours, Hours: 6})
			first := c.step(25 * time.Hour)
			c.now = c.now.Add(30 * time.Hour)
			return []int{first, c.step(5 * time.Hour), c.step(2 * time.Hour)}
		}, []int{4, 1, 1}},
		{"the day on which the clock goes forward, and the one on which it goes back", func(c *clockAt) []int {
			c.set(domain.SyncSchedule{SourceID: "a", Mode: domain.ScheduleDaily, At: "02:30", Zone: "Europe/Berlin"})
			c.now = time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC)
			c.step(time.Minute)
			forward := c.step(24 * time.Hour)
			c.now = time.Date(2026, 10, 24, 12, 0, 0, 0, time.UTC)
			c.step(time.Hour) // the summer that was slept through
			return []int{forward, c.step(24 * time.Hour)}
		}, []int{1, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				at := lookAt(t, newDesk("a"), "2026-11-21T05:10:00+01:00")
				time.Sleep(time.Until(at.now)) // the wall of the bubble, for what asks it
				got := c.do(at)
				for i, n := range got {
					if n != c.want[i] {
						t.Errorf("began %v, want %v", got, c.want)
						break
					}
				}
			})
		})
	}
}

func (c *clockAt) set(rule domain.SyncSchedule) {
	c.Helper()
	if err := c.s.Set(context.Background(), rule); err != nil {
		c.Fatal(err)
	}
	v := c.rules["a"] // Set asked the wall
	v.NextDue = Next(v, c.now)
	c.rules["a"] = v
}

// TestLockedKeys: on a machine whose keys wait for a passphrase at each start, what was missed or interrupted begins as soon as it is given,
// once, and not never.
func TestLockedKeys(t *testing.T) {
	for name, set := range map[string]func(*desk){
		"missed": func(d *desk) {
			due := time.Now().Add(-time.Hour).In(zone(t, "Europe/Berlin"))
			d.rules["a"] = domain.SyncSchedule{SourceID: "a", Mode: domain.ScheduleDaily, At: "05:30", Zone: "Europe/Berlin", NextDue: due}
		},
		"interrupted": func(d *desk) {
			d.rules["a"] = domain.SyncSchedule{SourceID: "a", Mode: domain.ScheduleOff}
			d.fresh.Resumable = true
			d.last = domain.Sync{State: domain.SyncFailed, Error: &domain.Error{Code: domain.Cancelled, Reason: "interrupted"}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := newDesk("a")
				set(d)
				s := d.service()
				var open atomic.Bool
				s.o.Locked = func(context.Context) bool { return !open.Load() }
				if err := s.Start(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(40 * time.Minute)
				locked := d.count()
				open.Store(true)
				time.Sleep(5 * time.Minute)
				s.Close()
				if n := d.count(); locked != 0 || n != 1 {
					t.Errorf("%d syncs began under lock, %d after it", locked, n)
				}
			})
		})
	}
}

// TestUnreachable tries again after a quarter of an hour, three times at most, and not for other failures.
func TestUnreachable(t *testing.T) {
	for code, want := range map[domain.Code]int{domain.Unreachable: 1 + maxRetries, domain.AuthFailed: 1} {
		synctest.Test(t, func(t *testing.T) {
			d := newDesk("a")
			d.result = func(int) domain.Sync { return domain.Sync{State: domain.SyncFailed, Error: domain.Errorf(code, "no")} }
			d.run(t, 23*time.Hour)
			time.Sleep(time.Hour)
			if n := d.count(); n != want {
				t.Errorf("%s: began %d times, want %d", code, n, want)
			}
			if v := d.rules["a"]; v.Retries != 0 {
				t.Errorf("%s: %+v", code, v)
			}
		})
	}
}

// TestManualSyncIsNotDisturbed lets a sync by hand of another source run at the time that is due.
func TestManualSyncIsNotDisturbed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk("a", "b")
		d.sources[1].Paused = true
		s := d.service()
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		berlin := zone(t, "Europe/Berlin")
		due := Next(domain.SyncSchedule{Mode: domain.ScheduleDaily, At: "05:30", Zone: "Europe/Berlin"}, time.Now())
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
