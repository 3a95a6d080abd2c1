package store

import (
	"context"
	"crypto/sha256"
	"errors"

	"simpul/sync/event"
)

// CardToken is the secret in the address of a card's page at the centre; see
// event.Salt. ErrNotFound when the member's record is not here: of members of other
// branches a node knows no salt. The vault must be open.
func (s *Store) CardToken(ctx context.Context, person, card event.ID) (string, error) {
	salt, err := s.saltOf(ctx, person)
	if err != nil {
		return "", err
	}
	return salt.CardToken(card), nil
}

// linkOf is what the centre keeps of a card's token: NULL elsewhere.
func (tx *Tx) linkOf(person, card event.ID) (any, error) {
	if !tx.s.log.state.centre {
		return nil, nil
	}
	salt, err := tx.salt(person)
	if errors.Is(err, ErrNotFound) {
		return nil, nil // no reason to keep a record back
	}
	if err != nil {
		return nil, err
	}
	return cardLink(salt.CardToken(card)), nil
}

func cardLink(token string) []byte {
	sum := sha256.Sum256([]byte("simpul/web-card-link\x00" + token))
	return sum[:16]
}

// LinkedCard finds the card of a token, at the centre. person is zero when the
// member was erased: the link has ended. ErrNotFound when no card has this token, or
// its record has not arrived. It needs no open vault, and does the same work
// whatever the token is.
func (s *Store) LinkedCard(ctx context.Context, token string) (card, person event.ID, err error) {
	var c, p []byte
	if err := notFound(s.queryRow(ctx, "SELECT id, person FROM cards WHERE link = ?", cardLink(token)).Scan(&c, &p)); err != nil {
		return card, person, err
	}
	return toID(c), toID(p), nil
}

// HomeName is the name of the branch that registered a person, at the centre; "" for
// the centre's own, and for a PC whose enrolment is not known.
func (s *Store) HomeName(ctx context.Context, person event.ID) (string, error) {
	var node []byte
	if err := notFound(s.queryRow(ctx, "SELECT node FROM people WHERE id = ?", person[:]).Scan(&node)); err != nil || node == nil {
		return "", err
	}
	known, err := s.Decisions(ctx)
	if err != nil {
		return "", err
	}
	e, _ := known.Enrolment(toID(node))
	return e.Name, nil
}
