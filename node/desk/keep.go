package desk

import (
	"context"

	"github.com/nyaruka/phonenumbers"

	"simpul/node/board"
	"simpul/node/library"
	"simpul/node/store"
)

// Expire forgets what is no record: operation ids, ended sessions, drafts of
// forms that nobody fills in any more, and what the board counted on other days.
func (d *Desk) Expire(ctx context.Context) error {
	now, today := d.Now(), int64(d.Today().Days())
	if err := d.Board.Write(func(w *board.Writer) error { return w.DropDaysBefore(today) }); err != nil {
		return err
	}
	if err := d.forgetReopening(ctx); err != nil {
		return err
	}
	_, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		if err := tx.DropIdleDrafts(now.AddDate(0, 0, -d.Settings().DraftDays).UnixMilli()); err != nil {
			return err
		}
		if err := tx.DropLinks(now.UnixMilli(), now.Add(-linkKept).UnixMilli()); err != nil {
			return err
		}
		return tx.Expire(now.AddDate(0, 0, -30).UnixMilli(), now.Add(-2*sessionLife).UnixMilli())
	})
	return err
}

// PhoneOK reports whether a phone number can exist, written in any of the ways
// Indonesians write one.
func PhoneOK(number string) bool {
	n, err := phonenumbers.Parse(number, "ID")
	return err == nil && phonenumbers.IsPossibleNumber(n)
}

// WhatsApp returns the number in the form of a wa.me link, "" when it is no
// mobile number.
func WhatsApp(number string) string {
	n, err := phonenumbers.Parse(number, "ID")
	if err != nil || !phonenumbers.IsValidNumber(n) {
		return ""
	}
	if t := phonenumbers.GetNumberType(n); t != phonenumbers.MOBILE && t != phonenumbers.FIXED_LINE_OR_MOBILE {
		return ""
	}
	return phonenumbers.Format(n, phonenumbers.E164)[1:]
}
