package atlassian

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"seatkeeper/backend/domain"
)

// fake is a bottom transport made of a function; it counts the requests.
type fake struct {
	calls atomic.Int64
	serve func(req *http.Request, n int) (*http.Response, error)
}

func (f *fake) RoundTrip(req *http.Request) (*http.Response, error) {
	return f.serve(req, int(f.calls.Add(1)))
}

// reply makes an answer; headers are given as name, value in turn.
func reply(status int, body string, headers ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}, "Date": {time.Now().UTC().Format(http.TimeFormat)}}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] == "" {
			h.Del(headers[i])
			continue
		}
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func always(status int, body string, headers ...string) *fake {
	return &fake{serve: func(*http.Request, int) (*http.Response, error) { return reply(status, body, headers...), nil }}
}

const testKey = "ATCTT3x-very-secret-key"

func clientOver(f http.RoundTripper) *Client {
	return New(Options{Base: "https://api.atlassian.com", Credential: Bearer(domain.NewSecret(testKey)), Transport: f})
}

func asDomain(t *testing.T, err error) *domain.Error {
	t.Helper()
	var e *domain.Error
	if !errors.As(err, &e) {
		t.Fatalf("not a domain error: %v", err)
	}
	return e
}

// cutBody breaks off after its text.
type cutBody struct{ io.Reader }

func (c cutBody) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		return n, fmt.Errorf("body: %w", io.ErrUnexpectedEOF)
	}
	return n, err
}

func (cutBody) Close() error { return nil }
