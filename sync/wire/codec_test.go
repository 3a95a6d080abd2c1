package wire

import (
	"reflect"
	"testing"

	"simpul/sync/event"
)

func TestMessagesReadAsTheyWereWritten(t *testing.T) {
	batch := stream(t, 3)
	for i := range batch.Items {
		batch.Items[i].Hash = event.Hash{} // not sent
	}
	in := &Request{Protocol: Protocol, Nonce: Short{1}, Epoch: event.ID{2}, Wall: 1790000000000, Facts: &Facts{Program: "1.2"},
		Streams: []StreamSays{{ID: event.ID{1}, Head: 3, Chain: Short{4}}}, Feeds: []Cursor{{Partition: Own, Pos: 7, Sum: Sum{Count: 1, Total: 2}}},
		Batches: []Batch{*batch}, Held: []Short{{1}, {2}}, Budget: 1 << 16}
	raw, err := EncodeRequest(in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := DecodeRequest(raw)
	if err != nil || !reflect.DeepEqual(in, out) {
		t.Errorf("%v\n%+v\n%+v", err, in, out)
	}
}
