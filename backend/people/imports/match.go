package imports

import (
	"fmt"
	"net/url"
	"strings"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/people/csvfile"
)

// matching finds the people whom a file's rows mean.
type matching struct {
	dataCenter bool // its account ids are its own: only the e-mail address can match

	byAccount map[string]int64                 // account id in lower case
	byEmail   map[string][]int64               // e-mail address in lower case
	apps      []int64                          // by the file's app column: the mirror's key of the app, 0 for none
	found     map[int64]*domain.ImportedPerson // by person
}

// add takes in one person of the source.
func (m *matching) add(id int64, account, email string) {
	if m.byAccount == nil {
		m.byAccount, m.byEmail = map[string]int64{}, map[string][]int64{}
		m.found = map[int64]*domain.ImportedPerson{}
	}
	m.byAccount[strings.ToLower(account)] = id
	if email != "" {
		key := strings.ToLower(email)
		m.byEmail[key] = append(m.byEmail[key], id)
	}
}

// begin finds the apps of the file among those of the source.
func (m *matching) begin(p *prepared, head csvfile.Head, apps []domain.App) {
	for _, column := range head.Apps {
		key, label := appFor(column, apps)
		m.apps = append(m.apps, key)
		p.Apps = append(p.Apps, AppColumn{column, label})
	}
	if m.dataCenter {
		p.Notes = append(p.Notes, "Atlassian's exports are about Atlassian Cloud. People of a Data Center are matched by e-mail address, and the "+
			"last activity is taken only where a column names an application of this instance.")
	}
	if head.Kind == domain.ImportUsers {
		p.Notes = append(p.Notes, "The export of users calls people active who never accepted their invitation; “Never accessed” can mean either. "+
			"So it says nothing here about who was only invited.")
	}
}

// appFor finds the one app that a column is about.
func appFor(column csvfile.App, apps []domain.App) (key int64, label string) {
	wanted := csvfile.AppKey(column.Name)
	for _, a := range apps {
		sameApp := wanted != "" && (a.Key == wanted || csvfile.AppKey(a.Name) == wanted) || strings.EqualFold(a.Name, column.Name)
		if !sameApp || !sameSite(column.Site, a) {
			continue
		}
		if key != 0 {
			return 0, "" // several could be meant
		}
		key, label = a.ID, a.Name
		if a.SiteName != "" {
			label += " (" + a.SiteName + ")"
		}
	}
	return key, label
}

// sameSite tells whether a column's site is the app's: by name, by address or by the beginning of the address. A column
// without a site fits any, if there is only one.
func sameSite(site string, a domain.App) bool {
	host := ""
	if u, err := url.Parse(a.SiteURL); err == nil {
		host = u.Hostname()
	}
	first, _, _ := strings.Cut(host, ".")
	site = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(site, "https://"), "http://"), "/")
	return site == "" || strings.EqualFold(site, a.SiteName) || strings.EqualFold(site, host) || strings.EqualFold(site, first) && strings.HasSuffix(host, ".atlassian.net")
}

// row takes in one row.
func (m *matching) row(p *prepared, row csvfile.Row) {
	id, reason := m.who(row)
	if reason != "" {
		u := Unmatched{Line: row.Line, AccountID: row.AccountID, Email: row.Email, Name: row.Name, Reason: reason}
		p.Misses++
		if len(p.unmatchable) < csvfile.MaxList {
			p.unmatchable = append(p.unmatchable, u)
		}
		return
	}
	facts := row.ImportedFacts
	if m.dataCenter { // of Atlassian Cloud, and not of this instance
		facts = domain.NoFacts()
	}
	person, twice := m.found[id]
	if !twice {
		person = &domain.ImportedPerson{UserID: id, ImportedFacts: facts, Apps: map[int64]int32{}}
		m.found[id] = person
	} else {
		p.Twice++
		join(&person.ImportedFacts, facts)
	}
	for i, day := range row.Apps {
		if app := m.apps[i]; app != 0 && day != domain.DayUnknown {
			if before, known := person.Apps[app]; !known || day > before {
				person.Apps[app] = day
			}
		}
	}
}

// join adds what another row says about the same person: an export with groups has a row for each. What differs is not
// known for certain.
func join(to *domain.ImportedFacts, more domain.ImportedFacts) {
	if to.Status != more.Status {
		to.Status = domain.StatusUnknown
	}
	to.LastDay = max(to.LastDay, more.LastDay)
	if to.AddedAt.IsZero() {
		to.AddedAt = more.AddedAt
	}
	if to.Billable != more.Billable {
		to.Billable = domain.Unknown
	}
	if to.MFA != more.MFA {
		to.MFA = domain.Unknown
	}
	if to.Policy == "" {
		to.Policy = more.Policy
	}
}

// who finds the person: by account id, else by an e-mail address that only one has. Where both sides have account ids,
// somebody with the same address and another id is somebody else.
func (m *matching) who(row csvfile.Row) (id int64, reason string) {
	if row.AccountID != "" && !m.dataCenter {
		if id, ok := m.byAccount[strings.ToLower(row.AccountID)]; ok {
			return id, ""
		}
	}
	switch people := m.byEmail[strings.ToLower(row.Email)]; {
	case row.Email == "" || len(people) == 0:
		return 0, "Nobody of this source."
	case len(people) > 1:
		return 0, fmt.Sprintf("%d people of this source have this e-mail address.", len(people))
	case row.AccountID != "" && !m.dataCenter:
		return 0, "Somebody of this source has this e-mail address, but another account ID."
	default:
		return people[0], ""
	}
}

// end sums up.
func (m *matching) end(p *prepared) {
	p.Unmatched = p.unmatchable[:min(len(p.unmatchable), maxShown)]
	p.Matched = len(m.found)
	for _, person := range m.found {
		p.people = append(p.people, *person)
		if person.LastDay != domain.DayUnknown || len(person.Apps) > 0 {
			p.Activity++
		}
	}
	for _, a := range p.Apps {
		if a.Means == "" {
			p.Notes = append(p.Notes, "The last activity in some apps is left out: they are not apps of this source.")
			break
		}
	}
}
