package atlassian

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
)

var errReset = &net.OpError{Op: "read", Err: syscall.ECONNRESET}

func TestReadsAreTriedAgain(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]func() (*http.Response, error){
		"500": func() (*http.Response, error) { return reply(500, `{"errors":[{"code":"ADMIN-500-1"}]}`), nil },
		"502": func() (*http.Response, error) {
			return reply(502, `<html>bad gateway</html>`, "Content-Type", "text/html"), nil
		},
		"503":   func() (*http.Response, error) { return reply(503, ``), nil },
		"reset": func() (*http.Response, error) { return nil, errReset },
		"dial":  func() (*http.Response, error) { return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED} },
		"cut": func() (*http.Response, error) {
			r := reply(200, ``)
			r.Body = cutBody{strings.NewReader(`{"data":`)}
			return r, nil
		},
	} {
		for _, call := range []Call{Get("/x"), Post(nil, "/search")} {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{serve: func(_ *http.Request, n int) (*http.Response, error) {
					if n < 5 {
						return serve()
					}
					return reply(200, `{"ok":true}`), nil
				}}
				if _, err := clientOver(f).Read(t.Context(), call); err != nil || f.calls.Load() != 5 {
					t.Errorf("%s: %v after %d calls", name, err, f.calls.Load())
				}
				bad := &fake{serve: func(*http.Request, int) (*http.Response, error) { return serve() }}
				_, err := clientOver(bad).Read(t.Context(), call)
				if e := asDomain(t, err); e.Code != domain.Unreachable || bad.calls.Load() != 5 {
					t.Errorf("%s: %+v after %d calls", name, e, bad.calls.Load())
				}
				hurried := &fake{serve: func(*http.Request, int) (*http.Response, error) { return serve() }}
				_, _ = clientOver(hurried).Hurried().Read(t.Context(), call)
				if hurried.calls.Load() != 2 {
					t.Errorf("%s: hurried: %d calls", name, hurried.calls.Load())
				}
			})
		}
	}
}

func TestReadsThatCannotGetBetterAreNotTriedAgain(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]func() (*http.Response, error){
		"401":         func() (*http.Response, error) { return reply(401, `{"code":401,"message":"Unauthorized"}`), nil },
		"404":         func() (*http.Response, error) { return reply(404, ``), nil },
		"certificate": func() (*http.Response, error) { return nil, x509.UnknownAuthorityError{} },
		"captive portal": func() (*http.Response, error) {
			return reply(200, `<html>Sign in</html>`, "Content-Type", "text/html"), nil
		},
		"redirect": func() (*http.Response, error) { return reply(302, ``, "Location", "https://evil.example/"), nil },
		"empty":    func() (*http.Response, error) { return reply(200, ``), nil },
		"text":     func() (*http.Response, error) { return reply(200, `OK`, "Content-Type", "text/plain"), nil },
	} {
		f := &fake{serve: func(*http.Request, int) (*http.Response, error) { return serve() }}
		if _, err := clientOver(f).Read(t.Context(), Get("/x")); err == nil || f.calls.Load() != 1 {
			t.Errorf("%s: %v after %d calls", name, err, f.calls.Load())
		}
	}
}

// mishap is something that comes instead of the wanted answer.
type mishap struct {
	status  int
	body    string
	headers []string
	cut     bool
	err     error
}

func (m mishap) serve() (*http.Response, error) {
	if m.err != nil {
		return nil, m.err
	}
	r := reply(m.status, m.body, m.headers...)
	if m.cut {
		r.Body = cutBody{strings.NewReader(m.body)}
	}
	return r, nil
}

// TestChangesAreSentOnce is the promise that a bulk run stands on: whatever happens, one request, and the right word about its effect.
func TestChangesAreSentOnce(t *testing.T) {
	t.Parallel()
	type expected struct {
		mishap
		effect domain.Effect
	}
	cases := map[string]expected{
		"refused dial":   {mishap{err: &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}}, domain.NotApplied},
		"no such name":   {mishap{err: &net.DNSError{Name: "api.atlassian.com"}}, domain.NotApplied},
		"certificate":    {mishap{err: x509.UnknownAuthorityError{}}, domain.NotApplied},
		"reset":          {mishap{err: errReset}, domain.EffectUnknown},
		"EOF":            {mishap{err: io.EOF}, domain.EffectUnknown},
		"unknown error":  {mishap{err: errors.New("boom")}, domain.EffectUnknown},
		"redirect":       {mishap{status: 303, headers: []string{"Location", "https://x.example"}}, domain.EffectUnknown},
		"captive portal": {mishap{status: 200, body: "<html>", headers: []string{"Content-Type", "text/html"}}, domain.EffectUnknown},
		"503 with wait":  {mishap{status: 503, headers: []string{"Retry-After", "1"}}, domain.EffectUnknown},
		"cut body":       {mishap{status: 200, body: "{", cut: true}, domain.EffectUnknown},
	}
	for _, status := range []int{400, 401, 402, 403, 404, 405, 409, 410, 413, 415, 422, 429} {
		cases[strconv.Itoa(status)] = expected{mishap{status: status, body: `{"errors":[{"title":"x"}]}`}, domain.NotApplied}
	}
	for _, status := range []int{408, 499, 500, 502, 503, 504, 520} {
		cases[strconv.Itoa(status)] = expected{mishap{status: status, body: `{"errors":[{"title":"x"}]}`}, domain.EffectUnknown}
	}
	for name, c := range cases {
		for _, call := range []Call{Post(nil, "/x/{}/suspend", "a"), Delete("/x")} {
			synctest.Test(t, func(t *testing.T) {
				f := &fake{serve: func(*http.Request, int) (*http.Response, error) { return c.serve() }}
				receipt, err := clientOver(f).Write(t.Context(), call)
				e := asDomain(t, err)
				if f.calls.Load() != 1 {
					t.Errorf("%s %s: sent %d times", call.Method, name, f.calls.Load())
				}
				if e.Effect != c.effect {
					t.Errorf("%s %s: effect %q, want %q", call.Method, name, e.Effect, c.effect)
				}
				if e.Receipt == nil || e.Receipt.Method != call.Method || receipt.Method != call.Method || e.Message == "" {
					t.Errorf("%s %s: receipt %+v, message %q", call.Method, name, e.Receipt, e.Message)
				}
			})
		}
	}
}

func TestChangesOverRealSockets(t *testing.T) {
	t.Parallel()
	t.Run("nobody listens", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.NotFoundHandler())
		server.Close()
		_, err := realClient(server.URL).Write(t.Context(), Post(nil, "/x"))
		if e := asDomain(t, err); e.Effect != domain.NotApplied || e.Code != domain.Unreachable {
			t.Errorf("%+v", e)
		}
	})
	t.Run("the connection breaks after the request", func(t *testing.T) {
		t.Parallel()
		var seen atomic.Int64
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			seen.Add(1)
			conn, _, _ := http.NewResponseController(w).Hijack()
			_ = conn.Close()
		}))
		defer server.Close()
		for _, call := range []Call{Post(nil, "/x"), Delete("/x")} {
			seen.Store(0)
			_, err := realClient(server.URL).Write(t.Context(), call)
			if e := asDomain(t, err); e.Effect != domain.EffectUnknown || seen.Load() != 1 {
				t.Errorf("%s: %+v, the server saw %d requests", call.Method, e, seen.Load())
			}
		}
	})
	t.Run("stopped before the answer", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that the other side is gone
			cancel()
			<-r.Context().Done()
		}))
		defer server.Close()
		_, err := realClient(server.URL).Write(ctx, Post(nil, "/x"))
		if e := asDomain(t, err); e.Effect != domain.EffectUnknown || e.Code != domain.Cancelled {
			t.Errorf("%+v", e)
		}
	})
	t.Run("TLS that nobody vouches for", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewTLSServer(http.NotFoundHandler())
		defer server.Close()
		server.Config.ErrorLog = nil
		_, err := realClient(server.URL).Write(t.Context(), Post(nil, "/x"))
		if e := asDomain(t, err); e.Effect != domain.NotApplied || e.Reason != "tls" {
			t.Errorf("%+v", e)
		}
	})
}

func realClient(base string) *Client {
	transport := NewTransport()
	transport.Proxy = nil
	return New(Options{Base: base, Credential: Bearer(domain.NewSecret(testKey)), Transport: transport})
}

// TestRedirectsAreRefused follows none of the codes to any place: the other host must not see a request at all.
func TestRedirectsAreRefused(t *testing.T) {
	t.Parallel()
	sink := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the other host got %s %s, Authorization %q", r.Method, r.URL, r.Header.Get("Authorization"))
	}))
	defer sink.Close()
	for _, code := range []int{301, 302, 303, 307, 308} {
		for _, target := range []string{sink.URL, sink.URL + "/rest", "//" + strings.TrimPrefix(sink.URL, "http://"), ":::", "", "/else"} {
			var hops atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				hops.Add(1)
				w.Header()["Location"] = []string{target}
				w.WriteHeader(code)
			}))
			c := realClient(server.URL)
			_, readErr := c.Read(t.Context(), Get("/x"))
			_, writeErr := c.Write(t.Context(), Post(nil, "/x"))
			want := "redirect"
			if target == "/else" {
				want = "own_page"
			}
			for _, err := range []error{readErr, writeErr} {
				if e := asDomain(t, err); e.Reason != want {
					t.Errorf("%d to %q: %+v", code, target, e)
				}
			}
			if hops.Load() != 2 {
				t.Errorf("%d to %q: %d requests for 2 calls", code, target, hops.Load())
			}
			server.Close()
		}
	}
	_, err := clientOver(always(302, ``, "Location", "https://login.corp.example/x?y")).Read(t.Context(), Get("/x"))
	if e := asDomain(t, err); !strings.Contains(e.Message, "login.corp.example") {
		t.Errorf("the host is not named: %q", e.Message)
	}
}

func TestWhatIsSent(t *testing.T) {
	t.Parallel()
	var got *http.Request
	var body string
	f := &fake{serve: func(req *http.Request, _ int) (*http.Response, error) {
		got, body = req, ""
		if req.Body != nil {
			b, _ := io.ReadAll(req.Body)
			body = string(b)
		}
		return reply(204, ``), nil
	}}
	c := clientOver(f)
	if _, err := c.Write(t.Context(), Post(nil, "/admin/{}/users/{}/suspend", "a/../b?c", "557058:f5#8")); err != nil {
		t.Fatal(err)
	}
	if want := "/admin/a%2F..%2Fb%3Fc/users/557058:f5%238/suspend"; got.URL.EscapedPath() != want {
		t.Errorf("path %s, want %s", got.URL.EscapedPath(), want)
	}
	want := map[string]string{
		"Accept": "application/json", "Content-Type": "application/json", "Authorization": "Bearer " + testKey,
		"Idempotency-Key": "", "X-Idempotency-Key": "",
	}
	for name, value := range want {
		if got.Header.Get(name) != value {
			t.Errorf("%s: %q, want %q", name, got.Header.Get(name), value)
		}
	}
	if body != "{}" {
		t.Errorf("body %q", body)
	}
	if _, err := c.Write(t.Context(), Delete("/x").With("groupId", "a b&c=d")); err != nil {
		t.Fatal(err)
	}
	if got.URL.RawQuery != "groupId=a+b%26c%3Dd" || body != "" || got.Header.Get("Content-Type") != "" {
		t.Errorf("delete: %q, body %q", got.URL.RawQuery, body)
	}
}

func TestCloseForgetsTheCredential(t *testing.T) {
	t.Parallel()
	f := always(200, `{}`)
	c := clientOver(f)
	c.Close()
	if _, err := c.Read(t.Context(), Get("/x")); err == nil || f.calls.Load() != 0 {
		t.Errorf("%v after %d calls", err, f.calls.Load())
	}
}

func TestReceiptHoldsNoSecretAndNoTrick(t *testing.T) {
	t.Parallel()
	basic := Basic("mia@example.com", domain.NewSecret("token-of-mia"))
	c := New(Options{Base: "https://acme.atlassian.net", Credential: basic, Transport: always(400,
		`{"errorMessages":["Basic `+basic.secret.Reveal()+` token-of-mia \u202egnp.exe \u0007"],"x":"`+strings.Repeat("y", 5000)+`"}`,
		"X-Arequestid", "abc\u202e123", "Content-Type", "application/json")})
	receipt, err := c.Write(t.Context(), Delete("/x"))
	e := asDomain(t, err)
	for _, text := range []string{receipt.Answer, receipt.URL, receipt.Body, receipt.RequestID, e.Error(), e.Message, e.Hint} {
		if strings.Contains(text, "token-of-mia") || strings.Contains(text, basic.secret.Reveal()) {
			t.Errorf("the token is in %q", text)
		}
		if strings.ContainsAny(text, "\u202e\u0007") {
			t.Errorf("a hidden character is in %q", text)
		}
	}
	if len(receipt.Answer) > maxAnswer || receipt.Status != 400 || receipt.RequestID == "" || receipt.SentAt.IsZero() {
		t.Errorf("%+v", receipt)
	}
}

// zeros is a body without an end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
func (zeros) Close() error               { return nil }

func TestEndlessBodyIsBounded(t *testing.T) {
	t.Parallel()
	f := &fake{serve: func(*http.Request, int) (*http.Response, error) {
		r := reply(200, ``)
		r.Body = zeros{}
		return r, nil
	}}
	_, err := clientOver(f).Read(t.Context(), Get("/x"))
	if e := asDomain(t, err); e.Reason != reasonContract {
		t.Errorf("%+v", e)
	}
}

func TestClockSkewIsNoticed(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{0, 3 * time.Hour, -90 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			c := clientOver(&fake{serve: func(*http.Request, int) (*http.Response, error) {
				return reply(200, `{}`, "Date", time.Now().Add(skew).UTC().Format(http.TimeFormat)), nil
			}})
			if _, known := c.Skew(); known {
				t.Error("known before any answer")
			}
			_, _ = c.Read(t.Context(), Get("/x"))
			if got, known := c.Skew(); !known || (got-skew).Abs() > time.Second {
				t.Errorf("%v, want %v", got, skew)
			}
		})
	}
}

func TestHangingServerIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clientOver(&fake{serve: func(req *http.Request, _ int) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		}})
		start := time.Now()
		_, err := c.Write(t.Context(), Post(nil, "/x"))
		if e := asDomain(t, err); e.Effect != domain.EffectUnknown || e.Reason != "timeout" || time.Since(start) != callTimeout {
			t.Errorf("%+v after %v", e, time.Since(start))
		}
	})
}

// Who asks is told of each request and of its end; a server that only breaks connections stays silent, however often it is asked.
func TestTalk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fake{serve: func(_ *http.Request, n int) (*http.Response, error) {
			time.Sleep(3 * time.Second)
			if n < 4 {
				return nil, errors.New("cut")
			}
			return reply(http.StatusOK, `{}`), nil
		}}
		var silence domain.Silence
		ctx := domain.WithTalk(t.Context(), silence.Talk(nil))
		go func() { _, _ = clientOver(f).Read(ctx, Get("/x")) }()
		time.Sleep(10 * time.Second)
		if party, d := silence.For(); d != 10*time.Second || party != atlassianItself {
			t.Errorf("%s was silent for %v", party, d)
		}
		time.Sleep(time.Minute)
		if _, d := silence.For(); d != 0 {
			t.Errorf("after an answer: silent for %v", d)
		}
	})
}
