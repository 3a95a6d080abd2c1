package dense

import (
	"bytes"
	"encoding/binary"
)

// Kind is what sort of value stands at a place of a form.
type Kind byte

// The kinds of value. They are letters that begin no map, list or simple value of
// CBOR, so a form can be read without escapes.
const (
	Uint  Kind = 'u' // Num
	Neg   Kind = 'n' // Num is n of the value -1-n
	Text  Kind = 't'
	ID    Kind = 'i' // 16 bytes in Text, or a reference in Num, see [Sheet]
	Bytes Kind = 'b'
	Raw   Kind = 'r' // an encoded item that is not taken apart

	inner = 'e' // a byte string that holds CBOR: its form follows
)

// Leaf is one value of a body. Path says where: keys and places of the maps and
// lists around it.
type Leaf struct {
	Kind Kind
	Path string
	Num  uint64
	Text string
}

// Slot is the place of a leaf in a form.
type Slot struct {
	Kind Kind
	Path string
}

// Form is a body without its values: the heads of maps and lists, the keys, and
// true, false and null.
type Form struct {
	text  string
	steps []step
	Slots []Slot
}

// step is one move of writing a body: fixed bytes, the next value, or the
// beginning or end of an inner body.
type step struct {
	what  byte // 0 fixed, else a Kind, '(' or ')'
	fixed string
}

const (
	maxDepth      = 24
	maxPath       = 128
	maxSlots      = 1 << 14
	maxSheetSlots = 1 << 18 // of all forms of a sheet
	maxBody       = 1 << 30
)

// Split takes a body of one sort apart. A body that is not in the shortest form,
// or that holds what forms do not have, becomes a single raw value.
func (s *Sheet) Split(sort string, body []byte) (*Form, []Leaf) {
	in := splitter{rest: body}
	if in.value(0); !in.bad && len(in.rest) == 0 {
		if f := s.form(sort, string(in.form)); f != nil && len(f.Slots) == len(in.leaves) {
			for i, slot := range f.Slots {
				in.leaves[i].Path = slot.Path
			}
			if again, err := f.Join(in.leaves, maxBody); err == nil && bytes.Equal(again, body) {
				return f, in.leaves
			}
		}
	}
	return &Form{text: string(Raw), steps: []step{{what: byte(Raw)}}, Slots: []Slot{{Kind: Raw}}}, []Leaf{{Kind: Raw, Text: string(body)}}
}

// form finds or reads a form; nil when it is none, or when the sheet has no room
// for it.
func (s *Sheet) form(sort, text string) *Form {
	if at, known := s.known[sort+"\x00"+text]; known {
		return s.forms[at].form
	}
	f, err := ParseForm(text)
	if err != nil || s.slots+len(f.Slots) > maxSheetSlots {
		return nil
	}
	return f
}

type splitter struct {
	rest   []byte
	form   []byte
	leaves []Leaf
	bad    bool
}

func (s *splitter) value(depth int) {
	major, arg, size, ok := head(s.rest)
	if !ok || depth > maxDepth {
		s.bad = true
		return
	}
	body := s.rest[size:]
	switch {
	case major <= 1:
		s.leaf(Leaf{Kind: []Kind{Uint, Neg}[major], Num: arg}, size)
	case major <= 3 && arg <= uint64(len(body)):
		s.text(major, string(body[:arg]), size+int(arg), depth)
	case (major == 4 || major == 5) && arg <= uint64(len(body)):
		if n := numbersOnly(s.rest); n > 0 {
			s.leaf(Leaf{Kind: Raw, Text: string(s.rest[:n])}, n)
			return
		}
		s.form = append(s.form, s.rest[:size]...)
		s.rest = body
		for range arg {
			if major == 5 {
				s.key()
			}
			if s.bad {
				return
			}
			s.value(depth + 1)
		}
	case major == 7 && size == 1:
		s.form = append(s.form, s.rest[0])
		s.rest = body
	default:
		s.bad = true
	}
}

func (s *splitter) leaf(l Leaf, size int) {
	s.form = append(s.form, byte(l.Kind))
	s.leaves = append(s.leaves, l)
	s.rest = s.rest[size:]
}

// text takes a text or bytes; bytes that hold a body are taken apart too.
func (s *splitter) text(major byte, v string, size, depth int) {
	kind := Text
	if major == 2 {
		kind = Bytes
		if len(v) == 16 {
			kind = ID
		} else if len(v) > 1 && (v[0]>>5 == 4 || v[0]>>5 == 5) {
			in := splitter{rest: []byte(v)}
			if in.value(depth + 1); !in.bad && len(in.rest) == 0 {
				s.form = append(append(s.form, inner), in.form...)
				s.leaves = append(s.leaves, in.leaves...)
				s.rest = s.rest[size:]
				return
			}
		}
	}
	s.leaf(Leaf{Kind: kind, Text: v}, size)
}

// key moves a map's key into the form.
func (s *splitter) key() {
	major, arg, size, ok := head(s.rest)
	if ok && major == 3 && arg <= uint64(len(s.rest)-size) {
		size += int(arg)
	} else if !ok || major > 1 {
		s.bad = true
		return
	}
	s.form = append(s.form, s.rest[:size]...)
	s.rest = s.rest[size:]
}

// numbersOnly is the length of a list that holds nothing but numbers, such as a
// list of fields: it is one value. 0 for everything else.
func numbersOnly(raw []byte) int {
	major, n, at, _ := head(raw)
	if major != 4 || n == 0 {
		return 0
	}
	for range n {
		m, _, size, ok := head(raw[at:])
		if !ok || m > 1 {
			return 0
		}
		at += size
	}
	return at
}

// head reads the major type and argument of an item (RFC 8949, 3).
func head(raw []byte) (major byte, arg uint64, size int, ok bool) {
	if len(raw) == 0 {
		return 0, 0, 0, false
	}
	low := raw[0] & 0x1f
	if low < 24 {
		return raw[0] >> 5, uint64(low), 1, true
	}
	n := 1 << (low - 24)
	if low > 27 || len(raw) < 1+n {
		return 0, 0, 0, false
	}
	for _, b := range raw[1 : 1+n] {
		arg = arg<<8 | uint64(b)
	}
	return raw[0] >> 5, arg, 1 + n, true
}

// appendHead writes the shortest head.
func appendHead(to []byte, major byte, arg uint64) []byte {
	major <<= 5
	switch {
	case arg < 24:
		return append(to, major|byte(arg))
	case arg <= 0xff:
		return append(to, major|24, byte(arg))
	case arg <= 0xffff:
		return binary.BigEndian.AppendUint16(append(to, major|25), uint16(arg))
	case arg <= 0xffffffff:
		return binary.BigEndian.AppendUint32(append(to, major|26), uint32(arg))
	}
	return binary.BigEndian.AppendUint64(append(to, major|27), arg)
}
