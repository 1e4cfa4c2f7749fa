package sim

import "time"

// Config says what kind of world New builds. The zero value is a working one of 100 people and one site.
//
// Each field that answers an open question about Atlassian's behavior is off by default, which is the documented or the
// most often measured behavior.
type Config struct {
	People      int    // accounts that the organization shows, 10 to 500,000; 0 is 100
	Sites       int    // 1 to 10; 0 is 1
	DataCenters int    // Jira Data Center instances, at most 5; each has as many users as the organization has people
	Groups      int    // teams' plain groups beside the built-in ones; 0 is chosen by the number of people
	Seed        uint64 // the same seed and sizes give the same world

	// Original gives the organization the original user management: a directory for each site. Otherwise it has one.
	Original bool

	// Hostile gives everybody a name that means harm, groups and the organization too.
	Hostile bool

	Latency time.Duration // of each answer as a whole; the work is done in its middle
	Jitter  float64       // 0 to 1: the part of Latency that varies at random

	// Visible is how long a change made through the organization stays unseen by the organization's reads, SiteVisible
	// how long it stays unseen by the sites (and a site's change by the organization). SiteVisible is at least Visible.
	Visible     time.Duration
	SiteVisible time.Duration

	KeyExpires time.Duration // life of the organization's API key from now on; 0 is 90 days, negative is already over
	KeyScopes  []string      // scopes of that key; none means a key without scopes, which may do everything

	Rates      []Rate         // budgets; none means only the published ones of the audit log
	ResetEpoch bool           // X-RateLimit-Reset in epoch seconds instead of ISO 8601
	RetryAfter RetryAfterForm // how a 429 says when to come back

	IPBlocked bool // sites answer 403: this computer is not on the IP allowlist

	MaxPage        int           // largest limit of users/search and groups/search; 0 is 100; more is a 400
	CursorLife     time.Duration // cursors die after this time; 0 is never
	WorkspaceURL   bool          // links.next of workspaces is a URL instead of a bare cursor
	GlobalStatus   bool          // users/search of one directory shows the status over all directories
	HideUnused     bool          // productAccess leaves out what was granted but never opened
	ExpandGroups   int           // the groups expand stops after so many groups; 0 is all
	AppAccounts    bool          // the organization's reads show app accounts too
	SuspendAgain   int           // status for suspending who is suspended, or restoring who is active; 0 is 204
	RemoveAbsent   int           // status for removing who is not there; 0 is 404
	AssignStatus   int           // status of group role-assignments assign and revoke; 0 is 204
	NoAPIAccess    bool          // the API Access family answers 404
	MaxFilter      int           // most items of a filter list of users/search and groups/search; 0 is 10
	HideOrgs       bool          // GET /v1/orgs is empty for keys without scopes too
	InviteStatus   int           // status of v2 invite; 0 is 200, or 206 when a part failed
	DeleteStatus   int           // status of lifecycle/delete and cancel-delete; 0 is 200
	ScopeAsList    bool          // user management refuses scoped keys with a list instead of a key
	SyncedAsCode   bool          // changing a synced group is refused with an error code instead of a bare 403
	ScopedWrites   bool          // a scoped key may make the calls that no scope is listed for
	NoEvents       bool          // the plan has no audit log: 403
	EventsUnscoped bool          // the audit log refuses keys with scopes, whatever these are
	StreamEnd      bool          // an empty page of events-stream has no cursor
	NoPaidPlan     bool          // no paid subscription: inviting answers 402
	DeadGone       bool          // the calls that Atlassian switched off answer 410 instead of 404
	LockedAdmins   bool          // the org-admins group refuses membership calls (Atlassian announced this)
	HiddenAccounts int           // so many accounts in the middle of a site's list are not shown, but startAt counts their places
	FullPages      bool          // a site's users/search fills its pages; Atlassian's are sometimes short

	DataCenter DataCenterConfig // what the Data Center instances are like

	JournalSize int // entries kept; 0 is 1,000,000
}

// RetryAfterForm is the way a 429 names the time to wait.
type RetryAfterForm string

// The forms. The zero value is RetrySeconds.
const (
	RetrySeconds RetryAfterForm = "seconds"
	RetryDate    RetryAfterForm = "date"
	RetryNone    RetryAfterForm = "none"
	RetryGarbage RetryAfterForm = "garbage"
	RetryPast    RetryAfterForm = "past"
)

// Rate is a budget of calls that is filled up again at the end of each window, counted for each credential and family.
type Rate struct {
	Family string        // "orgs", "users", "groups", "workspaces", "manage", "api-access", "events", "events-stream", "jira", "jira-dc"; "" is each of them
	Limit  int           // calls in a window
	Window time.Duration // e.g. a minute
}

// Bounds of a world.
const (
	minPeople = 10
	maxPeople = 500_000
	maxSites  = 10
)

func (c Config) withDefaults() Config {
	if c.People == 0 {
		c.People = 100
	}
	c.People = min(max(c.People, minPeople), maxPeople)
	c.Sites = min(max(c.Sites, 1), maxSites)
	if c.Groups == 0 {
		c.Groups = min(max(c.People/50, 6), 2000)
	}
	c.SiteVisible = max(c.SiteVisible, c.Visible)
	if c.KeyExpires == 0 {
		c.KeyExpires = 90 * 24 * time.Hour
	}
	if c.MaxPage == 0 {
		c.MaxPage = 100
	}
	c.DataCenter = c.DataCenter.withDefaults()
	if c.MaxFilter == 0 {
		c.MaxFilter = 10
	}
	if c.JournalSize == 0 {
		c.JournalSize = 1_000_000
	}
	return c
}
