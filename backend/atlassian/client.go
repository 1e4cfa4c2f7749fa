package atlassian

import (
	"cmp"
	"context"
	"crypto/x509"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"seatkeeper/backend/domain"
)

// Options configure a client. Zero values are the defaults.
type Options struct {
	Base       string // scheme and host, already checked with SiteURL, DataCenterURL or APIBase; for Data Center with the context path
	Credential Credential
	Transport  http.RoundTripper // nil: NewTransport
	Roots      *x509.CertPool    // whom to trust when Transport is nil; nil: the system's authorities
	Reads      int               // reads in flight, 8
	Writes     int               // changes in flight, 4
	Log        *slog.Logger      // nil: silent
	Party      string            // who answers, for words to the user; "": Atlassian
}

const (
	defaultReads  = 8
	defaultWrites = 4
)

// Client makes calls with one credential. All its methods may be used from several goroutines; they share one rate gate.
type Client struct {
	*core

	attempts int // for a read
}

// core is what a client and its hurried copy share.
type core struct {
	base      string
	party     string
	transport http.RoundTripper
	own       *http.Transport // nil when the transport was given
	gate      *gate
	reads     int
	log       *slog.Logger
	skew      atomic.Int64 // server's clock minus ours, ns
	skewKnown atomic.Bool

	mu         sync.Mutex
	credential Credential
	closed     bool
}

// New makes a client. It makes no request.
func New(o Options) *Client {
	if o.Reads <= 0 {
		o.Reads = defaultReads
	}
	if o.Writes <= 0 {
		o.Writes = defaultWrites
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	c := &core{base: o.Base, party: cmp.Or(o.Party, atlassianItself), transport: o.Transport, gate: newGate(o.Reads, o.Writes), reads: o.Reads, log: o.Log, credential: o.Credential}
	if c.transport == nil {
		c.own = NewTransport()
		c.own.TLSClientConfig.RootCAs = o.Roots
		c.transport = c.own
	}
	return &Client{core: c, attempts: readAttempts}
}

// Hurried is the same client for a user who waits in front of a dialog: a read is tried only twice.
func (c *Client) Hurried() *Client { return &Client{core: c.core, attempts: hurriedAttempts} }

// Reads is how many reads may be in flight.
func (c *core) Reads() int { return c.reads }

// Base is the scheme and host that the credential goes to.
func (c *core) Base() string { return c.base }

// Skew is the server's clock minus this machine's, as of the last answer; false when no answer carried a date.
func (c *core) Skew() (time.Duration, bool) {
	return time.Duration(c.skew.Load()), c.skewKnown.Load()
}

// Knock lets the next request through although the server has asked to wait: the operator asks for it. Its answer decides about the others.
func (c *core) Knock() { c.gate.knock() }

// Close forgets the credential and drops idle connections; later calls fail.
func (c *core) Close() {
	c.mu.Lock()
	c.closed = true
	c.credential = Credential{}
	c.mu.Unlock()
	if c.own != nil {
		c.own.CloseIdleConnections()
	}
}

// use gives the credential, or an error once the client is closed.
func (c *core) use() (Credential, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return Credential{}, &domain.Error{
			Code: domain.Cancelled, Reason: "closed", Effect: domain.NotApplied,
			Message: "The connection was closed.", Hint: "Try again.",
		}
	}
	return c.credential, nil
}

// Observer is told what happens during a longer read, from any goroutine.
type Observer struct {
	Request func()                   // a request is about to be sent
	Waiting func(wait time.Duration) // Atlassian asked to wait this long
	// Nameless is told how many rows of a list had no id. Nobody need listen: then such a row is an error.
	Nameless func(rows int)
}

type observerKey struct{}

// Observe attaches an observer to all calls made with the returned context.
func Observe(ctx context.Context, o Observer) context.Context {
	return context.WithValue(ctx, observerKey{}, o)
}

func observerOf(ctx context.Context) Observer {
	o, _ := ctx.Value(observerKey{}).(Observer)
	if o.Request == nil {
		o.Request = func() {}
	}
	if o.Waiting == nil {
		o.Waiting = func(time.Duration) {}
	}
	return o
}
