package office

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/sync/event"
)

// Held is somebody whose full record a PC held.
type Held struct {
	ID     library.ID
	Name   string
	Number string // of the member; empty for a registration that was not finished
	Own    bool   // registered on that very PC; else on another PC of its branch
}

// HeldPage is a page of the list.
type HeldPage struct {
	People []Held
	Own    int // registered on that PC
	Branch int // on the other PCs of its branch
	Others int // further members of the district, of whom it knew name, number, kind and end
}

// HeldBy lists whose full records a PC held, at most limit: those it registered and
// those of its branch. It is what the law wants told within 3 × 24 hours after a
// loss (UU 27/2022 art. 46). It counts what has arrived here: what the PC had not
// sent is known only to whoever sat before it.
func (o *Office) HeldBy(ctx context.Context, who desk.Actor, node library.ID, limit int) (HeldPage, error) {
	var page HeldPage
	err := o.held(ctx, who, node, &page, func(h Held) error {
		if len(page.People) < limit {
			page.People = append(page.People, h)
		}
		return nil
	})
	return page, err
}

// WritePeople writes the whole list as CSV and says how many are in it.
func (o *Office) WritePeople(ctx context.Context, who desk.Actor, node library.ID, w io.Writer) (int, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return 0, fmt.Errorf("office: write the list: %w", err)
	}
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = ';', true // as a spreadsheet in Indonesian opens it by a double click
	if err := out.Write([]string{"nomor_anggota", "nama", "terdaftar_di_komputer_ini"}); err != nil {
		return 0, fmt.Errorf("office: write the list: %w", err)
	}
	var page HeldPage
	err := o.held(ctx, who, node, &page, func(h Held) error {
		return out.Write([]string{h.Number, harmless(h.Name), map[bool]string{true: "ya", false: "tidak"}[h.Own]})
	})
	if out.Flush(); err == nil {
		err = out.Error()
	}
	return page.Own + page.Branch, err
}

// harmless keeps a spreadsheet from taking a name for a formula.
func harmless(s string) string {
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t' || s[0] == '\r') {
		return "'" + s
	}
	return s
}

func (o *Office) held(ctx context.Context, who desk.Actor, node library.ID, page *HeldPage, f func(Held) error) error {
	if err := o.may(who, library.ManageNodes); err != nil {
		return err
	}
	held, err := o.Store.Decisions(ctx)
	if err != nil {
		return told(err)
	}
	lost, known := held.Enrolment(event.ID(node))
	if !known {
		return library.E(library.KindNotFound, "error.not_found")
	}
	heads, err := o.Store.HeadCount(ctx)
	if err != nil {
		return told(err)
	}
	page.Others = int(heads)
	add := func(l store.Listing, own bool) error {
		count := &page.Branch
		if own {
			count = &page.Own
		}
		*count++
		if l.Number != "" && page.Others > 0 {
			page.Others--
		}
		return f(Held{ID: library.ID(l.ID), Name: l.Name, Number: l.Number, Own: own})
	}
	for _, e := range held.Enrolments() {
		if e.Branch != lost.Branch {
			continue
		}
		if err := o.Store.ListingsOf(ctx, e.Node, func(l store.Listing) error { return add(l, e.Node == lost.Node) }); err != nil {
			return told(err)
		}
	}
	// And those who registered at home and were to come to that branch.
	return told(o.Store.ListingsOf(ctx, lost.Branch, func(l store.Listing) error { return add(l, false) }))
}
