package directory

import "testing"

// FuzzFind: any text is a query, and an answer keeps its bounds.
func FuzzFind(f *testing.F) {
	for _, q := range []string{"", "siti", "014 26 0 00123 7", "23-11-1998", "1998-11-23", `"siti" OR * NEAR(`, "%_'; DROP TABLE", "\x00\xff", "-", "''", "99999-1-1",
		"1-1-65536", "0-0-0", "a a a a a a a a a a a a a a a a a a a a", "Moch. é ① 🌺", "1.2.3.4", "00000000000000000000000000000000"} {
		f.Add(q, 10, 0)
	}
	var entries []Entry
	if err := madeUp(300, 1, func(e Entry) error { entries = append(entries, e); return nil }); err != nil {
		f.Fatal(err)
	}
	d := filled(f, append(entries, person(1, "Tanpa Kartu", "ABCDEFGHIJKLMNOPQRSTUVWXYZ1", "bukan tanggal"))...)
	f.Fuzz(func(t *testing.T, query string, limit, filter int) {
		found, more, err := d.Find(t.Context(), query, limit, Filter(filter))
		if err != nil {
			t.Fatal(err)
		}
		if bound := min(max(limit, 1), MaxFound); len(found) > bound || more && len(found) != bound {
			t.Fatalf("%d found of at most %d, more %v", len(found), bound, more)
		}
		if _, err := d.FindByBirthDay(t.Context(), query, limit, filter, Members); err != nil {
			t.Fatal(err)
		}
		if _, err := d.SimilarBorn(t.Context(), query, query); err != nil {
			t.Fatal(err)
		}
	})
}
