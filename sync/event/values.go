package event

import (
	"errors"
	"unicode/utf8"
)

// Ids, hashes and fields read their own CBOR. Ids and hashes because the codec
// would cut or pad a byte string of another length without a word; fields
// because a person's state is opened for every event and most of it is fields.

var (
	errLength = errors.New("event: id or hash of another length")
	errFields = errors.New("event: not a map of field numbers to text")
)

// Major types of CBOR (RFC 8949, 3.1).
const (
	majorUint  = 0
	majorBytes = 2
	majorText  = 3
	majorMap   = 5

	cborNull = 0xf6
)

// UnmarshalCBOR accepts exactly 16 bytes.
func (id *ID) UnmarshalCBOR(data []byte) error { return fill(id[:], data) }

// UnmarshalCBOR accepts exactly 32 bytes.
func (h *Hash) UnmarshalCBOR(data []byte) error { return fill(h[:], data) }

// UnmarshalCBOR accepts exactly 16 bytes.
func (s *Salt) UnmarshalCBOR(data []byte) error { return fill(s[:], data) }

func fill(to, data []byte) error {
	n, rest, ok := head(data, majorBytes)
	if !ok || n != len(to) || len(rest) != n {
		return errLength
	}
	copy(to, rest)
	return nil
}

// UnmarshalCBOR reads fields as the codec would read a map[Field]string. All
// values share one piece of memory.
func (f *Fields) UnmarshalCBOR(data []byte) error {
	if len(data) == 1 && data[0] == cborNull {
		*f = nil
		return nil
	}
	n, data, ok := head(data, majorMap)
	if !ok || n > len(data)/2 {
		return errFields
	}
	out, text := make(Fields, n), string(data)
	for range n {
		var key, size int
		if key, data, ok = head(data, majorUint); !ok || key > 0xff {
			return errFields
		}
		if size, data, ok = head(data, majorText); !ok || size > len(data) {
			return errFields
		}
		at := len(text) - len(data)
		value := text[at : at+size]
		if _, twice := out[Field(key)]; twice || !utf8.ValidString(value) {
			return errFields
		}
		out[Field(key)] = value
		data = data[size:]
	}
	if len(data) != 0 {
		return errFields
	}
	*f = out
	return nil
}

// head reads the major type and argument that begin an item. Arguments above
// 65535 are refused: no body is so long.
func head(data []byte, major byte) (arg int, rest []byte, ok bool) {
	if len(data) == 0 || data[0]>>5 != major {
		return 0, nil, false
	}
	switch low := data[0] & 0x1f; {
	case low < 24:
		return int(low), data[1:], true
	case low == 24 && len(data) > 1:
		return int(data[1]), data[2:], true
	case low == 25 && len(data) > 2:
		return int(data[1])<<8 | int(data[2]), data[3:], true
	}
	return 0, nil, false
}
