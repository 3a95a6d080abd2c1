package store_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"simpul/node/store"
	"simpul/sync/event"
)

// sign writes a line into a PC's register and returns its event.
func (d *district) sign(p *pc, line event.Visit) event.Record {
	d.t.Helper()
	rec, _ := d.append(p, func(tx *store.Tx) (store.Draft, error) {
		id, err := tx.NewSubject()
		return store.Draft{Type: event.VisitRecorded, Subject: id, Body: &line}, err
	})
	return rec
}

// figuresOf are the figures of all time, as reports count them.
func figuresOf(t testing.TB, s *store.Store) string {
	t.Helper()
	lines, err := s.CountRegister(t.Context(), 0, 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range lines {
		out = append(out, fmt.Sprintf("%+v", l))
	}
	slices.Sort(out)
	sexes, err := s.CountVisits(t.Context(), 0, 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	days, err := s.VisitorsByDay(t.Context(), 0, 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(out, sexes, days)
}

// holds reports whether a word stands in any body of a site's log or in a line of
// its register.
func holds(t testing.TB, s *store.Store, word string) (found bool) {
	t.Helper()
	if err := s.EveryEvent(context.Background(), func(rec event.Record) error {
		found = found || bytes.Contains(rec.Body, []byte(word))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	days, err := s.VisitorsByDay(t.Context(), 0, 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	for day := range days {
		list, err := s.VisitsOfDay(t.Context(), store.VisitQuery{Day: day, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range list {
			l := v.Line.Value
			found = found || bytes.Contains([]byte(l.Name+l.Institution+l.Phone+l.Number), []byte(word))
		}
	}
	return found
}

// age decides that what was written before an instant loses its names, and lets
// everybody carry it out.
func (d *district) age(before time.Time) event.Ruling {
	d.t.Helper()
	ends, err := d.centre.s.AgeingDue(d.t.Context(), before.UnixMilli(), 100)
	d.must(err)
	r := d.decide(event.RegisterAged, &event.Ageing{Ends: ends})
	d.settle()
	for _, p := range append(d.pcs, d.centre) {
		_, more, err := p.s.CarryOutAgeing(d.t.Context(), math.MaxInt)
		if err != nil || more {
			d.t.Fatalf("%s: %v, more %v", p.name, err, more)
		}
	}
	d.settle()
	return r
}

func TestTheRegisterLosesItsNamesAndReportsStayAsTheyWere(t *testing.T) {
	d := newDistrict(t, 11, 'x', 'x', 'y')
	one, two, other := d.pcs[0], d.pcs[1], d.pcs[2]
	member := d.member(one)
	var first event.Record
	for i := range 130 { // more than one transaction takes
		rec := d.sign(one, event.Visit{Kind: "guest", Name: "Tamu Rahasia", Sex: []string{"L", "P"}[i%2], Purpose: "baca", Education: "sma"})
		if i == 0 {
			first = rec
		}
	}
	d.sign(one, event.Visit{Kind: "group", Name: "Ketua Rahasia", Institution: "SD Rahasia", Phone: "08Rahasia", Men: 3, Women: 12, Stop: "Kaca"})
	d.sign(other, event.Visit{Kind: "unknown", Number: "Rahasia", Purpose: "pinjam", Late: true})
	d.sign(d.centre, event.Visit{Kind: "guest", Name: "Rahasia di pusat", Sex: "P"})
	d.append(one, func(*store.Tx) (store.Draft, error) {
		return store.Draft{Type: event.VisitRecorded, Subject: member, Body: &event.Visit{Kind: "member", Purpose: "baca"}}, nil
	})
	d.settle()
	d.append(two, func(*store.Tx) (store.Draft, error) { // of a line that the other PC wrote
		return store.Draft{Type: event.VisitCorrected, Subject: first.Subject, Body: &event.VisitCorrection{Visit: event.DeriveID("visit", first.Hash), Reason: "salah",
			Body: &event.Visit{Kind: "guest", Name: "Rahasia yang benar", Sex: "P", Purpose: "baca"}}}, nil
	})
	d.settle()
	copies := map[*pc]copyOf{one: one.copy(), two: two.copy(), d.centre: d.centre.copy()}
	d.now = d.now.AddDate(1, 2, 0)
	middle := d.now
	for _, p := range d.pcs {
		d.sign(p, event.Visit{Kind: "guest", Name: "Tamu Baru", Sex: "L"})
	}
	d.settle()
	before := map[*pc]string{}
	for _, p := range append(d.pcs, d.centre) {
		before[p] = figuresOf(t, p.s)
	}
	d.age(middle)
	look := func(when string) {
		t.Helper()
		for _, p := range append(d.pcs, d.centre) {
			if got := figuresOf(t, p.s); got != before[p] {
				t.Errorf("%s, %s: the report says\n%s, was\n%s", when, p.name, got, before[p])
			}
			if holds(t, p.s, "Rahasia") {
				t.Errorf("%s, %s has old names", when, p.name)
			}
			if !holds(t, p.s, "Tamu Baru") {
				t.Errorf("%s, %s has lost new names", when, p.name)
			}
		}
		if v, err := d.centre.s.VisitsOf(t.Context(), member, 9); err != nil || len(v) != 1 {
			t.Errorf("%s: the member's visit: %v, %v", when, v, err)
		}
		d.prove()
	}
	look("after it was carried out")
	for _, p := range append(d.pcs, d.centre) {
		d.must(p.s.Rebuild(t.Context(), nil))
	}
	look("after a rebuild")
	d.age(middle)
	look("twice")

	one.putBack(copies[one], 0) // the log of the PC itself is clean before anybody looks
	if holds(t, one.s, "Rahasia") {
		t.Error("a PC that was put back has old names")
	}
	d.settle()
	look("after a PC was put back")
	two.putBack(copies[two], 1)
	d.settle()
	d.age(middle)
	look("after the other PC was put back")
	d.centre.putBack(copies[d.centre], 0)
	if holds(t, d.centre.s, "Rahasia") {
		t.Error("a centre that was put back has old names")
	}
	d.settle()
	d.age(middle)
	look("after the centre was put back")
}

// A copy of the disk from before comes with names that the centre gave up, and with
// a year of visits that it never sent.
func TestARegisterThatReturnsIsCountedFirstAndThenLosesItsNames(t *testing.T) {
	d := newDistrict(t, 12, 'x')
	one := d.pcs[0]
	for range 5 {
		d.sign(one, event.Visit{Kind: "guest", Name: "Tamu Rahasia", Sex: "P"})
	}
	d.settle()
	old := one.copy()
	for range 7 { // in the places where the copy writes others
		d.sign(one, event.Visit{Kind: "guest", Name: "Rahasia", Sex: "L"})
	}
	d.settle()
	d.now = d.now.AddDate(1, 2, 0)
	d.age(d.now)
	d.clone(one)
	clone := d.pcs[1]
	clone.putBack(old, 2)
	for range 3 {
		d.sign(clone, event.Visit{Kind: "guest", Name: "Belum Terkirim", Sex: "P"})
	}
	if _, _, err := clone.s.CarryOutAgeing(t.Context(), math.MaxInt); err != nil {
		t.Fatal(err)
	}
	d.settle()
	if _, _, err := clone.s.CarryOutAgeing(t.Context(), math.MaxInt); err != nil {
		t.Fatal(err)
	}
	sums, err := d.centre.s.CountVisits(t.Context(), 0, 1<<40)
	if err != nil || len(sums) != 1 || sums[0].Visits != 15 || sums[0].Women != 8 {
		t.Errorf("the centre counts %+v, %v", sums, err)
	}
	if !holds(t, d.centre.s, "Belum Terkirim") {
		t.Error("what the copy had not sent is gone before its time")
	}
	d.now = d.now.AddDate(1, 2, 0)
	d.age(d.now)
	for _, p := range append(d.pcs, d.centre) {
		if holds(t, p.s, "Rahasia") || holds(t, p.s, "Belum Terkirim") {
			t.Errorf("%s has old names", p.name)
		}
	}
	d.prove()
}

// A correction may arrive when its line has lost its names.
func TestALateCorrectionBringsNoNameBack(t *testing.T) {
	d := newDistrict(t, 13, 'x', 'x')
	one, two := d.pcs[0], d.pcs[1]
	rec := d.sign(one, event.Visit{Kind: "guest", Name: "Tamu Rahasia", Sex: "P", Purpose: "baca"})
	d.settle()
	d.append(two, func(*store.Tx) (store.Draft, error) {
		return store.Draft{Type: event.VisitCorrected, Subject: rec.Subject, Body: &event.VisitCorrection{Visit: event.DeriveID("visit", rec.Hash), Reason: "salah",
			Body: &event.Visit{Kind: "guest", Name: "Rahasia", Sex: "L", Purpose: "pinjam"}}}, nil
	})
	d.now = d.now.AddDate(1, 2, 0)
	ends, err := d.centre.s.AgeingDue(t.Context(), d.now.UnixMilli(), 100)
	d.must(err)
	d.decide(event.RegisterAged, &event.Ageing{Ends: ends})
	_, _, err = d.centre.s.CarryOutAgeing(t.Context(), math.MaxInt)
	d.must(err)
	was := figuresOf(t, d.centre.s)
	d.settle()
	d.age(d.now)
	if got := figuresOf(t, d.centre.s); got != was {
		t.Errorf("the report says\n%s, was\n%s", got, was)
	}
	for _, p := range append(d.pcs, d.centre) {
		if holds(t, p.s, "Rahasia") {
			t.Errorf("%s has old names", p.name)
		}
	}
	d.prove()
}

// A PC that is in no district does it for itself.
func TestAPCWithoutACentreAges(t *testing.T) {
	d := newDistrict(t, 14)
	alone := d.newPC("alone", event.ID{'b'})
	d.setUp(alone, "branch", 20)
	d.sign(alone, event.Visit{Kind: "guest", Name: "Tamu Rahasia", Sex: "P"})
	d.now = d.now.AddDate(0, 13, 0)
	limit := d.now
	d.sign(alone, event.Visit{Kind: "guest", Name: "Tamu Baru", Sex: "P"})
	was := figuresOf(t, alone.s)
	for range 2 {
		ends, err := alone.s.AgeingDue(t.Context(), limit.UnixMilli(), 100)
		d.must(err)
		d.write(alone, func(tx *store.Tx) error { return tx.AgeHere(ends) })
		_, _, err = alone.s.CarryOutAgeing(t.Context(), math.MaxInt)
		d.must(err)
	}
	d.must(alone.s.Rebuild(t.Context(), nil))
	if got := figuresOf(t, alone.s); got != was {
		t.Errorf("the report says\n%s, was\n%s", got, was)
	}
	if holds(t, alone.s, "Rahasia") || !holds(t, alone.s, "Tamu Baru") {
		t.Error("not the old names went")
	}
	clean(t, alone.s)
}

// A program of before keeps such a decision unread; after the upgrade it takes effect.
func TestAnAgeingKeptUnreadIsCarriedOutAfterTheUpgrade(t *testing.T) {
	d := newDistrict(t, 15, 'x')
	one := d.pcs[0]
	d.sign(one, event.Visit{Kind: "guest", Name: "Tamu Rahasia", Sex: "P"})
	d.settle()
	d.now = d.now.AddDate(1, 2, 0)
	ends, err := d.centre.s.AgeingDue(t.Context(), d.now.UnixMilli(), 100)
	d.must(err)
	d.decide(event.RegisterAged, &event.Ageing{Ends: ends})
	d.settle()
	for _, table := range []string{"erased", "aged"} {
		d.write(one, func(tx *store.Tx) error { return tx.Exec("DELETE FROM " + table) })
	}
	one.close()
	d.must(os.Remove(one.dir + ".erased"))
	one.open()
	if !holds(t, one.s, "Rahasia") {
		t.Fatal("the name went without the decision")
	}
	_, _, err = one.s.CarryOutAgeing(t.Context(), math.MaxInt)
	d.must(err)
	if holds(t, one.s, "Rahasia") {
		t.Error("the name is there")
	}
	one.restart()
	d.prove()
}

// A line of a later program is set aside, its time passes, and the upgrade comes: it is counted, and loses its names
// after all.
func TestALineSetAsideLosesItsNamesWhenItIsTakenUp(t *testing.T) {
	n := newSender(3)
	n.say(n.newSalt(), event.VisitRecorded, &event.Visit{Kind: "guest", Name: "Tamu Rahasia", Sex: "P"})
	late := n.head()
	n.say(n.newSalt(), event.VisitRecorded, &event.Visit{Kind: "guest", Name: "Tamu Lain", Sex: "P"})
	c := memoryCentre(t, time.UnixMilli(1_900_000_000_000), n)
	c.take(t, n.taking(c.now.UnixMilli(), n.batch(1, n.head())))
	version := func(v int) {
		write(t, c.Store, func(tx *store.Tx) error {
			return tx.Exec("UPDATE events SET version = ? WHERE stream = ? AND seq = ?", v, n.stream[:], late)
		})
	}
	age := func() {
		t.Helper()
		if _, more, err := c.CarryOutAgeing(t.Context(), math.MaxInt); err != nil || more {
			t.Fatalf("%v, more %v", err, more)
		}
	}
	version(9) // as a program reads it that does not know of version 9
	c.apply(t)
	if _, err := c.Decide(t.Context(), c.key, event.ID{}, event.RegisterAged, &event.Ageing{Ends: []event.StreamEnd{{Stream: n.stream, Seq: n.head()}}}); err != nil {
		t.Fatal(err)
	}
	age()
	if holds(t, c.Store, "Tamu Lain") {
		t.Error("a line has its names after its time")
	}
	version(1) // the upgrade
	if took, err := c.Retry(t.Context()); err != nil || took != 1 {
		t.Fatalf("took up %d, %v", took, err)
	}
	age()
	if holds(t, c.Store, "Tamu Rahasia") {
		t.Error("a line that was set aside has its names after its time")
	}
	if sums, err := c.CountVisits(t.Context(), 0, 1<<40); err != nil || len(sums) != 1 || sums[0].Women != 2 {
		t.Errorf("%+v, %v", sums, err)
	}
	spotless(t, c.Store)
}
