package directory_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/directory"
	"seatkeeper/backend/people/filter"
)

// org is a local copy in memory. It satisfies directory.Store; change replaces what it holds in one step, as a sync
// does.
type org struct {
	mu     sync.Mutex
	now    *content
	builds int // how often somebody began to read everything
}

type content struct {
	users       []domain.User
	apps        []domain.App
	groups      []domain.Group
	directories []domain.Directory
	freshness   domain.Freshness
	lists       []domain.PersonList
	touches     []domain.Touch
	protected   map[string]bool // by account id
	domains     []domain.Domain
}

// options are what a service needs that knows all of it.
func (o *org) options() directory.Options {
	return directory.Options{
		Store:   o,
		Touches: func(context.Context, string) ([]domain.Touch, error) { return o.get().touches, nil },
		Protection: func(context.Context, string) (func(domain.User) string, error) {
			protected := o.get().protected
			return func(u domain.User) string { return map[bool]string{true: "No."}[protected[u.AccountID]] }, nil
		},
	}
}

func (o *org) get() *content {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *org) change(fn func(c *content)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	c := *o.now
	c.users = slices.Clone(c.users)
	fn(&c)
	c.freshness.Revision++
	c.freshness.People = len(c.users)
	o.now = &c
}

// buildCount tells how often the local copy was read.
func (o *org) buildCount() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.builds
}

func (o *org) Freshness(context.Context, string) (domain.Freshness, error) {
	return o.get().freshness, nil
}

func (o *org) Apps(context.Context, string) ([]domain.App, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.builds++
	return slices.Clone(o.now.apps), nil
}

func (o *org) Groups(context.Context, string) ([]domain.Group, error) {
	return slices.Clone(o.get().groups), nil
}

func (o *org) Directories(context.Context, string) ([]domain.Directory, error) {
	return slices.Clone(o.get().directories), nil
}

func (o *org) Domains(context.Context, string) ([]domain.Domain, error) { return o.get().domains, nil }

func (o *org) EachUser(ctx context.Context, _ string, fn func(domain.User) error) error {
	for _, u := range o.get().users {
		u.Access, u.GroupIDs = nil, nil
		if err := cmpErr(ctx, fn(u)); err != nil {
			return err
		}
	}
	return nil
}

func cmpErr(ctx context.Context, err error) error {
	if err != nil {
		return err
	}
	return ctx.Err()
}

func (o *org) EachAccess(_ context.Context, _ string, fn func(userID, appID int64, day int32) error) error {
	c := o.get()
	ids := map[string]int64{}
	for _, a := range c.apps {
		ids[a.AppID] = a.ID
	}
	for _, u := range c.users {
		for _, a := range u.Access {
			day := int32(-1)
			if a.Known && a.LastActive.IsZero() {
				day = 0
			} else if a.Known {
				day = filter.Day(a.LastActive)
			}
			if err := fn(u.ID, ids[a.AppID], day); err != nil {
				return err
			}
		}
	}
	return fn(-77, 1, 0) // somebody whom the reader has not seen
}

func (o *org) EachMembership(_ context.Context, _ string, fn func(userID, groupID int64) error) error {
	c := o.get()
	ids := map[string]int64{}
	for _, g := range c.groups {
		ids[g.GroupID] = g.ID
	}
	for _, u := range c.users {
		for _, g := range u.GroupIDs {
			if err := fn(u.ID, ids[g]); err != nil {
				return err
			}
		}
	}
	return fn(1, -77) // a group that the reader has not seen
}

// PeopleChanges knows nothing exact, so that every index is made from the rows; image_test.go has the real store.
func (o *org) PeopleChanges(context.Context, string, int64) (domain.PeopleChanges, error) {
	return domain.PeopleChanges{Whole: true}, nil
}

func (o *org) SaveImage(context.Context, string, int, int64, func(io.Writer) error) error { return nil }

func (o *org) LoadImage(context.Context, string, int, func(int64, io.Reader) error) error {
	return domain.Errorf(domain.NotFound, "There is no image.")
}

func (o *org) UsersByID(_ context.Context, _ string, ids []int64) ([]domain.User, error) {
	var users []domain.User
	for _, u := range o.get().users {
		if slices.Contains(ids, u.ID) {
			users = append(users, u)
		}
	}
	return users, nil
}

func (o *org) PersonHistory(_ context.Context, _ string, id int64) ([]domain.PersonEvent, error) {
	return []domain.PersonEvent{{Kind: domain.PersonCame, At: time.Unix(id, 0)}}, nil
}

// hostile are names that break careless code.
var hostile = []string{
	"", " ", "Łukasz Müller", "MÜLLER", "mu\u0308ller", "İstanbul ıI", "Straße", "Σίσυφος ΣΊΣΥΦΟΣ", "王小明", "がんばれ", "กิตติ", "עֲבוֹדָה", "عَبْدُ الله", "Ад\u200bмин",
	"evil\u202Egnp.exe", "\u200b\u2060", `Robert"); DROP TABLE users;--`, `x" OR status = active`, "line\nbreak\ttab", "nul\x00\x01name", "ＡＤＭＩＮ", "ﬁnance",
	"%_*?[a-z]", `back\slash`, "👩‍👩‍👧 family", "e\u0301\u0301\u0301", strings.Repeat("long ", 60), "NULL", "empty", "Ad  min", "bad\xffutf8",
}

var givenNames = []string{"Ana", "Łucja", "Jürgen", "Mia", "Noah", "Иван", "Ελένη", "美咲", "Omar", "Zoë", "Lena", "Paul", "Ines", "José", "Eva"}
var familyNames = []string{"Nowak", "Müller", "Smith", "García", "Петров", "佐藤", "Haddad", "O'Neil", "de la Cruz", "Li", "Kaya", "Sørensen"}

// randomOrg makes an organization of every kind of person; its shape depends on the seed only.
func randomOrg(r *rand.Rand, people int) *org {
	c := &content{freshness: domain.Freshness{Revision: 1, People: people}}
	for i, site := range []string{"acme", "beta", "acme", "beta", "acme", ""} {
		name := []string{"Jira", "Jira", "Confluence", "Confluence", `Odd "app"`, "Guard"}[i]
		c.apps = append(c.apps, domain.App{ID: int64(10 + i), AppID: "ari:cloud:x::site/" + strconv.Itoa(i), Key: strings.ToLower(name), Name: name, SiteName: site})
	}
	if r.IntN(4) == 0 { // two apps that an admin cannot tell apart by name
		c.apps = append(c.apps, domain.App{ID: 90, AppID: "ari:cloud:x::site/90", Key: "twin", Name: "Jira", SiteName: "acme"})
	}
	c.directories = []domain.Directory{{DirectoryID: "d1", Name: "Acme"}, {DirectoryID: domain.DataCenterDirectory, Name: "Beta"}}
	names := append([]string{"vip", "jira-users-acme", "jira-users-acme", "Sales", "org-admins", "leer"}, hostile[2:]...)
	for i, name := range names {
		c.groups = append(c.groups, domain.Group{ID: int64(100 + i), GroupID: "g" + strconv.Itoa(i), Name: name, Synced: domain.Tri(r.IntN(3)), GrantsAccess: []string{c.apps[i%len(c.apps)].AppID}})
	}
	id := int64(r.IntN(1000))
	for i := range people {
		id += 1 + int64(r.IntN(1+r.IntN(60)))
		c.users = append(c.users, randomUser(r, c, id, i))
	}
	if r.IntN(3) == 0 {
		r.Shuffle(len(c.users), func(i, j int) { c.users[i], c.users[j] = c.users[j], c.users[i] })
	}
	for i, name := range []string{"Protected", "Leavers", "nobody's"} {
		l := domain.PersonList{ID: strconv.Itoa(i), Name: name, Values: []string{"somebody@else.org", "712020:ffff"}}
		for range r.IntN(20) {
			u := pick(r, c.users)
			l.Values = append(l.Values, pick(r, []string{u.AccountID, strings.ToUpper(u.AccountID), u.Email, strings.ToUpper(u.Email)}))
		}
		if i == 1 {
			l.Values = l.Values[1:] // nobody hides behind an id
		}
		c.lists = append(c.lists, l)
	}
	if r.IntN(8) > 0 {
		c.addHistory(r)
	}
	if r.IntN(8) > 0 {
		c.addReads(r)
	}
	if r.IntN(4) > 0 {
		c.domains = []domain.Domain{{Name: "Acme.com", Verified: true}, {Name: "gmail.com"}, {Name: "unused.org", Verified: true}}
	}
	return &org{now: c}
}

// openOn makes a service over an organization and its lists.
func openOn(o *org) *directory.Service {
	s := directory.New(o.options())
	s.SetLists(o.now.lists)
	return s
}

// addHistory makes what groups grant, what runs did and who is protected.
func (c *content) addHistory(r *rand.Rand) {
	for i := range c.groups {
		g := &c.groups[i]
		switch r.IntN(4) {
		case 0:
			g.GrantsAccess, g.AppCount = nil, r.IntN(2)-1
		case 1, 2:
			g.GrantsKnown, g.GrantsAccess = true, nil
			for range r.IntN(3) {
				if a := pick(r, c.apps).AppID; !slices.Contains(g.GrantsAccess, a) {
					g.Grants = append(g.Grants, domain.Grant{AppID: a, Role: pick(r, []string{"atlassian/user", "atlassian/admin", "atlassian/guest"}), Default: r.IntN(3) == 0})
					g.GrantsAccess = append(g.GrantsAccess, a)
				}
			}
		}
	}
	c.protected = map[string]bool{}
	for _, u := range c.users {
		c.protected[u.AccountID] = r.IntN(10) == 0
	}
	c.touches = []domain.Touch{{RunID: "RUN9", Action: "user.suspend", AccountID: "somebody who is gone", At: time.Now()}}
	for run := range r.IntN(6) {
		t := domain.Touch{RunID: fmt.Sprint("RUN", run), Action: pick(r, []string{"user.suspend", "group.remove"}), At: time.Now().AddDate(0, 0, run-30)}
		for _, u := range c.users {
			if t.AccountID = u.AccountID; r.IntN(4) == 0 {
				t.State = pick(r, []domain.ItemState{domain.ItemDone, domain.ItemRefused, domain.ItemUnknown, domain.ItemSkipped})
				c.touches = append(c.touches, t)
			}
		}
	}
}

// addReads makes when people were read: with everybody, alone since then, or not when everybody was. All of it is half
// an hour off the full hours before now, so that no hour is over while a test runs.
func (c *content) addReads(r *rand.Rand) {
	at := time.Now().Truncate(time.Second).Add(30*time.Minute - 50*time.Hour)
	c.freshness.CompleteAt = at.UTC()
	for i := range c.users {
		u := &c.users[i]
		switch seconds := int64(3600 * (1 + r.IntN(49))); r.IntN(12) {
		case 0, 1:
			u.ReadAt = time.Unix(at.Unix()+seconds, 0).UTC()
		case 2:
			u.ReadAt, u.Unread = time.Unix(at.Unix()-seconds, 0).UTC(), true
		}
	}
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func randomName(r *rand.Rand) string {
	if r.IntN(5) == 0 {
		return pick(r, hostile)
	}
	return pick(r, givenNames) + " " + pick(r, familyNames)
}

func randomUser(r *rand.Rand, c *content, id int64, i int) domain.User {
	u := domain.User{
		ID: id, AccountID: fmt.Sprintf("712020:%08x-%04X", r.Uint32(), i), AccountType: pick(r, []string{"atlassian", "atlassian", "app", "customer"}),
		Name: randomName(r), EmailVerified: domain.Tri(r.IntN(3)), Managed: domain.Tri(r.IntN(3)), MFA: domain.Tri(r.IntN(3)), Billable: domain.Tri(r.IntN(3)),
		Status: pick(r, []domain.Status{
			domain.StatusActive, domain.StatusActive, domain.StatusActive, domain.StatusInvited, domain.StatusSuspended, domain.StatusDeactivated,
			domain.StatusNoAccess, domain.StatusForDeletion, domain.StatusUnknown, "",
		}),
		Origin: pick(r, []string{"invited", "synced", ""}),
		Profile: domain.Profile{JobTitle: pick(r, []string{"", "Manager", "manager", "Área Manager", "Engineer"}),
			Department: pick(r, []string{"", "Sales", "SALES", "R&D", `"quoted"`, "Größe"}), Organization: pick(r, []string{"", "Contractor GmbH"}),
			Location: pick(r, []string{"", "Köln", "Koln", "NYC"}), TimeZone: pick(r, []string{"", "Europe/Berlin", "America/New_York"}),
		}}
	if r.IntN(6) > 0 {
		local := strings.ToLower(pick(r, givenNames)) + strconv.Itoa(r.IntN(50))
		u.Email = local + "@" + pick(r, []string{"acme.com", "acme.com", "gmail.com", "sub.acme.com", "ACME.com"})
	}
	if r.IntN(3) > 0 {
		u.AddedAt = time.Now().Add(-time.Duration(r.IntN(400*24)) * time.Hour)
	}
	for _, role := range []string{domain.RoleOrgAdmin, domain.RoleSiteAdmin, "atlassian/guest"} {
		if r.IntN(12) == 0 {
			u.PlatformRoles = append(u.PlatformRoles, role)
		}
	}
	for _, d := range c.directories {
		if r.IntN(2) == 0 {
			status := pick(r, []domain.Status{u.Status, u.Status, domain.StatusSuspended, domain.StatusActive, domain.StatusUnknown})
			u.Memberships = append(u.Memberships, domain.DirectoryMembership{DirectoryID: d.DirectoryID, Status: status})
		}
	}
	u.Nickname = strings.ToLower(pick(r, givenNames)) + pick(r, []string{"", "." + strconv.Itoa(i)}) // the user name of who is in that directory alone
	for _, a := range c.apps {
		if r.IntN(3) > 0 {
			continue
		}
		access := domain.AppAccess{AppID: a.AppID, AppKey: a.Key, Known: r.IntN(4) > 0}
		if access.Known && r.IntN(4) > 0 {
			access.LastActive = filter.DateOf(filter.Day(time.Now()) - int32(r.IntN(200)))
		}
		u.Access = append(u.Access, access)
	}
	if r.IntN(4) == 0 { // an imported file told
		if u.SeenKnown = true; r.IntN(3) > 0 {
			u.Seen = filter.DateOf(filter.Day(time.Now()) - int32(r.IntN(200)))
		}
	}
	if r.IntN(3) == 0 {
		u.Policy = pick(r, []string{"Contractors", "contractors", "Staff (SSO)", "x\nRLO\u202Eexe", "Größe"})
	}
	for _, g := range c.groups[:len(c.groups)-1] { // the last one stays empty
		if r.IntN(8) == 0 && g.Name != "leer" {
			u.GroupIDs = append(u.GroupIDs, g.GroupID)
		}
	}
	return u
}
