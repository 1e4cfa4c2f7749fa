package trends_test

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/mirror"
	"seatkeeper/backend/people/directory"
	_ "seatkeeper/backend/people/fields"
	"seatkeeper/backend/people/trends"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	_ "seatkeeper/backend/source/atlassianorg"
	"seatkeeper/backend/store"
	"seatkeeper/backend/store/mirrordb"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// place is a simulated organization with its local copy and its trends.
type place struct {
	store  *store.Databases
	sync   *mirror.Engine
	people *directory.Service
	trends *trends.Service
	bus    *events.Bus
	kept   chan struct{} // a value whenever counts were kept
}

func newPlace(t *testing.T, people int, demo bool) *place {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	db, err := store.Open(t.Context(), t.TempDir(), log)
	if err != nil {
		t.Fatal(err)
	}
	w := sim.New(sim.Config{People: people, Sites: 2, Seed: 7})
	org, key := w.Organization()
	src := domain.Source{ID: "s", Kind: domain.KindAtlassianOrg, Name: "Acme", Settings: map[string]string{"org_id": org}}
	if err := db.Records.SaveSource(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	kind, _ := source.Kinds.Get(string(domain.KindAtlassianOrg))
	open, err := kind.Open(source.Config{
		Source: src, Secrets: map[string]domain.Secret{"api_key": domain.NewSecret(key)}, Network: source.Network{Transport: w.Transport()},
	})
	if err != nil {
		t.Fatal(err)
	}
	p := &place{store: db, bus: &events.Bus{}, kept: make(chan struct{}, 100)}
	p.bus.Subscribe(func(e events.Event) {
		if e.Topic == trends.Changed {
			p.kept <- struct{}{}
		}
	})
	p.sync = mirror.New(mirror.Options{Store: db.Mirror, Bus: p.bus, Open: func(context.Context, string) (source.Source, error) { return open, nil }})
	p.people = directory.New(directory.Options{Store: db.Mirror, Bus: p.bus})
	p.trends = p.service(t, demo)
	t.Cleanup(func() {
		p.trends.Close()
		p.people.Close()
		p.sync.Close()
		open.Close()
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

func (p *place) service(t *testing.T, demo bool) *trends.Service {
	t.Helper()
	s := trends.New(trends.Options{Store: p.store.Records, Freshness: p.store.Mirror.Freshness, People: p.people, Sources: p.store.Records.Sources, Bus: p.bus, Log: slog.New(slog.DiscardHandler), Demo: demo})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func (p *place) resync(t *testing.T) {
	t.Helper()
	if _, err := p.sync.Start(t.Context(), "s"); err != nil {
		t.Fatal(err)
	}
	if done, err := p.sync.Wait(t.Context(), "s"); err != nil || done.State != domain.SyncDone {
		t.Fatalf("%+v, %v", done, err)
	}
}

func (p *place) days(t *testing.T) []domain.DayCounts {
	t.Helper()
	days, err := p.store.Records.Days(t.Context(), "s", time.Time{}, "")
	if err != nil {
		t.Fatal(err)
	}
	return days
}

// until waits for counts that satisfy ok.
func (p *place) until(t *testing.T, ok func([]domain.DayCounts) bool) []domain.DayCounts {
	t.Helper()
	for {
		if days := p.days(t); ok(days) {
			return days
		}
		select {
		case <-p.kept:
		case <-time.After(time.Minute):
			t.Fatal("the counts were not kept")
		}
	}
}

// equalsTiles tells whether a day is what the tiles show now, for every threshold.
func (p *place) equalsTiles(t *testing.T, d domain.DayCounts) bool {
	t.Helper()
	for step, days := range domain.InactiveSteps {
		tiles, err := p.people.Overview(t.Context(), "s", days)
		if err != nil {
			t.Fatal(err)
		}
		if len(tiles) != len(d.Apps) {
			return false
		}
		for i, tile := range tiles {
			c := d.Apps[i]
			got := [...]int{c.People, c.Active[step], c.Inactive(step), c.Never, c.Unknown, c.Invited, c.Suspended, c.Deactivated}
			want := [...]int{
				tile.People.Count, tile.Active.Count, tile.Inactive.Count, tile.Never.Count, tile.Unknown.Count, tile.Invited.Count,
				tile.Suspended.Count, tile.Deactivated.Count,
			}
			if c.App.AppID != tile.App.AppID || got != want {
				return false
			}
		}
	}
	for status, n := range d.Status {
		found, err := p.people.Parse(t.Context(), "s", "status = "+string(status))
		if err != nil || found.Error != nil {
			t.Fatal(err, found.Error)
		}
		if found.Count != n {
			return false
		}
	}
	all, err := p.people.Parse(t.Context(), "s", "")
	return err == nil && d.People() == all.Count
}

// TestTodayEqualsTheTiles: whatever changes on a day, by syncs and by runs, its row is what the tiles show in the end.
func TestTodayEqualsTheTiles(t *testing.T) {
	p := newPlace(t, 300, false)
	if days := p.days(t); days != nil {
		t.Fatalf("counted without a sync: %+v", days)
	}
	p.resync(t)
	days := p.until(t, func(days []domain.DayCounts) bool { return len(days) == 1 })
	if !p.equalsTiles(t, days[0]) || days[0].Computed || days[0].Zone == "" || days[0].People() < 300 || days[0].Groups == 0 {
		t.Fatalf("%+v", days[0])
	}
	r := rand.New(rand.NewPCG(1, 1))
	users := []domain.User{}
	if err := p.store.Mirror.EachUser(t.Context(), "s", func(u domain.User) error { users = append(users, u); return nil }); err != nil {
		t.Fatal(err)
	}
	for round := range 6 {
		for range 20 { // as a run reads back whom it has changed
			u := users[r.IntN(len(users))]
			u.Status = []domain.Status{domain.StatusSuspended, domain.StatusActive, domain.StatusDeactivated}[r.IntN(3)]
			if err := p.store.Mirror.PutUsers(t.Context(), "s", []domain.User{u}); err != nil {
				t.Fatal(err)
			}
		}
		if round%3 == 2 {
			p.resync(t)
		} else {
			p.bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "s"})
		}
		p.until(t, func(days []domain.DayCounts) bool { return len(days) == 1 && p.equalsTiles(t, days[0]) })
	}
	// A count that was lost because the program ended is made up for at the next start.
	if err := p.store.Records.SaveDays(t.Context(), domain.DayCounts{SourceID: "s", Day: days[0].Day}); err != nil {
		t.Fatal(err)
	}
	p.trends.Close()
	p.trends = p.service(t, false)
	p.until(t, func(days []domain.DayCounts) bool { return len(days) == 1 && p.equalsTiles(t, days[0]) })
}

// TestADayWithoutASyncIsAGap: changes on a day without a sync are not taken for a count of that day.
func TestADayWithoutASyncIsAGap(t *testing.T) {
	p := newPlace(t, 60, false)
	p.resync(t)
	p.until(t, func(days []domain.DayCounts) bool { return len(days) == 1 })
	old := yesterday{p.store.Mirror, make(chan struct{})}
	p.trends.Close()
	const marked = 999
	if err := p.store.Records.SaveDays(t.Context(), domain.DayCounts{SourceID: "s", Day: p.days(t)[0].Day, Groups: marked}); err != nil {
		t.Fatal(err)
	}
	p.trends = trends.New(trends.Options{Store: p.store.Records, Freshness: old.Freshness, People: p.people, Sources: p.store.Records.Sources, Bus: p.bus, Log: slog.New(slog.DiscardHandler)})
	if err := p.trends.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-old.asked // at the start
	p.bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "s"})
	<-old.asked // the first look is over then
	p.bus.Publish(events.Event{Topic: events.PeopleChanged, SourceID: "s"})
	<-old.asked
	p.trends.Close()
	if days := p.days(t); len(days) != 1 || days[0].Groups != marked {
		t.Errorf("%+v", days)
	}
}

// yesterday is a copy whose last sync is a day old; it says when it was asked.
type yesterday struct {
	*mirrordb.Store

	asked chan struct{}
}

func (y yesterday) Freshness(ctx context.Context, id string) (domain.Freshness, error) {
	f, err := y.Store.Freshness(ctx, id)
	f.CompleteAt = f.CompleteAt.AddDate(0, 0, -1)
	select {
	case y.asked <- struct{}{}:
	case <-ctx.Done():
	}
	return f, err
}

func TestTheDemoHasAPast(t *testing.T) {
	p := newPlace(t, 300, true)
	p.resync(t)
	days := p.until(t, func(days []domain.DayCounts) bool { return len(days) > 1 })
	last := len(days) - 1
	if last != 400 || days[last].Computed || !p.equalsTiles(t, days[last]) {
		t.Fatalf("%d days, the last one %+v", len(days), days[last])
	}
	for i, d := range days[:last] {
		if !d.Computed || d.People() > days[i+1].People() {
			t.Fatalf("day %d: computed %v, %d people, then %d", i, d.Computed, d.People(), days[i+1].People())
		}
		for a, c := range d.Apps {
			if sum := c.Active[len(c.Active)-1] + c.Never + c.Unknown; sum > c.People || c.People > days[last].Apps[a].People {
				t.Fatalf("day %d: %+v", i, c)
			}
		}
	}
	p.resync(t)
	p.until(t, func(days []domain.DayCounts) bool { return len(days) == 401 })
}

func TestTrend(t *testing.T) {
	p := newPlace(t, 20, false)
	app := domain.App{AppID: "a1", Name: "Jira", SiteName: "acme"}
	y, m, d := time.Now().Date()
	day := func(ago int) time.Time { return time.Date(y, m, d-ago, 0, 0, 0, 0, time.UTC) }
	put := func(ago, people, active, unknown int) {
		c := domain.AppCounts{App: app, People: people, Never: 10, Unknown: unknown}
		for i := range c.Active {
			c.Active[i] = active + i
		}
		err := p.store.Records.SaveDays(t.Context(), domain.DayCounts{
			SourceID: "s", Day: day(ago), Zone: "UTC", Status: map[domain.Status]int{domain.StatusActive: people, domain.StatusInvited: 2}, Apps: []domain.AppCounts{c},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	put(40, 1000, 500, 0)
	put(29, 1200, 700, 0)
	put(3, 1300, 700, 0)
	get := func(q trends.Query) trends.Trend {
		t.Helper()
		q.SourceID = "s"
		tr, err := p.trends.Trend(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		return tr
	}
	month := get(trends.Query{AppID: "a1", Days: 30, Inactive: 90})
	if len(month.Points) != 2 || month.Step != 90 || len(month.Series) != 4 || month.Points[1].Values[1] != 705 || month.Points[1].Values[2] != 585 {
		t.Errorf("%+v", month)
	}
	want := "Jira (acme): 1,300 people have access on " + day(3).Format("Jan 2, 2006") + ", +8.3% since " + day(29).Format("Jan 2, 2006") +
		". 705 used it in the 90 days before (unchanged); 585 did not for 90 days (+20.6%)."
	if month.Summary != want {
		t.Errorf("%s\nwant %s", month.Summary, want)
	}
	if all := get(trends.Query{AppID: "a1", Inactive: 75}); len(all.Points) != 3 || all.Step != 60 {
		t.Errorf("%+v", all)
	}
	put(1, 1300, 700, 40)
	if known := get(trends.Query{AppID: "a1", Days: 90, Inactive: 30}); len(known.Series) != 5 || known.Points[0].Values[4] != 0 || known.Points[3].Values[4] != 40 {
		t.Errorf("what is not known is not shown: %+v", known)
	}
	everybody := get(trends.Query{Days: 365, Inactive: 30})
	if len(everybody.Points) != 4 || everybody.Points[3].Values[0] != 1302 || !strings.HasPrefix(everybody.Summary, "Everybody: 1,302 people on ") {
		t.Errorf("%+v", everybody)
	}
	// The app is removed from the site: its days are kept, and it can still be chosen.
	err := p.store.Records.SaveDays(t.Context(), domain.DayCounts{SourceID: "s", Day: day(0), Zone: "UTC", Status: map[domain.Status]int{domain.StatusActive: 5}})
	if err != nil {
		t.Fatal(err)
	}
	gone, err := p.trends.Gone(t.Context(), "s")
	if err != nil || len(gone) != 1 || gone[0].App.AppID != "a1" || gone[0].App.Name != "Jira" || !gone[0].Last.Equal(day(1)) {
		t.Errorf("%+v, %v", gone, err)
	}
	if kept := get(trends.Query{AppID: "a1", Days: 90, Inactive: 30}); len(kept.Points) != 4 || !kept.Points[3].Day.Equal(day(1)) {
		t.Errorf("%+v", kept)
	}
	if none := get(trends.Query{AppID: "gone", Days: 30, Inactive: 30}); len(none.Points) != 0 || none.Summary != "" {
		t.Errorf("%+v", none)
	}
	if _, err := p.trends.Trend(t.Context(), trends.Query{SourceID: "s", Days: -1}); domain.CodeOf(err) != domain.Invalid {
		t.Error(err)
	}
}
