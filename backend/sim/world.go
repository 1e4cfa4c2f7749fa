package sim

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// World is a simulated Atlassian. All methods may be called from several goroutines.
type World struct {
	cfg     Config
	created time.Time

	orgID, orgName string
	keyOwner       int // the person who made the API key
	operator       int // the person whose API tokens the sites were connected with

	mu          sync.RWMutex // guards what follows
	directories []directory
	sites       []site
	dataCenters []*dataCenter
	apps        []app
	domains     []domainClaim
	groups      []group
	groupByID   map[string]int
	people      []person
	shown       int              // the first so many people are the organization's; the rest up to built is known to sites only
	built       int              // who joined later comes behind, and is the organization's
	unsettled   map[int]struct{} // people with a past that a view may still see
	revision    uint64           // counts changes
	late        []lateCall
	events      []event                // the audit log, oldest first
	forgotten   int                    // events that are not kept any more
	actor       int                    // who makes the change that is being carried out
	ended       map[string]bool        // ids of people's API tokens that were revoked
	sessions    map[int]int            // how often all sessions of a person were ended
	keys        map[string]*credential // by secret: organization API keys and people's API tokens

	blocked atomic.Bool  // the sites' IP allowlist keeps this computer out
	nextDue atomic.Int64 // when settle has something to do, in unix nanoseconds; 0 never
	orders  orderCache
	rates   rateBook
	faults  faultBook
	journal journal

	orgRoutes, siteRoutes, dcRoutes []route
}

// SiteInfo is one site with a credential for it.
type SiteInfo struct {
	Name    string // "acme"
	URL     string // "https://acme.atlassian.net"
	Email   string // of the person whom the token belongs to
	Token   string
	CloudID string
}

// New builds a world. The same configuration gives the same world but for its times, which are relative to now.
func New(cfg Config) *World {
	w := &World{
		cfg: cfg.withDefaults(), created: time.Now(),
		groupByID: map[string]int{}, unsettled: map[int]struct{}{}, keys: map[string]*credential{},
		ended: map[string]bool{}, sessions: map[int]int{},
	}
	w.build()
	w.blocked.Store(cfg.IPBlocked)
	w.rates.init()
	w.faults.init(w.cfg.Seed)
	w.journal.init(w.cfg.JournalSize)
	w.orgRoutes = orgRoutes()
	w.siteRoutes = siteRoutes()
	w.dcRoutes = dcRoutes(w.cfg.DataCenter)
	return w
}

// Organization returns the organization's id and its API key.
func (w *World) Organization() (id, apiKey string) { return w.orgID, w.secretOf("key", 0) }

// Sites lists the sites, each with the operator's API token for it.
func (w *World) Sites() []SiteInfo {
	out := make([]SiteInfo, len(w.sites))
	for i, s := range w.sites {
		out[i] = SiteInfo{
			Name: s.name, URL: "https://" + s.host, CloudID: s.cloudID,
			Email: w.people[w.operator].email, Token: w.secretOf("token", i),
		}
	}
	return out
}

// Operator is the account id of the person whose site tokens Sites returns; KeyOwner of the one who made the API key.
// Both are organization admins.
func (w *World) Operator() string { return w.accountID(w.operator) }

// KeyOwner is the account id of the organization admin who made the API key.
func (w *World) KeyOwner() string { return w.accountID(w.keyOwner) }

// Transport serves https://api.atlassian.com and the https host of each site and Data Center instance in this process, without a socket.
// Another host is a failed name look-up. It may be used within a testing/synctest bubble.
func (w *World) Transport() http.RoundTripper { return transport{w} }

// siteByHost returns the number of the site with this host name.
func (w *World) siteByHost(host string) (int, bool) {
	i := slices.IndexFunc(w.sites, func(s site) bool { return strings.EqualFold(s.host, host) })
	return i, i >= 0
}

const day = 24 * time.Hour
