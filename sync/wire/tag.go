package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// NoTag is the tag of a member without a NIK.
const NoTag = 0xffff

// Lengths about tags.
const (
	TagKeySize  = 32 // bytes of a key
	TagVersions = 15 // keys that a tag tells apart
)

// TagKey is a key of the district's duplicate tags. The highest version counts.
type TagKey struct {
	_       struct{} `cbor:",toarray"`
	Version uint64
	Key     []byte
}

// Tag is the duplicate tag of a NIK: 12 bits of HMAC-SHA-256 under the key, below
// the version of the key modulo 15, so that tags of different keys are never equal
// (and none is NoTag). Of 4,096 members with a NIK one shares it by chance, so it
// says nothing without a close name, and whoever steals a directory learns no NIK
// from it.
func (k TagKey) Tag(nik string) uint16 {
	mac := hmac.New(sha256.New, k.Key)
	mac.Write([]byte("simpul/nik\x00" + nik))
	return uint16(k.Version%TagVersions)<<12 | binary.BigEndian.Uint16(mac.Sum(nil))>>4
}
