package vault

import (
	"encoding/binary"
	"math"
)

// slotVersion is the first byte of an encoded slot.
const slotVersion = 1

// MarshalBinary encodes a slot as one value, for stores that keep it in one column. ErrDamaged when it is no slot
// that this package made.
func (s Slot) MarshalBinary() ([]byte, error) {
	if s.check() != nil {
		return nil, ErrDamaged
	}
	b := append([]byte{slotVersion, byte(s.Kind)}, s.ID[:]...)
	b = binary.BigEndian.AppendUint32(b, s.Params.Memory)
	b = binary.BigEndian.AppendUint32(b, s.Params.Time)
	b = append(b, s.Params.Threads)
	b = binary.BigEndian.AppendUint16(b, uint16(s.Epoch))
	for _, field := range [][]byte{s.Salt, s.Public, s.WrappedPrivate, s.Proof, s.SealedRing} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(field)))
		b = append(b, field...)
	}
	return b, nil
}

// UnmarshalBinary reads what MarshalBinary wrote, and nothing else: ErrDamaged. The slot does not share memory with b.
func (s *Slot) UnmarshalBinary(b []byte) error {
	const fixed = 2 + len(SlotID{}) + 4 + 4 + 1 + 2
	if len(b) < fixed || len(b) > math.MaxInt32 || b[0] != slotVersion {
		return ErrDamaged
	}
	read := Slot{
		Kind: SlotKind(b[1]),
		ID:   SlotID(b[2:18]),
		Params: Params{
			Memory:  binary.BigEndian.Uint32(b[18:]),
			Time:    binary.BigEndian.Uint32(b[22:]),
			Threads: b[26],
		},
		Epoch: Epoch(binary.BigEndian.Uint16(b[27:])),
	}
	b = b[fixed:]
	for _, field := range []*[]byte{&read.Salt, &read.Public, &read.WrappedPrivate, &read.Proof, &read.SealedRing} {
		if len(b) < 4 || uint64(binary.BigEndian.Uint32(b)) > uint64(len(b)-4) {
			return ErrDamaged
		}
		n := int(binary.BigEndian.Uint32(b))
		*field = append([]byte(nil), b[4:4+n]...)
		b = b[4+n:]
	}
	if len(b) != 0 || read.check() != nil {
		return ErrDamaged
	}
	*s = read
	return nil
}
