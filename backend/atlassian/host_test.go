package atlassian

import (
	"strings"
	"testing"

	"seatkeeper/backend/source/sourcetest"
)

func TestSiteURL(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"https://acme.atlassian.net":  "https://acme.atlassian.net",
		"https://acme.atlassian.net/": "https://acme.atlassian.net",
		"acme.atlassian.net":          "https://acme.atlassian.net",
		"HTTPS://Acme.Atlassian.NET":  "https://acme.atlassian.net",
		"a.atlassian.net":             "https://a.atlassian.net",
		"a-1.atlassian.net":           "https://a-1.atlassian.net",
	} {
		if got, err := SiteURL(typed, false); err != nil || got != want {
			t.Errorf("SiteURL(%q) = %q, %v", typed, got, err)
		}
	}
	for _, typed := range sourcetest.HostileSites() {
		for _, loopback := range []bool{false, true} {
			if got, err := SiteURL(typed, loopback); err == nil {
				t.Errorf("SiteURL(%q) = %q", typed, got)
			}
		}
	}
	const local = "http://127.0.0.1:8080"
	if _, err := SiteURL(local, false); err == nil {
		t.Error("loopback passes without being allowed")
	}
	if got, err := SiteURL(local, true); err != nil || got != local {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAPIBase(t *testing.T) {
	t.Parallel()
	const constant = "https://api.atlassian.com"
	for _, base := range []string{"", constant, "http://127.0.0.1:9", "https://127.0.0.1:65535"} {
		if _, err := APIBase(base, constant); err != nil {
			t.Errorf("%q: %v", base, err)
		}
	}
	for _, base := range append(sourcetest.HostileSites(), "https://acme.atlassian.net", "https://api.atlassian.com.evil.example", "https://api.atlassian.com@evil.example", "http://api.atlassian.com") {
		if got, err := APIBase(base, constant); err == nil && base != "" && base != constant {
			t.Errorf("APIBase(%q) = %q", base, got)
		}
	}
}

func TestCheckID(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"5b10ac8d82e05b22cc7d4ef5", "557058:f58131cb-b67d-43c7-b30d-6b58d40bd077", "qm:a:b", "a|b_c"} {
		if err := CheckID("account id", id); err != nil {
			t.Errorf("%q: %v", id, err)
		}
	}
	for _, id := range []string{"", ".", "..", "a/b", "a b", "a?b", "a%2fb", "ä", "a\n", strings.Repeat("a", 129)} {
		if CheckID("account id", id) == nil {
			t.Errorf("%q passes", id)
		}
	}
}
