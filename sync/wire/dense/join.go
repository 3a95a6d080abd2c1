package dense

import "errors"

// ErrMalformed says that bytes are not what a Writer wrote.
var ErrMalformed = errors.New("dense: malformed")

// ParseForm reads a form as it stands in a sheet.
func ParseForm(text string) (*Form, error) {
	f := &Form{text: text}
	rest, err := f.value(text, "", 0)
	if err != nil || rest != "" {
		return nil, ErrMalformed
	}
	return f, nil
}

func (f *Form) fixed(s string) {
	if n := len(f.steps); n > 0 && f.steps[n-1].what == 0 {
		f.steps[n-1].fixed += s
		return
	}
	f.steps = append(f.steps, step{fixed: s})
}

func (f *Form) value(text, path string, depth int) (rest string, err error) {
	if text == "" || depth > maxDepth || len(f.Slots) >= maxSlots || len(path) > maxPath {
		return "", ErrMalformed
	}
	switch c := text[0]; {
	case c == byte(Uint) || c == byte(Neg) || c == byte(Text) || c == byte(ID) || c == byte(Bytes) || c == byte(Raw):
		f.steps = append(f.steps, step{what: c})
		f.Slots = append(f.Slots, Slot{Kind: Kind(c), Path: path})
		return text[1:], nil
	case c == inner:
		f.steps = append(f.steps, step{what: '('})
		rest, err = f.value(text[1:], path+"(", depth+1)
		f.steps = append(f.steps, step{what: ')'})
		return rest, err
	case c>>5 == 7:
		f.fixed(text[:1])
		return text[1:], nil
	case c>>5 == 4 || c>>5 == 5:
		return f.many(text, path, depth)
	}
	return "", ErrMalformed
}

// many reads a list or a map. Later places of a long list share a path.
func (f *Form) many(text, path string, depth int) (rest string, err error) {
	major, n, size, ok := head([]byte(text[:min(len(text), 9)]))
	if !ok || n > uint64(len(text)) {
		return "", ErrMalformed
	}
	f.fixed(text[:size])
	rest = text[size:]
	for i := range n {
		at := string([]byte{byte(min(i, 15))})
		if major == 5 {
			m, arg, size, ok := head([]byte(rest[:min(len(rest), 9)]))
			if m == 3 && ok {
				size += int(min(arg, 1<<16))
			}
			if !ok || (m > 1 && m != 3) || size > len(rest) {
				return "", ErrMalformed
			}
			at, rest = rest[:size], rest[size:]
			f.fixed(at)
		}
		if rest, err = f.value(rest, path+at, depth+1); err != nil {
			return "", err
		}
	}
	return rest, nil
}

// Join puts the values back into the form. There must be one for each slot. The
// body has at most limit bytes.
func (f *Form) Join(leaves []Leaf, limit int) ([]byte, error) {
	if len(leaves) != len(f.Slots) {
		return nil, ErrMalformed
	}
	size := 9 * len(f.steps)
	for i := range f.steps {
		size += len(f.steps[i].fixed)
	}
	for i := range leaves {
		if size += len(leaves[i].Text); size > limit {
			return nil, ErrMalformed
		}
	}
	out := make([]byte, 0, size)
	var opened []int
	next := 0
	for _, s := range f.steps {
		switch s.what {
		case 0:
			out = append(out, s.fixed...)
		case '(':
			opened = append(opened, len(out))
		case ')':
			from := opened[len(opened)-1]
			opened = opened[:len(opened)-1]
			body := string(out[from:])
			out = append(appendHead(out[:from], 2, uint64(len(body))), body...)
		default:
			out = appendLeaf(out, Kind(s.what), &leaves[next])
			next++
		}
	}
	return out, nil
}

func appendLeaf(out []byte, kind Kind, l *Leaf) []byte {
	switch kind {
	case Uint:
		return appendHead(out, 0, l.Num)
	case Neg:
		return appendHead(out, 1, l.Num)
	case Text:
		return append(appendHead(out, 3, uint64(len(l.Text))), l.Text...)
	case Raw:
		return append(out, l.Text...)
	}
	return append(appendHead(out, 2, uint64(len(l.Text))), l.Text...)
}
