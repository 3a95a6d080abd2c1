package vault

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"

	"software.sslmate.com/src/go-pkcs12"
)

// ErrPKCS12Password is a password that does not open a PKCS#12 file.
var ErrPKCS12Password = errors.New("vault: wrong password of a PKCS#12 file")

// OpenPKCS12 opens a .pfx or .p12 file (RFC 7292), as Windows and OpenSSL export a certificate with its chain and key.
// Other errors mean that it is damaged, or in a way of its own.
func OpenPKCS12(content []byte, password string) (crypto.Signer, []*x509.Certificate, error) {
	key, leaf, chain, err := pkcs12.DecodeChain(content, password)
	if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		return nil, nil, ErrPKCS12Password
	}
	if err != nil {
		return nil, nil, fmt.Errorf("vault: PKCS#12: %w", err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, nil, errors.New("vault: PKCS#12: a key that cannot sign")
	}
	return signer, append([]*x509.Certificate{leaf}, chain...), nil
}
