package vault

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func drawPlace(t *rapid.T) Place {
	return Place{
		Table:  rapid.StringN(0, 12, -1).Draw(t, "table"),
		Row:    rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "row"),
		Column: rapid.StringN(0, 12, -1).Draw(t, "column"),
	}
}

func TestSealedValuesComeBackOnlyInTheirPlace(t *testing.T) {
	v := newNode(t).Vault
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		at, elsewhere := drawPlace(t), drawPlace(t)
		sealed, err := v.SealTo([]byte("before"), plain, at)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(sealed, []byte("before")) || len(sealed) != 6+Overhead+len(plain) {
			t.Fatalf("sealed into %d bytes", len(sealed))
		}
		opened, err := v.UnsealTo([]byte("after"), sealed[6:], at)
		if err != nil || !bytes.Equal(opened, append([]byte("after"), plain...)) {
			t.Fatalf("came back as %q, %v", opened, err)
		}
		same := at.Table == elsewhere.Table && bytes.Equal(at.Row, elsewhere.Row) && at.Column == elsewhere.Column
		if _, err := v.Unseal(sealed[6:], elsewhere); !same && !errors.Is(err, ErrSealed) {
			t.Fatalf("opened in %+v: %v", elsewhere, err)
		}
	})
}

// Letters must not wander between table, row and column without being noticed.
func TestPlacesDoNotRunTogether(t *testing.T) {
	v := newNode(t).Vault
	sealed := mustSeal(t, v, "x", Place{"ab", []byte("cd"), "ef"})
	for _, at := range []Place{
		{"abc", []byte("d"), "ef"}, {"ab", []byte("cde"), "f"}, {"a", []byte("bcd"), "ef"},
		{"abcdef", nil, ""}, {"", nil, "abcdef"}, {"ef", []byte("cd"), "ab"},
	} {
		if _, err := v.Unseal(sealed, at); !errors.Is(err, ErrSealed) {
			t.Errorf("%+v: %v", at, err)
		}
	}
}

func TestEverySingleBitCounts(t *testing.T) {
	v := newNode(t).Vault
	key, err := v.BoxKey()
	if err != nil {
		t.Fatal(err)
	}
	boxed, err := v.Box(key, []byte("Wayan"))
	if err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256([]byte("photo"))
	file, err := v.SealFile(hash, []byte("photo"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		sealed []byte
		open   func([]byte) ([]byte, error)
	}{
		"field": {mustSeal(t, v, "Wayan", place), func(b []byte) ([]byte, error) { return v.Unseal(b, place) }},
		"file":  {file, func(b []byte) ([]byte, error) { return v.UnsealFile(hash, b) }},
		"box":   {boxed, v.Unbox},
	} {
		if _, err := c.open(c.sealed); err != nil {
			t.Fatalf("%s: whole: %v", name, err)
		}
		for bit := range len(c.sealed) * 8 {
			bent := bytes.Clone(c.sealed)
			bent[bit/8] ^= 1 << (bit % 8)
			plain, err := c.open(bent)
			if !errors.Is(err, ErrSealed) && !errors.Is(err, ErrEpoch) || plain != nil {
				t.Fatalf("%s, bit %d: %q, %v", name, bit, plain, err)
			}
		}
		for n := range c.sealed {
			if plain, err := c.open(c.sealed[:n]); err == nil || plain != nil {
				t.Fatalf("%s, first %d bytes: %q, %v", name, n, plain, err)
			}
		}
	}
}

// What the destination has room for must not hold the value after a failure either.
func TestFailureLeavesNothingBehind(t *testing.T) {
	v := newNode(t).Vault
	sealed := mustSeal(t, v, "Wayan Kertasih", place)
	sealed[len(sealed)-1] ^= 1
	room := make([]byte, 0, 256)
	if _, err := v.UnsealTo(room, sealed, place); !errors.Is(err, ErrSealed) {
		t.Fatal(err)
	}
	if bytes.Contains(room[:cap(room)], []byte("Wayan")) {
		t.Fatal("plaintext of a failed value in the buffer")
	}
}

func TestKindsOfSealedBytesDoNotMix(t *testing.T) {
	v := newNode(t).Vault
	hash := sha256.Sum256([]byte("a"))
	file, err := v.SealFile(hash, []byte("a"))
	if err != nil {
		t.Fatal(err)
	}
	field := mustSeal(t, v, "a", filePlace(hash))
	_, err = v.Unseal(file, filePlace(hash))
	wantErr(t, err, ErrSealed)
	_, err = v.UnsealFile(hash, field)
	wantErr(t, err, ErrSealed)
	_, err = v.Unbox(field)
	wantErr(t, err, ErrSealed)
	_, err = v.UnsealFile(sha256.Sum256([]byte("b")), file)
	wantErr(t, err, ErrSealed)
	_, err = newNode(t).Unseal(field, filePlace(hash))
	wantErr(t, err, ErrSealed)
}

func TestFilesHaveALimit(t *testing.T) {
	v := newNode(t).Vault
	content := make([]byte, MaxFile+1)
	_, err := v.SealFile([32]byte{}, content)
	wantErr(t, err, ErrTooLarge)
	sealed, err := v.SealFile([32]byte{}, content[:MaxFile])
	if err != nil {
		t.Fatal(err)
	}
	opened, err := v.UnsealFile([32]byte{}, sealed)
	if err != nil || len(opened) != MaxFile {
		t.Fatalf("%d bytes, %v", len(opened), err)
	}
	_, err = v.UnsealFile([32]byte{}, append(sealed, 0))
	wantErr(t, err, ErrTooLarge)
}

func TestTags(t *testing.T) {
	n := newNode(t)
	tag := func(v *Vault, kind, value string) string {
		t.Helper()
		b, err := v.Tag(kind, value)
		if err != nil || len(b) != TagSize {
			t.Fatalf("tag %x, %v", b, err)
		}
		return string(b)
	}
	nik := tag(n.Vault, "nik", "3510014107990001")
	again, err := restarted(t, []Slot{n.officer}, Password(sari))
	if err != nil {
		t.Fatal(err)
	}
	if tag(again, "nik", "3510014107990001") != nik {
		t.Error("another tag after a restart")
	}
	for name, other := range map[string]string{
		"value": tag(n.Vault, "nik", "3510014107990002"),
		"kind":  tag(n.Vault, "phone", "3510014107990001"),
		"node":  tag(newNode(t).Vault, "nik", "3510014107990001"),
	} {
		if other == nik {
			t.Errorf("same tag for another %s", name)
		}
	}
}

func TestAClosedVaultDoesNothingButBox(t *testing.T) {
	n := newNode(t)
	key, err := n.BoxKey()
	if err != nil {
		t.Fatal(err)
	}
	sealed := mustSeal(t, n.Vault, "Wayan", place)
	n.Close()
	n.Close()

	closed := map[string]error{}
	_, closed["Seal"] = n.Seal(nil, place)
	_, closed["Unseal"] = n.Unseal(sealed, place)
	_, closed["SealFile"] = n.SealFile([32]byte{}, nil)
	_, closed["UnsealFile"] = n.UnsealFile([32]byte{}, sealed)
	_, closed["Tag"] = n.Tag("nik", "1")
	_, closed["Tags"] = n.Tags("nik", "1")
	_, closed["BoxKey"] = n.BoxKey()
	_, closed["Epochs"] = n.Epochs()
	_, closed["Rotate"] = n.Rotate([]Slot{n.recovery})
	_, closed["Refresh"] = n.Refresh([]Slot{n.recovery})
	_, closed["AddCentre"] = n.AddCentre([32]byte{9})
	_, closed["AddSlot"] = n.AddSlot(t.Context(), Password(sari))
	for name, err := range closed {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}

	boxed, err := n.Box(key, []byte("kunjungan"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = n.Unbox(boxed)
	wantErr(t, err, ErrClosed)
	if _, err := n.Open(t.Context(), []Slot{n.officer}, Password(sari)); err != nil {
		t.Fatal(err)
	}
	if plain, err := n.Unbox(boxed); err != nil || string(plain) != "kunjungan" {
		t.Fatalf("%q, %v", plain, err)
	}
	for _, bad := range [][]byte{nil, key[1:], append([]byte{9}, key[1:]...), append(key, 0)} {
		_, err := n.Box(bad, nil)
		wantErr(t, err, ErrDamaged)
	}
}

func TestWithoutRandomnessNothingIsSealed(t *testing.T) {
	n := newNode(t)
	key, err := n.BoxKey()
	if err != nil {
		t.Fatal(err)
	}
	n.Vault.rand = bytes.NewReader(make([]byte, 10))
	if _, err := n.Seal([]byte("a"), place); err == nil {
		t.Error("sealed with half a nonce")
	}
	if _, err := n.Box(key, []byte("a")); err == nil {
		t.Error("boxed without an ephemeral key")
	}
	if _, err := n.Rotate([]Slot{n.recovery}); err == nil {
		t.Error("rotated to half a key")
	}
	n.Vault.rand = rand.Reader
	change, err := n.Rotate([]Slot{n.recovery})
	if err != nil {
		t.Fatalf("the failed rotation is still in the way: %v", err)
	}
	change.Discard()
}
