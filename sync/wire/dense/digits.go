package dense

import (
	"strings"
	"time"
)

const maxDigits = 64

// isNumber reports whether a text is digits only.
func isNumber(s string) bool {
	return s != "" && len(s) <= maxDigits && strings.Trim(s, "0123456789") == ""
}

// digits writes digits in pairs, aligned at the right: the last pair of all,
// then the one before it. What stands at one place of all phones or identity
// numbers is alike.
func (w *Writer) digits(list []string) {
	w.lengths(list)
	for right := 0; ; right += 2 {
		any := false
		for _, s := range list {
			if at := len(s) - right; at > 0 {
				any = true
				pair := s[at-1] - '0'
				if at > 1 {
					pair += 10 * (s[at-2] - '0')
				}
				w.buf = append(w.buf, pair)
			}
		}
		w.Cut()
		if !any {
			return
		}
	}
}

func (w *Writer) lengths(list []string) {
	w.Cut()
	for _, s := range list {
		w.buf = append(w.buf, byte(len(s)))
	}
	w.Cut()
}

func (r *Reader) digits(n int) []string {
	lengths := r.Raw(n)
	texts := make([][]byte, 0, len(lengths))
	most := 0
	for _, size := range lengths {
		if size == 0 || size > maxDigits || !r.Spend(24+2*int(size), 1) {
			r.Fail()
			return nil
		}
		texts = append(texts, make([]byte, size))
		most = max(most, int(size))
	}
	for right := 0; right < most; right += 2 {
		for _, s := range texts {
			at := len(s) - right
			if at <= 0 {
				continue
			}
			b := r.Raw(1)
			if b == nil || b[0] > 99 || (at == 1 && b[0] > 9) {
				r.Fail()
				return nil
			}
			s[at-1] = '0' + b[0]%10
			if at > 1 {
				s[at-2] = '0' + b[0]/10
			}
		}
	}
	out := make([]string, len(texts))
	for i, s := range texts {
		out[i] = string(s)
	}
	return out
}

const day = 24 * 60 * 60

// isDay reports whether a text is a date as 2006-01-02.
func isDay(s string) bool {
	if len(s) != len(time.DateOnly) {
		return false
	}
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Format(time.DateOnly) == s
}

// days writes dates as days since 1970.
func (w *Writer) days(list []string) {
	numbers := make([]uint64, len(list))
	for i, s := range list {
		t, _ := time.Parse(time.DateOnly, s) // isDay has read it
		numbers[i] = Zigzag(t.Unix() / day)
	}
	w.Numbers(numbers)
}

func (r *Reader) days(n int) []string {
	numbers := r.Numbers(n)
	out := make([]string, len(numbers))
	for i, v := range numbers {
		d := Unzigzag(v)
		if !r.Spend(26, 1) || d < -800_000 || d > 3_000_000 { // the years 0 to 9999
			r.Fail()
			return nil
		}
		out[i] = time.Unix(d*day, 0).UTC().Format(time.DateOnly)
	}
	return out
}
