// Package atlassianorg is the source "Atlassian organization": people, groups, apps with last activity, suspending and
// group changes through the Organizations API.
//
// It keeps no copy of anything and decides nothing about runs; it reads, converts, and makes single calls.
package atlassianorg

import (
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
	"seatkeeper/backend/source"
)

// The fields of the form.
const (
	fieldOrgID     = "org_id"
	fieldKey       = "api_key"
	fieldMyAccount = "my_account"
)

var _ = source.Register(source.Kind{
	Kind:    domain.KindAtlassianOrg,
	Title:   "Atlassian organization",
	Summary: "All people, groups and apps of the organization, with last activity; suspend, restore and change groups.",
	Fields: []form.Field{
		{
			Name: fieldOrgID, Label: "Organization ID", Type: form.Text, Required: true,
			Help:        "The part after /o/ in the address of admin.atlassian.com.",
			Placeholder: "a1b2c3d4-0000-4000-8000-000000000001",
			DocsURL:     "https://admin.atlassian.com", DocsLabel: "Open Atlassian Administration",
			Validate: func(v string) error {
				_, err := orgID(v)
				return err
			},
		},
		{
			Name: fieldKey, Label: "API key", Type: form.Password, Required: true,
			Help:      "Made at Settings > API keys. Without scopes it can do everything; with scopes it can only read, and a second key for changes is added under Sources.",
			DocsURL:   "https://support.atlassian.com/organization-administration/docs/manage-an-organization-with-the-admin-apis/",
			DocsLabel: "How to make an API key", Validate: checkKey,
		},
		{
			Name: fieldMyAccount, Label: "Your own Atlassian account", Type: form.Text,
			Help:        "Your e-mail address or account ID, so that no bulk action can touch your own account.",
			Placeholder: "you@example.com", Validate: checkAccount,
		},
	},
	ChangeKeyField: fieldKey,

	Supports:    supports(""),
	Destination: destination,
	Check: func(cfg source.Config) error {
		_, err := destination(cfg.Source.Settings, cfg.Network)
		return err
	},
	Open:             func(cfg source.Config) (source.Source, error) { return open(cfg) },
	FindOrganization: lookUp,
})

var (
	orgPattern     = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9-]{0,63}$`)
	orgLinkPattern = regexp.MustCompile(`^https://admin\.atlassian\.com/o/([a-zA-Z0-9][a-zA-Z0-9-]{0,63})(?:/[a-zA-Z0-9/_-]*)?$`)
	keyPattern     = regexp.MustCompile(`^[!-~]{8,}$`)
	mailPattern    = regexp.MustCompile(`^[^\s@]{1,128}@[^\s@]{1,255}$`)
)

// orgID accepts the id itself or the address of the organization's administration page.
func orgID(typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if m := orgLinkPattern.FindStringSubmatch(typed); m != nil {
		return m[1], nil
	}
	if orgPattern.MatchString(typed) {
		return typed, nil
	}
	return "", &domain.Error{
		Code: domain.Invalid, Field: fieldOrgID,
		Message: "This is not an organization ID.",
		Hint:    "Open admin.atlassian.com and copy the part of the address after /o/.",
	}
}

func checkKey(v string) error {
	if keyPattern.MatchString(strings.TrimSpace(v)) {
		return nil
	}
	return &domain.Error{
		Code: domain.Invalid, Field: fieldKey,
		Message: "This is not an API key: it is too short, or has blanks in it.", Hint: "Copy the whole key again.",
	}
}

func checkAccount(v string) error {
	v = strings.TrimSpace(v)
	if mailPattern.MatchString(v) || atlassian.CheckID("account id", v) == nil {
		return nil
	}
	return &domain.Error{
		Code: domain.Invalid, Field: fieldMyAccount,
		Message: "This is neither an e-mail address nor an account ID.", Hint: "Use the e-mail address that you sign in to Atlassian with.",
	}
}

// destination is the organization's own address: a key is never used for another organization than it was typed for.
func destination(settings map[string]string, network source.Network) (string, error) {
	base, err := atlassian.APIBase(network.APIBase, source.APIBase)
	if err != nil {
		return "", err
	}
	id, err := orgID(settings[fieldOrgID])
	if err != nil {
		return "", err
	}
	return base + "/admin/v1/orgs/" + id, nil
}

// org is one open organization.
type org struct {
	api       *admin.Client
	id        string
	myAccount string

	mu          sync.Mutex
	directories []admin.Directory
	listedAt    time.Time

	cut      atomic.Bool // the list of a person's groups is cut off: it was seen
	separate atomic.Bool // the list of a directory shows the state there, not the state over all: it was seen
}

var (
	_ source.Source      = (*org)(nil)
	_ source.Knocker     = (*org)(nil)
	_ source.UserReader  = (*org)(nil)
	_ source.Suspender   = (*org)(nil)
	_ source.GroupEditor = (*org)(nil)

	_ source.ChangeTester = (*org)(nil)

	_ source.DirectoryRemover = (*org)(nil)
	_ source.Lifecycler       = (*org)(nil)
	_ source.AccessEditor     = (*org)(nil)
	_ source.AdminEditor      = (*org)(nil)
	_ source.GroupCreator     = (*org)(nil)
	_ source.GroupReader      = (*org)(nil)
	_ source.GrantEditor      = (*org)(nil)
	_ source.ProfileEditor    = (*org)(nil)
	_ source.TokenRevoker     = (*org)(nil)
	_ source.SeatHolderReader = (*org)(nil)
	_ source.Inviter          = (*org)(nil)
	_ source.EventReader      = (*org)(nil)
	_ source.ChangeReader     = (*org)(nil)
	_ source.Resumer          = (*org)(nil)
	_ source.PolicyReader     = (*org)(nil)
	_ source.ActivityReader   = (*org)(nil)
	_ source.KeyReader        = (*org)(nil)
)

func open(cfg source.Config) (*org, error) {
	base, err := atlassian.APIBase(cfg.Network.APIBase, source.APIBase)
	if err != nil {
		return nil, err
	}
	id, err := orgID(cfg.Source.Settings[fieldOrgID])
	if err != nil {
		return nil, err
	}
	key := strings.TrimSpace(cfg.Secrets[fieldKey].Reveal())
	if err := checkKey(key); err != nil {
		return nil, err
	}
	rest := atlassian.New(atlassian.Options{
		Base: base, Credential: atlassian.Bearer(domain.NewSecret(key)), Transport: cfg.Network.Transport, Reads: cfg.Network.Reads,
		Log: cfg.Network.Log,
	})
	return &org{
		api: admin.New(rest, id), id: id,
		myAccount: strings.TrimSpace(cfg.Source.Settings[fieldMyAccount]),
	}, nil
}

// Knock lets the next request through.
func (o *org) Knock() { o.api.REST().Knock() }

// Close forgets the key.
func (o *org) Close() { o.api.REST().Close() }
