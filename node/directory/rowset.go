package directory

import "math/bits"

// rowSet has one bit for each row.
type rowSet []uint64

func newRowSet(rows int) rowSet { return make(rowSet, (rows+63)/64) }

func (s rowSet) set(row uint32)      { s[row/64] |= 1 << (row % 64) }
func (s rowSet) drop(row uint32)     { s[row/64] &^= 1 << (row % 64) }
func (s rowSet) has(row uint32) bool { return s[row/64]&(1<<(row%64)) != 0 }

// keep drops what is not in other, of the same length.
func (s rowSet) keep(other rowSet) {
	for i := range s {
		s[i] &= other[i]
	}
}

// downward yields the rows, the highest first.
func (s rowSet) downward(yield func(row uint32) bool) {
	for i := len(s) - 1; i >= 0; i-- {
		for w := s[i]; w != 0; {
			top := uint32(bits.Len64(w) - 1)
			if !yield(uint32(i)*64 + top) {
				return
			}
			w &^= 1 << top
		}
	}
}
