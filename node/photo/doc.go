// Package photo takes the bytes of a picture from a webcam, a file or a phone and keeps two small
// renditions of it: one for the card, one for the member's record.
//
// What arrives is not trusted. The kind is read from the bytes, sizes are checked before anything is
// decoded, one picture is decoded at a time, and what is kept is always drawn anew: no place, device or
// other metadata survives, and the original is not kept.
//
// [Files] keeps renditions sealed on disk, named by the SHA-256 of what is inside. The package knows no
// members, no keys and no HTTP; the sealer comes from the caller. It must not write plain pictures
// anywhere, temporary files included.
package photo
