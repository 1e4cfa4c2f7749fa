package records

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"seatkeeper/backend/domain"
)

// countedDay makes the counts of one day with values in every column.
func countedDay(r *rand.Rand, source string, day int64, apps int) domain.DayCounts {
	d := domain.DayCounts{
		SourceID: source, Day: time.Unix(day*secondsPerDay, 0).UTC(), TakenAt: time.Unix(day*secondsPerDay+4242, 0).UTC(), Zone: "CET (UTC+01:00)",
		Computed: r.IntN(2) == 0, Groups: r.IntN(3000), Status: map[domain.Status]int{},
	}
	for _, s := range dayStatuses {
		d.Status[s] = r.IntN(100_000)
	}
	for i := range apps {
		c := domain.AppCounts{App: domain.App{
			AppID: fmt.Sprintf("ari:cloud:jira::site/7e2a7c2e-1b9d-4a57-9d8e-%012d", i), Key: "jira-software", Name: fmt.Sprintf("App %02d", i), SiteName: "acme",
			SiteURL: "https://acme.atlassian.net",
		}}
		for _, cell := range appCells(&c) {
			*cell.(*int) = r.IntN(50_000)
		}
		d.Apps = append(d.Apps, c)
	}
	return d
}

func addSources(t *testing.T, s *Store, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if err := s.SaveSource(t.Context(), domain.Source{ID: id}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDaysComeBackAsTheyWereCounted(t *testing.T) {
	s := openTest(t, t.TempDir())
	addSources(t, s, "S1", "S2")
	r := rand.New(rand.NewPCG(1, 2))
	var want []domain.DayCounts
	for day := range int64(20) {
		if day%7 == 3 {
			continue // no sync on that day
		}
		want = append(want, countedDay(r, "S1", 20_000+day, 3))
	}
	if err := s.SaveDays(t.Context(), want...); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveDays(t.Context(), countedDay(r, "S2", 20_001, 2)); err != nil {
		t.Fatal(err)
	}
	last := countedDay(r, "S1", 20_019, 2) // the day's last sync wins, also where an app is gone
	if err := s.SaveDays(t.Context(), last); err != nil {
		t.Fatal(err)
	}
	want[len(want)-1] = last
	got, err := s.Days(t.Context(), "S1", time.Time{}, "")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%v\ngot  %+v\nwant %+v", err, got, want)
	}
	one, err := s.Days(t.Context(), "S1", want[5].Day, want[5].Apps[1].App.AppID)
	if err != nil || len(one) != len(want)-5 || !reflect.DeepEqual(one[0].Apps, want[5].Apps[1:2]) {
		t.Fatalf("%v: %+v", err, one)
	}
	gone, err := s.GoneApps(t.Context(), "S1")
	if app := (domain.GoneApp{App: want[0].Apps[2].App, Last: want[len(want)-2].Day}); err != nil || !reflect.DeepEqual(gone, []domain.GoneApp{app}) {
		t.Fatalf("%v: %+v, not only %+v", err, gone, app)
	}
	if there, err := s.GoneApps(t.Context(), "S2"); err != nil || there != nil {
		t.Error(there, err)
	}
	if none, err := s.Days(t.Context(), "nobody", time.Time{}, ""); err != nil || none != nil {
		t.Error(none, err)
	}
	if err := s.DeleteSource(t.Context(), "S1"); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveDays(t.Context(), last); err != nil { // a count that was under way
		t.Fatal(err)
	}
	if gone, err := s.Days(t.Context(), "S1", time.Time{}, ""); err != nil || gone != nil {
		t.Errorf("removed with its source: %d days, %v", len(gone), err)
	}
	if kept, err := s.Days(t.Context(), "S2", time.Time{}, ""); err != nil || len(kept) != 1 {
		t.Errorf("another source lost its days: %d, %v", len(kept), err)
	}
}

// TestDaysAreCompact keeps a year of 50 apps, as they come: day by day.
func TestDaysAreCompact(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir)
	addSources(t, s, "S1")
	r := rand.New(rand.NewPCG(3, 4))
	const days, apps = 365, 50
	size := func() int64 {
		if _, err := s.db.Write.SQL.ExecContext(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(dir, FileName))
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	empty := size()
	all := make([]domain.DayCounts, days)
	for day := range all {
		all[day] = countedDay(r, "S1", 20_000+int64(day), apps)
	}
	if err := s.SaveDays(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	grown := size() - empty
	t.Logf("%d days of %d apps: %d KB, %.0f bytes a row", days, apps, grown/1024, float64(grown)/(days*apps))
	if limit := int64(days * apps * 90); grown > limit {
		t.Errorf("%d bytes, more than %d", grown, limit)
	}
}
