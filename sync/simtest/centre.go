package simtest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"slices"

	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/hub"
)

// centre is what the centre is besides its store. Its signing key survives
// everything: it is in the recovery kit.
type centre struct {
	hub *hub.Hub
}

func (c *centre) begin(s *site) error {
	w := s.world
	c.hub = hub.New(hub.Options{Store: w.opt.Mutant.store(s), Key: w.key, Photos: photos{s}, Now: s.clock.now, Rand: s.rand,
		Log: slog.New(logs{w, s.name})})
	s.handler = c.hub.Handler()
	s.st.SetTagKeys(w.tagKey)
	return nil
}

// tagKey derives a key of the duplicate tags, as a centre does from what is in its
// recovery kit.
func (w *World) tagKey(version uint64) []byte {
	key := sha256.Sum256(fmt.Appendf(w.key.Seed(), "tags %d", version))
	return key[:]
}

func (w *World) public() ed25519.PublicKey { return w.key.Public().(ed25519.PublicKey) }

// settle lets the centre apply what it took in.
func (w *World) settle(most int) {
	c := w.centre
	for range most {
		more, err := c.centre.hub.Apply(context.Background())
		if c.dead() {
			w.say("the centre loses power")
			w.revive(c)
			return
		}
		if err != nil {
			w.tolerate(c, "apply", err)
			return
		}
		if !more {
			return
		}
	}
}

// decide lets the centre decide something. It reports whether it did.
func (w *World) decide(what string, kind event.DecisionKind, body any) (event.Hash, bool) {
	c := w.centre
	var ruling event.Ruling
	_, err := c.st.Write(context.Background(), event.ID{}, func(tx *store.Tx) (err error) {
		ruling, err = tx.Decide(w.key, event.ID{}, kind, body)
		return err
	})
	if c.dead() {
		w.say("the centre loses power")
		w.revive(c)
		return event.Hash{}, false
	}
	if err != nil {
		w.tolerate(c, what, err)
		return event.Hash{}, false
	}
	h := ruling.Hash()
	w.oracle.rule(h, kind, body)
	w.count(fmt.Sprintf("decision %d", kind))
	w.say("the centre decides: %s %x", what, h[:4])
	return h, true
}

func (w *World) stepCentreBackup() {
	if w.dice.IntN(2) == 0 {
		w.prove()
	} else {
		w.centre.backUp()
	}
}

// prove is the job that restores a copy elsewhere and compares it. The copy is of
// this instant, so it holds what the centre would call durable now.
func (w *World) prove() {
	c := w.centre
	if !w.ending { // nobody puts it back any more
		c.backUp()
		c.copies[len(c.copies)-1].proved++
	}
	heads, err := c.st.DurableHeads(context.Background())
	if err != nil {
		w.tolerate(c, "prove a copy", err)
		return
	}
	var here []event.Hash
	for h := range c.pictures {
		here = append(here, h)
	}
	slices.SortFunc(here, func(a, b event.Hash) int { return bytes.Compare(a[:], b[:]) })
	err = c.st.SetDurable(context.Background(), heads, here)
	if c.dead() {
		w.revive(c)
		return
	}
	if err != nil {
		w.tolerate(c, "prove a copy", err)
		return
	}
	w.proved++
	w.must(c.st.EveryEvent(context.Background(), func(rec event.Record) error {
		if rec.Seq <= heads[rec.Stream] {
			w.oracle.durable[rec.Hash] = true
		}
		return nil
	}))
}

func (w *World) stepCentreWork() {
	for range 1 + w.dice.IntN(3) {
		w.centre.work(w.dice)
		if w.centre.dead() {
			w.revive(w.centre)
			return
		}
	}
}

// stepCentreRestore puts the centre back: by command, by hand onto the same PC,
// or as a whole disk, which nothing on this PC can notice.
func (w *World) stepCentreRestore() {
	c := w.centre
	if len(c.copies) == 0 {
		c.backUp()
		return
	}
	b, fate := c.copies[w.dice.IntN(len(c.copies))], markFate(w.dice.IntN(3))
	w.say("the centre is put back to what it was at %s, mark %d", clockText(b.at), fate)
	c.putBack(b, fate)
	w.count("centre put back, " + fate.String())
	for at, r := range w.receipts { // it may have lost nothing but the proof of a copy
		w.receipts[at] = [3]uint64{r[0], r[1], 0}
	}
	if fate == markBack { // it finds out when somebody knows of more than it does
		clear(w.receipts)
	}
	w.forgotten("the centre was put back")
	if b.proved < w.proved {
		// A newer copy had been proved and was not taken: that is an accident of its own.
		held := c.holds()
		for h := range w.oracle.durable {
			if !held[h] {
				delete(w.oracle.durable, h)
			}
		}
	}
}
