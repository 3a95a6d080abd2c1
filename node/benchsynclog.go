package node

import (
	"context"
	"crypto/ed25519"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"simpul/node/demo"
	"simpul/node/library"
	"simpul/sync/event"
	"simpul/sync/wire"
)

// scribe is a node without a desk and without a disk: it writes a log of made-up
// people and holds what the centre feeds it, in memory. It is an agent.Log, so
// that hundreds of them can exchange in one process with the real agent.
type scribe struct {
	node   event.ID
	key    ed25519.PrivateKey
	random *rand.ChaCha8
	code   int
	stream event.ID
	items  []wire.Item
	chains []event.Hash // chains[n] is that after n events
	self   event.Salt
	by     event.ID
	wall   int64
	began  int64
	made   int

	mu       sync.Mutex
	ticket   wire.Short
	epoch    event.ID
	rulings  wire.Sum
	received uint64
	applied  uint64
	told     bool
	feeds    map[wire.Partition]*heldFeed
	next     time.Time
	failed   map[string]int
}

// heldFeed is a partition as a scribe holds it.
type heldFeed struct {
	pos  uint64
	sum  wire.Sum
	rows map[string]wire.Sum
	base map[string]wire.Sum // what many hold alike; nobody changes it
}

// follow begins where another scribe has come to.
func (f *heldFeed) follow(other *heldFeed) {
	f.pos, f.sum, f.base = other.pos, other.sum, other.rows
}

// newScribe begins a log; number is 1 to 989, which is its code NNN too.
func newScribe(number int, now time.Time) *scribe {
	var seed [32]byte
	binary.BigEndian.PutUint64(seed[:], uint64(number))
	s := &scribe{random: rand.NewChaCha8(seed), code: number, wall: now.UnixMilli(), began: now.UnixMilli(), failed: map[string]int{}, feeds: map[wire.Partition]*heldFeed{}}
	for p := wire.Settings; p <= wire.Directory; p++ {
		s.feeds[p] = &heldFeed{rows: map[string]wire.Sum{}}
	}
	key := make([]byte, ed25519.SeedSize)
	s.random.Read(key)
	s.key = ed25519.NewKeyFromSeed(key)
	s.random.Read(s.node[:])
	s.random.Read(s.stream[:])
	s.chains = []event.Hash{event.Genesis(s.stream)}
	s.self = s.salt()
	s.say(s.self, event.StreamOpened, &event.StreamOpening{Generation: 1, Reason: "setup"})
	s.say(s.self, event.NodeConfigured, &event.NodeConfig{Role: string(library.NodeBranch), Name: fmt.Sprintf("Cabang %d", number), Code: uint16(number)})
	officer := s.salt()
	s.say(officer, event.OfficerAdded, &event.OfficerFacts{Login: "demo", Name: "Petugas Contoh", Role: string(library.RoleOfficer)})
	s.by = event.SubjectID(officer)
	return s
}

// enrolment is what the centre decides to let it in.
func (s *scribe) enrolment() *event.Enrolment {
	branch := s.node
	branch[0] ^= 0xff
	return &event.Enrolment{Node: s.node, Branch: branch, Name: fmt.Sprintf("Cabang %d", s.code), Role: string(library.NodeBranch), Code: uint16(s.code),
		Key: s.key.Public().(ed25519.PublicKey)}
}

func (s *scribe) salt() (out event.Salt) { s.random.Read(out[:]); return out }
func (s *scribe) hash() (out event.Hash) { s.random.Read(out[:]); return out }
func (s *scribe) head() uint64           { return uint64(len(s.items)) }
func (s *scribe) draw(n int) int         { return int(s.random.Uint64() % uint64(n)) }
func (s *scribe) after(seconds int) {
	s.wall += 1000 + int64(s.draw(seconds*1000))
}

func (s *scribe) say(salt event.Salt, typ event.Type, body any) event.Hash {
	e, err := event.New(event.Header{Type: typ, Subject: event.SubjectID(salt), Officer: s.by, Wall: s.wall, Boot: 7, Mono: s.wall - s.began}, body)
	if err != nil {
		panic(err) // a body of this program that it cannot write
	}
	hash, err := e.ContentHash(salt)
	if err != nil {
		panic(err)
	}
	s.items = append(s.items, wire.Item{Event: e, Salt: salt, Hash: hash})
	s.chains = append(s.chains, s.chains[len(s.chains)-1].Next(hash))
	return hash
}

// register writes what one registration leaves; brief leaves out all but what makes a member.
func (s *scribe) register(f library.Form, brief bool) event.Salt {
	s.made++
	salt, by := s.salt(), "self"
	if f.Guardian.Name != "" {
		by = "guardian"
	}
	s.after(200)
	s.say(salt, event.RegistrationOpened, &event.Opening{Source: "desk", Fields: event.Fields{event.FieldName: f.Name}})
	if !brief {
		s.after(60)
		s.say(salt, event.RegistrationIdentified, &event.Identification{Kind: string(f.Identity), Explained: true})
		s.say(salt, event.ConsentGiven, &event.Consent{Purpose: "membership", Version: "2026-1", By: by, How: "screen"})
		s.say(salt, event.ConsentGiven, &event.Consent{Purpose: "photo", Version: "2026-1", By: by, How: "screen"})
	}
	s.after(300)
	s.say(salt, event.RegistrationFilled, &event.Filling{Fields: written(f), By: "officer"})
	if !brief {
		s.after(90)
		s.say(salt, event.RegistrationVerified, &event.Verification{Document: string(f.Identity), Checked: []event.Field{event.FieldNIK, event.FieldName, event.FieldBirth}})
		s.after(60)
		s.say(salt, event.PhotoAttached, &event.Photo{Card: s.hash(), Record: s.hash(), Source: "webcam"})
	}
	number, err := library.NewMemberNumber(s.code, 26, 0, s.made)
	if err != nil {
		panic(err) // numbers below 100,000
	}
	day := s.wall / 86_400_000
	card := s.say(salt, event.CardIssued, &event.Card{Number: string(number), Kind: f.MemberKind, From: day, Until: day + 1825})
	if !brief {
		s.after(60)
		s.say(salt, event.CardHandedOver, &event.HandOver{Card: event.DeriveID("card", card), To: by, How: "in-person"})
	}
	return salt
}

// written are the fields of a form as an officer saved it.
func written(f library.Form) event.Fields {
	out := event.Fields{}
	for field, value := range map[event.Field]string{event.FieldIdentity: string(f.Identity), event.FieldNIK: f.NIK, event.FieldName: f.Name, event.FieldBirthPlace: f.BirthPlace,
		event.FieldBirth: f.Birth.String(), event.FieldSex: string(f.Sex), event.FieldAddress: f.Address, event.FieldRT: f.RT, event.FieldRW: f.RW,
		event.FieldVillage: f.Village, event.FieldDistrict: f.District, event.FieldRegency: f.Regency, event.FieldPhone: f.Phone, event.FieldEducation: f.Education,
		event.FieldOccupation: f.Occupation, event.FieldInstitution: f.Institution, event.FieldMemberKind: f.MemberKind,
		event.FieldGuardianName: f.Guardian.Name, event.FieldGuardianRelation: f.Guardian.Relation, event.FieldGuardianPhone: f.Guardian.Phone,
		event.FieldGuardianDocument: f.Guardian.Document} {
		if value != "" {
			out[field] = value
		}
	}
	return out
}

// day writes a day at a desk: registrations, and three visits for each.
func (s *scribe) day(people *demo.People, registrations int) {
	var members []event.Salt
	for range registrations {
		members = append(members, s.register(people.Next(), false))
		for range 3 {
			s.after(60)
			if s.draw(3) == 0 {
				s.say(s.salt(), event.VisitRecorded, &event.Visit{Kind: "guest", Purpose: "baca", Sex: "P", AgeGroup: "18-25", Name: people.Next().Name})
			} else {
				s.say(members[s.draw(len(members))], event.VisitRecorded, &event.Visit{Kind: "member", Purpose: "pinjam"})
			}
		}
	}
}

// batch is a run of events, both ends included.
func (s *scribe) run(first, last uint64) wire.Batch {
	return wire.Batch{Stream: s.stream, First: first, Items: s.items[first-1 : last], Head: s.chains[last]}
}

// Standing implements agent.Log.
func (s *scribe) Standing(context.Context) (*wire.Request, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := &wire.Request{Protocol: wire.Protocol, Ticket: s.ticket, Epoch: s.epoch, Machine: wire.Short(s.node[:8]), Wall: s.wall, Boot: 7, Mono: s.wall - s.began,
		Rulings: s.rulings, Streams: []wire.StreamSays{{ID: s.stream, Head: s.head(), Chain: wire.ShortOf(s.chains[s.head()])}}}
	for p := wire.Settings; p <= wire.Directory; p++ {
		r.Feeds = append(r.Feeds, wire.Cursor{Partition: p, Pos: s.feeds[p].pos, Sum: s.feeds[p].sum})
	}
	if !s.told {
		r.Facts = &wire.Facts{Waiting: s.head() - s.received}
	}
	return r, nil
}

// Outgoing implements agent.Log.
func (s *scribe) Outgoing(_ context.Context, maxBytes int) ([]wire.Batch, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to := s.received
	for size := 0; to < s.head() && size < maxBytes; to++ {
		size += len(s.items[to].Body) + 24
	}
	if to == s.received {
		return nil, nil
	}
	return []wire.Batch{s.run(s.received+1, to)}, nil
}

// Absorb implements agent.Log.
func (s *scribe) Absorb(_ context.Context, _ *wire.Request, a *wire.Answer, _ int64) (more bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := a.Streams[0]
	if known.Forked || a.Foreign || a.Stale {
		return false, fmt.Errorf("node: the centre took a node for a copy: %+v", known)
	}
	more = a.Epoch != s.epoch
	s.ticket, s.epoch, s.received, s.applied, s.told = a.Ticket, a.Epoch, known.Received, known.Applied, true
	for _, r := range a.Rulings {
		s.rulings = s.rulings.AddHash(r.Hash())
	}
	for i := range a.Pages {
		f := s.feeds[a.Pages[i].Partition]
		for j := range a.Pages[i].Rows {
			row := &a.Pages[i].Rows[j]
			held, fresh := f.rows[string(row.Key)]
			if !fresh {
				held = f.base[string(row.Key)]
			}
			f.sum = f.sum.Sub(held).Add(row.Sum())
			f.rows[string(row.Key)] = row.Sum()
		}
		f.pos = a.Pages[i].To
		if !a.Pages[i].More && f.sum != a.Pages[i].Sum {
			return false, fmt.Errorf("node: partition %d differs from the centre's", a.Pages[i].Partition)
		}
		more = more || a.Pages[i].More
	}
	return more || s.received < s.head(), nil
}

// PhotosAsked implements agent.Log: a scribe has none.
func (s *scribe) PhotosAsked(context.Context) ([]wire.Short, error) { return nil, nil }

// SetPhotosAsked implements agent.Log.
func (s *scribe) SetPhotosAsked(context.Context, []wire.Short) error { return nil }

// PhotosMissing implements agent.Log.
func (s *scribe) PhotosMissing(context.Context, func([32]byte) bool, int) ([]event.Hash, error) {
	return nil, nil
}

// Tried implements agent.Log.
func (s *scribe) Tried(_ context.Context, failure string, next time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed[failure]++
	s.next = next
	return nil
}

// Spend implements agent.Log.
func (s *scribe) Spend(context.Context, int64) (int64, error) { return 0, nil }

// clear reports whether the centre has applied everything.
func (s *scribe) clear() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.applied == s.head()
}
