package office

import (
	"bytes"
	"context"
	"encoding/hex"
	"slices"
	"strings"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// mostTLSKeys bounds the list of keys under which the centre may be reached.
const mostTLSKeys = 8

// TLSKeys lists the keys under which nodes accept this centre, in hex: SHA-256 of
// the public key as it stands in a certificate (SPKI).
func (o *Office) TLSKeys(ctx context.Context, who desk.Actor) ([]string, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return nil, err
	}
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return nil, told(err)
	}
	list, _ := held.Keys()
	out := make([]string, 0, len(list.Keys))
	for _, k := range list.Keys {
		out = append(out, hex.EncodeToString(k[:]))
	}
	return out, nil
}

// AcceptTLS also accepts the key of a reverse proxy before the centre. It is said
// before the proxy uses the key, so that nobody meets a key he does not know.
func (o *Office) AcceptTLS(ctx context.Context, who desk.Actor, op library.ID, spki string) error {
	raw, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(spki), ":", ""))
	if err != nil || len(raw) != len(event.Hash{}) {
		return library.Invalid(library.Problem{Field: "key", Key: "problem.spki"})
	}
	return o.changeTLS(ctx, who, op, func(_ *store.Tx, _ *Keys, list []event.Hash) ([]event.Hash, error) {
		if slices.Contains(list, event.Hash(raw)) {
			return list, nil
		}
		return append(list, event.Hash(raw)), nil
	})
}

// RenewTLS gives the listener a new key: after somebody else could read the old
// one. The old key is accepted no longer; a node that meets the new one asks for
// the list and finds the centre's signature under it.
func (o *Office) RenewTLS(ctx context.Context, who desk.Actor, op library.ID) error {
	return o.changeTLS(ctx, who, op, func(tx *store.Tx, k *Keys, list []event.Hash) ([]event.Hash, error) {
		old, err := k.SPKI()
		if err != nil {
			return nil, err
		}
		if k.Cert, k.TLS, err = wire.SelfSigned(o.Rand, nil); err != nil {
			return nil, err
		}
		fresh, err := k.SPKI()
		if err != nil {
			return nil, err
		}
		list = slices.DeleteFunc(list, func(h event.Hash) bool { return h == old })
		return append([]event.Hash{fresh}, list...), putKeys(tx, k)
	})
}

// changeTLS signs a new list of keys. The caller may change the copy of the keys.
func (o *Office) changeTLS(ctx context.Context, who desk.Actor, op library.ID, change func(*store.Tx, *Keys, []event.Hash) ([]event.Hash, error)) error {
	if err := o.may(who, library.ManageNodes); err != nil {
		return err
	}
	keys, err := o.Keys(ctx)
	if err != nil {
		return err
	}
	next := *keys
	done, err := o.write(ctx, op, func(tx *store.Tx) error {
		held, err := tx.Decisions()
		if err != nil {
			return err
		}
		was, _ := held.Keys()
		list, err := change(tx, &next, slices.Clone(was.Keys))
		if err != nil {
			return err
		}
		body := &event.TLSKeys{Version: max(was.Version+1, next.listVersion(tx.Now())), Keys: list[:min(len(list), mostTLSKeys)]}
		_, err = tx.Decide(keys.Signing(), event.ID(who.Officer), event.KeysAccepted, body)
		return err
	})
	if err == nil && !done.Repeated {
		o.keys.Store(&next)
	}
	return err
}

// listedLocal is where it is kept of which epoch the list of TLS keys is.
const listedLocal = "tls_listed"

// AffirmTLS signs the list of TLS keys anew after this centre was put back: nodes may hold a later list, without the key
// that the copy had, and would never meet this centre again to tell it so.
func (o *Office) AffirmTLS(ctx context.Context) error {
	keys, err := o.Keys(ctx)
	if err != nil {
		return err
	}
	back, err := o.mayHaveForgotten(ctx)
	if err != nil {
		return err
	}
	before, err := o.Store.Local(ctx, listedLocal)
	if err != nil {
		return told(err)
	}
	_, err = o.write(ctx, library.ID{}, func(tx *store.Tx) error {
		epoch, err := tx.EpochNow()
		if err != nil || bytes.Equal(before, epoch[:]) {
			return err
		}
		if err := tx.PutLocal(listedLocal, epoch[:]); err != nil || before == nil && !back {
			return err
		}
		held, err := tx.Decisions()
		if err != nil {
			return err
		}
		was, _ := held.Keys()
		_, err = tx.Decide(keys.Signing(), event.ID{}, event.KeysAccepted, &event.TLSKeys{Version: max(was.Version+1, keys.listVersion(tx.Now())), Keys: was.Keys})
		return err
	})
	return err
}
