package sim

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"time"
)

// ListedDataCenter is a Jira Data Center instance with an administrator's personal access token.
type ListedDataCenter struct {
	Name  string `json:"name"`
	URL   string `json:"url"`
	Token string `json:"token"`
}

// serveDataCenters opens a listener for each instance.
func (w *World) serveDataCenters(ctx context.Context) ([]ListedDataCenter, error) {
	list := []ListedDataCenter{}
	for i, d := range w.DataCenters() {
		url, err := w.serve(ctx, w.Handler(dcSite(i)))
		if err != nil {
			return nil, err
		}
		list = append(list, ListedDataCenter{Name: d.Name, URL: url + dcContext, Token: d.Token})
	}
	return list, nil
}

// TLSOptions say what is wrong with a server's certificate. The zero value is a good one for 127.0.0.1 of a private authority.
type TLSOptions struct {
	Host    string // the name that the certificate is for; "" is 127.0.0.1
	Expired bool
	// SelfSigned lets the certificate vouch for itself; the PEM is then the certificate's own.
	SelfSigned bool
}

// ServeDataCenterTLS serves instance n over HTTPS until ctx ends, and returns its address with the PEM of the private authority that
// signed its certificate.
func (w *World) ServeDataCenterTLS(ctx context.Context, n int, o TLSOptions) (url, caPEM string, err error) {
	certificate, caPEM, err := newCertificate(o)
	if err != nil {
		return "", "", err
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", "", err
	}
	secured := tls.NewListener(ln, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
	serveOn(ctx, secured, w.Handler(dcSite(n)))
	return "https://" + ln.Addr().String() + dcContext, caPEM, nil
}

// newCertificate makes a private authority and a server certificate that it signed.
func newCertificate(o TLSOptions) (tls.Certificate, string, error) {
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, "", err
	}
	serverKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, "", err
	}
	now := time.Now()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Acme Internal CA"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(5, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	server := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "jira"}, NotBefore: now.AddDate(0, -6, 0), NotAfter: now.AddDate(0, 6, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if o.Host == "" {
		server.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	} else {
		server.DNSNames = []string{o.Host}
	}
	if o.Expired {
		server.NotAfter = now.Add(-time.Hour)
	}
	authorityDER, err := x509.CreateCertificate(rand.Reader, authority, authority, &authorityKey.PublicKey, authorityKey)
	if err != nil {
		return tls.Certificate{}, "", err
	}
	if o.SelfSigned {
		authority, authorityKey = server, serverKey
	}
	serverDER, err := x509.CreateCertificate(rand.Reader, server, authority, &serverKey.PublicKey, authorityKey)
	if err != nil {
		return tls.Certificate{}, "", err
	}
	if o.SelfSigned {
		authorityDER = serverDER
	}
	caPEM := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authorityDER}))
	return tls.Certificate{Certificate: [][]byte{serverDER}, PrivateKey: serverKey}, caPEM, nil
}
