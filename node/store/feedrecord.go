package store

import (
	"fmt"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// record makes the body of a full record from its projection, byte for byte as
// it was when its checksum was calculated.
func (f *FeedReader) record(table, query string, r *fedRow) error {
	var sealed, node []byte
	if err := f.row(query, r.Key).Scan(&sealed, &node); err != nil {
		return notFound(err)
	}
	if len(sealed) == 0 {
		return ErrNotFound // erased
	}
	state, err := f.s.vault.Unseal(sealed, vault.Place{Table: table, Row: r.Key, Column: "state"})
	if err != nil {
		return fmt.Errorf("store: %s: %w", table, err)
	}
	subject := toID(r.Key)
	if r.Kind == wire.VisitRow {
		var v merge.Visit
		if err := event.Decode(state, &v); err != nil {
			return fmt.Errorf("store: %s: %w", table, err)
		}
		subject = v.Subject
	}
	salt, err := f.salt(subject)
	if err != nil {
		return err
	}
	home, err := f.home(toID(node))
	if err != nil {
		return err
	}
	r.Body, err = event.Encode(&wire.Record{Salt: salt, Home: home, State: state})
	return err
}

func (f *FeedReader) salt(subject event.ID) (event.Salt, error) {
	if salt, ok := f.s.salts.get(subject); ok {
		return salt, nil
	}
	var sealed []byte
	if err := f.row(feedSalt, subject[:]).Scan(&sealed); err != nil {
		return event.Salt{}, notFound(err)
	}
	return f.s.openSalt(subject, sealed)
}

// home is the code of the PC that a record came from; that of the centre for its
// own, 0 for what a branch has to issue the card of; see servedBy.
func (f *FeedReader) home(node event.ID) (uint16, error) {
	if !node.IsZero() {
		e, _ := f.known.Enrolment(node)
		return e.Code, nil
	}
	var state []byte
	if err := f.row(feedOwnCode).Scan(&state); err != nil {
		return 0, notFound(err)
	}
	var n merge.Node
	err := event.Decode(state, &n)
	return n.Config.Value.Code, err
}
