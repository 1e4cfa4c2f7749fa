package csvfile

import (
	"regexp"
	"slices"
	"strings"

	"seatkeeper/backend/domain"
)

// columns are the columns of one file.
type columns struct {
	count int
	used  []column
}

// column is one that is read.
type column struct {
	at    int
	title string // as written
	key   bool   // says who it is: without it the row is of no use
	set   func(row *Row, cell string, r *Reader) (mistake string)
}

// meanings are the columns that are read, by their names in lower case as Atlassian writes or wrote them.
var meanings = map[string]column{
	"user id": accountColumn, "atlassian id": accountColumn, "account id": accountColumn, "atlassian account id": accountColumn,
	"email": emailColumn, "e-mail": emailColumn, "email address": emailColumn,
	"user name": nameColumn, "name": nameColumn,
	"user status": statusColumn, "status": statusColumn,
	"added to org":                     {set: setAdded},
	"last active":                      {set: setLastActive},
	"last active date":                 {set: setLastActive},
	"billable":                         {set: setTri("billable", func(row *Row) *domain.Tri { return &row.Billable })},
	"two-step verification":            {set: setTri("", func(row *Row) *domain.Tri { return &row.MFA })},
	"two-step verification enabled":    {set: setTri("", func(row *Row) *domain.Tri { return &row.MFA })},
	"two-step verification is enabled": {set: setTri("", func(row *Row) *domain.Tri { return &row.MFA })},
	"policy name":                      {set: func(row *Row, cell string, _ *Reader) string { row.Policy = cell; return "" }},
}

var (
	accountColumn = column{key: true, set: func(row *Row, cell string, _ *Reader) string { row.AccountID = cell; return "" }}
	emailColumn   = column{key: true, set: func(row *Row, cell string, _ *Reader) string { row.Email = cell; return "" }}
	nameColumn    = column{set: func(row *Row, cell string, _ *Reader) string { row.Name = cell; return "" }}
	statusColumn  = column{set: setStatus}
)

// idle are columns that are known but of which nothing is needed.
var idle = []string{
	"group id", "group name", "groups", "org role", "policy type", "saml single sign-on", "single sign-on", "password requirements",
	"password strength", "password expiration", "idle session duration", "claimed", "verified email", "managed", "directory", "site",
}

var (
	blanks     = regexp.MustCompile(`[\s\x{00a0}]+`)
	unitEnd    = regexp.MustCompile(` ?[\[(]utc[\])]$`)
	groupN     = regexp.MustCompile(`^group \d+$`)
	lastSeenIn = regexp.MustCompile(`(?i)^last seen in (.+)$`)
)

func nameOf(title string) string {
	name := strings.ToLower(strings.TrimSpace(blanks.ReplaceAllString(title, " ")))
	return unitEnd.ReplaceAllString(name, "")
}

// understand reads a file's first row.
func understand(titles []string) (Head, columns, error) {
	var head Head
	out := columns{count: len(titles)}
	seen := map[string]bool{}
	for at, title := range titles {
		title = strings.ToValidUTF8(clean(title), "\uFFFD")
		name := nameOf(title)
		if m, ok := meanings[name]; ok && !seen[name] {
			m.at, m.title = at, title
			out.used = append(out.used, m)
			head.Used = append(head.Used, title)
		} else if m := lastSeenIn.FindStringSubmatch(blanks.ReplaceAllString(title, " ")); m != nil && !seen[name] {
			out.used = append(out.used, column{at: at, title: title, set: setApp(len(head.Apps))})
			head.Apps = append(head.Apps, appOf(m[1]))
			head.Used = append(head.Used, title)
		}
		seen[name] = true
	}
	head.Kind = kindOf(seen, len(head.Apps))
	if head.Kind == "" {
		return head, out, refuse("This is not one of Atlassian's exports of people: its first row has other columns.")
	}
	for _, title := range titles {
		title = strings.ToValidUTF8(clean(title), "\uFFFD")
		if !slices.Contains(head.Used, title) && !known(nameOf(title), head) && title != "" && len(head.Unknown) < 100 {
			head.Unknown = append(head.Unknown, title[:min(len(title), 200)])
		}
	}
	return head, out, nil
}

// kindOf tells the kinds apart by columns that only one of them has.
func kindOf(seen map[string]bool, apps int) domain.ImportKind {
	has := func(names ...string) bool { return slices.ContainsFunc(names, func(n string) bool { return seen[n] }) }
	who := has("email", "e-mail", "email address", "user id", "atlassian id", "account id", "atlassian account id")
	switch {
	case !who:
		return ""
	case apps > 0, has("user status") && has("user id", "user name", "added to org"):
		return domain.ImportUsers
	case has("claimed", "verified email") && has("atlassian id", "account id", "atlassian account id"):
		return domain.ImportDomainAccounts
	case has("status") && has("billable", "policy name", "last active", "last active date"):
		return domain.ImportManagedAccounts
	default:
		return ""
	}
}

// known tells whether a column that is not read is one of Atlassian's.
func known(name string, head Head) bool {
	if slices.Contains(idle, name) || groupN.MatchString(name) {
		return true
	}
	if app, _, ok := strings.Cut(name, " - "); ok && head.Kind == domain.ImportUsers { // the role on an app, e.g. "Jira - acme"
		return AppKey(app) != "" || slices.ContainsFunc(head.Apps, func(a App) bool { return strings.EqualFold(a.Name+" - "+a.Site, name) })
	}
	return head.Kind != domain.ImportUsers && AppKey(name) != "" // the sites at which the account has the app
}

func appOf(title string) App {
	if i := strings.LastIndex(title, " - "); i >= 0 {
		return App{strings.TrimSpace(title[:i]), strings.TrimSpace(title[i+3:])}
	}
	return App{Name: strings.TrimSpace(title)}
}

// AppKey gives the machine name of an app that Atlassian's exports call so now or did before, "" when it is not known.
func AppKey(name string) string {
	return map[string]string{
		"jira": "jira-software", "jira software": "jira-software", "jira core": "jira-core", "jira work management": "jira-core",
		"jira service management": "jira-servicedesk", "jira service desk": "jira-servicedesk",
		"jira product discovery": "jira-product-discovery", "confluence": "confluence", "confluence guest": "confluence", "bitbucket": "bitbucket",
		"compass": "compass", "trello": "trello", "opsgenie": "opsgenie", "statuspage": "statuspage", "loom": "loom", "atlas": "atlas",
		"goals": "goals", "projects": "projects", "feedback": "feedback", "guard": "guard", "rovo": "rovo",
	}[strings.ToLower(strings.TrimSpace(name))]
}
