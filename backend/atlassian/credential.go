package atlassian

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strings"

	"seatkeeper/backend/domain"
)

// Credential is what goes into the Authorization header.
type Credential struct {
	scheme string
	secret domain.Secret // the header's value after the scheme
	parts  []domain.Secret
}

// Bearer is an organization's API key, or a personal access token of Data Center.
func Bearer(key domain.Secret) Credential {
	return Credential{scheme: "Bearer ", secret: key, parts: []domain.Secret{key}}
}

// Basic is a person's API token.
func Basic(email string, token domain.Secret) Credential {
	pair := domain.NewSecret(base64.StdEncoding.EncodeToString([]byte(email + ":" + token.Reveal())))
	return Credential{scheme: "Basic ", secret: pair, parts: []domain.Secret{token, pair}}
}

// trace is the length of the shortest piece of a credential that is taken out of what a server sent. Shorter ones tell nothing: the
// first dozen characters of Atlassian's keys are the same in all of them.
const trace = 16

// mask takes every trace of the credential out of a text that a server sent back, pieces and other capitals included: an echo may be cut
// off, escaped in the middle or written as the name of a host.
func (c Credential) mask(s string) string {
	for _, p := range c.parts {
		s = maskRuns(s, p.Reveal())
	}
	return s
}

// maskBody is mask for the body of an answer. It looks at the ends of the credential first: bodies are large and echoes are rare.
func (c Credential) maskBody(body []byte) []byte {
	for _, p := range c.parts {
		key := p.Reveal()
		n := min(trace, len(key))
		if n > 0 && (bytes.Contains(body, []byte(key[:n])) || bytes.Contains(body, []byte(key[len(key)-n:]))) {
			return []byte(c.mask(string(body)))
		}
	}
	return body
}

// maskHeader is mask for the header of an answer.
func (c Credential) maskHeader(h http.Header) {
	for _, values := range h {
		for i, v := range values {
			values[i] = c.mask(v)
		}
	}
}

// maskError hides the credential in an error's text: Go quotes an answer that is no HTTP.
func (c Credential) maskError(err error) error {
	if text := c.mask(err.Error()); text != err.Error() {
		return maskedError{text, err}
	}
	return err
}

type maskedError struct {
	text string
	err  error
}

func (m maskedError) Error() string { return m.text }
func (m maskedError) Unwrap() error { return m.err }

// maskRuns replaces each run of s whose every stretch of trace bytes occurs in the secret.
func maskRuns(s, secret string) string {
	n := min(trace, len(secret))
	if n == 0 || len(s) < n {
		return s
	}
	low, key := lowerASCII(s), lowerASCII(secret)
	pieces := map[string]bool{}
	for i := 0; i+n <= len(key); i++ {
		pieces[key[i:i+n]] = true
	}
	var out strings.Builder
	kept := 0
	for i := 0; i+n <= len(low); i++ {
		if !pieces[low[i:i+n]] {
			continue
		}
		end := i + n
		for end < len(low) && pieces[low[end-n+1:end+1]] {
			end++
		}
		out.WriteString(s[kept:i])
		out.WriteString("[secret]")
		kept, i = end, end-1
	}
	if kept == 0 {
		return s
	}
	out.WriteString(s[kept:])
	return out.String()
}

// lowerASCII is strings.ToLower that keeps every byte's place.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
