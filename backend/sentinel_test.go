package backend_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/events"
)

// encodings are the forms in which a secret may get out, each as what has to be looked for.
var encodings = map[string]func(secret string) []string{
	"plain":     func(s string) []string { return []string{s} },
	"base64":    func(s string) []string { return atEachOffset(base64.RawStdEncoding, s) },
	"base64url": func(s string) []string { return atEachOffset(base64.RawURLEncoding, s) },
	"hex":       func(s string) []string { x := hex.EncodeToString([]byte(s)); return []string{x, strings.ToUpper(x)} },
	"percent": func(s string) []string {
		return []string{url.QueryEscape(s), url.PathEscape(s), eachByte("%%%02X", s), eachByte("%%%02x", s)}
	},
	"JSON": func(s string) []string {
		return []string{inJSON(s), strings.ReplaceAll(s, "=", `\u003d`), eachByte(`\u%04x`, s)}
	},
	"reversed":    func(s string) []string { b := []byte(s); slices.Reverse(b); return []string{string(b)} },
	"its first":   func(s string) []string { return []string{s[:min(16, len(s))]} },
	"its last":    func(s string) []string { return []string{s[max(0, len(s)-16):]} },
	"twice JSON":  func(s string) []string { return []string{inJSON(inJSON(s))} }, // an item of JSON in a line of JSON
	"Go's quotes": func(s string) []string { q := fmt.Sprintf("%q", s); return []string{q[1 : len(q)-1]} },
}

func inJSON(s string) string {
	b, _ := json.Marshal(s)
	return string(b[1 : len(b)-1])
}

func eachByte(form, s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, form, c)
	}
	return b.String()
}

// atEachOffset gives what base64 makes of a secret at each of the three places where it may begin within a longer text. The characters
// at the ends also depend on the neighbors, so they are left out.
func atEachOffset(e *base64.Encoding, s string) []string {
	var out []string
	for offset := range 3 {
		whole := e.EncodeToString([]byte(strings.Repeat("\x00", offset) + s + "\x00\x00"))
		first, end := (offset*8+5)/6, (offset+len(s))*8/6
		out = append(out, whole[first:end])
	}
	return out
}

// hunt looks for secrets, in every encoding, in everything that it is shown.
type hunt struct {
	needles map[string]string // needle to what it is, without the secret
}

// newHunt makes a hunt for secrets by name.
func newHunt(secrets map[string]string) *hunt {
	h := &hunt{needles: map[string]string{}}
	for name, secret := range secrets {
		for encoding, needles := range encodings {
			for _, n := range needles(secret) {
				if h.needles[n] == "" {
					h.needles[n] = name + " as " + encoding
				}
			}
		}
	}
	return h
}

// in gives what of the secrets stands in a text.
func (h *hunt) in(text []byte) (found []string) {
	for needle, what := range h.needles {
		if bytes.Contains(text, []byte(needle)) {
			found = append(found, what)
		}
	}
	slices.Sort(found)
	return found
}

// files searches every file below a folder, the contents of sheets too, and tells how many there were.
func (h *hunt) files(t *testing.T, dir string) (n int, found []string) {
	t.Helper()
	look := func(where string, text []byte) {
		for _, what := range h.in(text) {
			found = append(found, where+": the "+what)
		}
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		look(d.Name(), text)
		look("the name of "+d.Name(), []byte(d.Name()))
		packed, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
		if err != nil {
			return nil //nolint:nilerr // it is no sheet
		}
		for _, f := range packed.File {
			r, err := f.Open()
			if err != nil {
				return err
			}
			inner, err := io.ReadAll(r)
			if err != nil {
				return err
			}
			look(d.Name()+" "+f.Name, inner)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n, found
}

// TestTheHuntSeesEachEncoding: a search that finds nothing proves nothing before it has found everything.
func TestTheHuntSeesEachEncoding(t *testing.T) {
	const secret = `ATCTT3xFfGN0 "qué" <7>&\%>>>???~~~>>>???~~~=5F3A9C21`
	h := newHunt(map[string]string{"key": secret})
	pair := base64.StdEncoding.EncodeToString([]byte("ab@example.com:" + secret))
	line, err := json.Marshal(map[string]string{"msg": "the key is " + secret})
	if err != nil {
		t.Fatal(err)
	}
	planted := map[string][]string{
		"plain":       {"x" + secret + "y"},
		"base64":      {pair, base64.StdEncoding.EncodeToString([]byte(secret)), base64.StdEncoding.EncodeToString([]byte("a" + secret)), base64.StdEncoding.EncodeToString([]byte("ab" + secret + "cd"))},
		"base64url":   {base64.URLEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte("a" + secret)), base64.RawURLEncoding.EncodeToString([]byte("ab" + secret + "c"))},
		"hex":         {fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret)},
		"percent":     {"https://x.example/?k=" + url.QueryEscape(secret), "https://x.example/" + url.PathEscape(secret), eachByte("%%%02X", secret)},
		"JSON":        {string(line), eachByte(`\u%04x`, secret)},
		"reversed":    {func() string { b := []byte(secret); slices.Reverse(b); return string(b) }()},
		"its first":   {"ATCTT3xFfGN0 \"qu\u00e9..."},
		"its last":    {"..." + secret[len(secret)-16:]},
		"twice JSON":  {inJSON(string(line))},
		"Go's quotes": {fmt.Sprintf("%+v", []any{fmt.Sprintf("%q", secret)})},
	}
	if len(planted) != len(encodings) {
		t.Fatalf("%d encodings are planted of %d", len(planted), len(encodings))
	}
	for encoding, texts := range planted {
		for _, text := range texts {
			if !slices.Contains(h.in([]byte(text)), "key as "+encoding) {
				t.Errorf("%s is not seen in %q, only %v", encoding, text, h.in([]byte(text)))
			}
		}
	}
	if found := h.in([]byte("nothing at all " + strings.Repeat("QUJD", 50))); len(found) > 0 {
		t.Errorf("found %v where nothing is", found)
	}
	dir := t.TempDir()
	sheet, err := os.Create(filepath.Join(dir, "a.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	packed := zip.NewWriter(sheet)
	w, err := packed.Create("xl/sharedStrings.xml")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, strings.Repeat("a", 5000)+secret)
	if err := errors.Join(packed.Close(), sheet.Close()); err != nil {
		t.Fatal(err)
	}
	if n, found := h.files(t, dir); n != 1 || len(found) == 0 {
		t.Errorf("a secret in a sheet is not seen: %d files, %v", n, found)
	}
}

// spy calls bound methods as the page does, and keeps every answer, error and event.
type spy struct {
	mu     sync.Mutex
	said   map[string]*bytes.Buffer // by method or topic
	called map[string]bool
}

func newSpy() *spy { return &spy{said: map[string]*bytes.Buffer{}, called: map[string]bool{}} }

func (s *spy) keep(where string, values ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.said[where] == nil {
		s.said[where] = &bytes.Buffer{}
	}
	for _, v := range values {
		text, _ := json.Marshal(v)
		fmt.Fprintf(s.said[where], "%s\n%+v\n%#v\n", text, v, v)
	}
}

func (s *spy) event(e events.Event) {
	name, view := bindings.View(e)
	s.keep("event "+string(e.Topic), name, view, e)
}

// call calls a bound method by its name, e.g. "Sources.List", and gives its answer without the error. Arguments that are left out are
// empty.
func (s *spy) call(t *testing.T, api *bindings.API, method string, args ...any) (out any, err error) {
	t.Helper()
	owner, name, _ := strings.Cut(method, ".")
	for _, bound := range api.List() {
		v := reflect.ValueOf(bound)
		m := v.MethodByName(name)
		if v.Type().Elem().Name() != owner || !m.IsValid() {
			continue
		}
		var in []reflect.Value
		for i := range m.Type().NumIn() {
			if i < len(args) {
				in = append(in, reflect.ValueOf(args[i]))
			} else {
				in = append(in, reflect.Zero(m.Type().In(i))) // what was added later
			}
		}
		s.mu.Lock()
		s.called[method] = true
		s.mu.Unlock()
		for _, r := range m.Call(in) {
			switch v := r.Interface().(type) {
			case error:
				err = v
				s.keep(method, v.Error(), bindings.FormatError(v))
				s.keep(method, v)
			default:
				if r.Type() != reflect.TypeFor[error]() {
					out = v
					s.keep(method, v)
				}
			}
		}
		return out, err
	}
	t.Fatalf("there is no bound method %s", method)
	return nil, nil
}

// remaining calls every bound method that was not called yet, with empty arguments.
func (s *spy) remaining(t *testing.T, api *bindings.API) {
	t.Helper()
	for _, bound := range api.List() {
		typ := reflect.TypeOf(bound)
		for m := range typ.Methods() {
			name := typ.Elem().Name() + "." + m.Name
			if s.called[name] {
				continue
			}
			_, _ = s.call(t, api, name)
		}
	}
}

// found searches everything that was kept.
func (s *spy) found(h *hunt) (found []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for where, text := range s.said {
		for _, what := range h.in(text.Bytes()) {
			found = append(found, where+": the "+what)
		}
	}
	return found
}
