package office_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/node/store"
	"simpul/sync/event"
)

// registered counts the cards, so that no two have one number.
var registered atomic.Int64

// register puts somebody through all steps at the centre's own counter.
func register(t *testing.T, n *nodetest.Node, name, nik, birth string) library.ID {
	t.Helper()
	var id event.ID
	step := func(typ event.Type, body any) event.Record {
		var rec event.Record
		_, err := n.Store.Write(context.Background(), event.ID{}, func(tx *store.Tx) error {
			var err error
			if typ.Origin() {
				if id, err = tx.NewSubject(); err != nil {
					return err
				}
			}
			rec, err = tx.Append(store.Draft{Type: typ, Subject: id, Officer: event.ID(n.Officer.Officer), Body: body})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return rec
	}
	step(event.RegistrationOpened, &event.Opening{Source: "desk"})
	step(event.RegistrationIdentified, &event.Identification{Kind: "ktp", Explained: true})
	step(event.RegistrationFilled, &event.Filling{By: "officer", Fields: event.Fields{event.FieldName: name, event.FieldNIK: nik, event.FieldBirth: birth, event.FieldSex: "L"}})
	step(event.RegistrationVerified, &event.Verification{Document: "ktp"})
	step(event.PhotoDeclined, &event.Reason{})
	card := step(event.CardIssued, &event.Card{Number: fmt.Sprintf("014268%06d", registered.Add(1)), Kind: "umum", From: 20000, Until: 29000})
	step(event.CardHandedOver, &event.HandOver{Card: event.DeriveID("card", card.Hash), To: "self", How: "print"})
	return library.ID(id)
}

func TestACaseIsMergedAndSplit(t *testing.T) {
	n, _ := centre(t)
	ctx := context.Background()
	one := register(t, n, "Budi Rekaan", "3510010101900001", "1990-01-01")
	other := register(t, n, "Budiman Rekaan", "3510010101900001", "1990-01-01")
	list, all, err := n.Office.Cases(ctx, n.Officer, office.CaseOpen)
	if err != nil || all != 1 || len(list) != 1 || list[0].Names == [2]string{} || list[0].Branches[0] != n.Desk.Settings().Name {
		t.Fatalf("%+v, %d, %v", list, all, err)
	}
	if w, err := n.Office.Waiting(ctx, n.Officer); err != nil || w.Cases != 1 || w.All() != 1 {
		t.Errorf("%+v, %v", w, err)
	}
	twice := desk.Notice{Kind: store.NoticeTwice, Detail: one.String() + " " + other.String()}
	if holders, is, err := n.Office.Twice(ctx, n.Officer, twice); err != nil || !is || len(holders) != 2 || holders[0].Name != "Budi Rekaan" || holders[1].ID != other {
		t.Errorf("%+v, %t, %v", holders, is, err)
	}
	sides, err := n.Office.Case(ctx, n.Officer, one, other)
	if err != nil || len(sides.Lines) == 0 {
		t.Fatalf("%+v, %v", sides, err)
	}
	for _, l := range sides.Lines {
		if (l.Field == "name") != l.Differs {
			t.Errorf("%s differs: %t", l.Field, l.Differs)
		}
	}
	if _, err := n.Office.Merge(ctx, desk.Actor{Role: library.RoleOfficer}, nodetest.Op(t), one, other, ""); library.KindOf(err) != library.KindForbidden {
		t.Errorf("an officer merges: %v", err)
	}
	if _, err := n.Office.Merge(ctx, n.Officer, nodetest.Op(t), one, other, "orang yang sama"); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Office.Merge(ctx, n.Officer, nodetest.Op(t), one, other, ""); library.KindOf(err) != library.KindConflict {
		t.Errorf("merged twice: %v", err)
	}
	if n.Store.Survivor(event.ID(other)) != event.ID(one) {
		t.Error("the absorbed id is not another name of the survivor")
	}
	list, _, err = n.Office.Cases(ctx, n.Officer, office.CaseMerged)
	if err != nil || len(list) != 1 || list[0].Merging == "" {
		t.Fatalf("%+v, %v", list, err)
	}
	if _, err := n.Office.Split(ctx, n.Officer, nodetest.Op(t), list[0].Merging, "kakak beradik"); err != nil {
		t.Fatal(err)
	}
	if n.Store.Survivor(event.ID(other)) != event.ID(other) {
		t.Error("a split leaves them one")
	}
}

func TestAPersonIsErased(t *testing.T) {
	n, _ := centre(t)
	ctx := context.Background()
	id := register(t, n, "Cici Rekaan", "3510010101920007", "1992-01-01")
	if _, err := n.Office.Erase(ctx, n.Officer, nodetest.Op(t), id, office.EraseInput{}); library.KindOf(err) != library.KindInvalid {
		t.Errorf("without a reason: %v", err)
	}
	op := nodetest.Op(t)
	for range 2 {
		if _, err := n.Office.Erase(ctx, n.Officer, op, id, office.EraseInput{Reason: "request"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := n.Store.Person(ctx, event.ID(id)); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the record is there: %v", err)
	}
	if totals, err := n.Office.Totals(ctx, n.Officer); err != nil || totals.Members != 1 {
		t.Errorf("reports no longer count the member: %+v, %v", totals, err)
	}
	if found, _, err := n.Desk.Find(ctx, n.Officer, "Cici", 5, desk.Everyone); err != nil || len(found) != 0 {
		t.Errorf("found by name: %+v, %v", found, err)
	}
	if _, err := n.Office.Erase(ctx, n.Officer, nodetest.Op(t), nodetest.Op(t), office.EraseInput{Reason: "request"}); library.KindOf(err) != library.KindNotFound {
		t.Errorf("somebody who is not: %v", err)
	}
}

func TestTheListOfALostPC(t *testing.T) {
	n, _ := centre(t)
	ctx := context.Background()
	pc := newAsker(t, newCode(t, n, office.CodeInput{Name: "Genteng", Role: library.NodeBranch}).Text, 31)
	if _, err := n.Office.Join(ctx, pc.ask); err != nil {
		t.Fatal(err)
	}
	asking, err := n.Office.Pending(ctx, n.Officer)
	if err != nil {
		t.Fatal(err)
	}
	done, err := n.Office.Approve(ctx, n.Officer, nodetest.Op(t), asking[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	var csv bytes.Buffer
	count, err := n.Office.WritePeople(ctx, n.Officer, done.ID, &csv)
	if err != nil || count != 0 || !strings.Contains(csv.String(), "nomor_anggota;nama") {
		t.Errorf("%d, %q, %v", count, csv.String(), err)
	}
	if _, err := n.Office.HeldBy(ctx, n.Officer, nodetest.Op(t), 10); library.KindOf(err) != library.KindNotFound {
		t.Errorf("of a PC that is none: %v", err)
	}
}
