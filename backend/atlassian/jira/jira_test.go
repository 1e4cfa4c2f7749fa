package jira

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"seatkeeper/backend/atlassian"
	"seatkeeper/backend/domain"
)

// roundTripper answers with the body that the function gives for a request.
type roundTripper func(r *http.Request) (status int, body string)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := f(r)
	return &http.Response{
		StatusCode: status, Body: io.NopCloser(strings.NewReader(body)),
		Header: http.Header{"Content-Type": {"application/json"}, "Date": {time.Now().UTC().Format(http.TimeFormat)}},
	}, nil
}

func over(f roundTripper) *Client {
	return New(atlassian.New(atlassian.Options{Base: "https://acme.atlassian.net", Credential: atlassian.Basic("a@b", domain.NewSecret("x")), Transport: f}))
}

func startOf(r *http.Request) int {
	n, _ := strconv.Atoi(r.URL.Query().Get("startAt"))
	return n
}

func users(from, to int) string {
	var rows []string
	for i := from; i < to; i++ {
		rows = append(rows, fmt.Sprintf(`{"accountId":"u%d"}`, i))
	}
	return "[" + strings.Join(rows, ",") + "]"
}

func isContract(err error) bool {
	return err != nil && domain.AsError(err).Reason == "contract"
}

func TestWalkUsers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		serve func(start, n int) string
		want  int // -1 for a contract error
	}{
		"shorter pages than asked for": {func(start, _ int) string { return users(start, min(start+7, 30)) }, 30},
		"overlapping pages":            {func(start, _ int) string { return users(max(0, start-3), min(start+7, 30)) }, 30},
		"an empty page once": {func(start, n int) string {
			return map[bool]string{true: "[]", false: users(start, min(start+10, 30))}[n == 2]
		}, 30},
		"nobody":               {func(int, int) string { return "[]" }, 0},
		"always the same page": {func(int, int) string { return users(0, 10) }, -1},
		"an object":            {func(int, int) string { return `{"values":[]}` }, -1},
		"a row without an id":  {func(int, int) string { return `[{"displayName":"x"}]` }, -1},
	} {
		n, got := 0, map[string]bool{}
		err := over(func(r *http.Request) (int, string) {
			n++
			if start := startOf(r); start < 30 || name == "always the same page" {
				return 200, c.serve(start, n)
			}
			return 200, "[]"
		}).WalkUsers(t.Context(), func(_ json.RawMessage, list []User) int {
			before := len(got)
			for _, u := range list {
				got[u.AccountID] = true
			}
			return len(got) - before
		})
		switch {
		case c.want < 0 && (!isContract(err) || n > 10):
			t.Errorf("%s: %v after %d requests", name, err, n)
		case c.want >= 0 && (err != nil || len(got) != c.want):
			t.Errorf("%s: %d people, want %d, %v", name, len(got), c.want, err)
		}
	}
}

func TestReadMembers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		from, to int
		serve    func(start int) string
		want     int // -1 for a contract error
	}{
		"to the end":          {0, -1, func(s int) string { return member(s, min(s+50, 120), 120, s+50 >= 120) }, 120},
		"a part":              {50, 100, func(s int) string { return member(s, min(s+50, 120), 120, false) }, 50},
		"a part, bit by bit":  {50, 100, func(s int) string { return member(s, min(s+20, 120), 120, false) }, 60},
		"without a count":     {0, -1, func(s int) string { return fmt.Sprintf(`{"startAt":%d,"values":%s}`, s, users(s, min(s+50, 120))) }, 120},
		"another page":        {50, 100, func(int) string { return member(0, 50, 120, false) }, -1},
		"an empty one midway": {0, -1, func(s int) string { return member(s, s, 120, false) }, -1},
		"no values":           {0, -1, func(int) string { return `{"isLast":true}` }, -1},
		"null values":         {0, -1, func(int) string { return `{"isLast":true,"values":null}` }, -1},
	} {
		got := map[string]bool{}
		_, err := over(func(r *http.Request) (int, string) { return 200, c.serve(startOf(r)) }).
			ReadMembers(t.Context(), "g", c.from, c.to, func(_ json.RawMessage, list []User) {
				for _, u := range list {
					got[u.AccountID] = true
				}
			})
		switch {
		case c.want < 0 && !isContract(err):
			t.Errorf("%s: %v", name, err)
		case c.want >= 0 && (err != nil || len(got) != c.want):
			t.Errorf("%s: %d people, want %d, %v", name, len(got), c.want, err)
		}
	}
}

func member(from, to, total int, last bool) string {
	return fmt.Sprintf(`{"startAt":%d,"total":%d,"isLast":%v,"values":%s}`, from, total, last, users(from, max(from, to)))
}

func TestPersonIsTheOneAskedFor(t *testing.T) {
	t.Parallel()
	c := over(func(r *http.Request) (int, string) {
		if strings.HasSuffix(r.URL.Path, "/user/groups") {
			return 200, `[{"groupId":"g1"},{"groupId":"g2"}]`
		}
		return 200, `{"accountId":"a","active":true,"groups":{"size":2,"items":[{"groupId":"g1"}]}}`
	})
	u, err := c.Person(t.Context(), "a")
	if err != nil || len(u.Groups.Items) != 2 {
		t.Errorf("a list of groups that was cut off: %+v, %v", u.Groups, err)
	}
	if _, err := c.Person(t.Context(), "b"); !isContract(err) {
		t.Errorf("somebody else: %v", err)
	}
	if _, err := c.AddMember(t.Context(), "../g", "a"); domain.CodeOf(err) != domain.Invalid {
		t.Errorf("a group id that is none: %v", err)
	}
}
