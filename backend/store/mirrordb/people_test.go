package mirrordb

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/domain"
)

const testSource = "S1"

// organization is what a source would deliver, by id.
type organization struct {
	directories []domain.Directory
	apps        []domain.App
	groups      []domain.Group
	domains     []domain.Domain
	users       map[string]domain.User
}

func day(n int64) time.Time { return time.Unix(n*86400, 0).UTC() }

// newOrganization makes n people with everything, some of them odd.
func newOrganization(n int) *organization {
	o := &organization{users: map[string]domain.User{}}
	for i := range 3 {
		o.directories = append(o.directories, domain.Directory{DirectoryID: fmt.Sprint("dir-", i),
			Name: fmt.Sprint("Directory ", i)})
	}
	for i := range 6 {
		o.apps = append(o.apps, domain.App{
			AppID: fmt.Sprint("ari:app/", i), Key: fmt.Sprint("app-", i), Name: fmt.Sprint("App ", i), SiteName: "acme",
			SiteURL: "https://acme.atlassian.net", Plan: "STANDARD", Status: "online", Usage: 10 * i, Capacity: -1,
		})
	}
	for i := range 20 {
		o.groups = append(o.groups, domain.Group{
			GroupID: fmt.Sprint("group-", i), DirectoryID: "dir-0", Name: fmt.Sprint("group ", i), Description: "d",
			Synced:     domain.Tri(i % 3),
			Modifiable: domain.Yes, MemberCount: i, AppCount: -1,
			GrantsAccess: []string{"ari:app/1", "ari:app/2"}[:i%3],
		})
	}
	o.domains = []domain.Domain{{Name: "acme.test", Verified: true}, {Name: "other.test"}}
	for i := range n {
		u := person(i)
		o.users[u.AccountID] = u
	}
	return o
}

// hostile are names that must come back as they are.
var hostile = []string{`<script>alert("x")</script>`, `'; DROP TABLE users; --`, "\u202Eevil", `\u0041 "quoted" \`,
	"Zoë 日本語 👩‍👩‍👧", "a\tb\nc\r", "=1+1"}

func person(i int) domain.User {
	u := domain.User{
		AccountID: fmt.Sprintf("acc:%06d", i), AccountType: "atlassian", Name: fmt.Sprint("Person ", i),
		Nickname: fmt.Sprint("p", i),
		Email:    fmt.Sprintf("p%d@acme.test", i), EmailVerified: domain.Tri(i % 3), Status: domain.StatusActive,
		Managed: domain.Yes,
		Origin:  "invited", MFA: domain.Tri((i + 1) % 3), Billable: domain.Tri((i + 2) % 3),
		Profile: domain.Profile{
			JobTitle: "Engineer", Department: fmt.Sprint("Dept ", i%7), Organization: "Acme", Location: "Berlin",
			TimeZone: "Europe/Berlin",
		},
		AddedAt:     time.Unix(1700000000+int64(i), 0).UTC(),
		Memberships: []domain.DirectoryMembership{{DirectoryID: "dir-0", Status: domain.StatusActive}},
	}
	if i%11 == 0 {
		u.Name = hostile[i/11%len(hostile)]
	}
	if i%50 == 0 {
		u.PlatformRoles = []string{domain.RoleOrgAdmin, domain.RoleSiteAdmin}
	}
	if i%9 == 0 {
		u.Status = domain.StatusSuspended
		u.Memberships[0].Status = domain.StatusSuspended
	}
	for a := range i % 4 {
		acc := domain.AppAccess{AppID: fmt.Sprint("ari:app/", a), AppKey: fmt.Sprint("app-", a), Known: true}
		switch (i + a) % 5 {
		case 0: // never
		case 1:
			acc.Known = false
		default:
			acc.LastActive = day(20000 + int64(i%300))
		}
		u.Access = append(u.Access, acc)
	}
	for g := range i % 6 {
		u.GroupIDs = append(u.GroupIDs, fmt.Sprint("group-", (i+g*3)%20))
	}
	return u
}

// batches cuts the organization into batches of the given number of people, in the order of their ids.
func (o *organization) batches(size int) []domain.Batch {
	all := []domain.Batch{{Directories: o.directories, Apps: o.apps, Domains: o.domains}}
	for _, chunk := range slices.Collect(slices.Chunk(slices.Sorted(maps.Keys(o.users)), size)) {
		var b domain.Batch
		for _, id := range chunk {
			b.Users = append(b.Users, o.users[id])
		}
		all = append(all, b)
	}
	return append(all, domain.Batch{Groups: o.groups})
}

func (o *organization) clone() *organization {
	c := *o
	c.directories, c.apps, c.groups, c.domains = slices.Clone(o.directories), slices.Clone(o.apps),
		slices.Clone(o.groups), slices.Clone(o.domains)
	c.users = maps.Clone(o.users)
	return &c
}

// syncAll runs one whole sync.
func syncAll(t testing.TB, s *Store, sourceID string, batches []domain.Batch) domain.Sync {
	t.Helper()
	ctx := context.Background()
	sync, err := s.BeginSync(ctx, sourceID)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range batches {
		if err := s.StageBatch(ctx, sync.ID, b); err != nil {
			t.Fatal(err)
		}
	}
	done, err := s.CommitSync(ctx, sync.ID, domain.Shortfall{})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// normal brings a person into the form in which the store gives people back, less its keys.
func normal(u domain.User) domain.User {
	u.ID = 0
	u.Access, u.GroupIDs = slices.Clone(u.Access), slices.Clone(u.GroupIDs)
	u.Memberships, u.PlatformRoles = slices.Clone(u.Memberships), slices.Clone(u.PlatformRoles)
	slices.SortFunc(u.Access, func(a, b domain.AppAccess) int { return cmp.Compare(a.AppID, b.AppID) })
	slices.SortFunc(u.Memberships, func(a, b domain.DirectoryMembership) int {
		return cmp.Compare(a.DirectoryID,
			b.DirectoryID)
	})
	slices.Sort(u.GroupIDs)
	u.GroupIDs = slices.Compact(u.GroupIDs)
	slices.Sort(u.PlatformRoles)
	if len(u.Access) == 0 {
		u.Access = nil
	}
	if len(u.GroupIDs) == 0 {
		u.GroupIDs = nil
	}
	return u
}

// stored reads everybody who is there, whole, and compares the ways of reading with each other.
func stored(t testing.TB, s *Store, sourceID string) map[string]domain.User {
	t.Helper()
	ctx := context.Background()
	var ids []int64
	scalars := map[int64]domain.User{}
	if err := s.EachUser(ctx, sourceID, func(u domain.User) error {
		ids = append(ids, u.ID)
		scalars[u.ID] = u
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	users, err := s.UsersByID(ctx, sourceID, ids)
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string]bool{}
	all := map[string]domain.User{}
	var accounts []string
	for _, u := range users {
		for _, a := range u.Access {
			facts[fmt.Sprint("a", u.ID, a.AppID, a.LastActive.Unix()/86400, a.Known)] = true
		}
		accounts = append(accounts, u.AccountID)
		all[u.AccountID] = normal(u)
		bare := u
		bare.Access, bare.GroupIDs = nil, nil
		if !reflect.DeepEqual(bare, scalars[u.ID]) {
			t.Fatalf("EachUser and UsersByID differ:\n%+v\n%+v", scalars[u.ID], bare)
		}
	}
	again, err := s.UsersByAccount(ctx, sourceID, accounts)
	if err != nil || !reflect.DeepEqual(again, users) {
		t.Fatal("UsersByAccount and UsersByID differ", err)
	}
	checkStreams(t, s, sourceID, users)
	return all
}

// checkStreams compares EachAccess and EachMembership with whole people.
func checkStreams(t testing.TB, s *Store, sourceID string, users []domain.User) {
	t.Helper()
	apps, err := s.Apps(context.Background(), sourceID)
	if err != nil {
		t.Fatal(err)
	}
	appIDs := map[int64]string{}
	for _, a := range apps {
		appIDs[a.ID] = a.AppID
	}
	want, got := map[string]int{}, map[string]int{}
	members := 0
	for _, u := range users {
		members += len(u.GroupIDs)
		for _, a := range u.Access {
			d := int64(-1)
			if a.Known {
				d = max(a.LastActive.Unix()/86400, 0)
			}
			want[fmt.Sprint(u.ID, a.AppID, d)]++
		}
	}
	if err := s.EachAccess(context.Background(), sourceID, func(user, app int64, d int32) error {
		got[fmt.Sprint(user, appIDs[app], d)]++
		return nil
	}); err != nil || !maps.Equal(want, got) {
		t.Fatalf("EachAccess differs: %v, %d of %d", err, len(got), len(want))
	}
	if err := s.EachMembership(context.Background(), sourceID,
		func(_, _ int64) error { members--; return nil }); err != nil || members != 0 {
		t.Fatalf("EachMembership differs by %d: %v", members, err)
	}
}

// compare fails when the local copy is not exactly the organization.
func compare(t testing.TB, s *Store, sourceID string, o *organization) {
	t.Helper()
	if diff := difference(t, s, sourceID, o); diff != "" {
		t.Fatal(diff)
	}
}

func difference(t testing.TB, s *Store, sourceID string, o *organization) string {
	t.Helper()
	got := stored(t, s, sourceID)
	var diffs []string
	for id, u := range o.users {
		if g, ok := got[id]; !ok {
			diffs = append(diffs, "missing "+id)
		} else if want := normal(u); !reflect.DeepEqual(g, want) {
			diffs = append(diffs, fmt.Sprintf("differs\n got %+v\nwant %+v", g, want))
		}
	}
	for id := range got {
		if _, ok := o.users[id]; !ok {
			diffs = append(diffs, "too much "+id)
		}
	}
	ctx := context.Background()
	groups, err := s.Groups(ctx, sourceID)
	if err != nil {
		t.Fatal(err)
	}
	diffs = append(diffs, differ(o.groups, groups, func(g domain.Group) (string, domain.Group) {
		g.ID = 0
		g.GrantsAccess = append([]string{}, g.GrantsAccess...)
		return g.GroupID, g
	})...)
	apps, err := s.Apps(ctx, sourceID)
	if err != nil {
		t.Fatal(err)
	}
	diffs = append(diffs, differ(o.apps, apps, func(a domain.App) (string, domain.App) {
		a.ID = 0
		return a.AppID,
			a
	})...)
	directories, err := s.Directories(ctx, sourceID)
	if err != nil {
		t.Fatal(err)
	}
	diffs = append(diffs, differ(o.directories, directories,
		func(d domain.Directory) (string, domain.Directory) { return d.DirectoryID, d })...)
	domains, err := s.Domains(ctx, sourceID)
	if err != nil {
		t.Fatal(err)
	}
	diffs = append(diffs, differ(o.domains, domains, func(d domain.Domain) (string, domain.Domain) {
		return d.Name,
			d
	})...)
	return strings.Join(diffs[:min(len(diffs), 3)], "\n")
}

func differ[T any](want, got []T, key func(T) (string, T)) (diffs []string) {
	index := func(all []T) map[string]T {
		m := map[string]T{}
		for _, v := range all {
			k, v := key(v)
			m[k] = v
		}
		return m
	}
	if w, g := index(want), index(got); !reflect.DeepEqual(w, g) {
		diffs = append(diffs, fmt.Sprintf("things differ\n got %+v\nwant %+v", g, w))
	}
	return diffs
}
