package office

import (
	"context"
	"crypto/ed25519"
	"errors"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/join"
	"simpul/sync/wire"
)

// maxName bounds what a PC says of itself, in bytes.
const maxName = 200

// Join answers a PC that wants in: the first who proves that he has the code takes
// it, whoever comes after is refused, and asking again changes nothing. The
// envelope has proved that the asker holds the key he names. An answer brings
// nothing but a state until a person has approved.
//
// A node that was enrolled before by this centre's key, and that this centre has
// forgotten because it was rebuilt, shows its enrolment in place of a proof. It
// too waits for a person: the enrolment may have been revoked since, and the
// centre may not know it any more.
func (o *Office) Join(ctx context.Context, ask *wire.JoinAsk) (*wire.JoinAnswer, error) {
	keys, err := o.Keys(ctx)
	if err != nil {
		return nil, err
	}
	if err := checkAsk(ask); err != nil {
		return nil, err
	}
	known, err := o.Store.Join(ctx, ask.Key)
	if err == nil && known.Code == ask.Token && o.sameProof(ctx, ask) {
		return o.answer(ctx, keys, known)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, told(err)
	}
	if ask.Token == (wire.Short{}) {
		return o.comeBack(ctx, keys, ask)
	}
	var made store.Join
	_, err = o.write(ctx, library.ID{}, func(tx *store.Tx) error {
		made, err = o.claim(tx, keys, ask)
		return err
	})
	if err != nil {
		return nil, err
	}
	return o.answer(ctx, keys, made)
}

func checkAsk(ask *wire.JoinAsk) error {
	if len(ask.Key) != ed25519.PublicKeySize || len(ask.Name) > maxName || len(ask.Program) > maxName || len(ask.Seal) > maxName ||
		len(ask.Role) > maxName || len(ask.Proof) > 4<<10 ||
		len(ask.Issuer) != 0 && len(ask.Issuer) != ed25519.PublicKeySize || !library.NodeRole(ask.Role).Valid() || ask.Role == string(library.NodeCentre) || ask.Code > 999 {
		return library.E(library.KindInvalid, "error.join")
	}
	return nil
}

var errCode = library.E(library.KindForbidden, "error.code_over").Hinted("error.code_over.hint")

// claim takes the code for a PC.
func (o *Office) claim(tx *store.Tx, keys *Keys, ask *wire.JoinAsk) (store.Join, error) {
	c, token, err := tx.JoinCode(ask.Token)
	if errors.Is(err, store.ErrNotFound) || err == nil && !token.Proves(ask.Key, ask.Proof) {
		return store.Join{}, errCode
	}
	if err != nil {
		return store.Join{}, err
	}
	now := tx.Now().UnixMilli()
	mine, err := tx.UseJoinCode(ask.Token, now)
	if err != nil {
		return store.Join{}, err
	}
	if !mine {
		return store.Join{}, errCode
	}
	j := store.Join{Ask: *ask, Code: ask.Token, Branch: c.Branch, Asked: now, Check: token.Check(ask.Key, keys.Fingerprint()), State: wire.JoinWaiting}
	return j, tx.PutJoin(j)
}

// sameProof: somebody who only knows a node's public key learns nothing about it.
func (o *Office) sameProof(ctx context.Context, ask *wire.JoinAsk) bool {
	if ask.Token == (wire.Short{}) {
		return true // the enrolment in the proof is public, and the signature of the envelope is what counts
	}
	_, token, err := o.Store.JoinCode(ctx, ask.Token)
	return err == nil && token.Proves(ask.Key, ask.Proof)
}

// comeBack notes a node that this centre enrolled and has forgotten.
func (o *Office) comeBack(ctx context.Context, keys *Keys, ask *wire.JoinAsk) (*wire.JoinAnswer, error) {
	var ruling event.Ruling
	if err := event.Decode(ask.Proof, &ruling); err != nil {
		return nil, errCode
	}
	_, body, err := ruling.Open(keys.Public())
	enrolment, ok := body.(*event.Enrolment)
	if err != nil || !ok || !ed25519.PublicKey(enrolment.Key).Equal(ed25519.PublicKey(ask.Key)) {
		return nil, errCode
	}
	j := store.Join{Ask: *ask, Branch: enrolment.Branch, Node: enrolment.Node, NNN: enrolment.Code, State: wire.JoinWaiting,
		Check: join.Token{}.Check(ask.Key, keys.Fingerprint())}
	j.Ask.Name, j.Ask.Role = enrolment.Name, enrolment.Role
	_, err = o.write(ctx, library.ID{}, func(tx *store.Tx) error {
		j.Asked = tx.Now().UnixMilli()
		return tx.PutJoin(j)
	})
	if err != nil {
		return nil, err
	}
	return o.answer(ctx, keys, j)
}

// answer is what a PC is told. All that it needs is in it once it is approved.
func (o *Office) answer(ctx context.Context, keys *Keys, j store.Join) (*wire.JoinAnswer, error) {
	a := &wire.JoinAnswer{State: j.State, Check: j.Check}
	if j.State != wire.JoinApproved {
		return a, nil
	}
	recovery, err := keys.RecoveryPublic()
	if err != nil {
		return nil, err
	}
	a.Node, a.Name, a.Seal, a.Recovery = j.Node, o.Desk.Settings().Name, keys.To, recovery
	tags, err := o.Store.TagKey(ctx)
	if err != nil {
		return nil, told(err)
	}
	a.TagKey, a.Tags = tags.Key, tags.Version
	if a.Epoch, err = o.Store.Epoch(ctx); err != nil {
		return nil, told(err)
	}
	a.Rulings, err = o.joinRulings(ctx, j.Node)
	return a, told(err)
}

// joinRulings are the decisions that a node needs before its first exchange: its
// enrolment, and the keys under which the centre is reached. The rest comes then.
func (o *Office) joinRulings(ctx context.Context, node event.ID) ([]event.Ruling, error) {
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return nil, err
	}
	var out []event.Ruling
	for _, d := range held.All() {
		switch b := d.Body.(type) {
		case *event.Enrolment:
			if b.Node == node {
				out = append(out, d.Ruling)
			}
		case *event.TLSKeys:
			out = append(out, d.Ruling)
		}
	}
	return out, nil
}
