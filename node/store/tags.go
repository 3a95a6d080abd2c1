package store

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// The duplicate tags of the directory are made with a key that every node knows,
// so a stolen one does too: then the centre goes over to the key of a next version
// and makes the tags anew, some at a time. A tag says with which version it was
// made, and is compared with no other: on the way nobody warns of nonsense.
//
// Which version counts stands in the decisions (event.Keying), which nodes give
// back to a centre that lost them: an older key does not come back.

// tagKeys derive the keys of this centre's tags.
type tagKeys struct {
	of     func(version uint64) []byte
	newest wire.TagKey
	mark   event.ID // of the newest key
}

const (
	countTags   = "tags"     // the newest key with which a node compares, where that is newer than any decided
	tagMark     = "tag_mark" // with which key all tags were made
	tagAt       = "tag_at"   // the mark of the key, and the last member whose tag was made with it
	tagsAtOnce  = 500
	firstPerson = "\x00"
)

// SetTagKeys hands in what derives the keys of the district's duplicate tags. Tags
// that were made with another key than that of the version that counts are made
// again by [Store.Settle].
func (s *Store) SetTagKeys(of func(version uint64) []byte) { s.tags.Store(&tagKeys{of: of}) }

// tagKey is the key of the version that counts; nil while nobody handed one in.
func (s *Store) tagKey(known *Decisions) *tagKeys {
	k := s.tags.Load()
	if k == nil || k.newest.Key != nil && k.newest.Version == known.tags {
		return k
	}
	next := &tagKeys{of: k.of, newest: wire.TagKey{Version: known.tags, Key: k.of(known.tags)}}
	next.mark = event.DeriveID("tag key", event.Hash(sha256.Sum256(next.newest.Key)))
	s.tags.CompareAndSwap(k, next)
	return next
}

// TagKey is what an enrolled node is given; its version is 0 and its key empty
// while nobody handed one in.
func (s *Store) TagKey(ctx context.Context) (wire.TagKey, error) {
	known, err := s.Decisions(ctx)
	if err != nil {
		return wire.TagKey{}, err
	}
	if k := s.tagKey(known); k != nil {
		return k.newest, nil
	}
	return wire.TagKey{}, nil
}

// Rekey decides that the tags are made with the next key. lost is the node whose
// loss is the reason; zero when somebody just wants it.
func (tx *Tx) Rekey(key ed25519.PrivateKey, officer, lost event.ID) error {
	known, err := tx.Decisions()
	if err != nil {
		return err
	}
	_, err = tx.Decide(key, officer, event.TagsKeyed, &event.Keying{Version: known.tags + 1, Node: lost})
	return err
}

// noteTags notes with which key a node compares. When it is newer than any that
// this centre knows of, the centre was put back to before it went over to that key,
// and nobody has kept the decision.
func (tx *Tx) noteTags(version uint64) error {
	known, err := tx.Decisions()
	if err != nil || version <= known.tags || version > known.tags+wire.TagVersions {
		return err
	}
	return tx.setCounter(countTags, int64(version))
}

// settleTags makes some of the tags that are due. When two decisions name one
// version, a centre that was put back from a copy has gone over to a key that it
// had used before, and whoever was lost meanwhile knows: then the next key is due.
func (s *Store) settleTags(ctx context.Context, key ed25519.PrivateKey) (more bool, err error) {
	if s.tags.Load() == nil {
		return false, nil
	}
	known, err := s.Decisions(ctx)
	if err != nil {
		return false, err
	}
	if known.twice {
		if _, err := s.Write(ctx, event.ID{}, func(tx *Tx) error { return tx.Rekey(key, event.ID{}, event.ID{}) }); err != nil {
			return false, err
		}
	}
	if err := s.catchUpTags(ctx, key, known.tags); err != nil {
		return false, err
	}
	return s.retag(ctx)
}

// catchUpTags decides again for the key with which nodes compare.
func (s *Store) catchUpTags(ctx context.Context, key ed25519.PrivateKey, version uint64) error {
	var seen int64
	err := notFound(s.queryRow(ctx, "SELECT value FROM counters WHERE name = ?", countTags).Scan(&seen))
	if errors.Is(err, ErrNotFound) || err == nil && uint64(seen) <= version {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
		_, err := tx.Decide(key, event.ID{}, event.TagsKeyed, &event.Keying{Version: uint64(seen)})
		return err
	})
	return err
}

// tagOf is the duplicate tag of a member's NIK.
func (tx *Tx) tagOf(nik string) (uint16, error) {
	if nik == "" {
		return wire.NoTag, nil
	}
	known, err := tx.Decisions()
	if err != nil {
		return wire.NoTag, err
	}
	k := tx.s.tagKey(known)
	if k == nil {
		// Whoever comes with the keys has all tags to make.
		return wire.NoTag, tx.exec("DELETE FROM local WHERE key IN (?, ?)", tagMark, tagAt)
	}
	return k.newest.Tag(nik), nil
}

// TagsLeft counts the members whose tags are still of an older key.
func (s *Store) TagsLeft(ctx context.Context) (n int64, err error) {
	last, due, err := s.tagsDue(ctx)
	if err != nil || !due {
		return 0, err
	}
	err = s.queryRow(ctx, "SELECT COUNT(*) FROM people WHERE id > ? AND member = 1 AND length(state) > 0", last).Scan(&n)
	return n, kind(err)
}

// tagsDue says after which member the making of tags goes on, if it is not done.
func (s *Store) tagsDue(ctx context.Context) (last []byte, due bool, err error) {
	if s.tags.Load() == nil {
		return nil, false, nil
	}
	known, err := s.Decisions(ctx)
	if err != nil {
		return nil, false, err
	}
	mark := s.tagKey(known).mark
	done, err := s.Local(ctx, tagMark)
	if err != nil || string(done) == string(mark[:]) {
		return nil, false, err
	}
	at, err := s.Local(ctx, tagAt)
	if len(at) > len(mark) && string(at[:len(mark)]) == string(mark[:]) {
		return at[len(mark):], true, err
	}
	return []byte(firstPerson), true, err
}

// retag makes some tags with the key that counts. more says that there are others.
func (s *Store) retag(ctx context.Context) (more bool, err error) {
	last, due, err := s.tagsDue(ctx)
	if err != nil || !due {
		return false, err
	}
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
		known, err := tx.Decisions()
		if err != nil {
			return err
		}
		mark := tx.s.tagKey(known).mark
		ids, err := tx.idList("SELECT id FROM people WHERE id > ? AND member = 1 AND length(state) > 0 ORDER BY id LIMIT ?", last, tagsAtOnce)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := tx.retagOne(id); err != nil {
				return fmt.Errorf("store: tag: %w", err)
			}
		}
		if more = len(ids) == tagsAtOnce; more {
			return tx.PutLocal(tagAt, append(mark[:], ids[len(ids)-1][:]...))
		}
		return errors.Join(tx.PutLocal(tagMark, mark[:]), tx.exec("DELETE FROM local WHERE key = ?", tagAt))
	})
	return more, err
}

func (tx *Tx) retagOne(id event.ID) error {
	p, err := tx.Person(id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	sole, err := tx.soleOf(p.Heads)
	if err != nil {
		return err
	}
	return tx.feedEntry(p, sole)
}

// takeTagKey keeps the key of the tags that the centre gave, unless it is older
// than the one that is held: a bundle may be of any age.
func (tx *Tx) takeTagKey(k *wire.TagKey) error {
	if k == nil || len(k.Key) != wire.TagKeySize {
		return nil
	}
	var have uint64
	if err := tx.row("SELECT tag_version FROM exchange WHERE id = 1").Scan(&have); err != nil || k.Version <= have {
		return notFound(err)
	}
	if k.Version-have >= wire.TagVersions {
		// Tags made with a key so old look as if they were made with this one. Those
		// that were made with it come after it.
		if err := tx.exec("DELETE FROM entry_tags"); err != nil {
			return err
		}
	}
	if err := tx.PutSecret(tagKeySecret, k.Key); err != nil {
		return err
	}
	return tx.exec("UPDATE exchange SET tag_version = ? WHERE id = 1", k.Version)
}
