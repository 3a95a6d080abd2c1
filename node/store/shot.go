package store

import (
	"context"
	"errors"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// CameraOf reads the newest camera of an officer, also one that has ended; false when there is none.
func (s *Store) CameraOf(ctx context.Context, officer event.ID) (Link, bool, error) {
	l, err := s.scanLink(s.queryRow(ctx, linkColumns+"WHERE kind = 'camera' AND officer = ? ORDER BY until DESC LIMIT 1", officer[:]).Scan)
	if errors.Is(err, ErrNotFound) {
		return Link{}, false, nil
	}
	return l, err == nil, err
}

// EndCamerasOf ends the cameras of an officer at an instant in ms.
func (tx *Tx) EndCamerasOf(officer event.ID, now int64) error {
	return tx.exec("UPDATE links SET state = 'used', until = ?, draft = NULL WHERE kind = 'camera' AND officer = ? AND state <> 'used'", now, officer[:])
}

// Shots reads the newest pictures that came by an officer's cameras, the last first.
func (s *Store) Shots(ctx context.Context, officer event.ID, limit int) (out []Link, _ error) {
	rows, err := s.query(ctx, linkColumns+"WHERE kind = 'shot' AND officer = ? ORDER BY begun DESC LIMIT ?", officer[:], limit)
	err = collect(rows, err, func(scan func(...any) error) error {
		l, err := s.scanLink(scan)
		out = append(out, l)
		return err
	})
	return out, err
}

// CountShots counts the pictures that came whole by a camera.
func (s *Store) CountShots(ctx context.Context, camera event.ID) (n int, _ error) {
	err := s.queryRow(ctx, "SELECT COUNT(*) FROM links WHERE kind = 'shot' AND camera = ? AND state <> 'open'", camera[:]).Scan(&n)
	return n, kind(err)
}

// TrimShots forgets the originals of all but the newest pictures of an officer that are in use.
func (tx *Tx) TrimShots(officer event.ID, keep int) error {
	return tx.exec(`DELETE FROM link_pieces WHERE link IN (SELECT id FROM links WHERE kind = 'shot' AND officer = ? AND state = 'used'
		AND begun < (SELECT MIN(begun) FROM (SELECT begun FROM links WHERE kind = 'shot' AND officer = ? AND state = 'used' ORDER BY begun DESC LIMIT ?) AS newest))`,
		officer[:], officer[:], keep)
}

// DropLink forgets one link and what came by it.
func (tx *Tx) DropLink(id event.ID) error {
	if err := tx.DropPieces(id); err != nil {
		return err
	}
	return tx.exec("DELETE FROM links WHERE id = ?", id[:])
}

// NeedPhoto returns the registrations outside classes that have come to the photo and have none, oldest first.
func (s *Store) NeedPhoto(ctx context.Context, limit int) ([]*merge.Person, error) {
	return s.people(ctx, "node IS NULL AND stage = 'verified' AND photo = '' AND class IS NULL ORDER BY opened, id LIMIT ?", limit)
}
