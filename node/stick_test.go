package node_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"testing"

	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
)

// stick is a USB stick in memory.
type stick map[int]*bytes.Buffer

func (s stick) create(part int) (io.WriteCloser, error) {
	s[part] = new(bytes.Buffer)
	return held{s[part]}, nil
}

func (s stick) open(part int) (io.ReadCloser, error) {
	if s[part] == nil {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(s[part].Bytes())), nil
}

type held struct{ *bytes.Buffer }

func (held) Close() error { return nil }

// TestPhotosComeBackOnAStick: the PC in the place of a lost one gets its members' photos without a network.
func TestPhotosComeBackOnAStick(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	lost, fresh := nodetest.Start(t), nodetest.Start(t)
	ctx := context.Background()
	letIn(t, centre, lost, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	id := member(t, lost, "Budi Rekaan", "3510011708900001")
	send(t, lost)
	nodes, err := centre.Office.Nodes(ctx, centre.Officer)
	if err != nil {
		t.Fatal(err)
	}
	for _, pc := range nodes {
		if pc.Name != "Perpustakaan Genteng" {
			continue
		}
		if _, err := centre.Office.Revoke(ctx, centre.Officer, nodetest.Op(t), pc.ID, office.RevokeInput{Reason: "lost"}); err != nil {
			t.Fatal(err)
		}
		letIn(t, centre, fresh, office.CodeInput{Branch: pc.Branch, Role: library.NodeBranch})
	}
	nodes, err = centre.Office.Nodes(ctx, centre.Officer)
	if err != nil {
		t.Fatal(err)
	}
	var to library.ID
	for _, pc := range nodes {
		if pc.Name == "Perpustakaan Genteng" && !pc.Revoked() {
			to = pc.ID
		}
	}
	for _, step := range []struct {
		room         int64
		pieces, left int
		photos       bool
	}{{0, 0, 2, false}, {1, 1, 1, false}, {office.PhotosOnStick, 2, 0, true}} {
		s := stick{}
		out, err := centre.Office.ExportBundle(ctx, centre.Officer, to, step.room, s.create)
		if err != nil || out.Pieces != step.pieces || out.PhotosLeft != step.left {
			t.Fatalf("with room for %d bytes: %+v, %v", step.room, out, err)
		}
		if in, err := fresh.Desk.ImportBundle(ctx, fresh.Officer, s.open); err != nil || in.Pieces != step.pieces {
			t.Fatalf("%+v, %v", in, err)
		}
		if _, err := fresh.Desk.Photo(ctx, fresh.Officer, id, true); (err == nil) != step.photos {
			t.Errorf("with room for %d bytes: the photo: %v", step.room, err)
		}
	}
}
