package sim

import (
	"slices"
	"time"
)

// view says through whose eyes a state is read. What a view sees of a change comes later than the truth.
type view int

const (
	viewTruth view = iota
	viewOrg
	viewSite
	views
)

// accountStatus is the state of the account itself, everywhere at Atlassian.
type accountStatus uint8

const (
	accountActive accountStatus = iota
	accountInactive
	accountClosed
)

func (s accountStatus) String() string { return [...]string{"active", "inactive", "closed"}[s] }

// personKind is what a person was built as. It does not change with what happens to the person later.
type personKind uint8

const (
	kindActive personKind = iota
	kindNeverUsed
	kindInvited
	kindSuspended
	kindDeactivated
	kindForDeletion
	kindNoDirectory
	kindApp      // an app's account; sites show it
	kindCustomer // a portal customer; sites show it
	kindFormer   // a deleted account; sites still show it as "Former user"
)

// person is one account. What can change stands in state.
type person struct {
	name, nickname, email string
	added, last           int64 // unix seconds; last is the newest activity, 0 never
	deactivated           int64 // unix seconds, 0 never
	kind                  personKind
	department, title     uint8
	place, company        uint8
	managed               bool   // the account's domain is verified and the account claimed
	verified              bool   // the e-mail address was confirmed
	synced                bool   // managed by the identity provider
	hidden                bool   // the person hides the e-mail address
	mfa                   int8   // 0 not known, 1 on, 2 off
	listed                uint64 // sites whose account list has the person, as bits
	state
	past []past      // what the views still see, oldest first
	own  *ownProfile // what the profile says after a change, nil before
}

// past is a state that is over, with the time until which each view still shows it (unix nanoseconds).
type past struct {
	state
	until [views]int64
}

// state is what can change of a person. Its slices are never changed in place: past states share them.
type state struct {
	account           accountStatus
	deletion          bool    // in the 14 days before deletion
	orgAdmin          bool    // the role itself, apart from the org-admins group
	member, suspended uint64  // directories, as bits; suspended is a part of member
	groups            []int32 // ascending
	direct            []grant // roles given to the person and not through a group
	removed           uint64  // directories that the person was removed from; sites still list such accounts
}

func (s *state) in(g int) bool {
	_, ok := slices.BinarySearch(s.groups, int32(g))
	return ok
}

// at returns the state that a view sees at the time now (unix nanoseconds).
func (p *person) at(v view, now int64) *state {
	if v != viewTruth {
		for i := range p.past {
			if p.past[i].until[v] > now {
				return &p.past[i].state
			}
		}
	}
	return &p.state
}

// grant is a role on an app.
type grant struct {
	app  int
	role string
}

// The roles that the simulator tells apart.
const (
	roleUser            = "atlassian/user"
	roleAdmin           = "atlassian/admin"
	roleUserAccessAdmin = "atlassian/user-access-admin"
	roleOrgAdmin        = "atlassian/org-admin"
	roleSiteAdmin       = "atlassian/site-admin"
)

// opens tells whether the role lets its holder open the app, which takes a seat.
func opens(role string) bool { return role == roleUser || role == roleAdmin }

// group is one group of a directory.
type group struct {
	id, name, description string
	directory             int
	kind                  groupKind
	grants                []grant
	platform              string  // platform role of its members, "" none
	access                uint64  // apps that its members may open, as bits
	members               []int32 // in truth, ascending
	from, until           [views]int64
}

type groupKind uint8

const (
	groupPlain groupKind = iota
	groupSynced
	groupDefault   // the default group of an app's user role: cannot be deleted
	groupAdmins    // gives an admin role: cannot be deleted
	groupOrgAdmins // its members are organization admins
	groupTeam      // managed by its members
)

// exists tells whether a view sees the group at the time now.
func (g *group) exists(v view, now int64) bool {
	return g.from[v] <= now && (g.until[v] == 0 || now < g.until[v])
}

type directory struct {
	id, name string
}

type site struct {
	name, cloudID, host string
	directory           int
	accounts            []int32 // whom the site's user list shows: everybody who ever had access, in order of arrival
}

// app is one app at one site.
type app struct {
	ari       string
	kind      *appKind
	site      int
	sandbox   bool
	name, url string
	plan      string
	capacity  int
	seats     int // 0 is no limit; adding one more billable person is refused with a license error
	used      int // billable people, in truth
	created   time.Time
}

// appKind is what is the same of an app at each site.
type appKind struct {
	typeKey string // machine name, resource owner, and product part of the resource id
	typ     string // display name
	v1Key   string // product_access.key of the v1 calls
	group   string // prefix of its built-in groups
	jira    bool   // has an application role in Jira
	plans   []string
}

var appKinds = []appKind{
	{"jira-software", "Jira", "jira-software", "jira", true, []string{"Standard", "Premium", "Free"}},
	{"confluence", "Confluence", "confluence", "confluence", false, []string{"Standard", "Premium", "Free"}},
	{"jira-servicedesk", "Jira Service Management", "jira-service-desk", "jira-servicemanagement", true, []string{"Premium", "Standard"}},
	{"jira-product-discovery", "Jira Product Discovery", "jira-product-discovery", "jira-product-discovery", true, []string{"Standard", "Free"}},
	{"bitbucket", "Bitbucket", "bitbucket", "bitbucket", false, []string{"Standard", "Premium"}},
	{"compass", "Compass", "compass", "compass", false, []string{"Standard", "Free"}},
}

type domainClaim struct {
	name, claim, status string
}
