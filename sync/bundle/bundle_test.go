package bundle

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// stick is a USB stick: the parts of a bundle by number.
type stick map[int][]byte

type partFile struct {
	bytes.Buffer
	done func([]byte)
}

func (p *partFile) Close() error { p.done(p.Bytes()); return nil }

func (s stick) create(part int) (io.WriteCloser, error) {
	return &partFile{done: func(b []byte) { s[part] = b }}, nil
}

func (s stick) open(part int) (io.ReadCloser, error) {
	b, there := s[part]
	if !there {
		return nil, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(b)), nil
}

func (s stick) copy() stick {
	out := stick{}
	for n, b := range s {
		out[n] = bytes.Clone(b)
	}
	return out
}

var (
	made     = time.UnixMilli(1790000000000)
	expires  = made.AddDate(0, 0, 60)
	sender   = event.ID{7}
	receiver = event.ID{8}
)

func seed(b byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{b}, ed25519.SeedSize))
}

// route is a sender and a receiver who know each other.
type route struct {
	identity, recipient string
}

func newRoute(t testing.TB) route {
	t.Helper()
	identity, recipient, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return route{identity, recipient}
}

func (r route) write(s stick, size int64) WriteOptions {
	return WriteOptions{From: sender, To: receiver, Key: seed(1), Recipient: r.recipient, Made: made, Expires: expires, Rand: rand.NewChaCha8([32]byte{byte(size)}),
		PartSize: size, Create: s.create}
}

func (r route) read(s stick) ReadOptions {
	return ReadOptions{Me: receiver, Identity: r.identity, Now: made, Open: s.open, Sender: func(h Header) (ed25519.PublicKey, error) {
		if h.From != sender {
			return nil, ErrSender
		}
		return seed(1).Public().(ed25519.PublicKey), nil
	}}
}

// fill writes a bundle of the frames.
func fill(t testing.TB, opt WriteOptions, frames []Frame) *Writer {
	t.Helper()
	w, err := NewWriter(opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range frames {
		if err := w.Put(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w
}

func frames(n, size int) []Frame {
	random := rand.NewChaCha8([32]byte{9})
	out := make([]Frame, n)
	for i := range out {
		out[i] = Frame{Kind: PhotoPush, Bytes: make([]byte, size+i)}
		_, _ = random.Read(out[i].Bytes) // never fails
	}
	return out
}

// imported verifies a bundle and takes its frames.
func imported(opt ReadOptions) (got []Frame, err error) {
	b, err := Verify(context.Background(), opt)
	if err != nil {
		return nil, err
	}
	err = b.Frames(context.Background(), func(f Frame) error { got = append(got, f); return nil })
	return got, err
}

func TestABundleArrives(t *testing.T) {
	r := newRoute(t)
	rapid.Check(t, func(t *rapid.T) {
		var want []Frame
		for range rapid.IntRange(0, 5).Draw(t, "frames") {
			want = append(want, Frame{Kind: Kind(rapid.ByteRange(1, 20).Draw(t, "kind")), Bytes: make([]byte, rapid.OneOf(rapid.IntRange(0, 200), rapid.IntRange(60_000, 140_000)).Draw(t, "size"))})
		}
		size := rapid.OneOf(rapid.Int64Range(SmallestPart, SmallestPart+400), rapid.Int64Range(60_000, 70_000), rapid.Just(int64(DefaultPart))).Draw(t, "part")
		s := stick{}
		opt := r.write(s, size)
		up, down := int64(0), int64(0)
		opt.Moved = func(n int64) { up = n }
		w, err := NewWriter(opt)
		if err != nil {
			t.Fatal(err)
		}
		total := int64(0)
		for _, f := range want {
			total += int64(len(f.Bytes))
			if err := w.Put(f); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		all := int64(0)
		for n := range w.Parts() {
			if b := int64(len(s[n+1])); b > size || b == 0 {
				t.Fatalf("part %d has %d bytes of %d", n+1, b, size)
			} else {
				all += b
			}
		}
		in := r.read(s)
		in.Moved = func(n int64) { down = n }
		b, err := Verify(t.Context(), in)
		if err != nil || b.Header != w.Header || b.Parts != len(s) || b.Bytes != all || b.Len() != len(want) || up != total || down != all {
			t.Fatalf("%+v of %+v, %d parts, %d bytes, up %d, down %d: %v", b, w.Header, len(s), all, up, down, err)
		}
		var got []Frame
		if err := b.Frames(t.Context(), func(f Frame) error { got = append(got, f); return nil }); err != nil {
			t.Fatal(err)
		}
		for i := range want {
			if got[i].Kind != want[i].Kind || !bytes.Equal(got[i].Bytes, want[i].Bytes) {
				t.Fatalf("frame %d is another", i)
			}
		}
	})
}

func TestMessagesTravelInFrames(t *testing.T) {
	r, s := newRoute(t), stick{}
	w, err := NewWriter(r.write(s, 0))
	if err != nil {
		t.Fatal(err)
	}
	want := &wire.Request{Protocol: wire.Protocol, Nonce: wire.Short{3}}
	if err := errors.Join(Put(w, want), Put(w, &wire.Answer{Time: 3}), Put(w, &wire.PhotoPush{}), Put(w, &wire.PhotoTaken{}), Put(w, &wire.PhotoPull{}),
		Put(w, &wire.PhotoSent{}), Put(w, &wire.JoinAsk{}), Put(w, &wire.JoinAnswer{}), w.Close()); err != nil {
		t.Fatal(err)
	}
	got, err := imported(r.read(s))
	if err != nil || len(got) != 8 {
		t.Fatalf("%d frames: %v", len(got), err)
	}
	if m, err := Get[wire.Request](got[0]); err != nil || m.Nonce != want.Nonce {
		t.Errorf("%+v: %v", m, err)
	}
	if _, err := Get[wire.Request](got[1]); !errors.Is(err, ErrDamaged) {
		t.Errorf("an answer was read as a request: %v", err)
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	r := newRoute(t)
	good, other := stick{}, stick{}
	fill(t, r.write(good, SmallestPart), frames(3, 3000))
	otherOptions := r.write(other, SmallestPart)
	otherOptions.Rand = rand.NewChaCha8([32]byte{77})
	fill(t, otherOptions, frames(3, 3000))
	if len(good) < 3 {
		t.Fatalf("%d parts", len(good))
	}
	for what, c := range map[string]struct {
		spoil func(stick, *ReadOptions)
		want  error
	}{
		"half copied":       {func(s stick, _ *ReadOptions) { s[2] = s[2][:len(s[2])/2] }, ErrCut},
		"empty file":        {func(s stick, _ *ReadOptions) { s[3] = nil }, ErrCut},
		"a part missing":    {func(s stick, _ *ReadOptions) { delete(s, 2) }, ErrMissing},
		"nothing there":     {func(s stick, _ *ReadOptions) { clear(s) }, ErrMissing},
		"last part missing": {func(s stick, _ *ReadOptions) { delete(s, len(s)) }, ErrMissing},
		"parts exchanged":   {func(s stick, _ *ReadOptions) { s[2], s[3] = s[3], s[2] }, ErrMixed},
		"another's part":    {func(s stick, _ *ReadOptions) { s[2] = other[2] }, ErrMixed},
		"no bundle":         {func(s stick, _ *ReadOptions) { s[1] = bytes.Repeat([]byte("PK"), 500) }, ErrNotBundle},
		"for another":       {func(_ stick, o *ReadOptions) { o.Me = event.ID{99} }, ErrAddress},
		"for another's key": {func(_ stick, o *ReadOptions) { o.Identity = newRoute(t).identity }, ErrAddress},
		"another's signature": {func(_ stick, o *ReadOptions) {
			o.Sender = func(Header) (ed25519.PublicKey, error) { return seed(2).Public().(ed25519.PublicKey), nil }
		}, ErrSender},
		"unknown sender": {func(_ stick, o *ReadOptions) {
			o.Sender = func(Header) (ed25519.PublicKey, error) { return nil, wire.ErrRevokedNode }
		}, wire.ErrRevokedNode},
		"too old": {func(_ stick, o *ReadOptions) { o.Now = expires }, ErrExpired},
		"a bit":   {func(s stick, _ *ReadOptions) { s[2][900] ^= 1 }, ErrDamaged},
		"more at the end": {func(s stick, _ *ReadOptions) {
			s[3] = append(s[3], 0)
		}, ErrDamaged},
	} {
		s := good.copy()
		opt := r.read(s)
		c.spoil(s, &opt)
		if got, err := imported(opt); !errors.Is(err, c.want) || got != nil {
			t.Errorf("%s: %d frames, %v", what, len(got), err)
		}
	}
	late := r.read(good)
	late.Now = time.Time{}
	if _, err := Verify(t.Context(), late); err != nil {
		t.Errorf("without a clock: %v", err)
	}
	if h, err := Peek(good.open); err != nil || h.From != sender || h.To != receiver || h.Expires != expires.UnixMilli() {
		t.Errorf("%+v %v", h, err)
	}
}

func TestAStickThatChangesHandsOnNothingElse(t *testing.T) {
	r := newRoute(t)
	first, second := stick{}, stick{}
	fill(t, r.write(first, 0), frames(3, 100))
	fill(t, r.write(second, 0), frames(2, 100)) // genuine, and shorter
	s := first.copy()
	b, err := Verify(t.Context(), r.read(s))
	if err != nil {
		t.Fatal(err)
	}
	s[1] = second[1]
	if err := b.Frames(t.Context(), func(Frame) error { return nil }); !errors.Is(err, ErrDamaged) {
		t.Errorf("another bundle was handed on: %v", err)
	}
	s[1] = first[1]
	stop := errors.New("disk full")
	if err := b.Frames(t.Context(), func(Frame) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the taker's error: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Verify(ctx, r.read(s)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// full is a stick with room for so many bytes.
type full struct{ room int }

func (f *full) Write(b []byte) (int, error) {
	if f.room -= len(b); f.room < 0 {
		return 0, errors.New("no space left")
	}
	return len(b), nil
}
func (f *full) Close() error { return nil }

func TestAFullStickIsNoticed(t *testing.T) {
	r := newRoute(t)
	for room := 0; room < 12_000; room += 500 {
		f := &full{room}
		opt := r.write(nil, SmallestPart)
		opt.Create = func(int) (io.WriteCloser, error) { return f, nil }
		w, err := NewWriter(opt)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range frames(4, 3000) {
			if err = w.Put(one); err != nil {
				break
			}
		}
		if again := w.Close(); err == nil && again == nil {
			t.Errorf("12 kB fitted into %d bytes", room)
		}
		w.Abandon()
	}
	for what, spoil := range map[string]func(*WriteOptions){
		"recipient": func(o *WriteOptions) { o.Recipient = "age1nobody" }, "size": func(o *WriteOptions) { o.PartSize = 100 },
		"randomness": func(o *WriteOptions) { o.Rand = bytes.NewReader(nil) },
	} {
		opt := r.write(stick{}, 0)
		if spoil(&opt); func() error { _, err := NewWriter(opt); return err }() == nil {
			t.Errorf("a wrong %s was not noticed", what)
		}
	}
	w, err := NewWriter(r.write(stick{}, 0))
	if err != nil {
		t.Fatal(err)
	}
	if w.Put(Frame{}) == nil || w.Put(Frame{Kind: Answer, Bytes: make([]byte, wire.MaxBody+1)}) == nil {
		t.Error("a frame that nobody would read was written")
	}
}

func TestKindsStay(t *testing.T) {
	want := []Kind{0, 1, 2, 3, 4, 5, 6, 7, 8}
	if got := []Kind{end, Request, Answer, PhotoPush, PhotoTaken, PhotoPull, PhotoSent, JoinAsk, JoinAnswer}; !reflect.DeepEqual(got, want) {
		t.Errorf("kinds are %v", got)
	}
}
