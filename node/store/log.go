package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// logState is where the open stream stands. The writer changes a copy and goes
// back to the old one when a use case or a COMMIT fails.
type logState struct {
	stream      event.ID
	generation  uint64
	incarnation uint8
	code        uint16 // NNN for which the incarnation was granted
	head        uint64
	chain       event.Hash
	// At a centre, the effective time of the last event of its own; see merge.AtCentre.
	centre    bool
	effective int64
	// renew is why a new stream must be opened before the next event: the
	// database is older than its high-water file, or stands on another machine.
	renew string
}

type writerLog struct {
	state    logState
	stored   place // the head as the streams table has it
	position uint64
	stmts    map[string]*sql.Stmt
	// group holds the people whom the group now being committed has changed:
	// whoever comes after in the same group goes on from there.
	group map[event.ID]*merge.Person
	// decided are the decisions with those of the group; nil is not read yet.
	decided *Decisions
}

// place is where an event stands.
type place struct {
	stream event.ID
	seq    uint64
}

// Draft is an event that is about to be written.
type Draft struct {
	Type    event.Type
	Subject event.ID
	Officer event.ID
	Body    any
}

// ErrNotSetUp is returned for events before the node has its first stream.
var ErrNotSetUp = errors.New("store: this node has not been set up")

// loadHeads reads where the log stands and compares it with the high-water file.
func (s *Store) loadHeads(ctx context.Context) error {
	var st logState
	row := s.conn.QueryRowContext(ctx, "SELECT id, generation, incarnation, code, head, chain, effective FROM streams WHERE closed = 0 ORDER BY generation DESC LIMIT 1")
	var id, chain []byte
	err := row.Scan(&id, &st.generation, &st.incarnation, &st.code, &st.head, &chain, &st.effective)
	if errors.Is(err, sql.ErrNoRows) {
		s.log.state = logState{}
		return nil
	}
	if err != nil {
		return fmt.Errorf("store: read the head of the log: %w", kind(err))
	}
	copy(st.stream[:], id)
	copy(st.chain[:], chain)
	if st.centre, err = s.isCentre(ctx); err != nil {
		return err
	}
	st.renew = s.mark.compare(st, s.opt.Machine)
	s.log.state, s.log.stored = st, place{st.stream, st.head}
	if st.renew != "" {
		s.opt.Log.Warn("the log does not continue where this machine left it; the next event opens a new stream", "reason", st.renew)
	}
	return nil
}

// NewSubject makes a subject with a fresh salt; its first event is its origin.
func (tx *Tx) NewSubject() (event.ID, error) {
	var salt event.Salt
	if _, err := io.ReadFull(tx.s.opt.Rand, salt[:]); err != nil {
		return event.ID{}, fmt.Errorf("store: randomness: %w", err)
	}
	id := event.SubjectID(salt)
	sealed, err := tx.s.vault.Seal(salt[:], vault.Place{Table: "subjects", Row: id[:], Column: "salt"})
	if err != nil {
		return event.ID{}, err
	}
	if err := tx.exec("INSERT INTO subjects (id, salt) VALUES (?, ?)", id[:], sealed); err != nil {
		return event.ID{}, err
	}
	tx.s.salts.put(id, salt)
	tx.fresh = append(tx.fresh, id)
	return id, nil
}

func (tx *Tx) salt(subject event.ID) (event.Salt, error) {
	if tx.s.erased.has(subject) {
		return event.Salt{}, fmt.Errorf("store: salt: %w", ErrNotFound)
	}
	if salt, ok := tx.s.salts.get(subject); ok {
		return salt, nil
	}
	var sealed []byte
	if err := tx.row("SELECT salt FROM subjects WHERE id = ?", subject[:]).Scan(&sealed); err != nil {
		return event.Salt{}, fmt.Errorf("store: salt: %w", notFound(err))
	}
	salt, err := tx.s.openSalt(subject, sealed)
	if err == nil {
		tx.s.salts.put(subject, salt)
	}
	return salt, err
}

func (s *Store) openSalt(subject event.ID, sealed []byte) (event.Salt, error) {
	var salt event.Salt
	raw, err := s.vault.Unseal(sealed, vault.Place{Table: "subjects", Row: subject[:], Column: "salt"})
	if err != nil {
		return salt, fmt.Errorf("store: salt: %w", err)
	}
	copy(salt[:], raw)
	return salt, nil
}

// Append writes one event at the head of the open stream and applies it to the
// state it changes. Sequence, chain and time are assigned here.
func (tx *Tx) Append(d Draft) (event.Record, error) {
	if why := tx.s.log.state.renew; why != "" && d.Type != event.StreamOpened {
		if err := tx.OpenStream(tx.nodeID(), why); err != nil {
			return event.Record{}, err
		}
	}
	st := &tx.s.log.state
	if st.stream.IsZero() {
		return event.Record{}, ErrNotSetUp
	}
	salt, err := tx.salt(d.Subject)
	if err != nil {
		return event.Record{}, err
	}
	ev, err := event.New(event.Header{Type: d.Type, Subject: d.Subject, Officer: d.Officer,
		Wall: tx.Now().UnixMilli(), Boot: tx.s.opt.Boot, Mono: tx.s.opt.Mono().Milliseconds()}, d.Body)
	if err != nil {
		return event.Record{}, err
	}
	hash, err := ev.ContentHash(salt)
	if err != nil {
		return event.Record{}, err
	}
	st.head++
	st.chain = st.chain.Next(hash)
	rec := event.Record{Stream: st.stream, Seq: st.head, Event: ev, Hash: hash, Chain: st.chain}
	if err := tx.turnCentre(d); err != nil {
		return event.Record{}, err
	}
	at := st.stamp(rec)
	if err := tx.insertEvent(rec, at.Admitted); err != nil {
		return event.Record{}, err
	}
	return rec, tx.project(rec, at)
}

// insertEvent keeps an event of this node's own, with its effective time where this is a centre.
func (tx *Tx) insertEvent(rec event.Record, at int64) error {
	var body []byte // none of somebody who was erased: header and hash are kept
	if len(rec.Body) > 0 && !tx.s.erased.has(rec.Subject) {
		var err error
		if body, err = tx.s.vault.Seal(rec.Body, vault.Place{Table: "events", Row: rec.Hash[:], Column: "body"}); err != nil {
			return err
		}
	}
	return tx.exec(`INSERT INTO events (stream, seq, type, version, subject, officer, wall, boot, mono, hash, chain, body, at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		rec.Stream[:], rec.Seq, rec.Type, rec.Version, rec.Subject[:], rec.Officer[:], rec.Wall, rec.Boot, rec.Mono,
		rec.Hash[:], rec.Chain[:], body, at)
}

// OpenStream closes the open stream, if there is one, and begins the next. The
// node's own subject must exist.
func (tx *Tx) OpenStream(node event.ID, reason string) error {
	old := tx.s.log.state
	var id event.ID
	if _, err := io.ReadFull(tx.s.opt.Rand, id[:]); err != nil {
		return fmt.Errorf("store: randomness: %w", err)
	}
	next := logState{stream: id, generation: old.generation + 1, chain: event.Genesis(id), centre: old.centre, effective: old.effective}
	next.incarnation = ungranted(next.generation)
	// The head of the old stream is due now: the end of the group writes the new one's.
	if err := tx.exec("UPDATE streams SET closed = 1, head = ?, chain = ?, effective = ? WHERE id = ?",
		old.head, old.chain[:], old.effective, old.stream[:]); err != nil {
		return err
	}
	if err := tx.exec("INSERT INTO streams (id, generation, incarnation, head, chain) VALUES (?, ?, ?, 0, ?)",
		id[:], next.generation, next.incarnation, next.chain[:]); err != nil {
		return err
	}
	tx.s.log.state = next
	if next.centre {
		if err := tx.mintEpoch(); err != nil {
			return err
		}
	}
	_, err := tx.Append(Draft{Type: event.StreamOpened, Subject: node, Body: &event.StreamOpening{
		Generation: next.generation, Previous: old.stream, PreviousSeq: old.head, PreviousHead: old.chain,
		Reason: reason, Incarnation: next.incarnation}})
	return err
}

// saveHead writes the head of the open stream once a group, before COMMIT.
func (s *Store) saveHead(ctx context.Context) error {
	st := s.log.state
	here := place{st.stream, st.head}
	if st.stream.IsZero() || here == s.log.stored {
		return nil
	}
	err := s.exec(ctx, "UPDATE streams SET head = ?, chain = ?, effective = ? WHERE id = ?", st.head, st.chain[:], st.effective, st.stream[:])
	if err == nil {
		s.log.stored = here
	}
	return err
}

// Incarnation is the digit I of the stream in which the next event will stand,
// and whether a centre granted it. After a restore that is not the open stream:
// its numbers may be on cards already.
func (tx *Tx) Incarnation() (digit int, granted bool) {
	i := tx.s.log.state.incarnation
	if tx.s.log.state.renew != "" {
		i = ungranted(tx.s.log.state.generation + 1)
	}
	return int(i), i < 8
}

// ungranted is the digit I of a stream that no centre granted one.
func ungranted(generation uint64) uint8 { return uint8(8 + (generation-1)%2) }

// digest is the checksum of the high-water file.
func digest(b []byte) uint64 {
	sum := sha256.Sum256(b)
	return binary.BigEndian.Uint64(sum[:])
}
