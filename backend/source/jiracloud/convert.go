package jiracloud

import (
	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
	"seatkeeper/backend/source/packed"
)

// personOf is what a read keeps of an account.
func personOf(u jira.User) packed.Person {
	return packed.Person{
		ID: u.AccountID, Type: u.AccountType, Name: u.DisplayName, Email: u.EmailAddress, TimeZone: u.TimeZone, Active: domain.TriOf(u.Active),
	}
}

// userOf converts an account. A site knows only active and not active; whether somebody is suspended, invited or
// deactivated is known to the organization alone, so that "not active" stays what it says.
func userOf(p packed.Person, groups []string) domain.User {
	out := domain.User{
		AccountID: p.ID, AccountType: p.Type, Name: p.Name, Email: p.Email, Profile: domain.Profile{TimeZone: p.TimeZone}, Status: domain.StatusUnknown, GroupIDs: groups,
	}
	switch p.Active {
	case domain.Yes:
		out.Status = domain.StatusActive
	case domain.No:
		out.Status = domain.StatusDeactivated
	case domain.Unknown:
	}
	return out
}

// accessOf lists the apps that the groups give access to. A site tells no activity.
func accessOf(groups []string, granting map[string][]domain.App) []domain.AppAccess {
	var out []domain.AppAccess
	have := map[string]bool{}
	for _, g := range groups {
		for _, app := range granting[g] {
			if !have[app.AppID] {
				have[app.AppID] = true
				out = append(out, domain.AppAccess{AppID: app.AppID, AppKey: app.Key})
			}
		}
	}
	return out
}

// appOf converts an app role. owner makes the app's id the same as the organization's: the site's cloud id, else its
// host.
func appOf(r jira.Role, owner, siteName, siteURL, plan string) domain.App {
	out := domain.App{
		AppID: "ari:cloud:" + r.Key + "::site/" + owner, Key: r.Key, Name: r.Name, SiteName: siteName, SiteURL: siteURL,
		Plan: plan, Status: "online", Usage: -1, Capacity: -1,
	}
	if r.UserCount != nil {
		out.Usage = *r.UserCount
	}
	if r.NumberOfSeats != nil && *r.NumberOfSeats >= 0 && !r.UnlimitedSeats {
		out.Capacity = *r.NumberOfSeats
	}
	return out
}
