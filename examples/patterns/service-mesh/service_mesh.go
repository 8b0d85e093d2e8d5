// Package servicemesh shows the two halves of a mesh: a control plane that
// gives every workload an identity and a policy, and a data plane that enforces
// both on every connection.
package servicemesh

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/spiffe/go-spiffe/v2/bundle/x509bundle"
	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"github.com/spiffe/go-spiffe/v2/spiffetls/tlsconfig"
	"github.com/spiffe/go-spiffe/v2/svid/x509svid"
)

// ControlPlane issues identities for one trust domain.
type ControlPlane struct {
	Timeout time.Duration // the mesh-wide limit of a call

	domain spiffeid.TrustDomain
	ca     *x509.Certificate
	key    *ecdsa.PrivateKey
	bundle *x509bundle.Bundle
	serial atomic.Int64
}

// NewControlPlane creates a certificate authority for domain.
func NewControlPlane(domain string, timeout time.Duration) (*ControlPlane, error) {
	td, err := spiffeid.TrustDomainFromString(domain)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: domain},
		NotBefore: now.Add(-time.Minute), NotAfter: now.Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
		URIs: []*url.URL{td.ID().URL()},
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, key.Public(), key)
	if err != nil {
		return nil, err
	}
	ca, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	cp := &ControlPlane{Timeout: timeout, domain: td, ca: ca, key: key, bundle: x509bundle.FromX509Authorities(td, []*x509.Certificate{ca})}
	cp.serial.Store(1)
	return cp, nil
}

// snippet:start

// Enroll gives a workload its identity, spiffe://domain/service, valid for a
// day. A control plane that is down for longer takes the data plane with it.
func (cp *ControlPlane) Enroll(service string) (*x509svid.SVID, error) {
	id, err := spiffeid.FromSegments(cp.domain, service)
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(cp.serial.Add(1)), URIs: []*url.URL{id.URL()},
		NotBefore: now.Add(-time.Minute), NotAfter: now.Add(24 * time.Hour),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, cp.ca, key.Public(), cp.key)
	if err != nil {
		return nil, fmt.Errorf("sign %s: %w", id, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &x509svid.SVID{ID: id, Certificates: []*x509.Certificate{cert}, PrivateKey: key}, nil
}

// Inbound wraps a workload's server: strict mTLS, and only the named callers.
// Anything else, plaintext included, ends in the handshake.
func (cp *ControlPlane) Inbound(svid *x509svid.SVID, app http.Handler, callers ...spiffeid.ID) *http.Server {
	return &http.Server{
		Handler:           app,
		TLSConfig:         tlsconfig.MTLSServerConfig(svid, cp.bundle, tlsconfig.AuthorizeOneOf(callers...)),
		ReadHeaderTimeout: cp.Timeout,
		ErrorLog:          log.New(io.Discard, "", 0),
	}
}

// Outbound is a workload's client: it proves who it is, insists on who it is
// talking to, and carries the mesh-wide limit that the application forgot.
func (cp *ControlPlane) Outbound(svid *x509svid.SVID, callee spiffeid.ID) *http.Client {
	return &http.Client{
		Timeout:   cp.Timeout,
		Transport: &http.Transport{TLSClientConfig: tlsconfig.MTLSClientConfig(svid, cp.bundle, tlsconfig.AuthorizeID(callee))},
	}
}

// snippet:end
