package ui

import (
	"time"

	"simpul/node/library"
	"simpul/ui/view"
)

type say = func(key string, args ...any) string

// frameSamples are the pages of no area in particular.
func frameSamples() []sample {
	return []sample{
		{"signin", "signin", func(t say) view.Framed {
			v := &view.SignIn{Carry: "x", Reopen: "/x", Login: view.Choice{Name: "login", Label: t("signin.officer"), Value: "a",
				Options: []view.Option{{Value: "a", Text: "Siti Rahayu"}, {Value: "b", Text: "Bagus Wicaksono"}}},
				Password: view.Field{Name: "password", Label: t("signin.password"), Kind: "password", Focus: true}}
			v.Title = t("signin.title")
			v.Page.Officer.Name = "-"
			return v
		}},
		{"resume", "resume", func(t say) view.Framed {
			v := &view.Resume{Action: "/daftar", Fields: []view.Hidden{{Name: "name", Value: "Ayu Lestari"}}}
			v.Title = t("resume.title")
			return v
		}},
		{"error", "error", func(t say) view.Framed {
			v := &view.Error{Text: t("error.unavailable"), Hint: t("error.unavailable.hint"), Code: "k3h7q2mzn4",
				Home: view.Link{Path: "/meja", Text: t("error.home")}, Retry: &view.Resume{Action: "/daftar"}}
			v.Title = t("error.title")
			return v
		}},
	}
}

// deskSamples are the pages at the counter.
func deskSamples() []sample {
	return []sample{
		{"desk", "desk", deskSample(queueRows())},
		{"desk-empty", "desk", deskSample(nil)},
		{"verify", "verify", verifySample},
	}
}

func deskSample(rows []view.QueueRow) func(say) view.Framed {
	return func(t say) view.Framed {
		v := &view.Desk{Greeting: t("desk.noon", "Siti"), Today: time.Date(2026, 11, 23, 14, 2, 0, 0, library.WIB()),
			Queue: view.Queue{Today: len(rows), Postponed: 2, Rows: rows},
			Numbers: view.Today{Visits: view.Visits{Total: 47, Members: 29, Guests: 12, Groups: 1, GroupPeople: 6},
				Issued: view.Issued{Cards: 9, Median: minutes(13, 20), Standard: minutes(19, 0)}},
			Find: true, Ways: []view.Way{{Link: view.Link{Path: "/kelas", Text: t("class.title")}, Icon: "class"},
				{Link: view.Link{Path: "/kartu", Text: t("cards.title")}, Icon: "card"}, {Link: view.Link{Path: "/daftar/selesai", Text: t("ended.title")}, Icon: "clock"}}}
		v.Title = t("desk.title")
		return v
	}
}

func queueRows() []view.QueueRow {
	return []view.QueueRow{
		{ID: "a", Name: "Ayu Lestari", Note: "KTP · mulai 13.51", Primary: true, Path: "/x",
			Steps: view.Steps{Current: 4, Clock: view.Clock{Elapsed: minutes(1, 52), Standard: minutes(3, 0), Running: true}}},
		{ID: "b", Name: "Bagas Prayoga", Note: "KIA · diisi dari telepon", Primary: true, Path: "/x",
			Steps: view.Steps{Current: 5, Clock: view.Clock{Elapsed: minutes(7, 10), Standard: minutes(5, 0), Running: true}}},
		{ID: "c", Name: "Moch. Fathur Rozi", Note: "FC KK · dari kunjungan", Path: "/x",
			Steps: view.Steps{Current: 2, Clock: view.Clock{Elapsed: minutes(0, 48), Standard: minutes(3, 0), Running: true}}},
	}
}

func verifySample(t say) view.Framed {
	v := &view.Verify{Registration: registrationSample(t, 4),
		Rows: []view.VerifyRow{
			{Field: "nik", Label: "NIK", Value: "3510 1247 0598 0003", Ticked: true},
			{Field: "name", Label: "Nama", Value: "Ayu Lestari Wulandari", Ticked: true},
			{Field: "birth", Label: "Tempat, tanggal lahir", Value: "Banyuwangi, 07-05-1998", Current: true,
				Note: "Pada NIK tertulis tanggal 7 Mei 1998 dan perempuan: cocok.", Strong: "Periksa tempat lahir."},
			{Field: "sex", Label: "Jenis kelamin", Value: "Perempuan"},
			{Field: "address", Label: "Alamat, RT/RW", Value: "Jl. Gajah Mada 12, 003/001"},
			{Field: "village", Label: "Desa, kecamatan", Value: "Kembiritan, Genteng"},
			{Field: "occupation", Label: "Pekerjaan", Value: "Karyawan swasta"},
			{Field: "education", Label: "Pendidikan", Value: "SLTA", Absent: true},
		},
		Return: view.Confirm{Action: "/x", Text: t("verify.return"), Button: t("verify.return.do")},
	}
	v.Duplicate = view.Note{Title: t("alike.none"), Text: t("alike.none.text") + " " + t("alike.branches")}
	for i := range v.Rows {
		v.Rows[i].Edit = []view.Entry{{Text: &view.Field{Name: v.Rows[i].Field, Label: v.Rows[i].Label, Value: v.Rows[i].Value}}}
	}
	return v
}
