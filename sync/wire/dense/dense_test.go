package dense

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"simpul/sync/event"
)

const room = 64 << 20

func written(w *Writer) []byte { return bytes.Join(w.Pieces(), nil) }

func TestNumbersReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOf(rapid.OneOf(rapid.Uint64(), rapid.Uint64Range(0, 300))).Draw(t, "list")
		var w Writer
		w.Numbers(list)
		w.Uint(7)
		r := NewReader(written(&w), room)
		if got := r.Numbers(len(list)); !slices.Equal(got, list) || r.Uint() != 7 || r.Left() != 0 || r.Err() != nil {
			t.Fatalf("%v, want %v", got, list)
		}
		d := rapid.Int64().Draw(t, "difference")
		if got := Unzigzag(Zigzag(d)); got != d {
			t.Fatalf("%d became %d", d, got)
		}
	})
}

// texts are of every sort that is spelled in its own way, or of all together.
func texts() *rapid.Generator[[]string] {
	sorts := []*rapid.Generator[string]{
		rapid.StringMatching(`[0-9]{1,64}`), rapid.StringMatching(`[0-9]{12}`), rapid.StringMatching(`64026[12]000[0-9]{3}`),
		rapid.StringMatching(`(19|20)[0-9]{2}-(0[1-9]|1[0-2])-([0-2][0-9]|3[01])`), rapid.StringMatching(`[A-Z][a-z]{0,5}( [A-Z][a-z]{0,2}){0,6}`),
		rapid.String(), rapid.SampledFrom([]string{"", " ", "  ", "0", "-", "0000-00-00", "0001-01-01", "9999-12-31", "2024-02-30", "a b", "\xff\xfe"}),
	}
	one := make([]*rapid.Generator[[]string], len(sorts)+1)
	for i, s := range sorts {
		one[i] = rapid.SliceOf(s)
	}
	one[len(sorts)] = rapid.SliceOf(rapid.OneOf(sorts...))
	return rapid.OneOf(one...)
}

func TestTextsReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := texts().Draw(t, "list")
		var w Writer
		w.Texts(list)
		w.Bytes(list)
		r := NewReader(written(&w), room)
		if got := r.Texts(len(list)); !slices.Equal(got, list) {
			t.Fatalf("%q, want %q", got, list)
		}
		if got := r.Bytes(len(list)); !slices.Equal(got, list) || r.Left() != 0 || r.Err() != nil {
			t.Fatalf("%q, want %q; %d left, %v", got, list, r.Left(), r.Err())
		}
	})
}

func TestEachSortOfTextIsSpelledShortest(t *testing.T) {
	var serials, digits, days, names []string
	for i := range 300 {
		s := fmt.Sprintf("640262%05d", i)
		serials = append(serials, s+string('0'+damm(s)))
		digits = append(digits, fmt.Sprintf("08%02d%08d", 12+i*i%47, i*i*7919331%100_000_000))
		days = append(days, fmt.Sprintf("%04d-%02d-%02d", 1950+i%70, 1+i%12, 1+i%28))
		names = append(names, []string{"Agus", "Budi", "Citra", "Dewi"}[i%4]+" "+[]string{"Pratama", "Lestari", "Santoso"}[i%3]+fmt.Sprint(" ", i))
	}
	for way, list := range map[byte][]string{inSerials: serials, inDigits: digits, inDays: days, inWords: names} {
		var w Writer
		w.spell(list)
		if written(&w)[0] != way {
			t.Errorf("%s is spelled in way %d", list[0], written(&w)[0])
		}
	}
	// The table is that of the member numbers.
	if damm("572") != 4 {
		t.Error("not Damm's check digit")
	}
}

// body draws CBOR of the shapes that bodies and rows have.
func body() *rapid.Generator[[]byte] {
	leaf := rapid.OneOf(rapid.Int64().AsAny(), rapid.String().AsAny(), rapid.Bool().AsAny(), rapid.SliceOfN(rapid.Byte(), 16, 16).AsAny(),
		rapid.SliceOfN(rapid.Byte(), 32, 32).AsAny(), rapid.SliceOf(rapid.Byte()).AsAny(), rapid.SliceOf(rapid.IntRange(0, 30)).AsAny(), rapid.Float64().AsAny())
	inner := rapid.MapOfN(rapid.IntRange(0, 40), leaf, 0, 5).AsAny()
	list := rapid.SliceOfN(rapid.OneOf(leaf, inner), 0, 20).AsAny()
	return rapid.Custom(func(t *rapid.T) []byte {
		v := rapid.OneOf(leaf, inner, list, rapid.MapOfN(rapid.String(), rapid.OneOf(leaf, inner, list), 0, 4).AsAny()).Draw(t, "value")
		raw, err := event.Encode(v)
		if err == nil && rapid.Bool().Draw(t, "within bytes") {
			raw, err = event.Encode([]any{raw, 1})
		}
		if err != nil {
			t.Fatal(err)
		}
		return raw
	})
}

func TestSheetsGiveTheExactBytesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bodies := rapid.SliceOfN(rapid.OneOf(body(), body(), rapid.SliceOf(rapid.Byte())), 0, 20).Draw(t, "bodies")
		base := func(i int) (b [Bases]uint64) {
			b[FirstBase], b[FirstBase+1] = uint64(i)*1000, ^uint64(i)
			return b
		}
		var in Sheet
		for i, raw := range bodies {
			f, leaves := in.Split(string(rune('a'+i%2)), raw)
			bases := make([][Bases]uint64, len(leaves))
			for j := range bases {
				bases[j] = base(i)
			}
			in.Put(string(rune('a'+i%2)), f, leaves, bases)
		}
		var w Writer
		in.Write(&w)
		out, r := Sheet{}, NewReader(written(&w), room)
		if err := out.Read(r, len(bodies)); err != nil || r.Left() > 0 {
			t.Fatalf("%v, %d left", err, r.Left())
		}
		for i, want := range bodies {
			b := out.Take()
			for j := range b.Leaves {
				if k := b.Leaves[j].Kind; k == Uint || k == Neg {
					b.Number(j, base(i))
				}
			}
			if got, err := b.Join(); err != nil || !bytes.Equal(got, want) || b.Sort != string(rune('a'+i%2)) {
				t.Fatalf("body %d: %x, want %x: %v", i, got, want, err)
			}
		}
		if out.Take() != nil {
			t.Fatal("one body too many")
		}
	})
}

func TestManySmallBodiesBecomeFew(t *testing.T) {
	var s Sheet
	raw := 0
	for i := range 1000 {
		b, err := event.Encode(map[int]any{1: "guest", 2: int64(1790000000000 + 1000*i), 3: []int{1, 2, 3}, 4: map[int]string{1: "umum", 2: "Banyuwangi"}})
		if err != nil {
			t.Fatal(err)
		}
		raw += len(b)
		f, leaves := s.Split("x", b)
		s.Put("x", f, leaves, nil)
	}
	var w Writer
	s.Write(&w)
	if n := w.bits() / 8; n > float64(raw)/20 {
		t.Errorf("%d bytes of bodies hold %.0f bytes of news", raw, n)
	}
}

func TestFewBytesCannotBecomeMany(t *testing.T) {
	long := strings.Repeat("x", 60_000)
	raw, err := event.Encode(map[int]string{1: long})
	if err != nil {
		t.Fatal(err)
	}
	var in Sheet
	for range 5000 { // 300 MB of bodies that differ in nothing
		f, leaves := in.Split("", raw)
		in.Put("", f, leaves, nil)
	}
	var w Writer
	in.Write(&w)
	if n := len(written(&w)); n > 80_000 {
		t.Fatalf("the bomb itself has %d bytes", n)
	}
	var out Sheet
	r := NewReader(written(&w), 8<<20)
	if err := out.Read(r, 5000); err != nil {
		t.Fatal(err)
	}
	made, stopped := 0, false
	for b := out.Take(); b != nil && !stopped; b = out.Take() {
		got, err := b.Join()
		made, stopped = made+len(got), err != nil
	}
	if made > 8<<20 || !stopped {
		t.Errorf("made %d bytes of %d", made, len(written(&w)))
	}
}

// FuzzSplit takes any bytes for a body.
func FuzzSplit(f *testing.F) {
	for _, raw := range []string{"", "\xa0", "\xa1\x01\x60", "\xa1\x18\x01\x60", "\x82\x41\xa0\x18\x20", "\x9f\xff", "\xa1\x61a\xa1\x61b\x80", "\x42\x81\x01", "\xbb\xff\xff\xff\xff\xff\xff\xff\xff",
		"\x5b\xff\xff\xff\xff\xff\xff\xff\xff", "\xf6", "\xf9\x00\x00", "\xc0\x60", strings.Repeat("\x81", 100) + "\x00", strings.Repeat("\x42\x81", 40)} {
		f.Add([]byte(raw))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var in Sheet
		form, leaves := in.Split("a", raw)
		in.Put("a", form, leaves, nil)
		var w Writer
		in.Write(&w)
		var out Sheet
		r := NewReader(written(&w), room)
		if err := out.Read(r, 1); err != nil {
			t.Fatal(err)
		}
		b := out.Take()
		for i := range b.Leaves {
			if k := b.Leaves[i].Kind; k == Uint || k == Neg {
				b.Number(i, [Bases]uint64{})
			}
		}
		if got, err := b.Join(); err != nil || !bytes.Equal(got, raw) {
			t.Fatalf("%x became %x: %v", raw, got, err)
		}
	})
}

// FuzzRead takes any bytes for a sheet.
func FuzzRead(f *testing.F) {
	for seed := range 8 {
		var s Sheet
		for i, raw := range rapid.SliceOfN(body(), 1, 6).Example(seed) {
			form, leaves := s.Split(string(rune('a'+i%2)), raw)
			s.Put(string(rune('a'+i%2)), form, leaves, nil)
		}
		var w Writer
		s.Write(&w)
		f.Add(written(&w), uint16(len(s.rows)))
	}
	f.Add([]byte{1, 0, 1, 'r', 0, 0}, uint16(3))
	f.Fuzz(func(t *testing.T, raw []byte, n uint16) {
		const most = 1 << 20
		r := NewReader(raw, most)
		var s Sheet
		if s.Read(r, int(n)) != nil {
			return
		}
		made := 0
		for b := s.Take(); b != nil; b = s.Take() {
			for i := range b.Leaves {
				if k := b.Leaves[i].Kind; k == Uint || k == Neg {
					b.Number(i, [Bases]uint64{})
				}
			}
			got, err := b.Join()
			if err != nil {
				return
			}
			if made += len(got); made > most {
				t.Fatalf("made %d bytes", made)
			}
		}
	})
}
