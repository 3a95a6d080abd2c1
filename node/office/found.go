package office

import (
	"crypto/ed25519"
	"errors"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// Found makes the keys of a new centre, or takes those of the kit, in the
// transaction that sets the node up: desk calls it, so the wizard and the command
// do the same. The store names the centre's data (its epoch) anew with every set-up:
// nodes see by it that a rebuilt centre has lost what they sent, and send it again.
func (o *Office) Found(tx *store.Tx, in desk.SetupInput, officer event.ID) error {
	if in.Role != library.NodeCentre {
		return nil
	}
	keys, err := o.foundingKeys(in)
	if err != nil {
		return err
	}
	keys.Name, keys.Code = in.Name, uint16(in.Code)
	if keys.Cert, keys.TLS, err = wire.SelfSigned(o.Rand, nil); err != nil {
		return err
	}
	kit, err := o.sealKit(keys, in.Recovery)
	if err != nil {
		return err
	}
	if err := errors.Join(putKeys(tx, keys), keepKit(tx, kit)); err != nil {
		return err
	}
	if len(in.Kit) > 0 {
		if err := tx.PutLocal(rebuiltLocal, []byte{1}); err != nil {
			return err
		}
	}
	spki, err := keys.SPKI()
	if err != nil {
		return err
	}
	body := &event.TLSKeys{Version: keys.listVersion(tx.Now()), Keys: []event.Hash{spki}}
	_, err = tx.Decide(keys.Signing(), officer, event.KeysAccepted, body)
	return err
}

func (o *Office) foundingKeys(in desk.SetupInput) (*Keys, error) {
	if len(in.Kit) == 0 {
		return o.newKeys()
	}
	keys, err := OpenKit(in.Kit, in.Recovery)
	switch {
	case errors.Is(err, ErrNoKit):
		return nil, library.Invalid(library.Problem{Field: "kit", Key: "problem.kit"})
	case errors.Is(err, vault.ErrWrongSecret):
		return nil, library.Invalid(library.Problem{Field: "words", Key: "problem.kit_words"})
	case err != nil:
		return nil, err
	}
	keys.Anew++
	return keys, nil
}

// whole reports whether nothing of the keys is missing.
func (k *Keys) whole() bool {
	return len(k.Seed) == ed25519.SeedSize && len(k.Tag) == 32 && len(k.Recovery) == 32 && k.Seal != "" && k.To != ""
}
