package sourcetest

import (
	"slices"

	"seatkeeper/backend/sim"
)

// Truth is what a source is about, as it really is in a simulated world. The ids are those that the source delivers.
type Truth interface {
	// Ordinary finds an active person whom anybody may change, and a group that the person may be put into or taken out of.
	Ordinary() (account, group string, found bool)
	// Directory is the directory that changes name, "" where the source has none.
	Directory() string
	// People gives at most n people who can open an app.
	People(n int) []Person
	Suspended(account string) bool
	SetSuspended(account string, suspended bool)
	Member(group, account string) bool
	SetMember(group, account string, member bool)
}

// Person is the truth about one person.
type Person struct {
	AccountID string
	Active    bool
	Groups    []string // sorted
}

// organization is the truth of the organization and its sites.
type organization struct{ w *sim.World }

func (o organization) Ordinary() (account, group string, found bool) {
	people := o.w.People(1, func(p sim.PersonState) bool {
		return p.Status == "active" && !p.OrgAdmin && !p.Synced && len(p.Apps) > 0 && p.AccountID != o.w.Operator() && p.AccountID != o.w.KeyOwner()
	})
	for _, g := range o.w.Groups() {
		if len(people) == 1 && !g.Synced && !g.Default && !g.Admins && len(g.Apps) == 0 {
			return people[0].AccountID, g.ID, true
		}
	}
	return "", "", false
}

func (o organization) Directory() string { return o.w.DirectoryIDs()[0] }

func (o organization) People(n int) []Person {
	var out []Person
	for _, p := range o.w.People(n, func(p sim.PersonState) bool { return len(p.Apps) > 0 }) {
		slices.Sort(p.Groups)
		out = append(out, Person{p.AccountID, p.Status == "active", p.Groups})
	}
	return out
}

func (o organization) Suspended(account string) bool {
	s, _ := o.w.State(account)
	return s.Status == "suspended"
}

func (o organization) SetSuspended(account string, suspended bool) {
	if suspended {
		o.w.Suspend(account)
		return
	}
	o.w.Restore(account)
}

func (o organization) Member(group, account string) bool { return o.w.MemberOf(account, group) }

func (o organization) SetMember(group, account string, member bool) {
	if member {
		o.w.AddMember(account, group)
		return
	}
	o.w.RemoveMember(account, group)
}
