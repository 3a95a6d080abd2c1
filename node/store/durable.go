package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"

	"simpul/node/vault"
	"simpul/sync/event"
)

// ErrCopy is returned for a copy of the centre that does not hold what it should.
// Nothing is called durable because of it.
var ErrCopy = errors.New("store: the copy does not hold what it should")

// ProveCopy compares a copy of the centre, which lies on another device, with the
// centre itself, and calls durable what is in it: the events that were applied,
// up to the first whose photo the centre still misses, when every photo that the
// copy counts on is in the folder beside it.
//
// What was proved before is not opened again; chains are followed from their
// beginning each time. The vault must be open. ErrCopy when the copy differs.
func (s *Store) ProveCopy(ctx context.Context, name, photos string) error {
	db, err := sql.Open("sqlite", dsn(name, "ro", "query_only(1)"))
	if err != nil {
		return fmt.Errorf("store: copy: %w", err)
	}
	defer db.Close()
	c := &copyProof{s: s, ctx: ctx, db: db, heads: map[event.ID]uint64{}}
	for _, prove := range []func() error{c.epoch, c.streams, c.decisions, func() error { return c.photos(photos) }} {
		if err := prove(); err != nil {
			return err
		}
	}
	return s.SetDurable(ctx, c.heads, c.proven)
}

// SetDurable notes up to where the nodes' streams are in a copy that was proved,
// and which photos are. A head never goes back.
func (s *Store) SetDurable(ctx context.Context, heads map[event.ID]uint64, photos []event.Hash) error {
	_, err := s.Write(ctx, event.ID{}, func(tx *Tx) error {
		for id, head := range heads {
			if err := tx.exec("UPDATE foreign_streams SET durable = ? WHERE id = ? AND durable < ? AND applied >= ?", head, id[:], head, head); err != nil {
				return err
			}
		}
		for _, h := range photos {
			if err := tx.exec("UPDATE photo_wants SET proven = 1 WHERE hash = ? AND held = ?", h[:], photoHeld); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// DurableHeads is up to where each stream could be called durable now: what is
// applied, before the first event whose photo is missing.
func (s *Store) DurableHeads(ctx context.Context) (map[event.ID]uint64, error) {
	return durableHeads(ctx, s.read)
}

// copyProof is the comparison of one copy with the live data.
type copyProof struct {
	s      *Store
	ctx    context.Context
	db     *sql.DB
	heads  map[event.ID]uint64
	proven []event.Hash
}

func (c *copyProof) epoch() error {
	var there []byte
	if err := notFound(c.db.QueryRowContext(c.ctx, "SELECT value FROM local WHERE key = ?", epochKey).Scan(&there)); err != nil {
		return fmt.Errorf("%w: %w", ErrCopy, err)
	}
	here, err := c.s.Epoch(c.ctx)
	if err == nil && toID(there) != here {
		err = fmt.Errorf("%w: it is of another epoch", ErrCopy)
	}
	return err
}

// streams follows the chain of every stream of the copy, the centre's own too,
// and holds its end against the live one.
func (c *copyProof) streams() error {
	heads, err := durableHeads(c.ctx, c.db)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCopy, err)
	}
	ends := map[event.ID]Stream{}
	for _, query := range []string{"SELECT id, head, chain FROM streams", "SELECT id, head, chain FROM foreign_streams"} {
		rows, err := c.db.QueryContext(c.ctx, query)
		if err := collect(rows, err, func(scan func(...any) error) error {
			var id, chain []byte
			var st Stream
			err := scan(&id, &st.Head, &chain)
			st.ID, st.Chain = toID(id), toHash(chain)
			ends[st.ID] = st
			return err
		}); err != nil {
			return fmt.Errorf("%w: %w", ErrCopy, err)
		}
	}
	for _, st := range ends {
		if err := c.stream(st); err != nil {
			return err
		}
	}
	maps.Copy(c.heads, heads)
	return nil
}

func (c *copyProof) stream(st Stream) error {
	var proved uint64
	if err := notFound(c.s.queryRow(c.ctx, "SELECT durable FROM foreign_streams WHERE id = ?", st.ID[:]).Scan(&proved)); err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	chain, seq := event.Genesis(st.ID), uint64(0)
	rows, err := c.db.QueryContext(c.ctx, "SELECT seq, hash, body FROM events WHERE stream = ? ORDER BY seq", st.ID[:])
	if err := collect(rows, err, func(scan func(...any) error) error {
		var at uint64
		var hash, body []byte
		if err := scan(&at, &hash, &body); err != nil {
			return err
		}
		if seq++; at != seq {
			return fmt.Errorf("event %d follows %d", at, seq-1)
		}
		chain = chain.Next(toHash(hash))
		if at <= proved || body == nil {
			return nil
		}
		_, err := c.s.vault.Unseal(body, vault.Place{Table: "events", Row: hash, Column: "body"})
		return err
	}); err != nil {
		return fmt.Errorf("%w: stream %s: %w", ErrCopy, st.ID, err)
	}
	if seq != st.Head || chain != st.Chain {
		return fmt.Errorf("%w: stream %s ends at %d, its head says %d", ErrCopy, st.ID, seq, st.Head)
	}
	if st.Head == 0 {
		return nil
	}
	var live []byte
	if err := c.s.queryRow(c.ctx, "SELECT chain FROM events WHERE stream = ? AND seq = ?", st.ID[:], st.Head).Scan(&live); err != nil {
		return fmt.Errorf("%w: stream %s: %w", ErrCopy, st.ID, notFound(err))
	}
	if toHash(live) != chain {
		return fmt.Errorf("%w: stream %s is another one here", ErrCopy, st.ID)
	}
	return nil
}

// decisions of the copy must be held here, each of them readable.
func (c *copyProof) decisions() error {
	known, err := c.s.Decisions(c.ctx)
	if err != nil {
		return err
	}
	rows, err := c.db.QueryContext(c.ctx, "SELECT hash, ruling FROM decisions")
	if err := collect(rows, err, func(scan func(...any) error) error {
		var hash, sealed []byte
		if err := scan(&hash, &sealed); err != nil {
			return err
		}
		if _, held := known.ByHash(toHash(hash)); !held {
			return errors.New("it has a decision that is not held here")
		}
		_, err := c.s.vault.Unseal(sealed, rulingPlace(hash))
		return err
	}); err != nil {
		return fmt.Errorf("%w: %w", ErrCopy, err)
	}
	return nil
}

// photos reads every photo back that no earlier copy proved, and sees that the
// others are there.
func (c *copyProof) photos(folder string) error {
	var missing []event.Hash
	rows, err := c.db.QueryContext(c.ctx, "SELECT hash, proven FROM photo_wants WHERE held = ?", photoHeld)
	if err := collect(rows, err, func(scan func(...any) error) error {
		var raw []byte
		var proven int
		if err := scan(&raw, &proven); err != nil {
			return err
		}
		hash := toHash(raw)
		file := filepath.Join(folder, photoFile(hash))
		if proven == 1 {
			_, err := os.Stat(file)
			if errors.Is(err, os.ErrNotExist) {
				missing, err = append(missing, hash), nil
			}
			return err
		}
		sealed, err := os.ReadFile(file)
		if errors.Is(err, os.ErrNotExist) {
			missing = append(missing, hash)
			return nil
		}
		if err != nil {
			return err
		}
		plain, err := c.s.vault.UnsealFile(hash, sealed)
		if err == nil && sha256.Sum256(plain) != hash {
			err = errors.New("a photo is not what its name says")
		}
		c.proven = append(c.proven, hash)
		return err
	}); err != nil {
		return fmt.Errorf("%w: photos: %w", ErrCopy, err)
	}
	var lost error
	for _, hash := range missing {
		var held int
		if err := c.s.queryRow(c.ctx, "SELECT COUNT(*) FROM photo_wants WHERE hash = ? AND held = ?", hash[:], photoHeld).Scan(&held); err != nil {
			return kind(err)
		}
		if held == 0 {
			continue // erased while the copy was made
		}
		lost = fmt.Errorf("%w: a photo is missing beside it", ErrCopy)
		if _, gone := os.Stat(filepath.Join(c.s.opt.Dir, "photos", photoFile(hash))); errors.Is(gone, os.ErrNotExist) {
			// Not here either: its node is asked for it again.
			if err := c.s.PhotosArrived(c.ctx, []event.Hash{hash}, false); err != nil {
				return err
			}
		}
	}
	return lost
}

// photoFile is where node/photo keeps a photo inside its folder.
func photoFile(h event.Hash) string {
	name := fmt.Sprintf("%x", h[:])
	return filepath.Join(name[:2], name[2:4], name)
}

func durableHeads(ctx context.Context, db *sql.DB) (map[event.ID]uint64, error) {
	out := map[event.ID]uint64{}
	rows, err := db.QueryContext(ctx, `SELECT f.id, f.applied, COALESCE((SELECT MIN(w.seq) FROM photo_wants w WHERE w.stream = f.id AND w.held = 0), 0)
		FROM foreign_streams f`)
	err = collect(rows, err, func(scan func(...any) error) error {
		var id []byte
		var applied, missing uint64
		if err := scan(&id, &applied, &missing); err != nil {
			return err
		}
		if missing > 0 {
			applied = min(applied, missing-1)
		}
		out[toID(id)] = applied
		return nil
	})
	return out, err
}
