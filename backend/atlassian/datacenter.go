package atlassian

import (
	"net"
	"regexp"
	"strings"

	"seatkeeper/backend/domain"
)

// The forms of address that a Data Center token may be sent to, matched against the whole text as it was typed.
var (
	dataCenterPattern = regexp.MustCompile(`^(?i:(https?)://)([a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?|\[[0-9a-fA-F:]{2,45}\])(?::([1-9][0-9]{0,4}))?((?:/[A-Za-z0-9._~-]+)*)/?$`)
	labelPattern      = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$`)
)

// DataCenterURL normalizes the address of a Jira Data Center instance to scheme, host, port and context path, without a slash at its end.
// Anything else is refused as Invalid: http, user names, queries, look-alike letters, addresses of pages. With allowLoopback
// (a simulated Atlassian) http://127.0.0.1:PORT passes too.
func DataCenterURL(typed string, allowLoopback bool) (string, error) {
	m := dataCenterPattern.FindStringSubmatch(typed)
	if m == nil {
		return "", notDataCenter("This is not an address at which Jira Data Center can be.", "It looks like https://jira.example.com or https://example.com/jira.")
	}
	scheme, host, port, path := strings.ToLower(m[1]), strings.ToLower(m[2]), m[3], m[4]
	loopback := allowLoopback && host == "127.0.0.1" && port != ""
	if scheme == "http" && !loopback {
		return "", notDataCenter("The address must begin with https://: over http anybody on the way could read the token.",
			"Ask who runs Jira to offer it over https.")
	}
	switch {
	case strings.HasSuffix(host, ".atlassian.net"), strings.HasSuffix(host, ".atlassian.com"):
		return "", notDataCenter("This is an address of Atlassian's cloud, not of a Data Center instance.", "Choose the kind of source \"Jira Cloud site\".")
	case len(port) == 5 && port > "65535":
		return "", notDataCenter("This is not a port.", "Ports go up to 65535.")
	case !isHost(host):
		return "", notDataCenter("This is not the name of a host.", "Copy the address from the browser's address line.")
	}
	for segment := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		switch {
		case strings.Trim(segment, ".") == "" && segment != "":
			return "", notDataCenter("The address has dots in place of a path.", "Copy the address from the browser's address line.")
		case isPage(segment):
			return "", notDataCenter("This is the address of a page within Jira.", "Leave away what follows the host, or the host and Jira's own path: https://example.com/jira.")
		}
	}
	if port != "" && (scheme != "https" || port != "443") {
		host += ":" + port
	}
	return scheme + "://" + host + path, nil
}

// isHost tells whether a lower-case name is an IP address or a name whose labels DNS allows. Names that look like an address of
// another spelling (0x7f000001, 127.1) are refused: resolvers differ about them.
func isHost(host string) bool {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		return net.ParseIP(strings.TrimSuffix(inner, "]")) != nil
	}
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if !labelPattern.MatchString(label) || strings.HasPrefix(label, "xn--") {
			return false
		}
	}
	if last := labels[len(labels)-1]; last[0] >= '0' && last[0] <= '9' {
		return net.ParseIP(host) != nil
	}
	return true
}

// isPage tells whether a part of a path belongs to a page of Jira and not to where Jira is.
func isPage(segment string) bool {
	switch strings.ToLower(segment) {
	case "browse", "secure", "rest", "projects", "issues", "plugins", "login.jsp":
		return true
	}
	return strings.HasSuffix(strings.ToLower(segment), ".jspa")
}

func notDataCenter(message, hint string) *domain.Error {
	return &domain.Error{Code: domain.Invalid, Reason: "host", Message: message, Hint: hint}
}
