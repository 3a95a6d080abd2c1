package dense

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// Writer collects columns. Each is self-delimiting for a reader who knows how
// many values it has.
type Writer struct {
	buf  []byte
	cuts []int
}

// Cut marks that another kind of content follows.
func (w *Writer) Cut() {
	if n := len(w.cuts); n == 0 || w.cuts[n-1] != len(w.buf) {
		w.cuts = append(w.cuts, len(w.buf))
	}
}

// Uint writes one number in LEB128.
func (w *Writer) Uint(v uint64) { w.buf = binary.AppendUvarint(w.buf, v) }

// Raw writes bytes whose number the reader knows.
func (w *Writer) Raw(b []byte) { w.buf = append(w.buf, b...) }

// Blob writes bytes with their number before them.
func (w *Writer) Blob(b []byte) {
	w.Uint(uint64(len(b)))
	w.Raw(b)
}

// Pieces returns what was written, divided at the cuts.
func (w *Writer) Pieces() [][]byte {
	var out [][]byte
	from := 0
	for _, at := range append(w.cuts, len(w.buf)) {
		if at > from {
			out = append(out, w.buf[from:at])
		}
		from = at
	}
	return out
}

// Numbers writes numbers as planes: how many bytes each has, then all lowest
// bytes, then all second bytes of those that have one, and so on.
func (w *Writer) Numbers(list []uint64) {
	if len(list) == 0 {
		return
	}
	most := 0
	w.Cut()
	for _, v := range list {
		n := (bits.Len64(v) + 7) / 8
		most = max(most, n)
		w.buf = append(w.buf, byte(n))
	}
	for plane := range most {
		w.Cut()
		for _, v := range list {
			if v>>(8*plane) != 0 {
				w.buf = append(w.buf, byte(v>>(8*plane)))
			}
		}
	}
	w.Cut()
}

// Zigzag folds the sign of a difference into its lowest bit.
func Zigzag(d int64) uint64 { return uint64(d<<1) ^ uint64(d>>63) }

// Unzigzag undoes Zigzag.
func Unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

// shortest writes in that one of several ways which needs the fewest bits, and
// says which.
func (w *Writer) shortest(ways ...func(*Writer)) {
	best, cost := 0, math.Inf(1)
	for i, way := range ways {
		var try Writer
		way(&try)
		if c := try.bits(); c < cost {
			best, cost = i, c
		}
	}
	w.buf = append(w.buf, byte(best))
	ways[best](w)
}

// bits estimates what the pieces take after an entropy coder has seen each by
// itself, its table included.
func (w *Writer) bits() (sum float64) {
	for _, piece := range w.Pieces() {
		var counts [256]int
		for _, b := range piece {
			counts[b]++
		}
		for _, n := range counts {
			if n > 0 {
				sum += 6 + float64(n)*math.Log2(float64(len(piece))/float64(n))
			}
		}
	}
	return sum
}
