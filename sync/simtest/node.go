package simtest

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"simpul/node/store"
	"simpul/sync/agent"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// node is what a branch's PC is besides its store.
type node struct {
	code   uint16 // NNN, its own idea of it before it is enrolled
	role   string
	branch event.ID
	agent  *agent.Agent // nil before it has joined
	link   *link
}

func (n *node) copy() *node { return &node{code: n.code, role: n.role, branch: n.branch} }

// enrolled is what makes a PC a node, nil when it has not joined.
func (s *site) enrolled() *store.Enrolled {
	e, err := s.st.Enrolled(context.Background())
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	s.world.must(err)
	return e
}

// begin makes the agent of a PC that has joined.
func (n *node) begin(s *site) error {
	n.agent = nil
	e := s.enrolled()
	if e == nil {
		return nil
	}
	n.link = &link{site: s, r: s.world.wind}
	client := &wire.Client{Base: "http://127.0.0.1", Transport: n.link, Key: e.Key, Centre: e.Centre, Node: e.Node}
	n.agent = agent.New(agent.Options{Log: s.world.opt.Mutant.log(s), Centre: s.world.opt.Mutant.spoken(s, overheard{client, s}), Photos: photos{s},
		Now: s.clock.now, Mono: s.clock.mono, Rand: s.rand, Logger: slog.New(logs{s.world, s.name})})
	return nil
}

// join makes a PC a node of the centre, or a node under another name. The person
// who sits there tries again when the power goes out on the way.
func (w *World) join(s *site) bool {
	seed, id := make([]byte, ed25519.SeedSize), event.ID{}
	_, _ = s.rand.Read(seed)
	_, _ = w.centre.rand.Read(id[:])
	key, code := ed25519.NewKeyFromSeed(seed), w.nextCode()
	if _, done := w.decide(fmt.Sprintf("enrol %s as %s with code %d", s.name, short(id), code), event.NodeEnrolled, &event.Enrolment{Node: id, Branch: s.node.branch,
		Name: s.name, Role: s.node.role, Code: code, Key: key.Public().(ed25519.PublicKey)}); !done {
		return false
	}
	ctx := context.Background()
	epoch, err := w.centre.st.Epoch(ctx)
	w.must(err)
	tags, err := w.centre.st.TagKey(ctx)
	w.must(err)
	known, err := w.centre.st.Decisions(ctx)
	w.must(err)
	var rulings []event.Ruling
	for _, d := range known.All() {
		rulings = append(rulings, d.Ruling)
	}
	ok := s.do("join", w.dice, func(d *desk) error {
		n, err := d.tx.Node()
		if err != nil {
			return err
		}
		if err := d.tx.SaveEnrolment(store.Enrolled{Node: id, Key: key, Centre: w.public(), CentreName: "Pusat", Tags: tags, Epoch: epoch}); err != nil {
			return err
		}
		if _, _, err := d.tx.HoldRulings(rulings, w.public()); err != nil {
			return err
		}
		_, err = d.append(event.NodeConfigured, n.ID, &event.NodeConfig{Role: s.node.role, Name: s.name, Code: code})
		return err
	})
	if s.dead() {
		w.revive(s)
	}
	if !ok {
		return false
	}
	w.oracle.enrolled[id] = s.name
	s.node.code = code
	w.must(s.node.begin(s))
	return true
}

// nextCode is an NNN that was never given out, as far as the centre knows; not the
// next one, as node/office does: a centre that was put back may have given it. Once
// in a thousand times it has all the same, and nobody could know.
func (w *World) nextCode() uint16 {
	known, err := w.centre.st.Decisions(context.Background())
	w.must(err)
	for code := uint16(1 + w.dice.IntN(999)); ; code = code%999 + 1 {
		if _, given := known.BranchOf(code); !given {
			if w.oracle.codes[code] {
				w.oracle.twice[code] = true
				w.count("code given twice by chance")
			}
			w.oracle.codes[code] = true
			return code
		}
	}
}

// exchange lets a PC speak with the centre once. It reports whether there is more.
func (w *World) exchange(s *site) (more bool) {
	if s.node.agent == nil {
		return w.join(s)
	}
	s.heard, s.spoke, s.crowded = false, false, false
	p, err := w.speak(s)
	if s.dead() {
		w.say("%s: the power goes out", s.name)
		w.revive(s)
		return true
	}
	if err != nil {
		return w.exchangeFailed(s, err)
	}
	s.spoke = true
	w.say("%s: exchanged, more %v, %s", s.name, p.More, w.standing(s))
	w.afterExchange(s)
	return p.More
}

// speak is one request, or a whole run with its photos.
func (w *World) speak(s *site) (agent.Progress, error) {
	if w.ending || w.dice.IntN(3) == 0 || w.calm && w.dice.IntN(2) == 0 {
		return s.node.agent.Run(context.Background())
	}
	return s.node.agent.Step(context.Background())
}

// exchangeFailed sorts what may happen on a bad link from what may not happen.
func (w *World) exchangeFailed(s *site, err error) bool {
	var no *wire.Refusal
	switch {
	case errors.As(err, &no) && no.Reason == wire.RefusedUnknown:
		w.say("%s: the centre does not know it", s.name)
		return w.comeBack(s)
	case errors.As(err, &no) && no.Reason == wire.RefusedRevoked:
		w.say("%s: was revoked", s.name)
		if !s.retired {
			return w.join(s) // a copy of the PC that was revoked: its people join anew
		}
	case errors.As(err, &no) && no.Status >= http.StatusInternalServerError && s.crowded, errors.Is(err, store.ErrFull) && w.excused(s):
		w.say("%s: no room", s.name)
		w.count("disk full in an exchange")
	case w.bad(err):
		w.say("%s: exchange failed", s.name)
	default:
		w.fail("17 progress", "%s: exchange: %v", s.name, err)
	}
	return false
}

// bad reports whether an error is what a bad link makes.
func (w *World) bad(err error) bool {
	if w.ending {
		return false
	}
	var no *wire.Refusal
	return errors.Is(err, errLink) || errors.Is(err, wire.ErrSignature) || errors.Is(err, wire.ErrMessage) || errors.As(err, &no) && no.Reason == "" && no.Status == http.StatusServiceUnavailable
}

// excused reports whether a PC may say that it could not write.
func (w *World) excused(s *site) bool { return s.full }

// comeBack shows a centre that was put back the enrolment that it has forgotten;
// it carries the centre's own signature.
func (w *World) comeBack(s *site) bool {
	e := s.enrolled()
	known, err := s.st.Decisions(context.Background())
	w.must(err)
	for _, d := range known.All() {
		if b, is := d.Body.(*event.Enrolment); is && b.Node == e.Node {
			return w.regain(d.Ruling)
		}
	}
	return w.join(s)
}

func (w *World) regain(r event.Ruling) bool {
	c := w.centre
	_, err := c.st.Write(context.Background(), event.ID{}, func(tx *store.Tx) error {
		_, err := tx.Regain([]event.Ruling{r}, w.public())
		return err
	})
	if c.dead() {
		w.revive(c)
		return false
	}
	if err != nil {
		w.tolerate(c, "take an enrolment back", err)
		return false
	}
	w.say("the centre takes an enrolment back")
	return true
}

// tolerate ends the run unless the PC has an excuse.
func (w *World) tolerate(s *site, what string, err error) {
	if errors.Is(err, store.ErrFull) && w.excused(s) {
		w.say("%s: %s: no room", s.name, what)
		w.count("disk full at the centre")
		return
	}
	w.fail("nothing stops the desk", "%s: %s: %v", s.name, what, err)
}
