// Package jiradc is the source "Jira Data Center": people, groups and applications of one instance, and the changes that it lets an
// administrator make: of users, of groups and their members, and of who may open which application.
//
// It talks to one instance with a personal access token; it keeps no copy of anything and decides nothing about runs.
//
// A read that ended early goes on from the listings that it received to their end: that of the people, and the members of each group. One
// that was cut in its middle begins anew, because the pages of members have numbers: who stands where changes when somebody goes. Where
// people can only be searched for (before 10.3), only groups are kept: nothing tells whether such a search found everybody.
package jiradc

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/source"
)

// The fields of the form.
const (
	fieldBase  = "base_url"
	fieldToken = "token"
	fieldCA    = "ca_file"
)

var _ = source.Register(source.Kind{
	Kind:    domain.KindJiraDC,
	Title:   "Jira Data Center",
	Summary: "People, groups and applications of a Jira that you run yourself; make people inactive, change groups.",
	Fields: []form.Field{
		{
			Name: fieldBase, Label: "Address of Jira", Type: form.URL, Required: true,
			Help: "The address in your browser when Jira is open, with Jira's own path if it has one.", Placeholder: "https://jira.example.com",
		},
		{
			Name: fieldToken, Label: "Personal access token", Type: form.Password, Required: true,
			Help:    "Made in Jira by an administrator, under the profile picture > Profile > Personal Access Tokens.",
			DocsURL: "https://confluence.atlassian.com/enterprise/using-personal-access-tokens-1026032365.html", DocsLabel: "How to make one",
			Validate: checkToken,
		},
		{
			Name: fieldCA, Label: "Certificate authority", Type: form.File, Pattern: "*.pem;*.crt;*.cer",
			Help:        "Only where Jira's certificate comes from your own authority: the file with its certificate in PEM form.",
			Placeholder: "/etc/ssl/company-ca.pem", Validate: func(path string) error { _, err := readCA(path); return err },
		},
	},
	Supports:    supports(true),
	Destination: destination,
	Check: func(cfg source.Config) error {
		if _, err := destination(cfg.Source.Settings, cfg.Network); err != nil {
			return err
		}
		_, err := readCA(cfg.Source.Settings[fieldCA])
		return err
	},
	Open: func(cfg source.Config) (source.Source, error) { return open(cfg) },
})

const (
	noActivity  = "Jira Data Center does not tell when people last used an application, only when they last signed in."
	noDirectory = "Jira Data Center does not tell which directory a person comes from."
	notAdmin    = "The token's user is not a Jira administrator."
	noAccounts  = "Jira Data Center has users, no Atlassian accounts: make people inactive, or remove them."
	noAdmins    = "Jira Data Center has no organization; its administrators are the members of a group."
	noGrants    = "Which groups open an application of Jira Data Center is set in Jira, under Applications > Application access."
	noOthers    = "Jira Data Center does not show other people's personal access tokens."
	noEvents    = "Jira Data Center shows its audit log on its own page only, under System > Audit log."
	orgOnly     = "Only an Atlassian organization has this."
)

// supports lists what the kind can do; admin tells whether the token is an administrator's.
func supports(admin bool) []domain.Support {
	why := notAdmin
	if admin {
		why = ""
	}
	return slices.Concat(
		source.Lacking("", domain.CanReadPeople, domain.CanSeeOwnAccount),
		source.Lacking(noActivity, domain.CanReadActivity),
		source.Lacking(noDirectory, domain.CanSeeDirectory),
		source.Lacking(why, domain.CanReadGroups, domain.CanReadLicenses, domain.CanSuspend, domain.CanRemove, domain.CanInvite, domain.CanEditProfiles,
			domain.CanChangeEmails, domain.CanEditAccess, domain.CanEditGroups, domain.CanCreateGroups),
		source.Lacking(noAccounts, domain.CanDeactivate, domain.CanDeleteAccounts),
		source.Lacking(noAdmins, domain.CanEditAdmins),
		source.Lacking(noGrants, domain.CanEditGrants),
		source.Lacking(noOthers, domain.CanRevokeTokens, domain.CanReadKeys),
		source.Lacking(noEvents, domain.CanReadEvents),
		source.Lacking(orgOnly, domain.CanReadDomains, domain.CanReadPolicies))
}

var tokenPattern = regexp.MustCompile(`^[!-~]{8,}$`)

func checkToken(v string) error {
	if tokenPattern.MatchString(strings.TrimSpace(v)) {
		return nil
	}
	return &domain.Error{
		Code: domain.Invalid, Field: fieldToken,
		Message: "This is not a personal access token: it is too short, or has blanks in it.", Hint: "Copy the whole token again.",
	}
}

// destination is the instance's address: scheme, host, port and context path.
func destination(settings map[string]string, network source.Network) (string, error) {
	base, err := atlassian.DataCenterURL(strings.TrimSpace(settings[fieldBase]), network.AllowLoopback)
	if err != nil {
		e := *domain.AsError(err)
		e.Field = fieldBase
		return "", &e
	}
	return base, nil
}

// instance is one open Data Center instance.
type instance struct {
	api   *jira.DataCenter
	base  string
	hasCA bool // the authority's file was given

	names nameBook

	mu     sync.Mutex
	admins map[string]bool // names, in lower case, of groups whose members administer Jira; nil until read
}

var (
	_ source.Source           = (*instance)(nil)
	_ source.Resumer          = (*instance)(nil)
	_ source.Knocker          = (*instance)(nil)
	_ source.UserReader       = (*instance)(nil)
	_ source.GroupEditor      = (*instance)(nil)
	_ source.Suspender        = (*instance)(nil)
	_ source.DirectoryRemover = (*instance)(nil)
	_ source.Inviter          = (*instance)(nil)
	_ source.ProfileEditor    = (*instance)(nil)
	_ source.AccessEditor     = (*instance)(nil)
	_ source.GroupCreator     = (*instance)(nil)
	_ source.GroupReader      = (*instance)(nil)
	_ source.SeatReader       = (*instance)(nil)
)

func open(cfg source.Config) (*instance, error) {
	base, err := destination(cfg.Source.Settings, cfg.Network)
	if err != nil {
		return nil, err
	}
	token := strings.TrimSpace(cfg.Secrets[fieldToken].Reveal())
	if err := checkToken(token); err != nil {
		return nil, err
	}
	roots, err := readCA(cfg.Source.Settings[fieldCA])
	if err != nil {
		return nil, err
	}
	rest := atlassian.New(atlassian.Options{
		Base: base, Credential: atlassian.Bearer(domain.NewSecret(token)), Transport: cfg.Network.Transport, Roots: roots, Reads: cfg.Network.Reads,
		Log: cfg.Network.Log, Party: "Jira",
	})
	return &instance{api: jira.NewDataCenter(rest), base: base, hasCA: roots != nil}, nil
}

// Knock lets the next request through.
func (s *instance) Knock() { s.api.REST().Knock() }

// Close forgets the token.
func (s *instance) Close() { s.api.REST().Close() }
