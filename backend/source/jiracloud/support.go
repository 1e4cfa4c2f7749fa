package jiracloud

import "seatkeeper/backend/domain"

const (
	noSuspend = "A Jira site cannot suspend people. Connect the Atlassian organization for that."
	noAccount = "A Jira site cannot change Atlassian accounts. Connect the Atlassian organization for that."
	noRoles   = "On a Jira site, access comes through groups: change the members of an app's group, or connect the organization."
	orgOnly   = "Only the Atlassian organization shows this. Connect it for that."
	notAdmin  = "The token's account is not a Jira admin."
)

// supports lists what the kind can do; admin tells whether the token is a Jira admin's.
func supports(admin bool) []domain.Support {
	list := []domain.Support{
		{Capability: domain.CanReadPeople, Supported: true},
		{
			Capability: domain.CanReadActivity, Supported: false,
			Reason: "A Jira site does not tell when people were last active. Connect the Atlassian organization for that.",
		},
		{Capability: domain.CanReadGroups, Supported: true},
		{Capability: domain.CanSeeDirectory, Supported: false, Reason: "A Jira site does not show its user directory."},
		{Capability: domain.CanSeeOwnAccount, Supported: true},
	}
	for _, c := range []domain.Capability{
		domain.CanEditGroups, domain.CanCreateGroups, domain.CanInvite, domain.CanRemove, domain.CanReadLicenses, domain.CanReadEvents,
	} {
		s := domain.Support{Capability: c, Supported: admin}
		if !admin {
			s.Reason = notAdmin
		}
		list = append(list, s)
	}
	for _, x := range []struct {
		reason string
		list   []domain.Capability
	}{
		{noSuspend, []domain.Capability{domain.CanSuspend}},
		{noAccount, []domain.Capability{
			domain.CanDeactivate, domain.CanDeleteAccounts, domain.CanEditProfiles, domain.CanChangeEmails, domain.CanRevokeTokens, domain.CanEditAdmins,
		}},
		{noRoles, []domain.Capability{domain.CanEditAccess, domain.CanEditGrants}},
		{orgOnly, []domain.Capability{domain.CanReadDomains, domain.CanReadPolicies, domain.CanReadKeys}},
	} {
		for _, c := range x.list {
			list = append(list, domain.Support{Capability: c, Reason: x.reason})
		}
	}
	return list
}
