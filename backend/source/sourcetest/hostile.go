package sourcetest

// HostileSites are spellings of a site's address that lead, or may seem to lead, somewhere else.
func HostileSites() []string {
	return []string{
		"https://evil.example", "https://acme.atlassian.net.evil.example", "https://evil.example/acme.atlassian.net",
		"https://acme.atlassian.net@evil.example", "https://evil.example#acme.atlassian.net", "https://evil.example?acme.atlassian.net",
		"https://user@acme.atlassian.net", "https://user:pw@acme.atlassian.net", "https://acme.atlassian.net:443", "https://acme.atlassian.net:8443",
		"https://acme.atlassian.net:443@evil.example", `https://evil.example\acme.atlassian.net`, `https://evil.example\@acme.atlassian.net`,
		`https:\\acme.atlassian.net`, "https:/acme.atlassian.net", "https:acme.atlassian.net", "https:///acme.atlassian.net", "//acme.atlassian.net",
		"http://acme.atlassian.net", "ftp://acme.atlassian.net", "file:///etc/passwd", "javascript:alert(1)//acme.atlassian.net",
		"https://acme.atlassian.net/jira", "https://acme.atlassian.net//", "https://acme.atlassian.net/..", "https://acme.atlassian.net/?x=1", "https://acme.atlassian.net#x",
		"https://acme.atlassian.net.", "https://acme..atlassian.net", "https://.atlassian.net", "https://atlassian.net", "https://-acme.atlassian.net",
		"https://acme-.atlassian.net", "https://a.b.atlassian.net", "https://evil.example.atlassian.net", "https://acme.atlassian.net.atlassian.net",
		"https://acme_x.atlassian.net", "https://acme%2eevil.atlassian.net", "https://acme%00.atlassian.net", "https://acme.atlassian%2enet", "https://acme.atlassian.net%2f.evil.example",
		"https://acme.atlassian.net\x00.evil.example", "https://acme.atlassian.net\r\nHost: evil.example", "https://acme.atlassian.net\n", "\nhttps://acme.atlassian.net", "https://acme.atlassian.net\t", "https://ac\tme.atlassian.net",
		" https://acme.atlassian.net", "https://acme.atlassian.net ", "https://acme .atlassian.net",
		"https://xn--acme-9za.atlassian.net", "https://XN--acme-9za.atlassian.net", "https://äcme.atlassian.net", "https://аcme.atlassian.net", // the last one with a Cyrillic letter
		"https://acme.atlаssian.net", "https://acme。atlassian。net", "https://acme．atlassian.net", "https://acme｡atlassian.net", "https：//acme.atlassian.net", "https://acme.atlassian.net／",
		"https://acme.\u200batlassian.net", "https://\u202eemca.atlassian.net", "https://acme.atlassian.ne\u0074\u0301", "https://ACME.ATLASSIAN.NET\u00ad",
		"https://[::1]", "https://127.0.0.1", "http://127.0.0.1", "http://127.0.0.1:", "http://127.0.0.1:0", "http://127.0.0.1:80/", "http://127.0.0.1:80@evil.example", "http://localhost:80",
		"http://127.1:80", "http://0x7f000001:80", "http://2130706433:80", "http://127.0.0.1.evil.example:80", "http://[::ffff:127.0.0.1]:80", "http://127.0.0.1:800000", "http://0127.0.0.1:80",
		"https://acmeatlassian.net", "https://acme.atlassian.com", "https://acme.atlassian.network", "https://api.atlassian.com", "https://acme.jira.com", "acme", "",
		"https://" + string(make([]byte, 70)) + ".atlassian.net", "https://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.atlassian.net",
	}
}
