package atlassian

import (
	"net/url"
	"regexp"
	"strings"

	"seatkeeper/backend/domain"
)

// The only forms of address that a credential may be sent to. They are matched against the whole text as it was typed, before any
// URL parser has a chance to read it differently than another one.
var (
	sitePattern     = regexp.MustCompile(`^(?:[hH][tT][tT][pP][sS]://)?([a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)\.[aA][tT][lL][aA][sS][sS][iI][aA][nN]\.[nN][eE][tT]/?$`)
	loopbackPattern = regexp.MustCompile(`^https?://127\.0\.0\.1:[1-9][0-9]{0,4}$`)
	idPattern       = regexp.MustCompile(`^[a-zA-Z0-9_|:\-]{1,128}$`)
)

// SiteURL normalizes the address of a Jira Cloud site to https://NAME.atlassian.net. Anything else is refused as Invalid: user names,
// ports, paths, other hosts, look-alike letters. With allowLoopback (a simulated Atlassian) http://127.0.0.1:PORT passes too.
func SiteURL(typed string, allowLoopback bool) (string, error) {
	if allowLoopback && loopbackPattern.MatchString(typed) {
		return typed, nil
	}
	m := sitePattern.FindStringSubmatch(typed)
	if m == nil || strings.HasPrefix(strings.ToLower(m[1]), "xn--") {
		return "", &domain.Error{
			Code: domain.Invalid, Reason: "host", Message: notASite(typed),
			Hint: "It looks like https://your-site.atlassian.net, with nothing before or after it.",
		}
	}
	return "https://" + strings.ToLower(m[1]) + ".atlassian.net", nil
}

// notASite says what is wrong with a text that is no site's address. It is for the message only: whatever it finds, the text was refused.
func notASite(typed string) string {
	const generic = "This is not the address of a Jira Cloud site"
	lower := strings.ToLower(strings.TrimSpace(typed))
	rest, secure := strings.CutPrefix(lower, "https://")
	name, after, _ := strings.Cut(rest, ".atlassian.net")
	switch {
	case strings.HasPrefix(lower, "http://"):
		return generic + ": it begins with http://, and a token is sent encrypted only."
	case strings.Contains(lower, "@"):
		return generic + ": there is an @ in it."
	case strings.Contains(lower, "xn--"):
		return generic + ": names with special letters (xn--) do not exist there."
	case strings.IndexFunc(lower, func(r rune) bool { return r > 0x7e || r <= ' ' }) >= 0:
		return generic + ": there is a blank, an invisible or a foreign character in it."
	case strings.Contains(lower, "://") && !secure:
		return generic + ": it must begin with https://."
	case strings.HasPrefix(after, ":"):
		return generic + ": a site has no port."
	case strings.HasPrefix(after, "/") && !strings.Contains(name, "/"):
		return generic + ": leave out what comes after .atlassian.net."
	case strings.Contains(name, ".") || !strings.Contains(rest, "atlassian.net"):
		return generic + ": these end with .atlassian.net, with one name before."
	}
	return generic + "."
}

// APIBase checks the address of the organization API: the constant itself, or a simulated one at http://127.0.0.1:PORT.
// "" stands for the constant.
func APIBase(base, constant string) (string, error) {
	if base == "" || base == constant {
		return constant, nil
	}
	if loopbackPattern.MatchString(base) {
		return base, nil
	}
	return "", &domain.Error{
		Code:    domain.Invalid,
		Reason:  "host",
		Message: "Keys of an organization are sent to api.atlassian.com only.",
		Hint:    "A simulator must listen on 127.0.0.1.",
	}
}

// CheckID refuses an id that cannot be Atlassian's, before it becomes part of a path. what names it in the message ("account id").
func CheckID(what, id string) error {
	if idPattern.MatchString(id) {
		return nil
	}
	return &domain.Error{
		Code: domain.Invalid, Reason: "id", Effect: domain.NotApplied,
		Message: "The " + what + " " + quote(id) + " is not one of Atlassian's.",
		Hint:    "Sync the source again.",
	}
}

// quote shows foreign text inside a message.
func quote(s string) string { return `"` + cut(domain.Visible(s), 80) + `"` }

// hostOf names the host of an address for a message.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "another address"
	}
	return cut(domain.Visible(u.Host), 120)
}
