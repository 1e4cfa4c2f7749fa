package source_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
	"seatkeeper/backend/source"
	"seatkeeper/backend/workspace/secret"
)

var update = flag.Bool("update", false, "write the golden files afresh")

// A failure is one way in which a connection does not work, or not fully.
type failure struct {
	name   string
	kind   domain.SourceKind
	cfg    sim.Config
	set    func(w *sim.World)                      // prepares the world
	values func(w *sim.World, v map[string]string) // spoils what is typed
	bend   http.RoundTripper                       // stands between; nil, nil lets the request pass
	// alike names another failure that Atlassian answers in exactly the same way, so that no sentence could tell them
	// apart.
	alike string
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func fails(err error) http.RoundTripper {
	return roundTripper(func(*http.Request) (*http.Response, error) { return nil, err })
}

// answers is a server that says the same to everything.
func answers(status int, contentType, body string, header ...string) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		h := http.Header{"Content-Type": {contentType}}
		for i := 0; i+1 < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return &http.Response{StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	})
}

// at bends only the paths that end with suffix.
func at(suffix string, then http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if !strings.HasSuffix(r.URL.Path, suffix) {
			return nil, nil
		}
		return then.RoundTrip(r)
	})
}

// sometimes bends only requests with a parameter.
func sometimes(parameter string, then http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if !r.URL.Query().Has(parameter) {
			return nil, nil
		}
		return then.RoundTrip(r)
	})
}

func dial(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }

func read(err error) error { return &net.OpError{Op: "read", Net: "tcp", Err: err} }

func sys(call string, errno syscall.Errno) error { return os.NewSyscallError(call, errno) }

func badTLS(err error) error { return &tls.CertificateVerificationError{Err: err} }

type slow struct{}

func (slow) Error() string   { return "i/o timeout" }
func (slow) Timeout() bool   { return true }
func (slow) Temporary() bool { return true }

const (
	org  = domain.KindAtlassianOrg
	site = domain.KindJiraCloud
	jsn  = "application/json"
	page = "<!doctype html><html><body>hello</body></html>"
)

// put sets one typed value.
func put(name, value string) func(*sim.World, map[string]string) {
	return func(_ *sim.World, v map[string]string) { v[name] = value }
}

// typedValues are the values of a connection that works.
func typedValues(kind domain.SourceKind, w *sim.World) map[string]string {
	if kind == org {
		id, key := w.Organization()
		return map[string]string{"org_id": id, "api_key": key, "my_account": w.Operator()}
	}
	if kind == dc {
		d := w.DataCenters()[0]
		return map[string]string{"base_url": d.URL, "token": d.Token}
	}
	s := w.Sites()[0]
	return map[string]string{"site_url": s.URL, "email": s.Email, "api_token": s.Token}
}

// said is what the user reads first about a failure: the error, the failed findings, or the first warning that a good
// connection lacks.
func said(t *testing.T, f failure) string {
	t.Helper()
	if f.kind == dc {
		f.cfg.DataCenters = 1
	}
	w := sim.New(f.cfg)
	values := typedValues(f.kind, w)
	if f.set != nil {
		f.set(w)
	}
	if f.values != nil {
		f.values(w, values)
	}
	next := w.Transport()
	b := source.NewConnections(source.ConnectionsOptions{
		Store: shelf{}, Secrets: secret.NewMemory(), Log: slog.New(slog.DiscardHandler),
		Network: source.Network{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if f.bend != nil {
				if res, err := f.bend.RoundTrip(r); res != nil || err != nil {
					return res, err
				}
			}
			return next.RoundTrip(r)
		})},
	})
	defer b.Close()
	r, err := b.Test(t.Context(), "", source.Draft{Kind: f.kind, Name: "Acme", Values: values})
	if err != nil {
		e := domain.AsError(err)
		if e.Code == domain.Internal {
			t.Errorf("%s: %v", f.name, err)
		}
		return sentence(e.Field, e.Message, e.Hint)
	}
	for _, state := range []domain.FindingState{domain.FindingFailed, domain.FindingWarning} {
		for _, x := range r.Findings {
			if x.State == state && (f.kind != site || x.Check != "suspend") {
				if state == domain.FindingFailed == r.OK {
					t.Errorf("%s: OK is %v with %+v", f.name, r.OK, x)
				}
				return sentence(x.Check, x.Message, x.Hint)
			}
		}
	}
	t.Errorf("%s: nothing was found", f.name)
	return ""
}

func sentence(where, message, hint string) string {
	return fmt.Sprintf("%s: %s\n    %s", where, message, hint)
}

// TestConnectionFailures holds the exact words for each failure in testdata/failures.golden, and wants other words for
// each.
func TestConnectionFailures(t *testing.T) {
	all := failures()
	if len(all) < 60 {
		t.Errorf("only %d failures", len(all))
	}
	var out bytes.Buffer
	seen, alike := map[string]string{}, map[string]string{}
	for _, f := range all {
		var words string
		synctest.Test(t, func(t *testing.T) { words = said(t, f) })
		if other, twice := seen[words]; twice && f.alike != other {
			t.Errorf("%q and %q read the same: %s", f.name, other, words)
		}
		if _, known := seen[words]; !known {
			seen[words] = f.name
		}
		alike[f.name] = words
		if f.alike != "" && alike[f.alike] != words {
			t.Errorf("%q reads otherwise than %q", f.name, f.alike)
		}
		if message, hint, _ := strings.Cut(words, "\n"); len(message) < 20 || len(strings.TrimSpace(hint)) < 8 {
			t.Errorf("%s: too few words: %s", f.name, words)
		}
		fmt.Fprintf(&out, "%s [%s]\n  %s\n\n", f.name, f.kind, words)
	}
	t.Logf("%d failures, %d of Data Center, in %d different sentences", len(all), len(dataCenterFailures()), len(seen))
	golden(t, "failures.golden", out.Bytes())
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run go test ./backend/source -update and look at the difference", path)
	}
}

func failures() []failure {
	return slices.Concat(typedFailures(), keyFailures(), networkFailures(), answerFailures(), siteFailures(), dataCenterFailures())
}

func typedFailures() []failure {
	list := []failure{
		{name: "no organization ID", kind: org, values: put("org_id", "")},
		{name: "an organization ID that is none", kind: org, values: put("org_id", "Acme, Inc.")},
		{name: "no API key", kind: org, values: put("api_key", "")},
		{name: "half an API key", kind: org, values: put("api_key", "ATCTT3x")},
		{name: "an own account that is none", kind: org, values: put("my_account", "mia@acme@example")},
		{name: "an e-mail address that is none", kind: site, values: put("email", "mia")},
		{name: "an API token with a blank", kind: site, values: put("api_token", "ATATT3x half")},
	}
	sites := map[string]string{
		"http": "http://acme.atlassian.net", "path": "https://acme.atlassian.net/jira/your-work", "port": "https://acme.atlassian.net:8443",
		"host": "https://jira.acme.example", "at": "https://acme.atlassian.net@evil.example", "letter": "https://аcme.atlassian.net",
		"xn": "https://xn--acme-9za.atlassian.net", "scheme": "ftp://acme.atlassian.net", "dash": "https://-acme.atlassian.net",
	}
	for _, name := range slices.Sorted(maps.Keys(sites)) {
		list = append(list, failure{name: "a site's address: " + name, kind: site, values: put("site_url", sites[name])})
	}
	return list
}

func keyFailures() []failure {
	scoped := func(scopes ...string) func(*sim.World, map[string]string) {
		return func(w *sim.World, v map[string]string) { v["api_key"] = w.AddKey(sim.KeyOptions{Scopes: scopes}) }
	}
	reads := []string{"read:orgs:admin", "read:directories:admin", "read:groups:admin", "read:keys:admin"}
	return []failure{
		{name: "wrong API key", kind: org, values: put("api_key", "certainly-wrong")},
		{name: "expired API key", kind: org, values: func(w *sim.World, v map[string]string) { v["api_key"] = w.AddKey(sim.KeyOptions{Expires: -1}) }, alike: "wrong API key"},
		{name: "revoked API key", kind: org, set: func(w *sim.World) { _, key := w.Organization(); w.Revoke(key) }, alike: "wrong API key"},
		{name: "a person's API token as API key", kind: org, values: func(w *sim.World, v map[string]string) { v["api_key"] = w.Sites()[0].Token }, alike: "wrong API key"},
		{name: "API key with too few scopes", kind: org, values: scoped("read:policies:admin")},
		{name: "API key with scopes for reading", kind: org, values: scoped(reads...)},
		{name: "API key without the scope for groups", kind: org, values: scoped("read:orgs:admin", "read:directories:admin")},
		{name: "another organization's ID", kind: org, values: put("org_id", "a1b2c3d4-0000-4000-8000-000000000001")},
		{name: "another organization's ID with a scoped key", kind: org, values: func(w *sim.World, v map[string]string) {
			v["org_id"] = "a1b2c3d4-0000-4000-8000-000000000001"
			scoped(reads...)(w, v)
		}},
		{name: "key that ends soon", kind: org, cfg: sim.Config{KeyExpires: 72 * time.Hour}},
		{name: "several keys", kind: org, set: func(w *sim.World) { w.AddKey(sim.KeyOptions{Owner: w.Operator()}) }},
		{name: "keys are not shown", kind: org, cfg: sim.Config{NoAPIAccess: true}},
		{name: "own account not filled in", kind: org, values: put("my_account", "")},
		{name: "own account not found", kind: org, values: put("my_account", "nobody@acme.example")},
		{name: "not an organization admin", kind: org, bend: at("/directories", answers(403, jsn, `{"status":403,"error":"Forbidden","message":"User has no permission to access resource."}`))},
		{name: "people are refused", kind: org, bend: at("/users/search", answers(403, jsn, `{"errors":[{"code":"ADMIN-403-3","detail":"No permission on the organization"}]}`))},
		{name: "groups are refused", kind: org, bend: at("/groups/search", answers(403, jsn, `{"errors":[{"code":"ADMIN-403-5","detail":"No permission on groups"}]}`))},
		{name: "no directory at all", kind: org, bend: at("/directories", answers(200, jsn, `{"data":[]}`))},
	}
}

func networkFailures() []failure {
	var out []failure
	add := func(name string, kind domain.SourceKind, err error) {
		out = append(out, failure{name: name, kind: kind, bend: fails(err)})
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	cert := &x509.Certificate{DNSNames: []string{"login.hotel.example"}, NotBefore: now, NotAfter: now.AddDate(1, 0, 0)}
	add("name not found", org, dial(&net.DNSError{Err: "no such host", Name: "api.atlassian.com", IsNotFound: true}))
	add("site's name not found", site, dial(&net.DNSError{Err: "no such host", Name: "acme.atlassian.net", IsNotFound: true}))
	add("name server does not answer", org, dial(&net.DNSError{Err: "i/o timeout", Name: "api.atlassian.com", IsTimeout: true}))
	add("name server in trouble", org, dial(&net.DNSError{Err: "server misbehaving", Name: "api.atlassian.com", IsTemporary: true}))
	add("connection refused", org, dial(sys("connect", syscall.ECONNREFUSED)))
	add("no network", org, dial(sys("connect", syscall.ENETUNREACH)))
	add("connection timed out", org, dial(slow{}))
	add("connection reset", org, read(sys("read", syscall.ECONNRESET)))
	add("answer cut off", org, io.ErrUnexpectedEOF)
	add("self-signed certificate", org, badTLS(x509.UnknownAuthorityError{Cert: cert}))
	add("certificate for another name", org, badTLS(x509.HostnameError{Certificate: cert, Host: "api.atlassian.com"}))
	add("certificate expired", org, badTLS(x509.CertificateInvalidError{Cert: cert, Reason: x509.Expired, Detail: "current time 2027-02-01T00:00:00Z is after 2027-01-01T00:00:00Z"}))
	add("certificate not valid yet", org, badTLS(x509.CertificateInvalidError{Cert: cert, Reason: x509.Expired, Detail: "current time 2020-01-01T00:00:00Z is before 2026-01-01T00:00:00Z"}))
	add("certificate unfit", org, badTLS(x509.CertificateInvalidError{Cert: cert, Reason: x509.NotAuthorizedToSign}))
	add("no TLS there", org, tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"})
	add("handshake ended", org, &net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")})
	add("no HTTP there", org, errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0"`))
	add("proxy wants a password", org, errors.New("Proxy Authentication Required"))
	add("proxy refuses", org, &net.OpError{Op: "proxyconnect", Net: "tcp", Err: dial(sys("connect", syscall.ECONNREFUSED))})
	add("site: connection refused", site, dial(sys("connect", syscall.ECONNREFUSED)))
	add("site: self-signed certificate", site, badTLS(x509.UnknownAuthorityError{Cert: cert}))
	return out
}

func answerFailures() []failure {
	var out []failure
	add := func(name string, bend http.RoundTripper) {
		out = append(out, failure{name: name, kind: org, bend: bend})
	}
	add("captive portal", answers(200, "text/html", page))
	add("redirect to a login page", answers(302, "text/html", "", "Location", "https://login.hotel.example/welcome"))
	add("proxy answers 407", answers(407, "text/html", "", "Proxy-Authenticate", "Basic"))
	out[len(out)-1].alike = "proxy wants a password"
	add("firewall's page", answers(403, "text/html", page))
	add("HTML 502", answers(502, "text/html", page))
	add("503", answers(503, jsn, `{"code":503,"message":"Service Unavailable"}`))
	add("500", answers(500, jsn, `{"errors":[{"code":"ADMIN-500-1","detail":"Internal"}]}`))
	add("429", answers(429, jsn, `{"code":429,"message":"Too many"}`, "Retry-After", "600"))
	add("quota used up", answers(429, jsn, `{"code":429,"message":"Too many"}`, "RateLimit-Reason", "jira-quota-global-based", "Retry-After", "3600"))
	add("truncated JSON", answers(200, jsn, `{"data":{"id":"a1b2`))
	add("another shape", answers(200, jsn, `{"data":{"name":"Acme"}}`))
	add("an empty answer", answers(200, jsn, ""))
	add("plain text", answers(200, "text/plain", "ok"))
	add("bad request", answers(400, jsn, `{"errors":[{"code":"ADMIN-400-19","detail":"Syntax"}]}`))
	add("method refused", answers(405, jsn, `{"errors":[{"code":"ADMIN-405-1","detail":"Method not allowed"}]}`))
	add("gone", at("/directories", answers(410, jsn, `{"code":410,"message":"Gone"}`)))
	for name, ahead := range map[string]time.Duration{"clock behind": time.Hour, "clock ahead": -time.Hour} {
		out = append(out, failure{name: name, kind: org, bend: skewed(ahead)})
	}
	slices.SortStableFunc(out[len(out)-2:], func(a, b failure) int { return strings.Compare(a.name, b.name) })
	return out
}

// skewed lets only the first request be answered, with another time, so that the clock is all that is told.
func skewed(ahead time.Duration) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if !strings.HasPrefix(r.URL.Path, "/admin/v1/orgs/") || strings.Count(r.URL.Path, "/") != 4 {
			return nil, nil
		}
		id := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
		return answers(200, jsn, `{"data":{"id":"`+id+`","attributes":{"name":"Acme"}}}`, "Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat)).RoundTrip(r)
	})
}

func siteFailures() []failure {
	owned := func(keep func(sim.PersonState) bool, scopes ...string) func(*sim.World, map[string]string) {
		return func(w *sim.World, v map[string]string) {
			owner := ""
			if keep != nil {
				owner = w.People(1, keep)[0].AccountID
			}
			v["email"], v["api_token"] = w.AddToken(sim.KeyOptions{Owner: owner, Scopes: scopes})
		}
	}
	plain := func(p sim.PersonState) bool {
		return p.Status == "active" && !p.OrgAdmin && len(p.PlatformRoles) == 0 && len(p.Apps) > 0 && len(p.Groups) < 6
	}
	return []failure{
		{name: "wrong API token", kind: site, values: put("api_token", "certainly-wrong")},
		{name: "another's e-mail address", kind: site, values: put("email", "mia@acme.example"), alike: "wrong API token"},
		{name: "token of a deactivated account", kind: site, values: owned(func(p sim.PersonState) bool { return p.Account == "inactive" }), alike: "wrong API token"},
		{name: "token with too few scopes", kind: site, values: owned(nil, "read:jira-work")},
		{name: "IP address not allowed", kind: site, cfg: sim.Config{IPBlocked: true}},
		{name: "deleted site", kind: site, bend: answers(404, "text/html", page)},
		{name: "site without Jira", kind: site, bend: at("/myself", answers(404, jsn, `{"errorMessages":["dead link"]}`)), alike: "deleted site"},
		{name: "a Data Center", kind: site, bend: at("/serverInfo", answers(200, jsn, `{"deploymentType":"Data Center"}`))},
		{name: "not a Jira admin", kind: site, values: owned(plain)},
		{name: "a Jira admin who is no site admin", kind: site, values: owned(nil), bend: at("/myself", answers(200, jsn, `{"accountId":"712020:1","groups":{"size":1,"items":[{"groupId":"x","name":"jira-admins"}]}}`))},
		{name: "site admins not told", kind: site, bend: sometimes("accessType", at("/group/bulk", answers(500, jsn, `{}`)))},
		{name: "may not browse people", kind: site, bend: at("/mypermissions", answers(200, jsn, `{"permissions":{"USER_PICKER":{"havePermission":false}}}`))},
		{name: "people of a site refused", kind: site, bend: at("/users/search", answers(403, jsn, `{"errorMessages":["Browse users and groups permission is required to view users."]}`))},
		{name: "groups of a site refused", kind: site, bend: at("/group/bulk", answers(403, jsn, `{"errorMessages":["Browse users and groups permission is required to view groups."]}`))},
		{name: "site without a cloud ID", kind: site, bend: at("/tenant_info", answers(404, jsn, `{}`))},
		{name: "suspended site", kind: site, bend: answers(503, jsn, `{"errorMessages":["Site is unavailable"]}`), alike: "503"},
		{name: "site redirects", kind: site, bend: answers(302, "text/html", "", "Location", "https://id.atlassian.com/login")},
		{name: "captive portal before a site", kind: site, bend: answers(200, "text/html", page)},
		{name: "too many people at once", kind: site, bend: at("/users/search", answers(409, jsn, `{"errorMessages":["The search took too long"]}`))},
		{name: "passwords instead of tokens", kind: site, bend: at("/myself", answers(401, "text/plain", "Basic authentication with passwords is deprecated.")), alike: "wrong API token"},
	}
}
