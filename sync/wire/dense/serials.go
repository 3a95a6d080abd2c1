package dense

import "strconv"

// A serial is a member number: six digits that many have in common, five that
// count, and a check digit (Damm).
const (
	headDigits   = 6
	serialDigits = 12
)

func isSerial(s string) bool { return len(s) == serialDigits && isNumber(s) }

// serials writes how far each number is from the last one with the same head,
// and how far its check digit is from the right one: both are mostly 0.
func (w *Writer) serials(list []string) {
	heads, steps, checks := make([]string, len(list)), make([]uint64, len(list)), make([]byte, len(list))
	last := map[string]int64{}
	for i, s := range list {
		heads[i] = s[:headDigits]
		count, _ := strconv.ParseInt(s[headDigits:serialDigits-1], 10, 64) // isSerial has seen the digits
		steps[i] = Zigzag(count - last[heads[i]])
		last[heads[i]] = count + 1
		checks[i] = (s[serialDigits-1] - '0' + 10 - damm(s[:serialDigits-1])) % 10
	}
	w.Texts(heads)
	w.Numbers(steps)
	w.Raw(checks)
	w.Cut()
}

func (r *Reader) serials(n int) []string {
	heads := r.Texts(n)
	if len(heads) != n {
		return nil
	}
	steps := r.Numbers(n)
	checks := r.Raw(n)
	if len(steps) != n || checks == nil || !r.Spend(n, 28) {
		return nil
	}
	last := map[string]int64{}
	out := make([]string, n)
	for i, head := range heads {
		count := last[head] + Unzigzag(steps[i])
		if count < 0 || count > 99_999 || len(head) != headDigits || !isNumber(head) || checks[i] > 9 {
			r.Fail()
			return nil
		}
		last[head] = count + 1
		s := head + strconv.FormatInt(100_000+count, 10)[1:]
		out[i] = s + string('0'+(damm(s)+checks[i])%10)
	}
	return out
}

// damm is the check digit of digits: Damm's quasigroup of order 10.
func damm(digits string) byte {
	const table = "0317598642" + "7092154863" + "4206871359" + "1750983426" + "6123045978" + "3674209581" + "5869720134" + "8945362017" + "9438617205" + "2581436790"
	check := byte(0)
	for i := range len(digits) {
		check = table[10*int(check)+int(digits[i]-'0')] - '0'
	}
	return check
}
