// Package jiracloud is the source "Jira Cloud site": people, groups and apps of one site, with invitations and changes of groups.
//
// A site's API tells no last activity and cannot suspend; it keeps no copy of anything and decides nothing about runs.
//
// A read that ended early goes on from the listings that it received to their end: that of the people, and the members of each group. One
// that was cut in its middle begins anew, because Jira's pages have numbers and no cursors: who stands where changes when somebody goes.
package jiracloud

import (
	"net/url"
	"regexp"
	"strings"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/source"
)

// The fields of the form.
const (
	fieldSite  = "site_url"
	fieldEmail = "email"
	fieldToken = "api_token"
)

var _ = source.Register(source.Kind{
	Kind:    domain.KindJiraCloud,
	Title:   "Jira Cloud site",
	Summary: "People, groups and apps of one site; change groups. For last activity and suspending connect the organization.",
	Fields: []form.Field{
		{
			Name: fieldSite, Label: "Site address", Type: form.URL, Required: true,
			Help: "The address in your browser when Jira is open.", Placeholder: "https://your-site.atlassian.net",
		},
		{
			Name: fieldEmail, Label: "Your e-mail address", Type: form.Email, Required: true,
			Help: "The one that you sign in to Atlassian with.", Placeholder: "you@example.com", Validate: checkEmail,
		},
		{
			Name: fieldToken, Label: "API token", Type: form.Password, Required: true,
			Help:    "Made in your Atlassian account. One without scopes may do what you may; one with scopes works too, within its scopes.",
			DocsURL: "https://id.atlassian.com/manage-profile/security/api-tokens", DocsLabel: "Make an API token",
			Validate: checkToken,
		},
	},
	Supports:    supports(true, true),
	Needs:       needs(),
	Destination: destination,
	Check: func(cfg source.Config) error {
		_, err := destination(cfg.Source.Settings, cfg.Network)
		return err
	},
	Open: func(cfg source.Config) (source.Source, error) { return open(cfg) },
})

var (
	mailPattern  = regexp.MustCompile(`^[^\s:@]{1,128}@[^\s:@]{1,255}$`) // a colon would end the user name in the header
	tokenPattern = regexp.MustCompile(`^[!-~]{8,}$`)
)

func checkEmail(v string) error {
	if mailPattern.MatchString(strings.TrimSpace(v)) {
		return nil
	}
	return &domain.Error{Code: domain.Invalid, Field: fieldEmail, Message: "This is not an e-mail address.", Hint: "It looks like you@example.com."}
}

func checkToken(v string) error {
	if tokenPattern.MatchString(strings.TrimSpace(v)) {
		return nil
	}
	return &domain.Error{
		Code: domain.Invalid, Field: fieldToken,
		Message: "This is not an API token: it is too short, or has blanks in it.", Hint: "Copy the whole token again.",
	}
}

// destination is the site's address.
func destination(settings map[string]string, network source.Network) (string, error) {
	site, err := atlassian.SiteURL(strings.TrimSpace(settings[fieldSite]), network.AllowLoopback)
	if err != nil {
		e := *domain.AsError(err)
		e.Field = fieldSite
		return "", &e
	}
	return site, nil
}

// site is one open site.
type site struct {
	api  *jira.Client
	base string
}

var (
	_ source.Source      = (*site)(nil)
	_ source.Resumer     = (*site)(nil)
	_ source.Knocker     = (*site)(nil)
	_ source.UserReader  = (*site)(nil)
	_ source.GroupEditor = (*site)(nil)

	_ source.DirectoryRemover   = (*site)(nil)
	_ source.GroupCreator       = (*site)(nil)
	_ source.GroupReader        = (*site)(nil)
	_ source.Inviter            = (*site)(nil)
	_ source.SeatReader         = (*site)(nil)
	_ source.EventReader        = (*site)(nil)
	_ source.OrganizationFinder = (*site)(nil)
)

func open(cfg source.Config) (*site, error) {
	base, err := destination(cfg.Source.Settings, cfg.Network)
	if err != nil {
		return nil, err
	}
	email := strings.TrimSpace(cfg.Source.Settings[fieldEmail])
	if err := checkEmail(email); err != nil {
		return nil, err
	}
	token := strings.TrimSpace(cfg.Secrets[fieldToken].Reveal())
	if err := checkToken(token); err != nil {
		return nil, err
	}
	rest := atlassian.New(atlassian.Options{
		Base: base, Credential: atlassian.Basic(email, domain.NewSecret(token)), Transport: cfg.Network.Transport, Reads: cfg.Network.Reads,
		Log: cfg.Network.Log,
	})
	api := jira.New(rest)
	if gateway, err := atlassian.APIBase(cfg.Network.APIBase, source.APIBase); err == nil && !strayGateway(base, gateway) {
		api.ByGateway(func(cloudID string) *atlassian.Client {
			return atlassian.New(atlassian.Options{
				Base: gateway + "/ex/jira/" + url.PathEscape(cloudID), Credential: atlassian.Basic(email, domain.NewSecret(token)),
				Transport: cfg.Network.Transport, Reads: cfg.Network.Reads, Log: cfg.Network.Log,
			})
		})
	}
	return &site{api: api, base: base}, nil
}

// strayGateway tells whether a simulated site would be mixed with the real gateway, or the other way round.
func strayGateway(base, gateway string) bool {
	return strings.HasSuffix(base, ".atlassian.net") != (gateway == source.APIBase)
}

// Knock lets the next request through.
func (s *site) Knock() { s.api.Knock() }

// Close forgets the token.
func (s *site) Close() { s.api.Close() }
