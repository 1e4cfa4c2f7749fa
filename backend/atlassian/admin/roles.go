package admin

import (
	"context"
	"encoding/json"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

// AssignRole gives a person a role on an app; appID is the app's resource id.
func (c *Client) AssignRole(ctx context.Context, accountID, appID, role string) (domain.Receipt, error) {
	return c.role(ctx, "assign", accountID, appID, role)
}

// RevokeRole takes a direct role away; one that comes through a group stays.
func (c *Client) RevokeRole(ctx context.Context, accountID, appID, role string) (domain.Receipt, error) {
	return c.role(ctx, "revoke", accountID, appID, role)
}

func (c *Client) role(ctx context.Context, verb, accountID, appID, role string) (domain.Receipt, error) {
	if err := checkGrant(appID, role); err != nil {
		return domain.Receipt{}, err
	}
	body := map[string]string{"role": role, "resource": appID}
	return c.change(ctx, atlassian.Post(body, "/admin/v1/orgs/{}/users/{}/roles/"+verb, c.org, accountID), "account id", accountID)
}

// MakeAdmin makes a person organization admin; it takes up to 30 s to be seen.
func (c *Client) MakeAdmin(ctx context.Context, accountID string) (domain.Receipt, error) {
	return c.orgAdmin(ctx, "assign", accountID)
}

// UnmakeAdmin takes the organization admin role away.
func (c *Client) UnmakeAdmin(ctx context.Context, accountID string) (domain.Receipt, error) {
	return c.orgAdmin(ctx, "revoke", accountID)
}

func (c *Client) orgAdmin(ctx context.Context, verb, accountID string) (domain.Receipt, error) {
	body := map[string]string{"role": domain.RoleOrgAdmin}
	return c.change(ctx, atlassian.Post(body, "/admin/v1/orgs/{}/users/{}/role-assignments/"+verb, c.org, accountID), "account id", accountID)
}

// AssignGrant makes a group give its members a role on an app.
func (c *Client) AssignGrant(ctx context.Context, directoryID, groupID, appID, role string) (domain.Receipt, error) {
	return c.grant(ctx, "assign", directoryID, groupID, appID, role)
}

// RevokeGrant takes that from the group.
func (c *Client) RevokeGrant(ctx context.Context, directoryID, groupID, appID, role string) (domain.Receipt, error) {
	return c.grant(ctx, "revoke", directoryID, groupID, appID, role)
}

func (c *Client) grant(ctx context.Context, verb, directoryID, groupID, appID, role string) (domain.Receipt, error) {
	if err := checkGrant(appID, role); err != nil {
		return domain.Receipt{}, err
	}
	body := map[string]string{"resourceId": appID, "roleId": role}
	call := atlassian.Post(body, "/admin/v2/orgs/{}/directories/{}/groups/{}/role-assignments/"+verb, c.org, directoryID, groupID)
	return c.change(ctx, call, "directory id", directoryID, "group id", groupID)
}

func checkGrant(appID, role string) error {
	for what, v := range map[string]string{"app": appID, "role": role} {
		if v == "" {
			return &domain.Error{
				Code: domain.Invalid, Reason: "id", Effect: domain.NotApplied, Message: "The " + what + " is missing.", Hint: "Choose one.",
			}
		}
	}
	return nil
}

// RolesOf lists a person's roles on apps in all directories, with the way each came.
func (c *Client) RolesOf(ctx context.Context, accountID string) ([]RoleAssignment, error) {
	if err := atlassian.CheckID("account id", accountID); err != nil {
		return nil, err
	}
	return collect[RoleAssignment](ctx, c.rest, func(cursor string) atlassian.Call {
		return byQuery(atlassian.Get("/admin/v2/orgs/{}/directories/{}/users/{}/role-assignments", c.org, AnyDirectory, accountID), cursor, directoryPage)
	})
}

// GrantsOf lists what a group gives its members.
func (c *Client) GrantsOf(ctx context.Context, directoryID, groupID string) ([]Grant, error) {
	if err := atlassian.CheckID("group id", groupID); err != nil {
		return nil, err
	}
	return collect[Grant](ctx, c.rest, func(cursor string) atlassian.Call {
		return byQuery(atlassian.Get("/admin/v2/orgs/{}/directories/{}/groups/{}/role-assignments", c.org, directoryID, groupID), cursor, directoryPage)
	})
}

// RemoveFromDirectory takes a person out of a directory. Atlassian queues it.
func (c *Client) RemoveFromDirectory(ctx context.Context, directoryID, accountID string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Delete("/admin/v2/orgs/{}/directories/{}/users/{}", c.org, directoryID, accountID),
		"directory id", directoryID, "account id", accountID)
}

// Invite lets people in. The answer has to be read entry by entry: the status alone does not tell that all worked. An
// answer that cannot be read is EffectUnknown.
func (c *Client) Invite(ctx context.Context, inv Invitation) ([]Invited, domain.Receipt, error) {
	answer, receipt, err := c.rest.WriteAnswer(ctx, atlassian.Post(inv, "/admin/v2/orgs/{}/users/invite", c.org))
	if err != nil {
		return nil, receipt, err
	}
	var body struct {
		Data []Invited `json:"data"`
	}
	if json.Unmarshal(answer.Body, &body) != nil || len(body.Data) == 0 {
		return nil, receipt, unclear("who was invited is not told", receipt)
	}
	return body.Data, receipt, nil
}

// unclear is the error of a change that was accepted with an answer that cannot be understood.
func unclear(what string, receipt domain.Receipt) error {
	e := *domain.AsError(atlassian.Contract(what))
	e.Effect, e.Receipt = domain.EffectUnknown, &receipt
	return &e
}
