package directory

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"
)

// madeUp yields n people who do not exist, always the same for a seed. A few
// names are very frequent and many are rare, as in any district.
func madeUp(n int, seed int64, yield func(Entry) error) error {
	r := rand.New(rand.NewSource(seed))
	common := strings.Fields(`Siti Muhammad Moch. Nur Ahmad Sri Dewi Putri Abdul Agus Budi Eko Dwi Tri Rini Wahyu Hidayat Rahman Lestari Wati
		Saputra Setiawan Susanti Pratama Fitri Ayu Indah Kurniawan Santoso Wulandari Hasan Husein Nur'aini Rizky Bayu Dimas Galih Ratna Yuli Endang
		Slamet Supriyadi Suparman Hartono Rahayu Anggraini Maulana Firmansyah Ningsih Utami Permata Kusuma Jaya Aminah Khadijah Zahra Faisal Ilham`)
	rank := rand.NewZipf(r, 1.1, 4, uint64(len(common)-1))
	syllables := strings.Fields("a ba bu da de du gi ga ha hi ja ju ka ki ku la li lu ma mi mu na ni nu pa pu ra ri ru sa si su ta ti tu wa wi ya yu")
	coined := func() string {
		var b strings.Builder
		for range 2 + r.Intn(3) {
			b.WriteString(syllables[r.Intn(len(syllables))])
		}
		s := b.String()
		return strings.ToUpper(s[:1]) + s[1:]
	}
	for i := range n {
		words := make([]string, 1+r.Intn(4))
		for j := range words {
			if words[j] = common[rank.Uint64()]; r.Intn(8) == 0 {
				words[j] = coined()
			}
		}
		e := Entry{
			Name:    strings.Join(words, " "),
			Number:  fmt.Sprintf("%03d%02d0%05d%d", 1+r.Intn(40), 20+r.Intn(7), i%100000, r.Intn(10)),
			Birth:   fmt.Sprintf("%04d-%02d-%02d", 1950+r.Intn(70), 1+r.Intn(12), 1+r.Intn(28)),
			Village: fmt.Sprintf("64.99.%02d.%04d", 1+r.Intn(25), 2001+r.Intn(20)),
			Stage:   "issued", Member: true, Until: int64(20000 + r.Intn(1000)), Photo: make([]byte, 32),
		}
		if r.Intn(10) == 0 {
			e.Stage, e.Member, e.Number, e.Photo = "filled", false, "", nil
		}
		r.Read(e.ID[:])
		if e.Photo != nil {
			r.Read(e.Photo)
		}
		if err := yield(e); err != nil {
			return err
		}
	}
	return nil
}

// filled returns a directory that is ready and holds entries.
func filled(t testing.TB, entries ...Entry) *Directory {
	t.Helper()
	d := New()
	if err := d.Fill(t.Context(), listing(entries), nil); err != nil {
		t.Fatal(err)
	}
	return d
}

func listing(entries []Entry) func(func(Entry) error) error {
	return func(yield func(Entry) error) error {
		for _, e := range entries {
			if err := yield(e); err != nil {
				return err
			}
		}
		return nil
	}
}

// person is an entry with an id of one number.
func person(id byte, name, number, birth string) Entry {
	return Entry{ID: [16]byte{id}, Name: name, Number: number, Birth: birth, Member: number != ""}
}

func names(entries []Entry) string {
	var all []string
	for _, e := range entries {
		all = append(all, e.Name)
	}
	return strings.Join(all, " | ")
}
