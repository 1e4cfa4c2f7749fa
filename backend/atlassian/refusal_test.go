package atlassian

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"seatkeeper/backend/domain"
)

// TestErrorForms goes through the forms in which Atlassian words its refusals.
func TestErrorForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status     int
		body       string
		form       string
		code       domain.Code
		reason     string
		mustSay    string // within message and the chain for the log
		contentTyp string
	}{
		{401, `{"errors":[{"code":"ADMIN-401-2","status":"401","title":"INSUFFICIENT_SCOPE","detail":"Insufficient scope. Create a new API Key"}]}`, "A", domain.Forbidden, "scope", "without scopes", ""},
		{404, `{"errors":[{"id":"x","status":404,"code":"ADMIN-404-8","title":"Not found","detail":"No user"}]}`, "A", domain.NotFound, "gone", "ADMIN-404-8", ""},
		{409, `{"errors":[{"code":"ADMIN-409-3","title":"License"}]}`, "A", domain.Conflict, "license", "seat", ""},
		{400, `{"errors":[{"code":"ADMIN-400-32","title":"Too many breaches"}]}`, "A", domain.Conflict, "license", "seat", ""},
		{400, `{"errors":[{"code":"ADMIN-400-1"}]}`, "A", domain.Stale, "cursor", "", ""},
		{409, `{"errors":[{"code":"ADMIN-409-28"}]}`, "A", domain.Conflict, "changed", "ADMIN-409-28", ""},
		{403, `{"errors":[{"code":"ADMIN-403-7","title":"Forbidden"}]}`, "A", domain.Forbidden, "permission", "ADMIN-403-7", ""},
		{402, `{"errors":[{"code":"ADMIN-UAM-402-1"}]}`, "A", domain.Conflict, "license", "seat", ""},
		{401, `{"code":401,"message":"Unauthorized"}`, "B", domain.AuthFailed, "credential", "expired", ""},
		{429, `{"code":429,"message":"Too many requests"}`, "B", domain.RateLimited, "rate", "wait", ""},
		{403, `{"timestamp":"2026","path":"/admin","status":403,"error":"Forbidden","message":"User has no permission to access resource.","requestId":"r"}`, "C", domain.Forbidden, "permission", "no permission", ""},
		{403, `{"key":"forbidden.action","context":{"allowed":false,"reason":{"key":"externalDirectory.scim"}}}`, "D", domain.Forbidden, "synced", "identity provider", ""},
		{403, `{"key":"forbidden.unclaimedDomain","context":{"domain":"gmail.com"}}`, "D", domain.Forbidden, "not_managed", "verified domain", ""},
		{403, `{"key":"forbidden.insufficientScope","context":{"scope":"manage:org"}}`, "D", domain.Forbidden, "scope", "scopes", ""},
		{404, `{"key":"accountNotFound"}`, "D", domain.NotFound, "gone", "accountNotFound", ""},
		{400, `[{"code":"BAD","message":"no","link":"x"}]`, "E", domain.Invalid, "request", "BAD", ""},
		{403, `{"errorMessages":["The IP address has been rejected because it is not on the allowed list. See your admin."],"errors":{}}`, "F", domain.Forbidden, "ip_allowlist", "allowlist", ""},
		{400, `{"errorMessages":[],"errors":{"email":"already exists"},"status":400}`, "F", domain.Invalid, "request", "already exists", ""},
		{400, `{"errorMessages":["You have exceeded your license limit."],"errors":{}}`, "F", domain.Conflict, "license", "seat", ""},
		{404, `{"statusCode":404,"data":{},"message":"No group"}`, "F", domain.NotFound, "gone", "No group", ""},
		{401, `{"message":"Client must be authenticated to access this resource.","status-code":401}`, "G", domain.AuthFailed, "credential", "expired", ""},
		{401, `{"code":401,"message":"Unauthorized; scope does not match"}`, "B", domain.Forbidden, "scope", "scopes", ""},
		{400, `{"schemas":["urn:x"],"status":"400","scimType":"invalidValue","detail":"bad"}`, "H", domain.Invalid, "request", "bad", ""},
		{401, `Client must be authenticated to access this resource.`, "I", domain.AuthFailed, "credential", "expired", "text/plain"},
		{401, ``, "I", domain.AuthFailed, "credential", "", ""},
		{403, `<html><body>Blocked</body></html>`, "I", domain.Unreachable, "html", "web page", "text/html"},
		{502, `<html>`, "I", domain.Unreachable, "html", "web page", "text/html"},
		{500, `{"errors":[{"code":"ADMIN-500-1"}]}`, "A", domain.Unreachable, "server", "500", ""},
		{415, ``, "I", domain.Internal, "request", "415", ""},
		{405, `{}`, "I", domain.Internal, "request", "405", ""},
		{407, ``, "I", domain.Unreachable, "proxy", "proxy", ""},
		{418, `{"errors":{}}`, "F", domain.Invalid, "request", "418", ""},
		{400, `{"errors":[{"code":400,"title":7,"detail":null}]}`, "A", domain.Invalid, "request", "400", ""},
		{400, `{"errors":[]}`, "F", domain.Invalid, "request", "400", ""},
		{400, `{"errors":"no"}`, "F", domain.Invalid, "request", "400", ""},
		{400, `{"truncated":`, "I", domain.Invalid, "request", "400", ""},
	} {
		kind := c.contentTyp
		if kind == "" {
			kind = "application/json"
		}
		if d := decodeError(kind, []byte(c.body)); d.form != c.form {
			t.Errorf("%d %s: form %s, want %s", c.status, c.body, d.form, c.form)
		}
		a := answer{
			host: "api.atlassian.com", status: c.status, header: http.Header{"Content-Type": {kind}}, body: []byte(c.body),
			mask: func(s string) string { return s },
		}
		e := a.refusal()
		if e.Code != c.code || e.Reason != c.reason {
			t.Errorf("%d %s: %s/%s, want %s/%s", c.status, c.body, e.Code, e.Reason, c.code, c.reason)
		}
		if all := e.Error() + e.Hint; !strings.Contains(all, c.mustSay) {
			t.Errorf("%d %s: %q says nothing of %q", c.status, c.body, all, c.mustSay)
		}
		if strings.Contains(e.Message, "<") {
			t.Errorf("%d: markup in the message %q", c.status, e.Message)
		}
	}
}

func FuzzErrorDecoding(f *testing.F) {
	for _, s := range []string{
		`{"errors":[{"code":"ADMIN-401-2"}]}`, `[{"code":1}]`, `{"key":"forbidden","context":{"reason":{"key":"x"}}}`,
		`{"errorMessages":["a"],"errors":{"b":"c"}}`, `<html>`, ``, `null`, `[null]`, `{"errors":[null]}`, "\xff\u202e",
	} {
		f.Add(403, "application/json", s)
	}
	f.Fuzz(func(t *testing.T, status int, kind, body string) {
		a := answer{
			host: "h", status: status, header: http.Header{"Content-Type": {kind}}, body: []byte(body),
			mask: func(s string) string { return s },
		}
		if status/100 == 2 {
			return
		}
		e := a.refusal()
		if e.Code == "" || e.Message == "" {
			t.Fatalf("empty error: %+v", e)
		}
		for _, text := range []string{e.Message, e.Hint, e.Error()} {
			if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r != utf8.RuneError && domain.Visible(string(r)) != string(r) }) {
				t.Fatalf("unsafe text %q", text)
			}
			if len(text) > 4096 {
				t.Fatalf("%d bytes of text", len(text))
			}
		}
	})
}

func TestCut(t *testing.T) {
	t.Parallel()
	if got := cut("ää"+strings.Repeat("x", 20), 12); len(got) > 12 || !utf8.ValidString(got) {
		t.Errorf("cut: %q", got)
	}
}
