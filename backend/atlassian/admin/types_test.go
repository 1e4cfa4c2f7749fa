package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"seatkeeper/backend/atlassian"
)

// FuzzRows compares what is read of a page of people with what encoding/json reads: the same people, or both refuse it.
func FuzzRows(f *testing.F) {
	const person = `{"accountId":"a","status":"active","addedToOrg":"2026-01-02T03:04:05Z","emailVerified":true,"platformRoles":["org/admin"],` +
		`"productAccess":[{"id":"i","key":"jira","lastActiveTimestamp":null}],"groups":[{"id":"g","name":"G"}]}`
	for _, s := range []string{
		"[" + person + "]", "[" + person + "," + person + "]", strings.ToUpper("[" + person + "]"), `[{"AccountID":"b"}]`, `[{"accountId":"a","name":"\ud800 \u0000 ` + "\xff" + `"}]`,
		`[{"accountId":"a","name":null,"groups":null,"mfaEnabled":null}]`, `[{"accountId":"a","mfaEnabled":"yes"}]`, `[{"accountId":7}]`, `[null]`, `[[]]`,
		`[{"accountId":"a","unknown":{"x":[1e999,-0,1.5]}}]`, `[{"accountId":"a"}] `, `[{"accountId":"a"}]]`, `[`, `{}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		if json.Valid(page) && namedTwice(page) { // then encoding/json mixes the two, and the later one counts here
			return
		}
		var want []User
		err := json.Unmarshal(page, &want)
		got, errGot := atlassian.Rows[User](page)
		if errGot != nil {
			unnamed := false // which Rows refuses by itself
			for _, u := range want {
				unnamed = unnamed || u.RowID() == ""
			}
			if err == nil && want != nil && !unnamed {
				t.Fatalf("%q: %v, but it is JSON", page, errors.Unwrap(errGot))
			}
			return
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%q:\n%+v instead of\n%+v, %v", page, got, want, err)
		}
	})
}

// namedTwice tells whether an object has a name twice, in whatever letters.
func namedTwice(page []byte) bool {
	in := json.NewDecoder(bytes.NewReader(page))
	var walk func() bool
	walk = func() bool {
		token, err := in.Token()
		names := map[string]bool{}
		for token == json.Delim('{') && err == nil && in.More() {
			var name json.Token
			name, err = in.Token()
			text, _ := name.(string)
			if text = strings.ToLower(text); names[text] || walk() {
				return true
			}
			names[text] = true
		}
		for token == json.Delim('[') && err == nil && in.More() {
			if walk() {
				return true
			}
		}
		if _, opened := token.(json.Delim); opened {
			_, _ = in.Token()
		}
		return false
	}
	return walk()
}
