package vault

import (
	"crypto/hmac"
	"crypto/sha256"
)

// TagSize is the length of a look-up tag in bytes.
const TagSize = 16

type tagKey struct {
	epoch Epoch
	kind  string
}

// Tag returns the look-up tag of a value under the newest epoch: HMAC-SHA256, cut to TagSize, with a key of its own
// per kind ("nik", "phone", …). Equal values have equal tags, so bring the value to one form first (digits only).
func (v *Vault) Tag(kind, value string) ([]byte, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.ring == nil {
		return nil, ErrClosed
	}
	return v.ring.tag(v.ring.newest(), kind, value), nil
}

// Tags returns the tag under every epoch of the ring, newest first: a look-up asks for any of them, because rows
// written before a rotation keep their old tag until they are sealed again.
func (v *Vault) Tags(kind, value string) ([][]byte, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.ring == nil {
		return nil, ErrClosed
	}
	tags := make([][]byte, 0, len(v.ring.epochs))
	for i := len(v.ring.epochs) - 1; i >= 0; i-- {
		tags = append(tags, v.ring.tag(v.ring.epochs[i], kind, value))
	}
	return tags, nil
}

func (r *ring) tag(e *epochKeys, kind, value string) []byte {
	key := r.tagKey(e, kind)
	mac := hmac.New(sha256.New, key[:])
	mac.Write([]byte(value))
	return mac.Sum(nil)[:TagSize:TagSize]
}

// tagKey derives the key once per epoch and kind. Kinds are few and fixed in the program; the bound only keeps a
// mistake from growing the cache for ever.
func (r *ring) tagKey(e *epochKeys, kind string) [keySize]byte {
	r.tagMu.Lock()
	defer r.tagMu.Unlock()
	at := tagKey{e.number, kind}
	if key, ok := r.tagKeys[at]; ok {
		return key
	}
	key := [keySize]byte(derive(e.key[:], nil, "simpul tag "+kind))
	if r.tagKeys == nil {
		r.tagKeys = make(map[tagKey][keySize]byte)
	}
	if len(r.tagKeys) < maxTagKinds*len(r.epochs) {
		r.tagKeys[at] = key
	}
	return key
}
