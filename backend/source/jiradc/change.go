package jiradc

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"seatkeeper/backend/atlassian/jira"
	"seatkeeper/backend/domain"
)

// roleUser is the one role that an application of Jira Data Center gives.
const roleUser = "atlassian/user"

var mailPattern = regexp.MustCompile(`^[^\s@]+@[^\s@]+$`)

// refused is the error of a change that was not sent.
func refused(code domain.Code, field, message, hint string) error {
	return &domain.Error{Code: code, Reason: "request", Field: field, Effect: domain.NotApplied, Message: message, Hint: hint}
}

// Invite makes a user, with access to applications. Groups cannot be given in the same call.
func (s *instance) Invite(ctx context.Context, inv domain.Invitation) (domain.Invited, domain.Receipt, error) {
	email := strings.TrimSpace(inv.Email)
	switch {
	case !mailPattern.MatchString(email):
		return domain.Invited{}, domain.Receipt{}, notAnAddress(email)
	case len(inv.GroupIDs) > 0 || inv.Role != "" && inv.Role != roleUser:
		return domain.Invited{}, domain.Receipt{}, refused(domain.Unsupported, "", "Jira Data Center makes users with access to applications only, not to groups or other roles.",
			"Make the user first and add the groups then.")
	}
	keys := make([]string, 0, len(inv.AppIDs))
	for _, id := range inv.AppIDs {
		key, here := appKey(id, s.base)
		if !here {
			return domain.Invited{}, domain.Receipt{}, notHere(id)
		}
		keys = append(keys, key)
	}
	made, receipt, err := s.api.CreateUser(ctx, jira.NewDCUser{
		Name: cmp.Or(strings.TrimSpace(inv.UserName), strings.ToLower(email)), EmailAddress: email,
		DisplayName: cmp.Or(strings.TrimSpace(inv.DisplayName), email), ApplicationKeys: keys, Notification: strconv.FormatBool(inv.Notify),
	})
	if err != nil {
		return domain.Invited{}, receipt, err
	}
	s.names.note(made)
	out := domain.Invited{AccountID: made.Key}
	for _, id := range inv.AppIDs {
		out.Parts = append(out.Parts, domain.InvitedPart{Target: id, OK: true, Status: "created"})
	}
	return out, receipt, nil
}

func notAnAddress(email string) error {
	return refused(domain.Invalid, "email", "This is not an e-mail address: "+domain.Visible(email), "It looks like you@example.com.")
}

// RemoveFromDirectory deletes a user for good. Jira does so only with users who have left nothing behind.
func (s *instance) RemoveFromDirectory(ctx context.Context, _, accountID string) (domain.Receipt, error) {
	if err := checkKey("account id", accountID); err != nil {
		return domain.Receipt{}, err
	}
	return s.api.DeleteUser(ctx, accountID)
}

// CreateGroup creates a group. Its id is its name; groups of Data Center have no description.
func (s *instance) CreateGroup(ctx context.Context, _, name, _ string) (string, domain.Receipt, error) {
	if err := checkKey("group", name); err != nil {
		return "", domain.Receipt{}, err
	}
	receipt, err := s.api.CreateGroup(ctx, name)
	if err != nil {
		return "", receipt, err
	}
	return groupID(name), receipt, nil
}

// DeleteGroup deletes it.
func (s *instance) DeleteGroup(ctx context.Context, _, groupID string) (domain.Receipt, error) {
	group := groupName(groupID)
	if err := checkKey("group", group); err != nil {
		return domain.Receipt{}, err
	}
	return s.api.DeleteGroup(ctx, group)
}

// ReadRoles lists the applications that a user may open. Access always comes through groups.
func (s *instance) ReadRoles(ctx context.Context, accountID string) ([]domain.RoleAssignment, error) {
	if err := checkKey("account id", accountID); err != nil {
		return nil, err
	}
	u, err := s.api.Person(ctx, accountID)
	if err != nil {
		return nil, err
	}
	s.names.note(u)
	var out []domain.RoleAssignment
	if u.Roles != nil {
		for _, r := range u.Roles.Items {
			out = append(out, domain.RoleAssignment{DirectoryID: allPeople, AppID: appOf(r, s.base).AppID, Role: roleUser, ByGroup: true})
		}
	}
	return out, nil
}

// AssignRole lets a user into an application, by Jira's putting the user into the application's default groups.
func (s *instance) AssignRole(ctx context.Context, accountID, appID, role string) (domain.Receipt, error) {
	return s.setAccess(ctx, accountID, appID, role, s.api.Grant)
}

// RevokeRole takes a user out of every group that opens the application.
func (s *instance) RevokeRole(ctx context.Context, accountID, appID, role string) (domain.Receipt, error) {
	return s.setAccess(ctx, accountID, appID, role, s.api.Revoke)
}

func notHere(appID string) error {
	return refused(domain.Invalid, "", "The app "+domain.Visible(appID)+" is not one of this Jira's.", "Sync the source again.")
}

func (s *instance) setAccess(
	ctx context.Context, accountID, appID, role string, call func(ctx context.Context, userName, application string) (domain.Receipt, error),
) (domain.Receipt, error) {
	key, here := appKey(appID, s.base)
	switch {
	case !here:
		return domain.Receipt{}, notHere(appID)
	case role != roleUser:
		return domain.Receipt{}, refused(domain.Unsupported, "", "An application of Jira Data Center has one role only, that of a user.", "Choose the role user.")
	}
	if err := checkKey("account id", accountID); err != nil {
		return domain.Receipt{}, err
	}
	name, err := s.nameOf(ctx, accountID)
	if err != nil {
		return domain.Receipt{}, err
	}
	return call(ctx, name, key)
}

// ReadManageability tells what may be done with a user. Jira does not tell who comes from a directory that it cannot
// change: those are refused when it is tried.
func (s *instance) ReadManageability(ctx context.Context, accountID string) (domain.Manageability, error) {
	if err := checkKey("account id", accountID); err != nil {
		return nil, err
	}
	if _, err := s.api.Person(ctx, accountID); err != nil {
		return nil, err
	}
	return domain.Manageability{"profile.write.name": "", "email.set": ""}, nil
}

// EditProfile changes the displayed name; a user of Data Center has nothing else of a profile.
func (s *instance) EditProfile(ctx context.Context, accountID string, change domain.ProfileChange) (domain.Receipt, error) {
	others := []*string{change.Nickname, change.TimeZone, change.Locale, change.JobTitle, change.Department, change.Organization, change.Location}
	switch {
	case slices.ContainsFunc(others, func(v *string) bool { return v != nil }):
		return domain.Receipt{}, refused(domain.Unsupported, "", "A user of Jira Data Center has a name and an e-mail address, and no other profile.", "Change the name only.")
	case change.Name == nil || strings.TrimSpace(*change.Name) == "":
		return domain.Receipt{}, refused(domain.Invalid, "name", "The name is missing.", "Fill in the name.")
	}
	return s.edit(ctx, accountID, "displayName", strings.TrimSpace(*change.Name))
}

// SetEmail gives a user another address.
func (s *instance) SetEmail(ctx context.Context, accountID, email string) (domain.Receipt, error) {
	email = strings.TrimSpace(email)
	if !mailPattern.MatchString(email) {
		return domain.Receipt{}, notAnAddress(email)
	}
	return s.edit(ctx, accountID, "emailAddress", email)
}

func (s *instance) edit(ctx context.Context, accountID, field, value string) (domain.Receipt, error) {
	if err := checkKey("account id", accountID); err != nil {
		return domain.Receipt{}, err
	}
	return s.api.EditUser(ctx, accountID, map[string]string{field: value})
}

// ReadSeats tells how many seats of each application are taken, as Jira itself counts.
func (s *instance) ReadSeats(ctx context.Context) ([]domain.Seats, error) {
	roles, err := s.api.Roles(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]domain.Seats, 0, len(roles))
	for _, r := range roles {
		app := appOf(r, s.base)
		out = append(out, domain.Seats{AppKey: r.Key, Taken: app.Usage, Limit: app.Capacity})
	}
	return out, nil
}
