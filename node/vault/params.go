package vault

import "golang.org/x/crypto/argon2"

// Params is the cost of turning a password or recovery code into a key with argon2id (RFC 9106). It is stored in
// the slot, so that a slot made with another default still opens.
type Params struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8
}

// DefaultParams is the first choice of the OWASP password storage sheet: 46 MiB, one pass, about 0.2 s on a weak PC.
func DefaultParams() Params { return Params{Memory: 46 << 10, Time: 1, Threads: 1} }

// Bounds keep a damaged slot from asking for all the memory of the PC. The lower bound is argon2's own.
const (
	maxMemory  = 1 << 20 // KiB
	maxTime    = 64
	maxThreads = 16
)

func (p Params) valid() bool {
	return p.Threads >= 1 && p.Threads <= maxThreads &&
		p.Time >= 1 && p.Time <= maxTime &&
		p.Memory >= 8*uint32(p.Threads) && p.Memory <= maxMemory
}

func (p Params) stretch(secret, salt []byte) []byte {
	return argon2.IDKey(secret, salt, p.Time, p.Memory, p.Threads, keySize)
}
