package merge

import (
	"testing"

	"simpul/sync/event"
)

func visitRecord(t *testing.T, typ event.Type, body any) event.Record {
	t.Helper()
	e, err := event.New(event.Header{Type: typ, Subject: event.SubjectID(salt), Officer: event.ID{3}, Wall: 1790000000000}, body)
	if err != nil {
		t.Fatal(err)
	}
	return event.Record{Event: e, Hash: event.Hash{byte(typ)}}
}

func TestVisitLine(t *testing.T) {
	made := visitRecord(t, event.VisitRecorded, event.Visit{Kind: VisitNameless, Name: "Jarot"})
	id := event.DeriveID("visit", made.Hash)
	fix := func(c event.VisitCorrection) event.Record {
		c.Visit = id
		return visitRecord(t, event.VisitCorrected, c)
	}
	group := event.Visit{Kind: VisitGroup, Men: 3, Women: 12, At: 1780000000000}
	late, person := event.Visit{Kind: VisitGuest, At: 1780000000000}, event.ID{7}
	for name, c := range map[string]struct {
		records []event.Record
		wall    int64
		people  int
		person  event.ID
	}{
		"as recorded":                  {[]event.Record{made}, 1790000000000, 1, event.ID{}},
		"entered late":                 {[]event.Record{made, fix(event.VisitCorrection{Body: &late})}, 1780000000000, 1, event.ID{}},
		"was a group":                  {[]event.Record{made, fix(event.VisitCorrection{Body: &group})}, 1780000000000, 15, event.ID{}},
		"void":                         {[]event.Record{made, fix(event.VisitCorrection{Void: true})}, 1790000000000, 0, event.ID{}},
		"void group":                   {[]event.Record{made, fix(event.VisitCorrection{Body: &group, Void: true})}, 1780000000000, 0, event.ID{}},
		"brought back":                 {[]event.Record{made, fix(event.VisitCorrection{Void: true}), fix(event.VisitCorrection{Reason: "mistake"})}, 1790000000000, 1, event.ID{}},
		"resolved":                     {[]event.Record{made, fix(event.VisitCorrection{Person: person})}, 1790000000000, 1, person},
		"resolved after it was voided": {[]event.Record{made, fix(event.VisitCorrection{Void: true}), fix(event.VisitCorrection{Person: person})}, 1790000000000, 0, person},
	} {
		var v Visit
		for i, rec := range c.records {
			if err := v.Apply(rec, Own(1, uint64(i+1))); err != nil {
				t.Fatal(err)
			}
		}
		if v.ID != id || v.Wall() != c.wall || v.People() != c.people || v.Person.Value != c.person || v.Subject != made.Subject {
			t.Errorf("%s: at %d, %d people, person %v: %+v", name, v.Wall(), v.People(), v.Person.Value, v)
		}
	}
}

func TestAMembersVisitIsTheirs(t *testing.T) {
	var v Visit
	rec := visitRecord(t, event.VisitRecorded, event.Visit{Kind: VisitMember})
	if err := v.Apply(rec, Own(1, 1)); err != nil || v.Person.Value != rec.Subject {
		t.Errorf("person %v, want %v: %v", v.Person.Value, rec.Subject, err)
	}
}

func TestEmptyStateIsSmall(t *testing.T) {
	for _, c := range []struct {
		state any
		keys  int
	}{{Person{}, 3}, {Visit{}, 2}, {Officer{}, 1}, {Node{}, 1}, {Class{}, 1}, {Card{}, 7}} {
		var keys map[int]any
		if err := event.Decode(encoded(t, c.state), &keys); err != nil || len(keys) != c.keys {
			t.Errorf("%T: %d keys, want %d (empty registers are left out): %v %v", c.state, len(keys), c.keys, keys, err)
		}
	}
}
