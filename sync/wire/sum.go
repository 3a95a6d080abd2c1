package wire

import (
	"crypto/sha256"
	"encoding/binary"

	"simpul/sync/event"
)

// Hash is what a row adds to a checksum: SHA-256 over kind, length of the key
// (4 bytes, big endian), key and body. The position is not part of it, so a row
// that is sent again is the same row.
func (r *Row) Hash() event.Hash {
	var head [5]byte
	head[0] = byte(r.Kind)
	binary.BigEndian.PutUint32(head[1:], uint32(len(r.Key)))
	sum := sha256.New()
	sum.Write(head[:])
	sum.Write(r.Key)
	sum.Write(r.Body)
	var out event.Hash
	sum.Sum(out[:0])
	return out
}

// Sum is the row's own checksum: nothing for a row that is gone.
func (r *Row) Sum() Sum {
	if r.Kind == GoneRow {
		return Sum{}
	}
	return Sum{}.AddHash(r.Hash())
}

// Add is the sum of two sets that have nothing in common.
func (s Sum) Add(t Sum) Sum { return Sum{Count: s.Count + t.Count, Total: s.Total + t.Total} }

// Sub is the sum of what remains of s without t.
func (s Sum) Sub(t Sum) Sum { return Sum{Count: s.Count - t.Count, Total: s.Total - t.Total} }

// AddHash adds one member: the first eight bytes of its hash, big endian.
func (s Sum) AddHash(h event.Hash) Sum {
	return s.Add(Sum{Count: 1, Total: binary.BigEndian.Uint64(h[:8])})
}

// SubHash takes one member away.
func (s Sum) SubHash(h event.Hash) Sum {
	return s.Sub(Sum{Count: 1, Total: binary.BigEndian.Uint64(h[:8])})
}

// SumOfRulings is the checksum of a set of decisions; each counts once however
// often it is listed.
func SumOfRulings(rulings []event.Ruling) (s Sum) {
	seen := make(map[event.Hash]bool, len(rulings))
	for _, r := range rulings {
		if h := r.Hash(); !seen[h] {
			seen[h] = true
			s = s.AddHash(h)
		}
	}
	return s
}

// SumOfRows is the checksum of rows with different keys.
func SumOfRows(rows []Row) (s Sum) {
	for i := range rows {
		s = s.Add(rows[i].Sum())
	}
	return s
}

// Bucket is the repair bucket of a key: the first byte of its SHA-256.
func Bucket(key []byte) uint8 {
	sum := sha256.Sum256(key)
	return sum[0]
}

// AddStream adds a stream to a sum of streams: the first eight bytes of its id,
// and as often again how many events of it the centre has.
func (s Sum) AddStream(id event.ID, received uint64) Sum {
	return s.Add(Sum{Count: 1, Total: binary.BigEndian.Uint64(id[:8]) * (1 + received)})
}
