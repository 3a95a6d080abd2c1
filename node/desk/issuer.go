package desk

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"

	"simpul/node/card/sign"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// IssuerKey is the public half of the key that signs this node's cards: what its enrolment tells every node. It makes the key when there is none yet. The vault must be open.
func (d *Desk) IssuerKey(ctx context.Context, who Actor) (ed25519.PublicKey, error) {
	if err := who.may(library.ManageSettings); err != nil {
		return nil, err
	}
	key, err := d.issuerKey(ctx)
	if err != nil {
		return nil, err
	}
	return publicOf(key), nil
}

func publicOf(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

// issuerRow names the key that signs this node's cards: the private half among the secrets, the public half in clear, so that
// cards are checked while the vault is closed.
const issuerRow = "issuer"

// issuerKey opens the node's key, or makes it: on a node that was set up before cards were signed.
func (d *Desk) issuerKey(ctx context.Context) (ed25519.PrivateKey, error) {
	seed, err := d.Store.Secret(ctx, issuerRow)
	if err == nil && seed == nil {
		if _, err := d.Store.Write(ctx, event.ID{}, d.makeIssuer); err != nil {
			return nil, told(err)
		}
		seed, err = d.Store.Secret(ctx, issuerRow)
	}
	if err != nil {
		return nil, told(err)
	}
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("desk: the issuer's key is %d bytes", len(seed))
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// makeIssuer draws the key. A key that is there stays: printed cards hang on it.
func (d *Desk) makeIssuer(tx *store.Tx) error {
	if seed, err := tx.Secret(issuerRow); err != nil || seed != nil {
		return err
	}
	seed := make([]byte, ed25519.SeedSize)
	defer clear(seed)
	if _, err := io.ReadFull(d.Rand, seed); err != nil {
		return fmt.Errorf("desk: randomness: %w", err)
	}
	if err := tx.PutSecret(issuerRow, seed); err != nil {
		return err
	}
	return tx.PutLocal(issuerRow, publicOf(ed25519.NewKeyFromSeed(seed)))
}

// ownIssuer is this node as an issuer, nil before it has a key. It needs no open vault.
func (d *Desk) ownIssuer(ctx context.Context) (*sign.Issuer, error) {
	public, err := d.Store.Local(ctx, issuerRow)
	if err != nil || public == nil {
		return nil, err
	}
	s := d.Settings()
	return &sign.Issuer{Key: public, Name: s.Name, Codes: []int{s.Code}}, nil
}

// signed is the text of a card's QR. It is made when the card is drawn, always the same from the same facts, and kept
// nowhere. A number that cannot stand in a signature gets none: then the QR holds the bare number. That of another system
// may be somebody's NIK, which must not get into a signature.
func (d *Desk) signed(ctx context.Context, p *merge.Person, c *merge.Card, until int64) ([]byte, error) {
	return d.signedFor(ctx, p, c, until, d.Settings().Name)
}

// signedFor is signed for a card of another branch, which the centre shows.
func (d *Desk) signedFor(ctx context.Context, p *merge.Person, c *merge.Card, until int64, branch string) ([]byte, error) {
	if library.LooksLikeNIK(c.Number) {
		return nil, nil
	}
	key, err := d.issuerKey(ctx)
	if err != nil {
		return nil, err
	}
	text, err := sign.Sign(key, sign.Claims{Number: c.Number, Name: p.Get(event.FieldName), Branch: branch, Kind: c.Kind,
		Issued: c.From, Expires: until, Revocation: sign.RevocationOf(c.ID)})
	if errors.Is(err, sign.ErrNumber) || errors.Is(err, sign.ErrDay) {
		return nil, nil
	}
	return []byte(text), err
}
