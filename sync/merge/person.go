package merge

import (
	"fmt"
	"slices"

	"simpul/sync/event"
)

// Stage is where a registration stands. The SOP's step is derived from it.
type Stage string

// Stages in the SOP's order, and the outcomes outside it.
const (
	StageOpened     Stage = "opened"     // step 2 runs: identity and explanation
	StageIdentified Stage = "identified" // step 3 runs: the form
	StageFilled     Stage = "filled"     // step 4 runs: verification
	StageVerified   Stage = "verified"   // step 5 runs: photo and card
	StageIssued     Stage = "issued"     // step 6 runs: handing over
	StageDone       Stage = "done"       // handed over

	StageRefused   Stage = "refused"
	StageWithdrawn Stage = "withdrawn"
	StageLapsed    Stage = "lapsed"
	StageSame      Stage = "same" // the visitor turned out to be a member already
)

// Step is the SOP step (2 to 6) whose clock runs in this stage, 0 for none.
func (s Stage) Step() int {
	switch s {
	case StageOpened:
		return 2
	case StageIdentified:
		return 3
	case StageFilled:
		return 4
	case StageVerified:
		return 5
	case StageIssued:
		return 6
	}
	return 0
}

// Open reports whether the registration is still to be finished.
func (s Stage) Open() bool { return s.Step() != 0 }

// Mark is an instant in the life of a registration: which stage began, or a
// pause or resumption. The clocks of the SOP are computed from marks; Mono is
// comparable between marks of one Boot.
type Mark struct {
	_      struct{} `cbor:",toarray"`
	At     Stamp
	What   string // a Stage, MarkPaused or MarkResumed
	Reason string
	Wall   int64
	Boot   uint32
	Mono   int64
}

// What a mark can be besides a stage.
const (
	MarkPaused  = "paused"
	MarkResumed = "resumed"
)

// Card is one printed card of a person.
type Card struct {
	ID       event.ID           `cbor:"1,keyasint"`
	Number   string             `cbor:"2,keyasint"`
	Kind     string             `cbor:"3,keyasint"`
	From     int64              `cbor:"4,keyasint"`
	Until    int64              `cbor:"5,keyasint"`
	At       Stamp              `cbor:"6,keyasint"`
	Wall     int64              `cbor:"7,keyasint"`
	Replaces event.ID           `cbor:"8,keyasint,omitzero"`
	Blocks   []Block            `cbor:"9,keyasint,omitempty"`
	Lifted   []event.Hash       `cbor:"10,keyasint,omitempty"`
	Handed   Register[HandOver] `cbor:"11,keyasint,omitzero"`
	Prints   []Stamp            `cbor:"12,keyasint,omitempty"`
}

// Block is one blocking of a card, named by its event.
type Block struct {
	_      struct{} `cbor:",toarray"`
	Hash   event.Hash
	Reason string
	Note   string
	At     Stamp
}

// HandOver is SOP step 6 as recorded.
type HandOver struct {
	_    struct{} `cbor:",toarray"`
	To   string
	How  string
	Name string
	Wall int64
	Day  int64
}

// Blocked reports whether a block is in force: one that no release named.
func (c Card) Blocked() bool { return len(c.OpenBlocks()) > 0 }

// OpenBlocks lists the blocks in force.
func (c Card) OpenBlocks() []Block {
	var open []Block
	for _, b := range c.Blocks {
		lifted := false
		for _, h := range c.Lifted {
			lifted = lifted || h == b.Hash
		}
		if !lifted {
			open = append(open, b)
		}
	}
	return open
}

// Photo is the present photo: attached, declined or deferred.
type Photo struct {
	_      struct{} `cbor:",toarray"`
	State  string
	Card   event.Hash
	Record event.Hash
	Source string
}

// What a photo's state can be.
const (
	PhotoAttached = "attached"
	PhotoDeclined = "declined"
	PhotoDeferred = "deferred"
)

// Consent is the latest consent for one purpose.
type Consent struct {
	_        struct{} `cbor:",toarray"`
	Version  string
	TextHash event.Hash
	By       string
	How      string
	Refused  bool
	Wall     int64
}

// Outcome says why a registration ended without a card, or was sent back.
type Outcome struct {
	_     struct{} `cbor:",toarray"`
	Key   string
	Note  string
	Step  uint8
	Other event.ID
}

// Verified is the latest verification.
type Verified struct {
	_        struct{} `cbor:",toarray"`
	Document string
	Checked  []event.Field
	NotBorne []event.Field
	Wall     int64
}

// Term is the validity of the membership, days since 1970.
type Term struct {
	_     struct{} `cbor:",toarray"`
	From  int64
	Until int64
	Kind  string
}

// Opened is how the registration began; the lowest stamp wins, it is the origin.
type Opened struct {
	_       struct{} `cbor:",toarray"`
	Source  string
	Visit   event.ID
	Class   event.ID
	Arrived int64
	Wall    int64
	Day     int64
	Untimed bool
	Officer event.ID
}

// Alias is a number of another system.
type Alias struct {
	_      struct{} `cbor:",toarray"`
	System string
	Number string
	At     Stamp
}

// Person is everything known of one person: the registration and, once a card
// has been issued, the member. Both have one id for life.
type Person struct {
	ID       event.ID                     `cbor:"1,keyasint"`
	Writes   Writes                       `cbor:"2,keyasint,omitempty"`
	Opened   Register[Opened]             `cbor:"3,keyasint,omitzero"`
	Stage    Register[Stage]              `cbor:"4,keyasint,omitzero"`
	Outcome  Register[Outcome]            `cbor:"5,keyasint,omitzero"`
	Identity Register[string]             `cbor:"6,keyasint,omitzero"`
	Filled   Register[string]             `cbor:"7,keyasint,omitzero"` // by whom
	Verified Register[Verified]           `cbor:"8,keyasint,omitzero"`
	Photo    Register[Photo]              `cbor:"9,keyasint,omitzero"`
	Erased   []event.Hash                 `cbor:"10,keyasint,omitempty"`
	Consents map[string]Register[Consent] `cbor:"11,keyasint,omitempty"`
	Compared map[string]Register[bool]    `cbor:"12,keyasint,omitempty"` // other id → same
	Marks    []Mark                       `cbor:"13,keyasint,omitempty"`
	Cards    []Card                       `cbor:"14,keyasint,omitempty"`
	Term     Register[Term]               `cbor:"15,keyasint,omitzero"`
	Aliases  []Alias                      `cbor:"16,keyasint,omitempty"`
	Same     Register[event.ID]           `cbor:"17,keyasint,omitzero"` // the member this visitor already was
	Orphans  []Orphan                     `cbor:"18,keyasint,omitempty"`
	Events   uint64                       `cbor:"19,keyasint"`
	Head     Stamp                        `cbor:"20,keyasint"` // highest stamp seen
	Heads    Heads                        `cbor:"21,keyasint,omitempty"`
	Wishes   []Wish                       `cbor:"22,keyasint,omitempty"`
	Replies  []Reply                      `cbor:"23,keyasint,omitempty"`
	For      Register[event.ID]           `cbor:"24,keyasint,omitzero"` // branch at which who registered at home collects the card
}

// Wish is one request that the person be erased, named by its event.
type Wish struct {
	_        struct{} `cbor:",toarray"`
	Hash     event.Hash
	Reason   string
	By       string
	Identity string
	Note     string
	Officer  event.ID
	Wall     int64
	At       Stamp
}

// Reply ended some wishes without an erasure.
type Reply struct {
	_      struct{} `cbor:",toarray"`
	Wishes []event.Hash
	Reason string
	Note   string
	Wall   int64
	At     Stamp
}

// OpenWishes lists the wishes that nobody has answered, the oldest first.
func (p *Person) OpenWishes() []Wish {
	var open []Wish
	for _, w := range p.Wishes {
		answered := slices.ContainsFunc(p.Replies, func(r Reply) bool { return slices.Contains(r.Wishes, w.Hash) })
		if !answered {
			open = append(open, w)
		}
	}
	return open
}

// Orphan is something done to a card that this state has not seen yet; it waits
// for the card, which another stream will bring.
type Orphan struct {
	_    struct{} `cbor:",toarray"`
	At   Stamp
	Hash event.Hash
	Type event.Type
	Wall int64
	Body []byte
}

// Member reports whether a card was ever issued.
func (p *Person) Member() bool { return len(p.Cards) > 0 }

// Card returns the card that is in use: the newest that no other replaces.
func (p *Person) Card() *Card {
	for i := len(p.Cards) - 1; i >= 0; i-- {
		if !p.replaced(p.Cards[i].ID) {
			return &p.Cards[i]
		}
	}
	return nil
}

func (p *Person) replaced(id event.ID) bool {
	for _, c := range p.Cards {
		if c.Replaces == id && !id.IsZero() {
			return true
		}
	}
	return false
}

// CardByID finds a card of the person.
func (p *Person) CardByID(id event.ID) *Card {
	for i := range p.Cards {
		if p.Cards[i].ID == id {
			return &p.Cards[i]
		}
	}
	return nil
}

// Get returns a field's value.
func (p *Person) Get(f event.Field) string { return p.Writes.Get(f) }

// Consent returns the latest consent for a purpose.
func (p *Person) Consent(purpose string) (Consent, bool) {
	c, ok := p.Consents[purpose]
	return c.Value, ok
}

// Apply folds one event into the person. Unknown types and versions change
// nothing. An error means the body could not be read: the event is poison and
// must be set aside by the caller.
func (p *Person) Apply(rec event.Record, at Stamp) error {
	body, ok, err := rec.Decoded()
	if err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	p.ID = rec.Subject
	p.Events++
	if at.Compare(p.Head) > 0 || p.Head.IsZero() {
		p.Head = at
	}
	if !ok {
		return nil
	}
	p.Heads = p.Heads.with(rec)
	p.apply(rec, body, at)
	return nil
}

func (p *Person) apply(rec event.Record, body any, at Stamp) {
	switch b := body.(type) {
	case *event.Opening:
		p.opened(rec, b, at)
	case *event.Identification:
		p.Identity.Set(b.Kind, at)
		p.Writes.set(event.Fields{event.FieldIdentity: b.Kind}, Typed, at)
		p.enter(StageIdentified, rec, at)
	case *event.Consent:
		p.consent(rec, b, at)
	case *event.Filling:
		level := Typed
		if b.Seen {
			level = Seen
		}
		p.Writes.set(b.Fields, level, at)
		p.Filled.Set(b.By, at)
		p.enter(StageFilled, rec, at)
	case *event.Verification:
		p.Writes.set(b.Corrected, Seen, at)
		p.Verified.Set(Verified{Document: b.Document, Checked: b.Checked, NotBorne: b.NotBorne, Wall: rec.Wall}, at)
		p.enter(StageVerified, rec, at)
	case *event.Refusal:
		p.Outcome.Set(Outcome{Key: b.Requirement, Note: b.Note, Step: b.Step}, at)
		p.enter(StageRefused, rec, at)
	case *event.Comparison:
		p.compared(rec, b, at)
	case *event.Routing:
		p.For.Set(b.Branch, at)
	case *event.Photo:
		p.photo(rec, b, at)
	case *event.Card:
		p.issued(rec, b, at)
	case *event.Correction:
		p.Writes.set(b.Fields, Seen, at)
	case *event.Renewal:
		p.Term.Set(Term{From: b.From, Until: b.Until, Kind: b.Kind}, at)
	case *event.Alias:
		p.Aliases = insert(p.Aliases, Alias{System: b.System, Number: b.Number, At: at}, func(a Alias) Stamp { return a.At })
	case *event.HandOver:
		p.onCard(b.Card, rec, at, func(c *Card) {
			c.Handed.Set(HandOver{To: b.To, How: b.How, Name: b.Name, Wall: rec.Wall, Day: b.Day}, at)
		})
		p.enter(StageDone, rec, at)
	case *event.CardMark:
		p.marked(rec, b, at)
	case *event.CardRelease:
		p.onCard(b.Card, rec, at, func(c *Card) { c.lift(b.Blocks) })
	case *event.Reason:
		p.reason(rec, b, at)
	case *event.ErasureWish:
		p.Wishes = insert(p.Wishes, Wish{Hash: rec.Hash, Reason: b.Reason, By: b.By, Identity: b.Identity, Note: b.Note, Officer: rec.Officer, Wall: rec.Wall, At: at},
			func(w Wish) Stamp { return w.At })
	case *event.ErasureReply:
		p.Replies = insert(p.Replies, Reply{Wishes: b.Wishes, Reason: b.Reason, Note: b.Note, Wall: rec.Wall, At: at}, func(r Reply) Stamp { return r.At })
	}
}

func (p *Person) opened(rec event.Record, b *event.Opening, at Stamp) {
	if p.Opened.IsZero() || at.Compare(p.Opened.At) < 0 {
		p.Opened = Register[Opened]{At: at, Value: Opened{Source: b.Source, Visit: b.Visit, Class: b.Class,
			Arrived: b.Arrived, Wall: rec.Wall, Day: b.Day, Untimed: b.Untimed, Officer: rec.Officer}}
	}
	p.Writes.set(b.Fields, Typed, at)
	p.enter(StageOpened, rec, at)
}

func (p *Person) consent(rec event.Record, b *event.Consent, at Stamp) {
	if p.Consents == nil {
		p.Consents = map[string]Register[Consent]{}
	}
	c := p.Consents[b.Purpose]
	c.Set(Consent{Version: b.Version, TextHash: b.TextHash, By: b.By, How: b.How, Refused: b.Refused, Wall: rec.Wall}, at)
	p.Consents[b.Purpose] = c
}

func (p *Person) compared(rec event.Record, b *event.Comparison, at Stamp) {
	if p.Compared == nil {
		p.Compared = map[string]Register[bool]{}
	}
	key := b.Other.String()
	c := p.Compared[key]
	c.Set(b.Same, at)
	p.Compared[key] = c
	if b.Same {
		p.Same.Set(b.Other, at)
		p.Outcome.Set(Outcome{Key: "same", Note: b.Note, Other: b.Other}, at)
		p.enter(StageSame, rec, at)
	}
}

func (p *Person) photo(rec event.Record, b *event.Photo, at Stamp) {
	if rec.Type == event.PhotoErased {
		for _, h := range []event.Hash{b.Card, b.Record} {
			p.Erased = addHash(p.Erased, h)
		}
		return
	}
	p.Photo.Set(Photo{State: PhotoAttached, Card: b.Card, Record: b.Record, Source: b.Source}, at)
}

func (p *Person) issued(rec event.Record, b *event.Card, at Stamp) {
	id := event.DeriveID("card", rec.Hash)
	if p.CardByID(id) != nil {
		return
	}
	p.Cards = insert(p.Cards, Card{ID: id, Number: b.Number, Kind: b.Kind, From: b.From, Until: b.Until,
		At: at, Wall: rec.Wall, Replaces: b.Old}, func(c Card) Stamp { return c.At })
	p.Term.Set(Term{From: b.From, Until: b.Until, Kind: b.Kind}, at)
	if rec.Type == event.CardIssued {
		p.enter(StageIssued, rec, at)
	}
	p.unlapse()
	p.adopt()
}

func (p *Person) marked(rec event.Record, b *event.CardMark, at Stamp) {
	p.onCard(b.Card, rec, at, func(c *Card) {
		switch rec.Type {
		case event.CardBlocked:
			for _, have := range c.Blocks {
				if have.Hash == rec.Hash {
					return
				}
			}
			c.Blocks = insert(c.Blocks, Block{Hash: rec.Hash, Reason: b.Reason, Note: b.Note, At: at}, func(x Block) Stamp { return x.At })
		case event.CardPrinted:
			c.Prints = insert(c.Prints, at, func(s Stamp) Stamp { return s })
		}
	})
}

func (p *Person) reason(rec event.Record, b *event.Reason, at Stamp) {
	switch rec.Type {
	case event.RegistrationSentBack:
		p.Outcome.Set(Outcome{Key: b.Key, Note: b.Note, Step: 4}, at)
		p.enter(StageIdentified, rec, at)
	case event.RegistrationReopened:
		p.Outcome.Set(Outcome{Key: "reopened", Note: b.Note}, at)
		// Always to the document's step: what was typed stays, and the officer
		// looks at the document again. It must not depend on what arrived so far.
		p.enter(StageOpened, rec, at)
	case event.RegistrationWithdrawn:
		p.Outcome.Set(Outcome{Key: b.Key, Note: b.Note}, at)
		p.enter(StageWithdrawn, rec, at)
	case event.RegistrationLapsed:
		p.Outcome.Set(Outcome{Key: b.Key, Note: b.Note}, at)
		p.enter(StageLapsed, rec, at)
	case event.RegistrationPaused:
		p.mark(MarkPaused, b.Key, rec, at)
	case event.RegistrationResumed:
		p.mark(MarkResumed, b.Key, rec, at)
	case event.PhotoDeclined:
		p.Photo.Set(Photo{State: PhotoDeclined}, at)
	case event.PhotoDeferred:
		p.Photo.Set(Photo{State: PhotoDeferred}, at)
	}
}

func (p *Person) enter(s Stage, rec event.Record, at Stamp) {
	p.Stage.Set(s, at)
	p.mark(string(s), "", rec, at)
	p.unlapse()
}

// unlapse lets a card win over the lapse of its registration: the centre or
// another PC let it lapse before it heard of the card. The stage is then the
// newest other one, whichever came first.
func (p *Person) unlapse() {
	if p.Stage.Value != StageLapsed || !p.Member() {
		return
	}
	for _, m := range slices.Backward(p.Marks) {
		if s := Stage(m.What); s != StageLapsed && m.What != MarkPaused && m.What != MarkResumed {
			p.Stage = Register[Stage]{At: m.At, Value: s}
			return
		}
	}
}

func (p *Person) mark(what, reason string, rec event.Record, at Stamp) {
	p.Marks = insert(p.Marks, Mark{At: at, What: what, Reason: reason, Wall: rec.Wall, Boot: rec.Boot, Mono: rec.Mono},
		func(m Mark) Stamp { return m.At })
}

// onCard applies f to the card, or keeps the event until the card arrives.
func (p *Person) onCard(id event.ID, rec event.Record, at Stamp, f func(*Card)) {
	if c := p.CardByID(id); c != nil {
		f(c)
		return
	}
	p.Orphans = insert(p.Orphans, Orphan{At: at, Hash: rec.Hash, Type: rec.Type, Wall: rec.Wall, Body: rec.Body},
		func(o Orphan) Stamp { return o.At })
}

// adopt applies the orphans whose card has arrived.
func (p *Person) adopt() {
	waiting := p.Orphans
	p.Orphans = nil
	for _, o := range waiting {
		rec := event.Record{Hash: o.Hash, Event: event.Event{Header: event.Header{Type: o.Type, Version: o.Type.Version(), Subject: p.ID, Wall: o.Wall}, Body: o.Body}}
		body, ok, err := rec.Decoded()
		if err != nil || !ok {
			continue // it was decoded once before it became an orphan
		}
		switch b := body.(type) {
		case *event.HandOver:
			p.onCard(b.Card, rec, o.At, func(c *Card) {
				c.Handed.Set(HandOver{To: b.To, How: b.How, Name: b.Name, Wall: o.Wall, Day: b.Day}, o.At)
			})
		case *event.CardMark:
			p.marked(rec, b, o.At)
		case *event.CardRelease:
			p.onCard(b.Card, rec, o.At, func(c *Card) { c.lift(b.Blocks) })
		}
	}
}

func (c *Card) lift(blocks []event.Hash) {
	for _, h := range blocks {
		c.Lifted = addHash(c.Lifted, h)
	}
}

// addHash keeps a sorted set.
func addHash(set []event.Hash, h event.Hash) []event.Hash {
	i := 0
	for ; i < len(set); i++ {
		switch c := compareHash(set[i], h); {
		case c == 0:
			return set
		case c > 0:
			set = append(set, event.Hash{})
			copy(set[i+1:], set[i:])
			set[i] = h
			return set
		}
	}
	return append(set, h)
}

func compareHash(a, b event.Hash) int {
	for i := range a {
		if a[i] != b[i] {
			if a[i] < b[i] {
				return -1
			}
			return 1
		}
	}
	return 0
}
