package admin

import (
	"context"
	"encoding/json"
	"net/http"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

// The user management API stands outside /admin and works on accounts of verified domains only, with a key without
// scopes.

// Deactivate ends a managed account everywhere at Atlassian. message goes to the person, "" for none.
func (c *Client) Deactivate(ctx context.Context, accountID, message string) (domain.Receipt, error) {
	body := map[string]string{}
	if message != "" {
		body["message"] = message
	}
	return c.manage(ctx, atlassian.Post(body, "/users/{}/manage/lifecycle/disable", accountID), accountID)
}

// Reactivate revives a deactivated account.
func (c *Client) Reactivate(ctx context.Context, accountID string) (domain.Receipt, error) {
	return c.manage(ctx, atlassian.Post(nil, "/users/{}/manage/lifecycle/enable", accountID), accountID)
}

// DeleteAccount asks for the deletion of a managed account, which happens after 14 days.
func (c *Client) DeleteAccount(ctx context.Context, accountID string) (domain.Receipt, error) {
	return c.manage(ctx, atlassian.Post(nil, "/users/{}/manage/lifecycle/delete", accountID), accountID)
}

// CancelDeletion takes the deletion back within the 14 days.
func (c *Client) CancelDeletion(ctx context.Context, accountID string) (domain.Receipt, error) {
	return c.manage(ctx, atlassian.Post(nil, "/users/{}/manage/lifecycle/cancel-delete", accountID), accountID)
}

// EditProfile changes the given fields of a managed account's profile, by their wire names; a nested one has a dot:
// extended_profile.job_title. "" empties a field.
func (c *Client) EditProfile(ctx context.Context, accountID string, fields map[string]string) (domain.Receipt, error) {
	body, extended := map[string]any{}, map[string]any{}
	for name, v := range fields {
		if rest, nested := cutExtended(name); nested {
			extended[rest] = v
		} else {
			body[name] = v
		}
	}
	if len(extended) > 0 {
		body["extended_profile"] = extended
	}
	return c.manage(ctx, atlassian.Patch(body, "/users/{}/manage/profile", accountID), accountID)
}

func cutExtended(name string) (rest string, nested bool) {
	const prefix = "extended_profile."
	if len(name) > len(prefix) && name[:len(prefix)] == prefix {
		return name[len(prefix):], true
	}
	return name, false
}

// SetEmail gives a managed account another address of a verified domain; all sessions of the person end.
func (c *Client) SetEmail(ctx context.Context, accountID, email string) (domain.Receipt, error) {
	return c.manage(ctx, atlassian.Put(map[string]string{"email": email}, "/users/{}/manage/email", accountID), accountID)
}

// RevokeToken ends one API token of a managed account.
func (c *Client) RevokeToken(ctx context.Context, accountID, tokenID string) (domain.Receipt, error) {
	return c.change(ctx, atlassian.Delete("/users/{}/manage/api-tokens/{}", accountID, tokenID), "account id", accountID, "token id", tokenID)
}

func (c *Client) manage(ctx context.Context, call atlassian.Call, accountID string) (domain.Receipt, error) {
	return c.change(ctx, call, "account id", accountID)
}

// Tokens lists the API tokens of a managed account.
func (c *Client) Tokens(ctx context.Context, accountID string) ([]Token, error) {
	if err := atlassian.CheckID("account id", accountID); err != nil {
		return nil, err
	}
	answer, err := c.rest.Read(ctx, atlassian.Get("/users/{}/manage/api-tokens", accountID))
	if err != nil {
		return nil, err
	}
	return atlassian.Rows[Token](answer.Body) // a bare list
}

// Profile reads the profile of a managed account.
func (c *Client) Profile(ctx context.Context, accountID string) (Profile, error) {
	var body struct {
		Account *Profile `json:"account"`
	}
	if err := atlassian.CheckID("account id", accountID); err != nil {
		return Profile{}, err
	}
	if err := c.one(ctx, atlassian.Get("/users/{}/manage/profile", accountID), &body); err != nil {
		return Profile{}, err
	}
	if body.Account == nil || body.Account.AccountID != accountID {
		return Profile{}, atlassian.Contract("the profile is of another account than the one asked for")
	}
	return *body.Account, nil
}

// Manageability tells what may be done with a managed account: by privilege ("email.set", "profile.write.name"), the
// reason why not, "" where it may be done.
func (c *Client) Manageability(ctx context.Context, accountID string) (map[string]string, error) {
	var body map[string]json.RawMessage
	if err := atlassian.CheckID("account id", accountID); err != nil {
		return nil, err
	}
	if err := c.one(ctx, atlassian.Get("/users/{}/manage", accountID), &body); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for name, raw := range body {
		privilege(name, raw, out)
	}
	return out, nil
}

// privilege reads a rule, or an object of rules by field.
func privilege(name string, raw json.RawMessage, into map[string]string) {
	var rule struct {
		Allowed *bool `json:"allowed"`
		Reason  struct {
			Key string `json:"key"`
		} `json:"reason"`
	}
	var fields map[string]json.RawMessage
	switch {
	case json.Unmarshal(raw, &rule) == nil && rule.Allowed != nil:
		reason := rule.Reason.Key
		if !*rule.Allowed && reason == "" {
			reason = "administrative"
		}
		if *rule.Allowed {
			reason = ""
		}
		into[name] = reason
	case json.Unmarshal(raw, &fields) == nil:
		for field, r := range fields {
			privilege(name+"."+field, r, into)
		}
	}
}

// Scoped tells whether the key has scopes: the user management API refuses such keys by name, whatever account is asked
// about.
func (c *Client) Scoped(ctx context.Context, accountID string) (bool, error) {
	_, err := c.Profile(ctx, accountID)
	e := domain.AsError(err)
	switch {
	case err == nil:
		return false, nil
	case e.Reason == "scope":
		return true, nil
	case e.Code == domain.Forbidden && e.Reason != "ip_allowlist", e.Code == domain.NotFound:
		return false, nil // refused because of the account, so the key itself was good enough
	}
	return false, err
}

// LastActive reads one person's last activity by app, and when the person was added.
func (c *Client) LastActive(ctx context.Context, accountID string) (LastActive, error) {
	if err := atlassian.CheckID("account id", accountID); err != nil {
		return LastActive{}, err
	}
	var all LastActive
	var guard atlassian.CursorGuard
	for cursor := ""; ; {
		if err := guard.Page(cursor); err != nil {
			return LastActive{}, err
		}
		var body struct {
			Data  *LastActive `json:"data"`
			Links struct {
				Next *string `json:"next"`
			} `json:"links"`
		}
		call := byQuery(atlassian.Get("/admin/v1/orgs/{}/directory/users/{}/last-active-dates", c.org, accountID), cursor, 0)
		if err := c.one(ctx, call, &body); err != nil {
			return LastActive{}, err
		}
		if body.Data == nil {
			return LastActive{}, atlassian.Contract("the activity is missing")
		}
		all.ProductAccess = append(all.ProductAccess, body.Data.ProductAccess...)
		all.AddedToOrg = body.Data.AddedToOrg
		next, err := atlassian.NextCursor(body.Links.Next)
		if err != nil {
			return LastActive{}, err
		}
		if next == "" {
			return all, nil
		}
		cursor = next
	}
}

// Managed lists the accounts of verified domains, the only place that tells who is billed for Guard.
func (c *Client) Managed(ctx context.Context, visit func([]ManagedAccount) error) error {
	return c.rest.Walk(ctx, func(cursor string) atlassian.Call {
		return byQuery(atlassian.Call{Method: http.MethodGet, Template: "/admin/v1/orgs/{}/users", Args: []string{c.org}}, cursor, 0)
	}, func(raw json.RawMessage) error {
		rows, err := atlassian.Rows[ManagedAccount](raw)
		if err != nil {
			return err
		}
		return visit(rows)
	})
}
