package directory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
	"seatkeeper/backend/people/index"
)

// GroupInfo is one group with what is known about it.
type GroupInfo struct {
	domain.Group         // MemberCount is that of the local copy
	Counted      int     // members as the source counts them, -1 unknown
	Gives        []Given // apps that it gives, by site and name; then those that are not listed
	GrantsKnown  bool    // whether the source says which apps a group gives
	Directory    string  // name of its directory; "" when there is only one
	Filter       string  // finds its members
}

// Given is one app that a group gives.
type Given struct {
	App     string   // as AppLabel names it; the id of an app that is not listed
	Roles   []string // for the user; none where the source tells only the app
	Default bool     // the group is a default one of one of the roles
}

// The sorts of groups.
const (
	GroupsByName    = "name"
	GroupsByMembers = "members"
	GroupsByApps    = "apps"
)

// The kinds of groups that can be asked for.
const (
	GroupsEmpty    = "empty"     // without members
	GroupsSynced   = "synced"    // from the identity provider
	GroupsLocked   = "locked"    // whose members cannot be changed here
	GroupsOpen     = "open"      // whose members can be changed here
	GroupsUnsure   = "unsure"    // neither: not known whether they come from the identity provider
	GroupsManyApps = "many_apps" // that give several apps
	GroupsAdmin    = "admin"     // whose members are administrators of something
	GroupsDefault  = "default"   // a default group of an app: who is given the app gets into it
	GroupsLeaks    = "leaks"     // default groups that give several apps: an invitation to one opens the others
)

// GroupQuery asks for groups.
type GroupQuery struct {
	SourceID string
	Search   string // every word must stand in name or description, or the text is the group's id
	Kind     string // "" for all, or one of the kinds
	Sort     string // "" is by name
	Desc     bool
	From     int
	Count    int // at most MaxRows
}

// GroupPage is a part of a list of groups.
type GroupPage struct {
	Groups []GroupInfo
	Total  int            // groups that were found
	All    int            // groups of the source
	Kinds  map[string]int // how many of those that the search finds there are of each kind
	Grants bool           // whether the source says of any group which apps it gives
	// Directories are those that the source's groups may belong to.
	Directories []domain.Directory
}

// GroupList lists groups.
func (s *Service) GroupList(ctx context.Context, q GroupQuery) (GroupPage, error) {
	p := s.source(q.SourceID)
	ix, err := s.current(ctx, p)
	if err != nil {
		return GroupPage{}, err
	}
	found, kinds, err := p.findGroups(ix, q)
	if err != nil {
		return GroupPage{}, err
	}
	page := GroupPage{Groups: []GroupInfo{}, All: len(ix.Groups), Kinds: kinds, Grants: p.groupFacts(ix).grants, Directories: slices.Clone(ix.Directories)}
	if err := sortGroups(ix, found, q.Sort, q.Desc); err != nil {
		return GroupPage{}, err
	}
	page.Total = len(found)
	from := min(max(q.From, 0), len(found))
	for _, i := range found[from : from+min(max(q.Count, 0), MaxRows, len(found)-from)] {
		page.Groups = append(page.Groups, groupInfo(ix, i))
	}
	return page, nil
}

// findGroups gives the places of the groups that a query finds, of whatever page, and how many of each kind its search
// finds.
func (p *people) findGroups(ix *index.Index, q GroupQuery) (found []int, kinds map[string]int, err error) {
	if q.Kind != "" && groupKinds[q.Kind] == nil {
		return nil, nil, &domain.Error{Code: domain.Invalid, Field: "kind", Message: "There is no kind of groups “" + q.Kind + "”."}
	}
	facts := p.groupFacts(ix)
	words := strings.Fields(index.Fold(q.Search))
	found = make([]int, 0, len(ix.Groups))
	for i := range ix.Groups {
		if groupMatches(&ix.Groups[i], words, strings.TrimSpace(q.Search)) {
			found = append(found, i)
		}
	}
	if kinds = facts.count(found); q.Kind != "" {
		found = slices.DeleteFunc(found, func(i int) bool { return !facts.is[q.Kind][i] })
	}
	return found, kinds, nil
}

var groupKinds = map[string]func(ix *index.Index, group int) bool{
	GroupsEmpty:  func(ix *index.Index, i int) bool { return ix.MemberCount(i) == 0 },
	GroupsSynced: func(ix *index.Index, i int) bool { return ix.Groups[i].Synced == domain.Yes },
	GroupsLocked: func(ix *index.Index, i int) bool { return ix.Groups[i].Locked() != "" },
	GroupsOpen: func(ix *index.Index, i int) bool {
		return ix.Groups[i].Locked() == "" && ix.Groups[i].Synced != domain.Unknown
	},
	GroupsUnsure: func(ix *index.Index, i int) bool {
		return ix.Groups[i].Locked() == "" && ix.Groups[i].Synced == domain.Unknown
	},
	GroupsManyApps: func(ix *index.Index, i int) bool { return appsOf(&ix.Groups[i]) > 1 },
	GroupsAdmin:    func(ix *index.Index, i int) bool { return ix.Groups[i].AdminsOf() != "" },
	GroupsDefault:  func(ix *index.Index, i int) bool { return ix.Groups[i].IsDefault() },
	GroupsLeaks:    func(ix *index.Index, i int) bool { return ix.Groups[i].IsDefault() && appsOf(&ix.Groups[i]) > 1 },
}

// groupFacts is what is asked of all groups at every letter: an index never changes, so that it is found out once.
type groupFacts struct {
	index  *index.Index
	grants bool              // the source says of one which apps it gives
	is     map[string][]bool // by kind, of each group
	all    map[string]int    // by kind, how many are of it
}

// groupFacts gives the facts about the groups of an index.
func (p *people) groupFacts(ix *index.Index) *groupFacts {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.groups == nil || p.groups.index != ix {
		p.groups = newGroupFacts(ix)
	}
	return p.groups
}

func newGroupFacts(ix *index.Index) *groupFacts {
	f := &groupFacts{index: ix, is: make(map[string][]bool, len(groupKinds)), all: map[string]int{}}
	for i := range ix.Groups {
		f.grants = f.grants || grantsKnown(ix, &ix.Groups[i])
	}
	for kind, test := range groupKinds {
		f.is[kind] = make([]bool, len(ix.Groups))
		for i := range ix.Groups {
			if test(ix, i) {
				f.is[kind][i] = true
				f.all[kind]++
			}
		}
	}
	return f
}

// count tells how many of the found groups are of each kind.
func (f *groupFacts) count(found []int) map[string]int {
	if len(found) == len(f.index.Groups) {
		return maps.Clone(f.all)
	}
	kinds := map[string]int{}
	for kind, is := range f.is {
		for _, i := range found {
			if is[i] {
				kinds[kind]++
			}
		}
	}
	return kinds
}

func groupMatches(g *domain.Group, words []string, id string) bool {
	if len(words) == 0 || g.GroupID == id {
		return true
	}
	text := index.Fold(g.Name + "\n" + g.Description)
	return !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) })
}

// sortGroups sorts ordinals of groups, which are in the order of names.
func sortGroups(ix *index.Index, found []int, by string, desc bool) error {
	var value func(group int) int
	switch by {
	case "", GroupsByName:
		if desc {
			slices.Reverse(found)
		}
		return nil
	case GroupsByMembers:
		value = ix.MemberCount
	case GroupsByApps:
		value = func(group int) int { return appsOf(&ix.Groups[group]) }
	default:
		return &domain.Error{Code: domain.Invalid, Field: "sort", Message: "Groups cannot be sorted by “" + by + "”."}
	}
	slices.SortStableFunc(found, func(a, b int) int {
		if desc {
			a, b = b, a
		}
		return cmp.Or(cmp.Compare(value(a), value(b)), cmp.Compare(a, b))
	})
	return nil
}

// grantsKnown tells whether the source says which apps the group gives: it lists them, or says that there are none. A
// source that shows no apps at all (its credential may not read them) cannot say that there are none.
func grantsKnown(ix *index.Index, g *domain.Group) bool {
	return len(g.GrantsAccess) > 0 || g.AppCount == 0 && len(ix.Apps) > 0
}

// appsOf counts the apps that a group gives, 0 when that is not known.
func appsOf(g *domain.Group) int { return max(len(g.GrantsAccess), g.AppCount, 0) }

func groupInfo(ix *index.Index, i int) GroupInfo {
	g := ix.Groups[i]
	info := GroupInfo{Group: g, Counted: g.MemberCount, GrantsKnown: grantsKnown(ix, &g)}
	info.MemberCount = ix.MemberCount(i)
	info.Filter = memberFilter(ix, g)
	if len(ix.Directories) > 1 {
		info.Directory = ix.DirectoryName(g.DirectoryID)
	}
	var unlisted []Given
	var apps []int
	for _, id := range g.GrantsAccess {
		if a := slices.IndexFunc(ix.Apps, func(a domain.App) bool { return a.AppID == id }); a >= 0 {
			apps = append(apps, a)
		} else {
			unlisted = append(unlisted, given(&g, id, id))
		}
	}
	slices.Sort(apps) // ordinals are in the order of site and name
	for _, a := range apps {
		info.Gives = append(info.Gives, given(&g, ix.Apps[a].AppID, index.AppLabel(ix.Apps[a])))
	}
	info.Gives = append(info.Gives, unlisted...)
	return info
}

// given gathers what a group gives on one app.
func given(g *domain.Group, appID, label string) Given {
	out := Given{App: label}
	for _, grant := range g.Grants {
		if grant.AppID == appID {
			out.Roles = append(out.Roles, domain.RoleTitle(grant.Role))
			out.Default = out.Default || grant.Default
		}
	}
	return out
}

// memberFilter finds the members of one group: by its name, or by its id where another group has the same name.
func memberFilter(ix *index.Index, g domain.Group) string {
	name := g.Name
	if len(ix.FindGroups(name)) != 1 {
		name = g.GroupID
	}
	return "group = " + filter.Quote(name)
}
