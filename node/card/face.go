package card

import (
	"image/color"
)

// Size of a card in millimetres: ISO/IEC 7810 ID-1 ("CR80").
const (
	Width  = 85.60
	Height = 53.98
)

// Face is everything that one card shows. Texts are printed as they come, in any length: long ones
// are wrapped, made smaller and at last cut with an ellipsis. Control characters and invisible marks
// are dropped, letters the typeface lacks become a box.
type Face struct {
	// Heading and Subheading stand in the coloured band: what the card is, and whose library it is of.
	Heading, Subheading string
	// Name of the member, printed as large as it fits on two lines.
	Name string
	// NumberRaw is what Code 128 says: printable ASCII without spaces, at most 25 letters or so.
	NumberRaw string
	// NumberGrouped is the same number for people ("014 26 0 00123 7"); empty means NumberRaw.
	NumberGrouped string
	// KindLabel, Branch and ValidUntil are the three facts under the name; an empty one is left out.
	KindLabel, Branch, ValidUntil string
	// Labels are the words in front of those facts.
	Labels Labels
	// Photo is a JPEG or PNG, 3:4; nil draws a silhouette.
	Photo []byte
	// PhotoNote is printed on the silhouette ("Foto menyusul"); ignored when there is a photo.
	PhotoNote string
	// QR is the content of the QR: at most 213 bytes, or 311 digits, capitals and signs of base45; nil
	// means NumberRaw.
	QR []byte
	// Emblem of the library, as PrepareEmblem makes it; nil draws Simpul's own mark.
	Emblem []byte
	// Ink is the colour of the band, Accent of the short stripe; zero means Simpul's own. Words in the
	// band turn dark by themselves when Ink is light.
	Ink, Accent color.RGBA
	// Rules are printed on the back, one paragraph each.
	Rules []string
}

// Labels are the small words of a card, in the language of the library.
type Labels struct {
	Kind, Registered, ValidUntil string // "Jenis anggota", "Terdaftar di", "Berlaku s.d."
	Rules                        string // heading of the back: "Ketentuan"
}

// style is how a side is drawn, apart from what is on it.
type style struct {
	radius float64 // of the corners: 0 for a printer, which has real ones
	bleed  float64 // how far the bands go on beyond the card, so that a shifted print has no white edge
	plain  bool    // black on white without filled areas, for a cheap laser printer
}

// colours of the house look; those of the library come with the face.
type colours struct {
	ink, mid, accent           color.RGBA
	onInk, onInkQuiet          color.RGBA
	text, quiet, paper, shadow color.RGBA
}

func (s style) colours(f Face) colours {
	if s.plain {
		black, white := color.RGBA{A: 0xff}, color.RGBA{0xff, 0xff, 0xff, 0xff}
		return colours{ink: white, mid: black, accent: black, onInk: black, onInkQuiet: black, text: black, quiet: black, paper: white, shadow: black}
	}
	return coloursOf(f)
}

func coloursOf(f Face) colours {
	c := colours{
		ink: color.RGBA{0x0a, 0x3f, 0x47, 0xff}, mid: color.RGBA{0x12, 0x80, 0x8a, 0xff}, accent: color.RGBA{0xf2, 0xc2, 0x30, 0xff},
		text: color.RGBA{0x14, 0x26, 0x2b, 0xff}, quiet: color.RGBA{0x4a, 0x5f, 0x66, 0xff},
		paper: color.RGBA{0xff, 0xff, 0xff, 0xff}, shadow: color.RGBA{0x8f, 0xa6, 0xa7, 0xff},
	}
	if f.Ink != (color.RGBA{}) {
		c.ink = opaque(f.Ink)
		c.mid = companion(c.ink)
	}
	if f.Accent != (color.RGBA{}) {
		c.accent = opaque(f.Accent)
	}
	c.onInk, c.onInkQuiet = c.paper, mix(c.paper, c.ink, 0.15)
	if contrast(c.ink, c.paper) < 4.5 {
		c.onInk, c.onInkQuiet = c.text, c.text
	}
	return c
}
