package jira

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

// CreateUser lets a person into apps of the site, by the apps' keys, and returns the account id.
func (c *Client) CreateUser(ctx context.Context, email string, apps []string) (string, domain.Receipt, error) {
	if apps == nil {
		apps = []string{}
	}
	var made struct {
		AccountID string `json:"accountId"`
	}
	receipt, err := c.create(ctx, atlassian.Post(map[string]any{"emailAddress": email, "products": apps}, "/rest/api/3/user"), &made)
	if err == nil && made.AccountID == "" {
		err = unclear("the new account has no id", receipt)
	}
	return made.AccountID, receipt, err
}

// DeleteUser takes a person out of the site's people; the Atlassian account stays.
func (c *Client) DeleteUser(ctx context.Context, accountID string) (domain.Receipt, error) {
	if err := atlassian.CheckID("account id", accountID); err != nil {
		return domain.Receipt{}, err
	}
	return c.changed(ctx, atlassian.Delete("/rest/api/3/user").With("accountId", accountID))
}

// CreateGroup creates a group and returns its id.
func (c *Client) CreateGroup(ctx context.Context, name string) (string, domain.Receipt, error) {
	var made GroupRef
	receipt, err := c.create(ctx, atlassian.Post(map[string]string{"name": name}, "/rest/api/3/group"), &made)
	if err == nil && made.GroupID == "" {
		err = unclear("the new group has no id", receipt)
	}
	return made.GroupID, receipt, err
}

// DeleteGroup deletes a group; who was in it is lost.
func (c *Client) DeleteGroup(ctx context.Context, groupID string) (domain.Receipt, error) {
	if err := atlassian.CheckID("group id", groupID); err != nil {
		return domain.Receipt{}, err
	}
	return c.changed(ctx, atlassian.Delete("/rest/api/3/group").With("groupId", groupID))
}

// create makes a call whose answer holds what was made. An answer that cannot be read is EffectUnknown.
func (c *Client) create(ctx context.Context, call atlassian.Call, out any) (domain.Receipt, error) {
	answer, receipt, err := c.write(ctx, call)
	if err != nil {
		return receipt, err
	}
	if json.Unmarshal(answer.Body, out) != nil {
		return receipt, unclear("what was made is not told", receipt)
	}
	return receipt, nil
}

// unclear is the error of a change that was accepted with an answer that cannot be understood.
func unclear(what string, receipt domain.Receipt) error {
	e := *domain.AsError(atlassian.Contract(what))
	e.Effect, e.Receipt = domain.EffectUnknown, &receipt
	return &e
}

// LicenseCount is how many people have a seat of an app, by its key, or of any app where key is "". Up to 7 days old.
func (c *Client) LicenseCount(ctx context.Context, key string) (int, error) {
	var body struct {
		Key   string `json:"key"`
		Value string `json:"value"`
	}
	call := atlassian.Get("/rest/api/3/license/approximateLicenseCount")
	if key != "" {
		call = atlassian.Get("/rest/api/3/license/approximateLicenseCount/product/{}", key)
	}
	if err := c.get(ctx, call, &body); err != nil {
		return 0, err
	}
	if key != "" && body.Key != "" && !strings.Contains(body.Key, "."+key+".") { // license.jira-software.approximateUserCount
		return 0, atlassian.Misfit("another app than the one asked for")
	}
	n, err := strconv.Atoi(body.Value)
	if err != nil || n < 0 {
		return 0, atlassian.Contract("the count is no number")
	}
	return n, nil
}

// auditPage is the documented maximum.
const auditPage = 1000

// WalkAudit reads the site's audit log, newest first, from a time on (RFC 3339, "" for all). Only an empty page ends
// it: the total is that of the whole log, whatever was asked for.
func (c *Client) WalkAudit(ctx context.Context, from string, visit func([]AuditRecord) error) error {
	seen := map[int64]bool{}
	for offset := 0; ; {
		var page struct {
			Records *[]AuditRecord `json:"records"`
		}
		call := atlassian.Get("/rest/api/3/auditing/record").With("offset", strconv.Itoa(offset), "limit", strconv.Itoa(auditPage))
		if from != "" {
			call = call.With("from", from)
		}
		if err := c.get(ctx, call, &page); err != nil {
			return err
		}
		if page.Records == nil {
			return atlassian.Contract("the records are missing")
		}
		if len(*page.Records) == 0 {
			return nil
		}
		fresh, before := make([]AuditRecord, 0, len(*page.Records)), 0
		for _, r := range *page.Records { // a new line moves all others down, so some come twice
			switch {
			case seen[r.ID]:
			case earlier(r.Created, from): // a server that ignores the time
				before++
			default:
				fresh = append(fresh, r)
			}
			seen[r.ID] = true
		}
		if len(fresh)+before == 0 {
			return atlassian.Contract("a page of the list came twice")
		}
		if err := visit(fresh); err != nil || before > 0 { // the newest come first, so that only older ones follow
			return err
		}
		offset += len(*page.Records)
	}
}

// earlier tells whether a time is told and before another one.
func earlier(created, from string) bool {
	at, told := atlassian.ParseTime(created)
	since, asked := atlassian.ParseTime(from)
	return told && asked && at.Before(since.Truncate(time.Millisecond))
}
