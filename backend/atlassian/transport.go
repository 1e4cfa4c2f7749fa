package atlassian

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

const (
	stepTimeout  = 30 * time.Second  // to connect, and again until the head of the answer
	callTimeout  = 120 * time.Second // for one whole attempt, body included
	maxBody      = 64 << 20          // bytes of an answer, after decompression
	maxHeader    = 1 << 20
	idleTimeout  = 90 * time.Second
	idlePerHost  = 16
	keepAliveGap = 30 * time.Second
)

// NewTransport makes the bottom transport: TLS 1.2 at least, the proxy that the environment names, bounded times and header size.
func NewTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: stepTimeout, KeepAlive: keepAliveGap}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    stepTimeout,
		ResponseHeaderTimeout:  stepTimeout,
		IdleConnTimeout:        idleTimeout,
		MaxIdleConnsPerHost:    idlePerHost,
		MaxResponseHeaderBytes: maxHeader,
		ForceAttemptHTTP2:      true,
	}
}
