package store

import (
	"context"

	"simpul/sync/event"
)

// Session is a signed-in browser. The cookie itself is never kept, only its
// SHA-256. Times are ms of the PC's clock.
type Session struct {
	Hash    [32]byte
	Officer event.ID
	CSRF    string
	Created int64
	Seen    int64
	Locked  bool
	Lang    string
	Theme   string
}

// PutSession writes a session.
func (tx *Tx) PutSession(s Session) error {
	tx.change(s)
	return tx.exec(`INSERT INTO sessions (hash, officer, csrf, created, seen, locked, lang, theme) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (hash) DO UPDATE SET officer = excluded.officer, csrf = excluded.csrf, seen = excluded.seen,
			locked = excluded.locked, lang = excluded.lang, theme = excluded.theme`,
		s.Hash[:], s.Officer[:], s.CSRF, s.Created, s.Seen, flag(s.Locked), s.Lang, s.Theme)
}

// DropSession ends a session.
func (tx *Tx) DropSession(hash [32]byte) error {
	tx.change(SessionEnded{hash})
	return tx.exec("DELETE FROM sessions WHERE hash = ?", hash[:])
}

// SessionEnded is the change that the follower sees.
type SessionEnded struct{ Hash [32]byte }

// DropSessionsOf ends all sessions of an officer.
func (tx *Tx) DropSessionsOf(officer event.ID) error {
	tx.change(SessionsEnded{officer})
	return tx.exec("DELETE FROM sessions WHERE officer = ?", officer[:])
}

// SessionsEnded is the change that the follower sees.
type SessionsEnded struct{ Officer event.ID }

// Sessions lists the sessions created since an instant.
func (s *Store) Sessions(ctx context.Context, since int64) ([]Session, error) {
	rows, err := s.query(ctx, "SELECT hash, officer, csrf, created, seen, locked, lang, theme FROM sessions WHERE created >= ? ORDER BY created DESC LIMIT 1000", since)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Session
	for rows.Next() {
		var x Session
		var hash, officer []byte
		var locked int
		if err := rows.Scan(&hash, &officer, &x.CSRF, &x.Created, &x.Seen, &locked, &x.Lang, &x.Theme); err != nil {
			return nil, kind(err)
		}
		copy(x.Hash[:], hash)
		x.Officer, x.Locked = toID(officer), locked == 1
		out = append(out, x)
	}
	return out, kind(rows.Err())
}

// Expire removes operations and sessions that are older than the given instants, in ms.
func (tx *Tx) Expire(operations, sessions int64) error {
	if err := tx.exec("DELETE FROM operations WHERE at < ?", operations); err != nil {
		return err
	}
	return tx.exec("DELETE FROM sessions WHERE created < ?", sessions)
}

// Boxed is a visit that was sealed while the vault was closed.
type Boxed struct {
	ID  event.ID
	At  int64
	Box []byte
}

// PutBox keeps a sealed visit. It needs no open vault.
func (tx *Tx) PutBox(b Boxed) error {
	return tx.exec("INSERT INTO boxes (id, at, box) VALUES (?, ?, ?)", b.ID[:], b.At, b.Box)
}

// DropBox removes a sealed visit that has become an event.
func (tx *Tx) DropBox(id event.ID) error { return tx.exec("DELETE FROM boxes WHERE id = ?", id[:]) }

// Boxes lists the sealed visits in the order in which they came.
func (s *Store) Boxes(ctx context.Context, limit int) ([]Boxed, error) {
	rows, err := s.query(ctx, "SELECT id, at, box FROM boxes ORDER BY at, id LIMIT ?", limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Boxed
	for rows.Next() {
		var id []byte
		var b Boxed
		if err := rows.Scan(&id, &b.At, &b.Box); err != nil {
			return nil, kind(err)
		}
		b.ID = toID(id)
		out = append(out, b)
	}
	return out, kind(rows.Err())
}
