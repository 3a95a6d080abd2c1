package wire

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// NoTag is the tag of a member without a NIK.
const NoTag = 0xffff

// Tag is the duplicate tag of a NIK: 12 bits of HMAC-SHA-256 under the district's
// tag key. Of 4,096 members with a NIK one shares it by chance, so it says nothing
// without a close name, and whoever steals a directory learns no NIK from it.
func Tag(key []byte, nik string) uint16 {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("simpul/nik\x00" + nik))
	return binary.BigEndian.Uint16(mac.Sum(nil)) >> 4
}
