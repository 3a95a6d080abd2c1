package library_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
	"simpul/node/library"
)

// adult is a made-up person whose form has nothing wrong.
func adult() library.Form {
	return library.Form{
		Identity: library.KTP, NIK: "3510054101050003", Name: "Siti Aminah", BirthPlace: "Banyuwangi", Birth: library.DateOf(2005, 1, 1),
		Sex: library.Female, Address: "Jl. Mawar 5", RT: "001", RW: "002", Village: "3510052003", District: "351005", Regency: "3510",
		Phone: "0812 3456 7890", Education: "slta", Occupation: "mahasiswa", MemberKind: "umum",
	}
}

func child() library.Form {
	f := adult()
	f.Identity, f.NIK, f.Birth = library.KIA, "3510054403150003", library.DateOf(2015, 3, 4)
	f.Guardian = library.Guardian{Name: "Budi", Relation: "ayah", Document: "ktp"}
	return f
}

func rules() library.Rules {
	return library.Rules{Today: today, Regions: library.BuiltinRegions(), MemberKinds: library.DefaultMemberKinds()}
}

func said(problems []library.Problem) string {
	var all []string
	for _, p := range problems {
		mark := ""
		if p.Warning {
			mark = "?"
		}
		all = append(all, p.Field+" "+p.Key+mark)
	}
	return strings.Join(all, ", ")
}

func TestCheckFindsNothingWrongWithGoodForms(t *testing.T) {
	outside := adult()
	outside.Village, outside.District, outside.Regency = "Penglipuran", "Bangli", "5106"
	noRT := adult()
	noRT.RT, noRT.RW, noRT.Phone = "", "", ""
	traveller := adult()
	traveller.Identity, traveller.NIK, traveller.IdentityNumber = library.Passport, "", "X1234567"
	oneWord := adult()
	oneWord.Name = strings.Repeat("é", 100)
	allKinds := rules()
	allKinds.AllowedIdentity = map[library.IdentityKind]bool{library.Passport: true, library.KTP: true, library.KIA: true}
	for name, f := range map[string]library.Form{
		"adult": adult(), "child": child(), "outside": outside, "no RT": noRT, "passport": traveller, "100 letters": oneWord,
	} {
		if problems := f.Clean().Check(allKinds); len(problems) != 0 {
			t.Errorf("%s: %s", name, said(problems))
		}
	}
}

func TestCheckNamesFieldAndReason(t *testing.T) {
	for _, c := range []struct {
		change func(*library.Form)
		want   string
	}{
		{func(f *library.Form) { f.Identity = "" }, "identity problem.choose"},
		{func(f *library.Form) { f.Identity = library.Passport; f.NIK = ""; f.IdentityNumber = "X1" }, "identity problem.identity_not_allowed"},
		{func(f *library.Form) { f.NIK = "" }, "nik problem.nik_missing"},
		{func(f *library.Form) { f.NIK = "123" }, "nik problem.nik_length"},
		{func(f *library.Form) { f.Sex = library.Male }, "sex problem.nik_sex?"},
		{func(f *library.Form) { f.Sex = "X" }, "sex problem.choose"},
		{func(f *library.Form) { f.Name = "" }, "name problem.missing"},
		{func(f *library.Form) { f.Name = strings.Repeat("a", 101) }, "name problem.too_long"},
		{func(f *library.Form) { f.Name = "😀" }, "name problem.name_letters"},
		{func(f *library.Form) { f.Name = "Siti 3510 0541 0105 0003" }, "name problem.name_is_number"},
		{func(f *library.Form) { f.Birth = library.Date{} }, "birth problem.birth_missing"},
		{func(f *library.Form) { f.Birth = library.Date{}; f.BirthText = "31-02-2005" }, "birth problem.date_impossible"},
		{func(f *library.Form) { f.Birth = library.Date{}; f.BirthText = "dulu" }, "birth problem.date_unreadable"},
		{func(f *library.Form) { f.Birth.Year = 2105 }, "birth problem.birth_future?"},
		{func(f *library.Form) { f.Birth.Year = 1905 }, "birth problem.birth_too_old?"},
		{func(f *library.Form) { f.RT = "Krajan" }, "rt problem.hamlet_digits"},
		{func(f *library.Form) { f.Village = "3510062003" }, "village problem.region_elsewhere"},
		{func(f *library.Form) { f.Village = "Dusun Baru" }, "village problem.village_not_in_list?"},
		{func(f *library.Form) { f.Village = "3510052999" }, "village problem.region_unknown"},
		{func(f *library.Form) { f.Village = "351005" }, "village problem.region_unknown"},
		{func(f *library.Form) { f.District = "Muncar" }, "district problem.region_unknown"},
		{func(f *library.Form) { f.Regency = "3509" }, "district problem.region_elsewhere"},
		{func(f *library.Form) { f.Regency = "" }, "regency problem.missing"},
		{func(f *library.Form) { f.Phone = "tidak ada" }, "phone problem.phone_shape"},
		{func(f *library.Form) { f.Email = "ani.contoh.id" }, "email problem.email_shape"},
		{func(f *library.Form) { f.Education = "sarjana" }, "education problem.choose"},
		{func(f *library.Form) { f.Occupation = "" }, "occupation problem.choose"},
		{func(f *library.Form) { f.MemberKind = "tamu" }, "member_kind problem.choose"},
		{func(f *library.Form) { f.Identity = library.KK; f.IdentityNumber = "123" }, "identity_number problem.kk_length"},
		{func(f *library.Form) { f.Guardian.Document = "kia" }, "guardian_document problem.choose"},
	} {
		f := adult()
		c.change(&f)
		if got := said(f.Check(rules())); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestCheckOfChildren(t *testing.T) {
	f := child()
	f.Guardian = library.Guardian{}
	const want = "guardian_name problem.missing, guardian_relation problem.choose, guardian_document problem.choose"
	if got := said(f.Check(rules())); got != want {
		t.Errorf("child without guardian: %q", got)
	}
	noClock := rules()
	noClock.Today = library.Date{}
	if got := said(f.Check(noClock)); got != "" {
		t.Errorf("age checked without a date: %q", got)
	}
	f = child()
	f.Guardian.Document = string(library.KIA)
	if got := said(f.Check(rules())); got != "guardian_document problem.choose" {
		t.Errorf("guardian with a child's document: %q", got)
	}
	seventeen := adult()
	seventeen.NIK, seventeen.Birth = "3510056311090003", library.DateOf(2009, 11, 23)
	if got := said(seventeen.Check(rules())); !strings.Contains(got, library.FieldGuardianName) {
		t.Errorf("17 years old, no guardian asked: %q", got)
	}
	early := rules()
	early.AdultAge = 17
	if got := said(seventeen.Check(early)); got != "" {
		t.Errorf("adult age 17: %q", got)
	}
}

func TestAClockInThePastStopsNobody(t *testing.T) {
	r := rules()
	r.Today = library.DateOf(2000, 1, 1)
	if problems := adult().Check(r); !library.OnlyWarnings(problems) {
		t.Errorf("%s", said(problems))
	}
}

func TestOptionalFieldsMayStayEmptyButNotWrong(t *testing.T) {
	r := library.Rules{Today: today, Optional: map[string]bool{}}
	for _, field := range library.Fields() {
		r.Optional[field] = true
	}
	class := library.Form{Identity: library.KIA, Name: "Putra"}
	if got := said(class.Check(r)); got != "" {
		t.Errorf("empty optional fields: %q", got)
	}
	class.Phone = "x"
	if got := said(class.Check(r)); got != "phone problem.phone_shape" {
		t.Errorf("wrong optional field: %q", got)
	}
}

func TestCheckTakesAnything(t *testing.T) {
	keys := map[string]bool{}
	for _, key := range library.Keys() {
		keys[key] = true
	}
	fields := map[string]bool{}
	for _, field := range library.Fields() {
		fields[field] = true
	}
	r := rules()
	rapid.Check(t, func(t *rapid.T) {
		f := library.Form{
			Identity: rapid.SampledFrom(library.IdentityKinds()).Draw(t, "identity"),
			NIK:      messy(t, "nik"), IdentityNumber: messy(t, "number"), Name: rapid.String().Draw(t, "name"),
			BirthText: messy(t, "birth"), Village: messy(t, "village"), District: messy(t, "district"), Regency: messy(t, "regency"),
			Email: rapid.String().Draw(t, "email"), Phone: messy(t, "phone"), RT: messy(t, "rt"),
		}.Clean()
		for _, p := range f.Check(r) {
			if !keys[p.Key] || !fields[p.Field] {
				t.Fatalf("problem %s of field %s is not listed", p.Key, p.Field)
			}
		}
	})
}

func TestEmail(t *testing.T) {
	for s, good := range map[string]bool{
		"ani@contoh.id": true, "a.b+c@contoh.co.id": true, "": true, "ani@": false, "@contoh.id": false, "ani@contoh": false,
		"ani@@contoh.id": false, "ani@contoh..id": false, "ani@.id": false, "ani@contoh.": false, "ani,budi@contoh.id": false,
		strings.Repeat("a", 250) + "@b.id": false,
	} {
		f := adult()
		f.Email = s
		if got := said(f.Check(rules())); (got == "") != good {
			t.Errorf("%q: %q", s, got)
		}
	}
}
