package atlassian

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// FuzzDecodeAround compares the fast look at a page with encoding/json's: of anything that is JSON both see the same.
func FuzzDecodeAround(f *testing.F) {
	for _, s := range []string{
		`{"data":[{"id":"a","name":"]}\"\\"}],"links":{"self":"x","next":"c1"}}`,
		" {\n\"meta\" : {\"next\":null,\"total\":7}, \"data\":[ ] }\n",
		`{"data":[],"data":[1]}`, `{"Data":[1],"data":[]}`, `{"d\u0061ta":[1],"data":[]}`, `{"data":[],"links":null}`, `{"data":[],"links":{"next":7}}`,
		`{"data":[1}`, `{"data":[{]}`, `{"data":[],}`, `{"n":1e5,"t":true,"data":[],"x":nul}`, `{"data":["\\\""]}x`, `{}`, `[]`, ``, `{"data":"[]"}`,
		`{"data":[1],"links":{"next":"a"},"links":{}}`, `{"data":[1],"links":{"next":"a","Next":"b"}}`, `{"data":null}`, `{"data":[1],"x":"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var want envelope
		err := json.Unmarshal(body, &want)
		got, errGot := Answer{Body: bytes.Clone(body)}.open()
		switch {
		case errGot != nil && err == nil:
			t.Fatalf("%q: %v, but it is JSON", body, errGot)
		case errGot != nil:
		case err != nil:
			if json.Valid(got.Data) && json.Valid(body) {
				t.Fatalf("%q: %v, but it was read as %+v", body, err, got)
			} // else garbled within the rows, which are looked at later
		case !sameJSON(got.Data, want.Data) || !reflect.DeepEqual(got.Links, want.Links) || !reflect.DeepEqual(got.Meta, want.Meta):
			t.Fatalf("%q: %+v instead of %+v", body, got, want)
		}
	})
}

func sameJSON(a, b json.RawMessage) bool { return bytes.Equal(bytes.TrimSpace(a), bytes.TrimSpace(b)) }

// The pages of Atlassian take the fast way: of the list nothing is copied.
func TestDecodeAroundKnowsAtlassiansPages(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"data":[{"id":"a","note":"}\\\"]"}],"links":{"self":"s","prev":null,"next":"c1"},"meta":{"total":3}}`,
		`{"links":{"self":"s","next":"c1"}, "data": [{"id":"a","note":"}\\\"]"}] }`,
	} {
		a := Answer{Body: []byte(body)}
		e, err := a.open()
		next, errNext := e.next()
		if err != nil || errNext != nil || next != "c1" || string(e.Data) != `[{"id":"a","note":"}\\\"]"}]` {
			t.Errorf("%v %v %q %s", err, errNext, next, e.Data)
		}
		if at := bytes.IndexByte(a.Body, '['); &e.Data[0] != &a.Body[at] {
			t.Errorf("%s was read by the decoder", body)
		}
	}
}

// pagesOf serves a listing of so many pages, each after a time.
func pagesOf(pages int, after time.Duration) func(*http.Request, int) (*http.Response, error) {
	return func(req *http.Request, n int) (*http.Response, error) {
		t := time.NewTimer(after)
		defer t.Stop()
		select {
		case <-t.C:
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
		if n >= pages {
			return reply(http.StatusOK, `{"data":[]}`), nil
		}
		return reply(http.StatusOK, fmt.Sprintf(`{"data":[],"links":{"next":"c%d"}}`, n)), nil
	}
}

func listing(cursor string) Call { return Get("/list").With("cursor", cursor) }

// The next page is asked for while the last one is looked at, and not more than that one.
func TestWalkAsksAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fake{serve: pagesOf(10, time.Second)} //nolint:bodyclose // the client closes them
		visited, most := 0, 0
		start := time.Now()
		err := clientOver(f).Walk(t.Context(), listing, func(json.RawMessage) error {
			visited++
			time.Sleep(900 * time.Millisecond)
			most = max(most, int(f.calls.Load())-visited)
			return nil
		})
		if took := time.Since(start); err != nil || visited != 10 || took != 10*time.Second+900*time.Millisecond {
			t.Errorf("%v, %d pages in %v", err, visited, took)
		}
		if most != 1 {
			t.Errorf("%d pages ahead", most)
		}
	})
}

// A listing whose receiver takes its time keeps no place: others read meanwhile.
func TestWalkKeepsNoPlaceWhileItWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := &fake{serve: pagesOf(4, time.Second)} //nolint:bodyclose // the client closes them
		c := New(Options{Base: "https://api.atlassian.com", Transport: f, Reads: 1})
		var others []time.Duration
		err := c.Walk(t.Context(), listing, func(json.RawMessage) error {
			time.Sleep(time.Minute)
			start := time.Now()
			_, err := c.Read(t.Context(), Get("/x"))
			others = append(others, time.Since(start))
			return err
		})
		if err != nil || len(others) == 0 || slices.Max(others) > 2*time.Second {
			t.Errorf("%v, others waited %v", err, others)
		}
	})
}

// With an error of the receiver the walk is over, also on the wire.
func TestWalkStopsAtOnce(t *testing.T) {
	t.Parallel()
	errFull := errors.New("disk full")
	synctest.Test(t, func(t *testing.T) {
		f := &fake{serve: pagesOf(10, time.Second)} //nolint:bodyclose // the client closes them
		start := time.Now()
		err := clientOver(f).Walk(t.Context(), listing, func(json.RawMessage) error {
			time.Sleep(time.Minute)
			return errFull
		})
		if !errors.Is(err, errFull) || f.calls.Load() > 3 || time.Since(start) != 61*time.Second {
			t.Errorf("%v after %d calls and %v", err, f.calls.Load(), time.Since(start))
		}
	})
}
