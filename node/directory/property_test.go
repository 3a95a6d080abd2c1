package directory

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"simpul/sync/merge"
)

// matchesPlainly says what Find promises, the slow and obvious way, for the
// queries that rapid draws: words, or one run of digits, or one date.
func matchesPlainly(e Entry, words []string, digits, birth string) bool {
	for _, typed := range words {
		hit := false
		for _, borne := range append(strings.Fields(merge.Normal(e.Name)), merge.Words(e.Name)...) {
			hit = hit || strings.HasPrefix(borne, typed) || strings.HasPrefix(borne, merge.Normal(typed))
		}
		if !hit {
			return false
		}
	}
	if digits != "" && !strings.HasPrefix(e.Number, digits) && !strings.HasSuffix(e.Number, digits) {
		return false
	}
	return birth == "" || e.Birth == birth
}

// The directory after any puts and removals answers like a scan over the
// entries that should be in it.
func TestFindEqualsScan(t *testing.T) {
	word := rapid.SampledFrom([]string{"a", "ab", "abc", "b", "ba", "siti", "st", "sit", "Moch.", "muhammad", "mu", "m", "Nur'a", "nura", "é", "e", "h", "ahmad", "ach"})
	name := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(word, 0, 4).Draw(t, "words"), " ") })
	birth := rapid.SampledFrom([]string{"", "1998-11-23", "1999-11-23", "2000-02-29", "?"})
	number := rapid.StringMatching(`([12]{1,4}|[12]{14,18})?`)
	entry := rapid.Custom(func(t *rapid.T) Entry {
		return Entry{ID: [16]byte{rapid.Byte().Draw(t, "id") % 90}, Name: name.Draw(t, "name"), Number: number.Draw(t, "number"),
			Birth: birth.Draw(t, "birth"), Member: rapid.Bool().Draw(t, "member")}
	})
	rapid.Check(t, func(t *rapid.T) {
		var order [][16]byte // oldest first
		now := map[[16]byte]Entry{}
		note := func(e Entry) {
			if _, known := now[e.ID]; !known {
				order = append(order, e.ID)
			}
			now[e.ID] = e
		}
		d := New()
		first := rapid.SliceOfN(entry, 0, 80).Draw(t, "fill")
		if err := d.Fill(t.Context(), listing(first), nil); err != nil {
			t.Fatal(err)
		}
		for _, e := range first {
			note(e)
		}
		t.Repeat(map[string]func(*rapid.T){
			"put": func(t *rapid.T) {
				batch := rapid.SliceOfN(entry, 0, 5).Draw(t, "batch")
				if err := d.Put(batch...); err != nil {
					t.Fatal(err)
				}
				for _, e := range batch {
					note(e)
				}
			},
			"remove": func(t *rapid.T) {
				id := [16]byte{rapid.Byte().Draw(t, "id") % 90}
				d.Remove(id)
				delete(now, id)
				for i := range order {
					if order[i] == id {
						order = append(order[:i], order[i+1:]...)
						break
					}
				}
			},
			"": func(t *rapid.T) {
				typed := name.Draw(t, "typed")
				digits := rapid.StringMatching(`([12]{1,4}|[12]{14,16})?`).Draw(t, "digits")
				born := rapid.SampledFrom([]string{"", "1998-11-23", "2000-02-29"}).Draw(t, "born")
				filter := Filter(rapid.IntRange(0, 2).Draw(t, "filter"))
				var want []string
				for i := len(order) - 1; i >= 0; i-- {
					e := now[order[i]]
					if (filter == Everyone || (filter == Members) == e.Member) && matchesPlainly(e, merge.Words(typed), digits, born) {
						want = append(want, string(e.ID[:1])+e.Name)
					}
				}
				found, more, err := d.Find(t.Context(), typed+" "+digits+" "+born, MaxFound, filter)
				var got []string
				for _, e := range found {
					got = append(got, string(e.ID[:1])+e.Name)
				}
				if err != nil || more || d.Len() != len(now) || strings.Join(got, "|") != strings.Join(want, "|") {
					t.Fatalf("%q %q %q %d: got %q, want %q (%v, %v)", typed, digits, born, filter, got, want, more, err)
				}
			},
		})
	})
}

// Whatever a name is made of, typing it as it is kept finds it.
func TestEveryNameFindsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := Entry{Name: rapid.String().Draw(t, "name")}
		if len(merge.Words(e.Name)) == 0 {
			return
		}
		d := New()
		if err := d.Fill(t.Context(), listing([]Entry{e}), nil); err != nil {
			t.Fatal(err)
		}
		if found, _, err := d.Find(t.Context(), e.Name, 1, Everyone); err != nil || len(found) != 1 {
			t.Fatalf("%q does not find itself: %v", e.Name, err)
		}
	})
}
