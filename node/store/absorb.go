package store

import (
	"context"
	"errors"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// ErrAnswer is returned for an answer that does not fit its request.
var ErrAnswer = errors.New("store: the answer does not fit the request")

// Absorb takes in the centre's answer to a request of this node, in one
// transaction: receipts, decisions, rows, what has to be settled of streams. A
// crash before it leaves everything as it was, and the same request again does no
// harm. skew is the centre's clock less this PC's, in ms, as the exchange
// measured it. more says that there is something to exchange right now.
func (s *Store) Absorb(ctx context.Context, req *wire.Request, ans *wire.Answer, skew int64) (more bool, err error) {
	if len(ans.Streams) != len(req.Streams) {
		return false, fmt.Errorf("%w: %d streams for %d", ErrAnswer, len(ans.Streams), len(req.Streams))
	}
	_, err = s.Write(ctx, event.ID{}, func(tx *Tx) error {
		more, err = tx.absorb(req, ans, skew)
		return err
	})
	return more, err
}

// AbsorbBundle takes in what came down in a bundle: an answer to streams that the
// centre knew of when it was made. It may be old, and come again: it only adds.
func (s *Store) AbsorbBundle(ctx context.Context, streams []wire.StreamSays, ans *wire.Answer) error {
	if len(ans.Streams) != len(streams) {
		return fmt.Errorf("%w: %d streams for %d", ErrAnswer, len(ans.Streams), len(streams))
	}
	_, err := s.Write(ctx, event.ID{}, func(tx *Tx) error {
		x, err := tx.exchange()
		if err != nil {
			return err
		}
		if err := tx.takeRulings(ans.Rulings); err != nil {
			return err
		}
		if err := tx.takeTagKey(ans.Tags); err != nil {
			return err
		}
		if ans.Epoch != x.epoch {
			return nil // decisions and keys hold for ever; the rest is of other data
		}
		for i, said := range streams {
			if _, err := tx.settleStream(said, ans.Streams[i], false); err != nil {
				return err
			}
		}
		for _, page := range ans.Pages {
			if err := tx.takePage(page, false); err != nil {
				return err
			}
		}
		tx.change(Exchanged{})
		return tx.exec("UPDATE exchange SET heard = ? WHERE id = 1 AND heard < ?", ans.Time, ans.Time)
	})
	return err
}

func (tx *Tx) exchange() (exchangeState, error) {
	return readExchange(tx.row("SELECT " + exchangeColumns + " FROM exchange WHERE id = 1"))
}

func (tx *Tx) absorb(req *wire.Request, ans *wire.Answer, skew int64) (more bool, err error) {
	x, err := tx.exchange()
	if err != nil {
		return false, err
	}
	if x.epoch != req.Epoch {
		return true, nil // joined anew since the request
	}
	other := ans.Epoch != x.epoch
	if other {
		if err := tx.compareAnew(); err != nil {
			return false, err
		}
		if err := tx.notice(noticeEpoch, ans.Epoch.String()); err != nil {
			return false, err
		}
	}
	if err := tx.takeRulings(ans.Rulings); err != nil {
		return false, err
	}
	if err := tx.takeTagKey(ans.Tags); err != nil {
		return false, err
	}
	unsettled, err := tx.settleStreams(req, ans, other)
	if err != nil {
		return false, err
	}
	for _, found := range ans.Marks {
		if err := tx.takeMarks(found); err != nil {
			return false, err
		}
	}
	for _, b := range ans.Tails {
		if _, err := tx.takeTail(b); err != nil {
			return false, err
		}
	}
	pages := false
	if !other {
		if err := tx.takeOthers(ans.Others); err != nil {
			return false, err
		}
		if err := tx.takeAsides(req.Streams, ans.Asides); err != nil {
			return false, err
		}
		if pages, err = tx.takeFeeds(req, ans); err != nil {
			return false, err
		}
	}
	if ans.Foreign && !x.alien {
		if err := tx.notice(noticeForeign, ""); err != nil {
			return false, err
		}
	}
	if err := tx.saveAnswer(req, ans, skew); err != nil {
		return false, err
	}
	waits, err := tx.unfinished(req, ans)
	return other || unsettled || pages || waits, err
}

// settleStreams goes through what the centre said of each stream, and opens a new
// one where this may be a copy of another PC's data that nobody has written to.
func (tx *Tx) settleStreams(req *wire.Request, ans *wire.Answer, other bool) (unsettled bool, err error) {
	before, settling := tx.s.log.state.stream, false
	for i, said := range req.Streams {
		one, err := tx.settleStream(said, ans.Streams[i], true)
		if err != nil {
			return false, err
		}
		unsettled = unsettled || one
		settling = settling || one && said.ID == before
	}
	// A stream that the centre has nothing of cannot be the copy of one that was sent,
	// and whoever has just opened a new one is no copy any more.
	known := len(req.Streams) > 0 && req.Streams[0].ID == before && ans.Streams[0].Received > 0
	if !ans.Stale || other || !known || settling || tx.s.log.state.stream != before {
		return unsettled, nil
	}
	if err := tx.notice(noticeCopied, before.String()); err != nil {
		return false, err
	}
	return true, tx.renew("copied")
}

// takeRulings holds decisions. Those that the centre did not sign can only be an
// accident of the centre: the answer itself was signed.
func (tx *Tx) takeRulings(rulings []event.Ruling) error {
	_, refused, err := tx.HoldRulings(rulings, nil)
	if err == nil && refused > 0 {
		err = tx.notice(noticeRefused, fmt.Sprint(refused))
	}
	return err
}

// takeFeeds takes in rows and sums. more says that the centre has further pages.
func (tx *Tx) takeFeeds(req *wire.Request, ans *wire.Answer) (more bool, err error) {
	for _, page := range ans.Pages {
		if err := tx.takePage(page, true); err != nil {
			return false, err
		}
		more = more || page.More
	}
	for _, sums := range ans.Sums {
		if err := tx.takeSums(sums); err != nil {
			return false, err
		}
	}
	for _, id := range req.People { // answered, or not known to the centre
		if err := tx.exec("DELETE FROM wanted WHERE person = ?", id[:]); err != nil {
			return false, err
		}
	}
	return more, nil
}

// takeAsides notes which events of some streams the centre could not apply: the
// overlay goes on showing them. What is not among the list any more was applied.
func (tx *Tx) takeAsides(of []wire.StreamSays, list []wire.Aside) error {
	about := map[event.ID]bool{}
	for _, said := range of {
		about[said.ID] = true
	}
	had := map[place]bool{}
	rows, err := tx.query("SELECT stream, seq FROM asides")
	if err := collect(rows, err, func(scan func(...any) error) error {
		var stream []byte
		var at place
		err := scan(&stream, &at.seq)
		at.stream = toID(stream)
		had[at] = about[at.stream]
		return err
	}); err != nil {
		return err
	}
	changed := map[place]bool{}
	for _, a := range list {
		at := place{a.Stream, a.Seq}
		if _, known := had[at]; known {
			delete(had, at)
			continue
		}
		changed[at] = true
		if err := tx.exec("INSERT INTO asides (stream, seq, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", a.Stream[:], int64(a.Seq), a.Reason); err != nil {
			return err
		}
	}
	for at, resolved := range had {
		if !resolved {
			continue
		}
		changed[at] = true
		if err := tx.exec("DELETE FROM asides WHERE stream = ? AND seq = ?", at.stream[:], int64(at.seq)); err != nil {
			return err
		}
	}
	touched := newSubjects()
	for at := range changed {
		var subject []byte
		err := notFound(tx.row("SELECT subject FROM events WHERE stream = ? AND seq = ?", at.stream[:], int64(at.seq)).Scan(&subject))
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		touched.add(toID(subject))
	}
	if len(touched.list) == 0 {
		return nil
	}
	return tx.refoldEach(touched)
}

// saveAnswer keeps what the next request needs of an answer.
func (tx *Tx) saveAnswer(req *wire.Request, ans *wire.Answer, skew int64) error {
	now := tx.Now().UnixMilli()
	if err := tx.exec(`UPDATE exchange SET epoch = ?, ticket = ?, clock_offset = ?, budget = ?, alien = ?, say_held = ?, lacking = ?, photos = ?, succeeded = ?,
			tried = ?, failure = '', centre_name = CASE WHEN ? = '' THEN centre_name ELSE ? END WHERE id = 1`,
		ans.Epoch[:], ans.Ticket[:], skew, ans.Budget, flag(ans.Foreign), flag(ans.SayHeld), joinShorts(ans.Lacking), joinShorts(ans.Photos),
		now, now, ans.Name, ans.Name); err != nil {
		return err
	}
	tx.change(Exchanged{})
	if req.Facts == nil {
		return nil
	}
	return tx.exec("UPDATE exchange SET told = ? WHERE id = 1", now)
}

// Exchanged is the change that the follower sees after an exchange.
type Exchanged struct{}

// unfinished reports whether the next request has something to say at once.
func (tx *Tx) unfinished(req *wire.Request, ans *wire.Answer) (bool, error) {
	if ans.SayHeld || len(ans.Lacking) > 0 {
		return true, nil
	}
	open := tx.s.log.state
	var n int
	query := "SELECT COUNT(*) FROM streams WHERE head > received OR lost > head OR differ > 0"
	if !ans.Foreign { // a copy gets no rows, so its partitions cannot be repaired
		query = "SELECT (" + query + ") + (SELECT COUNT(*) FROM feeds WHERE repair > 0)"
	}
	err := tx.row(query).Scan(&n)
	if err != nil || n > 0 {
		return n > 0, kind(err)
	}
	// The head of the open stream is written at the end of the group.
	st, err := tx.stream(open.stream)
	if errors.Is(err, ErrNotFound) {
		return false, nil // not set up
	}
	return err == nil && st.head > st.received, err
}
