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

// NextCursor takes the cursor out of what a listing calls "next": a bare cursor, or a URL that holds one. The URL
// itself is never followed, so that the credential stays with the configured host. "" means the end; a URL without a
// cursor is an error, because taking it for the end would cut the listing short.
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

// CursorGuard keeps one listing from going round in circles.
type CursorGuard struct {
	seen  map[string]bool
	pages int
}

// Page counts one page and its cursor. A cursor that comes again, or too many pages, is a contract error.
func (g *CursorGuard) Page(cursor string) error {
	if g.seen == nil {
		g.seen = map[string]bool{}
	}
	g.pages++
	switch {
	case g.seen[cursor]:
		return contract("a page of the list came twice")
	case g.pages > maxPages:
		return contract("the list does not end")
	}
	g.seen[cursor] = true
	return nil
}

// Walk reads a listing page by page. build makes the call for a cursor ("" for the first page). visit gets the raw rows
// of a page, for Rows: they were not looked into. While it runs the next page is asked for already, and not more than
// that one. A bad cursor in the middle starts the listing again once; pages then come twice, which callers merge by id.
func (c *Client) Walk(
	ctx context.Context, build func(cursor string) Call, visit func(rows json.RawMessage) error,
) error {
	return c.WalkFrom(ctx, "", build, func(_, _ string, rows json.RawMessage) error { return visit(rows) })
}

// WalkFrom is Walk from the page of a kept cursor on, "" for the first one. visit is also told the cursor of the page
// and of the next one, "" at the ends: a kept cursor that is refused begins at "" again.
func (c *Client) WalkFrom(
	ctx context.Context, from string, build func(cursor string) Call,
	visit func(at, next string, rows json.RawMessage) error,
) error {
	ctx, cancel := context.WithCancel(ctx)
	pages := make(chan walked)
	var end error // once pages is closed
	go func() {
		defer close(pages)
		end = c.ask(ctx, from, build, pages)
	}()
	defer func() { // nothing is in flight any more when this returns
		cancel()
		for range pages {
		}
	}()
	for p := range pages {
		if err := visit(p.at, p.next, p.rows); err != nil {
			return err
		}
	}
	return end
}

// walked is a page of a listing with its own cursor and that of the next one.
type walked struct {
	at, next string
	rows     json.RawMessage
}

// ask asks for one page after the other and hands them over.
func (c *Client) ask(ctx context.Context, from string, build func(cursor string) Call, pages chan<- walked) error {
	ctx = withSeat(ctx)
	defer c.gate.reads.vacate(ctx)
	var guard CursorGuard
	cursor, restarted := from, false
	for {
		if err := guard.Page(cursor); err != nil {
			return err
		}
		answer, err := c.Read(ctx, build(cursor))
		if err != nil {
			if e := domain.AsError(err); e.Reason == reasonCursor && cursor != "" && !restarted {
				guard, cursor, restarted = CursorGuard{}, "", true
				continue
			}
			return err
		}
		page, err := answer.open()
		if err != nil {
			return err
		}
		if !isArray(page.Data) {
			return contract("the list is missing")
		}
		next, err := page.next()
		if err != nil {
			return err
		}
		if err := handOver(ctx, pages, walked{cursor, next, page.Data},
			func() { c.gate.reads.vacate(ctx) }); err != nil {
			return err
		}
		if next == "" {
			return nil
		}
		cursor = next
	}
}

// handOver waits for who takes the pages; busy is called when that is not at once.
func handOver(ctx context.Context, pages chan<- walked, page walked, busy func()) error {
	select {
	case pages <- page:
		return nil
	default:
		busy()
	}
	select {
	case pages <- page:
		return nil
	case <-ctx.Done():
		return stopped(ctx, ctx.Err())
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
	rows, err := decodeRows[T](raw)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r.RowID() == "" {
			return nil, contract("a row has no id")
		}
	}
	return rows, nil
}

func decodeRows[T Row](raw json.RawMessage) ([]T, error) {
	if !isArray(raw) {
		return nil, contract("the list is missing")
	}
	var rows []T
	if err := decode(raw, &rows); err != nil {
		return nil, contractBecause("a row cannot be read", err)
	}
	return rows, nil
}
