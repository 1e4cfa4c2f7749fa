package atlassian

import (
	"context"
	"net/http"
	"time"

	"seatkeeper/backend/domain"
)

const (
	readAttempts    = 5
	hurriedAttempts = 2
	maxThrottles    = 20               // 429s for one read, each with its own wait, before we give up
	maxUnnamed      = 90 * time.Second // how long we go on where the server does not say how long to wait
	firstRetry      = 500 * time.Millisecond
	maxRetry        = 8 * time.Second
)

// Read makes a call that changes nothing: GET, or one of the POST searches. It is tried again after 5xx and network failures, and
// after a 429 when the time to wait is bearable. The error is a *domain.Error.
func (c *Client) Read(ctx context.Context, call Call) (Answer, error) {
	failures, throttles := 0, 0
	var unnamed time.Time // since when
	for {
		x := c.exchange(ctx, call, false)
		if x.err == nil {
			return Answer{Status: x.status, Body: x.body}, nil
		}
		c.gate.reads.vacate(ctx)
		switch x.retry {
		case retryNever:
			return Answer{}, x.err
		case retryThrottled: // the gate is closed for as long as it takes
			if x.unnamed && unnamed.IsZero() {
				unnamed = time.Now()
			}
			if throttles++; throttles >= maxThrottles || x.unnamed && time.Since(unnamed) >= maxUnnamed {
				return Answer{}, x.err
			}
		case retryFailed:
			if failures++; failures >= c.attempts {
				return Answer{}, x.err
			}
			if err := pause(ctx, backoff(firstRetry, failures-1, maxRetry)); err != nil {
				return Answer{}, stopped(ctx, err)
			}
		}
	}
}

// Write makes a call that changes something, once. The receipt is filled whenever a request was made.
//
// The error is a *domain.Error with that receipt and an Effect: NotApplied when the call certainly changed nothing (a definite
// refusal, or it never left this machine), EffectUnknown otherwise. After a 429 the error is RateLimited and NotApplied, the gate
// stays closed for the asked time, and it is for the caller to send again.
func (c *Client) Write(ctx context.Context, call Call) (domain.Receipt, error) {
	_, receipt, err := c.WriteAnswer(ctx, call)
	return receipt, err
}

// WriteAnswer is Write for a call whose answer holds what was made.
func (c *Client) WriteAnswer(ctx context.Context, call Call) (Answer, domain.Receipt, error) {
	x := c.exchange(ctx, call, true)
	if x.err == nil {
		return Answer{Status: x.status, Body: x.body}, x.receipt, nil
	}
	e := *x.err
	e.Effect = x.effect
	if !x.receipt.SentAt.IsZero() {
		e.Receipt = &x.receipt
	}
	return Answer{}, x.receipt, &e
}

// stopped turns the end of a context, or whatever else, into a domain error.
func stopped(ctx context.Context, err error) *domain.Error {
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	e := *domain.AsError(err)
	e.Err = err
	return &e
}

// definiteRefusal tells whether a status proves that the call was not carried out.
func definiteRefusal(status int) bool {
	switch status {
	case http.StatusRequestTimeout: // said by a gateway that may have passed the request on
		return false
	case 499: // the same, "client closed request"
		return false
	}
	return status >= 400 && status < 500
}
