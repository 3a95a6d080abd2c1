package store

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// A card that somebody blocked is barred everywhere by a decision, which every
// node holds whatever its feed says; a release of that block clears the bar.

// noteBlocks notes the blocks of a person's cards, and which of them were lifted.
func (tx *Tx) noteBlocks(p *merge.Person) error {
	for _, c := range p.Cards {
		for _, b := range c.Blocks {
			lifted := false
			for _, h := range c.Lifted {
				lifted = lifted || h == b.Hash
			}
			if err := tx.exec(`INSERT INTO card_bars (block, card, person, reason, lifted, cleared) VALUES (?, ?, ?, ?, ?, 0)
				ON CONFLICT (block) DO UPDATE SET lifted = excluded.lifted`, b.Hash[:], c.ID[:], p.ID[:], b.Reason, flag(lifted)); err != nil {
				return fmt.Errorf("store: note a block: %w", err)
			}
		}
	}
	return nil
}

type cardBar struct {
	event.Bar
	lifted bool
	bar    event.Hash // zero: not decided yet
}

// settleBars bars what was blocked and clears what was released.
func (tx *Tx) settleBars(key ed25519.PrivateKey, most int) (int, error) {
	var due []cardBar
	rows, err := tx.query(`SELECT block, card, person, reason, lifted, bar FROM card_bars
		WHERE (bar IS NULL AND lifted = 0) OR (bar IS NOT NULL AND lifted = 1 AND cleared = 0) ORDER BY block LIMIT ?`, most)
	if err := collect(rows, err, func(scan func(...any) error) error {
		var b cardBar
		var block, card, person, bar []byte
		var lifted int
		err := scan(&block, &card, &person, &b.Reason, &lifted, &bar)
		b.Block, b.Card, b.Person, b.lifted, b.bar = toHash(block), toID(card), toID(person), lifted == 1, toHash(bar)
		due = append(due, b)
		return err
	}); err != nil {
		return 0, err
	}
	for _, b := range due {
		if err := tx.settleBar(key, b); err != nil {
			return 0, fmt.Errorf("store: bar a card: %w", err)
		}
	}
	return len(due), nil
}

func (tx *Tx) settleBar(key ed25519.PrivateKey, b cardBar) error {
	if b.lifted {
		if _, err := tx.Decide(key, event.ID{}, event.CardCleared, &event.Clearing{Bars: []event.Hash{b.bar}}); err != nil {
			return err
		}
		return tx.exec("UPDATE card_bars SET cleared = 1 WHERE block = ?", b.Block[:])
	}
	known, err := tx.Decisions()
	if err != nil {
		return err
	}
	hash, decided := known.barOf(b.Card, b.Block) // before the centre was restored
	if !decided {
		r, err := tx.Decide(key, event.ID{}, event.CardBarred, &b.Bar)
		if err != nil {
			return err
		}
		hash = r.Hash()
	}
	return tx.exec("UPDATE card_bars SET bar = ?, cleared = ? WHERE block = ?", hash[:], flag(known.cleared[hash]), b.Block[:])
}

// barOf is the decision that barred a card for a block.
func (d *Decisions) barOf(card event.ID, block event.Hash) (event.Hash, bool) {
	for _, h := range d.bars[card] {
		if b, ok := d.bar(h); ok && b.Block == block {
			return h, true
		}
	}
	return event.Hash{}, false
}

func (s *Store) regainErasures(ctx context.Context, centre ed25519.PublicKey) error {
	known, err := s.Decisions(ctx)
	if err != nil {
		return err
	}
	var lost []event.Ruling
	for _, l := range s.erased.all() {
		if _, held := known.ByHash(l.Ruling.Hash()); !held && !known.Erased(l.Person) {
			lost = append(lost, l.Ruling)
		}
	}
	if len(lost) == 0 {
		return nil
	}
	_, err = s.Regain(ctx, lost, centre)
	return err
}

const settledAtOnce = 100

// Settle makes the decisions that follow by rule from what was applied: people
// who are equal are merged, blocked cards barred, released ones cleared. Erasures
// that only the file beside the database remembers are held and logged again: the
// database was put back from an older copy. It says whether there may be more.
func (s *Store) Settle(ctx context.Context, key ed25519.PrivateKey) (more bool, err error) {
	if err := s.regainErasures(ctx, publicOf(key)); err != nil {
		return false, err
	}
	if err := s.wakeDue(ctx); err != nil {
		return false, err
	}
	if more, err = s.settleTags(ctx, key); err != nil || more {
		return more, err
	}
	var due int
	if err := s.queryRow(ctx, `SELECT (SELECT COUNT(*) FROM cases WHERE state = 'equal') +
		(SELECT COUNT(*) FROM card_bars WHERE (bar IS NULL AND lifted = 0) OR (bar IS NOT NULL AND lifted = 1 AND cleared = 0))`).Scan(&due); err != nil || due == 0 {
		return false, kind(err)
	}
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
		cases, err := tx.settleCases(key, settledAtOnce)
		if err != nil {
			return err
		}
		bars, err := tx.settleBars(key, settledAtOnce)
		more = cases == settledAtOnce || bars == settledAtOnce
		return err
	})
	return more, err
}
