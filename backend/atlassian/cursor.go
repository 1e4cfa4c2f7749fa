package atlassian

import (
	"bytes"
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"seatkeeper/backend/domain"
)

// maxPages bounds one listing: half a million people in pages of ten.
const maxPages = 50_000

// NextCursor takes the cursor out of what a listing calls "next": a bare cursor, or a URL that holds one. The URL itself is never
// followed, so that the credential stays with the configured host. "" means the end; a URL without a cursor is an error, because
// taking it for the end would cut the listing short.
func NextCursor(next *string) (string, error) {
	if next == nil || *next == "" {
		return "", nil
	}
	// A bare cursor may begin with "/" (base64), so that alone is no sign of a URL.
	if !strings.HasPrefix(*next, "http://") && !strings.HasPrefix(*next, "https://") &&
		!strings.Contains(*next, "?cursor=") && !strings.Contains(*next, "&cursor=") {
		return *next, nil
	}
	u, err := url.Parse(*next)
	if err != nil {
		return "", contract("the link to the next page cannot be read")
	}
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil || q.Get("cursor") == "" {
		return "", contract("the link to the next page holds no cursor")
	}
	return q.Get("cursor"), nil
}

// Turns guards one listing against going round in circles.
type Turns struct {
	seen  map[string]bool
	pages int
}

// Page counts one page and its cursor. A cursor that comes again, or too many pages, is a contract error.
func (t *Turns) Page(cursor string) error {
	if t.seen == nil {
		t.seen = map[string]bool{}
	}
	t.pages++
	switch {
	case t.seen[cursor]:
		return contract("a page of the list came twice")
	case t.pages > maxPages:
		return contract("the list does not end")
	}
	t.seen[cursor] = true
	return nil
}

// envelope is what all listings of the organization API have in common.
type envelope struct {
	Data  json.RawMessage `json:"data"`
	Links *struct {
		Next *string `json:"next"`
	} `json:"links"`
	Meta *struct {
		Next *string `json:"next"`
	} `json:"meta"`
}

// Walk reads a listing page by page. build makes the call for a cursor ("" for the first page). visit gets the raw rows of a page
// and should hand them to somebody else: the next page is asked for when it returns.
// A bad cursor in the middle starts the listing again once; pages then come twice, which callers merge by id.
func (c *Client) Walk(ctx context.Context, build func(cursor string) Call, visit func(rows json.RawMessage) error) error {
	return c.WalkFrom(ctx, "", build, func(_, _ string, rows json.RawMessage) error { return visit(rows) })
}

// WalkFrom is Walk from the page of a kept cursor on, "" for the first one. visit is also told the cursor of the page and of the next one,
// "" at the ends: a kept cursor that is refused begins at "" again.
func (c *Client) WalkFrom(
	ctx context.Context, from string, build func(cursor string) Call, visit func(at, next string, rows json.RawMessage) error,
) error {
	var turns Turns
	cursor, restarted := from, false
	for {
		if err := turns.Page(cursor); err != nil {
			return err
		}
		answer, err := c.Read(ctx, build(cursor))
		if err != nil {
			if e := domain.AsError(err); e.Reason == reasonCursor && cursor != "" && !restarted {
				turns, cursor, restarted = Turns{}, "", true
				continue
			}
			return err
		}
		var page envelope
		if err := answer.Decode(&page); err != nil {
			return err
		}
		if !isArray(page.Data) {
			return contract("the list is missing")
		}
		var next *string
		if page.Links != nil {
			next = page.Links.Next
		}
		if next == nil && page.Meta != nil {
			next = page.Meta.Next
		}
		at := cursor
		cursor, err = NextCursor(next)
		if err != nil {
			return err
		}
		if err := visit(at, cursor, page.Data); err != nil {
			return err
		}
		if cursor == "" {
			return nil
		}
	}
}

func isArray(raw json.RawMessage) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) > 0 && raw[0] == '['
}

// Row is one element of a listing. Its id is what rows are merged by.
type Row interface{ RowID() string }

// Rows decodes the rows of a page. A row without an id is a contract error: it could not be merged, only lost.
func Rows[T Row](raw json.RawMessage) ([]T, error) {
	if !isArray(raw) {
		return nil, contract("the list is missing")
	}
	var rows []T
	if err := json.Unmarshal(raw, &rows); err != nil {
		return nil, contractBecause("a row cannot be read", err)
	}
	for _, r := range rows {
		if r.RowID() == "" {
			return nil, contract("a row has no id")
		}
	}
	return rows, nil
}
