package simtest

// Mutant names a part that misbehaves on purpose.
type Mutant string
