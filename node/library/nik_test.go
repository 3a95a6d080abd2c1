package library_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
	"simpul/node/library"
)

var today = library.DateOf(2026, 11, 23)

func TestParseNIK(t *testing.T) {
	for _, s := range []string{"3510054101050003", "3510 0541 0105 0003", "35.10.05.410105.0003", "3510-0541-0105-0003\r\n", "\u200b3510054101050003", "٣٥١٠٠٥٤١٠١٠٥٠٠٠٣"} {
		nik, err := library.ParseNIK(s)
		if err != nil || nik != "3510054101050003" {
			t.Fatalf("ParseNIK(%q) = %v, %v", s, nik, err)
		}
	}
	nik, _ := library.ParseNIK("3510054101050003")
	got := fmt.Sprintln(nik.Region(), nik.Sex(), nik.BirthDate(today), nik.Masked(), nik.Valid())
	if want := "351005 P 01-01-2005 3510••••••••0003 true\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for s, key := range map[string]string{
		"3510054101050O03": library.KeyNIKDigits,
		"":                 library.KeyNIKLength, "351005410105000": library.KeyNIKLength, "35100541010500031": library.KeyNIKLength,
		"3510053201050003": library.KeyNIKDate, "3510057201050003": library.KeyNIKDate, "3510050001050003": library.KeyNIKDate,
		"3510054001050003": library.KeyNIKDate, "3510050113050003": library.KeyNIKDate, "3510052902050003": library.KeyNIKDate,
		"3510056902050003": library.KeyNIKDate, "3510054101050000": library.KeyNIKSerial,
	} {
		_, err := library.ParseNIK(s)
		problems := library.ProblemsOf(err)
		if len(problems) != 1 || problems[0].Key != key || problems[0].Field != library.FieldNIK || problems[0].Warning {
			t.Errorf("ParseNIK(%q): %v, want %s", s, err, key)
		}
	}
}

func TestNIKOfNobodyIsHarmless(t *testing.T) {
	var nik library.NIK
	if s := nik.Masked() + nik.Region() + string(nik.Sex()) + nik.BirthDate(today).String(); s != "" || nik.Valid() {
		t.Errorf("empty NIK says %q", s)
	}
}

func makeNIK(region string, sex library.Sex, born library.Date, serial int) library.NIK {
	day := born.Day
	if sex == library.Female {
		day += 40
	}
	return library.NIK(fmt.Sprintf("%s%02d%02d%02d%04d", region, day, born.Month, born.Year%100, serial))
}

func TestNIKOfAnyoneUnder100SaysTheirBirthDateAndSex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		born := today.AddDays(-rapid.IntRange(0, 36500).Draw(t, "days ago"))
		sex := rapid.SampledFrom([]library.Sex{library.Male, library.Female}).Draw(t, "sex")
		want := makeNIK("351016", sex, born, rapid.IntRange(1, 9999).Draw(t, "serial"))
		nik, err := library.ParseNIK(string(want))
		if err != nil || nik.Sex() != sex || nik.BirthDate(today) != born {
			t.Fatalf("%v: %v, %v, %v", want, err, nik.Sex(), nik.BirthDate(today))
		}
		if strings.Contains(nik.Masked(), string(want[4:12])) {
			t.Fatal("masked number shows the birth date")
		}
		form := library.Form{Identity: library.KK, NIK: string(nik), Birth: born, Sex: sex}
		if problems := library.CheckNIK(nik, form, library.BuiltinRegions(), today); len(problems) != 0 {
			t.Fatalf("warned about %v", problems)
		}
	})
}

func TestNIKCentury(t *testing.T) {
	for _, c := range []struct {
		born, today, want library.Date
	}{
		{library.DateOf(1926, 11, 24), today, library.DateOf(1926, 11, 24)},                  // 99 years
		{library.DateOf(1926, 11, 23), today, library.DateOf(2026, 11, 23)},                  // 100 years: read as born today
		{library.DateOf(2000, 2, 29), library.DateOf(2000, 1, 1), library.Date{}},            // PC's clock in 2000
		{library.DateOf(2015, 5, 5), library.DateOf(2000, 1, 1), library.DateOf(1915, 5, 5)}, // the same
		{library.DateOf(2015, 5, 5), library.Date{}, library.Date{}},                         // clock not trusted
		{library.DateOf(2015, 5, 5), library.DateOf(2099, 1, 1), library.DateOf(2015, 5, 5)}, // PC's clock in 2099
	} {
		if got := makeNIK("351016", library.Male, c.born, 1).BirthDate(c.today); got != c.want {
			t.Errorf("born %v, today %v: %v, want %v", c.born, c.today, got, c.want)
		}
	}
}

func TestCheckNIKWarns(t *testing.T) {
	regions := library.BuiltinRegions()
	girl := makeNIK("351005", library.Female, library.DateOf(2015, 3, 4), 3)
	base := library.Form{Identity: library.KIA, Birth: library.DateOf(2015, 3, 4), Sex: library.Female}
	for name, c := range map[string]struct {
		nik    library.NIK
		change func(*library.Form)
		want   []string
	}{
		"nothing":        {girl, func(*library.Form) {}, nil},
		"birth":          {girl, func(f *library.Form) { f.Birth.Day = 5 }, []string{library.KeyNIKBirth}},
		"century":        {girl, func(f *library.Form) { f.Birth.Year = 1915; f.Identity = library.KTP }, nil},
		"sex":            {girl, func(f *library.Form) { f.Sex = library.Male }, []string{library.KeyNIKSex}},
		"region":         {makeNIK("351099", library.Female, base.Birth, 3), func(*library.Form) {}, []string{library.KeyNIKRegion}},
		"other regency":  {makeNIK("517101", library.Female, base.Birth, 3), func(*library.Form) {}, nil},
		"no such place":  {makeNIK("009901", library.Female, base.Birth, 3), func(*library.Form) {}, []string{library.KeyNIKRegion}},
		"child with KTP": {girl, func(f *library.Form) { f.Identity = library.KTP }, []string{library.KeyTooYoungForKTP}},
		"age from NIK":   {girl, func(f *library.Form) { f.Identity = library.IKD; f.Birth = library.Date{} }, []string{library.KeyTooYoungForKTP}},
		"adult with KIA": {makeNIK("351005", library.Female, library.DateOf(2009, 11, 23), 3),
			func(f *library.Form) { f.Birth = library.DateOf(2009, 11, 23) }, []string{library.KeyTooOldForKIA}},
		"KK number": {girl, func(f *library.Form) { f.Identity = library.KK; f.IdentityNumber = string(girl) }, []string{library.KeyNIKIsKK}},
	} {
		form := base
		c.change(&form)
		problems := library.CheckNIK(c.nik, form, regions, today)
		if got := keysOf(problems); !slices.Equal(got, c.want) || !library.OnlyWarnings(problems) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func keysOf(problems []library.Problem) []string {
	var keys []string
	for _, p := range problems {
		keys = append(keys, p.Key)
	}
	return keys
}

func TestLooksLikeNIKTakesFaultyDatesToo(t *testing.T) {
	for s, want := range map[string]bool{
		"3510054101050003": true, "3510 0599 9905 0003": true, "014260001237": false, "20190300045": false, "": false,
		"A510054101050003": false,
	} {
		if got := library.LooksLikeNIK(s); got != want {
			t.Errorf("LooksLikeNIK(%q) = %v", s, got)
		}
	}
}

func FuzzParseNIK(f *testing.F) {
	for _, s := range []string{"3510054101050003", "3510 0541 0105 0003", "3510052902000001", "0000000000000000", "９５１０", "]C03510054101050003"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		nik, err := library.ParseNIK(s)
		if err != nil {
			if nik != "" || strings.Contains(err.Error(), "3510054101050003") {
				t.Fatalf("ParseNIK(%q) = %v, %v", s, nik, err)
			}
			return
		}
		if !nik.Valid() || !library.LooksLikeNIK(s) || !nik.Sex().Valid() || !nik.BirthDate(today).Valid() {
			t.Fatalf("ParseNIK(%q) = %v", s, nik)
		}
	})
}
