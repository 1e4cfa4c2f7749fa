package atlassianorg

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

const expirySoon = 14 * 24 * time.Hour

// The titles of the checks.
const (
	titleReach        = "Atlassian can be reached"
	titleAuth         = "The API key is accepted"
	titleOrganization = "The organization is found"
	titleDirectories  = "User directories"
	titlePeople       = "People can be read"
	titleGroups       = "Groups can be read"
	titleSuspend      = "People and groups can be changed"
	titleOwner        = "Owner of the API key"
	titleExpiry       = "Expiry of the API key"
	titleOperator     = "Your own account"
)

// scopedReason says why a key with scopes cannot change anything.
const scopedReason = "The API key has scopes; Atlassian allows changes only with a key without scopes."

// connection is one connection test under way.
type connection struct {
	domain.TestResult

	api    *admin.Client
	orgID  string
	mine   string // the operator's e-mail address or account id, "" when not given
	scoped bool
	// certain tells whether it was found out that the key is scoped, or is not.
	certain bool
	later   []source.Check // what needs the organization
}

// Test checks the connection step by step. A step that cannot work because an earlier one failed is skipped.
func (o *org) Test(ctx context.Context) domain.TestResult {
	c := o.connection([]source.Check{
		{Name: "directories", Title: titleDirectories}, {Name: "people", Title: titlePeople}, {Name: "groups", Title: titleGroups},
		{Name: "suspend", Title: titleSuspend},
	})
	if c.organization(ctx) {
		c.clock()
		directories := c.directories(ctx)
		people := c.readable(ctx, "people", titlePeople, c.api.TryUsers, c.api.CountUsers, "people")
		groups := c.readable(ctx, "groups", titleGroups, c.api.TryGroups, c.api.CountGroups, "groups")
		c.OK = directories && people && groups
		keys, keysErr := c.api.Keys(ctx)
		switch err := c.findScopes(ctx, keys); {
		case c.scoped:
			c.Warned("suspend", titleSuspend, "The API key looks like one with scopes: it can read, but Atlassian will refuse every change.",
				"To suspend people or change groups, add a second key without scopes for changes.")
		case err != nil:
			c.unsure()
		default:
			c.mayChange()
		}
		c.key(keys, keysErr)
		c.operator(ctx)
	}
	return c.result()
}

// TestChanges checks a key that is for changes only: it must be accepted, be this organization's, and have no scopes.
func (o *org) TestChanges(ctx context.Context) domain.TestResult {
	c := o.connection([]source.Check{{Name: "suspend", Title: titleSuspend}})
	if c.organization(ctx) {
		c.clock()
		keys, keysErr := c.api.Keys(ctx)
		err := c.findScopes(ctx, keys)
		c.OK = !c.scoped
		switch {
		case c.scoped:
			c.Failed("suspend", titleSuspend, &domain.Error{
				Code: domain.Forbidden, Reason: "scope", Message: "This API key has scopes: Atlassian refuses every change with it.",
				Hint: "Make an API key without scopes: scopes of a key cannot be changed.",
			})
		case err != nil:
			c.unsure()
		default:
			c.mayChange()
		}
		c.key(keys, keysErr)
	}
	return c.result()
}

func (o *org) connection(later []source.Check) *connection {
	return &connection{api: o.api.Hurried(), orgID: o.id, mine: o.myAccount, later: later}
}

func (c *connection) result() domain.TestResult {
	reason := ""
	if c.scoped {
		reason = scopedReason
	}
	c.Capabilities = supports(reason)
	c.TestedAt = time.Now()
	return c.TestResult
}

func (c *connection) unsure() {
	c.Warned("suspend", titleSuspend, "It could not be found out whether the key may change anything.", "The first change will tell.")
}

func (c *connection) mayChange() {
	c.Passed("suspend", titleSuspend, "The key has no scopes, so it may.")
}

// organization makes the first request and sorts what can be wrong with it: the way, the key, the organization.
func (c *connection) organization(ctx context.Context) bool {
	found, err := c.api.Organization(ctx)
	if err == nil && !strings.EqualFold(found.ID, c.orgID) {
		err = &domain.Error{Code: domain.NotFound, Message: "Another organization answered."}
	}
	first := source.FirstCall{
		Answers: "api.atlassian.com answers.", Accepted: "The key is accepted.",
		Reach: source.Check{Name: "reach", Title: titleReach}, Auth: source.Check{Name: "auth", Title: titleAuth},
		Place: source.Check{Name: "organization", Title: titleOrganization}, Later: c.later,
		Refused: authError, Missing: func() error { return c.otherOrganizations(ctx) }, ProvesAuth: true,
	}
	if !first.Judge(&c.TestResult, err) {
		return false
	}
	c.Name = found.Attributes.Name
	c.Passed("organization", titleOrganization, "The organization is "+domain.Quote(c.Name)+".")
	return true
}

// authError gives each way in which a key is refused its own sentence.
func authError(e *domain.Error) error {
	out := *e
	switch e.Reason {
	case "credential":
		out.Message = "Atlassian does not accept the API key: it is wrong, expired or revoked."
		out.Hint = "Keys live for a year at most. Make a new one, without scopes, and put it in."
	case "scope":
		out.Message = "The API key has scopes that do not allow reading the organization."
		out.Hint = "Make a new API key without scopes: scopes of a key cannot be changed."
	}
	return &out
}

// otherOrganizations helps with a wrong id: the key may tell which organization it is for.
func (c *connection) otherOrganizations(ctx context.Context) error {
	e := &domain.Error{
		Code: domain.NotFound, Message: "There is no organization with this ID for this key.",
		Hint: "Open admin.atlassian.com and copy the part of the address after /o/.",
	}
	others, err := c.api.Organizations(ctx)
	if err == nil && len(others) > 0 {
		e.Hint = fmt.Sprintf("The key is for %s with the ID %s.", domain.Quote(others[0].Attributes.Name), domain.Visible(others[0].ID))
	}
	return e
}

func (c *connection) clock() {
	skew, known := c.api.REST().Skew()
	source.Clock(&c.TestResult, skew, known, "Atlassian's", "Set the clock: times in logs and schedules would be wrong.")
}

func (c *connection) directories(ctx context.Context) bool {
	dirs, err := c.api.Directories(ctx)
	switch {
	case err != nil:
		c.Failed("directories", titleDirectories, err)
		return false
	case len(dirs) == 0:
		c.Failed("directories", titleDirectories, atlassian.Contract("the organization has no directory"))
		return false
	case len(dirs) == 1:
		c.Passed("directories", titleDirectories, "One directory: user management is centralized.")
	default:
		c.Passed("directories", titleDirectories,
			fmt.Sprintf("%d directories: the original user management, with one directory for each site.", len(dirs)))
	}
	return true
}

// readable tries to read one row and tells the count where Atlassian gives it.
func (c *connection) readable(
	ctx context.Context, check, title string,
	try func(context.Context, string) error, count func(context.Context, string) (int, error), what string,
) bool {
	if err := try(ctx, admin.AnyDirectory); err != nil {
		c.Failed(check, title, err)
		return false
	}
	n, err := count(ctx, admin.AnyDirectory)
	if err != nil {
		c.Passed(check, title, "Yes.")
		return true
	}
	c.Passed(check, title, fmt.Sprintf("%s %s.", domain.Thousands(n), what))
	return true
}

// findScopes judges whether the key could suspend, without suspending anybody: a key with scopes sees no organization
// in the list of organizations, although it may read the one whose id it knows; and where there is only one key, its
// scopes are told.
func (c *connection) findScopes(ctx context.Context, keys []admin.Key) error {
	list, err := c.api.Organizations(ctx)
	listed := slices.ContainsFunc(list, func(o admin.Organization) bool { return o.ID == c.orgID })
	only, single := onlyKey(keys)
	c.scoped = (err != nil && domain.AsError(err).Reason == "scope") || (single && len(only.Scopes) > 0)
	if err == nil && !listed && !c.scoped {
		// Whether a key without scopes always lists its organization is not documented, so the call that names scopes
		// decides.
		c.scoped, err = c.api.Scoped(ctx, nobody)
	}
	c.certain = c.scoped || err == nil
	return err
}

// nobody is an account id that no account has: asking about it tells something about the key only.
const nobody = "712020:00000000-0000-4000-8000-000000000000"

// onlyKey is the organization's one API key that still works.
func onlyKey(keys []admin.Key) (admin.Key, bool) {
	if alive := working(keys); len(alive) == 1 {
		return alive[0], true
	}
	return admin.Key{}, false
}

func working(keys []admin.Key) []admin.Key {
	var alive []admin.Key
	for _, k := range keys {
		if t, ok := atlassian.ParseTime(k.ExpiresAt); !ok || time.Now().Before(t) {
			alive = append(alive, k)
		}
	}
	return alive
}

// candidates are the API keys that ours may be. Of several that work, only scopes can tell them apart: the usual pair
// is one key with scopes for reading and one without for changes.
func (c *connection) candidates(keys []admin.Key) []admin.Key {
	alive := working(keys)
	if !c.certain {
		return alive
	}
	alike := slices.DeleteFunc(slices.Clone(alive), func(k admin.Key) bool { return (len(k.Scopes) > 0) != c.scoped })
	if len(alike) == 0 {
		return alive
	}
	return alike
}

// key tells owner and expiry where the list of API keys gives them away. Where several could be ours, whoever made one
// of them is protected.
func (c *connection) key(keys []admin.Key, err error) {
	if err != nil {
		c.Warned("owner", titleOwner, "Atlassian does not tell whose key it is.", "Fill in your own account, so that it is protected.")
		c.Warned("expiry", titleExpiry, "Atlassian does not tell when the key expires.", "Note the date yourself: keys live for a year at most.")
		return
	}
	mine := c.candidates(keys)
	c.KeyOwners = ownersOf(mine)
	if len(mine) != 1 {
		switch len(c.KeyOwners) {
		case 1:
			c.KeyOwnerID = c.KeyOwners[0]
			c.Passed("owner", titleOwner, "All API keys that it could be were made by one account; it is protected.")
		case 0:
			c.Warned("owner", titleOwner, "Atlassian does not tell whose key it is.", "Fill in your own account, so that it is protected.")
		default:
			c.Warned("owner", titleOwner, fmt.Sprintf("The organization has %d API keys; which one this is cannot be told, so the %d accounts that made them are all protected.",
				len(keys), len(c.KeyOwners)), "Fill in your own account, so that it is protected too.")
		}
		c.Warned("expiry", titleExpiry, "With several API keys it cannot be told when this one expires.",
			"Note the date yourself: keys live for a year at most.")
		return
	}
	only := mine[0]
	c.KeyOwnerID = only.CreatedBy.ID
	c.Passed("owner", titleOwner, "The key was made by "+domain.Quote(only.CreatedBy.Name)+"; this account is protected.")
	expires, known := atlassian.ParseTime(only.ExpiresAt)
	if !known {
		c.Warned("expiry", titleExpiry, "Atlassian does not tell when the key expires.", "Note the date yourself: keys live for a year at most.")
		return
	}
	c.KeyExpires = expires
	if left := time.Until(expires); left < expirySoon {
		c.Warned("expiry", titleExpiry, fmt.Sprintf("The key expires on %s.", expires.Format(time.DateOnly)), "Make a new key soon.")
		return
	}
	c.Passed("expiry", titleExpiry, fmt.Sprintf("The key works until %s.", expires.Format(time.DateOnly)))
}

// ownersOf lists the accounts that made the keys, each once.
func ownersOf(keys []admin.Key) []string {
	var owners []string
	for _, k := range keys {
		if id := k.CreatedBy.ID; id != "" && !slices.Contains(owners, id) {
			owners = append(owners, id)
		}
	}
	return owners
}
