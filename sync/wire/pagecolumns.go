package wire

import (
	"fmt"
	"strconv"

	"simpul/sync/wire/dense"
)

// MaxRows bounds the rows of one page.
const MaxRows = 1 << 17

// writePage writes a page by column.
func writePage(w *dense.Writer, p *Page) error {
	if len(p.Rows) > MaxRows {
		return fmt.Errorf("%w: %d rows", ErrTooLarge, len(p.Rows))
	}
	w.Uint(uint64(p.Partition))
	w.Uint(p.To)
	w.Uint(bit(p.More))
	w.Uint(p.Sum.Count)
	w.Uint(p.Sum.Total)
	w.Blob(p.Buckets)
	w.Uint(uint64(len(p.Rows)))
	keys, steps, before := make([]string, len(p.Rows)), make([]uint64, len(p.Rows)), uint64(0)
	for i := range p.Rows {
		keys[i] = string(p.Rows[i].Key)
		steps[i] = dense.Zigzag(int64(p.Rows[i].Pos - before - 1))
		before = p.Rows[i].Pos
	}
	w.Bytes(keys)
	w.Numbers(steps)

	var sheet dense.Sheet
	seen, bodies := newReferences(), 0
	for i := range p.Rows {
		row := &p.Rows[i]
		bodies += len(row.Body) + len(row.Key)
		seen.own(row.Key)
		sort := string([]byte{byte(row.Kind)})
		form, leaves := sheet.Split(sort, row.Body)
		bases := make([][dense.Bases]uint64, len(leaves))
		near := nearby(leaves)
		for j := range leaves {
			bases[j] = near.bases()
			if leaves[j].Kind == dense.ID {
				seen.shorten(&leaves[j])
			}
			near.met(&leaves[j])
		}
		sheet.Put(sort, form, leaves, bases)
	}
	if sheet.Leaves() > dense.MaxLeaves || bodies > maxBodies {
		return fmt.Errorf("%w: %d values, %d bytes", ErrTooLarge, sheet.Leaves(), bodies)
	}
	sheet.Write(w)
	return nil
}

// readPage reads what writePage wrote, to the exact bytes of each body.
func readPage(r *dense.Reader) (p Page, err error) {
	partition, to, more, count, total := r.Uint(), r.Uint(), r.Uint(), r.Uint(), r.Uint()
	if partition > 0xff || more > 1 {
		return p, ErrMessage
	}
	p = Page{Partition: Partition(partition), To: to, More: more == 1, Sum: Sum{Count: count, Total: total}}
	p.Buckets = append(p.Buckets, r.Blob()...)
	n := r.Count()
	if n > MaxRows || !r.Spend(n, itemRoom) {
		return p, ErrMessage
	}
	keys, steps := r.Bytes(n), r.Numbers(n)
	var sheet dense.Sheet
	if len(keys) != n || len(steps) != n || sheet.Read(r, n) != nil {
		return p, ErrMessage
	}
	p.Rows = make([]Row, n)
	seen, before := newReferences(), uint64(0)
	for i := range p.Rows {
		row := &p.Rows[i]
		if !r.Spend(len(keys[i]), 1) {
			return p, ErrMessage
		}
		row.Key = []byte(keys[i])
		before += uint64(dense.Unzigzag(steps[i])) + 1
		row.Pos = before
		seen.own(row.Key)
		body := sheet.Take()
		if len(body.Sort) != 1 || !readRowBody(body, seen) {
			return p, ErrMessage
		}
		row.Kind = RowKind(body.Sort[0])
		raw, err := body.Join()
		if err != nil {
			return p, ErrMessage
		}
		if len(raw) > 0 {
			row.Body = raw
		}
	}
	return p, r.Err()
}

func readRowBody(body *dense.Body, seen *references) bool {
	near := nearby(body.Leaves)
	for j := range body.Leaves {
		l := &body.Leaves[j]
		switch l.Kind {
		case dense.Uint, dense.Neg:
			body.Number(j, near.bases())
		case dense.ID:
			if !seen.lengthen(l) {
				return false
			}
		}
		near.met(l)
	}
	return true
}

// own lets a body refer to its row's key.
func (s *references) own(key []byte) {
	if len(key) == 16 {
		s.add(subjectIDs, [16]byte(key))
	}
}

// near is what the numbers of one row may be told against: the code NNN that
// begins the member number in it, and the first time.
type near struct{ code, time uint64 }

// times are above this: milliseconds, some weeks after 1970.
const times = 1 << 32

func nearby(leaves []dense.Leaf) (n near) {
	for i := range leaves {
		if l := &leaves[i]; l.Kind == dense.Text && len(l.Text) == 12 {
			if code, err := strconv.ParseUint(l.Text[:3], 10, 16); err == nil {
				n.code = code
				return n
			}
		}
	}
	return n
}

func (n near) bases() (b [dense.Bases]uint64) {
	b[dense.FirstBase], b[dense.FirstBase+1] = n.code, n.time
	return b
}

func (n *near) met(l *dense.Leaf) {
	if l.Kind == dense.Uint && n.time == 0 && l.Num > times {
		n.time = l.Num
	}
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}
