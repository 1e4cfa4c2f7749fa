package index

import (
	"slices"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/filter"
)

// namesakes finds apps and groups by what an admin may call them.
type namesakes struct {
	apps   [3]map[string][]int // by id; by name and site; by name or key alone
	groups [2]map[string][]int // by id; by name
}

func (ix *Index) nameEverything() namesakes {
	var n namesakes
	for i := range n.apps {
		n.apps[i] = map[string][]int{}
	}
	for i := range n.groups {
		n.groups[i] = make(map[string][]int, len(ix.Groups))
	}
	add := func(m map[string][]int, name string, ordinal int) {
		key := Key(name)
		if name != "" && !slices.Contains(m[key], ordinal) {
			m[key] = append(m[key], ordinal)
		}
	}
	for i, a := range ix.Apps {
		add(n.apps[0], a.AppID, i)
		add(n.apps[1], AppLabel(a), i)
		add(n.apps[1], a.Key+" ("+a.SiteName+")", i)
		add(n.apps[2], a.Name, i)
		add(n.apps[2], a.Key, i)
	}
	for i, g := range ix.Groups {
		add(n.groups[0], g.GroupID, i)
		add(n.groups[1], g.Name, i)
	}
	return n
}

// FindApps finds apps by id, else by name and site ("Jira (acme)"), else by name or key at any site. Case does not
// matter.
func (ix *Index) FindApps(name string) []int {
	key := Key(name)
	for _, m := range ix.named.apps {
		if found := m[key]; found != nil {
			return found
		}
	}
	return nil
}

// FindGroups finds groups by id, else by name: one for each directory that has it. Case does not matter.
func (ix *Index) FindGroups(name string) []int {
	key := Key(name)
	for _, m := range ix.named.groups {
		if found := m[key]; found != nil {
			return found
		}
	}
	return nil
}

// AppFilterName is how a filter names exactly this app: its label, or its id where labels are ambiguous.
func (ix *Index) AppFilterName(ordinal int) string {
	a := ix.Apps[ordinal]
	for _, name := range []string{AppLabel(a), a.AppID} {
		if name != "" && slices.Equal(ix.FindApps(name), []int{ordinal}) {
			return name
		}
	}
	return a.AppID
}

// Sites gives the names of the sites, sorted.
func (ix *Index) Sites() []string {
	var sites []string
	for _, a := range ix.Apps {
		if a.SiteName != "" {
			sites = append(sites, a.SiteName)
		}
	}
	slices.Sort(sites)
	return slices.Compact(sites)
}

// Arg resolves the argument of a field that is an app; nil for no argument means all apps.
func (e *Eval) Arg(n *filter.Node) ([]int, error) {
	if n.Arg == "" {
		return nil, nil
	}
	apps := e.Index.FindApps(n.Arg)
	if apps == nil {
		err := n.ArgErrorf("There is no app %s in this source.", domain.Quote(n.Arg))
		err.Expected = []string{"an app"}
		return nil, err.Suggest(n.Arg, e.Index.AppNames(), true)
	}
	return apps, nil
}

// AppNames are the names by which apps may be suggested.
func (ix *Index) AppNames() []string {
	names := make([]string, 0, 2*len(ix.Apps))
	for _, a := range ix.Apps {
		names = append(names, a.Name)
	}
	for _, a := range ix.Apps {
		names = append(names, AppLabel(a))
	}
	return slices.Compact(names)
}

// RoleName turns "atlassian/org-admin" into "org-admin".
func RoleName(role string) string { return strings.TrimPrefix(role, "atlassian/") }
