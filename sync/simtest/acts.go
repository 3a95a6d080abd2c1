package simtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// errSkip ends an act that has nothing to act on.
var errSkip = errors.New("simtest: nothing to do")

// act is what a desk does in one transaction.
type act struct {
	name   string
	weight int
	run    func(*desk) error
}

// desk is one act under way.
type desk struct {
	site *site
	tx   *store.Tx
	r    *rand.Rand
	recs []event.Record
}

var acts = []act{
	{"open", 14, (*desk).open},
	{"next step", 40, (*desk).next},
	{"visit", 14, (*desk).visit},
	{"correct visit", 3, (*desk).correctVisit},
	{"correct", 6, (*desk).correct},
	{"renew", 2, (*desk).renew},
	{"block", 4, (*desk).block},
	{"unblock", 3, (*desk).unblock},
	{"replace", 3, (*desk).replace},
	{"alias", 2, (*desk).alias},
	{"setting", 2, (*desk).setting},
	{"officer", 2, (*desk).officer},
	{"class", 2, (*desk).class},
	{"photo", 3, (*desk).photo},
	{"compare", 1, (*desk).compare},
	{"from home", 4, (*desk).fromHome},
	{"send on", 2, (*desk).sendOn},
}

// work is one act of a desk, by chance. It reports whether something was saved.
func (s *site) work(r *rand.Rand) bool {
	total := 0
	for _, a := range acts {
		total += a.weight
	}
	n := r.IntN(total)
	for _, a := range acts {
		if n -= a.weight; n < 0 {
			return s.do(a.name, r, a.run)
		}
	}
	return false
}

// do runs one use case and remembers what the screen then says is saved.
func (s *site) do(name string, r *rand.Rand, run func(*desk) error) bool {
	d := &desk{site: s, r: r}
	_, err := s.st.Write(context.Background(), event.ID{}, func(tx *store.Tx) error {
		d.tx, d.recs = tx, nil
		return run(d)
	})
	switch {
	case errors.Is(err, errSkip), errors.Is(err, store.ErrNotFound):
		return false
	case errors.Is(err, store.ErrDead):
		s.world.say("%s: %s: the power goes out", s.name, name)
		return false
	case errors.Is(err, store.ErrFull):
		s.world.say("%s: %s: no room", s.name, name)
		s.world.count("disk full at " + s.part())
		return false
	case err != nil:
		s.world.fail("nothing stops the desk", "%s: %s: %v", s.name, name, err)
	}
	s.world.oracle.saved(s.name, d.recs)
	s.printed(d.recs)
	s.world.say("%s: %s %s", s.name, name, d.brief())
	return true
}

func (d *desk) brief() string {
	if len(d.recs) == 0 {
		return ""
	}
	last := d.recs[len(d.recs)-1]
	return fmt.Sprintf("%s.%d %x", short(last.Stream), last.Seq, last.Hash[:4])
}

func short(id event.ID) string { return id.String()[:6] }

// printed remembers the cards of a write: they are in somebody's hand now.
func (s *site) printed(recs []event.Record) {
	for _, rec := range recs {
		if rec.Type != event.CardIssued && rec.Type != event.CardReplaced {
			continue
		}
		var c event.Card
		if err := rec.Open(&c); err != nil {
			s.world.fail("nothing stops the desk", "%s: card: %v", s.name, err)
		}
		id := event.DeriveID("card", rec.Hash)
		s.world.oracle.cards[id] = &printed{id: id, number: c.Number, at: s.name, hash: rec.Hash,
			granted: library.MemberNumber(c.Number).Incarnation() < 8}
	}
}

func (d *desk) append(t event.Type, subject event.ID, body any) (event.Record, error) {
	rec, err := d.tx.Append(store.Draft{Type: t, Subject: subject, Officer: d.site.clerk, Body: body})
	if err == nil {
		d.recs = append(d.recs, rec)
	}
	return rec, err
}

// anybody is a person whom this PC can write about.
func (d *desk) anybody(fits func(*merge.Person) bool) (*merge.Person, error) {
	all := d.site.world.oracle.people
	for range min(12, len(all)) {
		id := all[d.r.IntN(len(all))]
		p, err := d.tx.Person(id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if fits(p) && d.site.mayWrite(d.tx, p) {
			return p, nil
		}
	}
	return nil, errSkip
}

func member(p *merge.Person) bool { return p.Card() != nil }

func (d *desk) open() error {
	id, err := d.tx.NewSubject()
	if err != nil {
		return err
	}
	_, err = d.append(event.RegistrationOpened, id, &event.Opening{Source: "desk"})
	return err
}

// fromHome is somebody on the centre's public pages, who names a branch.
func (d *desk) fromHome() error {
	if d.site.node != nil {
		return errSkip
	}
	id, err := d.tx.NewSubject()
	if err != nil {
		return err
	}
	if _, err := d.append(event.RegistrationOpened, id, &event.Opening{Source: "public", Untimed: true, Fields: d.human()}); err != nil {
		return err
	}
	return d.route(id)
}

// sendOn gives one who registered at home to another branch, from anywhere.
func (d *desk) sendOn() error {
	p, err := d.anybody(func(p *merge.Person) bool { return !p.For.IsZero() })
	if err != nil {
		return err
	}
	return d.route(p.ID)
}

func (d *desk) route(id event.ID) error {
	all := d.site.world.sites
	if len(all) == 0 {
		return errSkip
	}
	_, err := d.append(event.RegistrationRouted, id, &event.Routing{Branch: all[d.r.IntN(len(all))].node.branch})
	return err
}

// human is one of few, so that several PCs register the same one.
func (d *desk) human() event.Fields {
	n := d.r.IntN(12)
	f := event.Fields{event.FieldName: fmt.Sprintf("Orang Buatan %c", 'A'+rune(n)), event.FieldNIK: fmt.Sprintf("351016%02d0190%04d", 1+n, 1+n),
		event.FieldBirth: fmt.Sprintf("1990-01-%02d", 1+n), event.FieldSex: "L", event.FieldMemberKind: "umum",
		event.FieldAddress: fmt.Sprintf("Jalan Buatan %d", d.r.IntN(100)), event.FieldDistrict: "351016"}
	if d.r.IntN(4) == 0 {
		f[event.FieldName] = fmt.Sprintf("Orang Lain %d", d.r.IntN(1000))
		f[event.FieldNIK] = fmt.Sprintf("351016%02d0280%04d", 1+d.r.IntN(28), 1+d.r.IntN(9000))
		f[event.FieldBirth] = "1980-02-01"
	}
	return f
}

// next carries a registration on by one step of the procedure.
func (d *desk) next() error {
	p, err := d.anybody(func(p *merge.Person) bool { return p.Stage.Value.Open() })
	if err != nil {
		return err
	}
	return d.carryOn(p)
}

// register is a whole registration, from the visit to the card.
func (d *desk) register() error {
	id, err := d.tx.NewSubject()
	if err != nil {
		return err
	}
	if _, err = d.append(event.RegistrationOpened, id, &event.Opening{Source: "desk"}); err != nil {
		return err
	}
	for {
		p, err := d.tx.Person(id)
		if err != nil || member(p) || !p.Stage.Value.Open() {
			return err
		}
		if err := d.carryOn(p); err != nil {
			return err
		}
	}
}

func (d *desk) carryOn(p *merge.Person) (err error) {
	switch p.Stage.Value {
	case merge.StageOpened:
		_, err = d.append(event.RegistrationIdentified, p.ID, &event.Identification{Kind: "ktp", Explained: true})
	case merge.StageIdentified:
		if _, err = d.append(event.ConsentGiven, p.ID, &event.Consent{Purpose: "membership", Version: "1", By: "self", How: "screen"}); err != nil {
			return err
		}
		_, err = d.append(event.RegistrationFilled, p.ID, &event.Filling{By: "officer", Fields: d.human()})
	case merge.StageFilled:
		switch d.r.IntN(10) {
		case 0:
			_, err = d.append(event.RegistrationRefused, p.ID, &event.Refusal{Requirement: "identity", Step: 4})
		case 1:
			_, err = d.append(event.RegistrationSentBack, p.ID, &event.Reason{Key: "name"})
		default:
			_, err = d.append(event.RegistrationVerified, p.ID, &event.Verification{Document: "ktp", Checked: []event.Field{event.FieldNIK},
				Corrected: event.Fields{event.FieldRT: fmt.Sprint(d.r.IntN(20))}})
		}
	case merge.StageVerified:
		if p.Photo.Value.State == "" {
			if err := d.takePhoto(p); err != nil {
				return err
			}
		}
		err = d.card(event.CardIssued, p, event.ID{})
	case merge.StageIssued:
		c := p.Card()
		if c == nil {
			return errSkip
		}
		_, err = d.append(event.CardHandedOver, p.ID, &event.HandOver{Card: c.ID, To: "self", How: "print"})
	}
	return err
}

func (d *desk) card(t event.Type, p *merge.Person, old event.ID) error {
	number, err := d.number()
	if err != nil {
		return err
	}
	_, err = d.append(t, p.ID, &event.Card{Number: number, Kind: "umum", From: 20_700, Until: 22_500, Old: old})
	return err
}

// number is assigned as node/desk does: in order where the centre granted the
// digit, at random where not.
func (d *desk) number() (string, error) {
	code, err := d.site.code(d.tx)
	if err != nil {
		return "", err
	}
	digit, granted := d.tx.Incarnation()
	serial := d.r.IntN(100_000)
	if granted {
		last, err := d.tx.LastNumber(fmt.Sprintf("%03d%02d%d", code, 26, digit))
		if err != nil {
			return "", err
		}
		serial = 0
		if last != "" {
			serial = library.MemberNumber(last).Serial() + 1
		}
	}
	n, err := library.NewMemberNumber(code, 2026, digit, serial)
	return string(n), err
}

func (d *desk) visit() error {
	switch d.r.IntN(4) {
	case 0:
		id, err := d.tx.NewSubject()
		if err != nil {
			return err
		}
		_, err = d.append(event.VisitRecorded, id, &event.Visit{Kind: merge.VisitGuest, Name: "Tamu Buatan", Purpose: "read", Sex: "P"})
		return err
	case 1:
		id, err := d.tx.NewSubject()
		if err != nil {
			return err
		}
		_, err = d.append(event.VisitRecorded, id, &event.Visit{Kind: merge.VisitGroup, Men: 3, Women: 4, Institution: "SD Buatan"})
		return err
	}
	p, err := d.anybody(member)
	if err != nil {
		return err
	}
	rec, err := d.append(event.VisitRecorded, p.ID, &event.Visit{Kind: merge.VisitMember, Purpose: "read"})
	if err == nil {
		d.site.visits = append(d.site.visits, event.DeriveID("visit", rec.Hash))
	}
	return err
}

func (d *desk) correctVisit() error {
	if len(d.site.visits) == 0 {
		return errSkip
	}
	v, err := d.tx.Visit(d.site.visits[d.r.IntN(len(d.site.visits))])
	if err != nil {
		return err
	}
	_, err = d.append(event.VisitCorrected, v.Subject, &event.VisitCorrection{Visit: v.ID, Void: d.r.IntN(2) == 0, Reason: "twice"})
	return err
}

func (d *desk) correct() error {
	p, err := d.anybody(member)
	if err != nil {
		return err
	}
	fields := event.Fields{}
	for range 1 + d.r.IntN(2) {
		switch d.r.IntN(3) {
		case 0:
			fields[event.FieldAddress] = fmt.Sprintf("Gang Buatan %d", d.r.IntN(1000))
		case 1:
			fields[event.FieldPhone] = fmt.Sprintf("0812%07d", d.r.IntN(10_000_000))
		case 2:
			fields[event.FieldOccupation] = fmt.Sprint(d.r.IntN(9))
		}
	}
	_, err = d.append(event.MemberCorrected, p.ID, &event.Correction{Fields: fields, Reason: "moved"})
	return err
}

func (d *desk) renew() error {
	p, err := d.anybody(member)
	if err != nil {
		return err
	}
	_, err = d.append(event.MemberRenewed, p.ID, &event.Renewal{From: 21_000, Until: 23_000 + d.r.Int64N(100), Kind: "umum"})
	return err
}

func (d *desk) block() error {
	p, err := d.anybody(member)
	if err != nil {
		return err
	}
	_, err = d.append(event.CardBlocked, p.ID, &event.CardMark{Card: p.Card().ID, Reason: "lost"})
	return err
}

func (d *desk) unblock() error {
	p, err := d.anybody(func(p *merge.Person) bool { return member(p) && p.Card().Blocked() })
	if err != nil {
		return err
	}
	body := &event.CardRelease{Card: p.Card().ID, Reason: "found"}
	for _, b := range p.Card().OpenBlocks() {
		body.Blocks = append(body.Blocks, b.Hash)
	}
	_, err = d.append(event.CardUnblocked, p.ID, body)
	return err
}

func (d *desk) replace() error {
	p, err := d.anybody(member)
	if err != nil {
		return err
	}
	return d.card(event.CardReplaced, p, p.Card().ID)
}

func (d *desk) alias() error {
	p, err := d.anybody(member)
	if err != nil {
		return err
	}
	_, err = d.append(event.MemberAliased, p.ID, &event.Alias{System: "inlislite", Number: fmt.Sprint(d.r.IntN(1_000_000))})
	return err
}

func (d *desk) setting() error {
	n, err := d.tx.Node()
	if err != nil {
		return err
	}
	_, err = d.append(event.SettingChanged, n.ID, &event.Setting{Key: []string{"hours", "stops", "greeting"}[d.r.IntN(3)], Value: fmt.Sprint(d.r.IntN(100))})
	return err
}

func (d *desk) officer() error {
	if d.site.clerk.IsZero() || d.r.IntN(3) == 0 {
		id, err := d.tx.NewSubject()
		if err != nil {
			return err
		}
		if _, err = d.append(event.OfficerAdded, id, &event.OfficerFacts{Login: fmt.Sprintf("petugas%d", d.r.IntN(1000)), Name: "Petugas Buatan", Role: "officer"}); err == nil {
			d.site.clerk = id
		}
		return err
	}
	if _, err := d.tx.Officer(d.site.clerk); err != nil {
		return err
	}
	_, err := d.append(event.OfficerChanged, d.site.clerk, &event.OfficerFacts{Name: fmt.Sprintf("Petugas Baru %d", d.r.IntN(100))})
	return err
}

func (d *desk) class() error {
	id, err := d.tx.NewSubject()
	if err != nil {
		return err
	}
	if _, err = d.append(event.ClassOpened, id, &event.Class{School: "SD Buatan", Name: "4A", Day: 20_700}); err != nil || d.r.IntN(2) == 0 {
		return err
	}
	_, err = d.append(event.ClassClosed, id, &event.Reason{})
	return err
}

func (d *desk) photo() error {
	p, err := d.anybody(member)
	if err != nil {
		return err
	}
	return d.takePhoto(p)
}

func (d *desk) takePhoto(p *merge.Person) (err error) {
	switch d.r.IntN(3) {
	case 0:
		_, err = d.append(event.PhotoDeclined, p.ID, &event.Reason{})
	case 1:
		_, err = d.append(event.PhotoDeferred, p.ID, &event.Reason{})
	default:
		_, err = d.append(event.PhotoAttached, p.ID, d.site.picture(d.r))
	}
	return err
}

func (d *desk) compare() error {
	a, err := d.anybody(member)
	if err != nil {
		return err
	}
	b, err := d.anybody(member)
	if err != nil || a.ID == b.ID {
		return errSkip
	}
	_, err = d.append(event.RegistrationCompared, a.ID, &event.Comparison{Other: b.ID, Same: d.r.IntN(2) == 0})
	return err
}
