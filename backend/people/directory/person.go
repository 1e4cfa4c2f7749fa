package directory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// Person is everything that is known of one person, with names for ids.
type Person struct {
	User        domain.User
	Row         Row
	Apps        []PersonApp    // by site and name
	Groups      []domain.Group // by name
	Members     []string       // for each of the groups a filter that finds its members
	Directories []PersonDirectory
	History     []domain.PersonEvent // what syncs have found different, newest first
}

// PersonApp is one app that a person may open.
type PersonApp struct {
	App        domain.App // with AppID and Key only, if the source no longer lists it
	Activity   ActivityState
	LastActive time.Time
	Via        []domain.Group // those of the person's groups that are known to grant it
	Paths      []Path         // how the groups grant it, where that is known
	PathsKnown bool           // of each of the person's groups it is known what it grants
	Direct     domain.Tri     // whether access was given to the person alone; unknown until Confirm
	OwnSeat    domain.Tri     // whether a way without a group costs a seat; unknown until Confirm
	Inferred   bool           // Atlassian says that access follows from something else, such as being organization admin
	Seat       domain.Tri     // whether the access is of a kind that costs a seat
	Idle       domain.Status  // why no seat is counted now although access is kept: suspended, deactivated or for deletion; "" if counted
}

// PersonDirectory is a person's state in one directory.
type PersonDirectory struct {
	Directory domain.Directory
	Status    domain.Status
}

// Person reads one person by the mirror's id; NotFound when there is none.
func (s *Service) Person(ctx context.Context, sourceID string, id int64) (Person, error) {
	p := s.source(sourceID)
	ix, err := s.current(ctx, p)
	if err != nil {
		return Person{}, err
	}
	users, err := s.store.UsersByID(ctx, sourceID, []int64{id})
	if err != nil {
		return Person{}, fmt.Errorf("reading a person: %w", err)
	}
	if len(users) == 0 {
		return Person{}, domain.Errorf(domain.NotFound, "This person is no longer in the local copy.").WithHint("Show the list again.")
	}
	person := resolve(ix, users[0])
	if person.History, err = s.store.PersonHistory(ctx, sourceID, id); err != nil {
		return Person{}, fmt.Errorf("reading a person's history: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	person.Row.Selected = p.chosen.in.has(id)
	return person, nil
}

// resolve names what a user refers to by id.
func resolve(ix *index.Index, u domain.User) Person {
	person := Person{User: u}
	for _, id := range u.GroupIDs {
		if i := slices.IndexFunc(ix.Groups, func(g domain.Group) bool { return g.GroupID == id }); i >= 0 {
			person.Groups = append(person.Groups, ix.Groups[i])
		}
	}
	slices.SortStableFunc(person.Groups, func(a, b domain.Group) int {
		return cmp.Or(cmp.Compare(index.Fold(a.Name), index.Fold(b.Name)), cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	for _, g := range person.Groups {
		person.Members = append(person.Members, memberFilter(ix, g))
	}
	for _, access := range u.Access {
		app := domain.App{AppID: access.AppID, Key: access.AppKey}
		if i := slices.IndexFunc(ix.Apps, func(a domain.App) bool { return a.AppID == access.AppID }); i >= 0 {
			app = ix.Apps[i]
		}
		a := PersonApp{App: app}
		a.Activity, a.LastActive = activityOf(dayOf(access))
		for _, g := range person.Groups {
			if slices.Contains(g.GrantsAccess, access.AppID) {
				a.Via = append(a.Via, g)
			}
		}
		person.Apps = append(person.Apps, a)
	}
	slices.SortStableFunc(person.Apps, func(a, b PersonApp) int {
		return cmp.Or(cmp.Compare(a.App.SiteName, b.App.SiteName), cmp.Compare(a.App.Name, b.App.Name), cmp.Compare(a.App.ID, b.App.ID))
	})
	for _, m := range u.Memberships {
		d := domain.Directory{DirectoryID: m.DirectoryID, Name: ix.DirectoryName(m.DirectoryID)}
		person.Directories = append(person.Directories, PersonDirectory{d, m.Status})
	}
	explainAccess(ix, &person)
	person.Row = rowOf(person)
	if person.Row.ReadAt = u.ReadAt; u.ReadAt.IsZero() {
		person.Row.ReadAt = ix.Freshness.CompleteAt.UTC()
	}
	return person
}

func dayOf(access domain.AppAccess) int32 {
	switch {
	case !access.Known:
		return index.ActivityUnknown
	case access.LastActive.IsZero():
		return index.NeverActive
	default:
		return max(1, filter.Day(access.LastActive.UTC()))
	}
}

// rowOf makes the row of a person who may be newer than the index.
func rowOf(p Person) Row {
	u := p.User
	r := Row{
		ID: u.ID, AccountID: u.AccountID, UserName: index.UserNameOf(&u), AccountType: u.AccountType, Name: u.Name, Email: u.Email, Status: cmp.Or(u.Status, domain.StatusUnknown),
		Managed: u.Managed, Origin: u.Origin, MFA: u.MFA, Verified: u.EmailVerified, Profile: u.Profile,
		Billable: u.Billable, Policy: u.Policy, Groups: len(p.Groups), Activity: ActivityNone,
		Apps: make([]string, 0, len(p.Apps)), GroupNames: make([]string, 0, MaxGroupNames),
	}
	roles := slices.Clone(u.PlatformRoles)
	slices.Sort(roles)
	for _, role := range slices.Compact(roles) {
		r.Roles = append(r.Roles, index.RoleName(role))
	}
	for _, a := range p.Apps {
		r.Apps = append(r.Apps, index.AppLabel(a.App))
		r.Activity, r.LastActive = latest(r.Activity, r.LastActive, a)
	}
	r.Activity, r.LastActive = seen(p, r.Activity, r.LastActive)
	for _, g := range p.Groups[:min(len(p.Groups), MaxGroupNames)] {
		r.GroupNames = append(r.GroupNames, g.Name)
	}
	if !u.AddedAt.IsZero() {
		r.Added = filter.DateOf(max(1, filter.Day(u.AddedAt.UTC())))
	}
	return r
}

// seen fills in what an imported file told about the last activity anywhere, where the apps leave it open.
func seen(p Person, state ActivityState, day time.Time) (ActivityState, time.Time) {
	open := slices.ContainsFunc(p.Apps, func(a PersonApp) bool { return a.Activity == ActivityUnknown })
	switch u := p.User; {
	case !u.SeenKnown || !open:
		return state, day
	case u.Seen.After(day):
		return ActivityKnown, u.Seen
	case u.Seen.IsZero() && state == ActivityUnknown:
		return ActivityNever, day
	default:
		return state, day
	}
}

// latest joins the activity in one more app: a known day wins, unknown wins over never.
func latest(state ActivityState, day time.Time, a PersonApp) (ActivityState, time.Time) {
	switch {
	case a.Activity == ActivityKnown && (state != ActivityKnown || a.LastActive.After(day)):
		return ActivityKnown, a.LastActive
	case state == ActivityKnown, state == ActivityUnknown && a.Activity == ActivityNever:
		return state, day
	default:
		return a.Activity, day
	}
}
