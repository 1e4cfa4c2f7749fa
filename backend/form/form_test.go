package form_test

import (
	"errors"
	"slices"
	"testing"

	"seatkeeper/backend/domain"
	"seatkeeper/backend/form"
)

// TestEverythingThatIsWrong: whoever fills in a form learns of all mistakes at once, each at its field.
func TestEverythingThatIsWrong(t *testing.T) {
	fields := []form.Field{
		{Name: "url", Label: "Address", Help: "As in the browser.", Type: form.URL, Required: true},
		{Name: "email", Label: "E-mail", Type: form.Email, Validate: func(v string) error {
			if v != "mia@example.com" {
				return errors.New("not hers")
			}
			return nil
		}},
		{Name: "key", Label: "API key", Type: form.Password, Required: true},
	}
	for _, c := range []struct {
		values map[string]string
		wrong  []string
	}{
		{map[string]string{"url": "x", "email": "mia@example.com", "key": "k"}, nil},
		{map[string]string{"url": "x", "key": "k"}, nil},
		{map[string]string{}, []string{"url", "key"}},
		{map[string]string{"url": " \n", "email": "me", "key": ""}, []string{"url", "email", "key"}},
		{map[string]string{"email": "me", "zoo": "1", "age": "2", "url": "x", "key": "k"}, []string{"email", "age", "zoo"}},
	} {
		err := form.Check(fields, c.values)
		if (err == nil) != (c.wrong == nil) {
			t.Errorf("%v: %v", c.values, err)
		}
		if err == nil {
			continue
		}
		e := domain.AsError(err)
		got := []string{e.Field}
		for _, more := range e.More {
			if more.Code != domain.Invalid || more.Message == "" || more.More != nil {
				t.Errorf("%v: %+v", c.values, more)
			}
			got = append(got, more.Field)
		}
		if e.Code != domain.Invalid || e.Message == "" || !slices.Equal(got, c.wrong) {
			t.Errorf("%v: %v are wrong, not %v", c.values, got, c.wrong)
		}
	}
}
