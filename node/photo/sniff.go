package photo

import (
	"bytes"
	"strings"
)

type format int

const (
	formatJPEG format = iota + 1
	formatPNG
	formatWebP
)

// sniff tells the kind from the first bytes, never from a name: signatures after the WHATWG MIME
// Sniffing standard, brands of ISO media files after ISO/IEC 14496-12.
func sniff(b []byte) (format, error) {
	switch {
	case len(b) == 0:
		return 0, reject(Empty, nil)
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return formatJPEG, nil
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return formatPNG, nil
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return formatWebP, nil
	}
	return 0, reject(otherKind(b), nil)
}

func otherKind(b []byte) Reason {
	head := b[:min(len(b), 512)]
	switch {
	case len(b) >= 12 && string(b[4:8]) == "ftyp":
		return mediaBrand(b)
	case bytes.HasPrefix(b, []byte("GIF8")):
		return GIF
	case bytes.HasPrefix(b, []byte("II*\x00")), bytes.HasPrefix(b, []byte("MM\x00*")):
		return TIFF
	case bytes.Contains(head, []byte("%PDF-")):
		return PDF
	case bytes.HasPrefix(b, []byte("\x1a\x45\xdf\xa3")), bytes.HasPrefix(b, []byte("\x00\x00\x01\xba")),
		bytes.HasPrefix(b, []byte("\x00\x00\x01\xb3")), bytes.HasPrefix(b, []byte("OggS")), bytes.HasPrefix(b, []byte("FLV\x01")),
		len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "AVI ",
		len(b) >= 8 && (string(b[4:8]) == "moov" || string(b[4:8]) == "mdat"):
		return Video
	case bytes.Contains(bytes.ToLower(head), []byte("<svg")):
		return SVG
	}
	return Unknown
}

// mediaBrand looks at the major brand, and at the compatible ones where the major says only "image".
func mediaBrand(b []byte) Reason {
	brands := string(b[8:min(len(b), 64)])
	switch {
	case strings.Contains(brands, "avif"), strings.Contains(brands, "avis"):
		return AVIF
	case strings.Contains(brands, "hei"), strings.Contains(brands, "hev"), strings.Contains(brands, "mif1"), strings.Contains(brands, "msf1"):
		return HEIC
	}
	return Video
}
