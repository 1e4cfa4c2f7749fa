package sim

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"
)

// apiHost is the host of the organization's APIs.
const apiHost = "api.atlassian.com"

// transport is the world as an http.RoundTripper: no socket, no goroutine.
type transport struct{ w *World }

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	site := -1
	host := r.URL.Hostname()
	if host != apiHost {
		var ok bool
		if site, ok = t.w.siteByHost(host); !ok {
			if site, ok = t.w.dcByHost(host); !ok {
				return nil, errNoHost(host)
			}
		}
	}
	if r.URL.Scheme != "https" {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	rep := t.w.answer(site, r)
	if rep.err != nil {
		return nil, rep.err
	}
	resp := &http.Response{
		StatusCode: rep.status, Status: strconv.Itoa(rep.status) + " " + http.StatusText(rep.status),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: rep.headers(), ContentLength: int64(len(rep.body)), Request: r,
		Body: &body{ctx: r.Context(), stall: rep.stall, Reader: bytes.NewReader(rep.body)},
	}
	if rep.half {
		resp.Body = &body{ctx: r.Context(), Reader: bytes.NewReader(rep.body[:len(rep.body)/2]), end: io.ErrUnexpectedEOF}
	}
	return resp, nil
}

// headers are the reply's own and those that Atlassian sends with every answer.
func (rep reply) headers() http.Header {
	h := rep.header.Clone()
	if h == nil {
		h = http.Header{}
	}
	if h.Get("Content-Type") == "" && len(rep.body) > 0 {
		h.Set("Content-Type", "application/json; charset=UTF-8")
	}
	h.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	h.Set("Content-Length", strconv.Itoa(len(rep.body)))
	return h
}

// body is a response's body that may come late and end badly.
type body struct {
	*bytes.Reader
	ctx   context.Context
	stall time.Duration
	end   error // in place of io.EOF
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	stall := b.stall
	b.stall = 0
	if err := sleep(b.ctx, stall); err != nil {
		return 0, err
	}
	n, err := b.Reader.Read(p)
	if err == io.EOF && b.end != nil {
		err = b.end
	}
	return n, err
}

// WriteTo hides bytes.Reader's own, which would go around Read.
func (b *body) WriteTo(out io.Writer) (int64, error) {
	return io.Copy(out, struct{ io.Reader }{b})
}

// Close implements io.Closer.
func (b *body) Close() error { return nil }

func errNoHost(host string) error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
}

func errCut() error {
	return &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
}

func errRefused() error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
}
