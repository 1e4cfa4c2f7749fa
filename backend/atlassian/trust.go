package atlassian

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"seatkeeper/backend/domain"
)

// trustError says why the other side of a connection could not be trusted. Each cause has its own remedy.
func trustError(host string, err error) *domain.Error {
	e := &domain.Error{Code: domain.Unreachable, Reason: "tls", Err: err}
	var (
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		record  tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &record):
		e.Message = host + " did not answer with TLS: something speaks unencrypted there."
		e.Hint = "A proxy or a guest network may be in between. Check the address and the proxy settings."
	case errors.As(err, &name):
		e.Message = fmt.Sprintf("The TLS certificate that %s showed is for another name%s.", host, certifiedNames(name.Certificate))
		e.Hint = "A proxy or a hotel network may be in between. Ask your network team; never go on with this connection."
	case errors.As(err, &unknown):
		e.Message = "The TLS certificate that " + host + " showed is signed by nobody whom this computer trusts."
		e.Hint = "A proxy that inspects traffic, or a self-signed certificate. Ask your network team for its certificate and add it to this computer."
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired && strings.Contains(invalid.Detail, "is before"):
		e.Message = "The TLS certificate that " + host + " showed is not valid yet by this computer's clock."
		e.Hint = "Set the clock of this computer."
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		e.Message = "The TLS certificate that " + host + " showed has expired by this computer's clock."
		e.Hint = "Check the clock of this computer; if it is right, something else than Atlassian answered."
	default:
		e.Message = host + " did not prove who it is (TLS certificate)."
		e.Hint = "A proxy or a hotel network may be in between. Ask your network team, or add its certificate to this machine."
	}
	return e
}

func certifiedNames(c *x509.Certificate) string {
	if c == nil || len(c.DNSNames) == 0 {
		return ""
	}
	return " (" + cut(domain.Visible(strings.Join(c.DNSNames, ", ")), 80) + ")"
}

// dnsError says why a name was not found.
func dnsError(host string, dns *net.DNSError, err error) *domain.Error {
	e := &domain.Error{
		Code: domain.Unreachable, Reason: "dns", Err: err,
		Message: "The name " + host + " was not found.", Hint: "Check the spelling and the network connection.",
	}
	switch {
	case dns.IsNotFound:
	case dns.IsTimeout:
		e.Message = "The name server did not answer when asked for " + host + ": the name was not found in time."
		e.Hint = "Check the network connection; a VPN may be needed."
	case dns.IsTemporary:
		e.Message = "The name server could not look up " + host + " just now, so it was not found."
		e.Hint = "Try again in a minute."
	}
	return e
}

// dialError says why no connection was made.
func dialError(host string, err error) *domain.Error {
	e := &domain.Error{
		Code: domain.Unreachable, Reason: "network", Err: err,
		Message: "No connection to " + host + ".", Hint: "Check the network connection, the proxy and the firewall.",
	}
	var op *net.OpError
	switch {
	case errors.As(err, &op) && op.Op == "proxyconnect":
		e.Reason = "proxy"
		e.Message = "No connection to the network's proxy."
		e.Hint = "Check the address in HTTPS_PROXY, or remove it when this network has no proxy."
	case errors.Is(err, syscall.ECONNREFUSED):
		e.Message = "No connection to " + host + ": it was refused."
		e.Hint = "A firewall may refuse it. Check the proxy and the firewall."
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		e.Message = "No connection to " + host + ": this computer seems to be offline."
		e.Hint = "Connect to a network and try again."
	}
	return e
}

// isProxy tells whether the connection to the network's own proxy failed.
func isProxy(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "proxyconnect"
}
