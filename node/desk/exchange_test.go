package desk_test

import (
	"bytes"
	"context"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
)

// TestAPCThatIsAloneSaysSo: no badge, no receipts, and everything would be lost with it.
func TestAPCThatIsAloneSaysSo(t *testing.T) {
	n := nodetest.Start(t)
	ctx := context.Background()
	member := enrol(t, n, village(t, n, person(1)))
	e, err := n.Desk.Exchange(ctx, n.Officer)
	if err != nil || e.State != desk.ExchangeAlone || e.Centre != "" {
		t.Errorf("%+v, %v", e, err)
	}
	if r, err := n.Desk.ReceiptOf(ctx, n.Officer, member); err != nil || r != "" {
		t.Errorf("a receipt %q of no centre, %v", r, err)
	}
	if l, err := n.Desk.Leftovers(ctx, n.Officer); err != nil || l.Safe() || l.NotReceived == 0 {
		t.Errorf("%+v, %v", l, err)
	}
	if err := n.Desk.SendNow(ctx, n.Officer); library.KindOf(err) != library.KindConflict {
		t.Errorf("sends to nobody: %v", err)
	}
	if _, err := n.Desk.Exchange(ctx, desk.Kiosk); library.KindOf(err) != library.KindForbidden {
		t.Errorf("the kiosk may know: %v", err)
	}
	slip, err := n.Desk.DaySlip(ctx, n.Officer, n.Desk.Today())
	if err != nil || slip.Registered != 1 || slip.Head < 5 || len(slip.Mark) != 16 || slip.Unsent != slip.Head {
		t.Errorf("%+v, %v", slip, err)
	}
	var pdf bytes.Buffer
	words := desk.DaySlipWords{Say: func(key string, _ ...any) string { return key }, DayText: "Senin", Printed: "x", Officer: "Siti"}
	if err := n.Desk.PrintDaySlip(ctx, n.Officer, &pdf, n.Desk.Today(), words); err != nil || !bytes.HasPrefix(pdf.Bytes(), []byte("%PDF")) {
		t.Errorf("slip: %v", err)
	}
}

// TestAPCThatJoinedSaysWhatItHasNotSent.
func TestAPCThatJoinedSaysWhatItHasNotSent(t *testing.T) {
	centre, n := nodetest.Start(t, nodetest.As(library.NodeCentre)), nodetest.Start(t)
	ctx := context.Background()
	n.Desk.Gate = &line{centre: centre}
	member := enrol(t, n, village(t, n, person(1)))
	j, err := n.Desk.StartJoin(ctx, n.Officer, invite(t, centre, office.CodeInput{Name: "Genteng", Role: library.NodeBranch}), "")
	if err != nil {
		t.Fatal(err)
	}
	approveOnly(t, centre, j.Check)
	if _, err := n.Desk.AskJoin(ctx, n.Officer); err != nil {
		t.Fatal(err)
	}
	e, err := n.Desk.Exchange(ctx, n.Officer)
	if err != nil || e.State != desk.ExchangeWaiting || e.Waiting == 0 || e.Oldest.IsZero() || !e.Succeeded.IsZero() {
		t.Errorf("%+v, %v", e, err)
	}
	if r, err := n.Desk.ReceiptOf(ctx, n.Officer, member); err != nil || r != desk.ReceiptHere {
		t.Errorf("%q, %v", r, err)
	}
	if list, err := n.Desk.Notices(ctx, n.Officer, 10); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}
