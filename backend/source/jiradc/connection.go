package jiradc

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"

	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

// The titles of the checks.
const (
	titleReach       = "Jira can be reached"
	titleAuth        = "The personal access token is accepted"
	titleSite        = "It is Jira Data Center"
	titlePermissions = "Rights of the token's user"
	titlePeople      = "People can be read"
	titleGroups      = "Groups can be read"
	titleOperator    = "Your own account"
	titleSuspend     = "People can be made inactive"
)

// connection is one connection test under way.
type connection struct {
	domain.TestResult

	api     *jira.DataCenter
	base    string
	version string
	admin   bool
	hasCA   bool // the authority's file was given
}

// Test checks the connection step by step.
func (s *instance) Test(ctx context.Context) domain.TestResult {
	c := &connection{api: s.api.Hurried(), base: s.base, hasCA: s.hasCA}
	// serverInfo answers without a token too, so only myself proves that the token works.
	if c.myself(ctx) {
		isJira := c.server(ctx)
		c.clock()
		c.permissions(ctx)
		people := c.people(ctx)
		groups := c.groups(ctx)
		if c.admin {
			c.Passed("suspend", titleSuspend, "Yes, but for people from a directory that Jira cannot change (LDAP): those are refused one by one.")
		}
		c.OK = isJira && c.admin && people && groups
	}
	c.Capabilities = supports(c.admin)
	c.TestedAt = time.Now()
	return c.TestResult
}

func (c *connection) myself(ctx context.Context) bool {
	me, err := c.api.Myself(ctx)
	first := source.FirstCall{
		Answers: c.base + " answers.", Accepted: "It is.",
		Reach: source.Check{Name: "reach", Title: titleReach}, Auth: source.Check{Name: "auth", Title: titleAuth}, Place: source.Check{Name: "site", Title: titleSite},
		Later:   []source.Check{{Name: "permissions", Title: titlePermissions}, {Name: "people", Title: titlePeople}, {Name: "groups", Title: titleGroups}},
		Refused: authError,
		Missing: func() error {
			return &domain.Error{
				Code: domain.NotFound, Message: "There is no Jira at " + c.base + ".",
				Hint: "Look at the browser's address line when Jira is open: the path before /secure or /browse belongs to the address, as in https://example.com/jira.",
			}
		},
		Unreached: c.reachError,
	}
	if !first.Judge(&c.TestResult, err) {
		return false
	}
	c.OperatorID, c.OperatorName, c.KeyOwnerID = me.Key, me.DisplayName, me.Key
	c.Passed("operator", titleOperator, "It is "+domain.Quote(me.DisplayName)+"; no bulk action touches it.")
	return true
}

// authError says what may be wrong with a token that is refused.
func authError(e *domain.Error) error {
	out := *e
	if e.Reason == "credential" {
		out.Message = "Jira does not accept this personal access token: it is wrong, expired or revoked, or its user is inactive."
		out.Hint = "Make a new one in Jira: profile picture > Profile > Personal Access Tokens. Jira knows them since version 8.14."
	}
	return &out
}

// reachError gives each way in which a server of one's own cannot be reached its own sentence.
func (c *connection) reachError(e *domain.Error) error {
	out := *e
	switch e.Reason {
	case "tls":
		c.explainTLS(&out)
	case "redirect":
		out.Hint = "Use the address that Jira shows in the browser when it is open. The token is not shown to another host."
	case "own_page":
		out.Message = "Jira's address sends the request on to a page of its own instead of answering it: single sign-on, or a proxy that wants a login."
		out.Hint = "Whoever runs Jira has to let personal access tokens through to /rest/api/2."
	case "captive_portal":
		out.Message = c.base + " answered with a web page instead of data: a sign-in page of single sign-on, of a login proxy or of a guest network."
		out.Hint = "Open the address in a browser and sign in to the network; where single sign-on stands before Jira, it has to let personal access tokens through to /rest/api/2."
	case "html":
		out.Hint = "A proxy or firewall between this computer and Jira may have answered, or Jira is down. Try again, or ask whoever runs Jira."
	case "server":
		out.Message = c.base + " answers, but is in trouble" + statusOf5xx(e)
		out.Hint = "Jira may be starting, or the proxy before it does not reach it. Try again in a few minutes."
	case "rate":
		out.Hint = "An administrator can raise the limit for the token's user under System > Rate limiting."
	case "contract":
		_, what, _ := strings.Cut(e.Message, ": ")
		out.Message = "What answers at " + c.base + " is not Jira, or something on the way spoils its answers: " + what
		out.Hint = "Open the address in a browser: Jira must appear."
	}
	return &out
}

// explainTLS says what is wrong with the server's certificate, and whether the authority's file can help.
func (c *connection) explainTLS(e *domain.Error) {
	var (
		unknown x509.UnknownAuthorityError
		host    x509.HostnameError
		invalid x509.CertificateInvalidError
	)
	const ca = `Put the authority's certificate file into "Certificate authority"; whoever runs Jira has it.`
	switch {
	case errors.As(e.Err, &host):
		e.Message = "The server's certificate is for another name than the one in the address."
		e.Hint = "Use the name that the certificate is for, or have the certificate made anew."
	case errors.As(e.Err, &invalid) && invalid.Reason == x509.Expired && strings.Contains(invalid.Detail, "is before"):
		e.Message = "The server's certificate is not valid yet."
		e.Hint = "Set this computer's clock; if it is right, the certificate on the server is of a later day."
	case errors.As(e.Err, &invalid) && invalid.Reason == x509.Expired:
		e.Message = "The server's certificate has expired."
		e.Hint = "Check this computer's clock; else the certificate must be renewed on the server."
	case errors.As(e.Err, &unknown) && c.hasCA:
		e.Message = "The server's certificate does not come from the authority in the file that you gave."
		e.Hint = `Ask whoever runs Jira which authority made the certificate, and put that authority's file into "Certificate authority".`
	case errors.As(e.Err, &unknown) && unknown.Cert != nil && unknown.Cert.Issuer.String() == unknown.Cert.Subject.String():
		e.Message = "The server's certificate is self-signed: no authority that this computer knows vouches for it."
		e.Hint = ca
	case errors.As(e.Err, &unknown):
		e.Message = "The server's certificate comes from an authority that this computer does not know."
		e.Hint = ca
	}
}

func statusOf5xx(e *domain.Error) string {
	if e.Err == nil {
		return "."
	}
	return " (" + e.Err.Error() + ")."
}

func (c *connection) server(ctx context.Context) bool {
	info, err := c.api.ServerInfo(ctx)
	if err != nil {
		c.Failed("site", titleSite, err)
		return false
	}
	c.Name, c.version = info.Title, info.Version
	switch info.DeploymentType {
	case "Data Center", "Server": // the same program with another license
		c.Passed("site", titleSite, fmt.Sprintf("It is Jira %s %s.", info.DeploymentType, domain.Visible(info.Version)))
		return true
	case "Cloud":
		c.Failed("site", titleSite, &domain.Error{
			Code: domain.Unsupported, Message: "It is Jira Cloud, not Data Center.", Hint: `Choose the kind of source "Jira Cloud site".`,
		})
	default:
		c.Failed("site", titleSite, &domain.Error{
			Code: domain.Unsupported, Message: "It says that it is " + domain.Quote(info.DeploymentType) + ".", Hint: "Use the address of a Jira Data Center instance.",
		})
	}
	return false
}

func (c *connection) clock() {
	skew, known := c.api.REST().Skew()
	source.Clock(&c.TestResult, skew, known, "Jira's", "Set one of the clocks.")
}

func (c *connection) permissions(ctx context.Context) {
	have, err := c.api.Permissions(ctx)
	switch {
	case err != nil:
		c.Failed("permissions", titlePermissions, err)
	case !have["ADMINISTER"] && !have["SYSTEM_ADMIN"]:
		c.Failed("permissions", titlePermissions, &domain.Error{
			Code: domain.Forbidden, Message: notAdmin + " Jira shows the members of groups to administrators only.",
			Hint: "Make the token as a user with the global permission Jira Administrators.",
		})
	default:
		c.admin = true
		c.Passed("permissions", titlePermissions, "The token's user is a Jira administrator.")
	}
}

// people tells how people can be listed: all of them, or the first 1,000 of a search.
func (c *connection) people(ctx context.Context) bool {
	whole, err := c.api.TryUserList(ctx)
	if err != nil {
		c.Failed("people", titlePeople, err)
		return false
	}
	if whole {
		c.Passed("people", titlePeople, "All of them.")
		return true
	}
	var shown []jira.DCUser
	most, err := c.api.SearchAll(ctx, func(users []jira.DCUser) { shown = append(shown, users...) })
	limited := most >= jira.SearchLimit
	if err == nil && !limited && len(shown) > 0 {
		limited, err = c.api.HidesSome(ctx, shown)
	}
	switch {
	case err != nil:
		c.Failed("people", titlePeople, err)
		return false
	case limited:
		c.Warned("people", titlePeople, fmt.Sprintf("Jira %s lists only its first %s people. The others are found through their groups and by the beginnings "+
			"of their names; somebody who is in no group may be missing.", domain.Visible(c.version), thousands(most)), "Jira 10.3 and newer list everybody.")
	default:
		c.Passed("people", titlePeople, fmt.Sprintf("All %d of them. Jira %s lists no more than 1,000.", len(shown), domain.Visible(c.version)))
	}
	return true
}

// groups reads the groups that the picker shows, and one member: listing groups needs fewer rights than reading their members.
func (c *connection) groups(ctx context.Context) bool {
	groups, total, err := c.api.PickGroups(ctx)
	if err == nil && len(groups) > 0 {
		err = c.api.TryMembers(ctx, groups[0].Name)
	}
	switch {
	case err != nil:
		c.Failed("groups", titleGroups, err)
		return false
	case total > len(groups):
		c.Warned("groups", titleGroups, fmt.Sprintf("Jira shows only %d of %d groups at once; the others are searched for by parts of their names.", len(groups), total),
			"To be sure of all, set jira.ajax.autocomplete.limit to 1000 under System > General configuration > Advanced settings.")
	default:
		c.Passed("groups", titleGroups, fmt.Sprintf("All %d of them.", total))
	}
	return true
}
