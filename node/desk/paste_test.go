package desk

import (
	"testing"

	"simpul/node/library"
)

func TestReadList(t *testing.T) {
	form := func(name string, sex library.Sex, birth, nik, place, guardian string) library.Form {
		return library.Form{Name: name, Sex: sex, BirthText: birth, NIK: nik, BirthPlace: place, Guardian: library.Guardian{Name: guardian}}
	}
	for name, c := range map[string]struct {
		text string
		want []library.Form
	}{
		"one a line":           {"Dewi Anggraini\r\n\r\n  Bagas Prayoga  \n", []library.Form{form("Dewi Anggraini", "", "", "", "", ""), form("Bagas Prayoga", "", "", "", "", "")}},
		"by shape":             {"1\tDewi\tP\t7-5-2016\t3510104705160001", []library.Form{form("Dewi", "P", "7-5-2016", "3510104705160001", "", "")}},
		"NIK first":            {"3510104705160001\tDewi\t7 Mei 2016\tperempuan", []library.Form{form("Dewi", "P", "7 Mei 2016", "3510104705160001", "", "")}},
		"a name of one letter": {"L\tL\t7-5-2016", []library.Form{form("L", "L", "7-5-2016", "", "", "")}},
		"place and birth":      {"Dewi\tBanyuwangi, 7 Mei 2016\tP\tSri Wahyuni", []library.Form{form("Dewi", "P", "7 Mei 2016", "", "Banyuwangi", "Sri Wahyuni")}},
		"impossible date":      {"Dewi\tP\t31-02-2016", []library.Form{form("Dewi", "P", "31-02-2016", "", "", "")}},
		"headings":             {"NIK;Nama;JK;Tgl Lahir;Wali\n;Dewi;Laki-laki;7/5/2016;Sri", []library.Form{form("Dewi", "L", "7/5/2016", "", "", "Sri")}},
		"mother and father":    {"Nama\tNama Ayah\tNama Ibu\nDewi\tJoko\tSri", []library.Form{{Name: "Dewi", Guardian: library.Guardian{Name: "Sri", Relation: "ibu"}}}},
		"unknown sex stays":    {"Nama\tL/P\nDewi\tX", []library.Form{form("Dewi", "X", "", "", "", "")}},
		"nothing":              {" \n\t\t\n", nil},
	} {
		got := ReadList(c.text)
		if len(got) != len(c.want) {
			t.Errorf("%s: %d lines, want %d", name, len(got), len(c.want))
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %+v, want %+v", name, got[i], c.want[i])
			}
		}
	}
}

// FuzzReadList: whatever is pasted, every line with something in it is kept, and the result is clean text.
func FuzzReadList(f *testing.F) {
	for _, seed := range []string{"Nama\tNIK\nDewi\t3510104705160001", "1;=SUM(A1);P", "\u202eDewi\t\x00\r\r\n", "a\tb\tc\td\te\tf\tg"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, form := range ReadList(text) {
			clean := form.Clean()
			if again := clean.Clean(); again != clean {
				t.Fatalf("cleaning twice changes %+v to %+v", clean, again)
			}
		}
	})
}
