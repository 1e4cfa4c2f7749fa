package source_test

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/sim"
)

const dc = domain.KindJiraDC

// dataCenterFailures are those of a server that a company runs itself.
func dataCenterFailures() []failure {
	var list []failure
	add := func(f failure) {
		f.kind = dc
		f.name = "Data Center: " + f.name
		list = append(list, f)
	}
	for _, f := range dataCenterTyped() {
		add(f)
	}
	for _, f := range dataCenterTokens() {
		add(f)
	}
	for _, f := range dataCenterWays() {
		add(f)
	}
	for _, f := range dataCenterAnswers() {
		add(f)
	}
	return list
}

func dataCenterTyped() []failure {
	here := func(name string) func(*sim.World, map[string]string) {
		return func(_ *sim.World, v map[string]string) {
			v["ca_file"], _ = filepath.Abs(filepath.Join("testdata", name))
		}
	}
	return []failure{
		{name: "http", values: put("base_url", "http://jira.acme.example/jira")},
		{name: "the address of a page", values: put("base_url", "https://jira.acme.example/jira/secure/Dashboard.jspa")},
		{name: "the address of a cloud site", values: put("base_url", "https://acme.atlassian.net")},
		{name: "a port that is none", values: put("base_url", "https://jira.acme.example:70000")},
		{name: "half a token", values: put("token", "MDEy")},
		{name: "authority's file not a full path", values: put("ca_file", "company-ca.pem")},
		{name: "authority's file not there", values: put("ca_file", "/does/not/exist.pem")},
		{name: "authority's file is a folder", values: here(".")},
		{name: "authority's file without a certificate", values: here("capabilities.md")},
		{name: "authority's file is another authority's", values: here("authority.pem"), bend: fails(badTLS(x509.UnknownAuthorityError{Cert: issued("Acme CA", "jira.acme.example")}))},
	}
}

func issued(by, name string) *x509.Certificate {
	return &x509.Certificate{Issuer: pkix.Name{CommonName: by}, Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}}
}

func dataCenterTokens() []failure {
	of := func(keep func(sim.DataCenterUser) bool) func(*sim.World, map[string]string) {
		return func(w *sim.World, v map[string]string) {
			u := w.DataCenterUsers(0, 1, func(u sim.DataCenterUser) bool { return !u.Admin && keep(u) })[0]
			v["token"] = w.AddDataCenterToken(0, u.Key)
		}
	}
	denied := answers(401, jsn, `{"message":"Client must be authenticated to access this resource.","status-code":401}`, "X-Seraph-LoginReason", "AUTHENTICATION_DENIED",
		"X-Authentication-Denied-Reason", "CAPTCHA_CHALLENGE; login-url=https://jira.acme.example/jira/login.jsp")
	return []failure{
		{name: "wrong token", values: put("token", "certainly-wrong")},
		{name: "expired or revoked token", set: func(w *sim.World) { w.RevokeDataCenterToken(0, w.DataCenters()[0].Token) }, alike: "Data Center: wrong token"},
		{name: "token of an inactive user", values: of(func(u sim.DataCenterUser) bool { return !u.Active }), alike: "Data Center: wrong token"},
		{name: "Jira before 8.14, which knows no tokens", bend: at("/myself", answers(401, "text/html", page, "X-Seraph-LoginReason", "AUTHENTICATED_FAILED")), alike: "Data Center: wrong token"},
		{name: "captcha after failed sign-ins", bend: at("/myself", denied)},
		{name: "captcha told with a 403 page", bend: at("/myself", answers(403, "text/html", page, "X-Seraph-LoginReason", "AUTHENTICATION_DENIED")), alike: "Data Center: captcha after failed sign-ins"},
		{name: "not a Jira administrator", values: of(func(u sim.DataCenterUser) bool { return u.Active })},
		{name: "tokens are switched off", bend: at("/myself", answers(403, jsn, `{"message":"Personal access tokens are disabled"}`))},
		{name: "rights are not told", bend: at("/mypermissions", answers(403, jsn, `{"errorMessages":["Not permitted"]}`))},
		{name: "people refused", bend: at("/user/list", answers(403, jsn, `{"errorMessages":["No permission to list users"]}`))},
		{name: "groups refused", bend: at("/groups/picker", answers(403, jsn, `{"errorMessages":["No permission to browse users"]}`))},
		{name: "members refused", bend: at("/group/member", answers(403, jsn, `{"errorMessages":["No permission to see members"]}`))},
	}
}

func dataCenterWays() []failure {
	self := issued("jira.acme.example", "jira.acme.example")
	way := func(name string, err error) failure { return failure{name: name, bend: fails(err)} }
	return []failure{
		way("self-signed certificate", badTLS(x509.UnknownAuthorityError{Cert: self})),
		way("certificate of the company's own authority", badTLS(x509.UnknownAuthorityError{Cert: issued("Acme CA", "jira.acme.example")})),
		way("certificate for another name", badTLS(x509.HostnameError{Certificate: issued("Acme CA", "intranet.acme.example"), Host: "jira.acme.example"})),
		way("certificate expired", badTLS(x509.CertificateInvalidError{Cert: self, Reason: x509.Expired, Detail: "current time 2027-02-01T00:00:00Z is after 2027-01-01T00:00:00Z"})),
		way("certificate not valid yet", badTLS(x509.CertificateInvalidError{Cert: self, Reason: x509.Expired, Detail: "current time 2020-01-01T00:00:00Z is before 2026-01-01T00:00:00Z"})),
		way("no TLS there", tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}),
		way("TLS too old", &net.OpError{Op: "remote error", Err: errors.New("tls: protocol version not supported")}),
		way("name not found", dial(&net.DNSError{Err: "no such host", Name: "jira.acme.example", IsNotFound: true})),
		way("connection refused", dial(sys("connect", syscall.ECONNREFUSED))),
		way("no route without the VPN", dial(sys("connect", syscall.EHOSTUNREACH))),
		way("connection timed out", dial(slow{})),
		{name: "proxy refuses", bend: fails(&net.OpError{Op: "proxyconnect", Net: "tcp", Err: dial(sys("connect", syscall.ECONNREFUSED))}), alike: "proxy refuses"},
		way("answer cut off", net.ErrClosed),
	}
}

func dataCenterAnswers() []failure {
	always := func(name string, answer http.RoundTripper) failure { return failure{name: name, bend: answer} }
	info := func(kind string) http.RoundTripper {
		return at("/serverInfo", answers(200, jsn, `{"deploymentType":"`+kind+`","version":"11.0.1"}`))
	}
	list := []failure{
		{name: "wrong context path", values: put("base_url", "https://jira.acme.example")},
		always("login page instead of data", answers(200, "text/html", `<!doctype html><html><head><title>Log in - Acme Jira</title></head><body><form action="/jira/login.jsp"></form></body></html>`)),
		{name: "guest network's page", bend: answers(200, "text/html", page), alike: "Data Center: login page instead of data"},
		always("sent on to its own sign-in page", answers(302, "text/html", "", "Location", "/jira/login.jsp?os_destination=%2Frest")),
		always("sent on to another host", answers(302, "text/html", "", "Location", "https://sso.acme.example/adfs")),
		{name: "proxy wants a password", bend: answers(407, "text/html", "", "Proxy-Authenticate", "Basic"), alike: "proxy wants a password"},
		always("proxy cannot reach Jira", answers(502, "text/html", page)),
		always("Jira is starting", answers(503, jsn, `{"message":"Jira is starting"}`)),
		always("firewall's page", answers(403, "text/html", page)),
		always("rate limit", answers(429, jsn, `{"message":"Rate limit exceeded."}`, "Retry-After", "900")),
		always("plain text", answers(200, "text/plain", "It works!")),
		always("truncated JSON", answers(200, jsn, `{"key":"JIRAUS`)),
		always("another program's JSON", answers(200, jsn, `{"hello":"world"}`)),
		{name: "Jira Cloud behind the address", bend: info("Cloud")},
		{name: "another product of Atlassian's", bend: info("Confluence")},
		{name: "serverInfo refused", bend: at("/serverInfo", answers(403, jsn, `{"errorMessages":["Forbidden by the proxy"]}`))},
		{name: "old version with more than 1,000 people", cfg: sim.Config{People: 1200, DataCenter: sim.DataCenterConfig{NoUserList: true}}},
		{name: "more groups than Jira shows at once", cfg: sim.Config{Groups: 40, DataCenter: sim.DataCenterConfig{PickerLimit: 20}}},
	}
	for _, c := range []struct {
		name  string
		ahead time.Duration
	}{{"clock ahead", -time.Hour}, {"clock behind", time.Hour}} {
		list = append(list, failure{name: c.name, bend: roundTripper(func(r *http.Request) (*http.Response, error) {
			if !strings.HasSuffix(r.URL.Path, "/serverInfo") {
				return nil, nil
			}
			return answers(200, jsn, `{"deploymentType":"Data Center","version":"11.0.1","serverTitle":"Acme Jira"}`, "Date", time.Now().Add(c.ahead).UTC().Format(http.TimeFormat)).RoundTrip(r)
		})})
	}
	return list
}
