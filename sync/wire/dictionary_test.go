package wire

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/klauspost/compress/dict"
	"github.com/klauspost/compress/zstd"

	"simpul/sync/event"
)

var update = flag.Bool("update", false, "make the dictionary and the golden files again")

// TestDictionary makes the dictionary from small messages about made-up people
// when it is run with -update:
//
//	go test ./sync/wire -run TestDictionary -update
//
// A dictionary that was released is never made again: a new one gets a new
// number, and both are read.
func TestDictionary(t *testing.T) {
	if *update {
		made, err := dict.BuildZstdDict(samples(t), dict.Options{MaxDictSize: 16 << 10, HashBytes: 6, ZstdDictID: DictionaryID, ZstdLevel: zstd.SpeedBetterCompression})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("dictionary.zstd", made, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	made, err := os.ReadFile("dictionary.zstd")
	if err != nil || (!*update && !bytes.Equal(made, dictionary)) {
		t.Fatalf("the dictionary is another one: %v", err)
	}
	read, err := zstd.InspectDictionary(made)
	if err != nil || read.ID() != DictionaryID {
		t.Fatalf("not dictionary %#x: %v", DictionaryID, err)
	}
}

// samples are messages as they are before compression.
func samples(t *testing.T) (out [][]byte) {
	take := func(r *Request) {
		w, err := write(r)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, bytes.Join(w.Pieces(), nil))
	}
	for seed := range uint64(600) {
		c := newCounter(t, 1000+seed)
		c.batch.First = 1 + c.rand.Uint64N(1000)
		switch seed % 4 {
		case 0, 1:
			c.registration()
		case 2:
			c.guest()
		case 3:
			c.registration()
			c.guest()
			c.registration()
		}
		r := c.request()
		take(r)
		r.Batches = nil
		take(r)
		w, err := write(c.answer())
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, bytes.Join(w.Pieces(), nil))
	}
	return out
}

func (c *counter) short() Short { return Short(c.bytes(8)) }

func (c *counter) sum() Sum { return Sum{Count: c.rand.Uint64N(100000), Total: c.rand.Uint64()} }

// request is what a node says when nothing is new.
func (c *counter) request() *Request {
	r := &Request{Protocol: Protocol, Nonce: c.short(), Ticket: c.short(), Epoch: event.ID(c.bytes(16)), Machine: c.short(), Wall: c.wall,
		Boot: c.rand.Uint32(), Mono: c.mono, Streams: []StreamSays{{ID: c.batch.Stream, Head: c.rand.Uint64N(20000), Chain: c.short()}},
		Rulings: c.sum(), Batches: []Batch{c.batch}, Budget: 1 << 16}
	for p := Settings; p <= Directory; p++ {
		r.Feeds = append(r.Feeds, Cursor{Partition: p, Pos: c.rand.Uint64N(100000), Sum: c.sum()})
	}
	return r
}

// answer is what the centre says to it.
func (c *counter) answer() *Answer {
	n := c.rand.Uint64N(20000)
	return &Answer{Protocol: Protocol, Time: c.wall, Epoch: event.ID(c.bytes(16)), Ticket: c.short(),
		Streams: []StreamKnown{{Received: n, Chain: c.short(), Applied: n, Durable: n - n%100}}, Budget: 1 << 16}
}
