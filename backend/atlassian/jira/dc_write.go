package jira

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

// SetActive lets a user sign in or not. Groups stay as they are.
func (c *DataCenter) SetActive(ctx context.Context, key string, active bool) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Put(map[string]bool{"active": active}, dcAPI+"/user").With("key", key))
}

// AddMember puts a user into a group. For somebody who is a member already Jira answers 400.
func (c *DataCenter) AddMember(ctx context.Context, group, userName string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Post(map[string]string{"name": userName}, dcAPI+"/group/user").With("groupname", group))
}

// RemoveMember takes a user out of a group. For somebody who is no member Jira answers 400.
func (c *DataCenter) RemoveMember(ctx context.Context, group, userName string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Delete(dcAPI+"/group/user").With("groupname", group, "username", userName))
}

// NewDCUser is a user to be made. Without a password Jira makes one up; the user sets one through Jira's e-mail or signs in by SSO.
type NewDCUser struct {
	Name            string   `json:"name"`
	EmailAddress    string   `json:"emailAddress"`
	DisplayName     string   `json:"displayName"`
	ApplicationKeys []string `json:"applicationKeys"` // empty for none; without the list Jira gives the default ones
	Notification    string   `json:"notification"`    // "true" for an e-mail of Jira's
}

// CreateUser makes a user and returns it.
func (c *DataCenter) CreateUser(ctx context.Context, u NewDCUser) (DCUser, domain.Receipt, error) {
	if u.ApplicationKeys == nil {
		u.ApplicationKeys = []string{}
	}
	answer, receipt, err := c.rest.WriteAnswer(ctx, atlassian.Post(u, dcAPI+"/user"))
	if err != nil {
		return DCUser{}, receipt, readOnly(domain.AsError(err))
	}
	var made DCUser
	if json.Unmarshal(answer.Body, &made) != nil || made.Key == "" {
		return DCUser{}, receipt, unclear("the new user has no key", receipt)
	}
	return made, receipt, nil
}

// EditUser changes fields of a user: "displayName", "emailAddress".
func (c *DataCenter) EditUser(ctx context.Context, key string, fields map[string]string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Put(fields, dcAPI+"/user").With("key", key))
}

// DeleteUser deletes a user for good. Jira refuses with 400 when the user has left anything behind: issues, comments, filters.
func (c *DataCenter) DeleteUser(ctx context.Context, key string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Delete(dcAPI+"/user").With("key", key))
}

// Grant lets a user into an application: Jira puts the user into the application's default groups.
func (c *DataCenter) Grant(ctx context.Context, userName, application string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Post(nil, dcAPI+"/user/application").With("username", userName, "applicationKey", application))
}

// Revoke takes a user out of every group that opens the application.
func (c *DataCenter) Revoke(ctx context.Context, userName, application string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Delete(dcAPI+"/user/application").With("username", userName, "applicationKey", application))
}

// CreateGroup creates a group.
func (c *DataCenter) CreateGroup(ctx context.Context, name string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Post(map[string]string{"name": name}, dcAPI+"/group"))
}

// DeleteGroup deletes a group; who was in it is lost.
func (c *DataCenter) DeleteGroup(ctx context.Context, name string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Delete(dcAPI+"/group").With("groupname", name))
}

func (c *DataCenter) change(ctx context.Context, call atlassian.Call) (domain.Receipt, error) {
	receipt, err := c.rest.Write(ctx, call)
	if err == nil {
		return receipt, nil
	}
	return receipt, readOnly(domain.AsError(err))
}

// readOnly gives the refusal of a read-only directory (LDAP, Active Directory) the reason that synced accounts have everywhere.
func readOnly(e *domain.Error) error {
	if e.Effect != domain.NotApplied || e.Receipt == nil || e.Receipt.Status != http.StatusBadRequest && e.Receipt.Status != http.StatusForbidden {
		return e
	}
	said := strings.ToLower(strings.ReplaceAll(e.Receipt.Answer, "-", " "))
	if !strings.Contains(said, "read only") {
		return e
	}
	out := *e
	out.Code, out.Reason = domain.Forbidden, "synced"
	out.Message = "It comes from a directory that Jira cannot change (LDAP, Active Directory or Crowd)."
	out.Hint = "Make the change in that directory."
	return &out
}
