package photo

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"simpul/node/library"
)

// xorSealer stands for the vault: it hides the plain bytes and notices a foreign seal.
type xorSealer struct{}

func (xorSealer) SealFile(hash [32]byte, plain []byte) ([]byte, error) {
	out := append([]byte{}, hash[:]...)
	for _, b := range plain {
		out = append(out, b^0x5a)
	}
	return out, nil
}

func (xorSealer) OpenFile(hash [32]byte, sealed []byte) ([]byte, error) {
	if len(sealed) < 32 || !bytes.Equal(sealed[:32], hash[:]) {
		return nil, errors.New("foreign seal")
	}
	var out []byte
	for _, b := range sealed[32:] {
		out = append(out, b^0x5a)
	}
	return out, nil
}

func open(t *testing.T, dir string) *Files {
	t.Helper()
	f, err := NewFiles(dir, xorSealer{})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFilesKeepAndGiveBack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "photos")
	f := open(t, dir)
	plain := []byte("made-up picture of nobody")
	hash, err := f.Put(plain)
	if err != nil || hash != sha256.Sum256(plain) {
		t.Fatal(hash, err)
	}
	if again, err := f.Put(plain); err != nil || again != hash {
		t.Errorf("the same again: %v", err)
	}
	f = open(t, dir) // another day
	if got, err := f.Get(hash); err != nil || !bytes.Equal(got, plain) || !f.Has(hash) {
		t.Errorf("%q %v", got, err)
	}
	onDisk, err := os.ReadFile(f.path(hash))
	if err != nil || bytes.Contains(onDisk, []byte("picture")) {
		t.Errorf("plain on disk: %v", err)
	}
	if err := f.Remove(hash); err != nil {
		t.Error(err)
	}
	if err := f.Remove(hash); err != nil {
		t.Errorf("removing what is gone: %v", err)
	}
	if _, err := f.Get(hash); !errors.Is(err, ErrMissing) || library.KindOf(err) != library.KindNotFound || f.Has(hash) {
		t.Errorf("%v", err)
	}
}

func TestDamageIsNoticedAndMended(t *testing.T) {
	f := open(t, t.TempDir())
	plain := []byte("made-up picture")
	hash, err := f.Put(plain)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := os.ReadFile(f.path(hash))
	if err != nil {
		t.Fatal(err)
	}
	sealed[len(sealed)-1] ^= 1
	if err := os.WriteFile(f.path(hash), sealed, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Get(hash); !errors.Is(err, ErrDamaged) {
		t.Errorf("%v", err)
	}
	if _, err := f.Put(plain); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Get(hash); err != nil {
		t.Errorf("not mended: %v", err)
	}
	if err := os.WriteFile(f.path(hash), []byte("cut"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Get(hash); err == nil {
		t.Error("a foreign seal was opened")
	}
}

func TestUnfinishedFilesGoAndNamesAreWalked(t *testing.T) {
	dir := t.TempDir()
	f := open(t, dir)
	want := map[[32]byte]bool{}
	for _, s := range []string{"a", "b", "c"} {
		hash, err := f.Put([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		want[hash] = true
	}
	left := filepath.Join(dir, temporary, "123")
	stray := filepath.Join(dir, "Thumbs.db")
	for _, p := range []string{left, stray} {
		if err := os.WriteFile(p, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f = open(t, dir)
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("unfinished file stayed: %v", err)
	}
	got := map[[32]byte]bool{}
	if err := f.Walk(func(h [32]byte) error { got[h] = true; return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Errorf("walked %d of %d", len(got), len(want))
	}
	for h := range want {
		if !got[h] {
			t.Errorf("%x was not walked", h)
		}
	}
	stop := errors.New("enough")
	if err := f.Walk(func([32]byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v", err)
	}
}

func TestManyPutAtOnce(t *testing.T) {
	f := open(t, t.TempDir())
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if _, err := f.Put([]byte{byte(i % 2)}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
