package desk_test

import (
	"crypto/ed25519"
	"testing"

	"simpul/node/desk"
	"simpul/node/nodetest"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// A member of another branch is greeted by name at this door, and the visit is
// theirs; the person's record stays where it is.
func TestAMemberOfAnotherBranchIsKnownAtTheDoor(t *testing.T) {
	n := nodetest.Start(t)
	ctx := t.Context()
	member, card := event.ID{7}, event.ID{8}
	body, err := event.Encode(wire.Entry{Name: "Sulastri Buatan", Home: 27, Kind: "umum", Until: 40000, Tag: 0xffff,
		Cards: []wire.EntryCard{{ID: card, Number: "027260012345"}}})
	if err != nil {
		t.Fatal(err)
	}
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	if _, err := n.Store.Write(ctx, event.ID{}, func(tx *store.Tx) error {
		return tx.SaveEnrolment(store.Enrolled{Node: event.ID{1}, Key: key, Centre: key.Public().(ed25519.PublicKey), Tags: wire.TagKey{Key: make([]byte, 32)}, Epoch: event.ID{2}})
	}); err != nil {
		t.Fatal(err)
	}
	row := wire.Row{Kind: wire.EntryRow, Key: member[:], Pos: 1, Body: body}
	if err := n.Store.AbsorbBundle(ctx, nil, &wire.Answer{Epoch: event.ID{2}, Pages: []wire.Page{{Partition: wire.Directory, To: 1, Sum: row.Sum(), Rows: []wire.Row{row}}}}); err != nil {
		t.Fatal(err)
	}
	in := desk.VisitInput{Kind: "member", Number: "027260012345"}
	g, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), in)
	if err != nil || !g.Known || g.Name != "Sulastri Buatan" || g.Blocked || g.Expired {
		t.Fatalf("the kiosk says %+v, %v", g, err)
	}
	if again, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), in); err != nil || !again.Again {
		t.Errorf("the same card within a minute: %+v, %v", again, err)
	}
	v, err := n.Store.Visit(ctx, event.ID(g.ID))
	if err != nil || v.Person.Value != member || v.Subject == member || v.Line.Value.Number != "" {
		t.Errorf("the visit is %+v, %v", v, err)
	}
	found, _, err := n.Desk.Find(ctx, n.Officer, "sulastri", 5, desk.Members)
	if err != nil || len(found) != 1 || found[0].ID != member {
		t.Errorf("by name: %+v, %v", found, err)
	}
	if answer := checked(t, n, "027260012345"); answer.Outcome != "registered" {
		t.Errorf("the number is %q", answer.Outcome)
	}
	sound(t, n)
}
