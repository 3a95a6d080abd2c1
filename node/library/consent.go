package library

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// ConsentKind is what a person agrees to. Each kind is asked for by itself (UU 27/2022 art. 22).
type ConsentKind string

// Membership needs its consent; a photo may be refused and the card is made without one.
const (
	ConsentMembership ConsentKind = "membership"
	ConsentPhoto      ConsentKind = "photo"
)

// ConsentText is the text a person reads before agreeing. The event of the consent keeps Version and Hash as its proof.
type ConsentText struct {
	Kind    ConsentKind
	Version string
	Title   string
	Body    string // paragraphs, each on its own line
}

// Hash returns the SHA-256 of kind, version, title and body in hexadecimal: what was read, to the letter.
func (t ConsentText) Hash() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(t.Kind), t.Version, t.Title, t.Body}, "\n")))
	return hex.EncodeToString(sum[:])
}

// Paragraphs returns the body for the screen and for print.
func (t ConsentText) Paragraphs() []string { return strings.Split(t.Body, "\n") }

// DefaultConsents returns the texts shipped with the program, in Indonesian, with what UU 27/2022 art. 21 wants said: legality,
// purpose, kind of data and why, retention, details collected, period of use, rights. Controller is the office that answers for the
// data; keepYears is how long a record stays after the membership ends, as the retention schedule in the settings has it.
func DefaultConsents(controller string, keepYears int) []ConsentText {
	return []ConsentText{
		{Kind: ConsentMembership, Version: "keanggotaan-1", Title: "Persetujuan data anggota", Body: strings.Join([]string{
			fmt.Sprintf("%s mencatat data Anda untuk menjadikan Anda anggota perpustakaan. Dasarnya UU 43/2007 tentang Perpustakaan, Peraturan Bupati Banyuwangi 30/2024, SOP 188/OU/429.118/2025, dan UU 27/2022 tentang Pelindungan Data Pribadi.", controller),
			"Data yang dicatat: jenis dan nomor identitas, nama, tempat dan tanggal lahir, jenis kelamin, alamat, pendidikan, pekerjaan, sekolah atau tempat kerja, serta nomor telepon dan email bila Anda memberikannya. Untuk anak: nama, hubungan, telepon, dan jenis identitas orang tua atau wali.",
			"Data dipakai untuk memeriksa identitas, membuat dan memeriksa kartu, mencatat kunjungan dan peminjaman, menghubungi Anda tentang keanggotaan, dan membuat laporan jumlah tanpa nama. Nomor identitas perlu agar satu orang tidak tercatat dua kali; nomor itu tidak dicetak pada kartu.",
			fmt.Sprintf("Data disimpan dan dipakai selama Anda menjadi anggota, dan dihapus paling lama %d tahun setelah keanggotaan berakhir. Jumlah tanpa nama tetap disimpan.", keepYears),
			"Data dilihat oleh petugas perpustakaan di kabupaten ini. Data tidak dijual dan tidak dipakai untuk iklan.",
			"Anda berhak melihat dan meminta salinan data, memperbaikinya, menarik persetujuan, meminta data dihapus, dan mengajukan keberatan. Sampaikan kepada petugas di perpustakaan mana pun. Setelah persetujuan ditarik, keanggotaan berakhir.",
		}, "\n")},
		{Kind: ConsentPhoto, Version: "foto-1", Title: "Persetujuan foto", Body: strings.Join([]string{
			fmt.Sprintf("%s memasang foto Anda pada kartu anggota dan pada catatan keanggotaan. Dasarnya persetujuan Anda, menurut UU 27/2022 tentang Pelindungan Data Pribadi.", controller),
			"Foto dipakai petugas untuk memastikan bahwa pemegang kartu adalah pemiliknya. Foto tidak dikenali oleh mesin dan tidak dipakai untuk hal lain.",
			"Foto disimpan dan dipakai selama kartu berlaku, dan dihapus bila diganti, bila keanggotaan berakhir, atau bila Anda memintanya.",
			"Anda boleh menolak. Kartu tetap dibuat, tanpa foto. Anda berhak melihat, mengganti, dan meminta foto dihapus kapan saja melalui petugas.",
		}, "\n")},
	}
}

// DefaultConsent returns one of DefaultConsents; the zero text for an unknown kind.
func DefaultConsent(kind ConsentKind, controller string, keepYears int) ConsentText {
	for _, text := range DefaultConsents(controller, keepYears) {
		if text.Kind == kind {
			return text
		}
	}
	return ConsentText{}
}
