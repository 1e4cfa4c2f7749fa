package atlassian

import (
	"net/http"
	"testing"
	"time"
)

// TestDataCenterBucket: the headers of Data Center's token bucket close and pace the gate as Cloud's do.
func TestDataCenterBucket(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		limit, left, interval, fill, after string
		status                             int
		want                               advice
	}{
		"plenty":      {limit: "100", left: "80", interval: "60", fill: "30", status: 200, want: advice{reset: time.Minute}},
		"little left": {limit: "100", left: "5", interval: "60", fill: "30", status: 200, want: advice{reset: time.Minute, spread: 2 * time.Second}},
		"nothing left": {
			limit: "100", left: "0", interval: "60", fill: "30", status: 200, want: advice{reset: time.Minute, spread: 2 * time.Second, exhausted: true},
		},
		"refused": {
			limit: "100", left: "0", interval: "60", fill: "30", after: "7", status: 429,
			want: advice{refused: true, wait: 7 * time.Second, reset: time.Minute, spread: 2 * time.Second, exhausted: true},
		},
		"no rate":     {limit: "100", left: "5", interval: "60", status: 200, want: advice{reset: time.Minute, spread: 12 * time.Second}},
		"no interval": {limit: "100", left: "80", fill: "30", status: 200},
		"garbage":     {limit: "100", left: "80", interval: "soon", fill: "-1", status: 200},
		"endless":     {limit: "100", left: "80", interval: "1e30", fill: "0", status: 200, want: advice{reset: 365 * 24 * time.Hour}},
	} {
		h := http.Header{}
		for key, v := range map[string]string{
			"X-RateLimit-Limit": c.limit, "X-RateLimit-Remaining": c.left, "X-RateLimit-Interval-Seconds": c.interval,
			"X-RateLimit-FillRate": c.fill, "Retry-After": c.after,
		} {
			if v != "" {
				h.Set(key, v)
			}
		}
		if got := adviceOf(c.status, h, time.Now()); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
