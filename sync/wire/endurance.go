package wire

import (
	"encoding/binary"
	"errors"
)

// Endurance learns how many bytes a connection carries before the line drops it.
// Some lines drop after about so many bytes, each time: a connection that ends
// before then loses nothing, and a handshake takes less than a request that is cut.
// On a line that drops at random it does little harm. The zero value has seen nothing.
type Endurance struct {
	last, before int64 // what came through on the connections that dropped last
	grown        int64 // what is tried instead, once many in a row have ended as they should
	held         int   // connections that carried all they were to, since the last one dropped
}

const (
	// leastLesson is below what a drop says nothing: anything may have happened.
	leastLesson = 24 << 10
	// heldEnough is after how many connections more is tried.
	heldEnough = 32
)

// Dropped notes that a connection was dropped in the middle of a request, and how
// many bytes, both ways, had come through for certain.
func (e *Endurance) Dropped(through int64) {
	if through >= leastLesson {
		e.last, e.before = through, e.last
	}
	e.grown, e.held = 0, 0
}

// Held notes that a connection was ended at the limit.
func (e *Endurance) Held() {
	if e.held++; e.held%heldEnough == 0 {
		e.grown = e.Limit() * 5 / 4
	}
}

// Limit is how many bytes a connection should carry; 0 for any number. One drop
// may be an accident, so the better of the last two counts.
func (e *Endurance) Limit() int64 {
	return max(e.last, e.before, e.grown)
}

// MarshalBinary writes down what was learned, for the next start of the program on
// this line.
func (e *Endurance) MarshalBinary() ([]byte, error) {
	return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(max(e.last, e.grown))), uint64(e.before)), nil
}

// UnmarshalBinary reads what MarshalBinary wrote; of anything else nothing is learned.
func (e *Endurance) UnmarshalBinary(raw []byte) error {
	*e = Endurance{}
	last, n := binary.Uvarint(raw)
	if n <= 0 {
		return errEndurance
	}
	before, m := binary.Uvarint(raw[n:])
	if m <= 0 || n+m != len(raw) || last > mostEndured || before > mostEndured {
		return errEndurance
	}
	e.last, e.before = int64(last), int64(before)
	return nil
}

// mostEndured bounds what is believed of a line.
const mostEndured = 1 << 40

var errEndurance = errors.New("wire: not what was learned of a line")
