package wire

import (
	"simpul/sync/event"
	"simpul/sync/wire/dense"
)

// references is what both sides know while they walk through a batch: which ids
// have come into being, so that a body can name them by number.
type references struct {
	subjects map[event.Salt]event.ID
	lists    [4][]event.ID
	place    map[event.ID]reference
	walls    map[event.ID]int64 // of visits: when each was recorded
	known    map[event.ID]map[event.Field]string
	now      uint64 // wall reading of the present event
	visit    uint64 // and of the visit that its body names
}

// reference is a place in one of the lists. Places in the first three count from
// the end, since what came last is named most.
type reference struct{ list, at int }

// The lists of ids.
const (
	visitIDs   = 0
	cardIDs    = 1
	subjectIDs = 2
	otherIDs   = 3 // everything that a body brought in full
)

func newReferences() *references {
	return &references{subjects: map[event.Salt]event.ID{}, place: map[event.ID]reference{}, walls: map[event.ID]int64{},
		known: map[event.ID]map[event.Field]string{}}
}

// name sets the subject that follows from the salt.
func (s *references) name(it *Item) {
	if it.Erased() {
		return
	}
	id, known := s.subjects[it.Salt]
	if !known {
		id = event.SubjectID(it.Salt)
		s.subjects[it.Salt] = id
	}
	it.Subject = id
}

// begin prepares for the body of an event.
func (s *references) begin(it *Item) {
	s.add(subjectIDs, it.Subject)
	s.now, s.visit = uint64(it.Wall), uint64(it.Wall)
}

// end takes in what an event brought into being.
func (s *references) end(it *Item) {
	list, kind := visitIDs, "visit"
	switch it.Type {
	case event.VisitRecorded:
	case event.CardIssued, event.CardReplaced:
		list, kind = cardIDs, "card"
	default:
		return
	}
	if it.Erased() {
		return
	}
	hash, err := it.ContentHash(it.Salt)
	if err != nil {
		return // a header always encodes
	}
	id := event.DeriveID(kind, hash)
	s.add(list, id)
	if list == visitIDs {
		s.walls[id] = it.Wall
	}
}

func (s *references) add(list int, id event.ID) {
	if _, known := s.place[id]; !known {
		s.place[id] = reference{list, len(s.lists[list])}
		s.lists[list] = append(s.lists[list], id)
	}
}

// bases are what a number in the present body may be told against.
func (s *references) bases() (b [dense.Bases]uint64) {
	b[dense.FirstBase], b[dense.FirstBase+1] = s.now, s.visit
	return b
}

// shorten puts a reference in place of an id that is known.
func (s *references) shorten(l *dense.Leaf) {
	id := event.ID([]byte(l.Text))
	ref, known := s.place[id]
	s.use(id)
	if !known {
		return
	}
	at := ref.at
	if ref.list != otherIDs {
		at = len(s.lists[ref.list]) - 1 - at
	}
	l.Text, l.Num = "", 1+uint64(ref.list)+4*uint64(at)
}

// lengthen undoes shorten.
func (s *references) lengthen(l *dense.Leaf) bool {
	if l.Num == 0 {
		s.use(event.ID([]byte(l.Text)))
		return true
	}
	ids := s.lists[(l.Num-1)%4]
	at := (l.Num - 1) / 4
	if at >= uint64(len(ids)) {
		return false
	}
	if (l.Num-1)%4 != otherIDs {
		at = uint64(len(ids)) - 1 - at
	}
	id := ids[at]
	l.Text = string(id[:])
	s.use(id)
	return true
}

// use remembers an id that a body named.
func (s *references) use(id event.ID) {
	s.add(otherIDs, id)
	if wall, is := s.walls[id]; is {
		s.visit = uint64(wall)
	}
}

// fields are the values that the batch has given of one person so far.
func (s *references) fields(subject event.ID) map[event.Field]string {
	m := s.known[subject]
	if m == nil {
		m = map[event.Field]string{}
		s.known[subject] = m
	}
	return m
}
