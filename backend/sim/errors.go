package sim

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The bodies of refusals, in Atlassian's several forms. The letters are those of BodyForm.

type adminErrors struct {
	Errors []adminErrorItem `json:"errors"`
}

type adminErrorItem struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	Code   string `json:"code"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
}

type proxyError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

type noPermissionError struct {
	Timestamp string `json:"timestamp"`
	Path      string `json:"path"`
	Status    int    `json:"status"`
	Error     string `json:"error"`
	Message   string `json:"message"`
	RequestID string `json:"requestId"`
}

type keyError struct {
	Key     string `json:"key"`
	Context any    `json:"context,omitempty"`
}

type listError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Link    string `json:"link"`
}

type jiraError struct {
	ErrorMessages []string          `json:"errorMessages"`
	Errors        map[string]string `json:"errors"`
}

type gatewayError struct {
	Message    string `json:"message"`
	StatusCode int    `json:"status-code"`
}

// adminError is form A, of the Organizations API.
func adminError(status int, code, detail string) reply {
	return reply{status: status, value: adminErrors{[]adminErrorItem{{
		ID: "5d2f1e0c-" + strconv.Itoa(status), Status: strconv.Itoa(status), Code: code, Title: http.StatusText(status), Detail: detail,
	}}}}
}

// jiraRefusal is form F, of the sites.
func jiraRefusal(status int, messages ...string) reply {
	return reply{status: status, value: jiraError{messages, map[string]string{}}}
}

func keyRefusal(status int, key string, context any) reply {
	return reply{status: status, value: keyError{key, context}}
}

func noContent() reply { return reply{status: http.StatusNoContent} }

func ok(v any) reply { return reply{status: http.StatusOK, value: v} }

// form makes a refusal in a given form; FormAuto is the form of the call's family.
func (c *call) form(status int, form BodyForm) reply {
	text := http.StatusText(status)
	if form == FormAuto {
		switch {
		case c.site >= 0, c.dc != nil:
			form = FormJira
		case c.route != nil && c.route.auth == authManage:
			form = FormKey
		case status == http.StatusTooManyRequests || status == http.StatusUnauthorized || status >= 502:
			form = FormProxy
		default:
			form = FormErrors
		}
	}
	switch form {
	case FormErrors:
		return adminError(status, "ADMIN-"+strconv.Itoa(status)+"-1", text)
	case FormProxy:
		return reply{status: status, value: proxyError{status, text}}
	case FormForbidden:
		return reply{status: status, value: noPermissionError{
			time.Now().UTC().Format(time.RFC3339), c.path, status, text, "User has no permission to access resource.", "8c1f0a77b2d94e51",
		}}
	case FormKey:
		key, known := map[int]string{401: "unauthorized", 403: "forbidden", 404: "accountNotFound"}[status]
		if !known {
			key = "error"
		}
		return keyRefusal(status, key, nil)
	case FormList:
		return reply{status: status, value: []listError{{strconv.Itoa(status), text, "https://developer.atlassian.com/"}}}
	case FormGateway:
		return reply{status: status, value: gatewayError{text, status}}
	case FormText:
		return plain(status, "text/plain;charset=UTF-8", text)
	case FormHTML:
		return plain(status, "text/html;charset=UTF-8", "<html><head><title>"+text+"</title></head><body><h1>"+text+"</h1></body></html>")
	case FormEmpty:
		return reply{status: status, body: []byte{}}
	default:
		return jiraRefusal(status, text)
	}
}

func plain(status int, contentType, text string) reply {
	return reply{status: status, header: http.Header{"Content-Type": {contentType}}, body: []byte(text)}
}

// notFound answers a path that no call has.
func (c *call) notFound() reply {
	if c.dc != nil {
		return c.dcNotFound()
	}
	if c.site >= 0 {
		return plain(http.StatusNotFound, "text/html;charset=UTF-8", "<html><body>Oops, you&#39;ve found a dead link.</body></html>")
	}
	if c.w.cfg.DeadGone && deadCall(c.path) {
		return reply{status: http.StatusGone, value: proxyError{http.StatusGone, "Gone"}}
	}
	return reply{status: http.StatusNotFound, value: proxyError{http.StatusNotFound, "Not Found"}}
}

// deadCall tells whether a path is one of the calls that Atlassian switched off on 2026-06-30.
func deadCall(path string) bool {
	if !strings.HasPrefix(path, "/admin/v1/orgs/") || strings.HasSuffix(path, "/last-active-dates") {
		return false
	}
	return strings.HasSuffix(path, "/users/search") || strings.HasSuffix(path, "/groups/search") || strings.HasSuffix(path, "/users/invite") ||
		strings.Contains(path, "/directory/users/") || strings.Contains(path, "/directory/groups")
}

// unsupported answers a POST without a JSON body.
func (c *call) unsupported() reply {
	if c.site >= 0 || c.dc != nil {
		return reply{status: http.StatusUnsupportedMediaType, body: []byte{}}
	}
	return adminError(http.StatusUnsupportedMediaType, "ADMIN-415-1", "Content-Type must be application/json")
}
