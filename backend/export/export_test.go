package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/export"
	"seatkeeper/backend/people/directory"
	_ "seatkeeper/backend/people/fields"
	"seatkeeper/backend/report"
	_ "seatkeeper/backend/report/formats"
)

const today = 20000 // days since 1970

// copyOf is a local copy in memory with that many people, each with two apps and eight groups.
type copyOf int

// anywhere is a place that nobody watches.
func anywhere(path string) report.Place {
	return report.At(path, func(string) bool { return false })
}

func (n copyOf) Freshness(context.Context, string) (domain.Freshness, error) {
	return domain.Freshness{Revision: 1, People: int(n)}, nil
}

func (copyOf) Apps(context.Context, string) ([]domain.App, error) {
	return []domain.App{{ID: 1, AppID: "ari:1", Name: "Jira", SiteName: "acme"}, {ID: 2, AppID: "ari:2", Name: "Confluence", SiteName: "acme"}}, nil
}

func (copyOf) Groups(context.Context, string) ([]domain.Group, error) {
	groups := make([]domain.Group, 2000)
	for i := range groups {
		groups[i] = domain.Group{ID: int64(i + 1), GroupID: fmt.Sprint("g", i), Name: fmt.Sprintf("group-%04d", i)}
	}
	return groups, nil
}

func (copyOf) Directories(context.Context, string) ([]domain.Directory, error) { return nil, nil }

func (n copyOf) EachUser(_ context.Context, _ string, fn func(domain.User) error) error {
	for i := range int(n) {
		u := domain.User{
			ID: int64(i + 1), AccountID: fmt.Sprintf("712020:%08d-4e1c-4a3b-9f0e", i), AccountType: "atlassian", Name: fmt.Sprintf("Person %06d", i),
			Email: fmt.Sprintf("person.%06d@example.com", i), Status: domain.StatusActive, Managed: domain.Yes,
			Profile: domain.Profile{
				Department: "Engineering", JobTitle: fmt.Sprint("Title ", i%400), Location: "Köln", TimeZone: "Europe/Berlin",
			},
			AddedAt: time.Unix(1_600_000_000, 0).AddDate(0, 0, i%900),
		}
		if i == 0 {
			u.Name = `=HYPERLINK("http://x","y")`
		}
		if err := fn(u); err != nil {
			return err
		}
	}
	return nil
}

func (n copyOf) EachAccess(_ context.Context, _ string, fn func(userID, appID int64, day int32) error) error {
	for i := range int64(n) {
		day := int32(today - i%300)
		switch i % 10 {
		case 8:
			continue
		case 9:
			day = 0
		}
		if err := errors.Join(fn(i+1, 1, day), fn(i+1, 2, 0)); err != nil {
			return err
		}
	}
	return nil
}

func (n copyOf) EachMembership(_ context.Context, _ string, fn func(userID, groupID int64) error) error {
	for i := range int64(n) {
		for g := range int64(8) {
			if err := fn(i+1, 1+(i*7+g*251)%2000); err != nil {
				return err
			}
		}
	}
	return nil
}

func (copyOf) Domains(context.Context, string) ([]domain.Domain, error) { return nil, nil }

func (copyOf) UsersByID(context.Context, string, []int64) ([]domain.User, error) { return nil, nil }

func open(t testing.TB, people int, bus *events.Bus) (*export.Service, *directory.Service) {
	t.Helper()
	dirs := directory.New(directory.Options{Store: copyOf(people)})
	t.Cleanup(dirs.Close)
	return export.New(dirs, bus), dirs
}

func (copyOf) PersonHistory(context.Context, string, int64) ([]domain.PersonEvent, error) {
	return nil, nil
}

func (copyOf) PeopleChanges(context.Context, string, int64) (domain.PeopleChanges, error) {
	return domain.PeopleChanges{Whole: true}, nil
}

func (copyOf) SaveImage(context.Context, string, int, int64, func(io.Writer) error) error { return nil }

func (copyOf) LoadImage(context.Context, string, int, func(int64, io.Reader) error) error {
	return domain.Errorf(domain.NotFound, "There is no image.")
}

func list(t testing.TB, dirs *directory.Service, filter string) directory.Snapshot {
	t.Helper()
	snap, err := dirs.Query(t.Context(), directory.Query{SourceID: "s", Filter: filter})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

func format(t testing.TB, name string) report.Format {
	t.Helper()
	f, ok := report.Formats.Get(name)
	if !ok {
		t.Fatalf("no format %s", name)
	}
	return f
}

func TestShownColumns(t *testing.T) {
	service, dirs := open(t, 20, nil)
	snap := list(t, dirs, "")
	path := filepath.Join(t.TempDir(), "people.csv")
	rows, err := service.Run(t.Context(), export.Request{ID: "e", SnapshotID: snap.ID, Columns: []string{"lastActive", "name", "groups"}, Format: format(t, "csv"), To: anywhere(path)})
	if err != nil || rows != 20 {
		t.Fatal(rows, err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF")))).ReadAll()
	if err != nil || len(lines) != 21 {
		t.Fatal(lines, err)
	}
	got := map[string]string{}
	for _, l := range lines {
		got[l[1]] = l[0] + " " + l[2]
	}
	for name, want := range map[string]string{
		"Name": "Last active Groups", `'=HYPERLINK("http://x","y")`: "2024-10-04 8", "Person 000001": "2024-10-03 8", "Person 000008": "no app 8", "Person 000009": "never 8",
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// TestEverything: all columns of a filtered list, all group names of each person, and what the list is.
func TestEverything(t *testing.T) {
	service, dirs := open(t, 20, nil)
	snap := list(t, dirs, `name ~ "Person 00000" ORDER BY email DESC`)
	path := filepath.Join(t.TempDir(), "people.json")
	if _, err := service.Run(t.Context(), export.Request{ID: "e", Source: "Acme", SnapshotID: snap.ID, Format: format(t, "json"), To: anywhere(path)}); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		List map[string]string `json:"list"`
		Rows []struct {
			Email      string   `json:"email"`
			GroupNames []string `json:"groupNames"`
			Apps       []string `json:"apps"`
		} `json:"rows"`
	}
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.List["source"] != "Acme" || doc.List["people"] != "9 of 20" || doc.List["filter"] != `name ~ "Person 00000"` || doc.List["sorted by"] != "email DESC" {
		t.Errorf("%q", doc.List)
	}
	if len(doc.Rows) != 9 || doc.Rows[0].Email != "person.000009@example.com" || len(doc.Rows[0].GroupNames) != 8 || !slices.Equal(doc.Rows[0].Apps, []string{"Confluence (acme)", "Jira (acme)"}) {
		t.Errorf("%+v", doc.Rows)
	}
	var first map[string]any
	if err := json.Unmarshal([]byte(strings.SplitN(strings.SplitN(string(data), "\"rows\": [\n", 2)[1], "}", 2)[0]+"}"), &first); err != nil || len(first) != len(export.Columns()) {
		t.Errorf("%d columns, %v", len(first), err)
	}
}

// TestCancel: wherever it is stopped, nothing of the file stays, an older one is unchanged, and no temporary file is
// left behind.
func TestCancel(t *testing.T) {
	// A sheet of 25,000 does not fit into the memory that the library allows itself: there is a temporary file.
	for name, size := range map[string]int{"csv": 3000, "json": 3000, "xlsx": 30_000} {
		t.Run(name, func(t *testing.T) {
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			bus := &events.Bus{}
			_, dirs := open(t, size, bus)
			people := &stopping{Service: dirs, at: size * 5 / 6}
			service := export.New(people, bus)
			people.stop = func() { service.Cancel("e") }
			var seen []export.Progress
			stop := bus.Subscribe(func(e events.Event) {
				p, ok := e.Payload.(export.Progress)
				if !ok || e.Topic != export.Progressed {
					t.Errorf("%+v", e)
				}
				seen = append(seen, p)
			})
			defer stop()
			path := filepath.Join(t.TempDir(), "people."+name)
			if err := os.WriteFile(path, []byte("older"), 0o600); err != nil {
				t.Fatal(err)
			}
			snap := list(t, dirs, "")
			_, err := service.Run(t.Context(), export.Request{ID: "e", SnapshotID: snap.ID, Format: format(t, name), To: anywhere(path)})
			if domain.CodeOf(err) != domain.Cancelled || !errors.Is(err, context.Canceled) {
				t.Fatalf("%v", err)
			}
			if len(seen) < 1 || seen[0].Total != size {
				t.Errorf("progress: %+v", seen)
			}
			for _, dir := range []string{temp, filepath.Dir(path)} {
				left, err := os.ReadDir(dir)
				if err != nil || len(left) > 1 || len(left) == 1 && left[0].Name() != filepath.Base(path) {
					t.Errorf("%s: %v, %v", dir, left, err)
				}
			}
			if data, err := os.ReadFile(path); string(data) != "older" || err != nil {
				t.Errorf("the older file is %.20q, %v", data, err)
			}
		})
	}
}

// stopping gives people until a row at which it stops the export.
type stopping struct {
	*directory.Service

	at   int
	stop func()
}

func (s *stopping) EachRow(ctx context.Context, snapshotID string, fn func(directory.Row) error) error {
	n := 0
	return s.Service.EachRow(ctx, snapshotID, func(row directory.Row) error {
		if n++; n == s.at {
			s.stop()
		}
		return fn(row)
	})
}

func TestOneAtATimeByID(t *testing.T) {
	bus := &events.Bus{}
	service, dirs := open(t, 2000, bus)
	snap := list(t, dirs, "")
	request := export.Request{ID: "e", SnapshotID: snap.ID, Format: format(t, "csv"), To: anywhere(filepath.Join(t.TempDir(), "a.csv"))}
	var once sync.Once
	var second error
	defer bus.Subscribe(func(events.Event) { once.Do(func() { _, second = service.Run(t.Context(), request) }) })()
	if _, err := service.Run(t.Context(), request); err != nil {
		t.Error(err)
	}
	if domain.CodeOf(second) != domain.Conflict {
		t.Error(second)
	}
	if _, err := service.Run(t.Context(), request); err != nil {
		t.Error("after it ended:", err)
	}
}

func TestRefusals(t *testing.T) {
	service, dirs := open(t, 3, nil)
	snap := list(t, dirs, "")
	dir := t.TempDir()
	good := export.Request{ID: "e", SnapshotID: snap.ID, Format: format(t, "csv"), To: anywhere(filepath.Join(dir, "a.csv"))}
	for name, c := range map[string]struct {
		change func(*export.Request)
		want   domain.Code
	}{
		"unknown column":      {func(r *export.Request) { r.Columns = []string{"name", "password"} }, domain.Invalid},
		"a column twice":      {func(r *export.Request) { r.Columns = []string{"name", "name"} }, domain.Invalid},
		"a list that is gone": {func(r *export.Request) { r.SnapshotID = "gone" }, domain.Stale},
		"no such folder":      {func(r *export.Request) { r.To = anywhere(filepath.Join(dir, "none", "a.csv")) }, domain.Internal},
	} {
		request := good
		c.change(&request)
		if _, err := service.Run(t.Context(), request); domain.CodeOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if left, err := os.ReadDir(dir); len(left) != 0 || err != nil {
		t.Errorf("%v, %v", left, err)
	}
}

// TestWorkbookOpens reads a whole export back as another program would.
func TestWorkbookOpens(t *testing.T) {
	service, dirs := open(t, 500, nil)
	snap := list(t, dirs, "")
	path := filepath.Join(t.TempDir(), "people.xlsx")
	if _, err := service.Run(t.Context(), export.Request{ID: "e", SnapshotID: snap.ID, Format: format(t, "xlsx"), To: anywhere(path)}); err != nil {
		t.Fatal(err)
	}
	connections, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connections.Close() }()
	rows, err := connections.GetRows("People")
	if err != nil || len(rows) != 501 || rows[1][0] != `=HYPERLINK("http://x","y")` || len(rows[0]) != len(export.Columns()) {
		t.Errorf("%d rows, %v, %q", len(rows), err, rows[1])
	}
}

// BenchmarkExport measures 100,000 people with every column. more-MB is what the process needs more at most, sampled;
// window-p95-ms how long the list takes to show rows meanwhile.
func BenchmarkExport(b *testing.B) {
	for _, name := range []string{"csv", "json", "xlsx"} {
		b.Run(name, func(b *testing.B) {
			service, dirs := open(b, 100_000, nil)
			snap := list(b, dirs, "")
			runtime.GC()
			var before runtime.MemStats
			runtime.ReadMemStats(&before)
			var peak uint64
			end, ended := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(ended)
				for tick := time.NewTicker(20 * time.Millisecond); ; {
					select {
					case <-tick.C:
						var now runtime.MemStats
						runtime.ReadMemStats(&now)
						peak = max(peak, now.Sys-now.HeapReleased)
					case <-end:
						return
					}
				}
			}()
			asked := make(chan []float64)
			go func() { // as somebody who goes on looking at the list
				var took []float64
				for tick := time.NewTicker(30 * time.Millisecond); ; {
					select {
					case <-tick.C:
						start := time.Now()
						_, _ = dirs.Rows(context.Background(), snap.ID, len(took)*7919%99_000, 200)
						took = append(took, float64(time.Since(start).Microseconds())/1000)
					case <-end:
						asked <- took
						return
					}
				}
			}()
			path := filepath.Join(b.TempDir(), "people."+name)
			for b.Loop() {
				rows, err := service.Run(b.Context(), export.Request{ID: "e", SnapshotID: snap.ID, Format: format(b, name), To: anywhere(path)})
				if err != nil || rows != 100_000 {
					b.Fatal(rows, err)
				}
			}
			took := b.Elapsed()
			close(end)
			<-ended
			shown := <-asked
			slices.Sort(shown)
			b.ReportMetric(shown[(len(shown)-1)*95/100], "window-p95-ms")
			b.ReportMetric(took.Seconds()/float64(b.N), "s")
			b.ReportMetric(0, "ns/op")
			info, err := os.Stat(path)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(info.Size())/1e6, "file-MB")
			b.ReportMetric((float64(peak)-float64(before.Sys-before.HeapReleased))/1e6, "more-MB")
			b.ReportMetric(float64(peak)/1e6, "peak-MB")
		})
	}
}

// listed are groups that a query finds.
type listed []domain.Group

func (l listed) GroupList(_ context.Context, q directory.GroupQuery) (directory.GroupPage, error) {
	page := directory.GroupPage{Total: len(l), All: len(l)}
	for _, g := range l[min(q.From, len(l)):] {
		page.Groups = append(page.Groups, directory.GroupInfo{Group: g})
	}
	return page, nil
}

// TestWhetherAGroupCanBeChanged: what nobody tells is not written as yes.
func TestWhetherAGroupCanBeChanged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "groups.csv")
	groups := listed{{Name: "own", Synced: domain.No}, {Name: "okta", Synced: domain.Yes}, {Name: "site"}, {Name: "org-admins"}, {Name: "fixed", Modifiable: domain.No}}
	if n, err := export.WriteGroups(t.Context(), anywhere(path), format(t, "csv"), "Acme", groups, directory.GroupQuery{}); err != nil || n != len(groups) {
		t.Fatal(n, err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\uFEFF")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, cells := range lines {
		got[cells[0]], _, _ = strings.Cut(cells[len(cells)-1], ":")
	}
	for name, want := range map[string]string{"own": "yes", "okta": "no", "site": "unknown", "org-admins": "no", "fixed": "no"} {
		if got[name] != want {
			t.Errorf("whether %s can be changed: %q, not %q", name, got[name], want)
		}
	}
}
