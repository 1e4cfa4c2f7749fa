package jiracloud

import (
	"slices"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/source"
)

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
	why := notAdmin
	if admin {
		why = ""
	}
	return slices.Concat(list,
		source.Lacking(why, domain.CanEditGroups, domain.CanCreateGroups, domain.CanInvite, domain.CanRemove, domain.CanReadLicenses, domain.CanReadEvents),
		source.Lacking(noSuspend, domain.CanSuspend),
		source.Lacking(noAccount, domain.CanDeactivate, domain.CanDeleteAccounts, domain.CanEditProfiles, domain.CanChangeEmails, domain.CanRevokeTokens, domain.CanEditAdmins),
		source.Lacking(noRoles, domain.CanEditAccess, domain.CanEditGrants),
		source.Lacking(orgOnly, domain.CanReadDomains, domain.CanReadPolicies, domain.CanReadKeys))
}
