package domain

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Code says what kind of thing went wrong. The set is closed: a caller may switch over it.
type Code string

// The codes, from the caller's mistake to ours.
const (
	Invalid     Code = "invalid"      // the input is wrong; Field says which
	NotFound    Code = "not_found"    // the thing is not there (any more)
	Conflict    Code = "conflict"     // the thing changed, exists already, or a seat limit is reached
	Forbidden   Code = "forbidden"    // the credential may not do this
	AuthFailed  Code = "auth_failed"  // the credential is wrong, expired or revoked
	RateLimited Code = "rate_limited" // Atlassian asks to wait; RetryAfter says how long, when known
	Unreachable Code = "unreachable"  // no answer: network, DNS, TLS, time-out, or the service is down
	Unsupported Code = "unsupported"  // this source cannot do this
	Stale       Code = "stale"        // the local copy, plan or snapshot is too old to act on
	Cancelled   Code = "cancelled"    // somebody asked to stop
	Internal    Code = "internal"     // a defect of Seatkeeper or of the machine (disk, keyring)
)

// Effect says what is known about a call that changes something at Atlassian.
type Effect string

// The effects. The zero value belongs to errors that are not about a changing call.
const (
	NotApplied    Effect = "not_applied"    // certainly not carried out: it was refused, or never left this machine
	EffectUnknown Effect = "effect_unknown" // it may have been carried out: only a read can tell
)

// Error is the one error type that reaches a user: what happened (Message), what to do (Hint), and for the log the chain (Err).
type Error struct {
	Code       Code
	Reason     string        // finer machine-readable cause within Code, e.g. "scope", "ip_allowlist", "license", "synced"
	Message    string        // one plain sentence: what happened and why
	Hint       string        // one plain sentence: what to do about it; may be empty
	Field      string        // the input that is wrong, for Invalid
	More       []*Error      // other inputs that are wrong at the same time; each has its Field
	Effect     Effect        // for calls that change something
	RetryAfter time.Duration // for RateLimited, 0 when unknown
	Receipt    *Receipt      // the answer behind the error, when there was one
	Err        error         // the cause, for the log only
}

// Error gives the message and the chain; it is meant for the log. The window shows Message and Hint.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Message)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error with a formatted message; a %w verb sets the cause.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...) //nolint:err113 // the one place where messages become errors
	return &Error{Code: code, Message: err.Error(), Err: errors.Unwrap(err)}
}

// WithHint sets what the user can do about the error.
func (e *Error) WithHint(hint string) *Error {
	e.Hint = hint
	return e
}

// CodeOf gives the code of the first Error in the chain; a context's end is Cancelled, anything else Internal, nil is "".
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	if errors.Is(err, context.Canceled) {
		return Cancelled
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return Unreachable
	}
	return Internal
}

// AsError gives the first Error in the chain, or a new one of CodeOf(err) around err. AsError(nil) is nil.
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	switch code := CodeOf(err); code {
	case Cancelled:
		return &Error{Code: code, Message: "Stopped.", Err: err}
	case Unreachable:
		return &Error{Code: code, Message: "No answer in time.", Hint: "Check the network and try again.", Err: err}
	default:
		return &Error{Code: Internal, Message: "Something went wrong inside Seatkeeper.", Hint: "Try again; the log file has the details.", Err: err}
	}
}
