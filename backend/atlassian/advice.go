package atlassian

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// nearSpread is the distance between calls when the server says "near the limit" without figures.
const nearSpread = 200 * time.Millisecond

// epochFloor tells an epoch (seconds) from a number of seconds to wait: it lies in 1985.
const epochFloor = 500_000_000

// epochCeiling is the last second that four digits of a year can write: a greater number is no moment.
const epochCeiling = 253_402_300_800

// advice is what the headers of one answer say about the limits, in durations from now: the server's own clock is the judge,
// so that a wrong clock on this machine neither sends calls early nor waits for hours.
type advice struct {
	refused   bool          // 429, or 503 with a time to wait
	quota     bool          // refused by a quota that does not come back soon
	wait      time.Duration // Retry-After; 0 when missing, past or not understood
	reset     time.Duration // until the window's end; 0 when missing or past
	exhausted bool          // nothing is left in this window
	spread    time.Duration // distance to keep between calls, 0 for none
}

// adviceOf reads the headers of an answer.
func adviceOf(status int, h http.Header, now time.Time) advice {
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	var a advice
	a.wait = retryAfter(h.Get("Retry-After"), now)
	if a.wait == 0 {
		a.wait = retryAfter(h.Get("Beta-Retry-After"), now)
	}
	a.refused = status == http.StatusTooManyRequests || (status == http.StatusServiceUnavailable && a.wait > 0)
	a.quota = a.refused && strings.Contains(strings.ToLower(h.Get("RateLimit-Reason")), "quota")
	a.reset = resetIn(h.Get("X-RateLimit-Reset"), now)
	interval, pace := bucket(h)
	if a.reset == 0 {
		a.reset = interval
	}

	left, err := strconv.ParseInt(strings.TrimSpace(h.Get("X-RateLimit-Remaining")), 10, 64)
	known := err == nil && left >= 0
	near := strings.EqualFold(strings.TrimSpace(h.Get("X-RateLimit-NearLimit")), "true")
	if limit, err := strconv.ParseInt(strings.TrimSpace(h.Get("X-RateLimit-Limit")), 10, 64); err == nil && known && left < max(limit/5, defaultReads) {
		near = true // also where calls side by side could be more than what is left
	}
	a.exhausted = known && left == 0
	switch {
	case pace > 0 && known && (near || left < defaultReads): // calls side by side could be more than what is left
		a.spread = pace
	case a.exhausted && a.reset > 0: // whoever waits must not start at once when the window ends: the first answer tells what there is
		a.spread = nearSpread
	case !near || a.exhausted:
	case known && a.reset > 0:
		a.spread = a.reset / time.Duration(left)
	default:
		a.spread = nearSpread
		if a.reset == 0 {
			a.reset = time.Second
		}
	}
	return a
}

// bucket reads the headers of Data Center's token bucket: every interval it gets some tokens, so that a call each pace never empties it.
func bucket(h http.Header) (interval, pace time.Duration) {
	s, err := strconv.ParseFloat(strings.TrimSpace(h.Get("X-RateLimit-Interval-Seconds")), 64)
	if err != nil {
		return 0, 0
	}
	interval = seconds(s)
	if rate, err := strconv.ParseInt(strings.TrimSpace(h.Get("X-RateLimit-FillRate")), 10, 64); err == nil && rate > 0 {
		pace = interval / time.Duration(rate)
	}
	return interval, pace
}

// retryAfter reads seconds, a moment in seconds or milliseconds since 1970, or an HTTP date; anything else, and the past, is 0.
func retryAfter(v string, now time.Time) time.Duration {
	v = strings.TrimSpace(v)
	if v == "" {
		return 0
	}
	if s, err := strconv.ParseFloat(v, 64); err == nil {
		return secondsOrMoment(s, now)
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}

// resetIn reads RFC 3339, epoch seconds or milliseconds, or a number of seconds from now.
func resetIn(v string, now time.Time) time.Duration {
	v = strings.TrimSpace(v)
	if v == "" {
		return 0
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", http.TimeFormat} {
		if t, err := time.Parse(layout, v); err == nil {
			return max(0, t.Sub(now))
		}
	}
	s, err := strconv.ParseFloat(v, 64)
	if err != nil {
		return 0
	}
	return secondsOrMoment(s, now)
}

// secondsOrMoment reads a number of seconds from now, or a moment in seconds or milliseconds since 1970.
func secondsOrMoment(s float64, now time.Time) time.Duration {
	switch {
	case s >= epochFloor*1000 && s < epochCeiling*1000:
		return max(0, time.UnixMilli(int64(s)).Sub(now))
	case s >= epochFloor && s < epochCeiling:
		return max(0, time.Unix(int64(s), 0).Sub(now))
	default:
		return seconds(s)
	}
}

// seconds bounds a server's number: never negative, never beyond what a Duration holds.
func seconds(s float64) time.Duration {
	const year = 365 * 24 * 3600
	if !(s > 0) { // also not a number
		return 0
	}
	if s > year {
		s = year
	}
	return time.Duration(s * float64(time.Second))
}
