package saved_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/events"
	"seatkeeper/backend/people/directory"
	_ "seatkeeper/backend/people/fields"
	"seatkeeper/backend/people/saved"
	"seatkeeper/backend/store"
)

// place is a workspace with the real store and the real filter language.
type place struct {
	*saved.Service

	dir     string
	store   *store.Databases
	dirs    *directory.Service
	changes int
}

func open(t testing.TB, dir string) *place {
	t.Helper()
	st, err := store.Open(t.Context(), dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	bus := &events.Bus{}
	p := &place{dir: dir, store: st, dirs: directory.New(directory.Options{Store: st.Mirror})}
	p.Service = saved.New(st.Records, p.dirs, bus)
	bus.Subscribe(func(e events.Event) {
		if e.Topic == saved.Changed {
			p.changes++
		}
	})
	t.Cleanup(p.close)
	return p
}

func (p *place) close() {
	p.dirs.Close()
	_ = p.store.Close()
}

func (p *place) save(t *testing.T, f domain.SavedFilter) saved.Entry {
	t.Helper()
	e, err := p.Save(t.Context(), "s", f)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func (p *place) names(t *testing.T) []string {
	t.Helper()
	all, err := p.List(t.Context(), "s")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range all {
		names = append(names, e.Name)
	}
	return names
}

func TestSavedAcrossStarts(t *testing.T) {
	p := open(t, t.TempDir())
	want := p.save(t, domain.SavedFilter{
		Name: " Sleepers ", Description: "For the spring cleaning", Filter: `status=active   and lastActive<-90d`, Columns: []string{"name", "lastActive"},
		Sort: "lastActive", Desc: true, Density: 28, Pinned: true,
	})
	if want.Name != "Sleepers" || want.Filter != "status = active AND lastActive < -90d" || want.ID == "" || p.changes != 1 {
		t.Errorf("%+v, %d changes", want, p.changes)
	}
	p.close()
	p = open(t, p.dir)
	got, err := p.List(t.Context(), "s")
	if err != nil || len(got) != 1 || got[0].Mistake != nil || fmt.Sprint(got[0].SavedFilter) != fmt.Sprint(trimmed(want.SavedFilter)) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
	}
}

// trimmed has the times as they are kept.
func trimmed(f domain.SavedFilter) domain.SavedFilter {
	f.CreatedAt, f.UpdatedAt = f.CreatedAt.Truncate(time.Millisecond), f.UpdatedAt.Truncate(time.Millisecond)
	return f
}

func TestNamesAreUnique(t *testing.T) {
	p := open(t, t.TempDir())
	first := p.save(t, domain.SavedFilter{Name: "VIP"})
	if _, err := p.Save(t.Context(), "s", domain.SavedFilter{Name: "vip"}); domain.CodeOf(err) != domain.Conflict || domain.AsError(err).Field != "name" {
		t.Error(err)
	}
	first.Name, first.Description = "vip", "renamed"
	if got := p.save(t, first.SavedFilter); got.ID != first.ID || !got.CreatedAt.Equal(trimmed(first.SavedFilter).CreatedAt) {
		t.Errorf("%+v", got)
	}
	if got := p.names(t); !slices.Equal(got, []string{"vip"}) {
		t.Error(got)
	}
}

// TestAFilterThatNoLongerMakesSense is kept and shown with its mistake; it can be renamed and pinned, but a new mistake
// is refused.
func TestAFilterThatNoLongerMakesSense(t *testing.T) {
	p := open(t, t.TempDir())
	broken := domain.SavedFilter{ID: "old", Name: "Old", Filter: `formerField = 1`, CreatedAt: time.Now(), UpdatedAt: time.Now()}
	gone := domain.SavedFilter{ID: "gone", Name: "Gone", Filter: `group = "dissolved"`, CreatedAt: time.Now(), UpdatedAt: time.Now()}
	if err := p.store.Records.SaveFilters(t.Context(), []domain.SavedFilter{broken, gone}); err != nil {
		t.Fatal(err)
	}
	all, err := p.List(t.Context(), "s")
	if err != nil || len(all) != 2 || all[0].Mistake == nil || all[1].Mistake == nil || all[1].Filter != broken.Filter {
		t.Fatalf("%+v, %v", all, err)
	}
	if !strings.Contains(all[0].Mistake.Message, "dissolved") || all[1].Mistake.To == 0 {
		t.Errorf("%+v, %+v", all[0].Mistake, all[1].Mistake)
	}
	broken.Name, broken.Pinned = "Older", true
	if e := p.save(t, broken); e.Filter != "formerField = 1" || e.Mistake == nil {
		t.Errorf("%+v", e)
	}
	broken.Filter = "formerField = 2"
	if _, err := p.Save(t.Context(), "s", broken); domain.CodeOf(err) != domain.Invalid || domain.AsError(err).Field != "filter" {
		t.Error(err)
	}
}

func TestDeleteAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, t.TempDir())
		e := p.save(t, domain.SavedFilter{Name: "VIP", Pinned: true})
		other := p.save(t, domain.SavedFilter{Name: "Other"})
		del := func(id string) {
			t.Helper()
			if err := p.Delete(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		del(e.ID)
		if err := p.Delete(t.Context(), e.ID); domain.CodeOf(err) != domain.NotFound {
			t.Error(err)
		}
		if err := p.Restore(t.Context(), e.ID); err != nil {
			t.Fatal(err)
		}
		if got := p.names(t); !slices.Equal(got, []string{"Other", "VIP"}) {
			t.Error(got)
		}
		del(e.ID)
		p.save(t, domain.SavedFilter{Name: "vip"})
		if err := p.Restore(t.Context(), e.ID); domain.CodeOf(err) != domain.Conflict {
			t.Error(err)
		}
		time.Sleep(25 * time.Hour)
		del(other.ID)
		if err := p.Restore(t.Context(), e.ID); domain.CodeOf(err) != domain.NotFound {
			t.Errorf("a deletion of yesterday was taken back: %v", err)
		}
		p.close()
	})
}

func TestFileThereAndBack(t *testing.T) {
	from, to := open(t, t.TempDir()), open(t, t.TempDir())
	a := from.save(t, domain.SavedFilter{Name: "A", Description: "d", Filter: "status = active ORDER BY email", Columns: []string{"name", "email"}, Sort: "email", Desc: true, Density: 40, Pinned: true})
	from.save(t, domain.SavedFilter{Name: "B", Filter: `name ~ "<b>"`})
	var data bytes.Buffer
	if n, err := from.Export(t.Context(), &data, nil); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	for _, secret := range []string{a.ID, "\"s\"", "source", "http"} {
		if strings.Contains(data.String(), secret) {
			t.Errorf("the file holds %q", secret)
		}
	}
	to.save(t, domain.SavedFilter{Name: "a", Filter: "status = suspended"})
	got, err := to.Import(t.Context(), data.Bytes())
	if err != nil || !slices.Equal(got.Added, []string{"A (2)", "B"}) || got.Renamed != 1 || got.Same != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	if got := to.names(t); !slices.Equal(got, []string{"a", "A (2)", "B"}) {
		t.Error(got)
	}
	again, err := to.Import(t.Context(), data.Bytes())
	if err != nil || len(again.Added) != 0 || again.Same != 2 {
		t.Errorf("%+v, %v", again, err)
	}
	all, _ := to.List(t.Context(), "s")
	a.ID, a.Name, a.CreatedAt, a.UpdatedAt = all[1].ID, "A (2)", all[1].CreatedAt, all[1].UpdatedAt
	if fmt.Sprint(all[1].SavedFilter) != fmt.Sprint(a.SavedFilter) {
		t.Errorf("got  %+v\nwant %+v", all[1].SavedFilter, a.SavedFilter)
	}
	var one bytes.Buffer
	if n, err := to.Export(t.Context(), &one, []string{all[2].ID}); n != 1 || err != nil || !strings.Contains(one.String(), `"name ~ \"<b>\""`) {
		t.Errorf("%d, %v: %s", n, err, one.String())
	}
}

func TestBadFilesChangeNothing(t *testing.T) {
	p := open(t, t.TempDir())
	head := `{"format":"seatkeeper-saved-filters","version":1,"filters":[`
	for name, text := range map[string]string{
		"empty": "", "no JSON": "hello", "another file": `{"format":"other","version":1}`, "newer": `{"format":"seatkeeper-saved-filters","version":2,"filters":[]}`,
		"a bad one behind a good one": head + `{"name":"ok","filter":""},{"name":"","filter":""}]}`,
		"a name that turns around":    head + `{"name":"a\u202eb","filter":""}]}`,
		"a column that is none":       head + `{"name":"a","columns":["../x"]}]}`,
		"a height":                    head + `{"name":"a","density":9000}]}`,
		"too long a filter":           head + `{"name":"a","filter":"` + strings.Repeat("x", 5000) + `"}]}`,
		"too many":                    head + strings.TrimSuffix(strings.Repeat(`{"name":"a"},`, saved.MaxFilters+1), ",") + "]}",
		"too large":                   head + strings.Repeat(" ", saved.MaxFile) + "]}",
	} {
		if _, err := p.Import(t.Context(), []byte(text)); domain.CodeOf(err) != domain.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := p.names(t); len(got) != 0 {
		t.Error(got)
	}
	if got, err := p.Import(t.Context(), []byte(head+`{"name":"x","filter":"formerField = 1"}]}`)); err != nil || len(got.Added) != 1 {
		t.Errorf("a filter that makes no sense here: %+v, %v", got, err)
	}
}

func TestNoMoreThanTheLimit(t *testing.T) {
	p := open(t, t.TempDir())
	var all []domain.SavedFilter
	for i := range saved.MaxFilters {
		all = append(all, domain.SavedFilter{ID: fmt.Sprint(i), Name: fmt.Sprint("f", i)})
	}
	if err := p.store.Records.SaveFilters(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Save(t.Context(), "s", domain.SavedFilter{Name: "one more"}); domain.CodeOf(err) != domain.Invalid {
		t.Error(err)
	}
	p.save(t, domain.SavedFilter{ID: "7", Name: "changed"})
}

// memory keeps filters for one input of the fuzz test: a database for each would let it try two a minute.
type memory []domain.SavedFilter

func (m *memory) SavedFilters(context.Context) ([]domain.SavedFilter, error) { return *m, nil }

func (m *memory) SavedFilter(context.Context, string) (domain.SavedFilter, error) {
	return domain.SavedFilter{}, domain.Errorf(domain.NotFound, "There is no such filter.")
}

func (m *memory) SaveFilters(_ context.Context, filters []domain.SavedFilter) error {
	*m = append(*m, filters...)
	return nil
}

func (m *memory) DeleteSavedFilter(context.Context, string, time.Time) error { return nil }

func (m *memory) RestoreSavedFilter(context.Context, string) error { return nil }

func FuzzImport(f *testing.F) {
	f.Add([]byte(`{"format":"seatkeeper-saved-filters","version":1,"filters":[{"name":"a","filter":"status = active"}]}`))
	language := open(f, f.TempDir()).dirs
	f.Fuzz(func(t *testing.T, data []byte) {
		kept := memory{}
		s := saved.New(&kept, language, nil)
		added, err := s.Import(t.Context(), data)
		if err != nil && (domain.CodeOf(err) != domain.Invalid || len(kept) > 0) {
			t.Errorf("%q: %v, %d filters", data, err, len(kept))
		}
		if listed, err := s.List(t.Context(), "s"); err != nil || len(listed) != len(kept) || len(added.Added) != len(kept) {
			t.Errorf("%q: %d of %d filters, %v", data, len(listed), len(kept), err)
		}
	})
}
