package event

import (
	"bytes"
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// sample is a made-up body with every field filled, and a generator of others.
type sample struct {
	body any
	draw func(*rapid.T) any
}

func of[T any](body T) sample {
	return sample{body, func(t *rapid.T) any { return rapid.Make[T]().Draw(t, "body") }}
}

// id and sum are recognisable in a hex dump.
func id(b byte) (out ID) {
	for i := range out {
		out[i] = b
	}
	return out
}

func sum(b byte) (out Hash) {
	for i := range out {
		out[i] = b
	}
	return out
}

var (
	reason = of(Reason{Key: "document-missing", Note: "KTP tertinggal di rumah"})
	mark   = of(CardMark{Card: id(0xc1), Reason: "lost", Note: "jatuh di pasar", Printer: "Laser kantor"})
	photo  = of(Photo{Card: sum(0xf1), Record: sum(0xf2), Source: "webcam", Reason: "clearer"})
	card   = of(Card{Number: "640180070000124", Kind: "umum", From: 20700, Until: 21795, Old: id(0xc0), Reason: "damaged"})
	facts  = of(OfficerFacts{Login: "sri", Name: "Sri Wahyuni Maulida", Role: "officer", Inactive: true, Active: true})
	line   = Visit{
		Kind: "group", At: 1790000000123, Purpose: "read", Stop: "Desa Muara Kaca", Number: "990000000017", Name: "Jarot Pelangi",
		Birth: "08-17", Sex: "L", AgeGroup: "19-24", Education: "sma", Occupation: "student", Origin: "64.99",
		Institution: "SDN 901 Muara Kaca", Phone: "080000000001", Men: 3, Women: 12,
		Levels: map[string]int{"sd": 10, "sma": 2, "s1": 3}, Late: true, Kiosk: true, Extra: map[string]string{"bus": "2", "a": "b"},
		Person: id(0xa7),
	}
	form = Fields{
		FieldIdentity: "ktp", FieldNIK: "0000000000000001", FieldIdentityNumber: "X0000001", FieldName: "Jarot Pelangi",
		FieldBirthPlace: "Muara Kaca", FieldBirth: "2004-08-17", FieldSex: "L", FieldAddress: "Jl. Contoh 1", FieldRT: "001",
		FieldRW: "002", FieldVillage: "Muara Kaca", FieldDistrict: "Kaca", FieldRegency: "Contoh", FieldPhone: "080000000001",
		FieldEmail: "jarot@contoh.invalid", FieldEducation: "sma", FieldOccupation: "student", FieldInstitution: "SMAN 900",
		FieldMemberKind: "umum", FieldGuardianName: "Ratih Pelangi", FieldGuardianRelation: "mother",
		FieldGuardianPhone: "080000000002", FieldGuardianDocument: "ktp", FieldStop: "Muara Kaca",
	}
)

// samples has one body for every type; a type without one fails the tests.
var samples = map[Type]sample{
	StreamOpened: of(StreamOpening{Generation: 3, Previous: id(0x51), PreviousSeq: 4711, PreviousHead: sum(0x52),
		Reason: "restored", Incarnation: 8}),
	NodeConfigured: of(NodeConfig{Role: "van", Name: "Perpustakaan Keliling Contoh", Code: 907}),
	SettingChanged: of(Setting{Key: "opening.hours", Value: "08.00–15.30"}),

	OfficerAdded:         facts,
	OfficerChanged:       facts,
	OfficerSecretChanged: of(OfficerSecret{How: "recovery"}),

	VisitRecorded:  of(line),
	VisitCorrected: of(VisitCorrection{Visit: id(0xa1), Reason: "wrong-kind", Void: true, Person: id(0xa2), Body: &line}),

	RegistrationOpened: of(Opening{Source: "class", Visit: id(0xa1), Class: id(0xa3), Arrived: 1790000000000, Day: 20717,
		Untimed: true, Sibling: id(0xa4), Fields: Fields{FieldName: "Jarot Pelangi", FieldStop: "Muara Kaca"}}),
	RegistrationIdentified: of(Identification{Kind: "ktp", Explained: true}),
	ConsentGiven: of(Consent{Purpose: "membership", Version: "2026-1", TextHash: sum(0x7e), By: "guardian",
		How: "paper", Refused: true}),
	RegistrationFilled: of(Filling{Fields: form, By: "companion", Confirmed: map[string]string{"nik-birth": "KTP lama", "age": "benar"}, Seen: true}),
	RegistrationVerified: of(Verification{Document: "ktp", Checked: []Field{FieldName, FieldBirth, FieldStop},
		NotBorne: []Field{FieldPhone, FieldEmail}, Corrected: Fields{FieldName: "Jarot Pelangi Senja"},
		Confirmed: map[string]string{"nik-birth": "KTP lama"}}),
	RegistrationSentBack:  reason,
	RegistrationRefused:   of(Refusal{Requirement: "residence", Note: "alamat di luar wilayah", Step: 4}),
	RegistrationReopened:  reason,
	RegistrationWithdrawn: reason,
	RegistrationLapsed:    reason,
	RegistrationPaused:    reason,
	RegistrationResumed:   reason,
	RegistrationRouted:    of(Routing{Branch: id(0xa6)}),
	RegistrationCompared:  of(Comparison{Other: id(0xa5), Same: true, Note: "kartu lama ada"}),

	PhotoAttached: photo,
	PhotoDeclined: reason,
	PhotoDeferred: reason,
	PhotoErased:   photo,

	CardIssued:     card,
	CardHandedOver: of(HandOver{Card: id(0xc1), To: "guardian", How: "print", Name: "Ratih Pelangi", Day: 20718}),
	CardReplaced:   card,
	CardBlocked:    mark,
	CardUnblocked:  of(CardRelease{Card: id(0xc1), Blocks: []Hash{sum(0xb1), sum(0xb2)}, Reason: "found"}),
	CardPrinted:    mark,

	MemberCorrected: of(Correction{Fields: Fields{FieldAddress: "Jl. Contoh 2", FieldPhone: ""}, Reason: "moved",
		Confirmed: map[string]string{"phone": "tidak punya"}}),
	MemberRenewed:   of(Renewal{From: 21795, Until: 22890, Kind: "umum"}),
	MemberAliased:   of(Alias{System: "old-catalogue", Number: "A-000-17"}),
	RecordViewed:    reason,
	ErasureAsked:    of(ErasureWish{Reason: "request", By: "guardian", Identity: "ktp", Note: "pindah ke luar negeri"}),
	ErasureDeclined: of(ErasureReply{Wishes: []Hash{sum(0xe1), sum(0xe2)}, Reason: "unidentified", Note: "minta datang lagi"}),

	ClassOpened: of(Class{School: "SDN 901 Muara Kaca", Stop: "Muara Kaca", Name: "5B", Day: 20717,
		Fields: Fields{FieldInstitution: "SDN 901 Muara Kaca", FieldVillage: "Muara Kaca"}}),
	ClassClosed: reason,

	StreamAdmitted: of(Admission{Stream: id(0x57), First: 7, Last: 12, Node: id(0x0d), Rank: 1 << 20, Received: 1790000900123,
		Offset: -3600000, Boot: 0xb007b007, Mono: 86400999, Floor: 1789990000000, Ceiling: 1789999000000}),
	DecisionMade: of(Ruling{Bytes: []byte{0x84, 1, 2, 0x40, 0xa0}, Signature: bytes.Repeat([]byte{0x5e}, 64)}),
}

func TestSamplesFillEveryField(t *testing.T) {
	for _, typ := range Types() {
		s, ok := samples[typ]
		if !ok {
			t.Errorf("%s has no sample", typ)
			continue
		}
		if want := reflect.TypeOf(types[typ].body()).Elem(); reflect.TypeOf(s.body) != want {
			t.Errorf("%s: sample is %T, the body is %v", typ, s.body, want)
		}
		v := reflect.ValueOf(s.body)
		for i := range v.NumField() {
			if v.Field(i).IsZero() {
				t.Errorf("%s: sample leaves %s empty", typ, v.Type().Field(i).Name)
			}
		}
	}
}
