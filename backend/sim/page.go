package sim

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// links are a page's links. The v2 calls hold bare cursors in them, the v1 calls URLs.
type links struct {
	Self string  `json:"self"`
	Prev *string `json:"prev"`
	Next *string `json:"next"`
}

type selfLink struct {
	Self string `json:"self"`
}

// cursor is a position in a listing together with what was asked. It needs nothing kept by the server.
type cursor struct {
	Position int    `json:"p"`
	Made     int64  `json:"t"` // unix seconds
	Call     string `json:"c"` // the path asked
	Query    string `json:"q,omitempty"`
}

func (c *call) cursor(position int, query string) string {
	return base64.StdEncoding.EncodeToString(encode(cursor{position, c.now / int64(time.Second), c.path, query}))
}

// position decodes a cursor of this call; an unknown, foreign or dead one is a 400.
func (c *call) position(s string) (cursor, reply, bool) {
	if s == "" {
		return cursor{}, reply{}, true
	}
	var cur cursor
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil || json.Unmarshal(b, &cur) != nil || cur.Call != c.path || cur.Position < 0 {
		return cursor{}, badCursor(), false
	}
	if life := c.w.cfg.CursorLife; life > 0 && time.Unix(0, c.now).After(time.Unix(cur.Made, 0).Add(life)) {
		return cursor{}, badCursor(), false
	}
	return cur, reply{}, true
}

func badCursor() reply {
	return adminError(http.StatusBadRequest, "ADMIN-400-1", "The page cursor is invalid")
}

func badRequest(detail string) reply {
	return adminError(http.StatusBadRequest, "ADMIN-400-19", detail)
}

// limitOf reads the size of a page, 1 to 100, from the query.
func (c *call) limitOf(name string, standard int) (int, bool) {
	s := c.query.Get(name)
	if s == "" {
		return standard, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 1 && n <= 100
}

// bentLimit is how many rows a page has, with the fault that shapes it.
func (c *call) bentLimit(limit int) int {
	switch c.page {
	case FaultPageEmpty:
		return 0
	case FaultPageShort:
		return max(limit/2, 1)
	default:
		return limit
	}
}

// bend applies the fault that shapes a page to its rows and its link to the next one.
func bend[T any](c *call, rows []T, l links) ([]T, links) {
	switch c.page {
	case FaultPageRepeat:
		l.Next = &l.Self
	case FaultPageEnd:
		l.Next = nil
	case FaultPageLost:
		rows = rows[:len(rows)/2]
	default:
	}
	return rows, l
}

// window cuts a page out of a list: rows from position on, and the links. asURL makes links of the v1 form.
func window[T any](c *call, all []T, from, limit int, query string, asURL bool) ([]T, links) {
	from = min(from, len(all))
	end := min(from+c.bentLimit(limit), len(all))
	link := func(position int) string {
		s := c.cursor(position, query)
		if asURL {
			s = "https://" + apiHost + c.path + "?cursor=" + url.QueryEscape(s)
		}
		return s
	}
	l := links{Self: link(from)}
	if end < len(all) {
		next := link(end)
		l.Next = &next
	}
	rows := all[from:end]
	if rows == nil {
		rows = []T{}
	}
	return bend(c, rows, l)
}

// page is a list with its links.
type page[T any] struct {
	Data  []T   `json:"data"`
	Links links `json:"links"`
}

// single is one object in the envelope of the admin API.
type single[T any] struct {
	Data T `json:"data"`
}

// stamp writes a time as Atlassian does; zero is "".
func stamp(sec int64) string {
	if sec == 0 {
		return ""
	}
	return unix(sec).Format("2006-01-02T15:04:05.000Z")
}

func stampDay(sec int64) string { return unix(sec).Format("2006-01-02") }

// parseQuery reads back a query that the simulator encoded itself.
func parseQuery(s string) url.Values {
	v, err := url.ParseQuery(s)
	if err != nil {
		return url.Values{}
	}
	return v
}
