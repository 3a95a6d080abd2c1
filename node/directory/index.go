package directory

// index is everything that is known, by row. A row keeps its number for life;
// the row of a removed person stays empty until the next Fill.
type index struct {
	rows    []row
	numbers []plate
	rowOf   map[[16]byte]uint32
	words   vocabulary
	born    [birthdays][]uint32 // rows by day and month, in no order
	all     rowSet
	members rowSet
}

// prepared is an entry ready to be taken in: the slow part, done outside the lock.
type prepared struct {
	row
	number plate
	keys   []string
}

func prepare(e Entry) prepared {
	return prepared{row: pack(e), number: newPlate(e.Number), keys: nameKeys(e.Name)}
}

// put adds or replaces.
func (x *index) put(batch []prepared) {
	if x.rowOf == nil {
		x.rowOf = map[[16]byte]uint32{}
	}
	var postings []posting
	for _, p := range batch {
		at, known := x.rowOf[p.id]
		if known {
			// The row may be one of this batch.
			x.words.link(postings)
			postings = postings[:0]
			if !x.replace(at, p) {
				continue
			}
		} else {
			at = x.append(p)
		}
		for _, key := range p.keys {
			postings = append(postings, posting{key, at})
		}
		if day, ok := birthday(p.birth()); ok {
			x.born[day] = append(x.born[day], at)
		}
	}
	x.words.link(postings)
}

func (x *index) append(p prepared) uint32 {
	at := uint32(len(x.rows))
	x.rows, x.numbers = append(x.rows, p.row), append(x.numbers, p.number)
	x.rowOf[p.id] = at
	if at%64 == 0 {
		x.all, x.members = append(x.all, 0), append(x.members, 0)
	}
	x.mark(at)
	return at
}

// replace reports whether the row has to be linked anew: most changes leave
// name and birth date alone.
func (x *index) replace(at uint32, p prepared) bool {
	old := &x.rows[at]
	relink := old.name() != p.name() || old.birth() != p.birth()
	if relink {
		x.unlink(at)
	}
	x.rows[at], x.numbers[at] = p.row, p.number
	x.mark(at)
	return relink
}

func (x *index) mark(at uint32) {
	x.all.set(at)
	x.members.drop(at)
	if x.rows[at].marks&markMember != 0 {
		x.members.set(at)
	}
}

func (x *index) unlink(at uint32) {
	for _, key := range nameKeys(x.rows[at].name()) {
		x.words.unlink(key, at)
	}
	if day, ok := birthday(x.rows[at].birth()); ok {
		x.born[day] = without(x.born[day], at)
	}
}

func (x *index) remove(id [16]byte) {
	at, known := x.rowOf[id]
	if !known {
		return
	}
	x.unlink(at)
	delete(x.rowOf, id)
	x.rows[at], x.numbers[at] = row{}, plate{}
	x.all.drop(at)
	x.members.drop(at)
}
