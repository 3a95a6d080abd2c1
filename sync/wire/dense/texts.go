package dense

import "strings"

// Texts writes the values of one family. A value that was there before is the
// number of its first appearance; what is new is spelled after.
func (w *Writer) Texts(values []string) { w.values(values, (*Writer).spell) }

// Bytes writes byte strings in the same way; new ones stand as they are.
func (w *Writer) Bytes(values []string) { w.values(values, (*Writer).plain) }

// values tells known values in the way that repeats best: by the place in the
// list of all (good for a few codes), or by how far back in it (good for what
// was said just now).
func (w *Writer) values(values []string, spell func(*Writer, []string)) {
	place := make(map[string]uint64, len(values))
	var fresh []string
	byPlace, byDistance := make([]uint64, len(values)), make([]uint64, len(values))
	for i, v := range values {
		at, known := place[v]
		if known {
			byPlace[i], byDistance[i] = 1+at, uint64(len(fresh))-at
			continue
		}
		place[v] = uint64(len(fresh))
		fresh = append(fresh, v)
	}
	if len(values) > 1 {
		w.shortest(func(w *Writer) { w.Numbers(byPlace) }, func(w *Writer) { w.Numbers(byDistance) })
	}
	if len(fresh) > 0 {
		spell(w, fresh)
	}
}

// Texts reads n values.
func (r *Reader) Texts(n int) []string { return r.values(n, (*Reader).spelled) }

// Bytes reads n byte strings.
func (r *Reader) Bytes(n int) []string { return r.values(n, (*Reader).plain) }

func (r *Reader) values(n int, spelled func(*Reader, int) []string) []string {
	if n == 0 {
		return nil
	}
	byDistance, codes, fresh := false, []uint64{0}, 1
	if n > 1 {
		byDistance = r.way() == 1
		if codes = r.Numbers(n); codes == nil {
			return nil
		}
		fresh = 0
		for _, c := range codes {
			if c == 0 {
				fresh++
			}
		}
	}
	list := spelled(r, fresh)
	if len(list) != fresh {
		return nil
	}
	if !r.Spend(n, 16) {
		return nil
	}
	out, known := make([]string, n), uint64(0)
	for i, c := range codes {
		switch {
		case c == 0:
			out[i] = list[known]
			known++
		case c > known:
			r.Fail()
			return nil
		case byDistance:
			out[i] = list[known-c]
		default:
			out[i] = list[c-1]
		}
	}
	return out
}

// plain writes lengths and then everything in one piece.
func (w *Writer) plain(list []string) {
	lengths := make([]uint64, len(list))
	for i, s := range list {
		lengths[i] = uint64(len(s))
	}
	w.Numbers(lengths)
	for _, s := range list {
		w.buf = append(w.buf, s...)
	}
	w.Cut()
}

func (r *Reader) plain(n int) []string {
	lengths := r.Numbers(n)
	if !r.Spend(n, 16) {
		return nil
	}
	out := make([]string, len(lengths))
	sum := uint64(0)
	for _, size := range lengths {
		if sum += size; size > uint64(len(r.rest)) || sum > uint64(len(r.rest)) {
			r.Fail()
			return nil
		}
	}
	if !r.Spend(int(sum), 1) {
		return nil
	}
	all := string(r.Raw(int(sum)))
	for i, size := range lengths {
		out[i], all = all[:size], all[size:]
	}
	return out
}

// Ways of spelling. Numbers are for ever.
const (
	inWords = iota
	inDigits
	inSerials
	inDays
)

// spell writes new texts.
func (w *Writer) spell(list []string) {
	switch {
	case all(list, isDay):
		w.buf = append(w.buf, inDays)
		w.days(list)
	case all(list, isNumber):
		var digits, serials Writer
		digits.digits(list)
		if len(list) > 1 && all(list, isSerial) {
			if serials.serials(list); serials.bits() < digits.bits() {
				w.buf = append(w.buf, inSerials)
				w.serials(list)
				return
			}
		}
		w.buf = append(w.buf, inDigits)
		w.digits(list)
	default:
		w.buf = append(w.buf, inWords)
		w.words(list)
	}
}

func (r *Reader) spelled(n int) []string {
	switch r.way() {
	case inWords:
		return r.words(n)
	case inDigits:
		return r.digits(n)
	case inSerials:
		return r.serials(n)
	case inDays:
		return r.days(n)
	}
	r.Fail()
	return nil
}

func all(list []string, is func(string) bool) bool {
	for _, s := range list {
		if !is(s) {
			return false
		}
	}
	return true
}

// maxPlace is how many places of words have columns of their own: a first name
// is seldom a second one.
const maxPlace = 4

// words writes texts as words: people, streets and schools are made of the same
// few hundred.
func (w *Writer) words(list []string) {
	place := map[string]uint64{}
	var fresh []string
	counts := make([]uint64, len(list))
	var codes [maxPlace][]uint64
	for i, s := range list {
		words := strings.Split(s, " ")
		counts[i] = uint64(len(words) - 1)
		for j, word := range words {
			at, known := place[word]
			if !known {
				place[word] = uint64(len(fresh)) + 1
				fresh = append(fresh, word)
			}
			j = min(j, maxPlace-1)
			codes[j] = append(codes[j], at)
		}
	}
	w.Numbers(counts)
	for _, column := range codes {
		w.Numbers(column)
	}
	w.plain(fresh)
}

func (r *Reader) words(n int) []string {
	counts := r.Numbers(n)
	if counts == nil {
		return nil
	}
	var sizes [maxPlace]int
	left := uint64(len(r.rest))
	for _, c := range counts {
		if c >= left { // each word takes a byte at least
			r.Fail()
			return nil
		}
		left -= c
		for j := range int(c) + 1 {
			sizes[min(j, maxPlace-1)]++
		}
	}
	var codes [maxPlace][]uint64
	for j, size := range sizes {
		if codes[j] = r.Numbers(size); r.bad {
			return nil
		}
	}
	fresh := 0
	for _, column := range codes {
		for _, c := range column {
			if c == 0 {
				fresh++
			}
		}
	}
	return r.compose(counts, codes, r.plain(fresh))
}

// compose puts words together again.
func (r *Reader) compose(counts []uint64, codes [maxPlace][]uint64, list []string) []string {
	out, known := make([]string, len(counts)), uint64(0)
	var text strings.Builder
	for i, count := range counts {
		text.Reset()
		for j := range int(count) + 1 {
			column := &codes[min(j, maxPlace-1)]
			code := (*column)[0]
			*column = (*column)[1:]
			if code == 0 {
				known++
				code = known
			}
			if code > known || code > uint64(len(list)) || !r.Spend(len(list[code-1])+1, 1) {
				r.Fail()
				return nil
			}
			if j > 0 {
				text.WriteByte(' ')
			}
			text.WriteString(list[code-1])
		}
		out[i] = text.String()
	}
	return out
}
