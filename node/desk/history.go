package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"simpul/node/library"
	"simpul/sync/event"
)

// HistoryLine is one thing that happened to a member. Key is that of its sentence, "history.card.issued", which Args
// fill; Fields are the names of the form's fields it is about; Reason is a code or words of the officer.
type HistoryLine struct {
	At      time.Time
	Officer library.ID // zero: the kiosk or the node itself
	Who     string
	Key     string
	Args    []any
	Fields  []string
	Reason  string
	Note    string
}

// History is what happened to a member, newest first, at most limit lines; their visits have a list of their own.
func (d *Desk) History(ctx context.Context, who Actor, id library.ID, limit int) ([]HistoryLine, error) {
	if err := who.may(library.ReadMember); err != nil {
		return nil, err
	}
	records, err := d.Store.Latest(ctx, event.ID(id), limit, event.VisitRecorded, event.VisitCorrected)
	if err != nil {
		return nil, told(err)
	}
	names, err := d.OfficerNames(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]HistoryLine, 0, len(records))
	for _, rec := range records {
		line := historyLine(rec)
		line.At, line.Officer = time.UnixMilli(rec.Wall).In(d.Zone), library.ID(rec.Officer)
		line.Who = names[line.Officer]
		out = append(out, line)
	}
	return out, nil
}

// MemberVisits lists the latest visits of a member.
func (d *Desk) MemberVisits(ctx context.Context, who Actor, id library.ID, limit int) ([]Visit, error) {
	if err := who.may(library.ReadMember); err != nil {
		return nil, err
	}
	found, err := d.Store.VisitsOf(ctx, event.ID(id), limit)
	if err != nil {
		return nil, told(err)
	}
	return d.visits(ctx, found)
}

// HistoryKey is the key of the sentence for a kind of event.
func HistoryKey(t event.Type) string { return "history." + t.String() }

// historyLine puts an event into words. What a later program wrote, or what was erased, has a sentence too.
func historyLine(rec event.Record) HistoryLine {
	line := HistoryLine{Key: HistoryKey(rec.Type)}
	if rec.Body == nil {
		line.Key = "history.erased"
		return line
	}
	body, ok, err := rec.Decoded()
	if err != nil || !ok {
		line.Key = "history.unknown"
		return line
	}
	switch b := body.(type) {
	case *event.Opening:
		line.Args = []any{b.Source}
		line.Fields = fieldList(b.Fields)
	case *event.Identification:
		line.Args = []any{b.Kind}
	case *event.Consent:
		line.Args = []any{b.Purpose, b.Version}
		if b.Refused {
			line.Key += ".refused"
		}
	case *event.Filling:
		line.Fields = fieldList(b.Fields)
	case *event.Verification:
		line.Args, line.Fields = []any{b.Document}, fieldList(b.Corrected)
	case *event.Refusal:
		line.Reason, line.Note = b.Requirement, b.Note
	case *event.Reason:
		line.Note = b.Note
		if rec.Type == event.RegistrationPaused {
			line.Reason = b.Key
		}
	case *event.Comparison:
		line.Note = b.Note
		if b.Same {
			line.Key += ".same"
		}
	case *event.Photo:
		line.Reason = ""
	case *event.Card:
		line.Args, line.Reason = []any{library.MemberNumber(b.Number).Grouped(), dayOf(b.Until)}, b.Reason
	case *event.CardMark:
		line.Reason, line.Note = b.Reason, b.Note
		if b.Printer != "" {
			line.Key, line.Args = line.Key+".on", []any{b.Printer}
		}
	case *event.CardRelease:
		line.Note = b.Reason
	case *event.HandOver:
		line.Reason, line.Note = b.How, b.Name
	case *event.Correction:
		line.Fields, line.Note = fieldList(b.Fields), b.Reason
	case *event.Renewal:
		line.Args = []any{dayOf(b.Until)}
	case *event.Alias:
		line.Args = []any{b.System}
	case *event.ErasureWish:
		line.Note = b.Note
	case *event.ErasureReply:
		line.Note = b.Note
		if b.Reason == Withdrawn {
			line.Key += ".withdrawn"
		}
	}
	return line
}

func dayOf(days int64) string { return library.DateFromDays(int(days)).String() }

// fieldList names fields in the order of the form.
func fieldList(fields event.Fields) []string {
	var out []string
	for _, name := range library.Fields() {
		if _, ok := fields[fieldNames[name]]; ok {
			out = append(out, name)
		}
	}
	return out
}

// Reveal shows a member's NIK, contact and other sealed details in full, for a reason that is kept in the history.
func (d *Desk) Reveal(ctx context.Context, who Actor, id library.ID, reason string) (Record, error) {
	if err := who.may(library.ReadFull); err != nil {
		return Record{}, err
	}
	if library.CleanLine(reason) == "" {
		return Record{}, library.Invalid(library.Problem{Field: "note", Key: library.KeyMissing})
	}
	return d.View(ctx, who, id, reason)
}

// Renewal says from and until when a renewal made now would hold.
func (d *Desk) Renewal(r Record, kind string) (from, until library.Date) {
	s := d.Settings()
	from = d.Today()
	if !s.RenewFromToday && r.Until.Compare(from) > 0 {
		from = r.Until
	}
	return from, from.AddDays(s.days(kind))
}

// Access is everything that is known of a person, for the person (UU 27/2022 art. 7): the record, the visits, and
// what was done with it, looks included.
type Access struct {
	Made    time.Time
	Record  Record
	Visits  []Visit
	History []HistoryLine
}

// AccessOf gathers it and notes that it was handed out.
func (d *Desk) AccessOf(ctx context.Context, who Actor, id library.ID) (Access, error) {
	if err := who.may(library.Erase); err != nil {
		return Access{}, err
	}
	const all = 10_000
	r, err := d.View(ctx, who, id, "Salinan untuk yang bersangkutan")
	if err != nil {
		return Access{}, err
	}
	visits, err := d.MemberVisits(ctx, who, id, all)
	if err != nil {
		return Access{}, fmt.Errorf("desk: visits: %w", err)
	}
	history, err := d.History(ctx, who, id, all)
	slices.Reverse(history)
	return Access{Made: d.Now().In(d.Zone), Record: r, Visits: visits, History: history}, err
}
