package desk

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

// Sources of a registration.
const (
	SourceDesk  = "desk"
	SourceVisit = "visit"
	SourcePhone = "phone"
	SourceClass = "class"
	SourceLate  = "late"
	// SourcePublic is the centre's public form: filled in at home.
	SourcePublic = "public"
)

// OpenInput starts a registration (SOP step 2).
type OpenInput struct {
	Source  string
	Visit   library.ID   // the line of the register it comes from
	Class   library.ID   // in class mode
	Sibling library.ID   // copies address and guardian ("Tambah saudara")
	Day     library.Date // true date of a late entry
	Form    library.Form // what is already known
}

// OpenRegistration begins a registration. From a visit it takes the name and
// the codes over and the clock of step 1; from a sibling the address and the
// guardian.
func (d *Desk) OpenRegistration(ctx context.Context, who Actor, op library.ID, in OpenInput) (Done, error) {
	if err := who.may(library.DraftRegistration); err != nil {
		return Done{}, err
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		id, err := d.open(tx, who, in)
		tx.Result(id[:])
		return err
	})
}

func (d *Desk) open(tx *store.Tx, who Actor, in OpenInput) (library.ID, error) {
	body := &event.Opening{Source: in.Source, Visit: event.ID(in.Visit), Class: event.ID(in.Class), Sibling: event.ID(in.Sibling),
		Untimed: in.Source == SourceClass || in.Source == SourceLate || in.Source == SourcePublic, Fields: fieldsOf(in.Form.Clean())}
	if body.Source == "" {
		body.Source = SourceDesk
	}
	if !in.Day.IsZero() {
		body.Day = int64(in.Day.Days())
	}
	if s := d.Settings(); s.Role.HasStops() && body.Fields[event.FieldStop] == "" && s.CurrentStop != "" {
		body.Fields[event.FieldStop] = s.CurrentStop
	}
	if !in.Visit.IsZero() {
		if err := d.fromVisit(tx, event.ID(in.Visit), body); err != nil {
			return library.ID{}, err
		}
	}
	if !in.Sibling.IsZero() {
		sibling, err := tx.Person(event.ID(in.Sibling))
		if err != nil {
			return library.ID{}, err
		}
		copyFamily(sibling, body.Fields)
	}
	id, err := tx.NewSubject()
	if err != nil {
		return library.ID{}, err
	}
	_, err = d.append(tx, who, event.RegistrationOpened, library.ID(id), body)
	return library.ID(id), err
}

// fromVisit takes over what the register knows of the visitor.
func (d *Desk) fromVisit(tx *store.Tx, id event.ID, body *event.Opening) error {
	v, err := tx.Visit(id)
	if err != nil {
		return err
	}
	l := v.Line.Value
	body.Arrived = v.Wall()
	if body.Source == SourceDesk {
		body.Source = SourceVisit
	}
	known := event.Fields{event.FieldName: l.Name, event.FieldSex: l.Sex, event.FieldEducation: l.Education, event.FieldOccupation: l.Occupation}
	for f, value := range known {
		if value != "" && body.Fields[f] == "" {
			body.Fields[f] = value
		}
	}
	return nil
}

// familyFields are what brothers and sisters have in common.
var familyFields = []event.Field{event.FieldAddress, event.FieldRT, event.FieldRW, event.FieldVillage, event.FieldDistrict, event.FieldRegency,
	event.FieldPhone, event.FieldGuardianName, event.FieldGuardianRelation, event.FieldGuardianPhone, event.FieldGuardianDocument, event.FieldStop}

func copyFamily(from *merge.Person, to event.Fields) {
	for _, f := range familyFields {
		if v := from.Get(f); v != "" && to[f] == "" {
			to[f] = v
		}
	}
}

// Who gave a consent. A child's is its guardian's (UU 27/2022 art. 25).
const (
	BySelf     = "self"
	ByGuardian = "guardian"
)

// IdentifyInput is SOP step 2: which document was shown, and the consents.
type IdentifyInput struct {
	Kind       library.IdentityKind
	Explained  bool
	Membership bool   // consent to membership, by itself
	Photo      bool   // consent to the photo, by itself; without it the card has none
	By         string // self or guardian
	How        string // screen or paper
	Version    string // of the registration the page was made from
}

// Identify records the document shown and the consents given (SOP step 2; UU
// 27/2022 art. 20–25).
func (d *Desk) Identify(ctx context.Context, who Actor, op, id library.ID, in IdentifyInput) (Done, error) {
	if err := who.may(library.DraftRegistration); err != nil {
		return Done{}, err
	}
	s := d.Settings()
	var problems []library.Problem
	if !in.Kind.Valid() {
		problems = append(problems, library.Problem{Field: library.FieldIdentity, Key: library.KeyChoose})
	} else if !s.IdentityKinds[in.Kind] {
		problems = append(problems, library.Problem{Field: library.FieldIdentity, Key: library.KeyIdentityNotAllowed})
	}
	if !in.Membership {
		problems = append(problems, library.Problem{Field: "consent_membership", Key: "problem.consent_membership"})
	}
	if len(problems) > 0 {
		return Done{}, library.Invalid(problems...)
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, in.Version)
		if err != nil {
			return err
		}
		// Also later on: another document, or the guardian's consent that was forgotten. Then the form is next again.
		if err := stage(p, unfinished...); err != nil {
			return err
		}
		if err := d.consent(tx, who, id, library.ConsentMembership, in.By, in.How, false); err != nil {
			return err
		}
		if err := d.consent(tx, who, id, library.ConsentPhoto, in.By, in.How, !in.Photo); err != nil {
			return err
		}
		if err := d.takeUp(tx, who, p); err != nil {
			return err
		}
		_, err = d.append(tx, who, event.RegistrationIdentified, id, &event.Identification{Kind: string(in.Kind), Explained: in.Explained})
		return err
	})
}

// consent records the answer to one consent text as it stands now, unless the
// same answer to the same text is already there.
func (d *Desk) consent(tx *store.Tx, who Actor, id library.ID, kind library.ConsentKind, by, how string, refused bool) error {
	text := d.Settings().Consent(kind)
	body := &event.Consent{Purpose: string(kind), Version: text.Version, By: by, How: how, Refused: refused}
	if body.By == "" {
		body.By = "self"
	}
	if body.How == "" {
		body.How = "screen"
	}
	sum, err := hex.DecodeString(text.Hash())
	if err != nil || len(sum) != len(body.TextHash) {
		return fmt.Errorf("desk: hash of the consent text %s", kind)
	}
	copy(body.TextHash[:], sum)
	if p, err := tx.Person(event.ID(id)); err == nil {
		if c, ok := p.Consent(body.Purpose); ok && c.TextHash == body.TextHash && c.Refused == refused && c.By == body.By {
			return nil
		}
	}
	_, err = d.append(tx, who, event.ConsentGiven, id, body)
	return err
}

// FillInput is SOP step 3: the form.
type FillInput struct {
	Form      library.Form
	By        string            // officer, visitor, companion ("Diisi pendamping")
	Confirmed map[string]string // key of a warning → the officer's reason
	Optional  map[string]bool   // fields that may stay empty, as in class mode
	Version   string
}

// Fill saves the form. Errors and warnings that nobody confirmed come back as
// problems of KindInvalid, field by field, and nothing is written.
func (d *Desk) Fill(ctx context.Context, who Actor, op, id library.ID, in FillInput) (Done, error) {
	if err := who.may(library.DraftRegistration); err != nil {
		return Done{}, err
	}
	form := in.Form.Clean()
	if problems := Unconfirmed(form.Check(d.rules(in.Optional)), in.Confirmed); len(problems) > 0 {
		return Done{}, library.Invalid(problems...)
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, in.Version)
		if err != nil {
			return err
		}
		if err := stage(p, merge.StageOpened, merge.StageIdentified, merge.StageFilled); err != nil {
			return err
		}
		if _, err := d.append(tx, who, event.RegistrationFilled, id, filling(p, form, in)); err != nil {
			return err
		}
		return tx.DropDraft(p.ID)
	})
}

// filling is the event of a form: only what differs from what is known, so that
// filling twice costs little and a repeated field keeps its older stamp.
func filling(p *merge.Person, form library.Form, in FillInput) *event.Filling {
	body := &event.Filling{By: in.By, Confirmed: in.Confirmed, Fields: event.Fields{}}
	if body.By == "" {
		body.By = "officer"
	}
	for f, value := range allFields(form) {
		// What was typed at home stands in the centre's log only: the branch writes it down itself.
		if p.Get(f) == value && (p.For.IsZero() || value == "") {
			continue
		}
		body.Fields[f] = value
		body.Seen = body.Seen || p.Writes.Level(f) == merge.Seen
	}
	return body
}

// rules are what a form is checked against today.
func (d *Desk) rules(optional map[string]bool) library.Rules {
	s := d.Settings()
	r := library.Rules{Regions: d.Regions(), AllowedIdentity: s.IdentityKinds, AdultAge: s.AdultAge, MemberKinds: s.MemberKinds,
		PhoneOK: d.Phone, Optional: optional}
	if !d.clockSuspect() {
		r.Today = d.Today()
	}
	return r
}

// CheckForm finds what is wrong with a form without saving it.
func (d *Desk) CheckForm(form library.Form) []library.Problem {
	return form.Clean().Check(d.rules(nil))
}

// Unconfirmed returns the problems that stand in the way: errors, and warnings
// for which no reason was given.
func Unconfirmed(problems []library.Problem, confirmed map[string]string) []library.Problem {
	var out []library.Problem
	for _, p := range problems {
		if !p.Warning || strings.TrimSpace(confirmed[p.Key]) == "" {
			out = append(out, p)
		}
	}
	if library.OnlyWarnings(problems) && len(out) == 0 {
		return nil
	}
	return out
}

// VerifyInput is SOP step 4: the fields compared with the document, and what
// was corrected on the way.
type VerifyInput struct {
	Form      library.Form // as it stands after corrections
	Checked   []string     // field names ticked
	Confirmed map[string]string
	Version   string
}

// Verify records the verification. Every field that the document bears must have
// been ticked or corrected.
func (d *Desk) Verify(ctx context.Context, who Actor, op, id library.ID, in VerifyInput) (Done, error) {
	if err := who.may(library.Register); err != nil {
		return Done{}, err
	}
	form := in.Form.Clean()
	problems := Unconfirmed(form.Check(d.rules(nil)), in.Confirmed)
	ticked := map[string]bool{}
	for _, f := range in.Checked {
		ticked[f] = true
	}
	body := &event.Verification{Document: string(form.Identity), Confirmed: in.Confirmed, Corrected: event.Fields{}}
	for _, f := range library.DocumentFields(form.Identity) {
		field, known := fieldNames[f.Field]
		if !known {
			continue
		}
		if !ticked[f.Field] {
			problems = append(problems, library.Problem{Field: f.Field, Key: "problem.not_compared"})
			continue
		}
		body.Checked = append(body.Checked, field)
	}
	if len(problems) > 0 {
		return Done{}, library.Invalid(problems...)
	}
	for _, name := range library.NotOnDocument(form.Identity) {
		body.NotBorne = append(body.NotBorne, fieldNames[name])
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, in.Version)
		if err != nil {
			return err
		}
		if err := stage(p, merge.StageFilled); err != nil {
			return err
		}
		for f, value := range allFields(form) {
			if p.Get(f) != value {
				body.Corrected[f] = value
			}
		}
		_, err = d.append(tx, who, event.RegistrationVerified, id, body)
		return err
	})
}

// reason writes an event that needs only a key and a note, at the given stages.
func (d *Desk) reason(ctx context.Context, who Actor, may library.Permission, op, id library.ID, t event.Type, key, note, version string, at ...merge.Stage) (Done, error) {
	if err := who.may(may); err != nil {
		return Done{}, err
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, version)
		if err != nil {
			return err
		}
		if err := stage(p, at...); err != nil {
			return err
		}
		_, err = d.append(tx, who, t, id, &event.Reason{Key: key, Note: library.CleanLine(note)})
		return err
	})
}

// SendBack returns the form to be corrected (SOP step 4, "Kembalikan untuk diperbaiki").
func (d *Desk) SendBack(ctx context.Context, who Actor, op, id library.ID, note, version string) (Done, error) {
	return d.reason(ctx, who, library.Register, op, id, event.RegistrationSentBack, "sent-back", note, version, merge.StageFilled, merge.StageVerified)
}

// unfinished are the stages in which a registration can still end without a card.
var unfinished = []merge.Stage{merge.StageOpened, merge.StageIdentified, merge.StageFilled, merge.StageVerified}

// Refuse is "Tidak dikabulkan", possible at any step: the requirement of the SOP
// that was not met, and a note. Nothing is deleted; Reopen takes it up again.
func (d *Desk) Refuse(ctx context.Context, who Actor, op, id library.ID, requirement, note, version string) (Done, error) {
	if err := who.may(library.Register); err != nil {
		return Done{}, err
	}
	known := false
	for _, r := range library.Refusals() {
		known = known || r.Key == requirement
	}
	if !known {
		return Done{}, library.Invalid(library.Problem{Field: "requirement", Key: library.KeyChoose})
	}
	return d.write(ctx, op, func(tx *store.Tx) error {
		tx.Result(id[:])
		p, err := person(tx, id, version)
		if err != nil {
			return err
		}
		if err := stage(p, unfinished...); err != nil {
			return err
		}
		_, err = d.append(tx, who, event.RegistrationRefused, id, &event.Refusal{Requirement: requirement,
			Note: library.CleanLine(note), Step: uint8(p.Stage.Value.Step())})
		return err
	})
}

// Withdraw records that the visitor does not want to go on.
func (d *Desk) Withdraw(ctx context.Context, who Actor, op, id library.ID, note, version string) (Done, error) {
	return d.reason(ctx, who, library.DraftRegistration, op, id, event.RegistrationWithdrawn, "withdrawn", note, version, unfinished...)
}

// Reopen takes up a registration that ended without a card. It begins again at
// the document; what was typed is still there.
func (d *Desk) Reopen(ctx context.Context, who Actor, op, id library.ID, note, version string) (Done, error) {
	return d.reason(ctx, who, library.Register, op, id, event.RegistrationReopened, "reopened", note, version,
		merge.StageRefused, merge.StageWithdrawn, merge.StageLapsed, merge.StageSame)
}

// Pause stops the clock of the present step with a reason ("Jeda…"). Pausing
// twice changes nothing.
func (d *Desk) Pause(ctx context.Context, who Actor, op, id library.ID, reason string) (Done, error) {
	if _, ok := library.Find(library.PauseReasons(), reason); !ok {
		return Done{}, library.Invalid(library.Problem{Field: "reason", Key: library.KeyChoose})
	}
	return d.reason(ctx, who, library.DraftRegistration, op, id, event.RegistrationPaused, reason, "", "",
		append([]merge.Stage{merge.StageIssued}, unfinished...)...)
}

// Resume lets the clock run again.
func (d *Desk) Resume(ctx context.Context, who Actor, op, id library.ID) (Done, error) {
	return d.reason(ctx, who, library.DraftRegistration, op, id, event.RegistrationResumed, "resumed", "", "",
		append([]merge.Stage{merge.StageIssued}, unfinished...)...)
}

// Lapse ends the registrations that were left unfinished for longer than the
// settings allow. It is a job; it returns how many it ended.
func (d *Desk) Lapse(ctx context.Context) (int, error) {
	before := d.Now().AddDate(0, 0, -d.Settings().LapseDays).UnixMilli()
	stale, err := d.Store.StaleRegistrations(ctx, before, 500)
	if err == nil && d.Settings().Role == library.NodeCentre {
		var atHome []*merge.Person
		atHome, err = d.Store.StaleRouted(ctx, before, 500)
		stale = append(stale, atHome...)
	}
	if err != nil {
		return 0, told(err)
	}
	for _, p := range stale {
		if _, err := d.reason(ctx, System, library.DraftRegistration, library.ID{}, library.ID(p.ID), event.RegistrationLapsed, "lapsed", "", "", unfinished...); err != nil {
			return 0, err
		}
	}
	return len(stale), nil
}
