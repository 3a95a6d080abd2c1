package desk

import (
	"context"
	"time"
	"unicode/utf8"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
	"simpul/sync/merge"
)

const (
	maxDraftFields = 80
	maxDraftValue  = 1000 // characters
)

// Draft is a half-typed form: what a power cut would otherwise have taken.
type Draft struct {
	Fields  map[string]string // as typed
	At      time.Time
	Officer library.ID // who typed it
}

// SaveDraft keeps a form as it was typed, right or wrong. Nobody checks it; it
// is sealed, stays on this PC, and goes when Fill accepts the form.
func (d *Desk) SaveDraft(ctx context.Context, who Actor, id library.ID, fields map[string]string) error {
	if err := who.may(library.DraftRegistration); err != nil {
		return err
	}
	kept := bounded(fields)
	_, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		p, err := person(tx, id, "")
		if err != nil {
			return err
		}
		if err := stage(p, merge.StageOpened, merge.StageIdentified, merge.StageFilled); err != nil {
			return err
		}
		return tx.PutDraft(p.ID, store.HalfForm{Fields: kept, At: d.Now().UnixMilli(), Officer: event.ID(who.Officer)})
	})
	return err
}

// bounded is a half-typed form without what is empty or too much.
func bounded(fields map[string]string) map[string]string {
	kept := make(map[string]string, len(fields))
	for name, value := range fields {
		if value == "" || len(kept) == maxDraftFields {
			continue
		}
		if utf8.RuneCountInString(value) > maxDraftValue {
			value = string([]rune(value)[:maxDraftValue])
		}
		kept[name] = value
	}
	return kept
}

// DraftOf returns the half-typed form of a registration; false when there is none.
func (d *Desk) DraftOf(ctx context.Context, who Actor, id library.ID) (Draft, bool, error) {
	if err := who.may(library.DraftRegistration); err != nil {
		return Draft{}, false, err
	}
	kept, there, err := d.Store.HalfForm(ctx, event.ID(id))
	if err != nil || !there {
		return Draft{}, false, told(err)
	}
	return Draft{Fields: kept.Fields, At: time.UnixMilli(kept.At), Officer: library.ID(kept.Officer)}, true, nil
}
