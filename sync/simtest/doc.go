// Package simtest runs a whole district in one process: a centre, branches and
// vans, with the real agent, hub, merge and store, under one seeded scheduler.
// Links lose, repeat, delay and cut what they carry; PCs lose power between any
// two commits, run full, are restored from old copies and cloned; clocks are
// wrong by years; the centre itself is put back, with and without saying so.
// Then the faults stop, everybody exchanges until nothing moves, and what must
// be true at all times is checked (the invariants are in checks.go).
//
// A seed decides everything: the same seed gives the same run, line by line. It
// is the one package in sync/ that may import node/*. It must not be imported by
// the program.
package simtest
