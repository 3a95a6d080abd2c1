package directory

import (
	"context"
	"errors"
	"reflect"
	"testing"
)

func TestFindByName(t *testing.T) {
	tests := []struct{ name, query string }{
		{"Siti Aminah", "siti"},
		{"Siti Aminah", "AMI"},
		{"Siti Aminah", "ami sit"},
		{"Siti Aminah", "a"},
		{"Siti Aminah", "  siti\taminah "},
		{"Siti Aminah", "St. Aminah"},
		{"St. Aminah", "siti"},
		{"Stefanus Wahyu", "st"},
		{"Moch. Yusuf", "muhammad yusuf"},
		{"Muhammad Yusuf", "moch. y"},
		{"Mochammad Yusuf", "mohamad"},
		{"Moch. Yusuf", "moc"},
		{"M. Yusuf", "muhamm"},
		{"Ahmad Fauzi", "Achmad"},
		{"Achmad Fauzi", "ahmad"},
		{"Nur'aini", "nuraini"},
		{"Nuraini", "nur'ai"},
		{"Nur’aini", "nur'aini"},
		{"José Muñoz", "jose munoz"},
		{"Jose\u0301 Haji", "josé"},
		{"H. Ahmad", "h. ahmad"},
		{"Dewi\u3000Ayu", "dewi\u3000ayu"},
		{"Jose Munoz", "JOSÉ"},
		{"Ni Luh-Ayu", "ayu"},
		{"=SUM(A1)", "=SUM(A1)"},
		{"Budi 2", "budi 2"},
		{"Arif 23-11-1998", "23-11-1998"},
		{"Arif 1 2 3", "1 2 3"},
		{"Dewi 🌺", "dewi 🌺"},
		{"小林 Hana", "小"},
		{"Tanpa Nama", ""},
		{"Tanpa Nama", " "},
	}
	for _, tt := range tests {
		found, more, err := filled(t, person(1, tt.name, "", "")).Find(t.Context(), tt.query, 10, Everyone)
		if err != nil || more || names(found) != tt.name {
			t.Errorf("%q: Find(%q) = %q, %v, %v", tt.name, tt.query, names(found), more, err)
		}
	}
}

func TestFindNobody(t *testing.T) {
	tests := []struct{ name, query string }{
		{"Siti Aminah", "minah"},
		{"Siti Aminah", "siti budi"},
		{"Siti Aminah", "siti aminahh"},
		{"Siti Aminah", "-"},
		{"Siti Aminah", `"`},
		{"Siti Aminah", "*"},
		{"Siti Aminah", "%"},
		{"Siti Aminah", "1"},
		{"Nur Aini", "nuraini"},
		{"", "a"},
	}
	for _, tt := range tests {
		if found, _, err := filled(t, person(1, tt.name, "", "")).Find(t.Context(), tt.query, 10, Everyone); err != nil || found != nil {
			t.Errorf("%q: Find(%q) = %q, %v", tt.name, tt.query, names(found), err)
		}
	}
}

func TestFindByNumberAndBirth(t *testing.T) {
	d := filled(t,
		person(1, "Satu", "014260001237", "1998-11-23"),
		person(2, "Dua", "BWI-2019/0042", "1998-11-24"),
		person(3, "Tiga", "PERPUS.DAERAH.2011.000777", "2001-02-03"),
		person(4, "Satu Juga", "", "1998-11-23"))
	tests := []struct{ query, want string }{
		{"014 26 0 00123 7", "Satu"},
		{"014260001237", "Satu"},
		{"014-26", "Satu"},
		{"1237", "Satu"},
		{"23 7", "Satu"},
		{"14 26", ""},
		{"0142600012370", ""},
		{"BWI-2019/0042", "Dua"},
		{"bwi2019", "Dua"},
		{"0042", "Dua"},
		{"bwi", ""},
		{"000777", "Tiga"},
		{"Perpus.Daerah.2011", "Tiga"},
		{"daerah.2011", ""},
		{"23-11-1998", "Satu Juga | Satu"},
		{"23/11/1998", "Satu Juga | Satu"},
		{"23.11.1998", "Satu Juga | Satu"},
		{"1998-11-23", "Satu Juga | Satu"},
		{"3-2-2001", "Tiga"},
		{"satu 23-11-1998", "Satu Juga | Satu"},
		{"juga 23-11-1998", "Satu Juga"},
		{"23-11-1998 014", "Satu"},
		{"satu 014 26", "Satu"},
		{"dua 23-11-1998", ""},
		{"11-23-1998", ""},
		{"23-11-98", ""},
	}
	for _, tt := range tests {
		if found, _, err := d.Find(t.Context(), tt.query, 10, Everyone); err != nil || names(found) != tt.want {
			t.Errorf("Find(%q) = %q, %v, want %q", tt.query, names(found), err, tt.want)
		}
	}
}

func TestFindFiltersAndLimits(t *testing.T) {
	var entries []Entry
	for i := range 150 {
		e := person(byte(i), "Sri", "", "2000-01-01")
		e.Member = i%2 == 0
		entries = append(entries, e)
	}
	d := filled(t, entries...)
	tests := []struct {
		filter      Filter
		limit, want int
		more        bool
		first       byte
	}{
		{Everyone, 10, 10, true, 149}, {Everyone, 0, 1, true, 149}, {Everyone, 1 << 30, MaxFound, true, 149},
		{Members, 74, 74, true, 148}, {Members, 75, 75, false, 148}, {Registrations, 80, 75, false, 149},
	}
	for _, tt := range tests {
		found, more, err := d.Find(t.Context(), "s", tt.limit, tt.filter)
		if err != nil || len(found) != tt.want || more != tt.more || found[0].ID[0] != tt.first {
			t.Errorf("%+v: %d found, more %v, first %d, %v", tt, len(found), more, found[0].ID[0], err)
		}
		for i := range found[1:] {
			if found[i].ID[0] <= found[i+1].ID[0] {
				t.Errorf("%+v: not newest first", tt)
			}
		}
	}
}

func TestFindStopsWithContext(t *testing.T) {
	d := filled(t, person(1, "Sri", "", "2000-01-01"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := d.Find(ctx, "sri", 1, Everyone); !errors.Is(err, context.Canceled) {
		t.Errorf("Find: %v", err)
	}
	if _, err := d.SimilarBorn(ctx, "2000-01-01", "Sri"); !errors.Is(err, context.Canceled) {
		t.Errorf("SimilarBorn: %v", err)
	}
}

func TestEntryComesBackWhole(t *testing.T) {
	want := Entry{ID: [16]byte{7}, Name: "Nur'aini \x00 é", Number: "BWI 1", Birth: "1998-11-23", Village: "64.99.01.2001", Stage: "issued",
		Member: true, Blocked: true, Until: -5, Photo: []byte{0, 1, 2}}
	found, _, err := filled(t, want).Find(t.Context(), "nuraini", 1, Members)
	if err != nil || len(found) != 1 || !reflect.DeepEqual(found[0], want) {
		t.Fatalf("got %+v, %v", found, err)
	}
	found[0].Photo[0] = 9
	again, _, _ := filled(t, want).Find(t.Context(), "", 1, Everyone)
	if again[0].Photo[0] != 0 {
		t.Error("the answer shares its photo hash with the directory")
	}
}

func TestFindByBirthDay(t *testing.T) {
	d := filled(t,
		person(1, "Siti Aminah", "1", "1998-11-23"),
		person(2, "Sitti Aminah", "2", "1970-11-23"),
		person(3, "Siti Aminah Wati", "", "2001-11-23"),
		person(4, "Siti Aminah", "4", "1998-11-24"),
		person(5, "Budi", "5", "1998-11-23"),
		person(6, "Siti Aminah", "6", ""),
		person(7, "Siti Aminah", "7", "23 November"))
	tests := []struct {
		name       string
		month, day int
		filter     Filter
		want       string
	}{
		{"siti aminah", 11, 23, Members, "Sitti Aminah | Siti Aminah"},
		{"siti aminah", 11, 23, Everyone, "Siti Aminah Wati | Sitti Aminah | Siti Aminah"},
		{"siti aminah", 11, 23, Registrations, "Siti Aminah Wati"},
		{"siti", 11, 24, Members, "Siti Aminah"},
		{"aminah", 11, 23, Members, ""},
		{"", 11, 23, Members, ""},
		{"siti aminah", 0, 23, Members, ""},
		{"siti aminah", 13, 1, Members, ""},
		{"siti aminah", 11, 32, Members, ""},
		{"siti aminah", -1, -1, Members, ""},
	}
	for _, tt := range tests {
		found, err := d.FindByBirthDay(t.Context(), tt.name, tt.month, tt.day, tt.filter)
		if err != nil || names(found) != tt.want {
			t.Errorf("%+v: %q, %v", tt, names(found), err)
		}
	}
	var many []Entry
	for i := range 9 {
		many = append(many, person(byte(i), "Sri", "1", "2000-02-29"))
	}
	found, err := filled(t, many...).FindByBirthDay(t.Context(), "sri", 2, 29, Everyone)
	if err != nil || len(found) != MaxBirthday || found[0].ID[0] != 8 {
		t.Errorf("%d found, %v", len(found), err)
	}
}

func TestSimilarBorn(t *testing.T) {
	d := filled(t,
		person(1, "Moch. Yusuf", "1", "1998-11-23"),
		person(2, "Muhammad Yusup", "", "1998-11-23"),
		person(3, "Muhammad Yusuf", "3", "1997-11-23"),
		person(4, "Budi Santoso", "4", "1998-11-23"))
	for _, tt := range []struct{ birth, name, want string }{
		{"1998-11-23", "Muhammad Yusuf", "Muhammad Yusup | Moch. Yusuf"},
		{"1998-11-23", "Budi", "Budi Santoso"},
		{"1998-11-22", "Muhammad Yusuf", ""},
		{"23-11-1998", "Muhammad Yusuf", ""},
		{"", "Muhammad Yusuf", ""},
	} {
		if found, err := d.SimilarBorn(t.Context(), tt.birth, tt.name); err != nil || names(found) != tt.want {
			t.Errorf("SimilarBorn(%q, %q) = %q, %v, want %q", tt.birth, tt.name, names(found), err, tt.want)
		}
	}
}
