package merge

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"simpul/sync/event"
)

func TestAnyInterleavingGivesTheSameState(t *testing.T) {
	forEachKind(t, func(t *rapid.T, fresh func() state, streams [][]step) {
		one, two := fresh(), fresh()
		apply(t, one, interleave(t, streams))
		apply(t, two, interleave(t, streams))
		equal(t, "another interleaving", two, one)
	})
}

// FuzzInterleaving looks for such a history by coverage: the bytes are what the histories are drawn from.
func FuzzInterleaving(f *testing.F) {
	for seed := range byte(8) {
		drawn := make([]byte, 4<<10)
		if _, err := rand.NewChaCha8([32]byte{seed}).Read(drawn); err != nil {
			f.Fatal(err)
		}
		f.Add(drawn)
	}
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) {
		k := rapid.SampledFrom(kinds).Draw(t, "kind")
		h := newHistory(t)
		k.draw(h)
		streams, one, two := h.stamped(), k.fresh(), k.fresh()
		apply(t, one, interleave(t, streams))
		apply(t, two, interleave(t, streams))
		equal(t, "another interleaving", two, one)
	}))
}

// The store keeps states encoded and opens them for every event.
func TestStoringBetweenStepsChangesNothing(t *testing.T) {
	forEachKind(t, func(t *rapid.T, fresh func() state, streams [][]step) {
		steps := interleave(t, streams)
		memory, kept := fresh(), encoded(t, fresh())
		for _, st := range steps {
			opened := fresh()
			if err := event.Decode(kept, opened); err != nil {
				t.Fatal(err)
			}
			apply(t, opened, []step{st})
			apply(t, memory, []step{st})
			kept = encoded(t, opened)
			if !bytes.Equal(kept, encoded(t, memory)) {
				t.Fatalf("after %s seq %d:\nstored %+v\nmemory %+v", st.rec.Type, st.rec.Seq, opened, memory)
			}
		}
	})
}

// The store never applies a record twice; if it did, only a counter would tell.
func TestApplyingAgainChangesNothing(t *testing.T) {
	forEachKind(t, func(t *rapid.T, fresh func() state, streams [][]step) {
		steps := interleave(t, streams)
		once, twice := fresh(), fresh()
		apply(t, once, steps)
		for i := range steps {
			apply(t, twice, steps[i:i+1])
			again := rapid.IntRange(0, i).Draw(t, "again")
			apply(t, twice, steps[again:again+1])
		}
		if p, ok := twice.(*Person); ok {
			p.Events = once.(*Person).Events
		}
		equal(t, "applied twice", twice, once)
	})
}

func TestApplyLeavesTheRecordAlone(t *testing.T) {
	forEachKind(t, func(t *rapid.T, fresh func() state, streams [][]step) {
		s := fresh()
		for _, st := range interleave(t, streams) {
			body := bytes.Clone(st.rec.Body)
			apply(t, s, []step{st})
			if !bytes.Equal(body, st.rec.Body) {
				t.Fatalf("%s: the body was changed", st.rec.Type)
			}
		}
	})
}

// What a later program wrote is counted and otherwise left alone.
func TestLaterEventsChangeNothing(t *testing.T) {
	forEachKind(t, func(t *rapid.T, fresh func() state, streams [][]step) {
		with, without := fresh(), fresh()
		for _, st := range interleave(t, streams) {
			later := st
			later.rec.Type, later.rec.Version = 999, 1
			if rapid.Bool().Draw(t, "version") {
				later.rec.Type, later.rec.Version = st.rec.Type, st.rec.Version+1
			}
			later.rec.Body = []byte("not CBOR")
			later.at.Seq += 1000
			apply(t, with, []step{st, later})
			apply(t, without, []step{st})
		}
		if p, ok := with.(*Person); ok {
			q := without.(*Person)
			if p.Events != 2*q.Events || p.Head.Compare(q.Head) <= 0 {
				t.Fatalf("counted %d of %d events, head %v after %v", p.Events, 2*q.Events, p.Head, q.Head)
			}
			p.Events, p.Head = q.Events, q.Head
		}
		equal(t, "with events of a later program", with, without)
	})
}

func TestPoisonChangesNothing(t *testing.T) {
	forEachKind(t, func(t *rapid.T, fresh func() state, streams [][]step) {
		s := fresh()
		poison := [][]byte{nil, []byte("not CBOR"), {0x80}, {0xa1, 0x01}, {0xa2, 1, 0, 1, 0}, {0xa1, 0x18, 0x63, 0xc1, 0x00}, {0xa0, 0xa0}}
		for _, st := range interleave(t, streams) {
			bad := st.rec
			bad.Body = rapid.SampledFrom(poison).Draw(t, "poison")
			bad.Subject = event.ID{0xee}
			before := encoded(t, s)
			if err := s.Apply(bad, st.at); err == nil {
				t.Fatalf("%s: %x was read", bad.Type, bad.Body)
			}
			if !bytes.Equal(before, encoded(t, s)) {
				t.Fatalf("%s: poison changed the state to %+v", bad.Type, s)
			}
			apply(t, s, []step{st})
		}
	})
}

// A better-known value stays, and within a level the later stamp wins.
func TestWhoWinsAField(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type claim struct {
			level Level
			at    Stamp
			value string
		}
		var ws Writes
		best := map[event.Field]claim{}
		seen := map[Stamp]bool{}
		for range rapid.IntRange(1, 20).Draw(t, "writes") {
			at, level, fields := drawStamp(t), rapid.SampledFrom([]Level{Typed, Seen}).Draw(t, "level"), drawFields(t)
			if at.IsZero() || seen[at] {
				continue
			}
			seen[at] = true
			ws.set(fields, level, at)
			for f, v := range fields {
				if was, ok := best[f]; !ok || level > was.level || level == was.level && at.Compare(was.at) > 0 {
					best[f] = claim{level, at, v}
				}
				fields[f] = "changed by the caller"
			}
		}
		all := ws.All()
		for f := event.FieldIdentity; f <= event.FieldStop; f++ {
			if c := best[f]; ws.Get(f) != c.value || ws.Level(f) != c.level || all[f] != c.value {
				t.Fatalf("field %d: %q at level %d, want %+v; writes %+v", f, ws.Get(f), ws.Level(f), c, ws)
			}
		}
		for i := range ws {
			if i > 0 && ws[i-1].At.Compare(ws[i].At) >= 0 || len(ws[i].Fields) == 0 {
				t.Fatalf("write %d is out of order or empty: %+v", i, ws)
			}
		}
	})
}

func TestTheHighestStampDecides(t *testing.T) {
	stages := map[event.Type]Stage{
		event.RegistrationOpened: StageOpened, event.RegistrationIdentified: StageIdentified, event.RegistrationFilled: StageFilled,
		event.RegistrationVerified: StageVerified, event.RegistrationSentBack: StageIdentified, event.RegistrationRefused: StageRefused,
		event.RegistrationReopened: StageOpened, event.RegistrationWithdrawn: StageWithdrawn, event.RegistrationLapsed: StageLapsed,
		event.CardIssued: StageIssued, event.CardHandedOver: StageDone,
	}
	rapid.Check(t, func(t *rapid.T) {
		h := newHistory(t)
		drawPerson(h)
		var p Person
		var head, last Stamp
		var want Stage
		for _, st := range interleave(t, h.stamped()) {
			apply(t, &p, []step{st})
			if head.IsZero() || st.at.Compare(head) > 0 {
				head = st.at
			}
			stage := stages[st.rec.Type]
			if body, _, _ := st.rec.Decoded(); st.rec.Type == event.RegistrationCompared && body.(*event.Comparison).Same {
				stage = StageSame
			}
			if stage != "" && (last.IsZero() || st.at.Compare(last) > 0) {
				last, want = st.at, stage
			}
			if p.ID != event.SubjectID(salt) || p.Head != head || p.Stage.Value != want || p.Stage.At != last {
				t.Fatalf("stage %v head %v, want %q at %v head %v", p.Stage, p.Head, want, last, head)
			}
		}
	})
}
