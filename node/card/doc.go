// Package card draws what a library prints: the member's card (KTA, kartu tanda anggota) and the
// papers around it (lists of receipt, blank forms, consent sheets, slips).
//
// A card is laid out once, in millimetres, as a list of drawing operations; SVG, PDF and PNG are
// three renderers of that one list, so they agree to a tenth of a millimetre. A paper is laid out
// to the same operations. To move something on the card, change front.go or back.go and nothing else.
//
// A card goes onto plastic ([PDF]), ten on A4 ([Sheet]), or four on A4 in the plain style, black on white without
// filled areas, front and back side by side to cut, fold and laminate ([Fold]). Every printer lays paper a little
// beside; [Calibration] shows by how much, and [Options] move the print.
//
// What is on the card stands in [Face]; this package knows no members, no store and no language: every
// word comes from the caller. It must not print anything over a code or its quiet zone, must not
// decide what a QR says, and never reads the clock: the creation date of a PDF is passed in.
//
// Codes are sized for cheap card printers of 300 dots per inch: a module is always a whole number of
// dots (0.0847 mm each). Code 128 carries the bare member number so that other systems' scanners read
// it. The QR has 26 mm, quiet zone included, which is a version 13 symbol at four dots a module, and with a
// signed card correction level Q or better: read with 8 % of it covered, 95 times of 100 wherever that is. It
// carries what the caller puts into [Face.QR], the signed content that package sign makes (its comment
// has the format, byte by byte); without it the bare number is written.
package card
