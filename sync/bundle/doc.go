// Package bundle carries the exchange on a USB stick, in both directions: the
// same frames that go over HTTP, signed by the sender, encrypted to the receiver,
// in numbered files that fit on FAT32.
//
// A bundle is read twice: first to the end, to know that all of it is there and
// that all of it is the sender's, and only then to hand it on, frame by frame.
// Neither writing nor reading keeps more than a frame in memory.
//
// The package must not decide what goes in or what comes of it: that is the
// agent's and the hub's, with the same code as over HTTP. Exporting a bundle
// acknowledges nothing.
package bundle
