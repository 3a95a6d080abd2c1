package agent

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// fakeLog is a log of one stream; the centre receives what fits its budget.
type fakeLog struct {
	head, received uint64
	more           bool
	asked          []wire.Short
	missing        []event.Hash
	failure        string
	next           time.Time
	spent          int64
	absorbed       int
}

func (l *fakeLog) Standing(context.Context) (*wire.Request, error) {
	return &wire.Request{Protocol: 1, Streams: []wire.StreamSays{{ID: event.ID{1}, Head: l.head}}, Facts: &wire.Facts{}}, nil
}

func (l *fakeLog) Outgoing(_ context.Context, most int) ([]wire.Batch, error) {
	b := wire.Batch{Stream: event.ID{1}, First: l.received + 1}
	for n := l.received; n < l.head && most > 0; n++ {
		b.Items = append(b.Items, wire.Item{Event: event.Event{Body: make([]byte, 76)}})
		most -= 76 + itemBytes
	}
	if len(b.Items) == 0 {
		return nil, nil
	}
	return []wire.Batch{b}, nil
}

func (l *fakeLog) Absorb(_ context.Context, _ *wire.Request, ans *wire.Answer, _ int64) (bool, error) {
	l.received = ans.Streams[0].Received
	l.asked = ans.Photos
	l.absorbed++
	return l.more || l.received < l.head, nil
}

func (l *fakeLog) PhotosAsked(context.Context) ([]wire.Short, error) { return l.asked, nil }
func (l *fakeLog) SetPhotosAsked(_ context.Context, names []wire.Short) error {
	l.asked = names
	return nil
}
func (l *fakeLog) PhotosMissing(_ context.Context, has func([32]byte) bool, _ int) (out []event.Hash, _ error) {
	for _, h := range l.missing {
		if !has(h) {
			out = append(out, h)
		}
	}
	return out, nil
}
func (l *fakeLog) Tried(_ context.Context, failure string, next time.Time) error {
	l.failure, l.next = failure, next
	return nil
}
func (l *fakeLog) Spend(_ context.Context, n int64) (int64, error) { l.spent += n; return l.spent, nil }

// fakeCentre takes what comes and answers as it is told.
type fakeCentre struct {
	log      *fakeLog
	traffic  int64
	took     time.Duration
	mono     time.Duration
	err      error
	frozen   bool // receives nothing
	received uint64
	wait     uint32
	requests []*wire.Request
	photos   map[event.Hash][]byte // that it has, or is getting
	wants    []event.Hash
	names    int // of photos that an answer names at most; 0 for all
	pushes   int
	pushed   int // bytes of photos
	deaf     int // requests that arrive and are not answered
	during   func()
}

func (c *fakeCentre) pass(n int) {
	c.traffic += int64(n)
	c.mono += c.took
}

func (c *fakeCentre) Exchange(_ context.Context, r *wire.Request) (*wire.Answer, error) {
	c.requests = append(c.requests, r)
	c.pass(500)
	if c.err != nil {
		return nil, c.err
	}
	received := max(c.log.received, c.received)
	if !c.frozen {
		for _, b := range r.Batches {
			received = b.Last()
			c.pass(100 * len(b.Items))
		}
	}
	ans := &wire.Answer{Time: r.Wall, Streams: []wire.StreamKnown{{Received: received}}, Wait: c.wait, Budget: 1 << 20}
	ans.Photos = c.missing()
	if c.deaf > 0 {
		c.deaf, c.received = c.deaf-1, received
		return nil, io.ErrUnexpectedEOF
	}
	return ans, nil
}

func (c *fakeCentre) Push(_ context.Context, p *wire.PhotoPush) (*wire.PhotoTaken, error) {
	c.pushes++
	out := &wire.PhotoTaken{}
	for _, part := range p.Parts {
		c.pass(len(part.Bytes))
		c.pushed += len(part.Bytes)
		if have := c.photos[part.Hash]; int(part.Offset) == len(have) {
			c.photos[part.Hash] = append(have, part.Bytes...)
		}
		n := uint32(len(c.photos[part.Hash]))
		out.Has = append(out.Has, wire.PhotoHas{Hash: part.Hash, Offset: n, Whole: n == part.Total})
		if n == part.Total {
			c.wants = deleteHash(c.wants, part.Hash)
		}
	}
	out.Missing = c.missing()
	if c.during != nil {
		c.during()
	}
	if c.deaf > 0 {
		c.deaf--
		return nil, io.ErrUnexpectedEOF
	}
	return out, c.err
}

func (c *fakeCentre) missing() (out []wire.Short) {
	for _, h := range c.wants {
		if c.names == 0 || len(out) < c.names {
			out = append(out, wire.ShortOf(h))
		}
	}
	return out
}

func deleteHash(list []event.Hash, gone event.Hash) (out []event.Hash) {
	for _, h := range list {
		if h != gone {
			out = append(out, h)
		}
	}
	return out
}

func (c *fakeCentre) Pull(_ context.Context, p *wire.PhotoPull) (*wire.PhotoSent, error) {
	out := &wire.PhotoSent{}
	left := int(p.Budget)
	for _, w := range p.Wants {
		data := c.photos[w.Hash]
		if int(w.Offset) >= len(data) {
			continue
		}
		if out.More = left <= 0; out.More {
			break
		}
		end := min(len(data), int(w.Offset)+left)
		out.Parts = append(out.Parts, wire.PhotoPart{Hash: w.Hash, Offset: w.Offset, Total: uint32(len(data)), Bytes: data[w.Offset:end]})
		left -= end - int(w.Offset)
		out.More = end < len(data)
	}
	return out, nil
}

// shelf keeps photos in memory.
type shelf struct{ whole, part map[event.Hash][]byte }

func newShelf() *shelf { return &shelf{map[event.Hash][]byte{}, map[event.Hash][]byte{}} }

func (s *shelf) Named(name wire.Short) (event.Hash, bool) {
	for h := range s.whole {
		if wire.ShortOf(h) == name {
			return h, true
		}
	}
	return event.Hash{}, false
}
func (s *shelf) Has(h event.Hash) bool { _, ok := s.whole[h]; return ok }
func (s *shelf) Get(_ context.Context, h event.Hash) ([]byte, bool, error) {
	data, ok := s.whole[h]
	return data, ok, nil
}
func (s *shelf) Offset(_ context.Context, h event.Hash) (uint32, error) {
	return uint32(len(s.part[h])), nil
}
func (s *shelf) Put(_ context.Context, p wire.PhotoPart) (wire.PhotoHas, error) {
	if int(p.Offset) == len(s.part[p.Hash]) {
		s.part[p.Hash] = append(s.part[p.Hash], p.Bytes...)
	}
	has := wire.PhotoHas{Hash: p.Hash, Offset: uint32(len(s.part[p.Hash]))}
	if has.Offset == p.Total {
		if has.Whole = sha256.Sum256(s.part[p.Hash]) == p.Hash; has.Whole {
			s.whole[p.Hash] = s.part[p.Hash]
		}
		delete(s.part, p.Hash)
	}
	return has, nil
}

func photo(r *rand.ChaCha8, size int) (event.Hash, []byte) {
	b := make([]byte, size)
	_, _ = r.Read(b)
	return sha256.Sum256(b), b
}

func rig(head uint64) (*Agent, *fakeLog, *fakeCentre, *shelf) {
	l := &fakeLog{head: head}
	c := &fakeCentre{log: l, photos: map[event.Hash][]byte{}, took: 100 * time.Millisecond}
	s := newShelf()
	a := New(Options{Log: l, Centre: c, Photos: s, Now: func() time.Time { return time.UnixMilli(1_800_000_000_000) }, Mono: func() time.Duration { return c.mono },
		Rand: rand.NewChaCha8([32]byte{1}), Traffic: func() int64 { return c.traffic }})
	return a, l, c, s
}

func TestARunSendsEverythingInGrowingPieces(t *testing.T) {
	a, l, c, _ := rig(3000)
	p, err := a.Run(t.Context())
	if err != nil || l.received != 3000 || p.Events != 3000 || p.EventsLeft != 0 || p.More || p.Doing != Idle {
		t.Fatalf("received %d, %+v, %v", l.received, p, err)
	}
	if n := len(c.requests); n > 5 {
		t.Errorf("%d requests on a quick link", n)
	}
	if first := len(c.requests[0].Batches[0].Items); first > 100 || !c.requests[0].Rest {
		t.Errorf("the first request has %d events, rest %v", first, c.requests[0].Rest)
	}
	if last := c.requests[len(c.requests)-1]; last.Rest {
		t.Error("the last one wants no rows")
	}
	if l.failure != "" || l.next.Sub(a.opt.Now()) < 4*time.Minute || l.next.Sub(a.opt.Now()) > 6*time.Minute {
		t.Errorf("failure %q, next %v", l.failure, l.next)
	}
	if p.Bytes == 0 || p.Rate() <= 0 {
		t.Errorf("%d bytes, %f a second", p.Bytes, p.Rate())
	}
}

func TestARunEndsWhereItMust(t *testing.T) {
	t.Run("nothing moves", func(t *testing.T) {
		a, l, c, _ := rig(10)
		c.frozen = true
		if _, err := a.Run(t.Context()); !errors.Is(err, ErrStuck) || l.failure != "stuck" {
			t.Errorf("%v, %q after %d requests", err, l.failure, len(c.requests))
		}
	})
	t.Run("the day's bytes", func(t *testing.T) {
		a, l, _, _ := rig(100_000)
		a.opt.DayBudget = func() int64 { return 50_000 }
		for range 3 {
			if _, err := a.Run(t.Context()); !errors.Is(err, ErrBudget) || l.failure != "budget" {
				t.Fatalf("%v, %q", err, l.failure)
			}
		}
		if l.spent < 50_000 || l.received == 100_000 {
			t.Errorf("%d bytes were spent, %d events received", l.spent, l.received)
		}
	})
	t.Run("a loaded centre", func(t *testing.T) {
		a, l, c, _ := rig(100_000)
		c.wait = 40
		if _, err := a.Run(t.Context()); err != nil || len(c.requests) != 1 || l.next.Sub(a.opt.Now()) != 40*time.Second {
			t.Errorf("%v, %d requests, next %v", err, len(c.requests), l.next)
		}
	})
	for reason, want := range map[error]string{
		errors.New("dial"): "offline", wire.ErrSignature: "other-centre", wire.ErrStalled: "stalled",
		&wire.Refusal{Status: 403, Reason: wire.RefusedRevoked}: "revoked", &wire.Refusal{Status: 503, Reason: wire.RefusedBusy, Wait: time.Hour}: "busy",
	} {
		a, l, c, _ := rig(10)
		c.err = reason
		_, err := a.Run(t.Context())
		if !errors.Is(err, reason) || l.failure != want || l.absorbed != 0 {
			t.Errorf("%v: %v, %q", reason, err, l.failure)
		}
		if wait := l.next.Sub(a.opt.Now()); want == "busy" && wait < time.Hour {
			t.Errorf("a busy centre is asked again after %v", wait)
		}
	}
}

func TestPhotosGoAfterEventsAndResume(t *testing.T) {
	a, l, c, s := rig(10)
	dice := rand.NewChaCha8([32]byte{2})
	for range 5 {
		h, data := photo(dice, 30_000)
		s.whole[h] = data
		c.wants = append(c.wants, h)
	}
	gone, _ := photo(dice, 10) // that this PC no longer has
	half, data := c.wants[0], s.whole[c.wants[0]]
	c.photos[half] = bytes.Clone(data[:20_000])
	c.wants = append(c.wants, gone)
	c.during = func() { // somebody registers while photos go
		l.head++
		c.during = nil
	}
	p, err := a.Run(t.Context())
	if err != nil || p.Photos != 5 || l.received != l.head {
		t.Fatalf("%+v, %v, received %d of %d", p, err, l.received, l.head)
	}
	for h, data := range s.whole {
		if !bytes.Equal(c.photos[h], data) {
			t.Errorf("a photo of %d bytes arrived with %d", len(data), len(c.photos[h]))
		}
	}
	if c.pushed != 5*30_000-20_000 {
		t.Errorf("%d bytes were sent of those that were missing", c.pushed)
	}
	if len(l.asked) != 1 {
		t.Errorf("%d photos are still missing, the one that is gone is", len(l.asked))
	}
}

// TestWhatArrivedIsNotSentAgain loses answers: the centre is asked what it has
// before the same goes up again.
func TestWhatArrivedIsNotSentAgain(t *testing.T) {
	a, l, c, s := rig(100)
	c.deaf = 1
	if _, err := a.Run(t.Context()); err == nil {
		t.Fatal("the answer was lost, and nothing is said of it")
	}
	hash, data := photo(rand.NewChaCha8([32]byte{4}), 30_000)
	s.whole[hash], c.wants = data, []event.Hash{hash}
	if _, err := a.Run(t.Context()); err != nil || l.received != 100 {
		t.Fatalf("received %d, %v", l.received, err)
	}
	events := 0
	for _, r := range c.requests {
		for _, b := range r.Batches {
			events += len(b.Items)
		}
	}
	if events != 100 {
		t.Errorf("%d events were sent of 100", events)
	}
	again, data := photo(rand.NewChaCha8([32]byte{5}), 30_000)
	s.whole[again], c.wants, c.deaf = data, []event.Hash{again}, 0
	c.during = func() { c.deaf, c.during = 1, nil }
	for range 2 {
		_, _ = a.Run(t.Context()) // the first one fails
	}
	if c.pushed != 60_000 || !bytes.Equal(c.photos[again], data) {
		t.Errorf("%d bytes of photos were sent of 60000", c.pushed)
	}
}

func TestPhotosOfTheBranchAreFetched(t *testing.T) {
	a, l, c, s := rig(1)
	dice := rand.NewChaCha8([32]byte{3})
	for range 4 {
		h, data := photo(dice, 40_000)
		c.photos[h] = data
		l.missing = append(l.missing, h)
	}
	absent, _ := photo(dice, 10)
	l.missing = append(l.missing, absent)
	p, err := a.Run(t.Context())
	if err != nil || p.Fetched != 4 || len(s.whole) != 4 {
		t.Fatalf("%+v, %v, %d photos", p, err, len(s.whole))
	}
}

func TestPace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p Pace
		for range rapid.IntRange(0, 40).Draw(t, "requests") {
			before, free := p.Up(), p.limit == 0
			switch took := time.Duration(rapid.Int64Range(0, int64(time.Minute)).Draw(t, "took")); rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				if p.Failed(); p.Up() > before {
					t.Fatalf("after a failure %d became %d", before, p.Up())
				}
			default:
				limit := rapid.SampledFrom([]int{0, 0, 100, 64 << 10, 2 << 20}).Draw(t, "limit")
				if p.Worked(took, rapid.IntRange(0, 2<<20).Draw(t, "moved"), limit); took > slow && free && p.Up() > before {
					t.Fatalf("after %v %d became %d", took, before, p.Up())
				}
			}
			if up, down := p.Up(), p.Down(); up < leastUp || up > mostUp || down < leastDown || down > mostDown {
				t.Fatalf("%d up, %d down", up, down)
			}
		}
	})
}

// TestPaceOnALineThatDrops sends a lot over a line that drops after so many bytes;
// after each drop comes an exchange that has little to say, as in every run.
func TestPaceOnALineThatDrops(t *testing.T) {
	for _, every := range []int{24 << 10, 64 << 10, 300 << 10} {
		var p Pace
		const all = 4 << 20
		sent, through := 0, 0
		for on := 0; through < all; {
			if sent > 2*all {
				t.Fatalf("drops every %d: %d bytes sent and %d came through", every, sent, through)
			}
			up := min(p.Up(), all-through)
			if on+up > every {
				p.Failed()
				sent += every - on
				on = 0
				p.Worked(300*time.Millisecond, 0, 2<<20)
				continue
			}
			p.Worked(900*time.Millisecond, up, 0)
			on, sent, through = on+up, sent+up, through+up
		}
		t.Logf("drops every %d: %.3f", every, float64(sent)/all)
		if float64(sent)/all > 1.12 {
			t.Errorf("drops every %d: %d bytes sent for %d", every, sent, all)
		}
	}
}

func TestBackoff(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b Backoff
		asked := time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "asked"))
		for n := range rapid.IntRange(1, 60).Draw(t, "failures") {
			plain := mostWait
			if n < 6 {
				plain = firstWait << n
			}
			got := b.Failed(asked, rapid.Uint32().Draw(t, "chance"))
			if got < asked || got < plain*4/5 || got > max(asked, plain*6/5) {
				t.Fatalf("after failure %d: %v for %v, asked %v", n+1, got, plain, asked)
			}
		}
	})
}
