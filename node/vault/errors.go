package vault

import "errors"

// Failures that callers tell apart. None of them carries a secret or a value.
var (
	// ErrClosed: the vault is closed; someone has to sign in first.
	ErrClosed = errors.New("vault: closed")
	// ErrExists: Create was called on an open vault.
	ErrExists = errors.New("vault: already open")
	// ErrWrongSecret: no slot opens with this password, code or key. A damaged slot looks the same.
	ErrWrongSecret = errors.New("vault: wrong secret")
	// ErrNoSlot: there is no slot of this kind (no key file was ever allowed, for instance).
	ErrNoSlot = errors.New("vault: no such slot")
	// ErrDamaged: a slot, ring or key is not what the vault wrote.
	ErrDamaged = errors.New("vault: damaged slot or key")
	// ErrForeign: a slot was not made by this vault, or opens another one.
	ErrForeign = errors.New("vault: slot of another vault")
	// ErrSealed: sealed bytes are damaged, or belong to another row, column or file.
	ErrSealed = errors.New("vault: sealed value damaged or out of place")
	// ErrEpoch: the ring has no key of this epoch.
	ErrEpoch = errors.New("vault: unknown key epoch")
	// ErrChanging: a Change of the ring is neither adopted nor discarded.
	ErrChanging = errors.New("vault: another change of keys is under way")
	// ErrNoRecovery: the slots handed in hold no recovery slot; nobody could help a branch whose officers forgot.
	ErrNoRecovery = errors.New("vault: no recovery slot left")
	// ErrTooLarge: a file is longer than MaxFile.
	ErrTooLarge = errors.New("vault: file too large")
	// ErrParams: cost parameters outside the accepted range.
	ErrParams = errors.New("vault: cost parameters out of range")
)
