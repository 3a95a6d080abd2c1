package vault

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	mathrand "math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// fuzzed is the same node in every process of a fuzzing run, so that seeds mean the same in all of them.
func fuzzed(f *testing.F) node {
	f.Helper()
	return newNodeFrom(f, mathrand.NewChaCha8([32]byte([]byte("the same node in every process.."))))
}

func FuzzUnseal(f *testing.F) {
	n := fuzzed(f)
	key, err := n.BoxKey()
	if err != nil {
		f.Fatal(err)
	}
	boxed, err := n.Box(key, []byte("kunjungan"))
	if err != nil {
		f.Fatal(err)
	}
	hash := sha256.Sum256([]byte("photo"))
	file, err := n.SealFile(hash, []byte("photo"))
	if err != nil {
		f.Fatal(err)
	}
	made := [][]byte{mustSeal(f, n.Vault, "Wayan", place), boxed, file}
	for _, b := range made {
		f.Add(b)
		f.Add(b[:len(b)-1])
	}
	f.Add([]byte{})
	f.Add([]byte{1, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, open := range []func([]byte) ([]byte, error){
			func(b []byte) ([]byte, error) { return n.Unseal(b, place) },
			func(b []byte) ([]byte, error) { return n.UnsealFile(hash, b) },
			n.Unbox,
		} {
			plain, err := open(b)
			if err == nil && !slices.ContainsFunc(made, func(m []byte) bool { return bytes.Equal(m, b) }) {
				t.Fatalf("%x opened as %q", b, plain)
			}
			if err != nil && plain != nil {
				t.Fatalf("%x failed and gave %q", b, plain)
			}
		}
	})
}

func FuzzSlotBytes(f *testing.F) {
	n := fuzzed(f)
	b, err := n.officer.MarshalBinary()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add(b[:40])
	f.Add(bytes.Repeat([]byte{0xff}, 400))
	f.Fuzz(func(t *testing.T, b []byte) {
		var s Slot
		if s.UnmarshalBinary(b) != nil {
			return
		}
		back, err := s.MarshalBinary()
		if err != nil || !bytes.Equal(back, b) {
			t.Fatalf("%x came back as %x, %v", b, back, err)
		}
		if s.Params.Memory > 1<<12 || s.Params.Time > 2 {
			return // a damaged cost within bounds: right, and slow
		}
		v := newVault(t)
		if _, err := v.Open(t.Context(), []Slot{s}, Password(sari)); err == nil && !bytes.Equal(s.WrappedPrivate, n.officer.WrappedPrivate) {
			t.Fatalf("another slot opened: %x", b)
		}
	})
}

func FuzzRing(f *testing.F) {
	n := fuzzed(f)
	f.Add(n.ring.encode())
	f.Add([]byte{1})
	f.Add(bytes.Repeat([]byte{1}, ringHeader+ringEntry))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := parseRing(b)
		if err == nil && !bytes.Equal(r.encode(), b) {
			t.Fatalf("%x is read as %x", b, r.encode())
		}
	})
}

func FuzzKeyFile(f *testing.F) {
	content, err := NewKeyFile(rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Add([]byte(keyFileMagic))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseKeyFile(b)
		if err == nil && (len(b) != keyFileSize || !bytes.Contains(b, c.secret)) {
			t.Fatalf("%x was taken", b)
		}
	})
}

func FuzzParseRecoveryCode(f *testing.F) {
	words := newCode(f).Words()
	f.Add(strings.Join(words, " "))
	f.Add("1. " + strings.ToUpper(strings.Join(words, "\r\n2. ")))
	f.Add(strings.Join(words[:14], " "))
	f.Add("Kabut kabut \xff k\u212aabut")
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := ParseRecoveryCode(typed)
		if err != nil {
			if code != (RecoveryCode{}) {
				t.Fatal("an error and a code")
			}
			return
		}
		again, err := ParseRecoveryCode(strings.Join(code.Words(), " "))
		if err != nil || again != code {
			t.Fatalf("%q is not read back: %v", typed, err)
		}
	})
}
