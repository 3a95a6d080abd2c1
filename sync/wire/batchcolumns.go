package wire

import (
	"encoding/binary"
	"fmt"

	"simpul/sync/event"
	"simpul/sync/wire/dense"
)

// MaxEvents bounds the events of one batch.
const MaxEvents = 1 << 16

// maxBodies bounds what the bodies of one batch or page may be together, in
// bytes.
const maxBodies = 32 << 20

// itemRoom is about what one event takes in memory beside its body, with what is
// remembered of it while the batch is read.
const itemRoom = 512

// writeBatch writes a batch by column: whose, by whom, when, and the bodies.
func writeBatch(w *dense.Writer, b *Batch) error {
	if len(b.Items) > MaxEvents {
		return fmt.Errorf("%w: %d events", ErrTooLarge, len(b.Items))
	}
	w.Raw(b.Stream[:])
	w.Raw(b.Head[:])
	w.Uint(b.First)
	w.Uint(uint64(len(b.Items)))
	writeSubjects(w, b.Items)
	writeReadings(w, b.Items)

	sheet, seen, bodies := dense.Sheet{Family: eventFamily}, newReferences(), 0
	for i := range b.Items {
		it := b.Items[i]
		bodies += len(it.Body)
		if err := it.derive(seen.subjects); err != nil {
			return err
		}
		seen.begin(&it)
		sort := string([]byte{byte(it.Type >> 8), byte(it.Type), it.Version})
		form, leaves := sheet.Split(sort, it.Body)
		bases := make([][dense.Bases]uint64, len(leaves))
		for j := range leaves {
			bases[j] = seen.bases()
			if leaves[j].Kind == dense.ID {
				seen.shorten(&leaves[j])
			}
		}
		shortenFields(sort, leaves, seen.fields(it.Subject))
		sheet.Put(sort, form, leaves, bases)
		seen.end(&it)
	}
	if sheet.Leaves() > dense.MaxLeaves || bodies > maxBodies {
		return fmt.Errorf("%w: %d values, %d bytes", ErrTooLarge, sheet.Leaves(), bodies)
	}
	sheet.Write(w)
	return nil
}

// readBatch reads what writeBatch wrote. Subjects are set; hashes only where the
// event is erased, see [Batch.Records].
func readBatch(r *dense.Reader) (b Batch, err error) {
	copy(b.Stream[:], r.Raw(16))
	copy(b.Head[:], r.Raw(32))
	b.First = r.Uint()
	n := r.Count()
	if n > MaxEvents || !r.Spend(n, itemRoom) {
		return b, fmt.Errorf("%w: %d events", ErrMessage, n)
	}
	b.Items = make([]Item, n)
	readSubjects(r, b.Items)
	readReadings(r, b.Items)
	sheet, seen := dense.Sheet{Family: eventFamily}, newReferences()
	if err := sheet.Read(r, n); err != nil {
		return b, err
	}
	for i := range b.Items {
		it := &b.Items[i]
		body := sheet.Take()
		if len(body.Sort) != 3 {
			return b, ErrMessage
		}
		it.Type, it.Version = event.Type(body.Sort[0])<<8|event.Type(body.Sort[1]), body.Sort[2]
		seen.name(it)
		seen.begin(it)
		for j := range body.Leaves {
			switch l := &body.Leaves[j]; l.Kind {
			case dense.Uint, dense.Neg:
				body.Number(j, seen.bases())
			case dense.ID:
				if !seen.lengthen(l) {
					return b, ErrMessage
				}
			}
		}
		lengthenFields(body.Sort, body.Leaves, seen.fields(it.Subject))
		raw, err := body.Join()
		if err != nil || (it.Erased() && len(raw) > 0) {
			return b, ErrMessage
		}
		if len(raw) > 0 {
			it.Body = raw
		}
		seen.end(it)
	}
	return b, r.Err()
}

// How an event says whose it is; larger numbers count back in the subjects.
const (
	newSubject = 0
	noSubject  = 1 // erased: the id and the hash stand there
	oldSubject = 2
)

// writeSubjects writes each salt once; the id derives from it.
func writeSubjects(w *dense.Writer, items []Item) {
	codes, place := make([]uint64, len(items)), map[event.Salt]int{}
	var salts, erased []byte
	for i := range items {
		it := &items[i]
		at, known := place[it.Salt]
		switch {
		case it.Erased():
			codes[i] = noSubject
			erased = append(append(erased, it.Subject[:]...), it.Hash[:]...)
		case known:
			codes[i] = oldSubject + uint64(len(place)-1-at)
		default:
			place[it.Salt] = len(place)
			salts = append(salts, it.Salt[:]...)
		}
	}
	w.Numbers(codes)
	w.Raw(salts)
	w.Cut()
	w.Raw(erased)
	w.Cut()
}

func readSubjects(r *dense.Reader, items []Item) {
	var salts []event.Salt
	codes := r.Numbers(len(items))
	for i, code := range codes {
		switch {
		case code == newSubject:
			var salt event.Salt
			copy(salt[:], r.Raw(16))
			if salt == (event.Salt{}) {
				r.Fail()
			}
			salts = append(salts, salt)
			items[i].Salt = salt
		case code == noSubject:
		case code-oldSubject < uint64(len(salts)):
			items[i].Salt = salts[uint64(len(salts))-1-(code-oldSubject)]
		default:
			r.Fail()
		}
	}
	for i, code := range codes {
		if code == noSubject {
			copy(items[i].Subject[:], r.Raw(16))
			copy(items[i].Hash[:], r.Raw(32))
		}
	}
}

// writeReadings writes who and when. Within a boot the monotonic clock goes on
// as the wall clock does, so only what it differs by is said.
func writeReadings(w *dense.Writer, items []Item) {
	officers, boots := make([]string, len(items)), make([]string, len(items))
	walls, monos := make([]uint64, len(items)), make([]uint64, len(items))
	var before event.Header
	for i := range items {
		h := items[i].Header
		officers[i] = string(h.Officer[:])
		boots[i] = string(binary.BigEndian.AppendUint32(nil, h.Boot))
		walls[i] = dense.Zigzag(h.Wall - before.Wall)
		monos[i] = dense.Zigzag(h.Mono - expected(before, h))
		before = h
	}
	w.Bytes(officers)
	w.Bytes(boots)
	w.Numbers(walls)
	w.Numbers(monos)
}

func readReadings(r *dense.Reader, items []Item) {
	n := len(items)
	officers, boots, walls, monos := r.Bytes(n), r.Bytes(n), r.Numbers(n), r.Numbers(n)
	if len(officers) != n || len(boots) != n || len(walls) != n || len(monos) != n {
		r.Fail()
		return
	}
	var before event.Header
	for i := range items {
		h := &items[i].Header
		if len(officers[i]) != 16 || len(boots[i]) != 4 {
			r.Fail()
			return
		}
		copy(h.Officer[:], officers[i])
		h.Boot = binary.BigEndian.Uint32([]byte(boots[i]))
		h.Wall = before.Wall + dense.Unzigzag(walls[i])
		h.Mono = dense.Unzigzag(monos[i]) + expected(before, *h)
		before = *h
	}
}

// expected is the monotonic reading that follows from the wall reading.
func expected(before, h event.Header) int64 {
	if h.Boot != before.Boot {
		return 0
	}
	return before.Mono + h.Wall - before.Wall
}
