package office

import (
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"time"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/join"
	"simpul/sync/wire"
)

// Keys are what makes this program the centre of its nodes. They lie sealed on the
// disk and, under the words of the recovery sheet, in the recovery kit.
type Keys struct {
	Seed     []byte `cbor:"1,keyasint"` // of the signing key, Ed25519: nodes pin its public half
	Tag      []byte `cbor:"2,keyasint"` // of the 12-bit tags that warn of duplicates, version 0
	Recovery []byte `cbor:"3,keyasint"` // X25519, private: opens a node's data when its own people cannot
	Seal     string `cbor:"4,keyasint"` // age identity: opens bundles to the centre
	To       string `cbor:"5,keyasint"` // the recipient that goes with it
	Name     string `cbor:"6,keyasint"` // of the centre, so that a kit says whose it is
	Code     uint16 `cbor:"7,keyasint"` // NNN of the centre
	// Of the sync listener, PEM. They are in no kit: the signing key vouches for new ones.
	Cert []byte `cbor:"8,keyasint,omitempty"`
	TLS  []byte `cbor:"9,keyasint,omitempty"`
	// How often this centre was made anew from a kit.
	Anew uint64 `cbor:"10,keyasint,omitempty"`
}

// listVersion is that of a list of TLS keys which is signed now. Lists of a centre that was made anew outrank those of the
// lost one whatever the clock of either PC says, since nodes go by the highest and would never meet this centre; of one
// that was made anew twice from one kit, the later.
func (k *Keys) listVersion(now time.Time) uint64 {
	const times = 48 // bits for milliseconds
	return k.Anew<<times | uint64(min(max(now.UnixMilli(), 1), 1<<times-1))
}

// keysSecret is the name under which the keys are kept.
const keysSecret = "centre"

// Signing is the key that signs what the centre decides and answers.
func (k *Keys) Signing() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(k.Seed) }

// Public is its public half.
func (k *Keys) Public() ed25519.PublicKey { return k.Signing().Public().(ed25519.PublicKey) }

// Fingerprint names the centre on codes and screens.
func (k *Keys) Fingerprint() join.Fingerprint { return join.FingerprintOf(k.Public()) }

// TagKey is the key of a version of the duplicate tags. But for the first it
// derives from the signing key, so whoever has the kit needs to know only which
// version counts, and that the nodes' decisions tell.
func (k *Keys) TagKey(version uint64) []byte {
	if version == 0 {
		return k.Tag
	}
	key, err := hkdf.Key(sha256.New, k.Seed, nil, fmt.Sprintf("simpul/tag key %d", version), wire.TagKeySize)
	if err != nil {
		panic("office: hkdf: " + err.Error()) // only for a length out of range
	}
	return key
}

// RecoveryPublic is what nodes add to their vault.
func (k *Keys) RecoveryPublic() ([]byte, error) { return vault.CentrePublic([32]byte(k.Recovery)) }

// Certificate is that of the sync listener, with its key. Nodes go by the key alone.
func (k *Keys) Certificate() (tls.Certificate, error) {
	c, err := tls.X509KeyPair(k.Cert, k.TLS)
	if err != nil {
		return c, fmt.Errorf("office: TLS key: %w", err)
	}
	return c, nil
}

// SPKI names the TLS key as nodes pin it.
func (k *Keys) SPKI() (event.Hash, error) {
	c, err := k.Certificate()
	if err != nil {
		return event.Hash{}, err
	}
	return wire.SPKI(c.Leaf), nil
}

// newKeys draws all keys of a new centre.
func (o *Office) newKeys() (*Keys, error) {
	k := &Keys{Seed: make([]byte, ed25519.SeedSize), Tag: make([]byte, 32)}
	for _, b := range [][]byte{k.Seed, k.Tag} {
		if _, err := io.ReadFull(o.Rand, b); err != nil {
			return nil, fmt.Errorf("office: randomness: %w", err)
		}
	}
	_, private, err := vault.NewCentreKey(o.Rand)
	if err != nil {
		return nil, fmt.Errorf("office: recovery key: %w", err)
	}
	k.Recovery = private[:]
	k.Seal, k.To, err = vault.NewBundleKey(o.Rand)
	return k, err
}

// Keys returns the centre's keys. They are read once the vault is open; until then
// it is error.vault_closed, and on a node that is no centre error.not_centre.
func (o *Office) Keys(ctx context.Context) (*Keys, error) {
	if !o.Vault.IsOpen() {
		return nil, told(vault.ErrClosed)
	}
	if k := o.keys.Load(); k != nil {
		return k, nil
	}
	raw, err := o.Store.Secret(ctx, keysSecret)
	if err != nil {
		return nil, told(err)
	}
	if raw == nil {
		return nil, library.E(library.KindForbidden, "error.not_centre")
	}
	k := new(Keys)
	if err := event.Decode(raw, k); err != nil {
		return nil, fmt.Errorf("office: keys: %w", err)
	}
	o.keys.Store(k)
	o.Store.SetTagKeys(k.TagKey)
	return k, nil
}

// putKeys seals the keys in a transaction.
func putKeys(tx *store.Tx, k *Keys) error {
	raw, err := event.Encode(k)
	if err != nil {
		return fmt.Errorf("office: keys: %w", err)
	}
	return tx.PutSecret(keysSecret, raw)
}
