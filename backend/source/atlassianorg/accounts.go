package atlassianorg

import (
	"context"
	"strings"

	"seatkeeper/backend/atlassian/admin"
	"seatkeeper/backend/domain"
)

// Deactivate ends a managed account everywhere at Atlassian.
func (o *org) Deactivate(ctx context.Context, accountID, message string) (domain.Receipt, error) {
	return o.api.Deactivate(ctx, accountID, message)
}

// Reactivate revives it.
func (o *org) Reactivate(ctx context.Context, accountID string) (domain.Receipt, error) {
	return o.api.Reactivate(ctx, accountID)
}

// DeleteAccount asks for the deletion of a managed account.
func (o *org) DeleteAccount(ctx context.Context, accountID string) (domain.Receipt, error) {
	return o.api.DeleteAccount(ctx, accountID)
}

// CancelDeletion takes that back within 14 days.
func (o *org) CancelDeletion(ctx context.Context, accountID string) (domain.Receipt, error) {
	return o.api.CancelDeletion(ctx, accountID)
}

// ReadManageability tells what may be done with a managed account.
func (o *org) ReadManageability(ctx context.Context, accountID string) (domain.Manageability, error) {
	return o.api.Manageability(ctx, accountID)
}

// EditProfile changes the given fields. A change without any field is Invalid.
func (o *org) EditProfile(ctx context.Context, accountID string, change domain.ProfileChange) (domain.Receipt, error) {
	fields := map[string]string{}
	for name, v := range map[string]*string{
		"name": change.Name, "nickname": change.Nickname, "zoneinfo": change.TimeZone, "locale": change.Locale,
		"extended_profile.job_title": change.JobTitle, "extended_profile.department": change.Department,
		"extended_profile.organization": change.Organization, "extended_profile.location": change.Location,
	} {
		if v != nil {
			fields[name] = *v
		}
	}
	if len(fields) == 0 {
		return domain.Receipt{}, &domain.Error{
			Code: domain.Invalid, Reason: "nothing", Effect: domain.NotApplied, Message: "Nothing is to be changed.", Hint: "Fill in a field.",
		}
	}
	return o.api.EditProfile(ctx, accountID, fields)
}

// SetEmail gives a managed account another address of a verified domain.
func (o *org) SetEmail(ctx context.Context, accountID, email string) (domain.Receipt, error) {
	if !mailPattern.MatchString(strings.TrimSpace(email)) {
		return domain.Receipt{}, notAnAddress(email)
	}
	return o.api.SetEmail(ctx, accountID, strings.TrimSpace(email))
}

func notAnAddress(email string) error {
	return &domain.Error{
		Code: domain.Invalid, Field: "email", Effect: domain.NotApplied,
		Message: "This is not an e-mail address: " + domain.Visible(email), Hint: "It looks like you@example.com.",
	}
}

// ReadTokens lists the API tokens of a managed account.
func (o *org) ReadTokens(ctx context.Context, accountID string) ([]domain.Token, error) {
	list, err := o.api.Tokens(ctx, accountID)
	if err != nil {
		return nil, err
	}
	out := make([]domain.Token, 0, len(list))
	for _, t := range list {
		out = append(out, domain.Token{
			ID: t.ID, Label: t.Label, AccountID: accountID, CreatedAt: when(t.CreatedAt), LastUsedAt: when(t.LastAccess), ExpiresAt: when(t.Expiry),
		})
	}
	return out, nil
}

// RevokeToken ends one of them.
func (o *org) RevokeToken(ctx context.Context, accountID, tokenID string) (domain.Receipt, error) {
	return o.api.RevokeToken(ctx, accountID, tokenID)
}

// absent tells whether an optional call is one that this organization or key does not have.
func absent(err error) bool {
	code := domain.CodeOf(err)
	return code == domain.AuthFailed || code == domain.Forbidden || code == domain.NotFound
}

// ReadKeys lists the organization's API keys; known is false where Atlassian does not show them.
func (o *org) ReadKeys(ctx context.Context) (keys []domain.Key, known bool, err error) {
	list, err := o.api.Keys(ctx)
	if err != nil {
		if absent(err) {
			err = nil
		}
		return nil, false, err
	}
	for _, k := range list {
		keys = append(keys, domain.Key{
			ID: k.ID, Label: k.Label, OwnerID: k.CreatedBy.ID, OwnerName: k.CreatedBy.Name, ExpiresAt: when(k.ExpiresAt), Scoped: len(k.Scopes) > 0,
		})
	}
	return keys, true, nil
}

// ReadAllTokens lists the API tokens of all managed accounts; known is false where Atlassian does not show them.
func (o *org) ReadAllTokens(ctx context.Context) (tokens []domain.Token, known bool, err error) {
	list, err := o.api.AllTokens(ctx)
	if err != nil {
		if absent(err) {
			err = nil
		}
		return nil, false, err
	}
	for _, t := range list {
		tokens = append(tokens, domain.Token{
			ID: t.ID, Label: t.Label, AccountID: t.User.ID, CreatedAt: when(t.CreatedAt), LastUsedAt: when(t.LastActiveAt), ExpiresAt: when(t.ExpiresAt),
		})
	}
	return tokens, true, nil
}

// ReadActivity reads one person's last activity by app.
func (o *org) ReadActivity(ctx context.Context, accountID string) ([]domain.AppAccess, error) {
	seen, err := o.api.LastActive(ctx, accountID)
	if err != nil {
		return nil, err
	}
	var out []domain.AppAccess
	for _, a := range seen.ProductAccess {
		at := when(a.LastActiveTimestamp)
		if at.IsZero() {
			at = when(a.LastActive)
		}
		out = append(out, domain.AppAccess{AppID: a.ID, AppKey: a.Key, LastActive: at, Known: true})
	}
	return out, nil
}

// Invite lets one person in. Atlassian answers for each app and group apart.
func (o *org) Invite(ctx context.Context, inv domain.Invitation) (domain.Invited, domain.Receipt, error) {
	if !mailPattern.MatchString(strings.TrimSpace(inv.Email)) {
		return domain.Invited{}, domain.Receipt{}, notAnAddress(inv.Email)
	}
	role := inv.Role
	if role == "" {
		role = "atlassian/user"
	}
	body := admin.Invitation{
		Emails: []string{strings.TrimSpace(inv.Email)}, AdditionalGroups: inv.GroupIDs, SendNotification: inv.Notify, NotificationText: inv.Text,
	}
	for _, id := range inv.AppIDs {
		body.PermissionRules = append(body.PermissionRules, admin.PermissionRule{Resource: id, Role: role})
	}
	list, receipt, err := o.api.Invite(ctx, body)
	if err != nil {
		return domain.Invited{}, receipt, err
	}
	out := invitedOf(list[0])
	return out, receipt, verdict(out, receipt)
}

func invitedOf(answer admin.Invited) domain.Invited {
	out := domain.Invited{AccountID: answer.ID}
	part := func(target string, x admin.InviteOutcome) {
		out.Parts = append(out.Parts, domain.InvitedPart{
			Target: target, OK: !bad(x), Status: domain.Visible(x.Status), Reason: domain.Visible(x.StatusReason),
		})
	}
	for _, r := range answer.Results {
		for _, x := range r.Roles {
			part(x.Resource, x)
		}
		for _, x := range r.Groups {
			part(x.Group, x)
		}
	}
	return out
}

// bad tells whether Atlassian's word means that a part of an invitation failed. The words are not documented: INVITED
// and ERROR were seen. A reason is given for failures only.
func bad(x admin.InviteOutcome) bool {
	word := strings.ToUpper(x.Status)
	for _, sign := range []string{"ERROR", "FAIL", "REJECT", "DENIED", "INVALID"} {
		if strings.Contains(word, sign) {
			return true
		}
	}
	return word == "" || x.StatusReason != "" && !strings.Contains(word, "INVITED")
}

// verdict is the error of an invitation of which not all was carried out.
func verdict(out domain.Invited, receipt domain.Receipt) error {
	failed, reason := 0, ""
	for _, p := range out.Parts {
		if !p.OK {
			failed++
			if reason == "" {
				reason = p.Reason
			}
		}
	}
	if failed == 0 {
		return nil
	}
	e := &domain.Error{
		Code: domain.Conflict, Reason: "refused", Effect: domain.NotApplied, Receipt: &receipt,
		Message: "Atlassian refused the invitation: " + reason, Hint: "See the reason, then invite again.",
	}
	if strings.Contains(strings.ToLower(reason), "licen") {
		e.Reason, e.Hint = "license", "Free a seat or buy more, then try again."
	}
	if failed < len(out.Parts) {
		e.Reason, e.Effect = "partly", domain.EffectUnknown
		e.Message = "Only a part of the invitation was carried out: " + reason
		e.Hint = "The person was invited; give the missing access by itself."
	}
	return e
}
