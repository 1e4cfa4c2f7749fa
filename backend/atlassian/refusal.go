package atlassian

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"seatkeeper/backend/domain"
)

// The reasons within a code that callers ask for.
const (
	reasonScope     = "scope"
	reasonAllowlist = "ip_allowlist"
	reasonSynced    = "synced"
	reasonUnmanaged = "not_managed"
	reasonLicense   = "license"
	reasonCursor    = "cursor"
	reasonContract  = "contract"
)

const atlassianItself = "Atlassian"

// answer is one answer that has to be judged.
type answer struct {
	host   string
	party  string // who answers, in words: "Atlassian", or "Jira" for a server of one's own
	status int
	header http.Header
	body   []byte
	wait   time.Duration // how long the gate stays closed because of it
	quota  bool
	write  bool // it answers a change
	mask   func(string) string
}

// isJSON tells whether the body is meant as JSON. Some answers lack the type, so the first character decides then.
func (a answer) isJSON() bool {
	body := bytes.TrimSpace(a.body)
	if len(body) == 0 {
		return false
	}
	kind, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	if strings.Contains(kind, "html") {
		return false
	}
	return body[0] == '{' || body[0] == '[' || strings.Contains(kind, "json")
}

// foreign is the error for a "success" that Atlassian did not send: a login page of a network, or nothing.
func (a answer) foreign() *domain.Error {
	d := decodeError(a.header.Get("Content-Type"), a.body)
	if len(bytes.TrimSpace(a.body)) == 0 {
		return contract("it is empty")
	}
	if d.isHTML {
		return &domain.Error{
			Code: domain.Unreachable, Reason: "captive_portal",
			Message: "Something between this computer and " + a.host + " answered with a web page.",
			Hint:    "A hotel or guest network may want you to sign in: open a browser, then try again.",
		}
	}
	return contract("it is no JSON")
}

// refusal turns an answer that is no success into an error.
func (a answer) refusal() *domain.Error {
	d := decodeError(a.header.Get("Content-Type"), a.body)
	e := a.classify(d)
	if said := a.said(d); said != "" {
		e.Err = fmt.Errorf("status %d: %s", a.status, said) //nolint:err113 // the server's own words, for the log
	} else {
		e.Err = fmt.Errorf("status %d", a.status) //nolint:err113 // as above
	}
	return e
}

// said is the server's own text, safe to show.
func (a answer) said(d details) string {
	parts := []string{d.code, d.key, d.title, d.text}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return cut(domain.Visible(a.mask(strings.Join(parts, ": "))), 300)
}

func (a answer) classify(d details) *domain.Error {
	all := d.all()
	switch {
	case a.status/100 == 3 && strings.HasPrefix(a.header.Get("Location"), "/") && !strings.HasPrefix(a.header.Get("Location"), "//"):
		return &domain.Error{
			Code: domain.Unreachable, Reason: "own_page",
			Message: a.host + " sent the request on to a page of its own instead of answering it.",
			Hint:    "It may want a sign-in with the browser first. Check the address.",
		}
	case a.status/100 == 3:
		return &domain.Error{
			Code: domain.Unreachable, Reason: "redirect",
			Message: fmt.Sprintf("%s sent the request on to %s; Seatkeeper does not follow.", a.host, hostOf(a.header.Get("Location"))),
			Hint:    "The credential is not shown to another host. Check the address; a guest network may also want you to sign in.",
		}
	case a.status == http.StatusProxyAuthRequired:
		return &domain.Error{
			Code: domain.Unreachable, Reason: "proxy",
			Message: "The network's proxy asks for a password.",
			Hint:    "Set HTTPS_PROXY with the user name and password for the proxy.",
		}
	case a.status == http.StatusTooManyRequests:
		return a.throttled()
	case (a.status == http.StatusUnauthorized || a.status == http.StatusForbidden) && isCaptcha(a.header):
		return &domain.Error{
			Code: domain.AuthFailed, Reason: "captcha",
			Message: "Jira wants this account to solve a captcha, because signing in failed too often.",
			Hint:    "Sign in to Jira once in the browser and solve it there, then try again.",
		}
	case a.status >= 500 && d.isHTML, a.status < 500 && d.isHTML && a.status != http.StatusNotFound && a.status != http.StatusUnauthorized:
		return &domain.Error{
			Code: domain.Unreachable, Reason: "html",
			Message: fmt.Sprintf("%s answered with a web page (status %d).", a.host, a.status),
			Hint:    "A proxy or firewall may be in between, or Atlassian is having trouble. Try again.",
		}
	case a.status >= 500:
		return &domain.Error{
			Code: domain.Unreachable, Reason: "server", RetryAfter: a.wait,
			Message: fmt.Sprintf("%s had an internal error (status %d).", a.party, a.status),
			Hint:    "Try again in a few minutes; status.atlassian.com shows known trouble.",
		}
	case isScope(d, all) && (a.status == http.StatusUnauthorized || a.status == http.StatusForbidden):
		return &domain.Error{
			Code: domain.Forbidden, Reason: reasonScope,
			Message: "The key or token has scopes that do not allow this.",
			Hint:    "Make a new API key without scopes and put it in.",
		}
	case a.status == http.StatusUnauthorized:
		return &domain.Error{
			Code: domain.AuthFailed, Reason: "credential",
			Message: a.party + " does not accept the key or token: it is wrong, expired or revoked.",
			Hint:    "Make a new one and put it in.",
		}
	case a.status == http.StatusForbidden:
		return a.forbidden(d, all)
	}
	return a.wrongRequest(d, all)
}

// isCaptcha tells whether Jira asks for a captcha, which no program can solve.
func isCaptcha(h http.Header) bool {
	return strings.EqualFold(h.Get("X-Seraph-LoginReason"), "AUTHENTICATION_DENIED") ||
		strings.HasPrefix(strings.ToUpper(h.Get("X-Authentication-Denied-Reason")), "CAPTCHA")
}

func isScope(d details, all string) bool {
	return d.code == "ADMIN-401-2" || strings.Contains(all, "insufficient_scope") ||
		strings.Contains(all, "insufficientscope") || strings.Contains(all, "scope does not match")
}

func (a answer) throttled() *domain.Error {
	e := &domain.Error{
		Code: domain.RateLimited, Reason: "rate", RetryAfter: a.wait,
		Message: a.party + " asks to wait before the next request.",
		Hint:    "Try again later.",
	}
	if a.wait > 0 {
		e.Message = fmt.Sprintf("%s asks to wait %s before the next request.", a.party, waitInWords(a.wait))
	}
	if a.quota {
		e.Reason = "quota"
		e.Message = "Atlassian's quota for this organization is used up."
	}
	return e
}

func (a answer) forbidden(d details, all string) *domain.Error {
	switch {
	case strings.Contains(all, "not on the allowed list"):
		return &domain.Error{
			Code: domain.Forbidden, Reason: reasonAllowlist,
			Message: "This computer's IP address is not on the site's allowlist.",
			Hint:    "Connect from an allowed network (VPN), or ask the admin to add this address.",
		}
	case strings.Contains(all, "externaldirectory."):
		return &domain.Error{
			Code: domain.Forbidden, Reason: reasonSynced,
			Message: "It is managed by the identity provider and cannot be changed here.",
			Hint:    "Make the change in the identity provider.",
		}
	case strings.Contains(all, "unclaimeddomain"), strings.Contains(all, "targetunverified"):
		return &domain.Error{
			Code: domain.Forbidden, Reason: reasonUnmanaged,
			Message: "The account does not belong to a verified domain of the organization.",
			Hint:    "Suspend its access instead.",
		}
	}
	e := &domain.Error{
		Code: domain.Forbidden, Reason: "permission",
		Message: "The key or token may not do this.",
		Hint:    "It needs an organization admin, or for a site a Jira or site admin.",
	}
	if said := a.said(d); said != "" {
		e.Message = a.party + " refused: " + said
	}
	if a.party != atlassianItself {
		e.Hint = "It needs an administrator of " + a.party + "."
	}
	return e
}

// wrongRequest covers the other refusals: gone, seats, conflicts, and requests that Atlassian finds wrong.
func (a answer) wrongRequest(d details, all string) *domain.Error {
	said := a.said(d)
	if said == "" {
		said = fmt.Sprintf("status %d", a.status)
	}
	switch {
	case a.status == http.StatusPaymentRequired,
		(a.status == http.StatusBadRequest || a.status == http.StatusConflict) && isLicense(d, all):
		return &domain.Error{
			Code: domain.Conflict, Reason: reasonLicense,
			Message: "There is no free seat: " + said,
			Hint:    "Free a seat or buy more, then try again.",
		}
	case a.status == http.StatusNotFound, a.status == http.StatusGone:
		return &domain.Error{
			Code: domain.NotFound, Reason: "gone",
			Message: "It is no longer there (" + said + ").", Hint: "Sync to see the present state.",
		}
	case a.status == http.StatusConflict:
		return &domain.Error{
			Code: domain.Conflict, Reason: "changed",
			Message: a.party + " reports a conflict: " + said, Hint: "Sync to see the present state, then try again.",
		}
	case d.code == "ADMIN-400-1" && !a.write:
		return &domain.Error{Code: domain.Stale, Reason: reasonCursor, Message: "The list changed while it was read.", Hint: "Try again."}
	case a.status == http.StatusMethodNotAllowed, a.status == http.StatusUnsupportedMediaType:
		return &domain.Error{
			Code: domain.Internal, Reason: "request",
			Message: a.party + " did not understand the request: " + said, Hint: "This is a defect of Seatkeeper; please report it.",
		}
	}
	return &domain.Error{
		Code: domain.Invalid, Reason: "request", Message: a.party + " refused the request: " + said,
		Hint: "Check what was filled in; if it looks right, please report it.",
	}
}

func isLicense(d details, all string) bool {
	switch d.code {
	case "ADMIN-409-3", "ADMIN-UAM-409-3", "ADMIN-400-32", "ADMIN-UAM-402-1":
		return true
	}
	return strings.Contains(all, "licen") // spelled either way
}

// contract is the error for an answer of the wrong shape: nothing of it is used.
func contract(what string) *domain.Error { return contractBecause(what, nil) }

func contractBecause(what string, err error) *domain.Error {
	e := &domain.Error{
		Code: domain.Internal, Reason: reasonContract,
		Message: "Atlassian's answer was not understood: " + what + ".",
		Hint:    "Try again; if it stays so, look for a newer Seatkeeper.",
	}
	if err != nil {
		// A JSON error can quote the text that it stumbled over.
		e.Err = fmt.Errorf("%s", cut(domain.Visible(err.Error()), 200)) //nolint:err113 // made safe to print
	}
	return e
}

// Contract is the error of a caller that finds an answer's content impossible.
func Contract(what string) *domain.Error { return contract(what) }

func sortedKeys(m map[string]json.RawMessage) []string { return slices.Sorted(maps.Keys(m)) }
