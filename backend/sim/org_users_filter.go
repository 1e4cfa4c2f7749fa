package sim

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// userQuery is the body of users/search.
type userQuery struct {
	Cursor           *string  `json:"cursor,omitempty"`
	Limit            *int     `json:"limit,omitempty"`
	Expand           []string `json:"expand,omitempty"`
	AccountIDs       []string `json:"accountIds,omitempty"`
	DirectoryIDs     []string `json:"directoryIds,omitempty"`
	ResourceIDs      []string `json:"resourceIds,omitempty"`
	GroupIDs         []string `json:"groupIds,omitempty"`
	MFAEnabled       *bool    `json:"mfaEnabled,omitempty"`
	ClaimStatus      *string  `json:"claimStatus,omitempty"`
	Status           []string `json:"status,omitempty"`
	AccountStatus    []string `json:"accountStatus,omitempty"`
	MembershipStatus []string `json:"membershipStatus,omitempty"`
	RoleIDs          []string `json:"roleIds,omitempty"`
	EmailDomains     []string `json:"emailDomains,omitempty"`
	Emails           []string `json:"emails,omitempty"`
	SearchTerm       *string  `json:"searchTerm,omitempty"`
	SortBy           []sortBy `json:"sortBy,omitempty"`
}

type sortBy struct {
	Field     string `json:"field"`
	Direction string `json:"direction"`
}

var userExpands = []string{"platformRoles", "counts.resources", "productAccess", "groups"}

// check finds what Atlassian answers with a 400.
func (q *userQuery) check(most int) error {
	arrays := map[string][]string{
		"accountIds": q.AccountIDs, "directoryIds": q.DirectoryIDs, "resourceIds": q.ResourceIDs, "groupIds": q.GroupIDs, "status": q.Status,
		"accountStatus": q.AccountStatus, "membershipStatus": q.MembershipStatus, "roleIds": q.RoleIDs, "emailDomains": q.EmailDomains,
		"emails": q.Emails, "expand": q.Expand,
	}
	for name, values := range arrays {
		if values != nil && (len(values) == 0 || len(values) > most) {
			return fmt.Errorf("%s must have 1 to %d items", name, most)
		}
	}
	if q.SearchTerm != nil && q.Emails != nil {
		return fmt.Errorf("searchTerm and emails exclude each other")
	}
	closed := map[string][2][]string{
		"status":           {q.Status, {"active", "suspended", "not_invited", "deactivated", "for_deletion"}},
		"accountStatus":    {q.AccountStatus, {"active", "inactive", "closed"}},
		"membershipStatus": {q.MembershipStatus, {"active", "suspended", "no_membership"}},
		"expand":           {q.Expand, userExpands},
	}
	if q.ClaimStatus != nil {
		closed["claimStatus"] = [2][]string{{*q.ClaimStatus}, {"managed", "unmanaged"}}
	}
	for name, pair := range closed {
		for _, v := range pair[0] {
			if !slices.Contains(pair[1], v) {
				return fmt.Errorf("%s has the unknown value %q", name, v)
			}
		}
	}
	for _, s := range q.SortBy {
		if !slices.Contains(sortFields, s.Field) || s.Direction != "asc" && s.Direction != "desc" {
			return fmt.Errorf("cannot sort by %q %q", s.Field, s.Direction)
		}
	}
	return nil
}

// queryOf reads the filters of the GET calls, whose arrays are repeated parameters.
func queryOf(v url.Values) *userQuery {
	q := &userQuery{
		AccountIDs: v["accountIds"], DirectoryIDs: v["directoryIds"], ResourceIDs: v["resourceIds"], GroupIDs: v["groupIds"],
		Status: v["status"], AccountStatus: v["accountStatus"], MembershipStatus: v["membershipStatus"], RoleIDs: v["roleIds"],
		EmailDomains: v["emailDomains"], Emails: v["emails"],
	}
	if s := v.Get("claimStatus"); s != "" {
		q.ClaimStatus = &s
	}
	if s := v.Get("searchTerm"); s != "" {
		q.SearchTerm = &s
	}
	if b, err := strconv.ParseBool(v.Get("mfaEnabled")); err == nil {
		q.MFAEnabled = &b
	}
	return q
}

// userFilter is a query with its ids resolved.
type userFilter struct {
	w       *World
	q       *userQuery
	now     int64
	scope   uint64 // directories looked at
	outside bool   // also managed accounts that are in no directory
	status  uint64 // directories that membershipStatus is about
	people  []int  // nil is all
	groups  []int
	apps    uint64
	term    string
}

// filter resolves a query within the directory of the path. known is false for a directory that does not exist.
func (c *call) filter(q *userQuery) (f *userFilter, known bool) {
	w := c.w
	f = &userFilter{w: w, q: q, now: c.now}
	all := uint64(1)<<len(w.directories) - 1
	f.scope = all
	if id := c.vars["directoryId"]; id != "-" {
		i := slices.IndexFunc(w.directories, func(d directory) bool { return d.id == id })
		if i < 0 {
			return nil, false
		}
		f.scope = 1 << i
	} else {
		f.outside = q.DirectoryIDs == nil
	}
	if q.DirectoryIDs != nil {
		var named uint64
		for i, d := range w.directories {
			if slices.Contains(q.DirectoryIDs, d.id) {
				named |= 1 << i
			}
		}
		f.scope &= named
	}
	f.status = f.scope
	if w.cfg.GlobalStatus {
		f.status = all
	}
	if q.AccountIDs != nil {
		f.people = []int{}
		for _, id := range q.AccountIDs {
			if i, found := w.find(id); found {
				f.people = append(f.people, i)
			}
		}
		slices.Sort(f.people)
		f.people = slices.Compact(f.people)
	}
	for _, id := range q.GroupIDs {
		if g, found := w.groupByID[id]; found && w.groups[g].exists(viewOrg, f.now) {
			f.groups = append(f.groups, g)
		}
	}
	for a := range w.apps {
		if slices.Contains(q.ResourceIDs, w.apps[a].ari) {
			f.apps |= 1 << a
		}
	}
	if q.SearchTerm != nil {
		f.term = strings.ToLower(*q.SearchTerm)
	}
	return f, true
}

// membership is the state in the directories that the filter's status is about.
func (f *userFilter) membership(s *state) string {
	switch m := s.member & f.status; {
	case m == 0:
		return "no_membership"
	case m&^s.suspended != 0:
		return "active"
	default:
		return "suspended"
	}
}

func composite(s *state, membership string) string {
	switch {
	case s.deletion:
		return "for_deletion"
	case s.account != accountActive:
		return "deactivated"
	case membership == "no_membership":
		return "not_invited"
	default:
		return membership
	}
}

// visible tells whether the organization shows the person in these directories.
func (f *userFilter) visible(p *person, s *state) bool {
	if s.account == accountClosed || p.kind == kindApp && !f.w.cfg.AppAccounts {
		return false
	}
	return s.member&f.scope != 0 || f.outside && s.member == 0 && p.managed
}

// match tells whether the person is what the query asks for.
func (f *userFilter) match(p *person) bool {
	q, s := f.q, p.at(viewOrg, f.now)
	if !f.visible(p, s) {
		return false
	}
	if q.ClaimStatus != nil && (*q.ClaimStatus == "managed") != p.managed {
		return false
	}
	if q.MFAEnabled != nil && (p.mfa == 0 || (p.mfa == 1) != *q.MFAEnabled) {
		return false
	}
	membership := f.membership(s)
	if q.MembershipStatus != nil && !slices.Contains(q.MembershipStatus, membership) ||
		q.AccountStatus != nil && !slices.Contains(q.AccountStatus, s.account.String()) ||
		q.Status != nil && !slices.Contains(q.Status, composite(s, membership)) {
		return false
	}
	if q.GroupIDs != nil && !slices.ContainsFunc(f.groups, s.in) {
		return false
	}
	if (q.ResourceIDs != nil || q.RoleIDs != nil) && !f.w.holds(s, q.ResourceIDs != nil, f.apps, q.RoleIDs) {
		return false
	}
	return f.matchText(p)
}

func (f *userFilter) matchText(p *person) bool {
	q := f.q
	if q.EmailDomains != nil {
		_, domain, _ := strings.Cut(p.email, "@")
		if !slices.ContainsFunc(q.EmailDomains, func(d string) bool { return strings.EqualFold(d, domain) }) {
			return false
		}
	}
	if q.Emails != nil && !slices.ContainsFunc(q.Emails, func(e string) bool { return strings.EqualFold(e, p.email) }) {
		return false
	}
	return f.term == "" || strings.Contains(strings.ToLower(p.nickname), f.term) || strings.Contains(strings.ToLower(p.name), f.term) ||
		strings.Contains(strings.ToLower(p.email), f.term)
}
