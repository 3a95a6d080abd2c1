package bundle

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"io"
	"math/rand/v2"
	"reflect"
	"testing"

	"filippo.io/age"

	"simpul/sync/event"
)

var mutants = flag.Int("mutants", 3000, "how many spoilt bundles TestNoMutantIsAccepted tries; the full form is 100000")

// TestNoMutantIsAccepted spoils bundles in every way that copying, old sticks and
// somebody with bad intent can think of. None may be accepted and none may hand
// on a single frame. The full form is
//
//	go test ./sync/bundle -run Mutant -mutants 100000
func TestNoMutantIsAccepted(t *testing.T) {
	r := newRoute(t)
	good, old := stick{}, stick{}
	want := frames(4, 2500)
	header := fill(t, r.write(good, SmallestPart), want).Header
	opt := r.write(old, SmallestPart)
	opt.Rand = rand.NewChaCha8([32]byte{5})
	fill(t, opt, frames(5, 2000))
	if got, err := imported(r.read(good)); err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("the bundle itself: %v", err)
	}
	inside := opened(t, r, good)
	said := map[string]int{}
	for seed := range *mutants {
		m := &mutator{rand.New(rand.NewPCG(uint64(seed), 1))}
		s := good.copy()
		if m.IntN(4) == 0 {
			s = stick{}
			m.within(t, r, s, header, inside)
		} else {
			m.outside(s, old)
		}
		if reflect.DeepEqual(s, good) {
			continue
		}
		got, err := imported(r.read(s))
		if err == nil || len(got) > 0 {
			t.Fatalf("seed %d: accepted with %d frames, %v", seed, len(got), err)
		}
		said[err.Error()]++
	}
	t.Logf("%d kinds of refusal", len(said))
}

type mutator struct{ *rand.Rand }

// outside changes the files.
func (m *mutator) outside(s, old stick) {
	for range 1 + m.IntN(2) {
		n := 1 + m.IntN(3)
		b := s[n]
		at := 0
		if len(b) > 0 {
			at = m.IntN(len(b))
		}
		switch m.IntN(9) {
		case 0:
			s[n] = m.bit(b)
		case 1:
			s[n] = b[:at]
		case 2:
			s[n] = append(bytes.Clone(b), make([]byte, 1+m.IntN(600))...)
		case 3: // a run of zeros, as a bad stick returns
			clear(b[at:min(len(b), at+1+m.IntN(512))])
		case 4:
			s[n] = append(append(bytes.Clone(b[:at]), byte(m.Uint32())), b[at:]...)
		case 5:
			s[n] = append(bytes.Clone(b[:at]), b[min(len(b), at+1+m.IntN(100)):]...)
		case 6:
			s[n] = bytes.Clone(old[n])
		case 7: // begins as one and goes on as the other
			s[n] = append(bytes.Clone(b[:at]), old[n][min(len(old[n]), at):]...)
		case 8:
			other := 1 + m.IntN(3)
			s[n], s[other] = s[other], s[n]
			if m.IntN(2) == 0 {
				delete(s, n)
			}
		}
	}
}

func (m *mutator) bit(b []byte) []byte {
	if len(b) > 0 {
		b = bytes.Clone(b)
		b[m.IntN(len(b))] ^= 1 << m.IntN(8)
	}
	return b
}

// opened is what is encrypted in a bundle.
func opened(t *testing.T, r route, s stick) []byte {
	t.Helper()
	me, err := age.ParseX25519Identity(r.identity)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := age.Decrypt(&partReader{open: s.open, moved: func(int) {}}, me)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// within is somebody who knows the receiver's recipient, which is no secret, but
// not the sender's key: everything about the files is right but what they say.
func (m *mutator) within(t *testing.T, r route, s stick, header Header, inside []byte) {
	t.Helper()
	raw := bytes.Clone(inside)
	switch m.IntN(5) {
	case 0:
		raw = m.bit(raw)
	case 1:
		raw = raw[:m.IntN(len(raw))]
	case 2: // signed with another key
		raw = raw[:len(raw)-ed25519.SignatureSize]
		raw = append(raw, ed25519.Sign(seed(3), signed(sha256.Sum256(raw)))...)
	case 3: // something after the end
		raw = append(raw, byte(m.Uint32()))
	case 4: // the same for later or for another, in the clear and inside
		header.Expires += 1 + m.Int64N(1<<40)
		header.Made += m.Int64N(2)
		again, err := event.Encode(header)
		if err != nil {
			t.Fatal(err)
		}
		size := 2 + int(binary.BigEndian.Uint16(raw))
		raw = append(append(binary.BigEndian.AppendUint16(nil, uint16(len(again))), again...), raw[size:]...)
	}
	encoded, err := event.Encode(header)
	if err != nil {
		t.Fatal(err)
	}
	parts := &partWriter{header: encoded, size: SmallestPart, create: s.create}
	to, err := age.ParseX25519Recipient(r.recipient)
	if err != nil {
		t.Fatal(err)
	}
	w, err := age.Encrypt(parts, to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := parts.close(); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(raw, inside) {
		clear(s)
	}
}

// FuzzRead takes any bytes for a stick with one file.
func FuzzRead(f *testing.F) {
	r, s := newRoute(f), stick{}
	fill(f, r.write(s, 0), frames(2, 50))
	f.Add(s[1])
	f.Add([]byte(magic))
	f.Add(append([]byte(magic), 0, 1, 0xa0, 0, 0, 0, 1, 0, 0, 0, 0, 1))
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := imported(r.read(stick{1: raw}))
		if (err == nil) != bytes.Equal(raw, s[1]) || (err != nil && got != nil) {
			t.Fatalf("%d frames: %v", len(got), err)
		}
	})
}
