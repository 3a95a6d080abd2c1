package dense

// Sheet holds bodies by column: which form each has, and the values of each
// family. The writer adds bodies and writes the sheet; the reader reads it and
// takes the bodies out again in the same order.
//
// Between Split and Put, and between Take and Join, the sheet's user may say a
// value in fewer words that it can undo: a reference in place of an id (Num above
// 0 and no Text), a difference in place of a number.
type Sheet struct {
	// Family names the family of the values at a path of bodies of one sort;
	// empty for a family of their own.
	Family func(sort, path string) string

	known   map[string]int // sort and form → place in forms
	forms   []sheetForm
	rows    []uint64 // the form of each body
	place   map[string]int
	columns []*column
	slots   int // of all forms
	leaves  int // of all bodies
	next    int
	reader  *Reader
}

type sheetForm struct {
	sort    string
	form    *Form
	columns []int
}

// column holds the values of one family. bases are what a number may be told
// against.
type column struct {
	kind  Kind
	nums  []uint64
	texts []string
	bases [][Bases]uint64
	base  byte
	last  uint64
}

// Bases is how many values a number can be told against: those that the user
// gives, the value before in its column, and nothing.
const Bases = 4

// Base numbers 0 and 1 are the sheet's own.
const (
	plainBase = 0
	lastBase  = 1
	FirstBase = 2
)

// MaxLeaves bounds the values of one sheet; a reader refuses more.
const MaxLeaves = 2 << 20

// Leaves is how many values the sheet holds.
func (s *Sheet) Leaves() int { return s.leaves }

// Put adds a body as Split gave it; f is not changed. bases gives what each number of it may be
// told against, from FirstBase on; nil when there is nothing.
func (s *Sheet) Put(sort string, f *Form, leaves []Leaf, bases [][Bases]uint64) {
	key := sort + "\x00" + f.text
	at, known := s.known[key]
	if !known {
		at = s.add(sort, f)
		if s.known == nil {
			s.known = map[string]int{}
		}
		s.known[key] = at
	}
	s.rows = append(s.rows, uint64(at))
	s.leaves += len(leaves)
	for i, place := range s.forms[at].columns {
		c := s.columns[place]
		switch c.kind {
		case Uint, Neg:
			var b [Bases]uint64
			if bases != nil {
				b = bases[i]
			}
			b[lastBase], c.last = c.last, leaves[i].Num
			c.nums, c.bases = append(c.nums, leaves[i].Num), append(c.bases, b)
		case ID:
			c.nums = append(c.nums, leaves[i].Num)
			if leaves[i].Num == 0 {
				c.texts = append(c.texts, leaves[i].Text)
			}
		default:
			c.texts = append(c.texts, leaves[i].Text)
		}
	}
}

// add takes a form into the sheet and finds the columns of its values.
func (s *Sheet) add(sort string, f *Form) int {
	sf := sheetForm{sort: sort, form: f}
	if s.place == nil {
		s.place = map[string]int{}
	}
	for _, slot := range f.Slots {
		family := ""
		if s.Family != nil {
			family = s.Family(sort, slot.Path)
		}
		if family == "" {
			family = sort + "\x00" + slot.Path
		}
		key := string(slot.Kind) + family
		at, known := s.place[key]
		if !known {
			at = len(s.columns)
			s.place[key] = at
			s.columns = append(s.columns, &column{kind: slot.Kind})
		}
		sf.columns = append(sf.columns, at)
	}
	s.forms = append(s.forms, sf)
	s.slots += len(f.Slots)
	return len(s.forms) - 1
}

// Write writes the sheet.
func (s *Sheet) Write(w *Writer) {
	w.Uint(uint64(len(s.forms)))
	texts := make([]string, len(s.forms))
	sorts := make([]string, len(s.forms))
	for i, f := range s.forms {
		sorts[i], texts[i] = f.sort, f.form.text
	}
	w.Bytes(sorts)
	w.Bytes(texts)
	w.Numbers(s.rows)
	for _, c := range s.columns {
		c.write(w)
	}
}

func (c *column) write(w *Writer) {
	switch c.kind {
	case Uint, Neg:
		var ways []func(*Writer)
		for base := range Bases {
			ways = append(ways, func(w *Writer) { w.Numbers(c.against(base)) })
		}
		w.shortest(ways...)
	case ID:
		w.Numbers(c.nums)
		for _, id := range c.texts {
			w.Raw([]byte(id))
		}
		w.Cut()
	case Text:
		w.Texts(c.texts)
	default:
		w.Bytes(c.texts)
	}
}

// against is the column told against one base.
func (c *column) against(base int) []uint64 {
	if base == plainBase {
		return c.nums
	}
	out := make([]uint64, len(c.nums))
	for i, v := range c.nums {
		out[i] = Zigzag(int64(v - c.bases[i][base]))
	}
	return out
}

// Read reads a sheet of n bodies.
func (s *Sheet) Read(r *Reader, n int) error {
	s.reader = r
	count := r.Count()
	if !r.Spend(count, 256) {
		return ErrMalformed
	}
	sorts := r.Bytes(count)
	texts := r.Bytes(count)
	if len(sorts) != count || len(texts) != count {
		return ErrMalformed
	}
	for i, text := range texts {
		f, err := ParseForm(text)
		if err != nil {
			return err
		}
		if s.add(sorts[i], f); s.slots > maxSheetSlots || !r.Spend(len(f.Slots)*(maxPath+128)+len(f.steps)*32, 1) {
			return ErrMalformed
		}
	}
	if s.rows = r.Numbers(n); len(s.rows) != n {
		return ErrMalformed
	}
	sizes := make([]int, len(s.columns))
	for _, row := range s.rows {
		if row >= uint64(len(s.forms)) {
			return ErrMalformed
		}
		for _, place := range s.forms[row].columns {
			sizes[place]++
		}
		if s.leaves += len(s.forms[row].columns); s.leaves > MaxLeaves {
			return ErrMalformed
		}
	}
	for i, c := range s.columns {
		if !c.read(r, sizes[i]) {
			return ErrMalformed
		}
	}
	return r.Err()
}

func (c *column) read(r *Reader, n int) bool {
	switch c.kind {
	case Uint, Neg:
		c.base = r.way()
		c.nums = r.Numbers(n)
		return len(c.nums) == n && c.base < Bases
	case ID:
		c.nums = r.Numbers(n)
		if len(c.nums) != n {
			return false
		}
		for _, v := range c.nums {
			if v == 0 {
				c.texts = append(c.texts, string(r.Raw(16)))
			}
		}
		return r.Spend(len(c.texts), 32) && r.Err() == nil
	case Text:
		c.texts = r.Texts(n)
	default:
		c.texts = r.Bytes(n)
	}
	return len(c.texts) == n
}

// Take returns the next body. Numbers are as they were put when they were told
// against nothing or the value before; else the difference has to be added by
// the user, and the leaf says against which base.
func (s *Sheet) Take() *Body {
	if s.next >= len(s.rows) {
		return nil
	}
	f := &s.forms[s.rows[s.next]]
	s.next++
	b := &Body{Sort: f.sort, form: f.form, reader: s.reader, Leaves: make([]Leaf, len(f.columns)), columns: make([]*column, len(f.columns))}
	for i, place := range f.columns {
		c := s.columns[place]
		b.columns[i] = c
		b.Leaves[i] = Leaf{Kind: c.kind, Path: f.form.Slots[i].Path}
	}
	for i := range b.Leaves {
		b.columns[i].take(&b.Leaves[i])
	}
	return b
}

func (c *column) take(l *Leaf) {
	switch c.kind {
	case Uint, Neg:
		l.Num, c.nums = c.nums[0], c.nums[1:]
	case ID:
		l.Num, c.nums = c.nums[0], c.nums[1:]
		if l.Num == 0 {
			l.Text, c.texts = c.texts[0], c.texts[1:]
		}
	default:
		l.Text, c.texts = c.texts[0], c.texts[1:]
	}
}

// Body is a body being taken out of a sheet.
type Body struct {
	Sort    string
	Leaves  []Leaf
	form    *Form
	columns []*column
	reader  *Reader
}

// Number settles the number at a place, given what it may have been told
// against. Every number of a body has to be settled, in order.
func (b *Body) Number(i int, bases [Bases]uint64) {
	c, l := b.columns[i], &b.Leaves[i]
	if c.base != plainBase {
		bases[lastBase] = c.last
		l.Num = bases[c.base] + uint64(Unzigzag(l.Num))
	}
	c.last = l.Num
}

// Join returns the bytes of the body.
func (b *Body) Join() ([]byte, error) {
	raw, err := b.form.Join(b.Leaves, b.reader.room)
	if err != nil || !b.reader.Spend(cap(raw), 1) {
		return nil, ErrMalformed
	}
	return raw, nil
}
