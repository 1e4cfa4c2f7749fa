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

	notSiteAdmin    = "The token's account is not a site admin: administering Jira is not enough to change groups or remove people."
	needsAdmin      = "Needs the token of a Jira admin."
	needsSiteAdmin  = "Needs the token of a site admin; administering Jira is not enough."
	makeSiteAdmin   = "Use the token of a site admin, somebody in a group that administers the site, or connect the organization."
	siteAdminUnsure = "It could not be found out whether the account is a site admin, which changing groups and removing people need."
)

// What needs a right of the token's account.
var (
	bySiteAdmins = []domain.Capability{domain.CanEditGroups, domain.CanCreateGroups, domain.CanRemove}
	byAdmins     = []domain.Capability{domain.CanInvite, domain.CanReadLicenses, domain.CanReadEvents}
)

func needs() map[domain.Capability]string {
	list := map[domain.Capability]string{}
	for _, c := range bySiteAdmins {
		list[c] = needsSiteAdmin
	}
	for _, c := range byAdmins {
		list[c] = needsAdmin
	}
	return list
}

// supports lists what the kind can do; admin and siteAdmin tell whether the token is a Jira admin's, and a site admin's.
func supports(admin, siteAdmin bool) []domain.Support {
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
	lacksAdmin, lacksSiteAdmin := notAdmin, notSiteAdmin
	if admin {
		lacksAdmin = ""
	}
	if siteAdmin {
		lacksSiteAdmin = ""
	}
	return slices.Concat(list,
		source.Lacking(lacksSiteAdmin, bySiteAdmins...), source.Lacking(lacksAdmin, byAdmins...),
		source.Lacking(noSuspend, domain.CanSuspend),
		source.Lacking(noAccount, domain.CanDeactivate, domain.CanDeleteAccounts, domain.CanEditProfiles, domain.CanChangeEmails, domain.CanRevokeTokens, domain.CanEditAdmins),
		source.Lacking(noRoles, domain.CanEditAccess, domain.CanEditGrants),
		source.Lacking(orgOnly, domain.CanReadDomains, domain.CanReadPolicies, domain.CanReadKeys))
}
