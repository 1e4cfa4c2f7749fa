package jira

import (
	"context"
	"net/http"
	"strings"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

// SetActive lets a user sign in or not. Groups stay as they are.
func (c *DataCenter) SetActive(ctx context.Context, key string, active bool) (domain.Receipt, error) {
	call := atlassian.Call{Method: http.MethodPut, Template: dcAPI + "/user", Body: map[string]bool{"active": active}}
	return c.change(ctx, call.With("key", key))
}

// AddMember puts a user into a group. For somebody who is a member already Jira answers 400.
func (c *DataCenter) AddMember(ctx context.Context, group, userName string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Post(map[string]string{"name": userName}, dcAPI+"/group/user").With("groupname", group))
}

// RemoveMember takes a user out of a group. For somebody who is no member Jira answers 400.
func (c *DataCenter) RemoveMember(ctx context.Context, group, userName string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Delete(dcAPI+"/group/user").With("groupname", group, "username", userName))
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
