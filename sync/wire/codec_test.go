package wire

import (
	"reflect"
	"testing"

	"simpul/sync/event"
	"simpul/sync/wire/dense"
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

// TestALaterProgramIsUnderstood: centre and node are upgraded at different times; what only the later one says is left
// out, and the rest reads the same.
func TestALaterProgramIsUnderstood(t *testing.T) {
	c := newCounter(t, 7)
	c.registration()
	later := func(m any, rest func(*dense.Writer)) []byte {
		t.Helper()
		raw, err := event.Encode(m)
		if err != nil {
			t.Fatal(err)
		}
		fields := map[int64]any{}
		if err := event.Decode(raw, &fields); err != nil {
			t.Fatal(err)
		}
		fields[1], fields[90], fields[91] = Protocol+2, "kata baru", map[int64]any{1: []int64{2}}
		var w dense.Writer
		if err := writeTalk(&w, fields); err != nil {
			t.Fatal(err)
		}
		rest(&w)
		frame, err := compress(&w)
		if err != nil {
			t.Fatal(err)
		}
		return frame
	}
	req := c.request()
	talk := *req
	talk.Batches = nil
	got, err := DecodeRequest(later(&talk, func(w *dense.Writer) {
		if err := writeMany(w, req.Batches, writeBatch); err != nil {
			t.Fatal(err)
		}
	}))
	req.Protocol = Protocol + 2
	if err != nil || show(got) != show(req) {
		t.Errorf("%v\n%s", err, show(got))
	}
	ans := c.answer()
	said, err := DecodeAnswer(later(ans, func(w *dense.Writer) { w.Uint(0); w.Uint(0) }))
	ans.Protocol = Protocol + 2
	if err != nil || show(said) != show(ans) {
		t.Errorf("%v\n%s", err, show(said))
	}
}
