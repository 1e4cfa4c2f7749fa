package sim

import (
	"math/rand/v2"
	"slices"
	"time"
)

// cast is what the first people are, in this order, so that even a small world has one of each kind.
// The first two are organization admins: the owner of the API key and the owner of the sites' tokens.
var cast = []personKind{
	kindActive, kindActive, kindActive, kindSuspended, kindNeverUsed, kindDeactivated, kindInvited, kindActive, kindActive, kindActive,
	kindNoDirectory, kindForDeletion, kindActive, kindSuspended, kindNeverUsed, kindDeactivated, kindActive, kindActive, kindInvited, kindActive,
}

// castOutside are those of the cast who are not of a claimed domain; castHostile those with a hostile display name.
var (
	castOutside = []int{6, 9, 13, 18}
	castHostile = []int{8, 12, 16}
	castSynced  = []int{7, 17}
)

// shares of the kinds among all others, in per mille; the rest is active.
var shares = []struct {
	kind personKind
	part int
}{{kindNeverUsed, 60}, {kindInvited, 30}, {kindSuspended, 50}, {kindDeactivated, 60}, {kindForDeletion, 7}, {kindNoDirectory, 15}}

// peopleMaker draws people one after the other.
type peopleMaker struct {
	w       *World
	b       *groupBook
	rng     *rand.Rand
	names   *nameMaker
	arena   []int32 // memory for the people's lists of groups
	buf     []int32
	now     int64
	harmful []string
	hostile int // hostile names given so far
}

func (w *World) buildPeople(b *groupBook) {
	rng := rand.New(rand.NewPCG(w.cfg.Seed, 0x5ea7))
	m := &peopleMaker{w: w, b: b, rng: rng, names: newNameMaker(rng), now: w.created.Unix(), harmful: hostileNames}
	if w.cfg.Hostile {
		m.harmful = harmfulNames()
	}
	n := w.cfg.People
	apps, customers, former := 4, min(max(n/20, 2), 5000), min(max(n/200, 1), 500)
	w.people = make([]person, 0, n+apps+customers+former)
	w.shown = n
	w.keyOwner, w.operator = 0, 1
	for i := range n {
		kind := m.kind(i)
		w.people = append(w.people, m.person(i, kind))
	}
	for i, k := range slices.Concat(repeat(kindApp, apps), repeat(kindCustomer, customers), repeat(kindFormer, former)) {
		w.people = append(w.people, m.other(n+i, k))
	}
}

func repeat(k personKind, n int) []personKind { return slices.Repeat([]personKind{k}, n) }

func (m *peopleMaker) kind(i int) personKind {
	if i < len(cast) {
		return cast[i]
	}
	n := m.rng.IntN(1000)
	for _, s := range shares {
		if n < s.part {
			return s.kind
		}
		n -= s.part
	}
	return kindActive
}

// chance is true in so many of a hundred cases.
func (m *peopleMaker) chance(percent int) bool { return m.rng.IntN(100) < percent }

// person draws one of the organization's people.
func (m *peopleMaker) person(i int, kind personKind) person {
	name, nickname, local, place := m.names.draw()
	p := person{name: name, nickname: nickname, kind: kind, place: place}
	// Deactivating, deleting and having no directory are for managed accounts only.
	mustManage := kind == kindDeactivated || kind == kindForDeletion || kind == kindNoDirectory || i < 2
	outside := !mustManage && (m.chance(12) || slices.Contains(castOutside, i))
	if i < len(cast) && !slices.Contains(castOutside, i) {
		outside = false
	}
	domain := orgDomains[min(m.rng.IntN(10)/4, 2)].name
	if outside {
		domain = publicDomains[m.rng.IntN(len(publicDomains))]
	}
	p.email = local + "@" + domain
	p.managed = !outside && (mustManage || i < len(cast) || !m.chance(2))
	p.verified = kind != kindInvited
	p.synced = p.managed && kind != kindInvited && i >= 2 && (slices.Contains(castSynced, i) || i >= len(cast) && m.chance(45))
	p.hidden = !p.managed && m.chance(10)
	if p.managed {
		p.mfa = 1
		if m.chance(30) {
			p.mfa = 2
		}
	}
	p.department = uint8(m.department())
	p.title = uint8(m.rng.IntN(len(departments[p.department].titles)))
	if outside {
		p.company = uint8(1 + m.rng.IntN(len(companies)-1))
	}
	if kind == kindInvited {
		p.name, p.nickname = p.email, local // nobody has told the name yet
	}
	if slices.Contains(castHostile, i) || i >= len(cast) && m.rng.IntN(700) == 0 || m.w.cfg.Hostile {
		p.name = m.harmful[m.hostile%len(m.harmful)] // one after the other, so that all occur
		m.hostile++
		p.nickname = p.name
	}
	m.life(i, &p)
	m.place(i, &p, outside)
	return p
}

// life draws when the person joined, was last active, and left.
func (m *peopleMaker) life(i int, p *person) {
	const d = int64(24 * 60 * 60)
	age := m.rng.Int64N(3000 * d)
	if m.chance(20) {
		age = m.rng.Int64N(200 * d) // a growing company: joiners are over-represented
	}
	age += 2 * d
	idle := m.idle() * d
	idle += m.rng.Int64N(d)
	switch p.kind {
	case kindInvited:
		age = m.rng.Int64N(150*d) + d/2
	case kindDeactivated, kindForDeletion:
		p.account = accountInactive
		left := m.rng.Int64N(900*d) + d
		if p.kind == kindForDeletion {
			p.deletion, left = true, m.rng.Int64N(13*d)
		}
		p.deactivated = m.now - left
		age, idle = max(age, left+30*d), left+idle%(60*d)
	case kindNoDirectory:
		idle += 90 * d
	default:
	}
	if i < 2 {
		age, idle = 2900*d, int64(i)*3600
	}
	p.added = m.now - age
	p.last = m.now - min(idle, age)
	if p.kind == kindNeverUsed || p.kind == kindInvited {
		p.last = 0
	}
}

// idle draws for how many days a person was not active.
func (m *peopleMaker) idle() int64 {
	switch n := m.rng.IntN(100); {
	case n < 55:
		return m.rng.Int64N(7)
	case n < 70:
		return 7 + m.rng.Int64N(23)
	case n < 80:
		return 30 + m.rng.Int64N(60)
	case n < 88:
		return 90 + m.rng.Int64N(90)
	case n < 95:
		return 180 + m.rng.Int64N(185)
	default:
		return 365 + m.rng.Int64N(1200)
	}
}

func (m *peopleMaker) department() int {
	n := m.rng.IntN(100)
	for i := range departments {
		if n -= departments[i].weight; n < 0 {
			return i
		}
	}
	return 0
}

// other draws an account that only sites show.
func (m *peopleMaker) other(i int, kind personKind) person {
	p := person{kind: kind, added: m.now - m.rng.Int64N(1000*24*3600), verified: true}
	switch kind {
	case kindApp:
		p.name = []string{"Automation for Jira", "Slack", "Statuspage for Jira Service Management", "Microsoft Teams for Confluence"}[(i-m.w.shown)%4]
		p.member = 1
	case kindFormer:
		p.name, p.account = "Former user", accountClosed
	default:
		var local string
		p.name, p.nickname, local, p.place = m.names.draw()
		p.email = local + "@customer.example"
	}
	return p
}

// companies are what people say where they work; the first is the organization itself.
var companies = []string{"Acme", "Northwind Consulting", "Partner Agency", "Contoso", "Freelance"}

// groupsOf keeps a person's list of groups in shared memory: half a million small allocations would be slow.
func (m *peopleMaker) groupsOf(ids []int32) []int32 {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if len(m.arena)+len(ids) > cap(m.arena) {
		m.arena = make([]int32, 0, 1<<16)
	}
	from := len(m.arena)
	m.arena = append(m.arena, ids...)
	return m.arena[from:len(m.arena):len(m.arena)]
}

func unix(sec int64) time.Time { return time.Unix(sec, 0).UTC() }
