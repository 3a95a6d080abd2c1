package office

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/join"
)

// A PC that has lost every password and its recovery sheet asks to be opened again
// (desk/reopen.go). Its request proves with whose keys it comes, but not who sent it:
// whoever has taken the PC away can write one too. So an officer calls the branch on a
// number that he knows, and types the check code that is read to him there; the screen
// does not show it. A copy of the disk asks like the PC itself: here too the call decides,
// and afterwards two PCs with the same data are found as ever. The centre's recovery key
// never leaves, and the answer opens nothing but the PC that has asked.

// ReopenRequest is a request as the centre reads it.
type ReopenRequest struct {
	PC    PC
	Calls string    // as the PC calls itself
	Made  time.Time // by the clock of the PC
}

// ReopenInput is what an officer says to it.
type ReopenInput struct {
	Request []byte // the file
	Check   string // as it was read to him
	Reason  string
}

// Reopened is one time that a PC's data was opened again.
type Reopened struct {
	At     time.Time
	Who    string // name of the officer
	Reason string
}

// reopenedKept is that as it is kept, sealed, newest first. The answer can be taken
// again from the newest.
type reopenedKept struct {
	At      int64      `cbor:"1,keyasint"`
	Officer event.ID   `cbor:"2,keyasint"`
	Reason  string     `cbor:"3,keyasint"`
	Request event.Hash `cbor:"4,keyasint"`
	Answer  []byte     `cbor:"5,keyasint,omitempty"`
}

const (
	reopenedTimes = 50  // kept of each PC
	maxReason     = 200 // characters
)

func reopenedSecret(node library.ID) string { return "reopened/" + hex.EncodeToString(node[:]) }

// ReadReopenRequest says which PC asks, when its request can be answered. node is the PC
// that it has to be of; zero is any. Why it cannot is a problem of the field file.
func (o *Office) ReadReopenRequest(ctx context.Context, who desk.Actor, node library.ID, content []byte) (ReopenRequest, error) {
	r, _, err := o.readReopen(ctx, who, node, content)
	return r, err
}

// Reopen answers a request after the check codes were compared, and leaves a trace with
// the reason. It returns the file that goes back.
func (o *Office) Reopen(ctx context.Context, who desk.Actor, op, node library.ID, in ReopenInput) ([]byte, error) {
	r, ask, err := o.readReopen(ctx, who, node, in.Request)
	if err != nil {
		return nil, err
	}
	in.Reason = library.CleanLine(in.Reason)
	if problems := checkReopen(ask, in); len(problems) > 0 {
		return nil, library.Invalid(problems...)
	}
	keys, err := o.Keys(ctx)
	if err != nil {
		return nil, err
	}
	handed, err := o.handOver(keys, ask, r.PC)
	if err != nil {
		return nil, err
	}
	kept := reopenedKept{At: o.Now().UnixMilli(), Officer: event.ID(who.Officer), Reason: in.Reason, Request: ask.Hash()}
	kept.Answer, err = join.AnswerReopen(keys.Signing(), &join.ReopenAnswer{Node: ask.Node, Request: kept.Request, Slot: handed, At: kept.At})
	if err != nil {
		return nil, err
	}
	if _, err := o.write(ctx, op, func(tx *store.Tx) error { return keepReopened(tx, r.PC.ID, kept) }); err != nil {
		return nil, err
	}
	o.Log.Info("a PC's data was opened again", "node", event.ID(r.PC.ID).String(), "officer", event.ID(who.Officer).String())
	return kept.Answer, nil
}

func checkReopen(ask *join.ReopenAsk, in ReopenInput) (problems []library.Problem) {
	if !ask.IsCheck(in.Check) {
		problems = append(problems, library.Problem{Field: "check", Key: "problem.reopen_check"})
	}
	switch {
	case in.Reason == "":
		problems = append(problems, library.Problem{Field: "reason", Key: library.KeyMissing})
	case len([]rune(in.Reason)) > maxReason:
		problems = append(problems, library.Problem{Field: "reason", Key: library.KeyTooLong, Args: []any{maxReason}})
	}
	return problems
}

// handOver wraps the keys of a PC for the key in its request, once the signing key that it has
// sealed with them is that of its enrolment: or a revoked PC would come under the name of another.
func (o *Office) handOver(keys *Keys, ask *join.ReopenAsk, pc PC) ([]byte, error) {
	h := vault.Handover{To: [32]byte(ask.Key), Witness: ask.Proof, Place: store.NodeKeyPlace()}
	if err := h.Slot.UnmarshalBinary(ask.Slot); err != nil {
		return nil, requestProblem("problem.reopen_request")
	}
	handed, seed, err := vault.HandOver(o.Rand, [32]byte(keys.Recovery), h)
	defer clear(seed)
	switch {
	case errors.Is(err, vault.ErrWrongSecret):
		return nil, requestProblem("problem.reopen_other_key")
	case errors.Is(err, vault.ErrSealed), errors.Is(err, vault.ErrEpoch), errors.Is(err, vault.ErrForeign), errors.Is(err, vault.ErrDamaged), errors.Is(err, vault.ErrNoSlot):
		return nil, requestProblem("problem.reopen_request")
	case err != nil:
		return nil, fmt.Errorf("office: reopen: %w", err)
	}
	if len(seed) != ed25519.SeedSize || !bytes.Equal(ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey), pc.key) {
		return nil, requestProblem("problem.reopen_not_its_own")
	}
	return handed.MarshalBinary()
}

func (o *Office) readReopen(ctx context.Context, who desk.Actor, node library.ID, content []byte) (ReopenRequest, *join.ReopenAsk, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return ReopenRequest{}, nil, err
	}
	keys, err := o.Keys(ctx)
	if err != nil {
		return ReopenRequest{}, nil, err
	}
	ask, err := join.ReadReopenRequest(content)
	if err != nil {
		return ReopenRequest{}, nil, requestProblem("problem.reopen_request")
	}
	if ask.Centre != keys.Fingerprint() {
		return ReopenRequest{}, nil, requestProblem("problem.reopen_other_district")
	}
	pc, err := o.Node(ctx, who, library.ID(ask.Node))
	switch {
	case library.KindOf(err) == library.KindNotFound:
		err = requestProblem("problem.reopen_unknown")
	case err != nil:
	case node != library.ID{} && pc.ID != node:
		err = library.Invalid(library.Problem{Field: "file", Key: "problem.reopen_other_page", Args: []any{pc.Name, fmt.Sprintf("%03d", pc.Code)}})
	case pc.Revoked():
		err = requestProblem("problem.reopen_revoked")
	}
	if err == nil {
		_, err = o.handOver(keys, ask, pc) // what cannot be answered is said before anybody calls
	}
	return ReopenRequest{PC: pc, Calls: library.CleanLine(ask.Name), Made: o.at(ask.Made)}, ask, err
}

func requestProblem(key string) error {
	return library.Invalid(library.Problem{Field: "file", Key: key})
}

func keepReopened(tx *store.Tx, node library.ID, kept reopenedKept) error {
	raw, err := tx.Secret(reopenedSecret(node))
	if err != nil {
		return err
	}
	list, err := readReopened(raw)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].Answer = nil
	}
	list = append([]reopenedKept{kept}, list[:min(len(list), reopenedTimes-1)]...)
	if raw, err = event.Encode(list); err != nil {
		return fmt.Errorf("office: reopened: %w", err)
	}
	if err := tx.PutSecret(reopenedSecret(node), raw); err != nil {
		return err
	}
	return tx.Notice(store.NoticePCReopened, event.ID(node).String()+" "+hex.EncodeToString(kept.Request[:8]))
}

func readReopened(raw []byte) (list []reopenedKept, _ error) {
	if raw == nil {
		return nil, nil
	}
	if err := event.Decode(raw, &list); err != nil {
		return nil, fmt.Errorf("office: reopened: %w", err)
	}
	return list, nil
}

func (o *Office) reopened(ctx context.Context, who desk.Actor, node library.ID) ([]reopenedKept, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return nil, err
	}
	raw, err := o.Store.Secret(ctx, reopenedSecret(node))
	if err != nil {
		return nil, told(err)
	}
	return readReopened(raw)
}

// Reopenings lists when a PC's data was opened again, by whom and why, the newest first.
func (o *Office) Reopenings(ctx context.Context, who desk.Actor, node library.ID) ([]Reopened, error) {
	list, err := o.reopened(ctx, who, node)
	if err != nil {
		return nil, err
	}
	names, err := o.Desk.OfficerNames(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Reopened, len(list))
	for i, k := range list {
		out[i] = Reopened{At: o.at(k.At), Who: names[library.ID(k.Officer)], Reason: k.Reason}
	}
	return out, nil
}

// ReopenAnswer is the newest answer to a PC again, until its request is too old.
// KindNotFound when there is none.
func (o *Office) ReopenAnswer(ctx context.Context, who desk.Actor, node library.ID) ([]byte, error) {
	list, err := o.reopened(ctx, who, node)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 || o.Now().Sub(o.at(list[0].At)).Abs() > desk.ReopenLife {
		return nil, library.E(library.KindNotFound, "error.not_found")
	}
	return list[0].Answer, nil
}
