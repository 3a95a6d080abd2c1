package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"simpul/node/vault"
	"simpul/sync/event"
)

// Kinds and states of links.
const (
	LinkPhoto  = "photo"
	LinkForm   = "form"
	LinkCard   = "card"
	LinkCamera = "camera" // an officer's phone, for a shift
	LinkShot   = "shot"   // one picture that came by it
	LinkPublic = "public" // a form on the centre's public page; no officer made it

	LinkOpen    = "open"
	LinkArrived = "arrived" // the photo is whole and waits for the officer; the card was saved on the phone
	LinkUsed    = "used"
)

// Link is a one-shot address for a visitor's phone. The token in it is never kept.
type Link struct {
	ID      event.ID // LinkID of the token
	Kind    string
	Person  event.ID // the registration; zero for a form that has none yet. Of a camera, the class it photographs; zero for the queue
	Officer event.ID
	Until   int64 // ms
	State   string
	Camera  event.ID // by which a shot came
	Phone   [32]byte // of the phone that opened a form or a card or is a camera; zero before
	Begun   int64    // ms, when it did
	Upload  string   // which upload is coming in
	Size    int64    // bytes that it will have
	Sent    int64    // bytes that are here
	Seen    int64    // ms, last sign of the phone
	Draft   map[string]string
}

// LinkID is what a token is known by: the first half of its SHA-256. A token has
// 128 random bits, so neither guessing it nor finding another with the same name
// is possible.
func LinkID(token string) event.ID {
	sum := sha256.Sum256([]byte("simpul/link\x00" + token))
	return toID(sum[:16])
}

// PutLink keeps a link, in place of an earlier state of it. Pieces stay.
func (tx *Tx) PutLink(l Link) error {
	var draft, phone []byte
	if len(l.Draft) > 0 {
		var err error
		if draft, err = tx.s.seal(l.Draft, "links", l.ID); err != nil {
			return err
		}
	}
	if l.Phone != ([32]byte{}) {
		phone = l.Phone[:]
	}
	return tx.exec(`INSERT INTO links (id, kind, person, officer, until, state, phone, upload, size, seen, draft, camera, begun) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET person = excluded.person, until = excluded.until, state = excluded.state, phone = excluded.phone, upload = excluded.upload,
			size = excluded.size, seen = excluded.seen, draft = excluded.draft, begun = excluded.begun`,
		l.ID[:], l.Kind, idOrNull(l.Person), l.Officer[:], l.Until, l.State, phone, l.Upload, l.Size, l.Seen, draft, idOrNull(l.Camera), l.Begun)
}

const linkColumns = `SELECT id, kind, person, officer, until, state, phone, upload, size, seen, draft, camera, begun,
	(SELECT COALESCE(SUM(p.size), 0) FROM link_pieces p WHERE p.link = links.id) FROM links `

// Link reads a link for a use case. ErrNotFound when there is none.
func (tx *Tx) Link(id event.ID) (Link, error) {
	return tx.s.scanLink(tx.row(linkColumns+"WHERE id = ?", id[:]).Scan)
}

// Link reads a link. ErrNotFound when there is none.
func (s *Store) Link(ctx context.Context, id event.ID) (Link, error) {
	return s.scanLink(s.queryRow(ctx, linkColumns+"WHERE id = ?", id[:]).Scan)
}

// LinkOf reads the newest link of a registration; false when there is none.
func (s *Store) LinkOf(ctx context.Context, person event.ID, kind string) (Link, bool, error) {
	l, err := s.scanLink(s.queryRow(ctx, linkColumns+"WHERE person = ? AND kind = ? ORDER BY until DESC LIMIT 1", person[:], kind).Scan)
	if errors.Is(err, ErrNotFound) {
		return Link{}, false, nil
	}
	return l, err == nil, err
}

func (s *Store) scanLink(scan func(...any) error) (l Link, err error) {
	var id, person, officer, phone, draft, camera []byte
	if err := notFound(scan(&id, &l.Kind, &person, &officer, &l.Until, &l.State, &phone, &l.Upload, &l.Size, &l.Seen, &draft, &camera, &l.Begun, &l.Sent)); err != nil {
		return l, err
	}
	l.ID, l.Person, l.Officer, l.Camera = toID(id), toID(person), toID(officer), toID(camera)
	copy(l.Phone[:], phone)
	if len(draft) > 0 {
		err = s.unseal(draft, "links", l.ID, &l.Draft)
	}
	return l, err
}

// OpenLinks counts the links of a kind that are neither used nor over at an instant, in ms.
func (tx *Tx) OpenLinks(of string, now int64) (n int, err error) {
	err = kind(tx.row("SELECT COUNT(*) FROM links WHERE kind = ? AND state <> 'used' AND until >= ?", of, now).Scan(&n))
	return n, err
}

// PutPiece keeps a piece of what a phone sends, sealed.
func (tx *Tx) PutPiece(link event.ID, at int64, piece []byte) error {
	sealed, err := tx.s.vault.Seal(piece, piecePlace(link[:], at))
	if err != nil {
		return err
	}
	return tx.exec("INSERT INTO link_pieces (link, at, size, piece) VALUES (?, ?, ?, ?)", link[:], at, len(piece), sealed)
}

// DropPieces forgets what a phone has sent.
func (tx *Tx) DropPieces(link event.ID) error {
	return tx.exec("DELETE FROM link_pieces WHERE link = ?", link[:])
}

// Pieces puts together what a phone has sent.
func (s *Store) Pieces(ctx context.Context, link event.ID) (whole []byte, err error) {
	rows, err := s.query(ctx, "SELECT at, piece FROM link_pieces WHERE link = ? ORDER BY at", link[:])
	err = collect(rows, err, func(scan func(...any) error) error {
		var at int64
		var piece []byte
		if err := scan(&at, &piece); err != nil {
			return err
		}
		var err error
		whole, err = s.vault.UnsealTo(whole, piece, piecePlace(link[:], at))
		return err
	})
	return whole, err
}

// DropLinksOf forgets the links of a registration, of one kind, and what came by them.
func (tx *Tx) DropLinksOf(person event.ID, kind string) error {
	if err := tx.exec("DELETE FROM link_pieces WHERE link IN (SELECT id FROM links WHERE person = ? AND kind = ?)", person[:], kind); err != nil {
		return err
	}
	return tx.exec("DELETE FROM links WHERE person = ? AND kind = ?", person[:], kind)
}

// DropLinks forgets half-typed forms whose time is over now, in ms, and the links that ended before another instant, with
// what came by them.
func (tx *Tx) DropLinks(now, before int64) error {
	if err := tx.exec("UPDATE links SET draft = NULL WHERE until < ?", now); err != nil {
		return err
	}
	if err := tx.exec("DELETE FROM links WHERE until < ?", before); err != nil {
		return err
	}
	return tx.exec("DELETE FROM link_pieces WHERE link NOT IN (SELECT id FROM links)")
}

func piecePlace(link []byte, at int64) vault.Place {
	return vault.Place{Table: "link_pieces", Row: binary.BigEndian.AppendUint64(append([]byte(nil), link...), uint64(at)), Column: "piece"}
}

// staleLinks, stalePieces and staleDrafts find what is to be sealed again; see resealExchange.

func (tx *Tx) staleLinks(now []byte) (out []sealedValue, _ error) {
	return tx.staleStates("links", "id", "draft", now)
}

func (tx *Tx) staleDrafts(now []byte) (out []sealedValue, _ error) {
	return tx.staleStates("drafts", "person", "state", now)
}

// staleStates finds values that were sealed by seal, whose place is the table, the row's id and "state".
func (tx *Tx) staleStates(table, id, column string, now []byte) (out []sealedValue, _ error) {
	rows, err := tx.query("SELECT "+id+", "+column+" FROM "+table+" WHERE length("+column+") > 0 AND substr("+column+", 1, 3) <> ? LIMIT ?", now, resealChunk)
	err = collect(rows, err, func(scan func(...any) error) error {
		var row, sealed []byte
		if err := scan(&row, &sealed); err != nil {
			return err
		}
		out = append(out, sealedValue{vault.Place{Table: table, Row: row, Column: "state"}, sealed, "UPDATE " + table + " SET " + column + " = ? WHERE " + id + " = ?", []any{row}})
		return nil
	})
	return out, err
}

func (tx *Tx) stalePieces(now []byte) (out []sealedValue, _ error) {
	rows, err := tx.query("SELECT link, at, piece FROM link_pieces WHERE substr(piece, 1, 3) <> ? LIMIT ?", now, resealChunk)
	err = collect(rows, err, func(scan func(...any) error) error {
		var link, sealed []byte
		var at int64
		if err := scan(&link, &at, &sealed); err != nil {
			return err
		}
		out = append(out, sealedValue{piecePlace(link, at), sealed, "UPDATE link_pieces SET piece = ? WHERE link = ? AND at = ?", []any{link, at}})
		return nil
	})
	return out, err
}
