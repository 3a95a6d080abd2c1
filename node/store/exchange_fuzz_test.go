package store_test

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/hub"
	"simpul/sync/wire"
)

// FuzzExchange sends requests that were changed on their way, as if they were
// signed. Whatever they say, the centre answers or refuses, keeps nothing that is
// not what the node wrote.
func FuzzExchange(f *testing.F) {
	a := newSender(1)
	for range 3 {
		a.register()
		a.visit()
		a.amend()
	}
	c := memoryCentre(f, time.UnixMilli(1_900_000_000_000), a)
	h := c.hub()
	seed := func(change func(*wire.Request)) {
		req := a.taking(c.now.UnixMilli()).Request
		req.Protocol, req.Budget = wire.Protocol, 1<<16
		req.Streams = []wire.StreamSays{{ID: a.stream, Head: a.head(), Chain: wire.ShortOf(a.chains[a.head()])}}
		change(req)
		raw, err := wire.EncodeRequest(req)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	seed(func(*wire.Request) {})
	seed(func(r *wire.Request) { r.Batches = []wire.Batch{a.batch(1, 9)} })
	seed(func(r *wire.Request) { r.Batches = []wire.Batch{a.batch(1, 9), a.batch(10, a.head())} })
	seed(func(r *wire.Request) {
		r.Feeds = []wire.Cursor{{Partition: wire.Settings}, {Partition: wire.Own, Pos: 3}, {Partition: wire.Directory}}
		r.Marks = []wire.MarksAsked{{Stream: a.stream, To: 1 << 62}}
		r.Tails = []wire.TailAsked{{Stream: a.stream, First: 3}}
		r.Facts = &wire.Facts{Program: "1.0", Free: 1 << 63}
	})
	seed(func(r *wire.Request) {
		r.Sums = []wire.Partition{wire.Own, wire.Directory, 200}
		r.Buckets = []wire.BucketAsked{{Partition: wire.Directory, Buckets: []byte{1, 2, 3}}}
		r.People = []event.ID{event.SubjectID(a.people[0].salt)}
		r.Held = []wire.Short{{1}}
		r.Grant, r.Used = true, 0xff
	})
	f.Fuzz(func(t *testing.T, raw []byte) {
		if req, err := wire.DecodeRequest(raw); err == nil {
			withstand(t, c, h, a, req)
		}
	})
}

// FuzzAbsorb gives a node answers that nobody meant, as if the centre had signed
// them: bytes as they come, and bytes as they are in a frame. Whatever they say,
// the node takes them in or refuses, and what its desk has saved stays.
func FuzzAbsorb(f *testing.F) {
	ctx := context.Background()
	d := newDistrict(f, 3, 0, 0)
	d.register(d.pcs[0])
	d.settle()
	p := d.pcs[0]
	d.register(p) // is not there yet
	d.register(d.pcs[1])
	for range 3 {
		req, err := p.s.Standing(ctx)
		d.must(err)
		req.Budget = 1 << 16
		ans, err := d.hub.Exchange(ctx, p.node, req)
		d.must(err)
		raw, err := wire.EncodeAnswer(ans)
		d.must(err)
		f.Add(raw)
		d.settle()
		d.register(d.pcs[1])
	}
	golden, err := filepath.Glob(filepath.Join("..", "..", "sync", "wire", "testdata", "answer-*.txt"))
	if err != nil || len(golden) == 0 {
		f.Fatal("no golden answers", err)
	}
	for _, name := range golden {
		text, err := os.ReadFile(name)
		d.must(err)
		payload, err := hex.DecodeString(strings.TrimPrefix(strings.SplitN(string(text), "\n", 2)[0], "payload "))
		d.must(err)
		f.Add(payload)
	}
	image, err := p.mem.Copy()
	d.must(err)
	f.Fuzz(func(t *testing.T, raw []byte) {
		mem, err := image.Copy()
		if err != nil {
			t.Fatal(err)
		}
		s, err := store.Open(ctx, store.Options{Dir: filepath.Join(t.TempDir(), "data"), Now: func() time.Time { return d.now }, Mono: func() time.Duration { return time.Hour },
			Boot: 9, Rand: rand.NewChaCha8([32]byte{1}), Zone: time.UTC, Machine: p.machine, Vault: d.vault, Log: slog.New(slog.DiscardHandler), Memory: mem})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		before := hashes(t, s)
		for _, frame := range [][]byte{raw, stored(raw)} {
			ans, err := wire.DecodeAnswer(frame)
			if err != nil {
				continue
			}
			req, err := s.Standing(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for len(ans.Streams) < len(req.Streams) {
				ans.Streams = append(ans.Streams, wire.StreamKnown{})
			}
			ans.Streams = ans.Streams[:len(req.Streams)]
			for _, epoch := range []event.ID{ans.Epoch, req.Epoch} {
				ans.Epoch = epoch
				_, _ = s.Absorb(ctx, req, ans, 7)
				_ = s.AbsorbBundle(ctx, req.Streams, ans)
			}
		}
		after := hashes(t, s)
		for hash := range before {
			if !after[hash] {
				t.Fatalf("an event is gone: %x", hash)
			}
		}
		if _, err := s.Standing(ctx); err != nil {
			t.Fatalf("the node has nothing to say any more: %v", err)
		}
		if _, err := s.Outgoing(ctx, 1<<20); err != nil {
			t.Fatalf("the node cannot send any more: %v", err)
		}
	})
}

// stored is a zstd frame (RFC 8878) that holds bytes as they are, so that a fuzzer
// changes what is said and not how it is compressed.
func stored(raw []byte) []byte {
	raw = raw[:min(len(raw), 100<<10)]
	out := binary.LittleEndian.AppendUint32([]byte{0x28, 0xb5, 0x2f, 0xfd, 0xa0}, uint32(len(raw)))
	block := uint32(len(raw))<<3 | 1 // the last one, raw
	return append(append(out, byte(block), byte(block>>8), byte(block>>16)), raw...)
}

func withstand(t rapid.TB, c *centreStore, h *hub.Hub, a *sender, req *wire.Request) {
	ctx := context.Background()
	answer, err := h.Exchange(ctx, a.node, req)
	if err != nil {
		t.Fatalf("%v, for %+v", err, req)
	}
	if _, err := wire.EncodeAnswer(answer); err != nil {
		t.Fatalf("the answer cannot be written: %v", err)
	}
	streams, err := c.ForeignStreams(ctx, event.ID{})
	if err != nil || len(streams) > 1 {
		t.Fatalf("%d streams, %v", len(streams), err)
	}
	for _, s := range streams {
		if s.ID != a.stream || s.Head > a.head() || s.Chain != a.chains[s.Head] || s.Applied > s.Head {
			t.Fatalf("the centre keeps %+v", s)
		}
	}
}

func TestARequestThatWasChangedDoesNoHarm(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		draw := func(label string, most int) int { return rapid.IntRange(0, most-1).Draw(r, label) }
		number := rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 40), rapid.SampledFrom([]uint64{1<<63 - 1, 1 << 63, 1<<64 - 1}))
		a := newSender(1)
		for range 3 {
			a.register()
			a.visit()
			a.amend()
		}
		c := memoryCentre(t, time.UnixMilli(1_900_000_000_000), a)
		h, sent := c.hub(), uint64(0)
		epoch, err := c.Epoch(context.Background())
		if err != nil {
			r.Fatal(err)
		}
		for range 12 {
			req := a.taking(c.now.UnixMilli()).Request
			req.Protocol, req.Budget, req.Epoch = wire.Protocol, uint32(number.Draw(r, "budget")), epoch
			req.Wall, req.Boot, req.Mono = int64(number.Draw(r, "wall")), uint32(draw("boot", 12)), int64(number.Draw(r, "mono"))
			req.Streams = []wire.StreamSays{{ID: a.stream, Head: number.Draw(r, "says"), Chain: wire.ShortOf(a.chains[draw("chain", len(a.chains))])}}
			req.Feeds = []wire.Cursor{{Partition: wire.Partition(draw("part", 6)), Pos: number.Draw(r, "pos")}}
			req.Marks = []wire.MarksAsked{{Stream: a.stream, From: number.Draw(r, "from"), To: number.Draw(r, "to")}}
			req.Tails = []wire.TailAsked{{Stream: a.stream, First: number.Draw(r, "tail")}}
			req.Sums = []wire.Partition{wire.Partition(draw("sums", 6))}
			req.Buckets = []wire.BucketAsked{{Partition: wire.Partition(draw("repair", 6)), Buckets: []byte{byte(draw("bucket", 256))}}}
			from := 1 + uint64(draw("first", int(min(sent+1, a.head()))))
			b := a.batch(from, min(a.head(), from+uint64(draw("length", 9))))
			b.Items = append([]wire.Item{}, b.Items...)
			it := &b.Items[draw("item", len(b.Items))]
			changed := true
			switch draw("change", 10) {
			case 0:
				it.Body = append([]byte{0}, it.Body...)
			case 1:
				it.Salt[draw("byte", 16)] ^= 1
			case 2:
				it.Wall ^= 1
			case 3:
				b.Head[draw("byte", 32)] ^= 1
			case 4:
				b.First = number.Draw(r, "other first")
				changed = b.First != from
			case 5:
				b.Stream[0] ^= 1
			case 6:
				b.Items = b.Items[:len(b.Items)-1]
			case 7:
				it.Body, it.Salt = nil, event.Salt{} // as if erased, with another hash
				it.Hash[0] ^= 1
			case 8:
				it.Type++
			default:
				changed = false
			}
			req.Batches = []wire.Batch{b}
			withstand(r, c, h, a, req)
			if f, err := c.ForeignStream(context.Background(), a.stream); err == nil {
				if changed && f.Head != sent {
					r.Fatalf("a changed batch was kept: %d events, %d before", f.Head, sent)
				}
				sent = f.Head
			}
			if epoch, err = c.Epoch(context.Background()); err != nil {
				r.Fatal(err)
			}
		}
		spotless(r, c.Store)
	})
}
