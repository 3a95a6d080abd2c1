package desk_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"testing"

	"simpul/node/nodetest"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// TestAPhotoWhoseLastPieceWasTheLastThing: the power went out between its last piece and the file. Asking how far it has
// come makes it whole, whoever asks.
func TestAPhotoWhoseLastPieceWasTheLastThing(t *testing.T) {
	n := nodetest.Start(t)
	ctx, lane := context.Background(), n.Desk.PhotoLane()
	for name, ask := range map[string]func(part wire.PhotoPart) (uint32, error){
		"who sends it": func(part wire.PhotoPart) (uint32, error) {
			has, err := lane.Put(ctx, wire.PhotoPart{Hash: part.Hash, Total: part.Total})
			if !has.Whole {
				t.Error("it is not said to be whole")
			}
			return has.Offset, err
		},
		"who fetches it": func(part wire.PhotoPart) (uint32, error) { return lane.Offset(ctx, part.Hash) },
	} {
		data := bytes.Repeat([]byte(name), 500)
		part := wire.PhotoPart{Hash: event.Hash(sha256.Sum256(data)), Total: uint32(len(data)), Bytes: data}
		if whole, err := n.Store.PutPhotoPart(ctx, part); err != nil || !bytes.Equal(whole, data) {
			t.Fatal(err)
		}
		// Here the power goes out.
		if at, err := ask(part); err != nil || at != part.Total {
			t.Errorf("%s is told %d of %d, %v", name, at, part.Total, err)
		}
		if got, here, err := lane.Get(ctx, part.Hash); err != nil || !here || !bytes.Equal(got, data) {
			t.Errorf("%s: the photo is not here, %v", name, err)
		}
		if left, err := n.Store.PhotoOffset(ctx, part.Hash); err != nil || left != 0 {
			t.Errorf("%s: %d bytes of pieces are left, %v", name, left, err)
		}
	}
}
