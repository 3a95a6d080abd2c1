package sign_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"simpul/node/card/sign"
	"simpul/node/library"
)

func numberOf(t testing.TB, code, serial int) string {
	t.Helper()
	n, err := library.NewMemberNumber(code, 2026, 0, serial)
	if err != nil {
		t.Fatal(err)
	}
	return string(n)
}

// TestAnswers is the table of what is said about a card.
func TestAnswers(t *testing.T) {
	card := signed(t, keyOf("genteng"), ayu())
	foreign := ayu()
	foreign.Number = "JKT-2019-00017"
	home := genteng()
	other := home
	other.Codes = []int{77, 78}
	moved := home
	moved.Codes = []int{77, 14}
	revoked := home
	revoked.Revoked = true
	known := sign.Known{Card: ayu().Revocation, Until: day + threeYear}
	with := func(change func(*sign.Known)) []sign.Known { k := known; change(&k); return []sign.Known{k} }

	tests := map[string]struct {
		text    string
		issuers []sign.Issuer
		blocked []sign.Revocation
		own     *sign.Issuer
		known   []sign.Known
		today   int64
		blind   bool
		want    sign.Outcome
		why     sign.Why
		proven  bool
	}{
		"of a trusted issuer":            {text: card, issuers: []sign.Issuer{home}, want: sign.Valid, proven: true},
		"of this node, not enrolled":     {text: card, own: &home, want: sign.Valid, proven: true},
		"the last day":                   {text: card, own: &home, today: day + threeYear, want: sign.Valid, proven: true},
		"the day after":                  {text: card, own: &home, today: day + threeYear + 1, want: sign.Expired, proven: true},
		"renewed without a new card":     {text: card, own: &home, today: day + threeYear + 1, known: with(func(k *sign.Known) { k.Until += 365 }), want: sign.Valid, proven: true},
		"shortened":                      {text: card, own: &home, today: day + 9, known: with(func(k *sign.Known) { k.Until = day + 8 }), want: sign.Expired, proven: true},
		"nobody's key":                   {text: card, want: sign.UnknownIssuer, why: sign.WhyKey},
		"blocked by the list":            {text: card, issuers: []sign.Issuer{home}, blocked: []sign.Revocation{ayu().Revocation}, want: sign.Blocked, proven: true},
		"another is blocked":             {text: card, issuers: []sign.Issuer{home}, blocked: []sign.Revocation{cardOf("bima")}, want: sign.Valid, proven: true},
		"blocked here":                   {text: card, issuers: []sign.Issuer{home}, known: with(func(k *sign.Known) { k.Blocked = true }), want: sign.Blocked, proven: true},
		"replaced here":                  {text: card, own: &home, known: with(func(k *sign.Known) { k.Replaced = true }), want: sign.Blocked, why: sign.WhyReplaced, proven: true},
		"number of another range":        {text: card, issuers: []sign.Issuer{other}, want: sign.UnknownIssuer, why: sign.WhyNumber},
		"bound by the directory":         {text: card, issuers: []sign.Issuer{other}, known: []sign.Known{known}, want: sign.Valid, proven: true},
		"number of another system":       {text: signed(t, keyOf("genteng"), foreign), issuers: []sign.Issuer{home}, want: sign.UnknownIssuer, why: sign.WhyNumber},
		"revoked key":                    {text: card, issuers: []sign.Issuer{revoked}, want: sign.Blocked, why: sign.WhyIssuer},
		"revoked key, known honest card": {text: card, issuers: []sign.Issuer{revoked}, known: []sign.Known{known}, want: sign.Valid, proven: true},
		"revoked key, another's id":      {text: card, issuers: []sign.Issuer{revoked}, known: with(func(k *sign.Known) { k.Card = cardOf("bima") }), want: sign.Blocked, why: sign.WhyIssuer},
		"revoked key, another system's":  {text: signed(t, keyOf("genteng"), foreign), issuers: []sign.Issuer{revoked}, known: []sign.Known{known}, want: sign.Valid, proven: true},
		"revoked key, directory closed":  {text: card, issuers: []sign.Issuer{revoked}, blind: true, want: sign.UnknownIssuer, why: sign.WhyNumber},
		"revoked key of this very node":  {text: card, issuers: []sign.Issuer{revoked}, own: &home, want: sign.Blocked, why: sign.WhyIssuer},
		"a PC that joined again":         {text: card, issuers: []sign.Issuer{moved}, want: sign.Valid, proven: true},
		"the number is another card's":   {text: card, own: &home, known: with(func(k *sign.Known) { k.Card = cardOf("bima") }), want: sign.Valid, why: sign.WhyOtherCard, proven: true},

		"bare number":            {text: ayu().Number, own: &home, known: []sign.Known{known}, want: sign.Registered},
		"bare number, nobody":    {text: ayu().Number, own: &home, want: sign.Unregistered},
		"bare number, blocked":   {text: ayu().Number, known: with(func(k *sign.Known) { k.Blocked = true }), want: sign.Blocked},
		"bare number, by list":   {text: ayu().Number, issuers: []sign.Issuer{home}, blocked: []sign.Revocation{ayu().Revocation}, known: []sign.Known{known}, want: sign.Blocked},
		"bare number, replaced":  {text: ayu().Number, known: with(func(k *sign.Known) { k.Replaced = true }), want: sign.Blocked, why: sign.WhyReplaced},
		"bare number, expired":   {text: ayu().Number, today: day + 4000, known: []sign.Known{known}, want: sign.Expired},
		"bare number, two cards": {text: ayu().Number, known: append(with(func(k *sign.Known) { k.Replaced = true }), known), want: sign.Registered},
		"old number":             {text: "JKT-2019-00017", known: []sign.Known{{Old: true}}, want: sign.Registered},
		"nothing":                {text: "", want: sign.Foreign},
		"a link":                 {text: "https://example.com/14260001237", want: sign.Foreign},
		"words":                  {text: "WIFI:S:Perpus;T:WPA;P:rahasia;;", want: sign.Foreign},
		"half a card":            {text: card[:120], own: &home, want: sign.Unreadable},
		"only the prefix":        {text: "KTA1:", own: &home, want: sign.Unreadable},
		"a later format":         {text: "KTA2:" + card[5:], own: &home, want: sign.Newer},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			trust := sign.Trust{Own: tt.own, Today: tt.today, Blind: tt.blind, Find: func(string) ([]sign.Known, error) { return tt.known, nil }}
			if trust.Today == 0 {
				trust.Today = day
			}
			if tt.issuers != nil {
				trust.List = listOf(sign.List{Issuers: tt.issuers, Blocked: tt.blocked})
			}
			got, err := trust.Check(tt.text)
			if err != nil || got.Outcome != tt.want || got.Why != tt.why || got.Proven != tt.proven {
				t.Errorf("got %s %q proven=%v (%v), want %s %q", got.Outcome, got.Why, got.Proven, err, tt.want, tt.why)
			}
		})
	}
}

func TestAFailingDirectoryIsNoAnswer(t *testing.T) {
	lost := errors.New("directory is gone")
	own := genteng()
	trust := sign.Trust{Own: &own, Today: day, Find: func(string) ([]sign.Known, error) { return nil, lost }}
	for _, text := range []string{ayu().Number, signed(t, keyOf("genteng"), ayu())} {
		if _, err := trust.Check(text); !errors.Is(err, lost) {
			t.Errorf("%v", err)
		}
	}
}

// BenchmarkCheck reports the 99th of a hundred checks against a list of a whole district.
func BenchmarkCheck(b *testing.B) {
	l := sign.List{Issuers: []sign.Issuer{genteng()}}
	for i := range 100 {
		l.Issuers = append(l.Issuers, sign.Issuer{Key: public(keyOf(numberOf(b, 1, i))), Name: "Perpustakaan", Codes: []int{i + 100}})
	}
	for i := range 10_000 {
		l.Blocked = append(l.Blocked, cardOf(numberOf(b, 2, i)))
	}
	trust := sign.Trust{List: listOf(l), Today: day}
	text := signed(b, keyOf("genteng"), ayu())
	var took []time.Duration
	for b.Loop() {
		begun := time.Now()
		if a, err := trust.Check(text); err != nil || a.Outcome != sign.Valid {
			b.Fatal(a, err)
		}
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
}
