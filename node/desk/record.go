package desk

import (
	"context"
	"time"

	"simpul/node/library"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// Stage is where a registration stands; the words are those of the log.
type Stage string

// The stages, in the SOP's order, and the outcomes.
const (
	StageOpened     = Stage(merge.StageOpened)
	StageIdentified = Stage(merge.StageIdentified)
	StageFilled     = Stage(merge.StageFilled)
	StageVerified   = Stage(merge.StageVerified)
	StageIssued     = Stage(merge.StageIssued)
	StageDone       = Stage(merge.StageDone)
	StageRefused    = Stage(merge.StageRefused)
	StageWithdrawn  = Stage(merge.StageWithdrawn)
	StageLapsed     = Stage(merge.StageLapsed)
	StageSame       = Stage(merge.StageSame)
)

// Step is the SOP step whose work is to be done now, 0 when there is none.
func (s Stage) Step() library.Step { return library.Step(merge.Stage(s).Step()) }

// Ended reports whether the registration ended without a card.
func (s Stage) Ended() bool {
	return s == StageRefused || s == StageWithdrawn || s == StageLapsed || s == StageSame
}

// Record is a registration, and once a card was issued a member, as screens and
// commands see it. It is a copy: changing it changes nothing.
type Record struct {
	ID      library.ID
	Version string // carry it in every form made from this record
	Form    library.Form
	Stage   Stage
	Source  string
	Class   library.ID
	Visit   library.ID
	Branch  library.ID // that gives the card to one who registered at home; zero for all others
	Opened  time.Time
	Day     library.Date // true date of the registration
	Late    bool
	Timed   bool
	Officer library.ID // who opened it
	By      string     // who filled the form: officer, visitor, companion

	Clock    library.Clock
	ClockNow time.Time // pass to Clock.Elapsed: the present instant on the clock's own line
	Paused   bool
	Pause    string // key of the reason

	Outcome  Outcome
	Verified Verification
	Consents map[library.ConsentKind]Consent
	Photo    string // "", attached, declined, deferred
	PhotoKey string // changes with the picture, for addresses and caches

	Member  bool
	Card    *Card  // in use
	Cards   []Card // all, oldest first
	From    library.Date
	Until   library.Date
	Kind    string // member kind
	Aliases []Alias
	Same    library.ID // the member this visitor already was
}

// Outcome says why a registration ended or was sent back.
type Outcome struct {
	Key  string
	Note string
	Step library.Step
}

// Verification is the latest comparison with the document.
type Verification struct {
	Document library.IdentityKind
	At       time.Time
	Checked  []string
	NotBorne []string
}

// Consent is the latest answer to one consent text.
type Consent struct {
	Given   bool
	Version string
	By, How string
	At      time.Time
}

// Card is one card of a member.
type Card struct {
	ID       library.ID
	Number   library.MemberNumber
	Kind     string
	Issued   time.Time
	From     library.Date
	Until    library.Date // as printed on it
	Blocked  bool
	Reason   string // of the block in force
	Replaced bool
	Prints   int
	Handed   time.Time // zero: not yet
	To, How  string
	ToName   string
}

// Alias is a number of another system.
type Alias struct{ System, Number string }

// record is a person for screens.
func (d *Desk) record(p *merge.Person) Record {
	o := p.Opened.Value
	r := Record{ID: library.ID(p.ID), Version: Version(p), Form: FormOf(p), Stage: Stage(p.Stage.Value), Source: o.Source,
		Branch: library.ID(p.For.Value), Class: library.ID(o.Class), Visit: library.ID(o.Visit), Opened: time.UnixMilli(o.Wall), Late: o.Source == SourceLate,
		Officer: library.ID(o.Officer), By: p.Filled.Value, Photo: p.Photo.Value.State, Member: p.Member(), Kind: p.Term.Value.Kind,
		Same: library.ID(p.Same.Value)}
	r.Day = library.DateIn(r.Opened, d.Zone)
	if o.Day != 0 {
		r.Day = library.DateFromDays(int(o.Day))
	}
	r.Clock, r.ClockNow = d.Store.ClockAt(p)
	r.Timed = !o.Untimed && !r.Clock.Untimed
	r.Paused = r.Clock.Paused
	if n := len(p.Marks); r.Paused && n > 0 {
		r.Pause = p.Marks[n-1].Reason
	}
	r.Outcome = Outcome{Key: p.Outcome.Value.Key, Note: p.Outcome.Value.Note, Step: library.Step(p.Outcome.Value.Step)}
	if r.Photo == merge.PhotoAttached {
		r.PhotoKey = event.DeriveID("photo", p.Photo.Value.Card).String()[:12]
	}
	r.Consents = map[library.ConsentKind]Consent{}
	for purpose, c := range p.Consents {
		r.Consents[library.ConsentKind(purpose)] = Consent{Given: !c.Value.Refused, Version: c.Value.Version, By: c.Value.By, How: c.Value.How, At: time.UnixMilli(c.Value.Wall)}
	}
	if !p.Verified.IsZero() {
		v := p.Verified.Value
		r.Verified = Verification{Document: library.IdentityKind(v.Document), At: time.UnixMilli(v.Wall), Checked: names(v.Checked), NotBorne: names(v.NotBorne)}
	}
	if !p.Term.IsZero() {
		r.From, r.Until = library.DateFromDays(int(p.Term.Value.From)), library.DateFromDays(int(p.Term.Value.Until))
	}
	for _, a := range p.Aliases {
		r.Aliases = append(r.Aliases, Alias{a.System, a.Number})
	}
	r.cards(p, d.Store.Barred)
	return r
}

func (r *Record) cards(p *merge.Person, barred func(event.ID) bool) {
	current := p.Card()
	for i := range p.Cards {
		c := &p.Cards[i]
		card := Card{ID: library.ID(c.ID), Number: library.MemberNumber(c.Number), Kind: c.Kind, Issued: time.UnixMilli(c.Wall),
			From: library.DateFromDays(int(c.From)), Until: library.DateFromDays(int(c.Until)), Prints: len(c.Prints), Replaced: c != current}
		if open := c.OpenBlocks(); len(open) > 0 {
			card.Blocked, card.Reason = true, open[len(open)-1].Reason
		}
		card.Blocked = card.Blocked || barred(c.ID)
		if !c.Handed.IsZero() {
			h := c.Handed.Value
			card.Handed, card.To, card.How, card.ToName = time.UnixMilli(h.Wall), h.To, h.How, h.Name
		}
		r.Cards = append(r.Cards, card)
		if c == current {
			r.Card = &r.Cards[len(r.Cards)-1]
		}
	}
	if r.Card != nil { // appending may have moved the list
		for i := range r.Cards {
			if !r.Cards[i].Replaced {
				r.Card = &r.Cards[i]
			}
		}
	}
}

func (d *Desk) records(list []*merge.Person) []Record {
	out := make([]Record, len(list))
	for i, p := range list {
		out[i] = d.record(p)
	}
	return out
}

func names(fields []event.Field) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = FieldName(f)
	}
	return out
}

// Registration loads a registration or member.
func (d *Desk) Registration(ctx context.Context, who Actor, id library.ID) (Record, error) {
	if err := who.may(library.DraftRegistration); err != nil {
		return Record{}, err
	}
	p, err := d.Store.Person(ctx, event.ID(id))
	if err != nil {
		return Record{}, told(err)
	}
	return d.record(p), nil
}

// entryOfPerson is a person as lists show one.
func (d *Desk) entryOfPerson(p *merge.Person) Entry { return entryOf(d.Store.ListingOf(p)) }
