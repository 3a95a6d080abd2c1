package card

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"strings"
	"testing"
	"time"
)

func made() time.Time { return time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC) }

// sample is a made-up member.
func sample() Face {
	return Face{
		Heading:    "Kartu Tanda Anggota Perpustakaan",
		Subheading: "Dinas Perpustakaan dan Kearsipan · Kabupaten Banyuwangi",
		Name:       "Ayu Lestari Wulandari", NumberRaw: "014260001237", NumberGrouped: "014 26 0 00123 7",
		KindLabel: "Umum", Branch: "Genteng", ValidUntil: "23-11-2029",
		Labels: Labels{"Jenis anggota", "Terdaftar di", "Berlaku s.d.", "Ketentuan"},
		Rules: []string{
			"Kartu ini milik perpustakaan dan hanya dipakai oleh pemiliknya.",
			"Bawa kartu setiap kali berkunjung atau meminjam buku.",
			"Kartu hilang? Beri tahu petugas; kartu lama langsung ditutup dan diganti.",
			"Menemukan kartu ini? Antarkan ke perpustakaan terdekat. Terima kasih.",
		},
	}
}

// hardFaces are people whose names, numbers and branches strain the layout.
func hardFaces() map[string]Face {
	with := func(change func(*Face)) Face { f := sample(); change(&f); return f }
	return map[string]Face{
		"plain":    sample(),
		"one word": with(func(f *Face) { f.Name = "Suparman" }),
		"sixty": with(func(f *Face) {
			f.Name = "Raden Ajeng Kusumaningtyas Wijayanti Puspitasari Hadiningrat"
			f.PhotoNote = "Foto menyusul"
		}),
		"hundred":   with(func(f *Face) { f.Name = strings.Repeat("Wimbawati Mangunkusumo ", 5) }),
		"one long":  with(func(f *Face) { f.Name = strings.Repeat("Mahawijaya", 10) }),
		"wide":      with(func(f *Face) { f.Name = strings.Repeat("W", 60) }),
		"no name":   with(func(f *Face) { f.Name = "" }),
		"strange":   with(func(f *Face) { f.Name = "Nur 😀 'Aini\u202e \x00=SUM(A1) 王" }),
		"foreign":   with(func(f *Face) { f.NumberRaw, f.NumberGrouped = "JKT-2026-000123", "" }),
		"sixteen":   with(func(f *Face) { f.NumberRaw, f.NumberGrouped = "2026112300012345", "" }),
		"short":     with(func(f *Face) { f.NumberRaw, f.NumberGrouped = "7", "" }),
		"signed QR": with(func(f *Face) { f.QR = signedLooking() }),
		"long words": with(func(f *Face) {
			f.Branch = "Perpustakaan Keliling Kecamatan Glenmore dan Kalibaru Wetan"
			f.KindLabel = "Pelajar sekolah menengah pertama dan atas"
			f.Labels.Registered = "Terdaftar pertama kali di perpustakaan"
			f.Heading = strings.Repeat("Kartu Tanda Anggota ", 8)
		}),
		"photo": with(func(f *Face) { f.Photo = drawnPhoto() }),
		"light": with(func(f *Face) {
			f.Ink, f.Accent = color.RGBA{0xf6, 0xd9, 0x6b, 0xff}, color.RGBA{0xb3, 0x26, 0x1e, 0xff}
		}),
	}
}

// signedLooking has the size and alphabet of the longest signed QR: 204 bytes of base45 with a prefix.
func signedLooking() []byte {
	const base45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
	b := []byte("KTA1:")
	for i := 0; len(b) < 311; i++ {
		b = append(b, base45[(i*i*7+i*13+5)%45])
	}
	return b
}

// drawnPhoto is a face made of circles.
func drawnPhoto() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 240, 320))
	for y := range 320 {
		for x := range 240 {
			c := color.RGBA{uint8(120 + y/4), uint8(160 + x/8), 190, 255}
			if math.Hypot(float64(x-120), float64(y-130)) < 62 {
				c = color.RGBA{0xc9, 0x95, 0x6b, 255}
			}
			if math.Hypot(float64(x-120), float64(y-330)) < 120 {
				c = color.RGBA{0x2f, 0x5d, 0x8a, 255}
			}
			img.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 70}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func pdfOf(t *testing.T, faces ...Face) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := PDF(&b, Faces(faces...), Options{Made: made(), Title: "Kartu"}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
