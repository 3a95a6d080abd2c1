package library_test

import (
	"slices"
	"strings"
	"testing"

	"simpul/node/library"
)

func TestBuiltinRegionsCoverBanyuwangi(t *testing.T) {
	r := library.BuiltinRegions()
	if n := len(r.Provinces()); n != 38 {
		t.Errorf("%d provinces", n)
	}
	if n := len(r.Regencies()); n != 514 {
		t.Errorf("%d regencies", n)
	}
	districts := r.Districts("3510")
	if len(districts) != 25 {
		t.Errorf("%d districts in Banyuwangi", len(districts))
	}
	desa, kelurahan := 0, 0
	for _, d := range districts {
		villages := r.Villages(d.Code)
		if !slices.IsSortedFunc(villages, func(a, b library.Region) int { return strings.Compare(a.Name, b.Name) }) {
			t.Errorf("villages of %s are not in order", d.Name)
		}
		for _, v := range villages {
			if v.Kelurahan() {
				kelurahan++
			} else {
				desa++
			}
		}
	}
	if desa != 189 || kelurahan != 28 {
		t.Errorf("%d desa and %d kelurahan", desa, kelurahan)
	}
	if got := r.Full("3510052003"); got != "Tembokrejo, Muncar, Kabupaten Banyuwangi" {
		t.Errorf("Full = %q", got)
	}
	if r.Name("351014") != "Kabat" || r.Name("351025") != "Blimbingsari" || r.Name("9999") != "" || r.Name("") != "" {
		t.Error("names of districts are wrong")
	}
}

func TestKnownPrefix(t *testing.T) {
	r := library.BuiltinRegions()
	for prefix, want := range map[string]bool{
		"351005": true, "351099": false, "350901": true, "517101": true, "990101": false, "3510": false, "": false, "35100a": false,
	} {
		if got := r.KnownPrefix(prefix); got != want {
			t.Errorf("KnownPrefix(%q) = %v", prefix, got)
		}
	}
}

func TestCompleteOffersBeginningsFirst(t *testing.T) {
	r := library.BuiltinRegions()
	got := r.Complete("banyu", 4, 10)
	if len(got) == 0 || !slices.ContainsFunc(got, func(r library.Region) bool { return r.Code == "3510" }) {
		t.Errorf("Complete(banyu) = %v", got)
	}
	got = r.Complete(" SUMBER", 10, 3)
	if len(got) != 3 || !strings.HasPrefix(got[0].Name, "Sumber") {
		t.Errorf("Complete(SUMBER) = %v", got)
	}
	if got := r.Complete("", 0, 10); len(got) != 0 {
		t.Errorf("nothing typed offers %v", got)
	}
	if got := r.Complete("a", 0, 0); len(got) != 0 {
		t.Errorf("no room offers %v", got)
	}
}

func TestParseRegionsReadsWhatOfficesHave(t *testing.T) {
	r, err := library.ParseRegions(strings.NewReader("\ufeffkode,nama\r\n# catatan\r\n\r\n35.10.05,\"Muncar\"\r\n3510,Kabupaten Banyuwangi\r\n35.10.05.2003,Tembokrejo, Timur\r\n"))
	if err != nil || r.Len() != 3 || r.Name("351005") != "Muncar" || r.Name("3510052003") != "Tembokrejo, Timur" {
		t.Errorf("%v, %+v", err, r)
	}
}

func TestParseRegionsSaysWhatIsWrong(t *testing.T) {
	for file, want := range map[string]struct {
		key string
		arg any
	}{
		"":                                 {library.KeyRegionFileEmpty, nil},
		"# only\n":                         {library.KeyRegionFileEmpty, nil},
		"3510,Banyuwangi\n35101,Muncar\n":  {library.KeyRegionLine, 2},
		"3510 Banyuwangi\n":                {library.KeyRegionLine, 1},
		"3510,\n":                          {library.KeyRegionLine, 1},
		"3510," + strings.Repeat("a", 101): {library.KeyRegionLine, 1},
		"3510,A\n\n3511,B\ncode,name\n":    {library.KeyRegionLine, 4},
		"3510,A\n3511," + strings.Repeat("a", 5000):               {library.KeyRegionLine, 2},
		"3510,A\n35.10,B\n":                                       {library.KeyRegionTwice, "3510"},
		strings.Repeat("# "+strings.Repeat("x", 1000)+"\n", 9000): {library.KeyRegionFileTooLarge, 8},
	} {
		_, err := library.ParseRegions(strings.NewReader(file))
		e, ok := err.(*library.Error)
		if !ok || e.Key != want.key || want.arg != nil && (len(e.Args) != 1 || e.Args[0] != want.arg) {
			t.Errorf("%.40q: %v", file, err)
		}
	}
}

func FuzzParseRegions(f *testing.F) {
	for _, s := range []string{"code,name\n3510,Banyuwangi\n", "35.10.05.2003,\"A, B\"\r\n", "3510,A\n3510,B", "#", ",", "\ufeff,\n", "3510,\u202e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := library.ParseRegions(strings.NewReader(s))
		if err != nil {
			if library.KindOf(err) != library.KindInvalid {
				t.Fatal(err)
			}
			return
		}
		for _, region := range slices.Concat(r.Provinces(), r.Regencies(), r.Complete("a", 0, 5)) {
			if r.Name(region.Code) != region.Name || region.Name == "" {
				t.Fatalf("%+v is not found again", region)
			}
		}
	})
}
