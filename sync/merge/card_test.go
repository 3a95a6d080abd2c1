package merge

import (
	"testing"

	"pgregory.net/rapid"

	"simpul/sync/event"
)

// A block holds until a release of that card names it, whatever arrives when.
func TestABlockHoldsUntilItIsNamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newHistory(t)
		drawPerson(h)
		blocked := map[event.ID]map[event.Hash]bool{}
		lifted := map[event.ID]map[event.Hash]bool{}
		put := func(in map[event.ID]map[event.Hash]bool, card event.ID, sum event.Hash) {
			if in[card] == nil {
				in[card] = map[event.Hash]bool{}
			}
			in[card][sum] = true
		}
		var p Person
		for _, st := range interleave(t, h.stamped()) {
			apply(t, &p, []step{st})
			body, _, _ := st.rec.Decoded()
			switch b := body.(type) {
			case *event.CardMark:
				if st.rec.Type == event.CardBlocked {
					put(blocked, b.Card, st.rec.Hash)
				}
			case *event.CardRelease:
				for _, sum := range b.Blocks {
					put(lifted, b.Card, sum)
				}
			}
			for _, c := range p.Cards {
				open := 0
				for sum := range blocked[c.ID] {
					if !lifted[c.ID][sum] {
						open++
					}
				}
				if len(c.OpenBlocks()) != open || c.Blocked() != (open > 0) {
					t.Fatalf("card %s has %d blocks in force, want %d: %+v", c.ID, len(c.OpenBlocks()), open, c)
				}
			}
		}
	})
}

// blockStory is a card of one desk, blocked twice and released by others.
func blockStory(t *testing.T) (card event.ID, issue, first, second step, release func(names ...event.Hash) step) {
	t.Helper()
	seq := uint64(0)
	make := func(typ event.Type, body any) step {
		e, err := event.New(event.Header{Type: typ, Subject: event.SubjectID(salt), Wall: 1790000000000, Mono: int64(seq)}, body)
		if err != nil {
			t.Fatal(err)
		}
		sum, err := e.ContentHash(salt)
		if err != nil {
			t.Fatal(err)
		}
		seq++
		return step{rec: event.Record{Seq: seq, Event: e, Hash: sum}, at: Own(1, seq)}
	}
	issue = make(event.CardIssued, event.Card{Number: "640190700000015", Until: 21000})
	card = event.DeriveID("card", issue.rec.Hash)
	first = make(event.CardBlocked, event.CardMark{Card: card, Reason: "lost"})
	second = make(event.CardBlocked, event.CardMark{Card: card, Reason: "stolen"})
	return card, issue, first, second, func(names ...event.Hash) step {
		return make(event.CardUnblocked, event.CardRelease{Card: card, Blocks: names, Reason: "found"})
	}
}

func TestAReleaseLiftsOnlyWhatItsOfficerSaw(t *testing.T) {
	card, issue, first, second, release := blockStory(t)
	lift := release(first.rec.Hash)
	everything := release(first.rec.Hash, second.rec.Hash)
	other := release(event.Hash{1})
	for name, c := range map[string]struct {
		steps []step
		open  []string
	}{
		"no block":                   {[]step{issue}, nil},
		"blocked":                    {[]step{issue, first}, []string{"lost"}},
		"released":                   {[]step{issue, first, lift}, nil},
		"the release comes first":    {[]step{issue, lift, first}, nil},
		"the other block stays":      {[]step{issue, first, second, lift}, []string{"stolen"}},
		"it stays, coming late":      {[]step{issue, first, lift, second}, []string{"stolen"}},
		"it stays, before the card":  {[]step{second, lift, first, issue}, []string{"stolen"}},
		"both released":              {[]step{issue, everything, first, second}, nil},
		"a release of another block": {[]step{issue, first, other}, []string{"lost"}},
	} {
		var p Person
		apply(t, &p, c.steps)
		open := p.CardByID(card).OpenBlocks()
		if len(open) != len(c.open) || p.Card().Blocked() != (len(c.open) > 0) {
			t.Errorf("%s: in force %+v, want %v", name, open, c.open)
			continue
		}
		for i, b := range open {
			if b.Reason != c.open[i] {
				t.Errorf("%s: block %d is %q, want %q", name, i, b.Reason, c.open[i])
			}
		}
	}
}

// A van can bring what happened to a card before the desk brings the card.
func TestWhatHappensToACardWaitsForIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := &history{t: t, streams: make([][]step, 1)}
		sum := h.add(event.CardIssued, event.Card{Number: "640190700000015", Until: 21000})
		card := event.DeriveID("card", sum)
		marks := rapid.IntRange(1, 8).Draw(t, "marks")
		var last event.Hash
		for range marks {
			switch rapid.IntRange(0, 3).Draw(t, "mark") {
			case 0:
				last = h.add(event.CardBlocked, event.CardMark{Card: card})
			case 1:
				h.add(event.CardPrinted, event.CardMark{Card: card})
			case 2:
				h.add(event.CardUnblocked, event.CardRelease{Card: card, Blocks: []event.Hash{last}})
			case 3:
				h.add(event.CardHandedOver, event.HandOver{Card: card, How: words.Draw(t, "how")})
			}
		}
		steps := h.stamped()[0]
		issue, rest := steps[0], rapid.Permutation(steps[1:]).Draw(t, "order")

		var inOrder, late Person
		apply(t, &inOrder, steps)
		apply(t, &late, rest)
		if late.Member() || late.Card() != nil || len(late.Orphans) != marks {
			t.Fatalf("%d of %d wait for the card", len(late.Orphans), marks)
		}
		apply(t, &late, rest) // again, as after a crash
		late.Events -= uint64(marks)
		if len(late.Orphans) != marks {
			t.Fatalf("%d of %d wait for the card", len(late.Orphans), marks)
		}
		apply(t, &late, []step{issue})
		if len(late.Orphans) != 0 {
			t.Fatalf("still waiting: %+v", late.Orphans)
		}
		equal(t, "the card came last", &late, &inOrder)
	})
}

func TestTheCardInUse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newHistory(t)
		drawPerson(h)
		var p Person
		apply(t, &p, interleave(t, h.stamped()))
		replaced := map[event.ID]bool{}
		for _, c := range p.Cards {
			replaced[c.Replaces] = true
		}
		var want event.ID
		for _, c := range p.Cards { // in order of their stamps
			if !replaced[c.ID] {
				want = c.ID
			}
		}
		switch got := p.Card(); {
		case got == nil && len(p.Cards) > 0:
			t.Fatalf("no card of %d is in use", len(p.Cards))
		case got != nil && got.ID != want:
			t.Fatalf("card %s is in use, want %s", got.ID, want)
		}
		if p.Member() != (len(p.Cards) > 0) {
			t.Fatal("a member is who has a card")
		}
	})
}
