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

// FuzzSplit compares the fast look at a page with the decoder's: of anything that is JSON both see the same, or the fast one says that it
// does not know.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{
		`{"data":[{"id":"a","name":"]}\"\\"}],"links":{"self":"x","next":"c1"}}`,
		" {\n\"meta\" : {\"next\":null,\"total\":7}, \"data\":[ ] }\n",
		`{"data":[],"data":[1]}`, `{"Data":[1],"data":[]}`, `{"d\u0061ta":[1],"data":[]}`, `{"data":[],"links":null}`, `{"data":[],"links":{"next":7}}`,
		`{"data":[1}`, `{"data":[{]}`, `{"data":[],}`, `{"n":1e5,"t":true,"data":[],"x":nul}`, `{"data":["\\\""]}x`, `{}`, `[]`, ``, `{"data":"[]"}`,
		`{"data":[1],"links":{"next":"a"},"links":{}}`, `{"data":[1],"links":{"next":"a","Next":"b"}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var want envelope
		err := json.Unmarshal(body, &want)
		got, ok := split(bytes.Clone(body))
		if !ok {
			return
		}
		if err != nil {
			if json.Valid(got.Data) && json.Valid(body) {
				t.Fatalf("%q: %v, but it was read as %+v", body, err, got)
			}
			return // garbled within the rows, which are looked at later
		}
		if !bytes.Equal(got.Data, want.Data) || !reflect.DeepEqual(got.Links, want.Links) || !reflect.DeepEqual(got.Meta, want.Meta) {
			t.Fatalf("%q: %+v instead of %+v", body, got, want)
		}
	})
}

// The pages of Atlassian take the fast way.
func TestSplitKnowsAtlassiansPages(t *testing.T) {
	t.Parallel()
	e, ok := split([]byte(`{"data":[{"id":"a","note":"}\\\"]"}],"links":{"self":"s","prev":null,"next":"c1"},"meta":{"total":3}}`))
	next, err := e.next()
	if !ok || err != nil || next != "c1" || string(e.Data) != `[{"id":"a","note":"}\\\"]"}]` {
		t.Errorf("%v %v %q %s", ok, err, next, e.Data)
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
