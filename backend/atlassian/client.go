package atlassian

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"seatkeeper/backend/domain"
)

// Credential is what goes into the Authorization header.
type Credential struct {
	scheme string
	secret domain.Secret // the header's value after the scheme
	parts  []domain.Secret
}

// Bearer is an organization's API key, or a personal access token of Data Center.
func Bearer(key domain.Secret) Credential {
	return Credential{scheme: "Bearer ", secret: key, parts: []domain.Secret{key}}
}

// Basic is a person's API token.
func Basic(email string, token domain.Secret) Credential {
	pair := domain.NewSecret(base64.StdEncoding.EncodeToString([]byte(email + ":" + token.Reveal())))
	return Credential{scheme: "Basic ", secret: pair, parts: []domain.Secret{token, pair}}
}

// mask takes every trace of the credential out of a text that a server sent back.
func (c Credential) mask(s string) string {
	for _, p := range c.parts {
		if !p.Empty() {
			s = strings.ReplaceAll(s, p.Reveal(), "[secret]")
		}
	}
	return s
}

// Options configure a client. Zero values are the defaults.
type Options struct {
	Base       string // scheme and host, already checked with SiteURL, DataCenterURL or APIBase; for Data Center with the context path
	Credential Credential
	Transport  http.RoundTripper // nil: NewTransport
	Roots      *x509.CertPool    // whom to trust when Transport is nil; nil: the system's authorities
	Reads      int               // reads in flight, 8
	Writes     int               // changes in flight, 4
	Log        *slog.Logger      // nil: silent
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
	transport http.RoundTripper
	own       *http.Transport // nil when the transport was given
	gate      *gate
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
	c := &core{base: o.Base, transport: o.Transport, gate: newGate(o.Reads, o.Writes), log: o.Log, credential: o.Credential}
	if c.transport == nil {
		c.own = NewTransport()
		c.own.TLSClientConfig.RootCAs = o.Roots
		c.transport = c.own
	}
	return &Client{core: c, attempts: readAttempts}
}

// Hurried is the same client for a user who waits in front of a dialog: a read is tried only twice.
func (c *Client) Hurried() *Client { return &Client{core: c.core, attempts: hurriedAttempts} }

// Base is the scheme and host that the credential goes to.
func (c *core) Base() string { return c.base }

// Skew is the server's clock minus this machine's, as of the last answer; false when no answer carried a date.
func (c *core) Skew() (time.Duration, bool) {
	return time.Duration(c.skew.Load()), c.skewKnown.Load()
}

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
