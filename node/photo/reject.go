package photo

import "simpul/node/library"

// Reason says why a picture was not taken. The sentence for the officer is "error.photo." and the reason.
type Reason string

const (
	Empty         Reason = "empty"           // no bytes
	TooManyBytes  Reason = "too_many_bytes"  // above Limits.Bytes
	TooManyPixels Reason = "too_many_pixels" // above Limits.Pixels, Side or Memory
	TooSmall      Reason = "too_small"       // the frame holds less than 90 × 120 pixels
	Broken        Reason = "broken"          // right kind, but cut off or damaged
	HEIC          Reason = "heic"            // HEIC, HEIF: iPhones' own format
	AVIF          Reason = "avif"
	GIF           Reason = "gif"
	TIFF          Reason = "tiff" // also most cameras' raw files
	SVG           Reason = "svg"
	PDF           Reason = "pdf"
	Video         Reason = "video"
	Unknown       Reason = "unknown" // anything else
)

// Rejected is a picture that cannot be used, whatever is tried again. To errors.As it is also a
// *library.Error of KindInvalid.
type Rejected struct {
	Reason Reason
	// Err is the decoder's complaint, or nil. It holds nothing of the picture.
	Err error
}

func (r *Rejected) Error() string {
	if r.Err != nil {
		return "photo rejected: " + string(r.Reason) + ": " + r.Err.Error()
	}
	return "photo rejected: " + string(r.Reason)
}

// Unwrap is the error for people, with the decoder's complaint beneath.
func (r *Rejected) Unwrap() error {
	e := library.E(library.KindInvalid, "error.photo."+string(r.Reason))
	if r.Err != nil {
		return e.Because(r.Err)
	}
	return e
}

func reject(reason Reason, cause error) error { return &Rejected{reason, cause} }
