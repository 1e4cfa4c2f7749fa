package atlassian

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"

	"seatkeeper/backend/domain"
)

// isDial tells whether the connection was never made.
func isDial(err error) bool {
	var dns *net.DNSError
	var op *net.OpError
	return errors.As(err, &dns) || (errors.As(err, &op) && op.Op == "dial")
}

// isTrust tells whether the other side could not be trusted; trying again does not help.
func isTrust(err error) bool {
	var (
		verify  *tls.CertificateVerificationError
		unknown x509.UnknownAuthorityError
		host    x509.HostnameError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
	)
	return errors.As(err, &verify) || errors.As(err, &unknown) || errors.As(err, &host) ||
		errors.As(err, &invalid) || errors.As(err, &record)
}

// networkError says in words why no answer came from a host.
func networkError(host string, err error) *domain.Error {
	e := &domain.Error{Code: domain.Unreachable, Err: err}
	var (
		dns  *net.DNSError
		nerr net.Error
	)
	switch {
	case isTrust(err):
		return trustError(host, err)
	case isProxy(err) && !strings.Contains(err.Error(), "Proxy Authentication Required"):
		return dialError(host, err)
	case errors.As(err, &dns):
		return dnsError(host, dns, err)
	case strings.Contains(err.Error(), "Proxy Authentication Required"):
		e.Reason = "proxy"
		e.Message = "The network's proxy asks for a password."
		e.Hint = "Set HTTPS_PROXY with the user name and password for the proxy."
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &nerr) && nerr.Timeout():
		e.Reason = "timeout"
		e.Message = host + " did not answer in time."
		e.Hint = "Check the network connection and try again."
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Reason = "cut"
		e.Message = "The answer of " + host + " was cut off."
		e.Hint = "Try again."
	case isDial(err):
		return dialError(host, err)
	case strings.Contains(err.Error(), "malformed HTTP response"):
		e.Reason = "network"
		e.Message = "What answers at " + host + " does not speak HTTP."
		e.Hint = "Check the address and the proxy settings."
	case strings.Contains(err.Error(), "remote error: tls"):
		e.Reason = "tls"
		e.Message = host + " ended the TLS handshake."
		e.Hint = "A firewall may not let this program through, or it demands a certificate. Ask your network team."
	default:
		e.Reason = "network"
		e.Message = "The connection to " + host + " broke."
		e.Hint = "Check the network connection and try again."
	}
	return e
}
