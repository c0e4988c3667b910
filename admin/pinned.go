package admin

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
)

// errNotPinned says that a chain ends at a pinned certificate that is not the server's own.
var errNotPinned = errors.New("certificate was issued by a pinned certificate, but is not pinned itself")

// pinnedTLS trusts what the system trusts, and besides exactly the certificates in pins: a server must present one itself.
// That such a certificate may have issued others counts for nothing. Name and time are checked always.
func pinnedTLS(pins []*x509.Certificate) *tls.Config {
	cfg := &tls.Config{MinVersion: tls.VersionTLS12}
	if len(pins) == 0 {
		return cfg
	}
	system, err := x509.SystemCertPool()
	if err != nil { // a machine without certificates: only the pins are trusted
		system = x509.NewCertPool()
	}
	cfg.RootCAs = system.Clone()
	for _, pin := range pins {
		cfg.RootCAs.AddCert(pin)
	}
	cfg.VerifyConnection = func(state tls.ConnectionState) error {
		if len(state.PeerCertificates) == 0 {
			return errNotPinned
		}
		for _, pin := range pins {
			if pin.Equal(state.PeerCertificates[0]) {
				return nil
			}
		}
		others := x509.NewCertPool()
		for _, c := range state.PeerCertificates[1:] {
			others.AddCert(c)
		}
		_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: system, Intermediates: others, DNSName: state.ServerName})
		if err != nil {
			return errors.Join(errNotPinned, err)
		}
		return nil
	}
	return cfg
}
