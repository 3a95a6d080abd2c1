// Package dense writes many small CBOR bodies in few bytes and gives the exact
// bytes back. It knows no event and no row: what it is told is only which values
// are of one family.
//
// Four ideas, each a file:
//
//   - form.go: a body is a form (what stays the same from one to the next) and
//     its values; a form is written once.
//   - sheet.go: values of one family stand together in a column, where they
//     resemble each other.
//   - texts.go: a text that was there before is a number; a new one is spelled in
//     words, in pairs of digits, as a day, or as a serial, whichever is shortest.
//   - numbers.go: numbers are cut into planes of bytes, so that what varies
//     little stands together.
//
// A [Writer] marks where the kind of content changes: what compresses the result
// does better when it looks at each piece by itself.
//
// The package must not decide what is sent and must not compress. A [Reader]
// bounds what it makes of bytes from elsewhere: every value read has taken at
// least one byte of input.
package dense
