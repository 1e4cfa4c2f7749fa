package jiradc

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source/packed"
)

// allPeople is the id of the one directory that all people are shown in: Jira has several, but does not tell who is in
// which.
const allPeople = domain.DataCenterDirectory

// A person's account id is the user's key, which stays the same when the user is renamed; a user name may later be
// somebody else's. A group's id is its name, with the characters escaped that would end an id within a list of ids.
var (
	escapeGroup   = strings.NewReplacer("%", "%25", ",", "%2C")
	unescapeGroup = strings.NewReplacer("%2C", ",", "%25", "%", "%20", " ")
)

func groupID(name string) string {
	id := escapeGroup.Replace(name)
	if trimmed := strings.TrimSpace(id); trimmed != id {
		id = strings.ReplaceAll(id, " ", "%20")
	}
	return id
}

func groupName(id string) string { return unescapeGroup.Replace(id) }

// checkKey refuses what cannot be a key or a name of Jira's. They go into queries only, so that nearly everything is
// harmless.
func checkKey(what, v string) error {
	bad := func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }
	if v != "" && len(v) <= 255 && !strings.ContainsFunc(v, bad) {
		return nil
	}
	return &domain.Error{
		Code: domain.Invalid, Reason: "id", Effect: domain.NotApplied,
		Message: "The " + what + " " + domain.Visible(v) + " is not one of Jira's.", Hint: "Sync the source again.",
	}
}

// userOf converts a user. Inactive is what everywhere else is called suspended: the user cannot sign in and takes no
// seat, an administrator made it so and can take it back, and groups are kept.
func userOf(p packed.Person, groups []string, admins map[string]bool) domain.User {
	out := domain.User{
		AccountID: p.ID, AccountType: "atlassian", Name: p.Name, Nickname: p.UserName, Email: p.Email, Profile: domain.Profile{TimeZone: p.TimeZone},
		Status: statusOf(p.Active),
	}
	out.Memberships = []domain.DirectoryMembership{{DirectoryID: allPeople, Status: out.Status}}
	for _, name := range groups {
		out.GroupIDs = append(out.GroupIDs, groupID(name))
		if isAdmins(name, admins) && len(out.PlatformRoles) == 0 {
			out.PlatformRoles = []string{domain.RoleJiraAdmin}
		}
	}
	slices.Sort(out.GroupIDs)
	return out
}

func statusOf(active domain.Tri) domain.Status {
	switch active {
	case domain.Yes:
		return domain.StatusActive
	case domain.No:
		return domain.StatusSuspended
	case domain.Unknown:
	}
	return domain.StatusUnknown
}

// personOf is what a read keeps of a user.
func personOf(u jira.DCUser) packed.Person {
	return packed.Person{
		ID: u.Key, Name: u.DisplayName, UserName: u.Name, Email: u.EmailAddress, TimeZone: u.TimeZone, Active: domain.TriOf(u.Active),
	}
}

// isAdmins tells whether the members of a group administer Jira: it is marked so, or has the name that Jira gives such
// a group.
func isAdmins(name string, marked map[string]bool) bool {
	switch name = strings.ToLower(name); name {
	case "jira-administrators", "jira-system-administrators":
		return true
	}
	return marked[name]
}

// accessOf lists the applications that the groups give access to. Jira tells the last sign-in of a user, but not which
// application was used, so that the activity in each is not known.
func accessOf(groups []string, granting map[string][]domain.App) []domain.AppAccess {
	var out []domain.AppAccess
	have := map[string]bool{}
	for _, g := range groups {
		for _, app := range granting[strings.ToLower(g)] {
			if !have[app.AppID] {
				have[app.AppID] = true
				out = append(out, domain.AppAccess{AppID: app.AppID, AppKey: app.Key})
			}
		}
	}
	return out
}

const appPrefix = "jira-dc:"

func placeOf(base string) string {
	return strings.TrimPrefix(strings.TrimPrefix(base, "https://"), "http://")
}

// appKey gives the application's key of an app's id; false for an app of another instance.
func appKey(appID, base string) (key string, here bool) {
	escaped, ours := strings.CutPrefix(appID, appPrefix)
	escaped, here = strings.CutSuffix(escaped, "@"+placeOf(base))
	key, err := url.PathUnescape(escaped)
	return key, ours && here && err == nil && key != ""
}

// appOf converts an application role. Its id holds the instance's address, which tells instances apart.
func appOf(r jira.DCRole, base string) domain.App {
	place := placeOf(base)
	out := domain.App{
		AppID: appPrefix + url.PathEscape(r.Key) + "@" + place, Key: r.Key, Name: r.Name, SiteName: place, SiteURL: base,
		Plan: "Data Center", Status: "online", Usage: -1, Capacity: -1,
	}
	if r.UserCount != nil {
		out.Usage = *r.UserCount
	}
	if r.NumberOfSeats != nil && *r.NumberOfSeats >= 0 && !r.UnlimitedSeats {
		out.Capacity = *r.NumberOfSeats
	}
	return out
}
