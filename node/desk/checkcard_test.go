package desk_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"simpul/node/card/sign"
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/sync/event"
	"simpul/sync/merge"
)

func words(key string, _ ...any) string { return key }

// qrOf reads the QR of a member's card as it is drawn.
func qrOf(t testing.TB, n *nodetest.Node, id library.ID) string {
	t.Helper()
	data, err := n.Desk.CardPicture(context.Background(), n.Officer, id, false, words)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	text, err := nodetest.ReadQR(img.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(image.Rect(w*6/10, h/5, w, h*8/10)))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func checked(t testing.TB, n *nodetest.Node, text string) desk.CheckedCard {
	t.Helper()
	c, err := n.Desk.CheckCard(context.Background(), n.Officer, text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestASignedCardLivesItsLife: drawn twice the same, valid, framed by a scanner, renewed, blocked, replaced, expired.
func TestASignedCardLivesItsLife(t *testing.T) {
	clock := nodetest.NewClock(time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC))
	n := nodetest.Start(t, nodetest.WithClock(clock.Now))
	ctx := context.Background()
	id := enrol(t, n, village(t, n, person(1)))
	text := qrOf(t, n, id)
	if !strings.HasPrefix(text, sign.Prefix) || qrOf(t, n, id) != text {
		t.Fatalf("the QR says %q, and then something else", text)
	}
	for _, framed := range []string{text, "]Q1" + text + "\r\n", "\t" + text, strings.ToLower(text)} {
		c := checked(t, n, framed)
		if c.Outcome != desk.CardValid || !c.Proven || c.Name != person(1).Name || c.Person != id || c.Record == nil || c.Record.ID != id {
			t.Fatalf("%q is %+v", framed, c)
		}
	}
	number := string(get(t, n, id).Card.Number)
	if strings.Contains(text, number) || strings.Contains(text, person(1).NIK) {
		t.Error("the text is not encoded")
	}
	if c := checked(t, n, number); c.Outcome != desk.CardRegistered || c.Proven || c.Person != id {
		t.Errorf("the bare number is %+v", c)
	}
	done, err := n.Desk.Block(ctx, n.Officer, nodetest.Op(t), id, "lost", "")
	must(t, done, err)
	if c := checked(t, n, text); c.Outcome != desk.CardBlocked {
		t.Errorf("blocked: %+v", c)
	}
	done, err = n.Desk.Unblock(ctx, n.Officer, nodetest.Op(t), id, "found again")
	must(t, done, err)

	clock.Set(clock.Now().AddDate(4, 0, 0))
	if c := checked(t, n, text); c.Outcome != desk.CardExpired {
		t.Errorf("after four years: %+v", c)
	}
	done, err = n.Desk.Renew(ctx, n.Officer, nodetest.Op(t), id, "")
	must(t, done, err)
	if c := checked(t, n, text); c.Outcome != desk.CardValid || c.Printed.Days() >= c.Until.Days() {
		t.Errorf("renewed, with the old card: %+v", c)
	}
	renewed := qrOf(t, n, id)
	if c := checked(t, n, renewed); renewed == text || c.Outcome != desk.CardValid || c.Printed != c.Until {
		t.Errorf("renewed, with a new print: %+v", c)
	}
	done, err = n.Desk.Replace(ctx, n.Officer, nodetest.Op(t), id, "lost")
	must(t, done, err)
	if c := checked(t, n, text); c.Outcome != desk.CardBlocked || c.Why != sign.WhyReplaced {
		t.Errorf("replaced: %+v", c)
	}
	if c := checked(t, n, qrOf(t, n, id)); c.Outcome != desk.CardValid {
		t.Errorf("the new card: %+v", c)
	}
}

func keyFrom(word string) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte(strings.Repeat(word, 32)[:32]))
}

func public(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

// elsewhere is a card of another branch, PC 015.
func elsewhere(t testing.TB) (text, number string) {
	t.Helper()
	m, err := library.NewMemberNumber(15, 2026, 0, 7)
	if err != nil {
		t.Fatal(err)
	}
	text, err = sign.Sign(keyFrom("rogojampi"), sign.Claims{Number: string(m), Name: "Citra Rekaan", Branch: "Rogojampi", Kind: "umum",
		Issued: 20700, Expires: 40000, Revocation: sign.Revocation{1, 2, 3}})
	if err != nil {
		t.Fatal(err)
	}
	return text, string(m)
}

// TestCardsOfOtherBranches: the centre's decisions make them known; all of it without the vault. A PC that joins keeps
// proving the cards that it printed before, and one that joined again those of both its numbers.
func TestCardsOfOtherBranches(t *testing.T) {
	n := nodetest.Start(t)
	ctx := context.Background()
	text, _ := elsewhere(t)
	if c := checked(t, n, text); c.Outcome != desk.CardUnknownIssuer || c.Proven || c.ListKnown {
		t.Fatalf("before the first exchange: %+v", c)
	}
	mine := qrOf(t, n, enrol(t, n, village(t, n, person(1))))
	own, err := n.Desk.IssuerKey(ctx, n.Officer)
	if err != nil {
		t.Fatal(err)
	}
	centre, there := keyFrom("centre"), event.ID{15}
	n.Told(t, centre, &event.Enrolment{Node: event.ID{14}, Name: "Genteng", Code: 500, Issuer: own},
		&event.Enrolment{Node: there, Name: "Rogojampi", Code: 15, Issuer: public(keyFrom("rogojampi"))})
	if c := checked(t, n, text); c.Outcome != desk.CardValid || c.Issuer != "Rogojampi" || c.Name != "Citra Rekaan" || !c.ListKnown || c.ListStale || c.Record != nil {
		t.Errorf("told of its issuer: %+v", c)
	}
	if c := checked(t, n, mine); c.Outcome != desk.CardValid || !c.Proven {
		t.Errorf("printed before joining, under another code: %+v", c)
	}
	n.Told(t, keyFrom("stranger"), &event.Revocation{Node: there})
	if c := checked(t, n, text); c.Outcome != desk.CardValid {
		t.Errorf("what another centre says: %+v", c)
	}
	n.Told(t, centre, &event.Revocation{Node: there, Reason: "lost"})
	if c := checked(t, n, text); c.Outcome != desk.CardBlocked || c.Why != sign.WhyIssuer || c.Proven {
		t.Errorf("revoked: %+v", c)
	}
	n.Told(t, centre, &event.Enrolment{Node: event.ID{16}, Name: "Rogojampi", Code: 16, Issuer: public(keyFrom("rogojampi"))})
	if c := checked(t, n, text); c.Outcome != desk.CardUnknownIssuer || c.Why != sign.WhyNumber {
		t.Errorf("in again, with another code: %+v", c)
	}
	n.Told(t, centre, &event.Enrolment{Node: event.ID{17}, Name: "Rogojampi", Code: 15, Issuer: public(keyFrom("rogojampi"))},
		&event.Bar{Card: event.ID{1, 2, 3}, Person: event.ID{7}})
	n.Stop()
	again := nodetest.Start(t, nodetest.WithDir(n.Dir))
	if again.Desk.Vault.IsOpen() {
		t.Fatal("the vault is open after a restart")
	}
	if c, err := again.Desk.CheckCard(ctx, n.Officer, text); err != nil || c.Outcome != desk.CardBlocked || !c.Proven {
		t.Errorf("after a restart: %+v %v", c, err)
	}
	if c, err := again.Desk.CheckCard(ctx, n.Officer, mine); err != nil || c.Outcome != desk.CardValid || c.Record != nil || c.Person.IsZero() {
		t.Errorf("a card of this node while the vault is closed: %+v %v", c, err)
	}
}

// TestTheDoorTakesQRAndNumberAlike: the visit is the same; what is no card is refused in words and recorded nowhere.
func TestTheDoorTakesQRAndNumberAlike(t *testing.T) {
	n := nodetest.Start(t)
	ctx := context.Background()
	id := enrol(t, n, village(t, n, person(1)))
	text, number := qrOf(t, n, id), string(get(t, n, id).Card.Number)
	in := func(code string) desk.VisitInput { return desk.VisitInput{Kind: merge.VisitMember, Number: code} }
	first, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), in(text+"\r"))
	if err != nil || !first.Known || first.Name != person(1).Name {
		t.Fatalf("by QR: %+v %v", first, err)
	}
	second, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), in(number))
	if err != nil || !second.Again || second.ID != first.ID {
		t.Errorf("by number, at once: %+v %v", second, err)
	}
	if r, err := n.Desk.Scan(ctx, n.Officer, text); err != nil || r.ID != id {
		t.Errorf("at the desk: %v %v", r.ID, err)
	}
	other, _ := elsewhere(t)
	if g, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), in(other)); err != nil || g.Known {
		t.Errorf("of another branch: %+v %v", g, err)
	}
	forged := []byte(text)
	forged[len(forged)-20] = 'A' + (forged[len(forged)-20]-'A'+1)%20
	for key, code := range map[string]string{
		"problem.card.forged": string(forged), "problem.card.unreadable": text[:90], "problem.card.newer": "KTA7:" + text[5:], "problem.card.foreign": "https://example.com/1",
	} {
		_, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), in(code))
		var e *library.Error
		if !errors.As(err, &e) || len(e.Problems) != 1 || e.Problems[0].Key != key {
			t.Errorf("%s: %v", key, err)
		}
	}
	n.Desk.Vault.Close()
	if g, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), in(text)); err != nil || !g.Sealed {
		t.Errorf("while the vault is closed: %+v %v", g, err)
	}
}

// TestACardWithoutRoomForASignature: what may be a NIK is never signed, nor what a signature cannot hold.
func TestACardWithoutRoomForASignature(t *testing.T) {
	n := nodetest.Start(t)
	id := enrol(t, n, village(t, n, person(1)))
	p, err := n.Store.Person(context.Background(), event.ID(id))
	if err != nil {
		t.Fatal(err)
	}
	for _, number := range []string{"3510110705980001", strings.Repeat("9", 40), "014é"} {
		p.Cards[0].Number = number
		if qr, err := n.Desk.SignedFor(context.Background(), p); err != nil || qr != nil {
			t.Errorf("%s: %q %v", number, qr, err)
		}
	}
}

func TestWhoMayCheckCards(t *testing.T) {
	n := nodetest.Start(t)
	if _, err := n.Desk.CheckCard(context.Background(), desk.Kiosk, "x"); library.KindOf(err) != library.KindForbidden {
		t.Errorf("the kiosk: %v", err)
	}
	if _, err := n.Desk.CheckCard(context.Background(), n.Officer, " \r\n"); library.KindOf(err) != library.KindInvalid {
		t.Errorf("nothing: %v", err)
	}
	c, err := n.Desk.CheckCard(context.Background(), desk.System, "014260001237")
	if err != nil || c.Outcome != desk.CardUnregistered {
		t.Errorf("nobody's number: %+v %v", c, err)
	}
}
