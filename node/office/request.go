package office

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/join"
	"simpul/sync/wire"
)

// Reply is what comes of a request to join that was brought on a stick.
type Reply struct {
	ID      string // names the request in forms
	Check   string
	Decided bool // somebody has approved or refused: WriteAnswer writes what goes back
}

// TakeRequest takes a request from a stick: the same as when it came over the
// network. Taken again, it says what became of it.
func (o *Office) TakeRequest(ctx context.Context, who desk.Actor, content []byte) (Reply, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return Reply{}, err
	}
	ask, err := join.ReadRequest(content)
	if err != nil {
		return Reply{}, library.Invalid(library.Problem{Field: "file", Key: "problem.request_file"})
	}
	if ask.Token == (wire.Short{}) {
		return Reply{}, errNoSeal
	}
	answer, err := o.Join(ctx, ask)
	if err != nil {
		return Reply{}, err
	}
	return Reply{ID: hex.EncodeToString(ask.Key), Check: answer.Check, Decided: answer.State != wire.JoinWaiting}, nil
}

// errNoSeal is for a PC that comes back to a rebuilt centre: it has no code, so nothing
// that both know could seal the answer; and what it needs it still has.
var errNoSeal = library.E(library.KindForbidden, "error.code_over").Hinted("error.code_over.hint")

// WriteAnswer writes the file that goes back to a PC: the answer to its request and,
// when it was let in, behind the answer everything that it may know, with photos of at
// most so many bytes, so that it begins without a network. Both are sealed to the key
// in the request. It can be written again until the PC is revoked.
func (o *Office) WriteAnswer(ctx context.Context, who desk.Actor, id string, photos int64, create func(part int) (io.WriteCloser, error)) (desk.Bundle, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return desk.Bundle{}, err
	}
	key, err := parseKey(id)
	if err != nil {
		return desk.Bundle{}, err
	}
	j, err := o.Store.Join(ctx, key)
	if err != nil {
		return desk.Bundle{}, told(err)
	}
	if returning(j) {
		return desk.Bundle{}, errNoSeal
	}
	answer, err := o.answerFile(ctx, j)
	if err != nil {
		return desk.Bundle{}, err
	}
	behind := func(part int) (io.WriteCloser, error) {
		file, err := create(part)
		if err == nil && part == 1 {
			if _, err = file.Write(answer); err != nil {
				err = errors.Join(err, file.Close())
			}
		}
		return file, err
	}
	switch j.State {
	case wire.JoinApproved:
		return o.exportBundle(ctx, j.Node, photos, behind)
	case wire.JoinRefused:
		file, err := behind(1)
		if err == nil {
			err = file.Close()
		}
		return desk.Bundle{Parts: 1}, err
	}
	return desk.Bundle{}, library.E(library.KindConflict, "error.join_waits").Hinted("error.join_waits.hint")
}

func (o *Office) answerFile(ctx context.Context, j store.Join) ([]byte, error) {
	keys, err := o.Keys(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := o.answer(ctx, keys, j)
	if err != nil {
		return nil, err
	}
	_, token, err := o.Store.JoinCode(ctx, j.Code)
	if err != nil {
		return nil, told(err)
	}
	file, err := join.Answer(o.Rand, keys.Signing(), token, &j.Ask, answer)
	if errors.Is(err, join.ErrRecipient) {
		err = library.Invalid(library.Problem{Field: "file", Key: "problem.request_file"})
	}
	return file, err
}

// Awaited lists the PCs that were let in and have not been heard of since: the answer
// may have to go to them on a stick.
func (o *Office) Awaited(ctx context.Context, who desk.Actor) ([]Asking, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return nil, err
	}
	nodes, err := o.Nodes(ctx, who)
	if err != nil {
		return nil, err
	}
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return nil, told(err)
	}
	var out []Asking
	for _, pc := range nodes {
		if pc.Revoked() || !pc.Contact.IsZero() || len(pc.Streams) > 0 {
			continue
		}
		e, _ := held.Enrolment(event.ID(pc.ID))
		j, err := o.Store.Join(ctx, e.Key)
		if errors.Is(err, store.ErrNotFound) || err == nil && returning(j) {
			continue // this centre was rebuilt since
		}
		if err != nil {
			return nil, fmt.Errorf("office: %w", told(err))
		}
		out = append(out, Asking{ID: hex.EncodeToString(e.Key), Check: j.Check, Asked: o.at(j.Asked), Branch: pc.Branch, Label: pc.Name, Name: j.Ask.Name, Role: pc.Role, Code: pc.Code})
	}
	return out, nil
}
