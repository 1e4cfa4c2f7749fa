package admin

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"seatkeeper/backend/atlassian"
)

const (
	eventPage = 500
	tokenPage = 100
)

// WalkEvents reads the audit log, oldest first, from a kept place on; without one, from a time on (zero for the
// beginning). The place that it returns stands behind the last events that visit took, also when an error ends the
// read; after an empty page it is the one that was asked with.
func (c *Client) WalkEvents(ctx context.Context, after string, since time.Time, visit func([]Event) error) (place string, err error) {
	var guard atlassian.CursorGuard
	place = after
	for {
		if err := guard.Page(place); err != nil {
			return place, err
		}
		var page struct {
			Data  json.RawMessage `json:"data"`
			Links struct {
				Next *string `json:"next"`
			} `json:"links"`
			Meta struct {
				Next *string `json:"next"`
			} `json:"meta"`
		}
		call := atlassian.Get("/admin/v1/orgs/{}/events-stream", c.org).With("sortOrder", "asc", "limit", strconv.Itoa(eventPage))
		switch {
		case place != "":
			call = call.With("cursor", place)
		case !since.IsZero():
			call = call.With("from", strconv.FormatInt(since.UnixMilli(), 10))
		}
		if err := c.one(ctx, call, &page); err != nil {
			return place, err
		}
		rows, others, err := atlassian.Chosen(ctx, page.Data, earlierThan(since))
		if err != nil {
			return place, err
		}
		if len(rows)+others == 0 {
			return place, nil
		}
		link := page.Meta.Next
		if link == nil || *link == "" {
			link = page.Links.Next
		}
		next, err := atlassian.NextCursor(link)
		if err != nil {
			return place, err
		}
		if others > 0 && len(rows) == 0 && next != "" {
			return place, atlassian.Misfit("events from before the time asked for")
		}
		if err := visit(rows); err != nil {
			return place, err
		}
		if next == "" { // nothing to go on from: the same page will be asked again later
			return place, nil
		}
		place = next
	}
}

// earlierThan finds events that tell a time before since, which is asked for in milliseconds.
func earlierThan(since time.Time) func(Event) bool {
	return func(e Event) bool {
		at, told := atlassian.ParseTime(e.Attributes.Time)
		return told && !since.IsZero() && at.Before(since.Truncate(time.Millisecond))
	}
}

// EventActions lists the actions that the audit log may hold, with their names.
func (c *Client) EventActions(ctx context.Context) (map[string]string, error) {
	var body struct {
		Data []struct {
			ID         string `json:"id"`
			Attributes struct {
				DisplayName string `json:"displayName"`
			} `json:"attributes"`
		} `json:"data"`
	}
	if err := c.one(ctx, atlassian.Get("/admin/v1/orgs/{}/event-actions", c.org), &body); err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, a := range body.Data {
		names[a.ID] = a.Attributes.DisplayName
	}
	return names, nil
}

// Policies lists policies of one type ("ip-allowlist", "data-residency", ...), "" for all.
func (c *Client) Policies(ctx context.Context, policyType string) ([]Policy, error) {
	all, err := collect[Policy](ctx, c.rest, func(cursor string) atlassian.Call {
		call := atlassian.Get("/admin/v1/orgs/{}/policies", c.org)
		if policyType != "" {
			call = call.With("type", policyType)
		}
		return byQuery(call, cursor, 0)
	})
	return slices.DeleteFunc(all, func(p Policy) bool { // a filter that the server ignores must not bring in others
		return policyType != "" && p.Attributes.Type != "" && p.Attributes.Type != policyType
	}), err
}

// AllTokens lists the API tokens of all managed accounts. The call is optional at Atlassian: expect 401, 403 and 404.
func (c *Client) AllTokens(ctx context.Context) ([]AccessToken, error) {
	return collect[AccessToken](ctx, c.rest, func(cursor string) atlassian.Call {
		call := atlassian.Get("/admin/api-access/v1/orgs/{}/api-tokens", c.org)
		if cursor == "" {
			return call.With("pageSize", strconv.Itoa(tokenPage))
		}
		return call.With("cursor", cursor, "pageSize", strconv.Itoa(tokenPage))
	})
}
