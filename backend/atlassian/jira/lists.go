package jira

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

const (
	userPage  = 1000 // the documented maximum of users/search
	listPage  = PageSize
	leastPage = 10 // below it a slow server gets no more help
	maxPages  = 100_000
	idlePages = 3 // pages in a row without anybody new: the places after them are asked for; so many more, and the server goes round in circles
	// emptyPages is after how many empty pages in a row the list of people is over: up to some thousand hidden accounts
	// may stand in between.
	emptyPages = 8
)

// PageSize is the documented maximum of group/member and the default of group/bulk.
const PageSize = 50

// WalkUsers reads all accounts of the site page by page; visit gets each page with its people and tells how many were
// not there before.
//
// A page may be shorter than asked for, and it is not documented whether startAt counts the rows that are shown or the
// places of all accounts, hidden ones too. So the next page is asked for by the rows received, and where that brings
// nobody new, by whole pages: only several empty ones in a row end the list, because the site has no count to compare
// with.
func (c *Client) WalkUsers(ctx context.Context, visit func(page json.RawMessage, users []User) (fresh int)) error {
	size, start, idle, empty := userPage, 0, 0, 0
	for range maxPages {
		answer, err := c.read(ctx, atlassian.Get("/rest/api/3/users/search").
			With("startAt", strconv.Itoa(start), "maxResults", strconv.Itoa(size)))
		if err != nil {
			if e := domain.AsError(err); e.Code == domain.Conflict && size > leastPage { // "took more than 10 s"
				size = max(leastPage, size/2)
				continue
			}
			return err
		}
		rows, places, err := atlassian.Listed[User](ctx, answer.Body)
		if err != nil {
			return err
		}
		if places == 0 {
			if empty++; empty > emptyPages {
				return nil
			}
			if empty > 1 { // the first one is asked for again: it may have been a mistake
				start += size
			}
			continue
		}
		empty = 0
		if idle++; visit(answer.Body, rows) > 0 {
			idle = 0
		}
		switch {
		case idle >= 2*idlePages:
			return atlassian.Contract("a page of the list came twice")
		case idle >= idlePages:
			start += size
		default:
			start += places
		}
	}
	return atlassian.Contract("the list does not end")
}

// Groups lists all groups; total is the site's own count, -1 when it tells none.
func (c *Client) Groups(ctx context.Context) (groups []GroupRef, total int, err error) {
	return c.groups(ctx, atlassian.Get("/rest/api/3/group/bulk"))
}

func (c *Client) groups(ctx context.Context, call atlassian.Call) (groups []GroupRef, total int, err error) {
	at := map[string]bool{}
	total = -1
	err = c.walkPages(ctx, call, 0, -1, func(p page) (int, error) {
		rows, places, err := atlassian.Listed[GroupRef](ctx, p.Values)
		if err != nil {
			return 0, err
		}
		if p.Total != nil {
			total = *p.Total
		}
		for _, g := range rows {
			if !at[g.GroupID] {
				at[g.GroupID] = true
				groups = append(groups, g)
			}
		}
		return places, nil
	})
	return groups, total, err
}

// FindGroup finds a group by its id or, where that is "", by its exact name; found is false when there is none.
func (c *Client) FindGroup(ctx context.Context, groupID, name string) (group GroupRef, found bool, err error) {
	key, value := "groupId", groupID
	if groupID == "" {
		key, value = "groupName", name
	}
	err = c.walkPages(ctx, atlassian.Get("/rest/api/3/group/bulk").With(key, value), 0, -1, func(p page) (int, error) {
		rows, others, err := atlassian.Chosen(ctx, p.Values, func(g GroupRef) bool {
			return g.GroupID != groupID && (groupID != "" || !strings.EqualFold(g.Name, name))
		})
		if len(rows) > 0 {
			group, found = rows[len(rows)-1], true
		}
		return len(rows) + others, err
	})
	return group, found, err
}

// ReadMembers reads the members of a group, inactive ones included, whose places in the list are from <= place < to; to
// < 0 is all the rest. visit gets each page with its people and may get a person twice. total is the group's size as of
// the last page, -1 when it is not told.
func (c *Client) ReadMembers(
	ctx context.Context, groupID string, from, to int, visit func(page json.RawMessage, users []User),
) (total int, err error) {
	total = -1
	call := atlassian.Get("/rest/api/3/group/member").With("groupId", groupID, "includeInactiveUsers", "true")
	err = c.walkPages(ctx, call, from, to, func(p page) (int, error) {
		rows, places, err := atlassian.Listed[User](ctx, p.Values)
		if err != nil {
			return 0, err
		}
		if p.Total != nil {
			total = *p.Total
		}
		visit(p.Values, rows)
		return places, nil
	})
	return total, err
}

// page is one page of the lists that tell their position.
type page struct {
	StartAt *int            `json:"startAt"`
	Total   *int            `json:"total"`
	IsLast  *bool           `json:"isLast"`
	Values  json.RawMessage `json:"values"`
}

// walkPages reads from a place on, to the place to or, when that is negative, to the end. It goes on by what was
// received, because a server may give fewer rows than asked for: visit tells how many.
func (c *Client) walkPages(ctx context.Context, call atlassian.Call, from, to int, visit func(page) (int, error)) error {
	start := from
	for range maxPages {
		size := listPage
		if to >= 0 {
			size = min(size, to-start)
		}
		answer, err := c.read(ctx, call.With("startAt", strconv.Itoa(start), "maxResults", strconv.Itoa(size)))
		if err != nil {
			return err
		}
		var p page
		if err := answer.DecodeAround("values", &p.Values, &p); err != nil {
			return err
		}
		if p.StartAt != nil && *p.StartAt != start {
			return atlassian.Contract("it is another page than the one asked for")
		}
		rows, err := visit(p)
		if err != nil {
			return err
		}
		start += rows
		if p.over(start, rows) || (to >= 0 && start >= to) {
			return nil
		}
		if rows == 0 {
			return atlassian.Contract("a page in the middle of the list is empty")
		}
	}
	return atlassian.Contract("the list does not end")
}

// over tells whether the list has ended at place start after a page of that many rows.
func (p page) over(start, rows int) bool {
	switch {
	case p.IsLast != nil:
		return *p.IsLast
	case p.Total != nil:
		return start >= *p.Total
	}
	return rows == 0
}
