package merge

import (
	"bytes"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"simpul/sync/event"
)

// step is one event at its place with the stamp it has at this site.
type step struct {
	rec event.Record
	at  Stamp
}

// state is what every state type can do.
type state interface {
	Apply(event.Record, Stamp) error
}

var salt = event.Salt{'m', 'a', 'd', 'e', ' ', 'u', 'p'}

// history makes the events of one subject on one to three streams. Events are
// made in one order (so that a block can name a card that exists) and fall on
// any stream, so a card's block can arrive long before the card.
type history struct {
	t       *rapid.T
	streams [][]step
	made    int64
}

func newHistory(t *rapid.T) *history {
	return &history{t: t, streams: make([][]step, rapid.IntRange(1, 3).Draw(t, "streams"))}
}

// raw puts an event with any body on a drawn stream and returns its hash.
func (h *history) raw(typ event.Type, version uint8, body []byte) event.Hash {
	h.made++
	n := rapid.IntRange(0, len(h.streams)-1).Draw(h.t, "on")
	e := event.Event{Body: body, Header: event.Header{Type: typ, Version: version, Subject: event.SubjectID(salt),
		Officer: event.ID{byte(n + 1)}, Wall: 1790000000000 + rapid.Int64Range(-1e9, 1e9).Draw(h.t, "wall"), Boot: uint32(n), Mono: h.made}}
	sum, err := e.ContentHash(salt)
	if err != nil {
		h.t.Fatal(err)
	}
	seq := uint64(len(h.streams[n]) + 1)
	h.streams[n] = append(h.streams[n], step{rec: event.Record{Stream: event.ID{byte(n + 1)}, Seq: seq, Event: e, Hash: sum}})
	return sum
}

func (h *history) add(typ event.Type, body any) event.Hash {
	e, err := event.New(event.Header{Type: typ}, body)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.raw(typ, e.Version, e.Body)
}

// stamped gives every event its stamp: each stream has a rank of its own, a part
// of it is admitted at times that never fall within a stream, the rest is pending.
func (h *history) stamped() [][]step {
	ranks := rapid.Permutation([]uint64{1, 2, 3}).Draw(h.t, "ranks")
	for n, stream := range h.streams {
		admitted := rapid.IntRange(0, len(stream)).Draw(h.t, "admitted")
		when := int64(1)
		for i := range stream {
			stream[i].at = Own(ranks[n], stream[i].rec.Seq)
			if i < admitted {
				when += int64(rapid.IntRange(0, 2).Draw(h.t, "later"))
				stream[i].at.Admitted = when
			}
		}
	}
	return h.streams
}

// interleave draws one order in which the streams may arrive.
func interleave(t *rapid.T, streams [][]step) []step {
	next := make([]int, len(streams))
	var out []step
	for {
		var open []int
		for n := range streams {
			if next[n] < len(streams[n]) {
				open = append(open, n)
			}
		}
		if len(open) == 0 {
			return out
		}
		n := rapid.SampledFrom(open).Draw(t, "next")
		out = append(out, streams[n][next[n]])
		next[n]++
	}
}

func apply(t rapid.TB, s state, steps []step) {
	t.Helper()
	for _, st := range steps {
		if err := s.Apply(st.rec, st.at); err != nil {
			t.Fatalf("%s: %v", st.rec.Type, err)
		}
	}
}

func encoded(t rapid.TB, s any) []byte {
	t.Helper()
	raw, err := event.Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// equal compares what would be stored.
func equal(t rapid.TB, why string, got, want any) {
	t.Helper()
	if !bytes.Equal(encoded(t, got), encoded(t, want)) {
		t.Fatalf("%s:\n got %+v\nwant %+v", why, got, want)
	}
}

// kinds are the states with their histories.
var kinds = []struct {
	name  string
	fresh func() state
	draw  func(*history)
}{
	{"person", func() state { return &Person{} }, drawPerson},
	{"visit", func() state { return &Visit{} }, drawVisit},
	{"officer", func() state { return &Officer{} }, drawOfficer},
	{"node", func() state { return &Node{} }, drawNode},
	{"class", func() state { return &Class{} }, drawClass},
}

var words = rapid.SampledFrom([]string{"", "a", "b", "Muara Kaca"})

func drawFields(t *rapid.T) event.Fields {
	return event.Fields(rapid.MapOfN(rapid.Custom(func(t *rapid.T) event.Field {
		return event.Field(rapid.IntRange(int(event.FieldIdentity), int(event.FieldVillage)).Draw(t, "field"))
	}), words, 0, 5).Draw(t, "fields"))
}

func drawID(t *rapid.T) event.ID { return event.ID{rapid.SampledFrom([]byte{0, 1, 2}).Draw(t, "id")} }

// drawPerson makes a registration, its card and what happens to cards later, in
// any mixture: what the screens forbid may still come from two desks.
func drawPerson(h *history) {
	t := h.t
	h.add(event.RegistrationOpened, event.Opening{Source: "visit", Visit: drawID(t), Fields: drawFields(t)})
	cards := []event.ID{event.DeriveID("card", event.Hash{1})} // one that never arrives
	var blocks, wishes []event.Hash
	reasons := []event.Type{event.RegistrationSentBack, event.RegistrationReopened, event.RegistrationWithdrawn,
		event.RegistrationLapsed, event.RegistrationPaused, event.RegistrationResumed, event.PhotoDeclined,
		event.PhotoDeferred, event.RecordViewed}
	card := func() event.ID { return rapid.SampledFrom(cards).Draw(t, "card") }
	moves := []func(){
		func() { h.add(event.RegistrationOpened, event.Opening{Source: words.Draw(t, "source")}) },
		func() { h.add(event.RegistrationIdentified, event.Identification{Kind: words.Draw(t, "kind")}) },
		func() {
			h.add(event.ConsentGiven, event.Consent{Purpose: words.Draw(t, "purpose"), How: words.Draw(t, "how"), Refused: rapid.Bool().Draw(t, "refused")})
		},
		func() {
			h.add(event.RegistrationFilled, event.Filling{Fields: drawFields(t), By: words.Draw(t, "by"), Seen: rapid.Bool().Draw(t, "seen")})
		},
		func() {
			h.add(event.RegistrationVerified, event.Verification{Document: "ktp", Checked: []event.Field{event.FieldName}, Corrected: drawFields(t)})
		},
		func() { h.add(event.RegistrationRouted, event.Routing{Branch: drawID(t)}) },
		func() { h.add(event.RegistrationRefused, event.Refusal{Requirement: words.Draw(t, "why"), Step: 4}) },
		func() { h.add(rapid.SampledFrom(reasons).Draw(t, "reason"), event.Reason{Key: words.Draw(t, "key")}) },
		func() {
			h.add(event.RegistrationCompared, event.Comparison{Other: drawID(t), Same: rapid.Bool().Draw(t, "same")})
		},
		func() {
			h.add(rapid.SampledFrom([]event.Type{event.PhotoAttached, event.PhotoErased}).Draw(t, "photo"),
				event.Photo{Card: event.Hash{rapid.Byte().Draw(t, "card")}, Record: event.Hash{byte(h.made % 5)}})
		},
		func() {
			old := event.ID{}
			typ := rapid.SampledFrom([]event.Type{event.CardIssued, event.CardReplaced}).Draw(t, "issue")
			if typ == event.CardReplaced {
				old = card()
			}
			cards = append(cards, event.DeriveID("card", h.add(typ, event.Card{Number: fmt.Sprint(h.made), Old: old, Until: h.made})))
		},
		func() { h.add(event.CardHandedOver, event.HandOver{Card: card(), How: words.Draw(t, "how")}) },
		func() {
			blocks = append(blocks, h.add(event.CardBlocked, event.CardMark{Card: card(), Reason: "lost"}))
		},
		func() { h.add(event.CardPrinted, event.CardMark{Card: card()}) },
		func() {
			var named []event.Hash
			for _, b := range blocks {
				if rapid.Bool().Draw(t, "names") {
					named = append(named, b)
				}
			}
			h.add(event.CardUnblocked, event.CardRelease{Card: card(), Blocks: named})
		},
		func() { h.add(event.MemberCorrected, event.Correction{Fields: drawFields(t), Reason: "moved"}) },
		func() { h.add(event.MemberRenewed, event.Renewal{Until: h.made}) },
		func() {
			wishes = append(wishes, h.add(event.ErasureAsked, event.ErasureWish{Reason: "request", By: words.Draw(t, "by"), Identity: "ktp"}))
		},
		func() {
			named := []event.Hash{{2}} // and one that never arrives
			for _, w := range wishes {
				if rapid.Bool().Draw(t, "answers") {
					named = append(named, w)
				}
			}
			h.add(event.ErasureDeclined, event.ErasureReply{Wishes: named, Reason: words.Draw(t, "why")})
		},
		func() { h.add(event.MemberAliased, event.Alias{System: "old", Number: words.Draw(t, "number")}) },
	}
	// Few kinds of event in one history, so that they meet often.
	kinds := rapid.SliceOfN(rapid.IntRange(0, len(moves)-1), 1, 6).Draw(t, "kinds")
	for range rapid.IntRange(0, 25).Draw(t, "moves") {
		moves[rapid.SampledFrom(kinds).Draw(t, "move")]()
	}
}

func drawVisit(h *history) {
	t := h.t
	kind := rapid.SampledFrom([]string{VisitMember, VisitUnknown, VisitNameless, VisitGuest, VisitGroup})
	line := func() event.Visit {
		return event.Visit{Kind: kind.Draw(t, "kind"), At: rapid.Int64Range(0, 2).Draw(t, "at"), Name: words.Draw(t, "name"), Men: 2, Women: 3,
			Levels: rapid.MapOfN(words, rapid.IntRange(0, 3), 0, 2).Draw(t, "levels")}
	}
	id := event.DeriveID("visit", h.add(event.VisitRecorded, line()))
	for range rapid.IntRange(0, 8).Draw(t, "corrections") {
		c := event.VisitCorrection{Visit: id, Reason: words.Draw(t, "reason"), Void: rapid.Bool().Draw(t, "void"), Person: drawID(t)}
		if rapid.Bool().Draw(t, "body") {
			l := line()
			c.Body = &l
		}
		h.add(event.VisitCorrected, c)
	}
}

func drawOfficer(h *history) {
	t := h.t
	typ := rapid.SampledFrom([]event.Type{event.OfficerAdded, event.OfficerChanged})
	for range rapid.IntRange(1, 10).Draw(t, "changes") {
		h.add(typ.Draw(t, "type"), event.OfficerFacts{Login: words.Draw(t, "login"), Name: words.Draw(t, "name"), Role: words.Draw(t, "role"),
			Active: rapid.Bool().Draw(t, "active"), Inactive: rapid.Bool().Draw(t, "inactive")})
		h.add(event.OfficerSecretChanged, event.OfficerSecret{How: "own"})
	}
}

func drawNode(h *history) {
	t := h.t
	for range rapid.IntRange(1, 10).Draw(t, "changes") {
		h.add(event.StreamOpened, event.StreamOpening{Generation: 1})
		h.add(event.NodeConfigured, event.NodeConfig{Role: "van", Name: words.Draw(t, "name")})
		h.add(event.SettingChanged, event.Setting{Key: words.Draw(t, "key"), Value: words.Draw(t, "value")})
	}
}

func drawClass(h *history) {
	t := h.t
	for range rapid.IntRange(1, 5).Draw(t, "changes") {
		h.add(event.ClassOpened, event.Class{School: words.Draw(t, "school"), Name: "5B", Fields: drawFields(t)})
		h.add(event.ClassClosed, event.Reason{})
	}
}

func forEachKind(t *testing.T, check func(t *rapid.T, fresh func() state, streams [][]step)) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				h := newHistory(t)
				k.draw(h)
				check(t, k.fresh, h.stamped())
			})
		})
	}
}
