package atlassian

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Where calls wait for each other, what nobody has ranked goes first, then the listing with the most to come.
func TestLongestListingGoesFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var order []string
		f := &fake{serve: func(req *http.Request, _ int) (*http.Response, error) {
			mu.Lock()
			order = append(order, strings.TrimPrefix(req.URL.Path, "/"))
			mu.Unlock()
			time.Sleep(time.Second)
			return reply(http.StatusOK, `{}`), nil
		}}
		c := New(Options{Base: "https://api.atlassian.com", Transport: f, Reads: 1})
		var work sync.WaitGroup
		read := func(name string, left int) {
			ctx := t.Context()
			if left >= 0 {
				ctx = Ranked(ctx, func() int { return left })
			}
			work.Go(func() { _, _ = c.Read(ctx, Get("/"+name)) })
			synctest.Wait()
		}
		read("running", 0)
		read("filler", 0)
		read("short", 3)
		read("long", 7)
		read("other-short", 3)
		read("dialog", -1)
		work.Wait()
		if want := []string{"running", "dialog", "long", "short", "other-short", "filler"}; !slices.Equal(order, want) {
			t.Errorf("%v instead of %v", order, want)
		}
	})
}

// A call that is given up while it waits neither takes a place nor loses one.
func TestPlacesSurviveCallsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := places{free: 2}
		var work sync.WaitGroup
		for i := range 300 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i%7)*time.Second)
			work.Go(func() {
				defer cancel()
				if p.take(ctx) != nil {
					return
				}
				time.Sleep(time.Second) // often at the very moment at which others are given up
				p.give(ctx)
			})
		}
		work.Wait()
		if p.free != 2 || len(p.waiting) != 0 {
			t.Errorf("%d places free, %d waiting", p.free, len(p.waiting))
		}
	})
}
