package photo

import (
	"bytes"
	"encoding/binary"
)

// orientation is the EXIF value 1 to 8: how the stored picture must be turned to stand upright
// (CIPA DC-008, tag 0x0112). Everything unreadable is 1.
type orientation int

const upright orientation = 1

// swaps says whether upright width and height are the stored height and width.
func (o orientation) swaps() bool { return o >= 5 && o <= 8 }

// jpegHead is what is needed to know of a JPEG before it is decoded.
type jpegHead struct {
	orient      orientation
	progressive bool
	// samples per pixel over all components: 3 at full colour, 1.5 at the usual 4:2:0.
	samples float64
}

// readJPEGHead walks the segments up to the picture data. It never fails: what it cannot read keeps
// the careful default (upright, full colour), and the decoder will complain by itself.
func readJPEGHead(b []byte) jpegHead {
	h := jpegHead{orient: upright, samples: 3}
	for at := 2; at+4 <= len(b); {
		if b[at] != 0xff {
			return h
		}
		kind := b[at+1]
		if kind == 0xff { // fill byte
			at++
			continue
		}
		if kind == 0x01 || kind >= 0xd0 && kind <= 0xd8 { // markers without a body
			at += 2
			continue
		}
		if kind == 0xda || kind == 0xd9 {
			return h
		}
		size := int(binary.BigEndian.Uint16(b[at+2:]))
		if size < 2 || at+2+size > len(b) {
			return h
		}
		body := b[at+4 : at+2+size]
		switch {
		case kind == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) && h.orient == upright:
			h.orient = readOrientation(body[6:])
		case kind >= 0xc0 && kind <= 0xc2:
			h.progressive = kind == 0xc2
			h.samples = samplesOf(body)
		}
		at += 2 + size
	}
	return h
}

// samplesOf reads the subsampling of a frame header (ITU-T T.81, B.2.2).
func samplesOf(body []byte) float64 {
	if len(body) < 6 || len(body) < 6+3*int(body[5]) || body[5] == 0 {
		return 4
	}
	sum, most := 0, 1
	for i := range int(body[5]) {
		hv := body[6+3*i+1]
		n := int(hv>>4) * int(hv&15)
		sum, most = sum+n, max(most, n)
	}
	return max(1, float64(sum)/float64(most))
}

// readOrientation reads a TIFF block: byte order, first directory, one short.
func readOrientation(b []byte) orientation {
	if len(b) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.LittleEndian
	switch string(b[:4]) {
	case "II*\x00":
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return upright
	}
	at := int64(order.Uint32(b[4:]))
	if at < 8 || at+2 > int64(len(b)) {
		return upright
	}
	n := int64(order.Uint16(b[at:]))
	for i := range n {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(b)) {
			return upright
		}
		e := b[entry:]
		if order.Uint16(e) != 0x0112 {
			continue
		}
		if kind, count := order.Uint16(e[2:]), order.Uint32(e[4:]); kind != 3 || count != 1 {
			return upright
		}
		if o := orientation(order.Uint16(e[8:])); o >= 1 && o <= 8 {
			return o
		}
		return upright
	}
	return upright
}

// exifOf finds the EXIF block of a PNG (chunk eXIf) or WebP (chunk "EXIF").
func exifOf(b []byte, f format) []byte {
	switch f {
	case formatPNG:
		for at := int64(8); at+12 <= int64(len(b)); {
			size, kind := int64(binary.BigEndian.Uint32(b[at:])), string(b[at+4:at+8])
			if at+12+size > int64(len(b)) || kind == "IEND" {
				return nil
			}
			if kind == "eXIf" {
				return b[at+8 : at+8+size]
			}
			at += 12 + size
		}
	case formatWebP:
		for at := int64(12); at+8 <= int64(len(b)); {
			size, kind := int64(binary.LittleEndian.Uint32(b[at+4:])), string(b[at:at+4])
			if at+8+size > int64(len(b)) {
				return nil
			}
			if kind == "EXIF" {
				return bytes.TrimPrefix(b[at+8:at+8+size], []byte("Exif\x00\x00"))
			}
			at += 8 + size + size&1
		}
	}
	return nil
}
