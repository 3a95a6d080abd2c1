package merge

import (
	"testing"

	"simpul/sync/event"
)

// registration is a whole one: visit, identity, consents, form, verification,
// photo, card and handing over.
func registration(t testing.TB) []step {
	t.Helper()
	form := event.Fields{
		event.FieldIdentity: "ktp", event.FieldNIK: "0000000000000001", event.FieldName: "Jarot Pelangi Senja",
		event.FieldBirthPlace: "Muara Kaca", event.FieldBirth: "2004-08-17", event.FieldSex: "L", event.FieldAddress: "Jl. Contoh Panjang Sekali No. 1 Gang Kenanga",
		event.FieldRT: "001", event.FieldRW: "002", event.FieldVillage: "64.99.01.2001", event.FieldDistrict: "64.99.01",
		event.FieldRegency: "64.99", event.FieldPhone: "080000000001", event.FieldEducation: "sma", event.FieldOccupation: "student",
		event.FieldInstitution: "SMAN 900 Muara Kaca", event.FieldMemberKind: "umum",
	}
	bodies := []struct {
		typ  event.Type
		body any
	}{
		{event.RegistrationOpened, event.Opening{Source: "visit", Visit: event.ID{1}, Arrived: 1790000000000, Fields: event.Fields{event.FieldName: "Jarot"}}},
		{event.RegistrationIdentified, event.Identification{Kind: "ktp", Explained: true}},
		{event.ConsentGiven, event.Consent{Purpose: "membership", Version: "2026-1", TextHash: event.Hash{2}, By: "self", How: "screen"}},
		{event.ConsentGiven, event.Consent{Purpose: "photo", Version: "2026-1", TextHash: event.Hash{3}, By: "self", How: "screen"}},
		{event.RegistrationFilled, event.Filling{Fields: form, By: "officer"}},
		{event.RegistrationVerified, event.Verification{Document: "ktp", Checked: []event.Field{1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13},
			NotBorne: []event.Field{14, 16, 18}, Corrected: event.Fields{event.FieldName: "Jarot Pelangi Senjakala"}}},
		{event.PhotoAttached, event.Photo{Card: event.Hash{4}, Record: event.Hash{5}, Source: "webcam"}},
		{event.CardIssued, event.Card{Number: "640180070000124", Kind: "umum", From: 20700, Until: 21795}},
		{event.CardPrinted, event.CardMark{}},
		{event.CardHandedOver, event.HandOver{To: "self", How: "print"}},
	}
	var steps []step
	var card event.ID
	for i, b := range bodies {
		switch body := b.body.(type) {
		case event.CardMark:
			body.Card, b.body = card, body
		case event.HandOver:
			body.Card, b.body = card, body
		}
		e, err := event.New(event.Header{Type: b.typ, Subject: event.SubjectID(salt), Officer: event.ID{9}, Wall: 1790000000000 + int64(i), Boot: 77, Mono: int64(i) * 60000}, b.body)
		if err != nil {
			t.Fatal(err)
		}
		sum, err := e.ContentHash(salt)
		if err != nil {
			t.Fatal(err)
		}
		if b.typ == event.CardIssued {
			card = event.DeriveID("card", sum)
		}
		steps = append(steps, step{rec: event.Record{Seq: uint64(4000 + i), Event: e, Hash: sum}, at: Own(3, uint64(4000+i))})
	}
	return steps
}

// BenchmarkRegistration folds one registration in memory.
func BenchmarkRegistration(b *testing.B) {
	steps := registration(b)
	b.ReportAllocs()
	for b.Loop() {
		var p Person
		apply(b, &p, steps)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(steps)), "ns/event")
}

// BenchmarkStoredRegistration does what the store does: open, apply, keep, for
// every event.
func BenchmarkStoredRegistration(b *testing.B) {
	steps := registration(b)
	b.ReportAllocs()
	for b.Loop() {
		kept := encoded(b, &Person{})
		for i := range steps {
			var p Person
			if err := event.Decode(kept, &p); err != nil {
				b.Fatal(err)
			}
			apply(b, &p, steps[i:i+1])
			kept = encoded(b, &p)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(steps)), "ns/event")
}

func finished(b *testing.B) (Person, []byte) {
	var p Person
	apply(b, &p, registration(b))
	return p, encoded(b, &p)
}

func BenchmarkEncode(b *testing.B) {
	p, raw := finished(b)
	b.ReportAllocs()
	for b.Loop() {
		encoded(b, &p)
	}
	b.ReportMetric(float64(len(raw)), "bytes/state")
}

func BenchmarkDecode(b *testing.B) {
	_, raw := finished(b)
	b.ReportAllocs()
	for b.Loop() {
		var p Person
		if err := event.Decode(raw, &p); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(raw)), "bytes/state")
}
