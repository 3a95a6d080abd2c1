package vault

import (
	"crypto/rand"
	"testing"
)

// BenchmarkUnsealMember is one row of the directory at unlock: 100,000 of them are wanted within 0.3 s.
func BenchmarkUnsealMember(b *testing.B) {
	v := newNode(b).Vault
	sealed := mustSeal(b, v, "Ni Wayan Sulastri Kusumaningtyas|Dusun Krajan RT 02 RW 05|1999-07-01", place)
	dst := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if dst, err = v.UnsealTo(dst[:0], sealed, place); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnsealParallel(b *testing.B) {
	v := newNode(b).Vault
	sealed := mustSeal(b, v, "Ni Wayan Sulastri Kusumaningtyas|Dusun Krajan RT 02 RW 05|1999-07-01", place)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		dst := make([]byte, 0, 256)
		for pb.Next() {
			var err error
			if dst, err = v.UnsealTo(dst[:0], sealed, place); err != nil {
				b.Error(err)
			}
		}
	})
}

func BenchmarkSealMember(b *testing.B) {
	v := newNode(b).Vault
	plain := []byte("Ni Wayan Sulastri Kusumaningtyas|Dusun Krajan RT 02 RW 05|1999-07-01")
	dst := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if dst, err = v.SealTo(dst[:0], plain, place); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTag(b *testing.B) {
	v := newNode(b).Vault
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Tag("nik", "3510014107990001"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSealPhoto(b *testing.B) {
	v := newNode(b).Vault
	content := make([]byte, 150<<10)
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		if _, err := v.SealFile([32]byte{}, content); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenWithPassword(b *testing.B) {
	v, err := New(rand.Reader, DefaultParams())
	if err != nil {
		b.Fatal(err)
	}
	code := newCode(b)
	if _, err := v.Create(b.Context(), code); err != nil {
		b.Fatal(err)
	}
	slot, err := v.AddSlot(b.Context(), Password(sari))
	if err != nil {
		b.Fatal(err)
	}
	v.Close()
	for b.Loop() {
		if _, err := v.Open(b.Context(), []Slot{slot}, Password(sari)); err != nil {
			b.Fatal(err)
		}
		v.Close()
	}
}
