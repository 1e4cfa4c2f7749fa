package atlassian

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"seatkeeper/backend/domain"
)

// retry says what may be done after a failed attempt of a read.
type retry int

const (
	retryNever retry = iota
	retryFailed
	retryThrottled
)

// exchange is one attempt: one request at most, and what came of it.
type exchange struct {
	status  int
	body    []byte
	receipt domain.Receipt
	err     *domain.Error // nil when the call worked
	effect  domain.Effect // of a failed change
	retry   retry         // of a failed read
	unnamed bool          // refused for now, without a word how long to wait
}

// fail fills in an exchange that made no request or got no answer.
func (x exchange) fail(err *domain.Error, effect domain.Effect, again retry) exchange {
	x.err, x.effect, x.retry = err, effect, again
	return x
}

// exchange makes one attempt.
func (c *core) exchange(ctx context.Context, call Call, write bool) exchange {
	var x exchange
	body, err := call.body()
	if err != nil {
		return x.fail(domain.AsError(fmt.Errorf("writing the body of %s: %w", call.Template, err)), domain.NotApplied, retryNever)
	}
	x.receipt = domain.Receipt{Method: call.Method, URL: c.base + call.path(), Body: string(body)}
	observer := observerOf(ctx)
	entry, err := c.gate.enter(ctx, write, observer.Waiting)
	if err != nil {
		return x.fail(stopped(ctx, err), domain.NotApplied, retryNever)
	}
	defer entry.leave()
	credential, err := c.use()
	if err != nil {
		return x.fail(domain.AsError(err), domain.NotApplied, retryNever)
	}
	// From here on the attempt has its own limit, so that a dead socket cannot hold a place for longer.
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	var wire wireTrace
	req, err := http.NewRequestWithContext(wire.attach(limited), call.Method, x.receipt.URL, bodyReader(body))
	if err != nil {
		return x.fail(domain.AsError(fmt.Errorf("making %s %s: %w", call.Method, call.Template, err)), domain.NotApplied, retryNever)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "Seatkeeper")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if !call.NoSecret {
		req.Header.Set("Authorization", credential.scheme+credential.secret.Reveal())
	}
	observer.Request()
	talk := domain.TalkOf(ctx)
	talk.Asked(c.party)
	x.receipt.SentAt = time.Now()
	x = c.roundTrip(ctx, req, x, passage{wire: &wire, credential: credential, write: write, probe: entry.probe})
	talk.Over(x.status != 0)
	c.log.LogAttrs(ctx, slog.LevelDebug, "atlassian", slog.String("method", call.Method), slog.String("path", call.Template),
		slog.Int("status", x.status), slog.Duration("took", x.receipt.Took), slog.String("request", x.receipt.RequestID))
	return x
}

// passage is what one request needs on its way beside itself.
type passage struct {
	wire       *wireTrace
	credential Credential
	write      bool
	probe      bool // the gate is closed, and this request tries whether it must stay so
}

// roundTrip sends the request and judges what comes back. http.Client is left out on purpose: a bare transport follows no redirect
// and keeps no cookie.
func (c *core) roundTrip(ctx context.Context, req *http.Request, x exchange, p passage) exchange {
	credential, write := p.credential, p.write
	res, err := c.transport.RoundTrip(req)
	if err != nil {
		err = credential.maskError(err)
		x.receipt.Took = time.Since(x.receipt.SentAt)
		again := retryFailed
		if isTrust(err) {
			again = retryNever
		}
		return x.fail(noAnswer(ctx, req.URL.Hostname(), err), p.wire.effect(err), again)
	}
	defer func() { _ = res.Body.Close() }()
	body, cutErr := io.ReadAll(io.LimitReader(res.Body, maxBody+1))
	// Once, here: a server that sends the credential back must not get it into a name, a finding, a receipt or the log.
	body = credential.maskBody(body)
	credential.maskHeader(res.Header)
	x.receipt.Took = time.Since(x.receipt.SentAt)
	x.status, x.body = res.StatusCode, body
	x.receipt.Status = res.StatusCode
	x.receipt.RequestID = requestID(res.Header)
	if write { // nobody asks for the answer of a read again, and it holds people's data
		x.receipt.Answer = cut(domain.VisibleLines(credential.mask(string(body[:min(len(body), 2*maxAnswer)]))), maxAnswer) // also what was cut in two
	}

	limits := adviceOf(res.StatusCode, res.Header, time.Now())
	wait := c.gate.learn(limits, p.probe)
	c.noteSkew(res.Header, x.receipt)
	a := answer{
		host: req.URL.Hostname(), party: c.party, status: res.StatusCode, header: res.Header, body: body, wait: wait, quota: limits.quota,
		write: write, mask: credential.mask,
	}
	switch {
	case res.StatusCode/100 != 2:
		x.err = a.refusal()
		x.effect = domain.EffectUnknown
		if definiteRefusal(res.StatusCode) {
			x.effect = domain.NotApplied
		}
		x.retry, x.unnamed = retryOf(limits, res.StatusCode), limits.wait <= 0 && limits.reset <= 0
		return x
	case cutErr != nil:
		return x.fail(noAnswer(ctx, req.URL.Hostname(), cutErr), domain.EffectUnknown, retryFailed)
	case len(body) > maxBody:
		return x.fail(contract("it is larger than 64 MiB"), domain.EffectUnknown, retryNever)
	case !a.isJSON() && (len(bytes.TrimSpace(body)) > 0 || req.Method == http.MethodGet):
		return x.fail(a.foreign(), domain.EffectUnknown, retryNever)
	}
	return x
}

// retryOf says whether a read may be tried again after a status.
func retryOf(a advice, status int) retry {
	switch {
	case a.quota:
		return retryNever
	case a.refused:
		return retryThrottled
	case status >= 500:
		return retryFailed
	}
	return retryNever
}

// noteSkew keeps the difference between the server's clock and ours, measured against the middle of the exchange.
func (c *core) noteSkew(h http.Header, r domain.Receipt) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	// The header counts whole seconds: on average the server's clock is half a second further.
	c.skew.Store(int64(date.Add(time.Second / 2).Sub(r.SentAt.Add(r.Took / 2))))
	c.skewKnown.Store(true)
}

func bodyReader(body []byte) io.Reader {
	if body == nil {
		return nil
	}
	return bytes.NewReader(body)
}

func requestID(h http.Header) string {
	for _, name := range []string{"X-Request-Id", "Atl-Traceid", "X-Arequestid"} {
		if v := h.Get(name); v != "" {
			return cut(domain.Visible(v), 128)
		}
	}
	return ""
}

// wireTrace sees how far a request came on its way out.
type wireTrace struct {
	seen  atomic.Bool // a transport that reports at all
	wrote atomic.Bool // the head of the request may have been sent
}

func (w *wireTrace) attach(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { w.seen.Store(true) },
		WroteHeaders: func() { w.wrote.Store(true) },
	})
}

// effect judges a call that got no answer: only evidence that nothing was written makes it NotApplied.
func (w *wireTrace) effect(err error) domain.Effect {
	if (w.seen.Load() && !w.wrote.Load()) || (!w.wrote.Load() && (isDial(err) || isTrust(err))) {
		return domain.NotApplied
	}
	return domain.EffectUnknown
}

// noAnswer is the error of a call without an answer.
func noAnswer(ctx context.Context, host string, err error) *domain.Error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return &domain.Error{Code: domain.Cancelled, Message: "Stopped.", Err: err}
	}
	return networkError(host, err)
}
