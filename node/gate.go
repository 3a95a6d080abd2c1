package node

import (
	"context"
	"crypto/ed25519"
	"errors"
	"net/http"

	"simpul/node/library"
	"simpul/sync/join"
	"simpul/sync/wire"
)

// centreGate carries requests to join to a centre.
type centreGate struct{}

// IsCentre asks who answers at an address; nothing of this PC is sent.
func (centreGate) IsCentre(ctx context.Context, address string, centre ed25519.PublicKey) error {
	_, err := fetchKeys(ctx, address, func(key ed25519.PublicKey) bool { return centre.Equal(key) })
	return err
}

// fetchKeys turns another centre's answer into the sentence that a person reads.
func fetchKeys(ctx context.Context, address string, known func(ed25519.PublicKey) bool) (*wire.CentreKeys, error) {
	told, err := wire.FetchKeys(ctx, address, known)
	if errors.Is(err, wire.ErrKeys) {
		err = library.E(library.KindForbidden, "error.other_centre").Hinted("error.other_centre.hint").Because(err)
	}
	return told, refusedJoin(err)
}

// AskToJoin learns the centre's keys, makes sure of them with the fingerprint, and
// only then says who asks.
func (centreGate) AskToJoin(ctx context.Context, address string, centre join.Fingerprint, key ed25519.PrivateKey, ask *wire.JoinAsk) (*wire.JoinAnswer, ed25519.PublicKey, error) {
	told, err := fetchKeys(ctx, address, centre.Is)
	if err != nil {
		return nil, nil, err
	}
	keys := wire.NewKeys(told.Key, nil)
	if len(told.Ruling.Bytes) > 0 {
		if err := keys.Take(told.Ruling); err != nil {
			return nil, nil, err
		}
	}
	transport := wire.NewTransport(keys, nil)
	defer closeIdle(transport)
	client := &wire.Client{Base: address, Transport: transport, Key: key, Centre: told.Key}
	answer, err := client.Join(ctx, ask)
	return answer, told.Key, refusedJoin(err)
}

func closeIdle(t http.RoundTripper) {
	if c, ok := t.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// refusedCode is how a centre refuses a code, beside the reasons of the protocol.
const refusedCode = "code"

// refusedJoin turns a centre's no into the sentence that a person reads.
func refusedJoin(err error) error {
	var no *wire.Refusal
	switch {
	case !errors.As(err, &no):
	case no.Reason == refusedCode:
		return library.Invalid(library.Problem{Field: "code", Key: "problem.join_over"})
	case no.Reason == wire.RefusedClosed:
		return library.E(library.KindUnavailable, "error.centre_closed").Hinted("error.centre_closed.hint").Because(err)
	}
	return err
}

// joiner is Office.Join with refusals as the protocol says them.
type joiner struct{ *Node }

func (n joiner) Join(ctx context.Context, ask *wire.JoinAsk) (*wire.JoinAnswer, error) {
	answer, err := n.Office.Join(ctx, ask)
	switch library.KindOf(err) {
	case 0:
		return answer, nil
	case library.KindForbidden:
		err = errors.Join(&wire.Refusal{Status: http.StatusForbidden, Reason: refusedCode}, err)
	case library.KindInvalid:
		err = errors.Join(&wire.Refusal{Status: http.StatusBadRequest, Reason: wire.RefusedMalformed}, err)
	case library.KindUnavailable:
		if errors.Is(err, wire.ErrFull) {
			break // the answer says so
		}
		err = errors.Join(&wire.Refusal{Status: http.StatusServiceUnavailable, Reason: wire.RefusedBusy, Wait: pausedWait}, err)
	}
	return nil, err
}
