package admin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"syscall"
)

// transportFault says in plain words why a server could not be asked.
func transportFault(at *url.URL, err error) *Fault {
	host := at.Host
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case isCertificate(err):
		return certificateFault(host, err)
	case errors.Is(err, errInternalAddress):
		return fault(FaultUnreachable, fmt.Sprintf("The name %s leads to an internal address.", host),
			"Use a public address, or ask the operator to allow internal ones.")
	case errors.As(err, &dns) && dns.IsNotFound:
		return fault(FaultUnreachable, fmt.Sprintf("The name %s does not exist.", host), "Check the spelling of the address.")
	case errors.As(err, &dns):
		return fault(FaultUnreachable, fmt.Sprintf("The name %s could not be looked up.", host), "Try again; if it stays, ask the operator about the server's DNS.")
	case errors.Is(err, syscall.ECONNREFUSED):
		return fault(FaultUnreachable, fmt.Sprintf("The server %s refuses the connection.", host), "Check that the site is running and that the port is right.")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return fault(FaultUnreachable, fmt.Sprintf("The server %s did not answer within 10 seconds.", host),
			"Check that the site is running and that this server may reach it.")
	}
	return fault(FaultUnreachable, fmt.Sprintf("The server %s cannot be reached.", host), "Open the address in a browser; if it works there, ask the operator about this server's network.")
}

// isCertificate says whether TLS failed because of who the server is, or that it speaks no TLS.
func isCertificate(err error) bool {
	var verification *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &verification) || errors.As(err, &record) || errors.As(err, &alert) || errors.Is(err, errNotPinned) || errors.Is(err, http.ErrSchemeMismatch)
}

func certificateFault(host string, err error) *Fault {
	var name x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var wrong x509.CertificateInvalidError
	hint := "Give the site a certificate that browsers trust."
	switch {
	case errors.As(err, &name):
		return fault(FaultCertificate, fmt.Sprintf("The certificate of %s is for another name.", host), hint)
	case errors.As(err, &wrong) && wrong.Reason == x509.Expired:
		return fault(FaultCertificate, fmt.Sprintf("The certificate of %s is not valid at this time.", host), "Renew the site's certificate.")
	case errors.As(err, &unknown), errors.Is(err, errNotPinned):
		return fault(FaultCertificate, fmt.Sprintf("The certificate of %s was issued by nobody whom this server trusts.", host),
			"Give the site a certificate that browsers trust, with all certificates in between.")
	}
	return fault(FaultCertificate, fmt.Sprintf("The server %s does not offer a secure connection that works.", host), hint)
}
