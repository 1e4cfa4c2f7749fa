package atlassian

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"seatkeeper/backend/domain"
)

func TestGateBoundsWhatIsInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var now, most [2]atomic.Int64
		f := &fake{serve: func(req *http.Request, _ int) (*http.Response, error) {
			kind := 0
			if req.Method == http.MethodDelete {
				kind = 1
			}
			n := now[kind].Add(1)
			most[kind].Store(max(most[kind].Load(), n))
			time.Sleep(time.Second)
			now[kind].Add(-1)
			return reply(http.StatusOK, `{}`), nil
		}}
		c := clientOver(f)
		var work sync.WaitGroup
		for range 40 {
			work.Go(func() { _, _ = c.Read(t.Context(), Get("/x")) })
			work.Go(func() { _, _ = c.Write(t.Context(), Delete("/x")) })
		}
		start := time.Now()
		work.Wait()
		if most[0].Load() != 8 || most[1].Load() != 4 {
			t.Errorf("in flight: %d reads, %d writes; want 8 and 4", most[0].Load(), most[1].Load())
		}
		if took := time.Since(start); took != 10*time.Second {
			t.Errorf("the gate delayed calls though nothing was asked: %v", took)
		}
	})
}

// budget is a server with a limit for each window. It counts calls that come while it has asked to wait.
type budget struct {
	limit, left, refused int
	window               time.Duration
	reset                time.Time
	skew                 time.Duration
	headers              func(b *budget, now time.Time) []string
	mu                   sync.Mutex
}

func (b *budget) RoundTrip(*http.Request) (*http.Response, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if !now.Before(b.reset) {
		b.left, b.reset = b.limit, now.Add(b.window)
	}
	head := append([]string{"Date", now.Add(b.skew).UTC().Format(http.TimeFormat)}, b.headers(b, now.Add(b.skew))...)
	if b.left == 0 {
		b.refused++
		return reply(http.StatusTooManyRequests, `{"code":429,"message":"Too many"}`, head...), nil
	}
	b.left--
	return reply(http.StatusOK, `{}`, append(head, "X-RateLimit-Remaining", fmt.Sprint(b.left))...), nil
}

func TestGateKeepsNearlyTheAllowedRateWhateverTheHeaders(t *testing.T) {
	t.Parallel()
	forms := map[string]func(b *budget, now time.Time) []string{
		"seconds": func(b *budget, _ time.Time) []string {
			return []string{"Retry-After", fmt.Sprint(int(time.Until(b.reset).Seconds()) + 1)}
		},
		"date": func(b *budget, now time.Time) []string {
			return []string{"Retry-After", now.Add(time.Until(b.reset)).UTC().Add(time.Second).Format(http.TimeFormat)}
		},
		"reset": func(b *budget, now time.Time) []string {
			return []string{"X-RateLimit-Limit", fmt.Sprint(b.limit), "X-RateLimit-Reset", now.Add(time.Until(b.reset)).UTC().Add(time.Second).Format(time.RFC3339)}
		},
		"epoch": func(b *budget, now time.Time) []string {
			return []string{"X-RateLimit-Limit", fmt.Sprint(b.limit), "X-RateLimit-Reset", fmt.Sprint(now.Add(time.Until(b.reset)).Unix() + 1)}
		},
	}
	for name, form := range forms {
		for _, skew := range []time.Duration{0, 2 * time.Hour, -2 * time.Hour} {
			t.Run(fmt.Sprint(name, skew), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					const calls = 3000
					b := &budget{limit: 100, window: time.Minute, skew: skew, headers: form}
					c := clientOver(b)
					start := time.Now()
					var work sync.WaitGroup
					var failed atomic.Int64
					for range 16 {
						work.Go(func() {
							for range calls / 16 {
								if _, err := c.Read(t.Context(), Get("/x")); err != nil {
									failed.Add(1)
								}
							}
						})
					}
					work.Wait()
					// 30 windows of a minute, of which the last one needs not run out; the headers round each up by a second.
					if took, allowed := time.Since(start), 29*(time.Minute+time.Second); took > allowed*105/100 {
						t.Errorf("took %v, the limit allows %v", took, allowed)
					}
					if failed.Load() > 0 {
						t.Errorf("%d reads failed", failed.Load())
					}
					if b.refused > calls/10 {
						t.Errorf("%d refused calls for %d", b.refused, calls)
					}
				})
			})
		}
	}
}

func TestNoCallWhileClosed(t *testing.T) {
	t.Parallel()
	for _, write := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			var open time.Time
			f := &fake{}
			f.serve = func(_ *http.Request, n int) (*http.Response, error) {
				if n == 1 {
					open = time.Now().Add(40 * time.Second)
					return reply(http.StatusTooManyRequests, `{}`, "Retry-After", "40"), nil
				}
				if time.Now().Before(open) {
					t.Errorf("call %d came %v too early", n, time.Until(open))
				}
				return reply(http.StatusOK, `{}`), nil
			}
			c := clientOver(f)
			_, err := c.Write(t.Context(), Delete("/first"))
			if e := asDomain(t, err); e.Code != domain.RateLimited || e.Effect != domain.NotApplied || e.RetryAfter != 40*time.Second {
				t.Fatalf("429 of a change: %+v", e)
			}
			if n := f.calls.Load(); n != 1 {
				t.Fatalf("the change was sent %d times", n)
			}
			var work sync.WaitGroup
			for range 30 {
				work.Go(func() {
					if write {
						_, _ = c.Write(t.Context(), Delete("/x"))
						return
					}
					_, _ = c.Read(t.Context(), Get("/x"))
				})
			}
			work.Wait()
		})
	}
}

// However long the server asks to wait, it is asked again after five minutes, and nobody sits through more.
func TestNoWaitIsLongerThanFiveMinutes(t *testing.T) {
	t.Parallel()
	for _, header := range [][]string{
		{"Retry-After", "86400"},
		{"Retry-After", "300000000000"},
		{"Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"},
		{"X-RateLimit-Reset", "9999-12-31T23:59:59Z"},
		{"X-RateLimit-Reset", "253402300799"},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := always(http.StatusTooManyRequests, `{}`, header...)
			c := clientOver(f)
			start := time.Now()
			for range 3 {
				_, err := c.Read(t.Context(), Get("/x"))
				if e := asDomain(t, err); e.Code != domain.RateLimited || !strings.Contains(e.Message, "day") && !strings.Contains(e.Message, "24h") {
					t.Fatalf("%v: %+v", header, e)
				}
			}
			if n := f.calls.Load(); n != 1 || time.Since(start) > 0 {
				t.Errorf("%v: %d calls within %v, want 1 at once", header, n, time.Since(start))
			}
			time.Sleep(maxWait)
			_, _ = c.Read(t.Context(), Get("/x"))
			if n := f.calls.Load(); n != 2 {
				t.Errorf("%v: after five minutes %d calls, want 2", header, n)
			}
		})
	}
	for _, header := range [][]string{ // of an answer that is no refusal
		{"X-RateLimit-Limit", "100", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset", "9999-12-31T23:59:59Z"},
		{"X-RateLimit-Limit", "100", "X-RateLimit-Remaining", "1", "X-RateLimit-Reset", "9999-12-31T23:59:59Z"},
		{"X-RateLimit-Limit", "100", "X-RateLimit-Remaining", "1", "X-RateLimit-Interval-Seconds", "1000000000", "X-RateLimit-FillRate", "1"},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := clientOver(always(http.StatusOK, `{}`, header...))
			start := time.Now()
			for range 3 {
				if _, err := c.Read(t.Context(), Get("/x")); err != nil {
					t.Fatal(header, err)
				}
			}
			if took := time.Since(start); took > 2*maxWait {
				t.Errorf("%v: three calls took %v", header, took)
			}
		})
	}
}

// Who knocks gets one call through a closed gate. Its answer decides about all others, and nobody else is let through meanwhile.
func TestKnock(t *testing.T) {
	t.Parallel()
	for _, asked := range []string{"200", "Fri, 31 Dec 9999 23:59:59 GMT"} {
		for _, right := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				var closed atomic.Bool
				f := &fake{serve: func(*http.Request, int) (*http.Response, error) {
					time.Sleep(time.Second)
					if closed.Load() {
						return reply(http.StatusTooManyRequests, `{}`, "Retry-After", asked), nil
					}
					return reply(http.StatusOK, `{}`), nil
				}}
				c := clientOver(f)
				closed.Store(true)
				_, _ = c.Write(t.Context(), Delete("/x"))
				closed.Store(!right)
				before := f.calls.Load()
				start := time.Now()
				c.Knock()
				var work sync.WaitGroup
				var failed atomic.Int64
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				for range 6 {
					work.Go(func() {
						if _, err := c.Read(ctx, Get("/x")); err != nil {
							failed.Add(1)
						}
					})
				}
				work.Wait()
				n := f.calls.Load() - before
				switch {
				case right && (failed.Load() != 0 || n != 6 || time.Since(start) != 2*time.Second):
					t.Errorf("asked to wait %s, then set right: %d calls, %d failed, after %v", asked, n, failed.Load(), time.Since(start))
				case !right && (failed.Load() != 6 || n != 1):
					t.Errorf("asked to wait %s, still: %d calls, %d failed", asked, n, failed.Load())
				}
			})
		}
	}
}

func TestQuotaIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := always(http.StatusTooManyRequests, `{}`, "Retry-After", "2", "RateLimit-Reason", "jira-quota-tenant-based")
		_, err := clientOver(f).Read(t.Context(), Get("/x"))
		if e := asDomain(t, err); e.Code != domain.RateLimited || e.Reason != "quota" || f.calls.Load() != 1 {
			t.Errorf("%+v after %d calls", e, f.calls.Load())
		}
	})
}

func TestThrottleWithoutATimeBacksOff(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"", "0", "-5", "soon", "NaN", "Mon, 02 Jan 1999 15:04:05 GMT"} {
		synctest.Test(t, func(t *testing.T) {
			f := always(http.StatusTooManyRequests, ``, "Retry-After", header)
			start := time.Now()
			_, err := clientOver(f).Read(t.Context(), Get("/x"))
			if e := asDomain(t, err); e.Code != domain.RateLimited {
				t.Fatalf("%+v", e)
			}
			if took := time.Since(start); took < time.Minute || took > 3*time.Minute {
				t.Errorf("%q: it was given up after %v", header, took)
			}
		})
	}
}

func TestNearTheLimitCallsAreSpread(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reset := time.Now().Add(100 * time.Second)
		left := 11
		var mu sync.Mutex
		f := &fake{serve: func(*http.Request, int) (*http.Response, error) {
			mu.Lock()
			defer mu.Unlock()
			left--
			return reply(http.StatusOK, `{}`, "X-RateLimit-Limit", "100", "X-RateLimit-Remaining", fmt.Sprint(left),
				"X-RateLimit-Reset", reset.UTC().Format(time.RFC3339)), nil
		}}
		c := clientOver(f)
		start := time.Now()
		for range 5 {
			if _, err := c.Read(t.Context(), Get("/x")); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took < 38*time.Second || took > 45*time.Second {
			t.Errorf("4 further calls of 10 left for 100 s took %v", took)
		}
	})
}

func TestCancelEndsAWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clientOver(always(http.StatusTooManyRequests, `{}`, "Retry-After", "200"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _ = c.Write(ctx, Delete("/x"))
		stop, cancelStop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancelStop)
		_, err := c.Write(stop, Delete("/x"))
		if e := asDomain(t, err); e.Code != domain.Cancelled || e.Effect != domain.NotApplied || e.Receipt != nil {
			t.Errorf("%+v", e)
		}
	})
}

func TestAdviceIsJudgedByTheServersClock(t *testing.T) {
	t.Parallel()
	server := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for _, local := range []time.Time{server, server.Add(2 * time.Hour), server.Add(-2 * time.Hour), server.AddDate(1, 0, 0)} {
		for header, want := range map[[2]string]time.Duration{
			{"Retry-After", "7"}:   7 * time.Second,
			{"Retry-After", " 7 "}: 7 * time.Second,
			{"Retry-After", "0.5"}: 500 * time.Millisecond,
			{"Retry-After", server.Add(9 * time.Second).Format(http.TimeFormat)}:  9 * time.Second,
			{"Retry-After", server.Add(-9 * time.Second).Format(http.TimeFormat)}: 0,
			{"Retry-After", "1e300"}:  365 * 24 * time.Hour,
			{"Beta-Retry-After", "3"}: 3 * time.Second,
			{"X-RateLimit-Reset", server.Add(5 * time.Second).Format(time.RFC3339)}:             5 * time.Second,
			{"X-RateLimit-Reset", server.Add(5 * time.Second).Format("2006-01-02T15:04Z07:00")}: 0,
			{"X-RateLimit-Reset", fmt.Sprint(server.Add(6 * time.Second).Unix())}:               6 * time.Second,
			{"X-RateLimit-Reset", fmt.Sprint(server.Add(6 * time.Second).UnixMilli())}:          6 * time.Second,
			{"X-RateLimit-Reset", "30"}:        30 * time.Second,
			{"X-RateLimit-Reset", "yesterday"}: 0,
		} {
			h := http.Header{"Date": {server.Format(http.TimeFormat)}}
			h.Set(header[0], header[1])
			a := adviceOf(http.StatusTooManyRequests, h, local)
			got := max(a.wait, a.reset)
			if got != want {
				t.Errorf("%v at local %v: %v, want %v", header, local, got, want)
			}
		}
	}
}
