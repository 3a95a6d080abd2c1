package library_test

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
	"simpul/node/library"
)

func TestCleanTidiesWhatWasTyped(t *testing.T) {
	got := library.Form{
		Identity: " ktp ", NIK: "3510 0541 0105 0003", Name: "  D'Artagnan\u202e  Wijaya ", BirthText: "1 Januari 2005", Sex: "p",
		Address: "Jl. Mawar\r\nNo. 5", RT: "RT 1/RW 12", Village: "35.10.05.2003", Phone: " 0812-3456-7890 ", Email: " ani @contoh.id",
		Guardian: library.Guardian{Name: "\tBudi\t"},
	}.Clean()
	want := library.Form{
		Identity: library.KTP, NIK: "3510054101050003", Name: "D'Artagnan Wijaya", Birth: library.DateOf(2005, 1, 1), Sex: library.Female,
		Address: "Jl. Mawar No. 5", RT: "001", RW: "012", Village: "3510052003", District: "351005", Regency: "3510",
		Phone: "0812-3456-7890", Email: "ani@contoh.id", Guardian: library.Guardian{Name: "Budi"},
	}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestCleanKeepsWhatItCannotRead(t *testing.T) {
	f := library.Form{
		BirthText: "sekitar 1960", Birth: library.DateOf(1960, 1, 1), RT: "Krajan", RW: "1234", Village: "Dusun Baru", District: "Kintamani",
		Name: "=SUM(A1)",
	}.Clean()
	if f.BirthText != "sekitar 1960" || !f.Birth.IsZero() || f.RT != "Krajan" || f.RW != "1234" || f.Village != "Dusun Baru" ||
		f.District != "Kintamani" || f.Regency != "" || f.Name != "=SUM(A1)" {
		t.Errorf("%+v", f)
	}
}

func TestBothHamletNumbersInTheFirstBox(t *testing.T) {
	for _, rw := range []string{"", "-", "RW"} {
		if f := (library.Form{RT: "1/2", RW: rw}).Clean(); f.RT != "001" || f.RW != "002" {
			t.Errorf("1/2 beside %q became %q and %q", rw, f.RT, f.RW)
		}
	}
	if f := (library.Form{RT: "1/2", RW: "3"}).Clean(); f.RT != "1/2" || f.RW != "003" {
		t.Errorf("a filled RW was lost: %q and %q", f.RT, f.RW)
	}
}

func TestHamletNumbers(t *testing.T) {
	for in, want := range map[string]string{
		"5": "005", "05": "005", "005": "005", "RT 05": "005", "rw.3": "003", "-": "", "0": "000", "": "", "1234": "1234", "5a": "5a",
	} {
		if got := (library.Form{RW: in}).Clean().RW; got != want {
			t.Errorf("RW %q became %q, want %q", in, got, want)
		}
	}
}

func TestCleanOfACleanFormChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var f library.Form
		v := reflect.ValueOf(&f).Elem()
		for i := range v.NumField() {
			if field := v.Field(i); field.Kind() == reflect.String {
				field.SetString(messy(t, v.Type().Field(i).Name))
			}
		}
		once := f.Clean()
		if twice := once.Clean(); twice != once {
			t.Fatalf("%+v\nthen %+v", once, twice)
		}
	})
}

func TestEveryFieldHasAValueAndAName(t *testing.T) {
	full := adult()
	full.Institution, full.Stop, full.IdentityNumber, full.Email = "SMPN 1", "Alun-alun", "3510012345678901", "a@b.id"
	full.Guardian = library.Guardian{Name: "Budi", Relation: "ayah", Phone: "0812", Document: "ktp"}
	for _, field := range library.Fields() {
		if full.Value(field) == "" {
			t.Errorf("field %s has no value", field)
		}
	}
	if full.Value("religion") != "" {
		t.Error("a field we do not ask has a value")
	}
}
