package atlassian

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"

	"seatkeeper/backend/domain"
)

// echoes are ways in which a server may send a key back.
func echoes(key string) map[string]string {
	return map[string]string{
		"whole":            `{"message":"refused: ` + key + `"}`,
		"header":           `{"errors":[{"code":"X","detail":"Authorization: Bearer ` + key + `"}]}`,
		"escaped":          `{"message":"` + strings.ReplaceAll(key, "=", `\u003d`) + `"}`,
		"percent":          `{"message":"` + strings.ReplaceAll(key, "=", `%3D`) + `"}`,
		"first half":       `{"message":"` + key[:len(key)/2] + `..."}`,
		"last half":        `{"message":"...` + key[len(key)/2:] + `"}`,
		"capitals":         `{"message":"` + strings.ToUpper(key) + `"}`,
		"twice":            `{"message":"` + key + key + `"}`,
		"text":             key,
		"page":             `<html><title>` + key + `</title></html>`,
		"at the cut":       `{"message":"` + strings.Repeat(key, 4000/len(key)) + `"}`,
		"far in":           `{"message":"` + strings.Repeat("x", 2*maxAnswer-20) + key + `"}`,
		"before the limit": `{"message":"` + strings.Repeat("x", maxAnswer-40) + key + `"}`,
	}
}

// leaks finds a piece of the key that tells something.
func leaks(text, key string) string {
	text, key = strings.ToLower(text), strings.ToLower(key)
	for i := 0; i+trace <= len(key); i++ {
		if strings.Contains(text, key[i:i+trace]) {
			return key[i : i+trace]
		}
	}
	return ""
}

// TestAServerThatEchoesTheKey sends the key back in bodies, headers and broken answers of every status: nothing that is kept or shown may
// hold a piece of it.
func TestAServerThatEchoesTheKey(t *testing.T) {
	t.Parallel()
	const key = "ATCTT3xFfGN0Zq8w-Kd7pLm2Rt5Yv9Bn3Hs6Jc1Xa4Ge0=5F3A9C21"
	if leaks("x"+key[3:30]+"y", key) == "" {
		t.Fatal("the test finds nothing")
	}
	token := domain.NewSecret(key)
	for name, credential := range map[string]Credential{"bearer": Bearer(token), "basic": Basic("a@example.com", token)} {
		for how, body := range echoes(key) {
			for _, status := range []int{200, 204, 302, 400, 401, 402, 403, 404, 405, 407, 409, 429, 500, 503} {
				f := always(status, body, "X-Request-Id", key, "Location", "https://"+strings.ToLower(key[:40])+".example/"+key, "Retry-After", "0")
				c := New(Options{Base: "https://api.atlassian.com", Credential: credential, Transport: f})
				rec, err := c.Write(t.Context(), Post(nil, "/x"))
				said := rec.Answer + rec.RequestID + rec.URL + rec.Body
				if err != nil {
					e := asDomain(t, err)
					said += err.Error() + e.Message + e.Hint
				}
				if piece := leaks(said, key); piece != "" {
					t.Errorf("%s, %s, status %d: %q in %q", name, how, status, piece, said)
				}
			}
			answer, err := New(Options{Base: "https://api.atlassian.com", Credential: credential, Transport: always(200, body)}).Read(t.Context(), Get("/x"))
			if piece := leaks(string(answer.Body), key); piece != "" && how != "capitals" { // a large body is searched for the key's own ends
				t.Errorf("%s, %s: the page would get %q (%v)", name, how, piece, err)
			}
		}
	}
	pair := base64.StdEncoding.EncodeToString([]byte("a@example.com:" + key))
	c := Basic("a@example.com", token)
	if got := c.mask("Basic " + pair); leaks(got, pair) != "" || !strings.Contains(got, "[secret]") {
		t.Errorf("the pair: %q", got)
	}
	broken := errors.New("malformed HTTP response \"" + key + "\"")
	f := &fake{serve: func(*http.Request, int) (*http.Response, error) { return nil, broken }}
	_, err := New(Options{Base: "https://api.atlassian.com", Credential: c, Transport: f}).Hurried().Read(t.Context(), Get("/x"))
	if err == nil || leaks(err.Error(), key) != "" || !errors.Is(err, broken) {
		t.Errorf("an answer that is no HTTP: %v", err)
	}
}

func TestMaskLeavesTheRest(t *testing.T) {
	t.Parallel()
	c := Bearer(domain.NewSecret("short"))
	for in, want := range map[string]string{"a short b": "a [secret] b", "": "", "shor": "shor", "nothing": "nothing", "shortshort": "[secret][secret]"} {
		if got := c.mask(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	long := Bearer(domain.NewSecret("0123456789abcdefghij"))
	if got := long.mask("Müller 456789ABCDEFGHIJ 李"); got != "Müller [secret] 李" {
		t.Errorf("%q", got)
	}
	if got := (Credential{}).mask("x"); got != "x" {
		t.Errorf("without a credential: %q", got)
	}
}
