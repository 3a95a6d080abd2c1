package event

import (
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// maxBody bounds one event body, in bytes. The largest honest body is a form
// with long names and an address, under 2 kB.
const maxBody = 16 << 10

var encMode, decMode = modes()

func modes() (cbor.EncMode, cbor.DecMode) {
	enc, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		panic(err) // constant options
	}
	dec, err := cbor.DecOptions{
		DupMapKey:        cbor.DupMapKeyEnforcedAPF,
		IndefLength:      cbor.IndefLengthForbidden,
		TagsMd:           cbor.TagsForbidden,
		MaxNestedLevels:  8,
		MaxArrayElements: 4096,
		MaxMapPairs:      1024,
	}.DecMode()
	if err != nil {
		panic(err)
	}
	return enc, dec
}

// Encode writes v as deterministic CBOR (RFC 8949, 4.2.1): equal values have
// equal bytes on every machine.
func Encode(v any) ([]byte, error) { return encMode.Marshal(v) }

// Decode reads CBOR with bounded nesting and lengths; duplicate keys, tags and
// indefinite lengths are errors. Unknown keys are ignored: they belong to a
// later version.
func Decode(data []byte, v any) error { return decMode.Unmarshal(data, v) }

// Open decodes the event's body into v.
func (e Event) Open(v any) error {
	if len(e.Body) > maxBody {
		return fmt.Errorf("event: body of %s is %d bytes", e.Type, len(e.Body))
	}
	if err := Decode(e.Body, v); err != nil {
		return fmt.Errorf("event: body of %s: %w", e.Type, err)
	}
	return nil
}

// Raw is encoded CBOR that is kept as it is.
type Raw = cbor.RawMessage
