package jiradc

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"seatkeeper/backend/domain"
)

// maxCA bounds the file: a bundle with every public authority has about 250 KiB.
const maxCA = 2 << 20

// readCA reads the authority's certificates and gives the system's authorities with them added; nil for no file. Nothing weakens
// the check of the server's certificate: the file only adds whom to trust.
func readCA(path string) (*x509.CertPool, error) {
	path = strings.TrimSpace(path)
	if path == "" {
		return nil, nil //nolint:nilnil // no pool means the system's
	}
	if !filepath.IsAbs(path) {
		return nil, badCA("This is not a full path.", "Give the path from the root on, like /etc/ssl/company-ca.pem.", nil)
	}
	data, err := readSome(path)
	if err != nil {
		return nil, err
	}
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool() // a system without any: the file alone counts
	}
	certificates := 0
	for rest := data; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		switch {
		case strings.Contains(block.Type, "PRIVATE KEY"):
			return nil, badCA("The file holds a private key, which Seatkeeper has no business with.", "Give the file with the authority's certificate alone.", nil)
		case block.Type != "CERTIFICATE":
			continue
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, badCA("A certificate in the file cannot be read.", "Ask for the file again.", err)
		}
		roots.AddCert(certificate)
		certificates++
	}
	if certificates == 0 {
		return nil, badCA("There is no certificate in PEM form in the file.", `A PEM file is text with a line "-----BEGIN CERTIFICATE-----"; one in DER form can be converted with openssl x509 -inform der.`, nil)
	}
	return roots, nil
}

// readSome reads a regular file of bearable size.
func readSome(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, badCA("There is no such file.", "Check the path.", err)
	case errors.Is(err, fs.ErrPermission):
		return nil, badCA("The file may not be read.", "Let your user read it, or copy it.", err)
	case err != nil:
		return nil, badCA("The file cannot be read.", "Check the path.", err)
	case info.IsDir():
		return nil, badCA("This is a folder.", "Give the path of the file in it.", nil)
	case !info.Mode().IsRegular():
		return nil, badCA("This is not a file.", "Check the path.", nil)
	case info.Size() > maxCA:
		return nil, badCA(fmt.Sprintf("The file is too large to be a certificate (%d MiB).", info.Size()>>20), "Check the path.", nil)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, badCA("The file may not be read.", "Let your user read it, or copy it.", err)
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxCA))
	if err != nil {
		return nil, badCA("The file cannot be read.", "Try again.", err)
	}
	return data, nil
}

func badCA(message, hint string, err error) *domain.Error {
	return &domain.Error{Code: domain.Invalid, Field: fieldCA, Message: message, Hint: hint, Err: err}
}
