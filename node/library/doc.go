// Package library holds the nouns of a district's libraries and their rules: identity numbers, member numbers, the
// registration form, the steps and times of the SOP, regions, codes, roles and consent texts. It must stay pure: the standard
// library only, no clock, no randomness of its own, no disk, no HTTP. Whoever needs today's date passes it in.
//
// Glossary: each English term of the code, and its word on the screen.
//
//	branch            cabang                      one library building
//	card              kartu anggota (KTA)         the online member card of SOP step 5
//	centre            pusat                       the office that collects what all nodes recorded
//	class mode        kelas                       registering a class at once
//	consent           persetujuan                 agreement to the use of personal data
//	desk              meja layanan                where officers work
//	district          kecamatan                   six-digit region
//	guardian          orang tua / wali            adult who consents for a child
//	handover          penyerahan                  giving the card to its member (SOP step 6)
//	identity          identitas                   KTP, KIA, KK or IKD shown in SOP step 2
//	late entry        catat susulan               typing in a day kept on paper
//	member            anggota                     a person with a card
//	member kind       jenis anggota               umum, pelajar, mahasiswa …
//	member number     nomor anggota               NNN YY I SSSSS C
//	NIK               NIK                         population identity number
//	node              simpul                      one running Simpul on one PC
//	officer           petugas                     who works at the desk
//	purpose           keperluan                   why somebody visits
//	refusal           tidak dikabulkan            an application not granted, with its reason
//	regency           kabupaten / kota            four-digit region
//	registration      pendaftaran                 one application for membership
//	stop              titik layanan               where a van stands
//	van               perpustakaan keliling       mobile library
//	verification      pemeriksaan data            SOP step 4
//	village           desa / kelurahan            ten-digit region
//	village library   perpustakaan desa           library of a village
//	visit             kunjungan                   one line in the register (SOP step 1)
//	visitor           pemustaka                   a person at the library, member or not
package library
