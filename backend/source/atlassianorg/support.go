package atlassianorg

import "seatkeeper/backend/domain"

// supports lists what the kind can do. scoped is the reason why changes are not possible, "" when they are.
func supports(scoped string) []domain.Support {
	list := []domain.Support{
		{Capability: domain.CanReadPeople, Supported: true},
		{Capability: domain.CanReadActivity, Supported: true},
		{Capability: domain.CanReadGroups, Supported: true},
		{Capability: domain.CanSeeDirectory, Supported: true},
		{
			Capability: domain.CanSeeOwnAccount, Supported: false,
			Reason: "An organization's API key does not tell whose it is; the form asks for your account instead.",
		},
		{Capability: domain.CanReadDomains, Supported: true},
		{
			Capability: domain.CanReadLicenses, Supported: false,
			Reason: "Atlassian tells an organization who has access to which app, but no count of seats. Connect the Jira site for that.",
		},
		{Capability: domain.CanReadEvents, Supported: true},
		{Capability: domain.CanReadPolicies, Supported: true},
		{Capability: domain.CanReadKeys, Supported: true},
	}
	for _, c := range []domain.Capability{
		domain.CanSuspend, domain.CanRemove, domain.CanInvite, domain.CanDeactivate, domain.CanDeleteAccounts, domain.CanEditProfiles,
		domain.CanChangeEmails, domain.CanRevokeTokens, domain.CanEditAccess, domain.CanEditAdmins, domain.CanEditGroups,
		domain.CanCreateGroups, domain.CanEditGrants,
	} {
		list = append(list, domain.Support{Capability: c, Supported: scoped == "", Reason: scoped})
	}
	return list
}
