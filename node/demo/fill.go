package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/sync/merge"
)

// Filling says how much to put in.
type Filling struct {
	Members int
	Visits  int
	Photos  int            // of the first so many members, drawn
	Waiting int            // registrations that are left in the middle of the last hour, each at another step
	Also    []library.Form // people who are registered before those that are made up
	Seed    uint64
	Workers int                       // officers at work at once; 8 when zero
	Clock   *Clock                    // that the node was opened with; nil is real time
	Done    func(members, visits int) // progress, from several goroutines; may be nil
}

// Work is the time at the counter that a filling needs, for NewClock.
func (f Filling) Work() time.Duration {
	per := library.DefaultStandards()[0].Times.Sum() * 8 / 10
	return (time.Duration(f.Members)*per + time.Duration(f.Visits)*20*time.Second) / time.Duration(f.workers())
}

func (f Filling) workers() int {
	if f.Workers <= 0 {
		return 8
	}
	return f.Workers
}

// filler is a filling that is under way.
type filler struct {
	Filling
	desk    *desk.Desk
	who     desk.Actor
	people  *People
	opened  atomic.Int64 // registrations begun
	members atomic.Int64
	visits  atomic.Int64

	mu  sync.Mutex
	ids []library.ID // of members, to come as visitors
}

// Fill puts made-up people through the steps of the SOP on a node that has been set up and whose vault is open. Several
// officers work at once, so that they share commits. It stops at the first error.
func Fill(ctx context.Context, d *desk.Desk, who desk.Actor, f Filling) error {
	w := &filler{Filling: f, desk: d, who: who, people: NewPeople(f.Seed, d.Regions(), d.Today())}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var running sync.WaitGroup
	for i := range f.workers() {
		running.Go(func() {
			if err := w.work(ctx, rand.New(rand.NewPCG(f.Seed, uint64(i)+1))); err != nil {
				cancel(err)
			}
		})
	}
	running.Wait()
	if err := context.Cause(ctx); err != nil || f.Waiting == 0 {
		return err
	}
	return w.lastHour(ctx)
}

// lastHour leaves the counter as somebody finds it who comes in now: visitors have come, and registrations stand at
// different steps.
func (w *filler) lastHour(ctx context.Context) error {
	r := rand.New(rand.NewPCG(w.Seed, 0x1457))
	if w.Clock != nil {
		w.Clock.SkipTo(time.Duration(w.Waiting) * 4 * time.Minute)
	}
	for i := range w.Waiting {
		for range 2 + r.IntN(3) {
			if err := w.visit(ctx, r); err != nil {
				return err
			}
		}
		until := []int{stepVerify, stepIssue, stepIdentify, stepHandOver}[i%4]
		if _, err := w.steps(ctx, r, w.people.Next(), 1, until); err != nil {
			return err
		}
	}
	return nil
}

// Visit puts f.Visits lines into the register, of guests and of these members.
func Visit(ctx context.Context, d *desk.Desk, who desk.Actor, f Filling, members []library.ID) error {
	w := &filler{Filling: f, desk: d, who: who, ids: members}
	r := rand.New(rand.NewPCG(f.Seed, 0))
	for range f.Visits {
		w.night()
		if err := w.visit(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// work is one officer's day: a registration, then the visits that belong between two of them.
func (w *filler) work(ctx context.Context, r *rand.Rand) error {
	for ctx.Err() == nil {
		n := w.opened.Add(1)
		if n > int64(w.Members) {
			break
		}
		w.night()
		id, err := w.steps(ctx, r, w.form(int(n)), int(n), stepEnd)
		if err != nil {
			return err
		}
		w.mu.Lock()
		w.ids = append(w.ids, id)
		w.mu.Unlock()
		w.progress(w.members.Add(1), w.visits.Load())
		due := int64(w.Visits) * n / int64(w.Members)
		for w.visits.Load() < due {
			if err := w.visit(ctx, r); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

func (w *filler) progress(members, visits int64) {
	if w.Done != nil {
		w.Done(int(members), int(visits))
	}
}

func (w *filler) night() {
	if w.Clock != nil {
		w.Clock.CloseAtNight()
	}
}

// spend lets a step take about its time; the officers beside this one work meanwhile.
func (w *filler) spend(r *rand.Rand, standard time.Duration) {
	if w.Clock != nil {
		part := 0.45 + 0.6*r.Float64()
		w.Clock.Work(time.Duration(part*float64(standard)) / time.Duration(w.workers()))
	}
}

// form is the person who comes as the n-th.
func (w *filler) form(n int) library.Form {
	if n <= len(w.Also) {
		return w.Also[n-1]
	}
	return w.people.Next()
}

// The steps of a registration in the order of steps.
const (
	stepIdentify = iota
	stepFill
	stepVerify
	stepPhoto
	stepIssue
	stepHandOver
	stepEnd
)

// steps carries one person, who comes as the n-th, through the steps before the one named by until.
func (w *filler) steps(ctx context.Context, r *rand.Rand, form library.Form, n, until int) (library.ID, error) {
	none := library.ID{}
	times := w.desk.StepStandards()
	done, err := w.desk.OpenRegistration(ctx, w.who, none, desk.OpenInput{Source: desk.SourceDesk, Form: library.Form{Name: form.Name}})
	if err != nil {
		return none, fmt.Errorf("demo: open: %w", err)
	}
	id, by := done.ID, "self"
	if form.Guardian.Name != "" {
		by = "guardian"
	}
	photo := n <= w.Photos || r.IntN(100) < 90
	steps := [stepEnd]struct {
		step library.Step
		do   func() error
	}{
		stepIdentify: {library.StepIdentity, func() error {
			_, err := w.desk.Identify(ctx, w.who, none, id, desk.IdentifyInput{Kind: form.Identity, Explained: true, Membership: true,
				Photo: photo, By: by, How: "screen"})
			return err
		}},
		stepFill: {library.StepForm, func() error {
			_, err := w.desk.Fill(ctx, w.who, none, id, desk.FillInput{Form: form, By: "officer"})
			return err
		}},
		stepVerify: {library.StepVerification, func() error {
			_, err := w.desk.Verify(ctx, w.who, none, id, desk.VerifyInput{Form: form, Checked: onDocument(form.Identity)})
			return err
		}},
		stepPhoto: {library.StepPhoto, func() error { return w.photo(ctx, id, n, photo, form.Sex) }},
		stepIssue: {0, func() error { _, err := w.desk.Issue(ctx, w.who, none, id, ""); return err }},
		stepHandOver: {library.StepHandover, func() error {
			way := map[string]string{"self": "in-person", "guardian": "guardian"}[by]
			_, err := w.desk.HandOver(ctx, w.who, none, id, desk.HandOverInput{To: by, How: way})
			return err
		}},
	}
	for i, s := range steps[:until] {
		w.spend(r, times.Of(s.step))
		if err := s.do(); err != nil {
			return none, fmt.Errorf("demo: step %d: %w", i, err)
		}
	}
	return id, nil
}

func onDocument(kind library.IdentityKind) []string {
	var out []string
	for _, f := range library.DocumentFields(kind) {
		out = append(out, f.Field)
	}
	return out
}

func (w *filler) photo(ctx context.Context, id library.ID, n int, wanted bool, sex library.Sex) error {
	var err error
	switch {
	case n <= w.Photos:
		var drawn []byte
		if drawn, err = portrait(w.Seed+uint64(n), sex); err == nil {
			_, err = w.desk.AttachPhoto(ctx, w.who, library.ID{}, id, drawn, nil, "file", "")
		}
	case wanted:
		_, err = w.desk.DeferPhoto(ctx, w.who, library.ID{}, id, "")
	default:
		_, err = w.desk.DeclinePhoto(ctx, w.who, library.ID{}, id, "")
	}
	return err
}

// visit is one line of the register: mostly a member, sometimes a guest, seldom a group.
func (w *filler) visit(ctx context.Context, r *rand.Rand) error {
	purposes := []string{"baca", "baca", "pinjam", "pinjam", "kembali", "referensi", "pocadi", "lain"}
	in := desk.VisitInput{Kind: merge.VisitMember, Purpose: purposes[r.IntN(len(purposes))]}
	switch k := r.IntN(100); {
	case k < 70:
		w.mu.Lock()
		in.Person = w.ids[r.IntN(len(w.ids))]
		w.mu.Unlock()
	case k < 97:
		in.Kind, in.Sex, in.AgeGroup, in.Education, in.Occupation, in.Origin = merge.VisitGuest, library.Female, "18-25", "slta", "pelajar", "Genteng"
		in.Name = femaleNames()[r.IntN(len(femaleNames()))] + " " + secondNames()[r.IntN(len(secondNames()))]
		if r.IntN(2) == 0 {
			in.Sex, in.Name = library.Male, maleNames()[r.IntN(len(maleNames()))]+" "+secondNames()[r.IntN(len(secondNames()))]
		}
	default:
		in.Kind, in.Name, in.Institution = merge.VisitGroup, "Bu "+femaleNames()[r.IntN(len(femaleNames()))], schools()[r.IntN(len(schools()))]
		in.Men, in.Women = 5+r.IntN(20), 5+r.IntN(20)
	}
	w.spend(r, 20*time.Second)
	if _, err := w.desk.CheckIn(ctx, w.who, library.ID{}, in); err != nil {
		return fmt.Errorf("demo: visit: %w", err)
	}
	w.progress(w.members.Load(), w.visits.Add(1))
	return nil
}
