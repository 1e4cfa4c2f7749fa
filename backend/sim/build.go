package sim

import (
	"fmt"
	"strings"
	"time"
)

var siteNames = [maxSites]string{"acme", "acme-labs", "acme-emea", "acme-support", "acme-apac", "acme-finance", "acme-legacy", "acme-field", "acme-design", "acme-partners"}

// orgDomains are the organization's e-mail domains; people are given the verified ones.
var orgDomains = []domainClaim{
	{"acme.example", "dns", "verified"},
	{"acme-labs.example", "http", "verified"},
	{"acme.co.example", "dns", "verified"},
	{"acme-new.example", "dns", "unverified"},
	{"acme-old.example", "http", "missing_token"},
}

// build fills the world from its seed.
func (w *World) build() {
	w.orgID = w.newUUID("org", 0)
	w.orgName = "Acme"
	w.domains = orgDomains
	w.buildSites()
	b := &groupBook{w: w}
	b.build()
	w.buildPeople(b)
	w.built = len(w.people)
	w.buildAccounts()
	w.buildCredentials()
	w.buildDataCenters()
	if w.cfg.Hostile {
		const harmful = "<img src=x onerror=" + harm + "> \u202e" // last: addresses are made of names
		w.orgName = harmful + w.orgName
		for i := range w.directories {
			w.directories[i].name = harmful + w.directories[i].name
		}
		for i := range w.apps {
			w.apps[i].name = harmful + w.apps[i].name
		}
	}
}

func (w *World) buildSites() {
	dirs := 1
	if w.cfg.Original {
		dirs = w.cfg.Sites
	}
	for i := range dirs {
		name := w.orgName
		if w.cfg.Original {
			name = siteNames[i]
		}
		w.directories = append(w.directories, directory{id: w.newUUID("directory", i), name: name})
	}
	for i := range w.cfg.Sites {
		dir := 0
		if w.cfg.Original {
			dir = i
		}
		name := siteNames[i]
		w.sites = append(w.sites, site{name: name, cloudID: w.newUUID("cloud", i), host: name + ".atlassian.net", directory: dir})
		for k := range appKinds {
			// The first site has every app, the others have Jira, Confluence and one more.
			if i == 0 || k < 2 || k == 2+i%4 {
				w.apps = append(w.apps, w.newApp(k, i, w.sites[i].cloudID, false))
			}
		}
	}
	w.apps = append(w.apps, w.newApp(0, 0, w.newUUID("cloud", maxSites), true)) // a sandbox of Jira, which counts for nothing
}

func (w *World) newApp(kind, site int, cloudID string, sandbox bool) app {
	k := &appKinds[kind]
	name := w.sites[site].name
	if sandbox {
		name += "-sandbox-227"
	}
	h := w.hash(saltUUID, uint64(kind), uint64(site))
	capacity := 1000
	for capacity < w.cfg.People*6/5 {
		capacity *= 2
	}
	plan := k.plans[int(h%uint64(len(k.plans)))]
	if site == 0 {
		plan = k.plans[0]
	}
	return app{
		ari:  "ari:cloud:" + k.typeKey + "::site/" + cloudID,
		kind: k, site: site, sandbox: sandbox, name: name, url: "https://" + name + ".atlassian.net",
		plan: plan, capacity: capacity,
		created: w.created.Add(-time.Duration(1500+h%1500) * day).Truncate(time.Second),
	}
}

// groupBook remembers, while the world is built, which group serves what.
type groupBook struct {
	w         *World
	orgAdmins int
	users     []int   // by app: the default group
	admins    []int   // by app: the app's admin group
	staff     []int   // by site: everybody employed, opens several apps at once
	synced    [][]int // by site, then department: from the identity provider
	dept      [][]int // by site, then department: kept by hand
	teams     [][]int // by site
	access    []int   // by site: its user access admins
	site      []int   // by site: its admins
	extra     []int   // by app: another group that opens the app, or -1
}

func (b *groupBook) build() {
	w := b.w
	b.orgAdmins = b.add(0, "org-admins", "Manages everything in the organization", groupOrgAdmins)
	w.groups[b.orgAdmins].platform = roleOrgAdmin
	for a := range w.apps {
		k, s := w.apps[a].kind, w.apps[a].site
		name, dir := w.apps[a].name, w.sites[s].directory
		b.users = append(b.users, b.add(dir, k.group+"-users-"+name, "Product access for "+k.typ, groupDefault, grant{a, roleUser}))
		b.admins = append(b.admins, b.add(dir, k.group+"-admins-"+name, "Administers "+k.typ, groupAdmins, grant{a, roleAdmin}))
		b.extra = append(b.extra, -1)
	}
	for s := range w.sites {
		b.buildSite(s)
	}
	teams := []string{"payments", "search", "mobile", "platform", "checkout", "identity", "data", "onboarding", "billing", "design-system", "growth", "infra"}
	for i := range w.cfg.Groups {
		s := i % len(w.sites)
		name := fmt.Sprintf("team-%s-%d", teams[i/len(w.sites)%len(teams)], i+1)
		kind := groupPlain
		if i%17 == 3 {
			kind = groupTeam
		}
		b.teams[s] = append(b.teams[s], b.add(w.sites[s].directory, name, "", kind))
	}
	b.buildOdd()
}

// buildSite adds what every site has: staff, departments, and second ways into an app.
func (b *groupBook) buildSite(s int) {
	w := b.w
	dir, name := w.sites[s].directory, w.sites[s].name
	var mine []grant
	for a := range w.apps {
		if w.apps[a].site == s && !w.apps[a].sandbox {
			mine = append(mine, grant{a, roleUser})
		}
	}
	b.staff = append(b.staff, b.add(dir, "all-staff-"+name, "Everybody employed: opens Jira and Confluence", groupPlain, mine[0], mine[1]))
	b.access = append(b.access, b.add(dir, "user-access-admins-"+name, "Lets its members manage who has access", groupAdmins, grant{mine[0].app, roleUserAccessAdmin}))
	b.site = append(b.site, b.add(dir, "site-admins-"+name, "Administers the site", groupAdmins))
	w.groups[b.access[s]].platform, w.groups[b.site[s]].platform = roleUserAccessAdmin, roleSiteAdmin
	var synced, dept []int
	for _, d := range departments {
		slug := strings.ToLower(strings.ReplaceAll(d.name, "&", "n"))
		synced = append(synced, b.add(dir, "okta-"+slug+"-"+name, "Synced from the identity provider", groupSynced))
		dept = append(dept, b.add(dir, "dept-"+slug+"-"+name, d.name, groupPlain))
	}
	b.synced, b.dept, b.teams = append(b.synced, synced), append(b.dept, dept), append(b.teams, nil)
	b.extra[mine[0].app] = b.add(dir, "jira-contractors-"+name, "A second way into Jira", groupPlain, mine[0])
	b.extra[mine[1].app] = b.add(dir, "okta-app-confluence-"+name, "Opens Confluence, from the identity provider", groupSynced, mine[1])
}

// buildOdd adds groups that a reader must not stumble over: empty ones and hostile or long names.
func (b *groupBook) buildOdd() {
	for _, name := range []string{
		"empty-group", "leavers-2019", `<b onmouseover="alert(1)">bold</b>`, "=1+1", "Größe & Söhne (Köln)",
		"группа-поддержки", "サポート部", "مجموعة الدعم", "Group, with \"quotes\"; and comma", strings.Repeat("long-", 50) + "name",
	} {
		b.add(0, name, "", groupPlain)
	}
	if b.w.cfg.Hostile {
		for _, name := range harmfulNames() {
			b.add(0, name, name, groupPlain)
		}
	}
}

func (b *groupBook) add(dir int, name, description string, kind groupKind, grants ...grant) int {
	w := b.w
	n := len(w.groups)
	g := group{id: w.newUUID("group", n), name: name, description: description, directory: dir, kind: kind, grants: grants}
	g.access = accessOf(grants)
	w.groupByID[g.id] = n
	w.groups = append(w.groups, g)
	return n
}

func accessOf(grants []grant) (bits uint64) {
	for _, g := range grants {
		if opens(g.role) {
			bits |= 1 << g.app
		}
	}
	return bits
}

// buildAccounts lists for each site whom its own user list shows, and counts who takes a seat of which app.
func (w *World) buildAccounts() {
	siteApps := make([]uint64, len(w.sites))
	for a := range w.apps {
		if !w.apps[a].sandbox {
			siteApps[w.apps[a].site] |= 1 << a
		}
	}
	for i := range w.people {
		p := &w.people[i]
		access := w.access(&p.state)
		for s := range w.sites {
			onSite := access&siteApps[s] != 0 || i >= w.shown
			if w.cfg.Original {
				onSite = onSite || p.member&(1<<s) != 0
			}
			if onSite {
				w.list(i, s)
			}
		}
		w.seat(&p.state, +1)
	}
}
