package office

import (
	"context"
	"errors"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/sync/join"
	"simpul/sync/wire"
)

// Reply is what comes of a request to join that was brought on a stick.
type Reply struct {
	Check string
	Name  string // of the file that goes back
	File  []byte // nil until somebody has approved or refused
}

// TakeRequest takes a request from a stick: the same as when it came over the
// network. Taken again after the approval, it gives the file to carry back.
func (o *Office) TakeRequest(ctx context.Context, who desk.Actor, content []byte) (Reply, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return Reply{}, err
	}
	ask, err := join.ReadRequest(content)
	if err != nil {
		return Reply{}, library.Invalid(library.Problem{Field: "file", Key: "problem.request_file"})
	}
	if ask.Token == (wire.Short{}) {
		// Nothing that both know could seal the answer; and what it needs it still has.
		return Reply{}, library.E(library.KindForbidden, "error.code_over").Hinted("error.code_over.hint")
	}
	answer, err := o.Join(ctx, ask)
	if err != nil {
		return Reply{}, err
	}
	reply := Reply{Check: answer.Check, Name: "jawaban-" + answer.Check + ".txt"}
	if answer.State == wire.JoinWaiting {
		return reply, nil
	}
	keys, err := o.Keys(ctx)
	if err != nil {
		return Reply{}, err
	}
	_, token, err := o.Store.JoinCode(ctx, ask.Token)
	if err != nil {
		return Reply{}, told(err)
	}
	reply.File, err = join.Answer(o.Rand, keys.Signing(), token, ask, answer)
	if errors.Is(err, join.ErrRecipient) {
		err = library.Invalid(library.Problem{Field: "file", Key: "problem.request_file"})
	}
	return reply, err
}
