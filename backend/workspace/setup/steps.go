package setup

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"seatkeeper/backend/domain"
)

// Step names a step of the set-up.
type Step string

// The steps, in their order.
const (
	StepAllowlist    Step = "allowlist"
	StepOrganization Step = "organization"
	StepSite         Step = "site"
	StepDomains      Step = "domains"
	StepSync         Step = "sync"
	StepDone         Step = "done"
)

// Link is the page at Atlassian that a step is about.
type Link struct {
	URL   string
	Label string
}

// Spec is what a step says about itself.
type Spec struct {
	Step      Step
	Title     string
	Why       string // one line: why it is needed
	Link      Link   // "" for a step that needs no page of Atlassian
	Skippable bool
}

// Steps are all steps in their order.
var Steps = []Spec{
	{
		Step: StepAllowlist, Title: "IP allowlist", Skippable: true,
		Why: "Optional. Some companies let only known networks reach their site; this finds out whether this computer is one of them.",
		Link: Link{
			URL:   "https://support.atlassian.com/security-and-access-policies/docs/specify-ip-addresses-for-product-access/",
			Label: "How to add an address to the allowlist",
		},
	},
	{
		Step: StepOrganization, Title: "Organization", Skippable: true,
		Why:  "With an organization's API key Seatkeeper sees everybody, their apps and when they last used them, and can suspend access.",
		Link: Link{URL: "https://admin.atlassian.com", Label: "Open Settings > API keys in Atlassian Administration"},
	},
	{
		Step: StepSite, Title: "Jira site", Skippable: true,
		// No page of its own: a Cloud site's token and a Data Center's are made on different pages, which the form of
		// each kind links to.
		Why: "Optional. A Jira Cloud site without an organization key, or a Jira Data Center of your own, lists its people and groups by a token of its own.",
	},
	{
		Step: StepDomains, Title: "Verified domains", Skippable: true,
		Why: "Optional. Accounts of a verified domain are managed by your organization, and more can be done with them.",
		Link: Link{
			URL:   "https://support.atlassian.com/user-management/docs/verify-a-domain-to-manage-accounts/",
			Label: "How to verify a domain",
		},
	},
	{
		Step: StepSync, Title: "First sync",
		Why: "Seatkeeper reads everything once into a local copy on this machine, so that searching is instant and works offline.",
	},
	{Step: StepDone, Title: "Done", Why: "Everything is set up."},
}

func specOf(step Step) (Spec, bool) {
	i := slices.IndexFunc(Steps, func(s Spec) bool { return s.Step == step })
	if i < 0 {
		return Spec{}, false
	}
	return Steps[i], true
}

// facts are what is there at the moment.
type facts struct {
	sources      int
	organization bool
	site         bool
	orgID        string // of the first organization
	synced       bool   // every source that is not paused has a complete local copy
}

func (g *Guide) facts(ctx context.Context) (facts, error) {
	list, err := g.o.Sources(ctx)
	if err != nil {
		return facts{}, fmt.Errorf("list the sources: %w", err)
	}
	f := facts{sources: len(list), synced: len(list) > 0}
	for _, s := range list {
		if s.Kind == domain.KindAtlassianOrg {
			if !f.organization {
				f.orgID = s.Settings["org_id"]
			}
			f.organization = true
		} else {
			f.site = true
		}
		if s.Paused {
			continue
		}
		fresh, err := g.o.Freshness(ctx, s.ID)
		if err != nil {
			return facts{}, fmt.Errorf("read how old the local copy is: %w", err)
		}
		f.synced = f.synced && fresh.Revision != 0
	}
	return f, nil
}

// state follows from what is there; what the operator decided comes second: a skipped step that was done later is done.
func (f facts) state(step Step, r record) StepState {
	var done, waits bool
	switch step {
	case StepAllowlist:
		done = r.Allowlist != nil && r.Allowlist.Verdict == VerdictAllowed
	case StepOrganization:
		done = f.organization
	case StepSite:
		done = f.site
	case StepDomains:
		done = f.organization && slices.Contains(r.Looked, StepDomains)
		waits = !f.organization
		if waits && f.state(StepOrganization, r) == StateSkipped {
			return StateSkipped // only an organization has domains
		}
	case StepSync:
		done, waits = f.synced, f.sources == 0
	case StepDone:
		done, waits = f.synced && r.Finished, f.sources == 0
	}
	switch {
	case done:
		return StateDone
	case slices.Contains(r.Skipped, step):
		return StateSkipped
	case waits:
		return StateWaiting
	}
	return StateOpen
}

var orgIDPattern = regexp.MustCompile(`^[a-zA-Z0-9-]{1,64}$`)

// link leads into the operator's own organization as soon as that is known.
func (f facts) link(s Spec) Link {
	if s.Step == StepOrganization && orgIDPattern.MatchString(f.orgID) {
		s.Link.URL += "/o/" + f.orgID + "/overview"
	}
	return s.Link
}

// Right is something that can be done with people, and whether it takes a managed account.
type Right struct {
	What    string
	Managed bool // only with accounts of a verified domain
}

// Rights are what "managed" changes.
var Rights = []Right{
	{What: "See who has access to which app and when they last used it"},
	{What: "Suspend and restore access to the organization"},
	{What: "Add to groups and remove from groups"},
	{What: "Deactivate and reactivate the account itself", Managed: true},
	{What: "See and change name, e-mail address and other profile fields", Managed: true},
	{What: "See and revoke the person's API tokens", Managed: true},
}

// SourceDomains are the e-mail domains of one organization.
type SourceDomains struct {
	SourceID string
	Name     string
	Synced   bool // the list comes from a complete sync; before that it may lack some
	Domains  []domain.Domain
}

// Domains lists the e-mail domains of every organization that is connected, from the local copy.
func (g *Guide) Domains(ctx context.Context) ([]SourceDomains, error) {
	list, err := g.o.Sources(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the sources: %w", err)
	}
	var out []SourceDomains
	for _, s := range list {
		if s.Kind != domain.KindAtlassianOrg {
			continue
		}
		domains, err := g.o.Domains(ctx, s.ID)
		if err != nil && domain.CodeOf(err) != domain.NotFound {
			return nil, fmt.Errorf("list the domains: %w", err)
		}
		fresh, err := g.o.Freshness(ctx, s.ID)
		if err != nil {
			return nil, fmt.Errorf("read how old the local copy is: %w", err)
		}
		out = append(out, SourceDomains{SourceID: s.ID, Name: s.Name, Synced: fresh.Revision != 0, Domains: domains})
	}
	return out, nil
}
