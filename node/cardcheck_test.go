package node_test

import (
	"context"
	"crypto/ed25519"
	"os"
	"testing"

	"simpul/node"
	"simpul/node/card/sign"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/sync/event"
)

// TestCardCheckExitCodes: a script that lets people in by the exit code lets in genuine cards only.
func TestCardCheckExitCodes(t *testing.T) {
	n := nodetest.Start(t)
	centre, other := ed25519.NewKeyFromSeed(make([]byte, 32)), ed25519.NewKeyFromSeed([]byte("a branch elsewhere, of PC 015...")[:32])
	number, err := library.NewMemberNumber(15, 2026, 0, 7)
	if err != nil {
		t.Fatal(err)
	}
	card := func(c sign.Claims) string {
		c.Number, c.Name, c.Issued = string(number), "Citra Rekaan", 20_000
		text, err := sign.Sign(other, c)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	good := card(sign.Claims{Expires: 40_000})
	n.Told(t, centre, &event.Enrolment{Node: event.ID{15}, Name: "Rogojampi", Code: 15, Issuer: other.Public().(ed25519.PublicKey)},
		&event.Bar{Card: event.ID{9}, Person: event.ID{1}})
	n.Stop()
	for name, tt := range map[string]struct {
		text string
		want int
	}{
		"genuine": {good, 0}, "expired": {card(sign.Claims{Expires: 20_001}), 7}, "blocked": {card(sign.Claims{Expires: 40_000, Revocation: sign.Revocation{9}}), 7},
		"bare number": {string(number), 9}, "half": {good[:60], 9}, "link": {"https://example.com", 9}, "nothing": {"", 2},
	} {
		args := []string{"simpul", "card", "check", "--data", n.Dir, "--log-level", "error", tt.text}
		if got := node.Main(context.Background(), args, os.DirFS("..")); got != tt.want {
			t.Errorf("%s: exit code %d, want %d", name, got, tt.want)
		}
	}
}
