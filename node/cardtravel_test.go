package node_test

import (
	"context"
	"crypto/ed25519"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"simpul/node/card/sign"
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/sync/event"
)

// signedCard is what the QR of a member's card says, made as the card is drawn; forged changes what is said first.
func signedCard(t *testing.T, n *nodetest.Node, id library.ID, forged func(*sign.Claims)) string {
	t.Helper()
	p, err := n.Store.Person(t.Context(), event.ID(id))
	if err != nil {
		t.Fatal(err)
	}
	seed, err := n.Store.Secret(t.Context(), "issuer")
	if err != nil {
		t.Fatal(err)
	}
	c := p.Card()
	claims := sign.Claims{Number: c.Number, Name: p.Get(event.FieldName), Branch: n.Desk.Settings().Name, Kind: c.Kind,
		Issued: c.From, Expires: c.Until, Revocation: sign.RevocationOf(c.ID)}
	if forged != nil {
		forged(&claims)
	}
	text, err := sign.Sign(ed25519.NewKeyFromSeed(seed), claims)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func look(t *testing.T, n *nodetest.Node, text string) desk.CheckedCard {
	t.Helper()
	c, err := n.Desk.CheckCard(context.Background(), n.Officer, text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestACardIsProvenAtEveryBranch, offline, after one exchange: those printed before joining, those printed since, and the
// centre's own; blocked and revoked ones are refused in the same way.
func TestACardIsProvenAtEveryBranch(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	genteng, rogojampi := nodetest.Start(t), nodetest.Start(t)
	ctx := context.Background()
	early := member(t, genteng, "Budi Rekaan", "3510011708900001")
	central := member(t, centre, "Dewi Rekaan", "3510015708920003")
	letIn(t, centre, genteng, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	letIn(t, centre, rogojampi, office.CodeInput{Name: "Perpustakaan Rogojampi", Role: library.NodeBranch})
	later := member(t, genteng, "Cici Rekaan", "3510015708920002")
	texts := map[string]string{"printed before joining": signedCard(t, genteng, early, nil), "printed since": signedCard(t, genteng, later, nil)}
	for name, text := range texts {
		if c := look(t, rogojampi, text); c.Outcome != desk.CardUnknownIssuer || c.Proven {
			t.Errorf("%s, before an exchange: %+v", name, c)
		}
		if c := look(t, genteng, text); c.Outcome != desk.CardValid || c.Record == nil {
			t.Errorf("%s, at home: %+v", name, c)
		}
	}
	send(t, genteng)
	send(t, rogojampi)
	for name, text := range texts {
		if c := look(t, rogojampi, text); c.Outcome != desk.CardValid || !c.Proven || c.Issuer != "Perpustakaan Genteng" || c.Home != "Perpustakaan Genteng" ||
			c.Name == "" || c.Record != nil || !c.ListKnown || c.ListStale {
			t.Errorf("%s, after one: %+v", name, c)
		}
	}
	if c := look(t, rogojampi, signedCard(t, centre, central, nil)); c.Outcome != desk.CardValid || c.Issuer != centre.Desk.Settings().Name {
		t.Errorf("of the centre: %+v", c)
	}
	number := string(look(t, genteng, texts["printed since"]).Number)
	if c := look(t, rogojampi, number); c.Outcome != desk.CardRegistered || c.Proven || c.Held != "Cici Rekaan" || c.Home != "Perpustakaan Genteng" {
		t.Errorf("the bare number: %+v", c)
	}
	spoiled := []byte(texts["printed since"])
	spoiled[len(spoiled)-20] = 'A' + (spoiled[len(spoiled)-20]-'A'+1)%20
	if c := look(t, rogojampi, string(spoiled)); c.Outcome != desk.CardForged {
		t.Errorf("forged: %+v", c)
	}

	if _, err := genteng.Desk.Block(ctx, genteng.Officer, nodetest.Op(t), later, "lost", ""); err != nil {
		t.Fatal(err)
	}
	send(t, genteng)
	send(t, rogojampi)
	if c := look(t, rogojampi, texts["printed since"]); c.Outcome != desk.CardBlocked {
		t.Errorf("blocked at home: %+v", c)
	}

	thief := signedCard(t, genteng, later, func(c *sign.Claims) { c.Revocation = sign.Revocation{6, 6, 6} })
	if c := look(t, rogojampi, thief); c.Outcome != desk.CardValid || c.Why != sign.WhyOtherCard {
		t.Errorf("with the key, while it is trusted: %+v", c)
	}
	nodes, err := centre.Office.Nodes(ctx, centre.Officer)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes {
		if n.Name != "Perpustakaan Genteng" {
			continue
		}
		if _, err := centre.Office.Revoke(ctx, centre.Officer, nodetest.Op(t), n.ID, office.RevokeInput{Reason: "lost"}); err != nil {
			t.Fatal(err)
		}
	}
	send(t, rogojampi)
	if c := look(t, rogojampi, texts["printed before joining"]); c.Outcome != desk.CardValid || !c.Proven {
		t.Errorf("the PC is revoked, the card known: %+v", c)
	}
	if c := look(t, rogojampi, thief); c.Outcome != desk.CardBlocked || c.Why != sign.WhyIssuer {
		t.Errorf("the PC is revoked, the card not known: %+v", c)
	}
}

// TestAnExpiredCardOfAnotherBranch: what is known here of its member is as old as the last exchange, and cannot be renewed
// here before the full record has come. The screen says both, and shows a way that does not end.
func TestAnExpiredCardOfAnotherBranch(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	var later atomic.Int64
	start := time.Now()
	genteng, rogojampi := nodetest.Start(t), nodetest.Start(t, nodetest.WithClock(func() time.Time { return time.Now().Add(time.Duration(later.Load())) }),
		nodetest.WithMono(func() time.Duration { return time.Since(start) + time.Duration(later.Load()) }))
	letIn(t, centre, genteng, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	letIn(t, centre, rogojampi, office.CodeInput{Name: "Perpustakaan Rogojampi", Role: library.NodeBranch})
	id := member(t, genteng, "Budi Rekaan", "3510011708900001")
	text := signedCard(t, genteng, id, nil)
	send(t, genteng)
	send(t, rogojampi)
	officer := rogojampi.SignedIn(t)
	valid := officer.Submit(officer.Get("/kartu/periksa"), "/kartu/periksa", url.Values{"code": {text}})
	links := regexp.MustCompile(`<a class="button" href="([^"]+)"`).FindAllStringSubmatch(valid.Body, -1)
	if len(links) == 0 {
		t.Errorf("it leads nowhere: %s", valid.Text())
	}
	for _, link := range links {
		if p := officer.Get(link[1]); p.Status != http.StatusOK || !p.Has("Budi Rekaan") {
			t.Errorf("while it is in force, %s leads to %d %s", link[1], p.Status, p.Text())
		}
	}
	later.Store(int64(4 * 366 * 24 * time.Hour))
	officer = rogojampi.SignedIn(t)
	for name, code := range map[string]string{"QR": text, "number": string(look(t, rogojampi, text).Number)} {
		p := officer.Submit(officer.Get("/kartu/periksa"), "/kartu/periksa", url.Values{"code": {code}})
		if p.Status != http.StatusOK || !p.Has("asa berlaku habis") || !p.Has("Perpustakaan Genteng") || !p.Has("mungkin sudah diperpanjang") {
			t.Errorf("%s: %d %s", name, p.Status, p.Text())
		}
		if strings.Contains(p.Body, "/perpanjang") {
			t.Errorf("%s: leads to renewing what is not here", name)
		}
		if open := "/anggota/" + id.String(); !strings.Contains(p.Body, `href="`+open+`"`) || officer.Get(open).Status != http.StatusOK {
			t.Errorf("%s: no way to the member's page", name)
		}
	}
}

// TestACardThatWasBlockedAndRenewed: what other branches answer follows what its home did, and the printed card stays the card.
func TestACardThatWasBlockedAndRenewed(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	genteng, rogojampi := nodetest.Start(t), nodetest.Start(t)
	letIn(t, centre, genteng, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	letIn(t, centre, rogojampi, office.CodeInput{Name: "Perpustakaan Rogojampi", Role: library.NodeBranch})
	id := member(t, genteng, "Budi Rekaan", "3510011708900001")
	text := signedCard(t, genteng, id, nil)
	told := func(what string, want desk.CardOutcome) desk.CheckedCard {
		t.Helper()
		send(t, genteng)
		send(t, rogojampi)
		c := look(t, rogojampi, text)
		if home := look(t, genteng, text); c.Outcome != want || home.Outcome != want {
			t.Errorf("%s: %s elsewhere, %s at home", what, c.Outcome, home.Outcome)
		}
		return c
	}
	told("issued", desk.CardValid)
	if _, err := genteng.Desk.Block(t.Context(), genteng.Officer, nodetest.Op(t), id, "misuse", ""); err != nil {
		t.Fatal(err)
	}
	told("blocked", desk.CardBlocked)
	if _, err := genteng.Desk.Unblock(t.Context(), genteng.Officer, nodetest.Op(t), id, "sudah selesai"); err != nil {
		t.Fatal(err)
	}
	told("unblocked", desk.CardValid)
	if _, err := genteng.Desk.Renew(t.Context(), genteng.Officer, nodetest.Op(t), id, ""); err != nil {
		t.Fatal(err)
	}
	if c := told("renewed", desk.CardValid); c.Until.Compare(c.Printed) <= 0 {
		t.Errorf("the printed card says %s, and it is in force until %s", c.Printed, c.Until)
	}
}
