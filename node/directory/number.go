package directory

import "strings"

// plate is a bare number in a place of its own, so that looking through all
// numbers reads memory in one line. The last byte is the length.
type plate [16]byte

const (
	plateMax  = len(plate{}) - 1
	plateLong = 0xff // does not fit: its row has to be asked
)

func newPlate(number string) (p plate) {
	bare := bareNumber(number)
	if len(bare) > plateMax {
		p[plateMax] = plateLong
		return p
	}
	copy(p[:], bare)
	p[plateMax] = byte(len(bare))
	return p
}

// bears reports whether the number begins or ends with a bare part, which is
// not empty. The last digit is compared first: it differs most often.
func (p *plate) bears(part string) bool {
	n, last := int(p[plateMax]), len(part)-1
	if last >= n || n > plateMax {
		return false
	}
	return p[last] == part[last] && string(p[:last]) == part[:last] ||
		p[n-1] == part[last] && string(p[n-1-last:n-1]) == part[:last]
}

// bareNumber drops grouping and case: digits and plain letters are left.
// Numbers of other systems have letters, dots and dashes.
func bareNumber(s string) string {
	bare := func(r rune) bool { return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' }
	if strings.IndexFunc(s, func(r rune) bool { return !bare(r) }) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		if bare(r) {
			return r
		}
		return -1
	}, s)
}

// numbered marks the rows whose number begins or ends with a bare part.
func (x *index) numbered(part string, hits rowSet) {
	for i := range x.numbers {
		switch {
		case x.numbers[i].bears(part):
		case x.numbers[i][plateMax] == plateLong && longBears(x.rows[i].entry().Number, part):
		default:
			continue
		}
		hits.set(uint32(i))
	}
}

func longBears(number, part string) bool {
	bare := bareNumber(number)
	return strings.HasPrefix(bare, part) || strings.HasSuffix(bare, part)
}
