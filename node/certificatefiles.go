package node

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"slices"
	"strings"
	"time"

	"simpul/node/library"
	"simpul/node/vault"
	"simpul/ui"
	"simpul/ui/text"
)

// certificateBlocks bounds a bundle: a chain has three or four.
const certificateBlocks = 50

// readUpload reads a certificate of one's own as people have it: PEM in one file or two, in any order and with what
// does not belong to the chain, a certificate in DER, or a PKCS#12 file with its password. It answers one PEM text: the
// PC's certificate, its chain, its key. Errors are *library.Error with the problem at its field and hold nothing of the key.
func readUpload(files ui.CertificateFiles) ([]byte, error) {
	if len(files.Certificate) == 0 {
		return nil, wrongFile(ui.FieldCertificate, "problem.tls.choose")
	}
	var in pemFile
	if err := in.read(ui.FieldCertificate, files.Certificate, files.Password); err != nil {
		return nil, err
	}
	if err := in.read(ui.FieldKey, files.Key, files.Password); err != nil {
		return nil, err
	}
	switch {
	case len(in.certificates) == 0:
		return nil, wrongFile(ui.FieldCertificate, "problem.tls.no_certificate")
	case len(in.keys) == 0 && in.locked:
		return nil, wrongFile(ui.FieldKey, "problem.tls.key_locked")
	case len(in.keys) == 0:
		return nil, wrongFile(ui.FieldKey, "problem.tls.no_key")
	}
	leaf, key := in.pair()
	if leaf == nil {
		return nil, wrongFile(ui.FieldKey, "problem.tls.mismatch")
	}
	if problem := unfit(leaf); problem != "" {
		return nil, wrongFile(ui.FieldCertificate, problem)
	}
	return in.text(leaf, key)
}

func wrongFile(field, key string, args ...any) error {
	return library.Invalid(library.Problem{Field: field, Key: key, Args: args})
}

// pemFile is what stands in the files together.
type pemFile struct {
	certificates []*x509.Certificate
	keys         []crypto.Signer
	locked       bool // a key that needs a password
}

func (in *pemFile) read(field string, content []byte, password string) error {
	if len(content) == 0 {
		return nil
	}
	if len(content) > certificateLimit {
		return wrongFile(field, "problem.tls.large")
	}
	found := 0
	for block, rest := pem.Decode(content); block != nil && found < certificateBlocks; block, rest = pem.Decode(rest) {
		in.take(block)
		found++
	}
	if found == 0 {
		return in.readBinary(field, content, password)
	}
	return nil
}

// readBinary reads a file that is no PEM: one certificate or key as it is, or PKCS#12.
func (in *pemFile) readBinary(field string, content []byte, password string) error {
	if c, err := x509.ParseCertificate(content); err == nil {
		in.certificates = append(in.certificates, c)
		return nil
	}
	if key := parseKey(content); key != nil {
		in.keys = append(in.keys, key)
		return nil
	}
	if content[0] != 0x30 { // a sequence, with which every PKCS#12 file begins
		return wrongFile(field, "problem.tls.other")
	}
	key, chain, err := vault.OpenPKCS12(content, password)
	switch {
	case errors.Is(err, vault.ErrPKCS12Password):
		return wrongFile(ui.FieldPassword, "problem.tls.password")
	case err != nil:
		return wrongFile(field, "problem.tls.pfx")
	}
	in.keys, in.certificates = append(in.keys, key), append(in.certificates, chain...)
	return nil
}

func (in *pemFile) take(block *pem.Block) {
	switch {
	case block.Type == "CERTIFICATE":
		if c, err := x509.ParseCertificate(block.Bytes); err == nil {
			in.certificates = append(in.certificates, c)
		}
	case strings.HasSuffix(block.Type, "PRIVATE KEY"):
		if strings.Contains(block.Type, "ENCRYPTED") || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
			in.locked = true
		} else if key := parseKey(block.Bytes); key != nil {
			in.keys = append(in.keys, key)
		}
	}
}

// parseKey reads a key in any of its three forms; nil when it is none.
func parseKey(der []byte) crypto.Signer {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		signer, _ := key.(crypto.Signer)
		return signer
	}
	if key, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return key
	}
	if key, err := x509.ParseECPrivateKey(der); err == nil {
		return key
	}
	return nil
}

// pair is the certificate that belongs to one of the keys.
func (in *pemFile) pair() (*x509.Certificate, crypto.Signer) {
	for _, key := range in.keys {
		public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
		if i := slices.IndexFunc(in.certificates, func(c *x509.Certificate) bool { return ok && public.Equal(c.PublicKey) }); i >= 0 {
			return in.certificates[i], key
		}
	}
	return nil, nil
}

// unfit is the message key of why browsers would never take the certificate, whatever the clock says; "" when they would.
func unfit(leaf *x509.Certificate) string {
	switch public := leaf.PublicKey.(type) {
	case *rsa.PublicKey:
		if public.N.BitLen() < 2048 {
			return "problem.tls.weak"
		}
	case *ecdsa.PublicKey:
		if public.Curve.Params().BitSize < 256 {
			return "problem.tls.weak"
		}
	case ed25519.PublicKey:
		return "problem.tls.kind"
	default:
		return "problem.tls.kind"
	}
	server := len(leaf.ExtKeyUsage) == 0 && len(leaf.UnknownExtKeyUsage) == 0 ||
		slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageServerAuth) || slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageAny)
	switch {
	case !server:
		return "problem.tls.use"
	case leaf.SignatureAlgorithm == x509.SHA1WithRSA || leaf.SignatureAlgorithm == x509.ECDSAWithSHA1 || leaf.SignatureAlgorithm == x509.MD5WithRSA:
		return "problem.tls.weak"
	case len(leaf.DNSNames) == 0 && len(leaf.IPAddresses) == 0: // the common name alone counts no more
		return "problem.tls.no_names"
	}
	return ""
}

// text is the pair as it is kept: each certificate before the one that issued it, as TLS wants them, then the key.
func (in *pemFile) text(leaf *x509.Certificate, key crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, wrongFile(ui.FieldKey, "problem.tls.no_key")
	}
	defer clear(der)
	var out bytes.Buffer
	for _, c := range in.chain(leaf) {
		out.Write(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	}
	out.Write(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	return out.Bytes(), nil
}

func (in *pemFile) chain(leaf *x509.Certificate) []*x509.Certificate {
	chain := []*x509.Certificate{leaf}
	for last := leaf; len(chain) <= len(in.certificates); {
		i := slices.IndexFunc(in.certificates, func(c *x509.Certificate) bool {
			return !slices.Contains(chain, c) && last.CheckSignatureFrom(c) == nil
		})
		if i < 0 || selfSigned(last) {
			break
		}
		last = in.certificates[i]
		chain = append(chain, last)
	}
	return chain
}

func selfSigned(c *x509.Certificate) bool { return bytes.Equal(c.RawIssuer, c.RawSubject) }

// judge says what a person should know of a certificate before it is used here. A clock that is known to be wrong makes a
// warning of what is otherwise a problem.
func judge(chain []*x509.Certificate, now time.Time, clockWrong bool, addresses []string) (warnings []*library.Error, err error) {
	leaf := chain[0]
	dated := func(key string, at time.Time) {
		at = at.In(now.Location())
		if clockWrong {
			warnings = append(warnings, wrongPair("tls."+key, text.Date(at)))
		} else {
			err = wrongFile(ui.FieldCertificate, "problem.tls."+key, text.Date(at))
		}
	}
	switch {
	case now.After(leaf.NotAfter):
		dated("expired", leaf.NotAfter)
	case now.Before(leaf.NotBefore):
		dated("early", leaf.NotBefore)
	case leaf.NotAfter.Sub(now) < certificateEnding:
		warnings = append(warnings, wrongPair("tls.ending", text.Date(leaf.NotAfter.In(now.Location()))))
	}
	warn := func(key string, args ...any) { warnings = append(warnings, wrongPair(key, args...)) }
	if !slices.ContainsFunc(addresses, func(ip string) bool { return leaf.VerifyHostname(ip) == nil }) {
		if len(leaf.DNSNames) == 0 {
			warn("tls.not_here", strings.Join(addresses, ", "))
		} else {
			warn("tls.by_name", leaf.DNSNames[0])
		}
	}
	switch {
	case selfSigned(leaf):
		warn("tls.self")
	case len(chain) == 1:
		warn("tls.alone", leaf.Issuer.CommonName)
	}
	return warnings, err
}
