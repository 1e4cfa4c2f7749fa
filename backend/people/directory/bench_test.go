package directory_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// bigOrg makes an organization of realistic density: three apps and eight groups for each person, 2,000 groups, 20
// domains.
func bigOrg(people int) *org {
	r := rand.New(rand.NewPCG(5, 5))
	c := &content{freshness: domain.Freshness{Revision: 1, People: people}, directories: []domain.Directory{{DirectoryID: "d", Name: "Acme"}}}
	for i := range 12 {
		name := []string{"Jira", "Confluence", "Jira Service Management", "Bitbucket"}[i%4]
		c.apps = append(c.apps, domain.App{ID: int64(i + 1), AppID: fmt.Sprintf("ari:cloud:jira::site/%032x", i), Key: strings.ToLower(name), Name: name, SiteName: []string{"acme", "beta", "gamma"}[i/4]})
	}
	for i := range 2000 {
		c.groups = append(c.groups, domain.Group{ID: int64(i + 1), GroupID: fmt.Sprintf("%032x", i), Name: fmt.Sprintf("group-%04d", i)})
	}
	today := filter.Day(time.Now())
	departments := []string{"", "Sales", "Engineering", "Finance", "People", "Legal", "Marketing", "Support"}
	for i := range people {
		given, family := pick(r, givenNames)+[]string{"", " Maria", "-Lou", "ko"}[r.IntN(4)], pick(r, familyNames)+[]string{"", "-Berg", "son", " Filho"}[r.IntN(4)]
		u := domain.User{
			ID: int64(i + 1), AccountID: fmt.Sprintf("712020:%08x-%04x-%04x", r.Uint32(), r.IntN(65536), i), AccountType: "atlassian", Name: given + " " + family,
			Email:  fmt.Sprintf("%s.%s%d@company%d.example.com", strings.ToLower(strings.Fields(given)[0]), strings.ToLower(strings.Fields(family)[0]), r.IntN(people), r.IntN(20)),
			Status: pick(r, []domain.Status{"active", "active", "active", "active", "suspended", "invited", "deactivated"}), Managed: domain.Tri(1 + r.IntN(2)),
			MFA: domain.Tri(r.IntN(3)), Origin: pick(r, []string{"invited", "synced"}),
			Profile: domain.Profile{
				Department: pick(r, departments), JobTitle: fmt.Sprint("Title ", r.IntN(400)),
				Location: pick(r, []string{"Köln", "NYC", "Łódź"}),
			},
			AddedAt: time.Now().AddDate(0, 0, -r.IntN(3000)), EmailVerified: domain.Yes,
			Memberships: []domain.DirectoryMembership{{DirectoryID: "d", Status: "active"}},
		}
		for j := range c.apps {
			if r.IntN(4) == 0 {
				access := domain.AppAccess{AppID: c.apps[j].AppID, AppKey: c.apps[j].Key, Known: r.IntN(20) > 0}
				if access.Known && r.IntN(10) > 0 {
					access.LastActive = filter.DateOf(today - int32(r.IntN(400)))
				}
				u.Access = append(u.Access, access)
			}
		}
		for range 8 {
			g := min(r.IntN(2000), r.IntN(2000), r.IntN(2000)) // a few large groups, many small ones
			if id := c.groups[g].GroupID; !slices.Contains(u.GroupIDs, id) {
				u.GroupIDs = append(u.GroupIDs, id)
			}
		}
		c.users = append(c.users, u)
	}
	return &org{now: c}
}

// sizes are the numbers of people; the larger ones take minutes and are left out by -short.
func sizes() []int {
	if testing.Short() {
		return []int{10_000, 100_000}
	}
	return []int{10_000, 100_000, 200_000, 500_000}
}

// once is an organization that is read once and then let go, as a database leaves nothing in memory: else the garbage
// collector would be measured.
type once struct{ *org }

func (o *once) forget() { o.change(func(c *content) { *c = content{freshness: c.freshness} }) }

// measure runs fn b.N times and reports percentiles.
func measure(b *testing.B, fn func(i int)) {
	b.Helper()
	took := make([]time.Duration, 0, b.N)
	for i := range b.N {
		start := time.Now()
		fn(i)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	ms := func(p int) float64 { return float64(took[(len(took)-1)*p/100].Microseconds()) / 1000 }
	b.ReportMetric(ms(50), "p50-ms")
	b.ReportMetric(ms(95), "p95-ms")
	b.ReportMetric(0, "ns/op")
}

func service(b *testing.B, people int) *directory.Service {
	b.Helper()
	o := &once{bigOrg(people)}
	s := directory.New(directory.Options{Store: o})
	b.Cleanup(s.Close)
	for _, field := range []string{"name", "lastActive"} {
		if _, err := s.Query(b.Context(), directory.Query{SourceID: "s", Sort: field}); err != nil {
			b.Fatal(err)
		}
	}
	o.forget()
	runtime.GC()
	return s
}

// keystroke is filter, count, list and its first 200 rows.
func keystroke(b *testing.B, s *directory.Service, q directory.Query) {
	b.Helper()
	q.SourceID = "s"
	snap, err := s.Query(b.Context(), q)
	if err != nil {
		b.Fatal(err)
	}
	if rows, err := s.Rows(b.Context(), snap.ID, 0, 200); err != nil || len(rows) != min(200, snap.Total) {
		b.Fatal(len(rows), err)
	}
}

// typed is a search that grows by a letter each time.
func typed(filter, text string) func(int) directory.Query {
	return func(i int) directory.Query {
		return directory.Query{Filter: filter, Search: string([]rune(text)[:1+i%len([]rune(text))])}
	}
}

// otherNames types one name after the other.
func otherNames(i int) directory.Query {
	given, family := strings.ToLower(givenNames[i/7%len(givenNames)]), strings.ToLower(familyNames[i/91%len(familyNames)])
	return typed("", given+" "+family)(i)
}

// BenchmarkKeystroke measures what one more letter in the search field or in the filter costs. None of the queries of
// "five-way", "inactive" and "half" is asked twice, so that nothing is remembered of them but what also is while
// somebody types a number of days.
func BenchmarkKeystroke(b *testing.B) {
	filtered := func(text string) func(int) directory.Query {
		return func(i int) directory.Query { return directory.Query{Filter: fmt.Sprintf(text, i+1)} }
	}
	kinds := []struct {
		name string
		at   func(i int) directory.Query
	}{
		{"typing", typed("", "muller ana")},
		{"typing-other-names", otherNames},
		{"typing-with-filter", typed("status = active", "nowak company7")},
		{"five-way", filtered(`status = active AND lastActive("Jira") < -%dd AND group not in ("group-0001", "group-0002") ` +
			`AND domain in ("company1.example.com", "company2.example.com") AND managed = yes`)},
		{"half", filtered("managed = yes AND lastActive >= -9%dd OR managed = yes ORDER BY lastActive")},
		{"everybody", func(int) directory.Query { return directory.Query{Sort: "lastActive", Desc: true} }},
		{"name-text", func(int) directory.Query {
			return directory.Query{Filter: `name ~ "sorensen" OR nameOrEmail ~ "company13"`}
		}},
		{"inactive", filtered(`NOT lastActive >= -%dd AND lastActive is known`)},
		{"account-id", typed("", "712020:00a")},
	}
	for _, n := range sizes() {
		s := service(b, n)
		for _, kind := range kinds {
			b.Run(fmt.Sprintf("%s/%d", kind.name, n), func(b *testing.B) {
				measure(b, func(i int) { keystroke(b, s, kind.at(i)) })
			})
		}
	}
}

func BenchmarkWindow(b *testing.B) {
	for _, n := range sizes() {
		s := service(b, n)
		snap, err := s.Query(b.Context(), directory.Query{SourceID: "s"})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("200-rows/%d", n), func(b *testing.B) {
			measure(b, func(i int) {
				if rows, err := s.Rows(b.Context(), snap.ID, i*7919%(n-200), 200); err != nil || len(rows) != 200 {
					b.Fatal(err)
				}
			})
		})
	}
}

func BenchmarkOverview(b *testing.B) {
	for _, n := range sizes() {
		s := service(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			measure(b, func(int) {
				if _, err := s.Overview(b.Context(), "s", 90); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

func BenchmarkSelectAll(b *testing.B) {
	for _, n := range sizes() {
		s := service(b, n)
		snap, err := s.Query(b.Context(), directory.Query{SourceID: "s"})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			measure(b, func(int) {
				s.ClearSelection("s")
				if got, err := s.SelectAll(b.Context(), snap.ID); err != nil || got.Count != n {
					b.Fatal(got, err)
				}
			})
		})
	}
}

// BenchmarkBuild measures the building of an index from a store that costs nothing, and what it holds: by its own count
// and by the heap's.
func BenchmarkBuild(b *testing.B) {
	for _, n := range sizes() {
		o := bigOrg(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var ix *index.Index
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			measure(b, func(int) {
				var err error
				if ix, err = index.Build(context.Background(), o, "s"); err != nil {
					b.Fatal(err)
				}
			})
			ix.Sorted(nil)
			ix.Sorted([]filter.Order{{Field: "lastActive", Desc: true}})
			runtime.GC()
			runtime.ReadMemStats(&after)
			b.ReportMetric(float64(ix.Bytes())/float64(n), "counted-B/user")
			b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/float64(n), "heap-B/user")
			runtime.KeepAlive(ix)
		})
	}
}

func BenchmarkSort(b *testing.B) {
	for _, n := range sizes() {
		o := bigOrg(n)
		for _, by := range []filter.Order{{Field: "name"}, {Field: "email"}, {Field: "department"}, {Field: "lastActive"}, {Field: "lastActive", Arg: "Jira"}} {
			b.Run(fmt.Sprintf("%s/%d", by.Key(), n), func(b *testing.B) {
				ix, err := index.Build(context.Background(), o, "s")
				if err != nil {
					b.Fatal(err)
				}
				start := time.Now()
				ix.Sorted([]filter.Order{by})
				b.ReportMetric(float64(time.Since(start).Microseconds())/1000, "first-ms")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}
