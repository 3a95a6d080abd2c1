package wire

import (
	"fmt"

	"simpul/sync/event"
)

// byteString is the major type that the codec would also read from a list.
const byteString = 2

// Shorts is a list of any length, written as one byte string.
type Shorts []Short

// MarshalCBOR writes the list as 8 bytes each, one after the other.
func (s Shorts) MarshalCBOR() ([]byte, error) {
	all := make([]byte, 0, len(s)*len(Short{}))
	for i := range s {
		all = append(all, s[i][:]...)
	}
	return event.Encode(all)
}

// UnmarshalCBOR reads what MarshalCBOR wrote.
func (s *Shorts) UnmarshalCBOR(data []byte) error {
	var all []byte
	if err := event.Decode(data, &all); err != nil || data[0]>>5 != byteString || len(all)%len(Short{}) != 0 {
		return fmt.Errorf("%w: list of hashes", ErrMessage)
	}
	*s = nil
	for len(all) > 0 {
		*s = append(*s, Short(all))
		all = all[len(Short{}):]
	}
	return nil
}

// UnmarshalCBOR accepts exactly 8 bytes.
func (s *Short) UnmarshalCBOR(data []byte) error {
	var raw []byte
	if err := event.Decode(data, &raw); err != nil || data[0]>>5 != byteString || len(raw) != len(s) {
		return fmt.Errorf("%w: hash of another length", ErrMessage)
	}
	copy(s[:], raw)
	return nil
}
