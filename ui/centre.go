package ui

import (
	"fmt"
	"hash/fnv"
	"time"

	"simpul/node/library"
	"simpul/node/office"
	"simpul/ui/text"
)

// office returns the use cases of the centre. On a node that is no centre those pages do not exist.
func (r *request) office() (*office.Office, error) {
	if o := r.server.Office; o != nil && o.Centre() {
		return o, nil
	}
	return nil, library.E(library.KindNotFound, "error.not_found")
}

// officeOperation is the office and the id that makes sending this form twice harmless.
func (r *request) officeOperation() (*office.Office, library.ID, error) {
	o, err := r.office()
	if err != nil {
		return nil, library.ID{}, err
	}
	op, err := r.operation()
	return o, op, err
}

// ago says how long ago something was, as people say it.
func (r *request) ago(at time.Time) string {
	if at.IsZero() {
		return r.t("centre.never")
	}
	switch since := r.now().Sub(at); {
	case since < time.Minute:
		return r.t("centre.now")
	case since < time.Hour:
		return r.t("centre.minutes", int(since/time.Minute))
	case since < 24*time.Hour:
		return r.t("centre.hours", int(since/time.Hour))
	default:
		return r.t("centre.days", int(since/(24*time.Hour)))
	}
}

// about is a length of time in its largest unit.
func (r *request) about(d time.Duration) string {
	switch d = d.Abs(); {
	case d < 2*time.Hour:
		return r.t("centre.minutes_long", int(d/time.Minute))
	case d < 48*time.Hour:
		return r.t("centre.hours_long", int(d/time.Hour))
	default:
		return r.t("centre.days_long", int(d/(24*time.Hour)))
	}
}

func (r *request) number(n int) string { return text.Number(r.lang, int64(n)) }

// mark stands for what a page shows now; the page asks again with it and gets nothing while it is the same.
func mark(shown ...any) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%v", shown)
	return fmt.Sprintf("%x", h.Sum64())
}

// room is free space in words.
func (r *request) room(bytes int64) string {
	switch {
	case bytes >= 1<<30:
		return r.t("data.gigabytes", text.Number(r.lang, bytes>>30))
	case bytes > 0:
		return r.t("data.megabytes", text.Number(r.lang, bytes>>20))
	}
	return r.t("centre.unknown")
}
