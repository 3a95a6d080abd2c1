// Package vault holds the keys of one node and does everything that needs them: it opens with an officer's
// password, the recovery code or a key file, seals what goes to disk, and answers look-ups by keyed tag.
//
//	password ───────argon2id─┐
//	recovery code ──argon2id─┼─HKDF─► wrapping key ─► private key of the slot ─► ring
//	key file ────────────────┘                        (X25519, one per slot)      │
//	centre's own private key ─────────────────────────────────────────────────────┤
//	                                                                              ▼
//	                               root (never changes; proves slots and rings genuine)
//	                               epoch 1 … n, 32 random bytes each; the newest seals
//	                                                  │ HKDF
//	                     ┌──────────────┬─────────────┼─────────────────┐
//	                   fields         files       tag key per kind    box key pair
//	                 (SealTo)      (SealFile)        (Tags)          (Box, Unbox)
//
// A hand-over (handover.go) is the last way in, when every secret of a node is lost: its centre opens the centre slot
// and seals the ring to a key that the node has just drawn.
//
// The ring is sealed to each slot's public key, so Rotate gives the remaining officers a new epoch without asking
// for their passwords. The vault keeps nothing on disk: callers store the slots it returns, in the same transaction
// as the fact that made them, and hand them back.
//
// What the vault must not do: know SQL, files, members or screens; log; read a clock; return a secret in an error.
//
// What it protects against: a stolen switched-off machine, a copied database or backup, a curious reader with a
// database tool, swapped or damaged rows. What it does not: an unlocked process whose memory is read (Close wipes the
// keys the vault holds, but Go and the ciphers may have made copies), a changed program on the same disk, the
// lengths of sealed values, equality of tagged values within one node. A removed officer who kept a copy of the
// disk reads what was on that copy, and who can write to the disk can still slip in a slot of his own, because
// he knew the root; rotation protects what is sealed later, and what is sealed again.
package vault
