package jiracloud

import (
	"context"
	"fmt"
	"time"

	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// The titles of the checks.
const (
	titleReach       = "The site can be reached"
	titleAuth        = "E-mail address and API token are accepted"
	titleKind        = "Kind of API token"
	titleSite        = "The site is a Jira Cloud site"
	titlePermissions = "Rights of the account"
	titleSiteAdmin   = "Site administration"
	titlePeople      = "People can be read"
	titleGroups      = "Groups can be read"
	titleOperator    = "Your own account"
	titleSuspend     = "People can be suspended"
)

// connection is one connection test under way.
type connection struct {
	domain.TestResult

	api   *jira.Client
	base  string
	admin bool // of Jira

	siteAdmin bool // or that could not be found out
}

// Test checks the connection step by step.
func (s *site) Test(ctx context.Context) domain.TestResult {
	c := &connection{api: s.api.Hurried(), base: s.base}
	// serverInfo answers without a credential too, so only myself proves that the token works.
	if c.myself(ctx) {
		isJira := c.server(ctx)
		c.clock()
		may := c.permissions(ctx)
		c.siteAdministration(ctx)
		people := c.readable("people", titlePeople, c.api.TryUsers(ctx))
		groups := c.readable("groups", titleGroups, c.api.TryGroups(ctx))
		c.Warned("suspend", titleSuspend, noSuspend, "Everything else works without it.")
		c.OK = isJira && may && people && groups
	}
	c.Capabilities = supports(c.admin, c.siteAdmin)
	c.TestedAt = time.Now()
	return c.TestResult
}

func (c *connection) myself(ctx context.Context) bool {
	me, err := c.api.Myself(ctx)
	first := source.FirstCall{
		Answers: c.base + " answers.", Accepted: "They are accepted.",
		Reach: source.Check{Name: "reach", Title: titleReach}, Auth: source.Check{Name: "auth", Title: titleAuth}, Place: source.Check{Name: "site", Title: titleSite},
		Later:   []source.Check{{Name: "permissions", Title: titlePermissions}, {Name: "site_admin", Title: titleSiteAdmin}, {Name: "people", Title: titlePeople}, {Name: "groups", Title: titleGroups}},
		Refused: authError,
		Missing: func() error {
			return &domain.Error{
				Code: domain.NotFound, Message: "There is no Jira at " + c.base + ".", Hint: "Check the spelling of the site's address.",
			}
		},
	}
	if !first.Judge(&c.TestResult, err) {
		return false
	}
	if c.api.Scoped() {
		c.Passed("token", titleKind, "It has scopes: it is used through api.atlassian.com, and can do what its scopes allow.")
	} else {
		c.Passed("token", titleKind, "It has no scopes: it is used at the site itself, and can do what its account may.")
	}
	c.OperatorID, c.OperatorName, c.KeyOwnerID = me.AccountID, me.DisplayName, me.AccountID
	c.Passed("operator", titleOperator, "It is "+domain.Quote(me.DisplayName)+"; no bulk action touches it.")
	return true
}

// authError gives each way in which a token is refused its own sentence.
func authError(e *domain.Error) error {
	out := *e
	switch e.Reason {
	case "credential":
		out.Message = "The site does not accept this e-mail address with this API token: one is wrong, or the token is expired or revoked."
		out.Hint = "Use the e-mail address that you sign in to Atlassian with, and copy the token again or make a new one."
	case "scope":
		out.Message = "The API token has scopes that do not allow this."
		out.Hint = "Make a new API token without scopes, or with read:jira-user and manage:jira-configuration."
	}
	return &out
}

func (c *connection) server(ctx context.Context) bool {
	info, err := c.api.ServerInfo(ctx)
	if err != nil {
		c.Failed("site", titleSite, err)
		return false
	}
	if info.DeploymentType != "Cloud" {
		c.Failed("site", titleSite, &domain.Error{
			Code:    domain.Unsupported,
			Message: fmt.Sprintf("It is %s, not Cloud.", domain.Visible(info.DeploymentType)), Hint: "Use the address of a Jira Cloud site.",
		})
		return false
	}
	c.Name = info.Title
	cloudID, err := c.api.CloudID(ctx)
	if err != nil {
		c.Warned("site", titleSite, "It is, but it does not tell its cloud ID.", "Apps are told apart by the site's address instead.")
		return true
	}
	c.Passed("site", titleSite, "It is; its cloud ID is "+cloudID+".")
	return true
}

func (c *connection) clock() {
	skew, known := c.api.REST().Skew()
	source.Clock(&c.TestResult, skew, known, "Atlassian's", "Set the clock.")
}

// permissions tells whether the account may see people at all; whether it is an admin is noted.
func (c *connection) permissions(ctx context.Context) bool {
	have, err := c.api.Permissions(ctx, "ADMINISTER", "USER_PICKER")
	switch {
	case err != nil:
		c.Failed("permissions", titlePermissions, err) // reading people itself decides
	case !have["USER_PICKER"]:
		c.Failed("permissions", titlePermissions, &domain.Error{
			Code: domain.Forbidden, Message: `The account lacks the permission "Browse users and groups".`, Hint: "Ask a Jira admin for it.",
		})
		return false
	case !have["ADMINISTER"]:
		c.Warned("permissions", titlePermissions, "The account is not a Jira admin: apps and seats stay hidden and nobody can be invited.",
			"Use the token of a Jira admin.")
	default:
		c.admin = true
		c.Passed("permissions", titlePermissions, "The account is a Jira admin.")
	}
	return true
}

// siteAdministration tells whether the account may change groups and remove people.
func (c *connection) siteAdministration(ctx context.Context) {
	is, known, err := c.api.SiteAdmin(ctx)
	switch c.siteAdmin = is || !known; {
	case err != nil || !known:
		c.Warned("site_admin", titleSiteAdmin, siteAdminUnsure, "The first change will tell.")
	case !is:
		c.Warned("site_admin", titleSiteAdmin, "The account is not a site admin: it cannot change groups or remove people, even if it administers Jira.", makeSiteAdmin)
	default:
		c.Passed("site_admin", titleSiteAdmin, "The account is a site admin: it may change groups and remove people.")
	}
}

func (c *connection) readable(check, title string, err error) bool {
	if err != nil {
		c.Failed(check, title, err)
		return false
	}
	c.Passed(check, title, "Yes.")
	return true
}
