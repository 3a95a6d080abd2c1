package wire

import (
	"bytes"
	"errors"
	"testing"

	"simpul/sync/event"
)

// stream makes a batch of a stream's first events: one visit after another.
func stream(t testing.TB, n int) *Batch {
	t.Helper()
	b := &Batch{Stream: event.ID{1}, First: 1, Head: event.Genesis(event.ID{1})}
	for i := range n {
		salt := event.Salt{byte(i + 1), 7}
		ev, err := event.New(event.Header{Type: event.VisitRecorded, Subject: event.SubjectID(salt), Wall: int64(i)}, event.Visit{Kind: "guest", Name: "Jarot Pelangi"})
		if err != nil {
			t.Fatal(err)
		}
		hash, err := ev.ContentHash(salt)
		if err != nil {
			t.Fatal(err)
		}
		b.Items = append(b.Items, Item{Event: ev, Salt: salt, Hash: hash})
		b.Head = b.Head.Next(hash)
	}
	return b
}

func TestABatchBecomesRecords(t *testing.T) {
	b := stream(t, 4)
	want := b.Items[2]
	// On the way the subject and the hash are not sent, but those of an erased event are.
	for i := range b.Items {
		b.Items[i].Subject, b.Items[i].Hash = event.ID{}, event.Hash{}
	}
	erased := stream(t, 4).Items[1]
	b.Items[1] = Item{Event: event.Event{Header: erased.Header}, Hash: erased.Hash}
	recs, err := b.Records(event.Genesis(b.Stream))
	if err != nil || len(recs) != 4 || b.Last() != 4 {
		t.Fatalf("%d records: %v", len(recs), err)
	}
	if r := recs[2]; r.Seq != 3 || r.Subject != want.Subject || r.Hash != want.Hash || !bytes.Equal(r.Body, want.Body) {
		t.Errorf("third record is %+v", r)
	}
	if recs[3].Chain != b.Head || recs[1].Subject != erased.Subject || recs[1].Body != nil {
		t.Error("the chain or the erased event is not as sent")
	}

	b.Items[3].Wall++
	if _, err := b.Records(event.Genesis(b.Stream)); !errors.Is(err, ErrChain) {
		t.Errorf("a changed event: %v", err)
	}
	if _, err := stream(t, 2).Records(event.Hash{}); !errors.Is(err, ErrChain) {
		t.Errorf("another past: %v", err)
	}
	b.Items[1].Body = []byte{0xa0}
	if _, err := b.Records(event.Genesis(b.Stream)); !errors.Is(err, ErrBatch) {
		t.Errorf("a body without a salt: %v", err)
	}
	if _, err := (&Batch{}).Records(event.Hash{}); !errors.Is(err, ErrBatch) {
		t.Errorf("sequence 0: %v", err)
	}
}

func TestSumsAddUp(t *testing.T) {
	rows := []Row{{Kind: EntryRow, Key: []byte("a"), Body: []byte("bc")}, {Kind: EntryRow, Key: []byte("ab"), Body: []byte("c")}, {Kind: GoneRow, Key: []byte("x")}}
	if rows[0].Hash() == rows[1].Hash() {
		t.Error("key and body run into each other")
	}
	all := SumOfRows(rows)
	if all.Count != 2 || all.Sub(rows[1].Sum()) != rows[0].Sum() || rows[0].Sum().Add(rows[1].Sum()) != all {
		t.Errorf("sum of rows is %v", all)
	}
	moved := rows[0]
	moved.Pos = 9
	if moved.Hash() != rows[0].Hash() {
		t.Error("a row that moved has another checksum")
	}
	one, two := event.Ruling{Bytes: []byte{1}}, event.Ruling{Bytes: []byte{2}, Signature: []byte{3}}
	if s := SumOfRulings([]event.Ruling{two, one, two}); s != SumOfRulings([]event.Ruling{one, two}) || s.Count != 2 {
		t.Errorf("sum of rulings is %v", s)
	}
	if s := SumOfRulings([]event.Ruling{one, two}); s.SubHash(two.Hash()) != (Sum{}).AddHash(one.Hash()) {
		t.Error("what was added cannot be taken away")
	}
}
