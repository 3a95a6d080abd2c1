package card

import "fmt"

// papers are made-up documents of each kind the branches print.
func papers() map[string]Paper {
	label := func(p, n int) string { return fmt.Sprintf("Halaman %d dari %d", p, n) }
	const library = "Dinas Perpustakaan dan Kearsipan Kabupaten Banyuwangi"
	var rows [][]string
	for i := range 64 {
		rows = append(rows, []string{fmt.Sprintf("014 26 0 %05d 7", i), fmt.Sprintf("Murid Contoh Nomor %d dengan Nama Panjang Sekali", i), "Kelas 4B", ""})
	}
	return map[string]Paper{
		"receipt": {
			Library: library, Title: "Daftar tanda terima kartu", Subtitle: "SDN Contoh 2 · Kelas 4B · 23-11-2026", PageLabel: label, Footer: "Dicetak 23-11-2026 14.02 di Genteng",
			Blocks: []Block{
				Paragraph{Text: "Kartu diterima dalam keadaan baik oleh anggota atau walinya."},
				Table{Columns: []Column{{"Nomor", 3, false}, {"Nama", 5, false}, {"Kelas", 1.6, false}, {"Tanda tangan", 3, false}}, Rows: rows, RowHeight: 10, Numbered: true},
				Signatures{{"Genteng, ......................", "Petugas", "", "NIP"}, {"", "Guru", "Bu Contoh Saja", ""}},
			},
		},
		"form": {
			Library: library, Title: "Formulir pendaftaran anggota", PageLabel: label,
			Blocks: []Block{
				Fields{Fields: []Field{{"NIK", "", 16}, {"Nama lengkap", "", 0}}},
				Fields{Columns: 2, Fields: []Field{{"Tempat lahir", "", 0}, {"Tanggal lahir", "", 8}, {"Telepon", "0812 0000 0000", 0}, {"RT", "003", 3}}},
				Choices{Label: "Jenis kelamin", Options: []string{"Laki-laki", "Perempuan"}, Ticked: []bool{false, true}},
				Choices{Label: "Pendidikan", Options: []string{"Belum sekolah", "SD/MI sederajat", "SMP/MTs sederajat", "SMA/SMK/MA sederajat", "Diploma", "Sarjana", "Pascasarjana"}},
				Heading("Persetujuan"), Paragraph{Text: "Data dipakai untuk keanggotaan perpustakaan dan disimpan selama menjadi anggota. Anda boleh melihat, memperbaiki dan meminta penghapusan data kapan saja di meja petugas."},
				Signatures{{"Banyuwangi, ....................", "Pendaftar atau wali", "", "nama terang"}},
			},
		},
		"recovery": {
			Library: library, Title: "Lembar pemulihan", Subtitle: "Simpan di lemari terkunci, jangan difoto.", PageLabel: label,
			Blocks: []Block{Paragraph{Text: "Dengan kata-kata ini data dapat dibuka bila semua petugas lupa kata sandi.", Large: true, Bold: true},
				Words{"sawah", "gunung", "perahu", "kopi", "melati", "ombak", "layang", "jendela", "kapas", "lentera", "padi", "rusa"}},
		},
		"register": {
			Library: library, Title: "Buku kunjungan", Landscape: true, PageLabel: label,
			Blocks: []Block{Table{Columns: []Column{{"Jam", 1, false}, {"Nama", 4, false}, {"L/P", 1, false}, {"Keperluan", 3, false}, {"Jumlah", 1, true}}, Blank: 40, RowHeight: 9, Numbered: true}},
		},
	}
}
