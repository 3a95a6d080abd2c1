package sign

import "errors"

// alphabet of RFC 9285: exactly the characters of a QR's alphanumeric mode, so a scanner that types types all of them.
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

var errBase45 = errors.New("sign: not base45")

// base45 writes two bytes as three characters, the lowest digit first, and a last single byte as two.
func base45(raw []byte) string {
	out := make([]byte, 0, (len(raw)+1)/2*3)
	for ; len(raw) >= 2; raw = raw[2:] {
		n := int(raw[0])<<8 | int(raw[1])
		out = append(out, alphabet[n%45], alphabet[n/45%45], alphabet[n/(45*45)])
	}
	if len(raw) == 1 {
		out = append(out, alphabet[raw[0]%45], alphabet[raw[0]/45])
	}
	return string(out)
}

// fromBase45 reads what base45 wrote. Three characters above 65535, and two above 255, are errors, so no two texts
// mean the same bytes.
func fromBase45(text string) ([]byte, error) {
	if len(text)%3 == 1 {
		return nil, errBase45
	}
	out := make([]byte, 0, len(text)/3*2+1)
	for ; len(text) > 0; text = text[min(3, len(text)):] {
		n, weight := 0, 1
		for i := range min(3, len(text)) {
			digit := digitOf(text[i])
			if digit < 0 {
				return nil, errBase45
			}
			n += digit * weight
			weight *= 45
		}
		switch {
		case len(text) >= 3 && n <= 0xffff:
			out = append(out, byte(n>>8), byte(n))
		case len(text) == 2 && n <= 0xff:
			out = append(out, byte(n))
		default:
			return nil, errBase45
		}
	}
	return out, nil
}

func digitOf(c byte) int {
	for i := range len(alphabet) {
		if alphabet[i] == c {
			return i
		}
	}
	return -1
}
