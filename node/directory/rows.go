package directory

import (
	"encoding/binary"
)

// row is an entry as it is kept: its texts packed into one string, which costs
// one allocation of about 100 bytes instead of six.
type row struct {
	id    [16]byte
	until int64
	text  string // each with its length before it: birth, name, number, village, stage, photo
	marks byte
}

const (
	markMember byte = 1 << iota
	markBlocked
)

func pack(e Entry) row {
	r := row{id: e.ID, until: e.Until}
	if e.Member {
		r.marks |= markMember
	}
	if e.Blocked {
		r.marks |= markBlocked
	}
	var text []byte
	for _, s := range [...]string{e.Birth, e.Name, e.Number, e.Village, e.Stage, string(e.Photo)} {
		text = binary.AppendUvarint(text, uint64(len(s)))
		text = append(text, s...)
	}
	r.text = string(text)
	return r
}

// entry unpacks a row. The texts share the row's memory, the photo hash does not.
func (r *row) entry() Entry {
	e := Entry{ID: r.id, Until: r.until, Member: r.marks&markMember != 0, Blocked: r.marks&markBlocked != 0}
	var photo string
	rest := r.text
	for _, to := range [...]*string{&e.Birth, &e.Name, &e.Number, &e.Village, &e.Stage, &photo} {
		*to, rest = cut(rest)
	}
	if photo != "" {
		e.Photo = []byte(photo)
	}
	return e
}

func (r *row) birth() string {
	birth, _ := cut(r.text)
	return birth
}

func (r *row) name() string {
	_, rest := cut(r.text)
	name, _ := cut(rest)
	return name
}

// cut takes the first text off packed texts.
func cut(packed string) (text, rest string) {
	n, width := binary.Uvarint([]byte(packed[:min(len(packed), binary.MaxVarintLen64)]))
	end := width + int(n)
	return packed[width:end], packed[end:]
}
