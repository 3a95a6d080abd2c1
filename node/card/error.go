package card

import "simpul/node/library"

// Keys of the sentences (ui/text) for what cannot be printed. All are library.KindInvalid: the officer
// changes something and prints again.
const (
	KeyNothing           = "error.print.nothing"           // no card, no paper
	KeyTooMany           = "error.print.too_many"          // more than MaxCards at once
	KeyStart             = "error.print.start"             // the sheet has no such place
	KeyOffset            = "error.print.offset"            // printer offset beyond 15 mm
	KeyNumberMissing     = "error.card.number_missing"     // no member number
	KeyNumberUnprintable = "error.card.number_unprintable" // a letter that Code 128 does not have
	KeyNumberTooLong     = "error.card.number_too_long"    // bars would be thinner than printers can
	KeyQRTooLong         = "error.card.qr_too_long"        // modules would be smaller than four dots
	KeyPhotoUnreadable   = "error.card.photo_unreadable"   // not a JPEG or PNG, or too large
	KeyEmblemUnreadable  = "error.card.emblem_unreadable"  // no JPEG or PNG, or broken
	KeyEmblemTooLarge    = "error.card.emblem_too_large"   // more than 6,000 pixels a side or 12 million in all
	KeyEmblemTooSmall    = "error.card.emblem_too_small"   // fewer than 24 pixels on its longer side
)

func bad(key string, cause error) error {
	e := library.E(library.KindInvalid, key)
	if cause != nil {
		e = e.Because(cause)
	}
	return e
}
