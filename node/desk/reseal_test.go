package desk_test

import (
	"context"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/store"
	"simpul/sync/event"
)

// TestResealForgetsOldKeys: after an officer has left and the job has run, one data key is left, nothing is sealed or
// tagged with another, and everything can still be read, also after a restart.
func TestResealForgetsOldKeys(t *testing.T) {
	n := nodetest.Start(t)
	ctx := context.Background()
	in := desk.OfficerInput{Login: "agus", Name: "Agus Rekaan", Role: library.RoleOfficer, Password: "hujan sore di Ijen"}
	done, err := n.Desk.AddOfficer(ctx, n.Officer, nodetest.Op(t), in)
	agus := must(t, done, err)
	form := village(t, n, person(1))
	early := enrol(t, n, form)
	leave := func(active bool) {
		t.Helper()
		if err := n.Desk.ChangeOfficer(ctx, n.Officer, nodetest.Op(t), agus, in.Name, in.Role, active); err != nil {
			t.Fatal(err)
		}
	}
	leave(false)
	secret := func(tx *store.Tx) error { return tx.PutSecret("key", []byte("of the node")) }
	if _, err := n.Store.Write(ctx, event.ID{}, secret); err != nil {
		t.Fatal(err)
	}
	photo, err := n.Desk.Photos.Put([]byte("a picture from before"))
	if err != nil {
		t.Fatal(err)
	}
	half, err := n.Desk.OpenRegistration(ctx, n.Officer, nodetest.Op(t), desk.OpenInput{})
	typing := must(t, half, err)
	if err := n.Desk.SaveDraft(ctx, n.Officer, typing, map[string]string{"name": "Ayu"}); err != nil {
		t.Fatal(err)
	}
	code, err := n.Desk.NewPhotoLink(ctx, n.Officer, nodetest.Op(t), typing)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.Desk.SendPhoto(ctx, code.Token, desk.Piece{Upload: "a.1", Size: 9, Bytes: []byte("half")}); err != nil {
		t.Fatal(err)
	}
	leave(true)
	signed := qrOf(t, n, early)
	leave(false) // twice, so that two old keys have to go
	late := enrol(t, n, village(t, n, person(2)))
	before, err := n.Desk.Vault.Epochs()
	if err != nil || len(before) < 3 {
		t.Fatalf("keys before: %v %v", before, err)
	}
	if left, err := n.Store.SealedBefore(ctx, before[len(before)-1]); err != nil || left == 0 {
		t.Fatalf("nothing to do: %d %v", left, err)
	}
	record := get(t, n, early)
	if err := n.Desk.Reseal(ctx); err != nil {
		t.Fatal(err)
	}
	after, err := n.Desk.Vault.Epochs()
	if err != nil || len(after) != 1 || after[0] != before[len(before)-1] {
		t.Fatalf("keys after: %v %v", after, err)
	}
	if left, err := n.Store.SealedBefore(ctx, after[0]); err != nil || left != 0 {
		t.Fatalf("still sealed with old keys: %d %v", left, err)
	}
	if draft, kept, err := n.Desk.DraftOf(ctx, n.Officer, typing); err != nil || !kept || draft.Fields["name"] != "Ayu" {
		t.Fatalf("a half-typed form: %v %v", draft, err)
	}
	if piece, err := n.Store.Pieces(ctx, store.LinkID(code.Token)); err != nil || string(piece) != "half" {
		t.Fatalf("half a photo from a phone: %q %v", piece, err)
	}
	sound(t, n)
	if err := n.Desk.Reseal(ctx); err != nil {
		t.Fatalf("a second time: %v", err)
	}
	n.Stop()
	again := nodetest.Start(t, nodetest.WithDir(n.Dir))
	if _, err := again.Desk.SignIn(ctx, nodetest.Login, nodetest.Password); err != nil {
		t.Fatal(err)
	}
	again.Desk.Settle()
	again.Officer = n.Officer
	if r := get(t, again, early); r.Form.Name != record.Form.Name || r.Version != record.Version {
		t.Fatalf("read after a restart: %q, was %q", r.Form.Name, record.Form.Name)
	}
	get(t, again, late)
	same, err := again.Store.SameNIK(ctx, form.NIK, 5)
	if err != nil || len(same) != 1 {
		t.Fatalf("found by NIK: %d %v", len(same), err)
	}
	if value, err := again.Store.Secret(ctx, "key"); err != nil || string(value) != "of the node" {
		t.Fatalf("secret: %q %v", value, err)
	}
	if plain, err := again.Desk.Photos.Get(photo); err != nil || string(plain) != "a picture from before" {
		t.Fatalf("photo: %q %v", plain, err)
	}
	if again := qrOf(t, again, early); again != signed {
		t.Fatal("cards are signed with another key")
	}
	sound(t, again)
}
