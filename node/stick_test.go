package node_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"io/fs"
	"testing"
	"testing/iotest"

	"simpul/node/demo"
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/sync/event"
	"simpul/sync/join"
	"simpul/sync/wire"
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

// TestAFoundLaptopBringsWhatItHadNotSent: its stick waits for a person; once released, its records are in, and its photos with the
// same stick again. What the centre had before the loss does not wait again.
func TestAFoundLaptopBringsWhatItHadNotSent(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	lost := nodetest.Start(t)
	ctx := context.Background()
	letIn(t, centre, lost, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	member(t, lost, "Budi Rekaan", "3510011708900001")
	send(t, lost)
	nodes, err := centre.Office.Nodes(ctx, centre.Officer)
	if err != nil || len(nodes) != 1 {
		t.Fatalf("%+v, %v", nodes, err)
	}
	if _, err := centre.Office.Revoke(ctx, centre.Officer, nodetest.Op(t), nodes[0].ID, office.RevokeInput{Reason: office.ReasonLost}); err != nil {
		t.Fatal(err)
	}
	before := nodes[0].Received
	id := member(t, lost, "Eka Rekaan", "3510011708910004")
	if _, err := lost.Desk.AttachPhoto(ctx, lost.Officer, nodetest.Op(t), id, pictureOf(t, 11), nil, "file", ""); err != nil {
		t.Fatal(err)
	}
	s := stick{}
	if _, err := lost.Desk.ExportBundle(ctx, lost.Officer, s.create); err != nil {
		t.Fatal(err)
	}
	found := func() int {
		t.Helper()
		centre.Desk.Settle()
		people, _, err := centre.Desk.Find(ctx, centre.Officer, "Eka", 5, desk.Everyone)
		if err != nil {
			t.Fatal(err)
		}
		return len(people)
	}
	waiting := 0
	for range 2 { // the second time changes nothing
		in, err := centre.Office.ImportBundle(ctx, centre.Officer, s.open)
		if err != nil || in.Pieces != 0 || found() != 0 {
			t.Fatalf("from the stick: %+v, %v; found: %d", in, err, found())
		}
		apart, err := centre.Office.Apart(ctx, centre.Officer)
		if err != nil || len(apart) != 1 || apart[0].Events == 0 || waiting > 0 && apart[0].Events != waiting {
			t.Fatalf("kept apart: %+v, %v", apart, err)
		}
		waiting = apart[0].Events
	}
	out, err := centre.Office.Release(ctx, centre.Officer, nodes[0].ID)
	if err != nil || out.Events != waiting || out.Photos != 2 || found() != 1 {
		t.Fatalf("released: %+v of %d, %v; found: %d", out, waiting, err, found())
	}
	if after, err := centre.Office.Node(ctx, centre.Officer, nodes[0].ID); err != nil || after.Received != before+int64(waiting) {
		t.Errorf("received %d, then %d more: %+v, %v", before, waiting, after, err)
	}
	in, err := centre.Office.ImportBundle(ctx, centre.Officer, s.open)
	if apart, aerr := centre.Office.Apart(ctx, centre.Officer); err != nil || in.Apart != 0 || in.Pieces != 2 || aerr != nil || len(apart) != 0 {
		t.Fatalf("the same stick again: %+v, %v; kept apart: %+v, %v", in, err, apart, aerr)
	}
	if _, err := centre.Desk.Photo(ctx, centre.Officer, id, true); err != nil {
		t.Errorf("the photo: %v", err)
	}
}

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

// TestANewBranchBeginsFromAStick: program and code go on the first way; the answer brings the whole district along, sealed to
// the PC that asked. Half a copy is refused whole, the same file may come again, and the first exchange over the network
// brings no row.
func TestANewBranchBeginsFromAStick(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	stick, line := nodetest.Start(t), nodetest.Start(t)
	ctx := context.Background()
	if err := demo.Fill(ctx, centre.Desk, centre.Officer, demo.Filling{Members: 150, Seed: 5}); err != nil {
		t.Fatal(err)
	}
	id := member(t, centre, "Budi Rekaan", "3510011708900001")
	// Another branch joins over the line, and is fed the usual way.
	letIn(t, centre, line, office.CodeInput{Name: "Perpustakaan Rogojampi", Role: library.NodeBranch})
	send(t, line)

	code, err := centre.Office.NewCode(ctx, centre.Officer, nodetest.Op(t), office.CodeInput{Name: "Perpustakaan Kalibaru", Role: library.NodeBranch})
	if err != nil {
		t.Fatal(err)
	}
	stick.Desk.Gate = noLine{}
	if j, err := stick.Desk.StartJoin(ctx, stick.Officer, code.Text, ""); library.KindOf(err) != library.KindUnavailable || j.State != desk.JoinAsked {
		t.Fatalf("%+v, %v", j, err)
	}
	request, err := stick.Desk.JoinFile(ctx, stick.Officer)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := centre.Office.TakeRequest(ctx, centre.Officer, request)
	if err != nil {
		t.Fatal(err)
	}
	approveAll(t, centre)
	waiting, err := centre.Office.Awaited(ctx, centre.Officer)
	if err != nil || len(waiting) != 1 || waiting[0].ID != reply.ID {
		t.Fatalf("awaited: %+v, %v", waiting, err)
	}
	var out desk.Bundle
	answer := nodetest.Written(t, func(create func(int) (io.WriteCloser, error)) (err error) {
		out, err = centre.Office.WriteAnswer(ctx, centre.Officer, reply.ID, office.PhotosOnStick, create)
		return err
	})
	if out.Members != 151 || bytes.Contains(answer, []byte("Budi")) {
		t.Fatalf("%+v", out)
	}

	end := bytes.Index(answer, []byte("SIMPUL-BUNDLE"))
	changed := bytes.Clone(answer)
	changed[len(changed)-1000] ^= 1
	for name, file := range map[string][]byte{"half the answer": answer[:end/2], "half the data": answer[:end+(len(answer)-end)/2], "all but a byte": answer[:len(answer)-1],
		"a little of the data": answer[:end+5], "changed": changed, "the data before the answer": answer[end:]} {
		if j, _, err := stick.Desk.TakeJoinFile(ctx, stick.Officer, nodetest.OnStick(file)); library.KindOf(err) != library.KindInvalid {
			t.Errorf("%s: %+v, %v", name, j, err)
		}
		if j, err := stick.Desk.Joining(ctx); err != nil || j.State != desk.JoinAsked {
			t.Fatalf("%s: %+v, %v", name, j, err)
		}
	}
	if _, _, err := line.Desk.TakeJoinFile(ctx, line.Officer, nodetest.OnStick(answer)); library.KindOf(err) != library.KindInvalid {
		t.Errorf("another branch opens it: %v", err)
	}
	// Pulled out while it is read for the second time: the PC has joined, and the same file goes on.
	if _, _, err := stick.Desk.TakeJoinFile(ctx, stick.Officer, pulledOut(answer, 4)); !errors.Is(err, errPulled) {
		t.Fatalf("pulled out: %v", err)
	}
	if j, err := stick.Desk.Joining(ctx); err != nil || j.State != desk.JoinDone || standing(t, stick).Feeds[2].Sum.Count != 0 {
		t.Fatalf("pulled out: %+v, %v", j, err)
	}
	for range 2 {
		j, got, err := stick.Desk.TakeJoinFile(ctx, stick.Officer, nodetest.OnStick(answer))
		if err != nil || j.State != desk.JoinDone || got.Members != out.Members {
			t.Fatalf("%+v, %+v, %v", j, got, err)
		}
	}
	if _, err := stick.Desk.ImportBundle(ctx, stick.Officer, nodetest.OnStick(answer)); err != nil {
		t.Errorf("on the page of the stick: %v", err)
	}
	if e, err := stick.Desk.Known(ctx, stick.Officer, id); err != nil || e.Name != "Budi Rekaan" {
		t.Fatalf("a member of the district: %+v, %v", e, err)
	}

	// The first exchange over the network: what is new, and no more.
	asks, fed := standing(t, stick), standing(t, line)
	if len(asks.Feeds) != 3 || asks.Feeds[0].Sum != fed.Feeds[0].Sum || asks.Feeds[2].Sum != fed.Feeds[2].Sum || asks.Feeds[2].Sum.Count != uint64(out.Members) {
		t.Errorf("by stick it holds %+v, over the line %+v", asks.Feeds, fed.Feeds)
	}
	h, err := centre.Office.Hub(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if ans, err := h.File(ctx, event.ID(pcNamed(t, centre, "Perpustakaan Kalibaru").ID), asks); err != nil || len(ans.Pages) > 0 {
		t.Errorf("after the stick the centre still has pages: %+v, %v", ans, err)
	}
	if e := send(t, stick); e.State != desk.ExchangeFine {
		t.Fatalf("%+v", e)
	}
	rest, whole := spent(t, stick), spent(t, line)
	t.Logf("%d members over the line: %d bytes; after the stick: %d", out.Members, whole, rest)
	if left, err := centre.Office.Awaited(ctx, centre.Officer); err != nil || len(left) > 0 || rest >= whole {
		t.Errorf("%d bytes after the stick, %d without; awaited %+v, %v", rest, whole, left, err)
	}
}

var errPulled = errors.New("the stick is gone")

// pulledOut is a stick that is pulled out in the middle of the file, when that is opened for the nth time.
func pulledOut(content []byte, nth int) func(part int) (io.ReadCloser, error) {
	return func(part int) (io.ReadCloser, error) {
		if nth--; nth > 0 {
			return nodetest.OnStick(content)(part)
		}
		half := io.MultiReader(bytes.NewReader(content[:len(content)/2]), iotest.ErrReader(errPulled))
		return io.NopCloser(half), nil
	}
}

// noLine is a PC without any network.
type noLine struct{}

func (noLine) IsCentre(context.Context, string, ed25519.PublicKey) error {
	return errors.New("no line")
}

func (noLine) AskToJoin(context.Context, string, join.Fingerprint, ed25519.PrivateKey, *wire.JoinAsk) (*wire.JoinAnswer, ed25519.PublicKey, error) {
	return nil, nil, errors.New("no line")
}

// standing is what a node would ask of the centre.
func standing(t *testing.T, n *nodetest.Node) *wire.Request {
	t.Helper()
	req, err := n.Store.Standing(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// spent is what went over the network today, in bytes.
func spent(t *testing.T, n *nodetest.Node) int64 {
	t.Helper()
	sum, err := n.Store.Spend(context.Background(), 0)
	if err != nil {
		t.Fatal(err)
	}
	return sum
}
