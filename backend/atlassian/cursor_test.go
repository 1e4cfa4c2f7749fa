package atlassian

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"

	"seatkeeper/backend/domain"
)

func TestNextCursor(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	for _, c := range []struct {
		next *string
		want string
	}{
		{nil, ""},
		{text(""), ""},
		{text("Qh8E1QpVV00ys/xI7pHI7Q.."), "Qh8E1QpVV00ys/xI7pHI7Q.."},
		{text("/xI7pHI7Q=="), "/xI7pHI7Q=="},
		{text("https://api.atlassian.com/admin/v1/orgs?cursor=ab%2Fc%3D"), "ab/c="},
		{text("https://evil.example/steal?x=1&cursor=abc"), "abc"},
		{text("/admin/v1/orgs?cursor=abc"), "abc"},
	} {
		if got, err := NextCursor(c.next); err != nil || got != c.want {
			t.Errorf("%v: %q, %v", c.next, got, err)
		}
	}
	for _, bad := range []string{"https://api.atlassian.com/admin/v1/orgs", "https://x?cursor=", "http://%zz?cursor=a", "https://x?cursor=%zz"} {
		if got, err := NextCursor(&bad); err == nil {
			t.Errorf("%q gives %q: the listing would end early", bad, got)
		}
	}
}

func FuzzNextCursor(f *testing.F) {
	for _, s := range []string{"", "abc", "https://x?cursor=a", "/a?cursor=b&cursor=c", "http://", "?cursor=%"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, next string) {
		cursor, err := NextCursor(&next)
		if next != "" && cursor == "" && err == nil {
			t.Fatalf("%q is taken for the end", next)
		}
		if err != nil && domain.AsError(err).Reason != reasonContract {
			t.Fatalf("%v", err)
		}
	})
}

type testRow struct {
	ID string `json:"id"`
}

func (r testRow) RowID() string { return r.ID }

// walkAll walks a listing and collects the ids.
func walkAll(t *testing.T, f *fake) ([]string, error) {
	t.Helper()
	var ids []string
	err := clientOver(f).Walk(t.Context(), func(cursor string) Call {
		return Get("/list").With("cursor", cursor)
	}, func(raw json.RawMessage) error {
		rows, err := Rows[testRow](raw)
		for _, r := range rows {
			ids = append(ids, r.ID)
		}
		return err
	})
	return ids, err
}

func cursorOf(req *http.Request) string {
	q, _ := url.ParseQuery(req.URL.RawQuery)
	return q.Get("cursor")
}

func TestWalkIsNeverSilentlyShort(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		serve func(cursor string, n int) (int, string)
		want  string // the ids, or "" for a contract error
	}{
		"two pages": {func(cursor string, _ int) (int, string) {
			if cursor == "" {
				return 200, `{"data":[{"id":"a"}],"links":{"next":"c1"}}`
			}
			return 200, `{"data":[{"id":"b"}],"links":{"next":null}}`
		}, "a+b"},
		"no links": {func(string, int) (int, string) { return 200, `{"data":[{"id":"a"}]}` }, "a"},
		"meta next": {func(c string, _ int) (int, string) {
			return 200, map[string]string{"": `{"data":[{"id":"a"}],"meta":{"next":"m"}}`, "m": `{"data":[{"id":"b"}]}`}[c]
		}, "a+b"},
		"empty":          {func(string, int) (int, string) { return 200, `{"data":[]}` }, "-"},
		"missing data":   {func(string, int) (int, string) { return 200, `{"links":{}}` }, ""},
		"null data":      {func(string, int) (int, string) { return 200, `{"data":null}` }, ""},
		"data object":    {func(string, int) (int, string) { return 200, `{"data":{}}` }, ""},
		"other shape":    {func(string, int) (int, string) { return 200, `[]` }, ""},
		"half a page":    {func(string, int) (int, string) { return 200, `{"data":[{"id":"a"}` }, ""},
		"row without id": {func(string, int) (int, string) { return 200, `{"data":[{"id":"a"},{}]}` }, ""},
		"null row":       {func(string, int) (int, string) { return 200, `{"data":[null]}` }, ""},
		"same cursor":    {func(string, int) (int, string) { return 200, `{"data":[{"id":"a"}],"links":{"next":"x"}}` }, ""},
		"circle": {func(_ string, n int) (int, string) {
			return 200, fmt.Sprintf(`{"data":[{"id":"a"}],"links":{"next":"c%d"}}`, n%3)
		}, ""},
		"link without cursor":    {func(string, int) (int, string) { return 200, `{"data":[{"id":"a"}],"links":{"next":"https://x/y"}}` }, ""},
		"cursor of a wrong type": {func(string, int) (int, string) { return 200, `{"data":[{"id":"a"}],"links":{"next":7}}` }, ""},
		"expired once": {func(cursor string, n int) (int, string) {
			switch {
			case cursor == "":
				return 200, `{"data":[{"id":"a"}],"links":{"next":"c1"}}`
			case n == 2:
				return 400, `{"errors":[{"code":"ADMIN-400-1"}]}`
			}
			return 200, `{"data":[{"id":"b"}]}`
		}, "a+a+b"},
	} {
		f := &fake{serve: func(req *http.Request, n int) (*http.Response, error) {
			status, body := c.serve(cursorOf(req), n)
			return reply(status, body), nil
		}}
		ids, err := walkAll(t, f)
		if c.want == "" {
			if err == nil || domain.AsError(err).Reason != reasonContract || domain.AsError(err).Code != domain.Internal || f.calls.Load() > 5 {
				t.Errorf("%s: %v, %v", name, ids, err)
			}
			continue
		}
		if got := strings.Join(ids, "+"); err != nil || got != strings.TrimPrefix(c.want, "-") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestWalkStaysWithTheConfiguredHost(t *testing.T) {
	t.Parallel()
	f := &fake{serve: func(req *http.Request, n int) (*http.Response, error) {
		if req.URL.Host != "api.atlassian.com" {
			t.Errorf("a request to %s", req.URL.Host)
		}
		if n == 1 {
			return reply(200, `{"data":[{"id":"a"}],"links":{"next":"https://evil.example/admin?cursor=c"}}`), nil
		}
		return reply(200, `{"data":[{"id":"b"}]}`), nil
	}}
	if ids, err := walkAll(t, f); err != nil || len(ids) != 2 {
		t.Errorf("%v, %v", ids, err)
	}
}

func TestWalkWithoutEndIsStopped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fake{serve: func(_ *http.Request, n int) (*http.Response, error) {
			return reply(200, fmt.Sprintf(`{"data":[],"links":{"next":"c%d"}}`, n)), nil
		}}
		if _, err := walkAll(t, f); err == nil || f.calls.Load() != maxPages {
			t.Errorf("%v after %d pages", err, f.calls.Load())
		}
	})
}
