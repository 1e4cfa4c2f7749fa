package domain

import "strings"

// Grant is one role on an app that a group gives all its members.
type Grant struct {
	AppID   string // the app's resource id (ARI)
	Role    string // as Atlassian names it, e.g. "atlassian/user"
	Default bool   // the group is a default one of this role: Atlassian puts people into it who are given the role
}

// Granting is everything that one group grants, completely read; no Grants means that the group opens nothing.
type Granting struct {
	GroupID string
	Grants  []Grant
}

// rolePrefix stands before the names of Atlassian's own roles.
const rolePrefix = "atlassian/"

// A roleFact is what Atlassian says about a role that costs nothing.
type roleFact struct {
	title string
	opens bool // whoever has it may open the app
}

// seatless are the roles for which nobody pays. A role that is not here opens the app and costs a seat.
var seatless = map[string]roleFact{
	"customer":          {"customer", true},
	"contributor":       {"contributor", true},
	"guest":             {"guest", true},
	"basic":             {"basic user", true},
	"stakeholder":       {"stakeholder", true},
	"user-access-admin": {"user access admin", false},
	"ai-access":         {"use of AI", false},
}

// RoleTakesSeat tells whether somebody with this role on an app takes a seat of it.
func RoleTakesSeat(role string) bool {
	_, free := seatless[strings.TrimPrefix(role, rolePrefix)]
	return !free
}

// RoleOpens tells whether the role lets its holder open the app.
func RoleOpens(role string) bool {
	fact, free := seatless[strings.TrimPrefix(role, rolePrefix)]
	return !free || fact.opens
}

// RoleTitle names a role on an app for the user: "user", "admin", "guest".
func RoleTitle(role string) string {
	name := strings.TrimPrefix(role, rolePrefix)
	if fact, ok := seatless[name]; ok {
		return fact.title
	}
	return strings.ReplaceAll(name, "-", " ")
}
