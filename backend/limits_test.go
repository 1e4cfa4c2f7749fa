package backend_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"seatkeeper/backend/bindings"
	"seatkeeper/backend/domain"
)

// takesMegabytes are the texts that may be long, or are answered otherwise.
var takesMegabytes = map[string]string{
	"App.ReportError 0": "is cut", "App.ReportError 1": "is cut", "App.AnswerQuit 0": "the window's answers are constants",
	"Lists.Paste 1": "a list has its own limit", "People.Parse 1": "the mistake is in the answer", "People.Query Filter": "the mistake is in the answer",
	"People.Complete 1": "proposes nothing",
}

// TestNoFieldTakesAMegabyte gives each text of each method that the page may call a megabyte, many words and one: it is
// refused in words, not searched for.
func TestNoFieldTakesAMegabyte(t *testing.T) {
	p := start(t, 2000)
	src := p.connect(t)
	p.query(t, src.ID, "")
	for _, long := range []string{strings.Repeat("a ", 1<<19), strings.Repeat("é", 1<<19)} {
		for _, bound := range p.api.List() {
			typ := reflect.TypeOf(bound)
			for m := range typ.Methods() {
				name := strings.TrimPrefix(typ.String(), "*bindings.") + "." + m.Name
				if name == "App.Quit" {
					continue
				}
				for _, c := range longCalls(m, src.ID, long) {
					err := c.call(reflect.ValueOf(bound))
					if err == nil && takesMegabytes[name+" "+c.what] == "" {
						t.Errorf("%s took a megabyte as %s", name, c.what)
					} else if code := domain.CodeOf(err); err != nil && (code == domain.Internal || len(domain.AsError(err).Message) > 2000) {
						t.Errorf("%s with a megabyte as %s: %s, %d bytes", name, c.what, code, len(err.Error()))
					}
				}
			}
		}
	}
	_, err := p.api.People.Query(bindings.PeopleQuery{SourceID: src.ID, Search: strings.Repeat("a ", 501)})
	if e := domain.AsError(err); e == nil || e.Field != "search" || e.Message != "The search is too long: at most 1,000 characters are allowed." {
		t.Errorf("%v", err)
	}
	if _, err := p.api.People.Query(bindings.PeopleQuery{SourceID: src.ID, Search: strings.Repeat("é", 1000)}); err != nil {
		t.Error("a thousand characters:", err)
	}
}

// longCall calls a method with one long text among ordinary values.
type longCall struct {
	method reflect.Method
	what   string // number of the argument, or name of its field
	in     []reflect.Value
}

func (c longCall) call(bound reflect.Value) error {
	out := c.method.Func.Call(append([]reflect.Value{bound}, c.in...))
	if len(out) == 0 {
		return nil
	}
	err, _ := reflect.TypeAssert[error](out[len(out)-1])
	return err
}

// longCalls gives a call for each text that a method takes.
func longCalls(m reflect.Method, source, long string) []longCall {
	ordinary := func() []reflect.Value {
		var in []reflect.Value
		for i := 1; i < m.Type.NumIn(); i++ {
			v := reflect.New(m.Type.In(i)).Elem()
			switch v.Kind() { //nolint:exhaustive // the others stay as they are
			case reflect.String:
				v.SetString(source)
			case reflect.Int, reflect.Int64:
				v.SetInt(10)
			case reflect.Struct:
				for _, name := range []string{"Count", "Limit", "Days"} {
					if f := v.FieldByName(name); f.IsValid() && f.CanInt() {
						f.SetInt(10)
					}
				}
				if f := v.FieldByName("SourceID"); f.IsValid() && f.Kind() == reflect.String {
					f.SetString(source)
				}
			}
			in = append(in, v)
		}
		return in
	}
	var calls []longCall
	for i, v := range ordinary() {
		switch {
		case v.Kind() == reflect.String:
			in := ordinary()
			in[i].SetString(long)
			calls = append(calls, longCall{m, strconv.Itoa(i), in})
		case v.Kind() == reflect.Struct:
			for f := range v.NumField() {
				if v.Field(f).Kind() == reflect.String {
					in := ordinary()
					in[i].Field(f).SetString(long)
					calls = append(calls, longCall{m, v.Type().Field(f).Name, in})
				}
			}
		}
	}
	return calls
}
