package desk_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/vault"
	"simpul/sync/merge"
)

// person is a made-up adult of Genteng; n makes the NIK and the name differ.
func person(n int) library.Form {
	return library.Form{Identity: library.KTP, NIK: fmt.Sprintf("351010070598%04d", n+1), Name: fmt.Sprintf("Bagus Rekaan %c%c", 'A'+n/26%26, 'A'+n%26),
		BirthPlace: "Banyuwangi", Birth: library.DateOf(1998, 5, 7), Sex: library.Male, Address: "Jl. Gajah Mada 12", RT: "3", RW: "1",
		Village: "3510091001", District: "351009", Regency: "3510", Phone: "0812 3456 7890", Education: library.Educations()[4].Key,
		Occupation: library.Occupations()[0].Key, MemberKind: library.DefaultMemberKinds()[0].Key}
}

// village finds a village of Genteng in the region file, so that the form is right.
func village(t testing.TB, n *nodetest.Node, f library.Form) library.Form {
	t.Helper()
	list := n.Desk.Regions().Villages(f.District)
	if len(list) == 0 {
		t.Fatalf("no villages in %s", f.District)
	}
	f.Village = list[0].Code
	return f
}

func version(t testing.TB, n *nodetest.Node, id library.ID) string {
	t.Helper()
	return get(t, n, id).Version
}

func get(t testing.TB, n *nodetest.Node, id library.ID) desk.Record {
	t.Helper()
	r, err := n.Desk.Registration(context.Background(), n.Officer, id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func must(t testing.TB, done desk.Done, err error) library.ID {
	t.Helper()
	if err != nil {
		var own *library.Error
		if errors.As(err, &own) {
			t.Fatalf("%v %+v", err, own.Problems)
		}
		t.Fatal(err)
	}
	return done.ID
}

// enrol carries one person through steps 2 to 5.
func enrol(t testing.TB, n *nodetest.Node, f library.Form) library.ID {
	t.Helper()
	ctx := context.Background()
	done, err := n.Desk.OpenRegistration(ctx, n.Officer, nodetest.Op(t), desk.OpenInput{})
	id := must(t, done, err)
	done, err = n.Desk.Identify(ctx, n.Officer, nodetest.Op(t), id, desk.IdentifyInput{Kind: f.Identity, Explained: true, Membership: true, Photo: true})
	must(t, done, err)
	done, err = n.Desk.Fill(ctx, n.Officer, nodetest.Op(t), id, desk.FillInput{Form: f})
	must(t, done, err)
	verify(t, n, id)
	done, err = n.Desk.DeferPhoto(ctx, n.Officer, nodetest.Op(t), id, "")
	must(t, done, err)
	done, err = n.Desk.Issue(ctx, n.Officer, nodetest.Op(t), id, "")
	must(t, done, err)
	return id
}

func verify(t testing.TB, n *nodetest.Node, id library.ID) {
	t.Helper()
	r := get(t, n, id)
	var ticked []string
	for _, f := range library.DocumentFields(r.Form.Identity) {
		ticked = append(ticked, f.Field)
	}
	done, err := n.Desk.Verify(context.Background(), n.Officer, nodetest.Op(t), id, desk.VerifyInput{Form: r.Form, Checked: ticked, Version: r.Version})
	must(t, done, err)
}

func sound(t testing.TB, n *nodetest.Node) {
	t.Helper()
	r, err := n.Store.Check(context.Background(), nil)
	if err != nil || len(r.Findings) > 0 {
		t.Fatalf("check: %+v %v", r.Findings, err)
	}
}

func TestTheSOPFromVisitToCard(t *testing.T) {
	n := nodetest.Start(t)
	ctx := context.Background()
	hello, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), desk.VisitInput{Kind: merge.VisitGuest, Name: "Bagus Rekaan", Sex: library.Male, Purpose: "member"})
	if err != nil || hello.Known {
		t.Fatalf("visit: %+v %v", hello, err)
	}
	done, err := n.Desk.OpenRegistration(ctx, n.Officer, nodetest.Op(t), desk.OpenInput{Visit: hello.ID})
	id := must(t, done, err)
	r := get(t, n, id)
	if r.Form.Name != "Bagus Rekaan" || r.Source != desk.SourceVisit || r.Stage.Step() != library.StepIdentity {
		t.Fatalf("opened from the visit: %+v", r)
	}
	today, _, _ := n.Desk.Queue(10)
	if len(today) != 1 || today[0].Step != 2 {
		t.Fatalf("queue: %+v", today)
	}
	done, err = n.Desk.Identify(ctx, n.Officer, nodetest.Op(t), id, desk.IdentifyInput{Kind: library.KTP, Membership: true, Photo: true})
	must(t, done, err)
	done, err = n.Desk.Fill(ctx, n.Officer, nodetest.Op(t), id, desk.FillInput{Form: village(t, n, person(1))})
	must(t, done, err)
	verify(t, n, id)
	done, err = n.Desk.DeclinePhoto(ctx, n.Officer, nodetest.Op(t), id, "")
	must(t, done, err)
	done, err = n.Desk.Issue(ctx, n.Officer, nodetest.Op(t), id, "")
	must(t, done, err)
	r = get(t, n, id)
	if !r.Member || r.Card == nil || !r.Card.Number.Valid() || r.Card.Number.Code() != 14 || r.Stage.Step() != library.StepHandover {
		t.Fatalf("issued: %+v", r)
	}
	done, err = n.Desk.HandOver(ctx, n.Officer, nodetest.Op(t), id, desk.HandOverInput{How: library.HandoverWays()[0].Key})
	must(t, done, err)
	if today, held, _ := n.Desk.Queue(10); len(today)+len(held) != 0 {
		t.Fatalf("still in the queue: %+v %+v", today, held)
	}
	counts, _ := n.Desk.Counts()
	if counts[desk.CountIssued] != 1 || counts[desk.CountVisits] != 1 {
		t.Fatalf("counts: %v", counts)
	}
	again, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), desk.VisitInput{Kind: merge.VisitMember, Number: " " + r.Card.Number.Grouped() + "\r\n"})
	if err != nil || !again.Known {
		t.Fatalf("the card is not known at the kiosk: %+v %v", again, err)
	}
	sound(t, n)
}

func TestTwoOfficersDoNotOverwriteEachOther(t *testing.T) {
	n := nodetest.Start(t)
	ctx := context.Background()
	done, err := n.Desk.OpenRegistration(ctx, n.Officer, nodetest.Op(t), desk.OpenInput{})
	id := must(t, done, err)
	done, err = n.Desk.Identify(ctx, n.Officer, nodetest.Op(t), id, desk.IdentifyInput{Kind: library.KTP, Membership: true})
	must(t, done, err)
	seen := version(t, n, id)
	first, second := village(t, n, person(1)), village(t, n, person(2))
	done, err = n.Desk.Fill(ctx, n.Officer, nodetest.Op(t), id, desk.FillInput{Form: first, Version: seen})
	must(t, done, err)
	if _, err = n.Desk.Fill(ctx, n.Officer, nodetest.Op(t), id, desk.FillInput{Form: second, Version: seen}); library.KindOf(err) != library.KindConflict {
		t.Fatalf("the second officer got %v", err)
	}
	if got := get(t, n, id).Form.Name; got != first.Name {
		t.Fatalf("name is %q", got)
	}
}

func TestNumbersAreNeverGivenTwice(t *testing.T) {
	n := nodetest.Start(t)
	var mu sync.Mutex
	seen := map[library.MemberNumber]bool{}
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 15 {
				r := get(t, n, enrol(t, n, village(t, n, person(w*15+i))))
				mu.Lock()
				if seen[r.Card.Number] {
					t.Errorf("%s was given twice", r.Card.Number)
				}
				seen[r.Card.Number] = true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	sound(t, n)
}

func TestVisitsAreSealedWhileTheVaultIsClosed(t *testing.T) {
	clock := nodetest.NewClock(time.Date(2026, 11, 23, 8, 0, 0, 0, library.WIB()))
	n := nodetest.Start(t, nodetest.WithClock(clock.Now))
	ctx := context.Background()
	r := get(t, n, enrol(t, n, village(t, n, person(1))))
	if err := n.Desk.CloseVault(ctx, n.Officer); err != nil {
		t.Fatal(err)
	}
	sealed, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), desk.VisitInput{Kind: merge.VisitMember, Number: string(r.Card.Number)})
	if err != nil || !sealed.Sealed || sealed.Name != "" {
		t.Fatalf("sealed visit: %+v %v", sealed, err)
	}
	if _, err := n.Desk.CheckIn(ctx, desk.Kiosk, nodetest.Op(t), desk.VisitInput{Kind: merge.VisitGroup, Name: "Bu Guru", Institution: "SDN Rekaan", Men: 12, Women: 14}); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Desk.Registration(ctx, n.Officer, r.ID); library.KindOf(err) != library.KindUnavailable {
		t.Fatalf("a closed vault answered: %v", err)
	}
	clock.Add(3 * time.Hour)
	if _, err := n.Desk.SignIn(ctx, nodetest.Login, nodetest.Password); err != nil {
		t.Fatal(err)
	}
	n.Desk.Settle()
	visits, err := n.Store.VisitsOf(ctx, [16]byte(r.ID), 10)
	if err != nil || len(visits) != 1 || visits[0].Wall() != clock.Now().Add(-3*time.Hour).UnixMilli() {
		t.Fatalf("the sealed visit became %+v, %v", visits, err)
	}
	if counts, _ := n.Desk.Counts(); counts[desk.CountVisits] != 27 || counts[desk.CountGrouped] != 26 {
		t.Fatalf("counts: %v", counts)
	}
	sound(t, n)
}

func TestAClockFarOffRecordsEverything(t *testing.T) {
	for _, year := range []int{2000, 2099} {
		t.Run(fmt.Sprint(year), func(t *testing.T) {
			at := time.Date(year, 1, 1, 9, 0, 0, 0, library.WIB())
			n := nodetest.Start(t, nodetest.WithClock(func() time.Time { return at }))
			if err := n.Desk.CheckClock(time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), 0); err != nil {
				t.Fatal(err)
			}
			r := get(t, n, enrol(t, n, village(t, n, person(1))))
			if !r.Card.Number.Valid() {
				t.Fatalf("number %q", r.Card.Number)
			}
			sound(t, n)
		})
	}
}

func TestTheCardsLife(t *testing.T) {
	n := nodetest.Start(t)
	ctx := context.Background()
	id := enrol(t, n, village(t, n, person(1)))
	first := get(t, n, id)

	done, err := n.Desk.Block(ctx, n.Officer, nodetest.Op(t), id, "lost", "")
	must(t, done, err)
	if r := get(t, n, id); !r.Card.Blocked {
		t.Fatal("not blocked")
	}
	done, err = n.Desk.Unblock(ctx, n.Officer, nodetest.Op(t), id, "sudah ketemu")
	must(t, done, err)
	done, err = n.Desk.Renew(ctx, n.Officer, nodetest.Op(t), id, "")
	must(t, done, err)
	renewed := get(t, n, id)
	if renewed.Card.Blocked || renewed.Until.Days() <= first.Until.Days() {
		t.Fatalf("after unblocking and renewing: %+v", renewed)
	}
	done, err = n.Desk.Replace(ctx, n.Officer, nodetest.Op(t), id, "lost")
	must(t, done, err)
	replaced := get(t, n, id)
	if len(replaced.Cards) != 2 || replaced.Card.Number == first.Card.Number || replaced.Until != renewed.Until {
		t.Fatalf("replaced: %+v", replaced)
	}
	for _, number := range []library.MemberNumber{first.Card.Number, replaced.Card.Number} {
		if r, err := n.Desk.Scan(ctx, n.Officer, string(number)); err != nil || r.ID != id {
			t.Fatalf("%s leads to %v, %v", number, r.ID, err)
		}
	}
	sound(t, n)
}

func TestWhoMayNot(t *testing.T) {
	n := nodetest.Start(t)
	ctx := context.Background()
	id := enrol(t, n, village(t, n, person(1)))
	volunteer := desk.Actor{Officer: n.Officer.Officer, Role: library.RoleVolunteer}
	tries := map[string]func(desk.Actor) error{
		"issue": func(a desk.Actor) error { _, err := n.Desk.Issue(ctx, a, nodetest.Op(t), id, ""); return err },
		"block": func(a desk.Actor) error { _, err := n.Desk.Block(ctx, a, nodetest.Op(t), id, "lost", ""); return err },
		"officers": func(a desk.Actor) error {
			_, err := n.Desk.AddOfficer(ctx, a, nodetest.Op(t), desk.OfficerInput{Login: "x", Name: "X", Role: library.RoleOfficer, Password: "panjang sekali 77"})
			return err
		},
		"settings": func(a desk.Actor) error { return n.Desk.SetSetting(ctx, a, nodetest.Op(t), "lapse_days", 5) },
		"refuse": func(a desk.Actor) error {
			_, err := n.Desk.Refuse(ctx, a, nodetest.Op(t), id, "no-identity", "", "")
			return err
		},
	}
	for name, try := range tries {
		for _, who := range []desk.Actor{volunteer, desk.Kiosk, {Role: library.RoleServiceHead}} {
			if err := try(who); library.KindOf(err) != library.KindForbidden {
				t.Errorf("%s as %q: %v", name, who.Role, err)
			}
		}
	}
}

func TestARemovedOfficersPasswordOpensNothingNew(t *testing.T) {
	n := nodetest.Start(t)
	ctx := context.Background()
	in := desk.OfficerInput{Login: "agus", Name: "Agus Rekaan", Role: library.RoleOfficer, Password: "hujan sore di Ijen"}
	done, err := n.Desk.AddOfficer(ctx, n.Officer, nodetest.Op(t), in)
	agus := must(t, done, err)
	if _, err := n.Desk.SignIn(ctx, "agus", in.Password); err != nil {
		t.Fatal(err)
	}
	slots, err := n.Store.Slots(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Desk.ChangeOfficer(ctx, n.Officer, nodetest.Op(t), agus, in.Name, in.Role, false); err != nil {
		t.Fatal(err)
	}
	if _, err := n.Desk.SignIn(ctx, "agus", in.Password); library.KindOf(err) != library.KindUnauthenticated {
		t.Fatalf("sign-in after removal: %v", err)
	}
	id := enrol(t, n, village(t, n, person(1)))
	thief, err := vault.New(vaultRand{}, vault.Params{Memory: 64, Time: 1, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range slots {
		if s.Login == "agus" {
			if _, err := thief.Open(ctx, []vault.Slot{s.Slot}, vault.Password(in.Password)); err != nil {
				t.Fatal(err)
			}
		}
	}
	epochs, err := thief.Epochs()
	if err != nil || len(epochs) != 1 {
		t.Fatalf("the old slot holds %v, %v", epochs, err)
	}
	if now, err := n.Desk.Vault.Epochs(); err != nil || now[0] == epochs[0] && len(now) == 1 {
		t.Fatalf("the data key did not change: %v %v", now, err)
	}
	get(t, n, id)
	sound(t, n)
}

type vaultRand struct{}

func (vaultRand) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(i * 7)
	}
	return len(b), nil
}

func TestAChildsConsentIsItsGuardians(t *testing.T) {
	n := nodetest.Start(t)
	ctx := context.Background()
	child := village(t, n, person(1))
	child.Identity, child.Birth = library.KIA, n.Desk.Today().AddDays(-10*365)
	child.NIK = fmt.Sprintf("351010%02d%02d%02d0007", child.Birth.Day, child.Birth.Month, child.Birth.Year%100)
	child.Guardian = library.Guardian{Name: "Ibu Rekaan", Relation: library.GuardianRelations()[0].Key, Document: string(library.KTP)}
	done, err := n.Desk.OpenRegistration(ctx, n.Officer, nodetest.Op(t), desk.OpenInput{})
	id := must(t, done, err)
	through := func(by string) {
		t.Helper()
		done, err := n.Desk.Identify(ctx, n.Officer, nodetest.Op(t), id, desk.IdentifyInput{Kind: library.KIA, Membership: true, By: by})
		must(t, done, err)
		done, err = n.Desk.Fill(ctx, n.Officer, nodetest.Op(t), id, desk.FillInput{Form: child})
		must(t, done, err)
		verify(t, n, id)
		done, err = n.Desk.DeclinePhoto(ctx, n.Officer, nodetest.Op(t), id, "")
		must(t, done, err)
	}
	through(desk.BySelf)
	if _, err := n.Desk.Issue(ctx, n.Officer, nodetest.Op(t), id, ""); library.KindOf(err) != library.KindConflict {
		t.Fatalf("a child consented for itself: %v", err)
	}
	through(desk.ByGuardian) // the way back that the message names
	done, err = n.Desk.Issue(ctx, n.Officer, nodetest.Op(t), id, "")
	must(t, done, err)
}
