package node_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
)

// A photo whose file went with a disk before it reached the centre: nothing after it
// is safe until somebody says that it is lost, and then everything is.
func TestALostPhotoHoldsNothingBackOnceItIsAccepted(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening(), nodetest.WithOtherDisks())
	branch := nodetest.Start(t)
	ctx, who := context.Background(), branch.Officer
	if err := centre.Desk.SetSetting(ctx, centre.Officer, nodetest.Op(t), "backup_folder", t.TempDir()); err != nil {
		t.Fatal(err)
	}
	letIn(t, centre, branch, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	id := member(t, branch, "Budi Rekaan", "3510011708900001")
	// The photos' folder goes, the database stays.
	if err := filepath.WalkDir(filepath.Join(branch.Dir, "photos"), func(path string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			err = os.Remove(path)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	exchange := func() desk.Leftovers {
		t.Helper()
		send(t, branch)
		if err := centre.Desk.BackUp(ctx, centre.Officer); err != nil {
			t.Fatal(err)
		}
		send(t, branch)
		left, err := branch.Desk.Leftovers(ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		return left
	}
	if left := exchange(); left.Safe() || left.Photos != 2 || left.NotDurable == 0 {
		t.Fatalf("with a photo that is nowhere: %+v", left)
	}
	if state, err := branch.Desk.PhotoStateOf(ctx, who, id); err != nil || state != desk.PhotoLost {
		t.Fatalf("the photo is %q, %v", state, err)
	}
	if state, err := centre.Desk.PhotoStateOf(ctx, centre.Officer, id); err != nil || state != desk.PhotoComing {
		t.Errorf("at the centre the photo is %q, %v", state, err)
	}
	if r, err := branch.Desk.ReceiptOf(ctx, who, id); err != nil || r == desk.ReceiptSafe {
		t.Errorf("receipt %q, %v", r, err)
	}
	if _, err := branch.Desk.AcceptPhotoLoss(ctx, who, nodetest.Op(t), id, " "); library.KindOf(err) != library.KindInvalid {
		t.Errorf("without a reason: %v", err)
	}
	op := nodetest.Op(t)
	for range 2 {
		if _, err := branch.Desk.AcceptPhotoLoss(ctx, who, op, id, "Cakram rusak"); err != nil {
			t.Fatal(err)
		}
	}
	if left := exchange(); !left.Safe() {
		t.Errorf("after the loss was accepted: %+v", left)
	}
	if r, err := branch.Desk.ReceiptOf(ctx, who, id); err != nil || r != desk.ReceiptSafe {
		t.Errorf("receipt %q, %v", r, err)
	}
	if _, err := branch.Desk.AcceptPhotoLoss(ctx, who, nodetest.Op(t), id, "lagi"); library.KindOf(err) != library.KindConflict {
		t.Errorf("lost twice: %v", err)
	}
	waiting, err := branch.Desk.WaitingForPhoto(ctx, who, 9)
	if err != nil || len(waiting) != 1 {
		t.Errorf("photos to follow: %+v, %v", waiting, err)
	}
	if _, err := branch.Desk.AttachPhoto(ctx, who, nodetest.Op(t), id, picture(t), nil, "file", ""); err != nil {
		t.Errorf("a new photo: %v", err)
	}
}

// The file of a photo that the centre has comes back, after the next start at the latest.
func TestAPhotoThatTheCentreHasComesBack(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	branch := nodetest.Start(t)
	ctx := context.Background()
	letIn(t, centre, branch, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	id := member(t, branch, "Budi Rekaan", "3510011708900001")
	send(t, branch)
	if err := branch.Desk.Photos.Walk(func(hash [32]byte) error { return branch.Desk.Photos.Remove(hash) }); err != nil {
		t.Fatal(err)
	}
	if state, err := branch.Desk.PhotoStateOf(ctx, branch.Officer, id); err != nil || state != desk.PhotoComing {
		t.Errorf("the photo is %q, %v", state, err)
	}
	branch.Stop()
	branch = nodetest.Again(t, branch.Dir)
	send(t, branch)
	if state, err := branch.Desk.PhotoStateOf(ctx, branch.Officer, id); err != nil || state != desk.PhotoHere {
		t.Errorf("after exchanges the photo is %q, %v", state, err)
	}
}
