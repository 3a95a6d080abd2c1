package node_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
)

// TestThePublicDoor is open at a centre and nowhere else, on loopback only, and its address travels to the branches.
func TestThePublicDoor(t *testing.T) {
	ctx := context.Background()
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening(), nodetest.Public())
	branch := nodetest.Start(t, nodetest.Public())
	if branch.SiteURL() != "" {
		t.Error("a branch listens to the public")
	}
	site := centre.SiteURL()
	for address, good := range map[string]bool{"off": true, "127.0.0.1:0": true, "[::1]:0": true, "localhost:0": true, "0.0.0.0:0": false, ":0": false, "192.0.2.1:80": false, "nonsense": false} {
		ended, end := context.WithCancel(ctx)
		if err := centre.ListenToPublic(ended, address); (err == nil) != good {
			t.Errorf("%s: %v", address, err)
		}
		end()
	}
	res, err := http.Get(site)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(res.Body)
	res.Body.Close()
	if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(page), "Daftar jadi anggota") {
		t.Errorf("%v %d %.300s", err, res.StatusCode, page)
	}

	for address, good := range map[string]bool{"": true, "https://perpus.example.go.id": true, "https://perpus.example.go.id:8443": true, "http://localhost:8713": true,
		"http://perpus.example.go.id": false, "perpus.example.go.id": false, "https://perpus.example.go.id/": false, "https://perpus.example.go.id/x?y": false,
		"https://": false, "https://a@b": false, "ftp://a": false, "https://Perpus": false, "javascript:alert(1)": false} {
		if wrong := desk.CheckSettings(map[string]any{"public_url": address}); (len(wrong) == 0) != good {
			t.Errorf("%q: %v", address, wrong)
		}
	}
	letIn(t, centre, branch, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	if err := centre.Desk.SetSetting(ctx, centre.Officer, nodetest.Op(t), "public_url", "https://perpus.example.go.id"); err != nil {
		t.Fatal(err)
	}
	send(t, branch)
	if got := branch.Desk.Settings().PublicURL; got != "https://perpus.example.go.id" {
		t.Errorf("the public address has not come down: %q", got)
	}
}

// fromHome sends the form of somebody at home for a branch, past the least time, and returns key and reference.
func fromHome(t *testing.T, centre *nodetest.Node, later func(time.Duration), branch library.ID, change ...func(*desk.PublicInput)) (key, reference string) {
	t.Helper()
	ctx := context.Background()
	key, err := centre.Desk.BeginPublicForm(ctx)
	if err != nil {
		t.Fatal(err)
	}
	birth, err := library.ParseDate("17-08-1990")
	if err != nil {
		t.Fatal(err)
	}
	in := desk.PublicInput{Branch: branch, Membership: true, Photo: true, Form: library.Form{Identity: library.KTP, NIK: "3510145708900002", Name: "Ayu Buatan", BirthPlace: "Banyuwangi",
		Birth: birth, Sex: library.Female, Address: "Jl. Contoh 1", Village: "3510092001", Education: "slta", Occupation: "petani", MemberKind: "umum"}}
	for _, c := range change {
		c(&in)
	}
	if err := centre.Desk.SendPublicForm(ctx, key, in); library.KindOf(err) != library.KindUnavailable {
		t.Fatalf("a form within a moment: %v", err)
	}
	later(time.Minute)
	if err := centre.Desk.SendPublicForm(ctx, key, in); err != nil {
		t.Fatal(err)
	}
	if err := centre.Desk.SendPublicForm(ctx, key, in); err != nil {
		t.Fatalf("sent twice: %v", err)
	}
	f, err := centre.Desk.PublicForm(ctx, key)
	if err != nil || !f.Sent || len(f.Reference) != 8 {
		t.Fatalf("%+v, %v", f, err)
	}
	return key, f.Reference
}

// clockwork is a clock that a test moves on.
func clockwork() (now func() time.Time, later func(time.Duration)) {
	var ahead atomic.Int64
	return func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }, func(d time.Duration) { ahead.Add(int64(d)) }
}

// TestFromHomeToTheBranch: what somebody sent from home is in the queue of the named branch after its next exchange, and the
// status page says what happened to it.
func TestFromHomeToTheBranch(t *testing.T) {
	ctx := context.Background()
	now, later := clockwork()
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening(), nodetest.WithClock(now))
	genteng, van := nodetest.Start(t, nodetest.WithClock(now)), nodetest.Start(t, nodetest.As(library.NodeVan), nodetest.WithClock(now))
	letIn(t, centre, genteng, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	letIn(t, centre, van, office.CodeInput{Name: "Keliling Selatan", Role: library.NodeVan})
	if err := van.Desk.SetSetting(ctx, van.Officer, nodetest.Op(t), "stops", []string{"Balai Desa Sempu", "Pasar Glenmore"}); err != nil {
		t.Fatal(err)
	}
	send(t, genteng)
	send(t, van)
	points, err := centre.Desk.CollectionPoints(ctx)
	if err != nil || len(points) != 2 || points[0].Name != "Keliling Selatan" || len(points[0].Stops) != 2 {
		t.Fatalf("%+v, %v", points, err)
	}
	key, reference := fromHome(t, centre, later, points[1].ID)
	birth, err := library.ParseDate("17-08-1990")
	if err != nil {
		t.Fatal(err)
	}
	says := func(want desk.PublicState) desk.PublicStatus {
		t.Helper()
		s, err := centre.Desk.PublicStatus(ctx, strings.ToLower(reference[:4])+" - "+reference[4:], birth)
		if err != nil || s.State != want {
			t.Fatalf("the status is %+v, %v, want %s", s, err, want)
		}
		return s
	}
	if s := says(desk.PublicReceived); s.Branch != "Perpustakaan Genteng" || s.Document != library.KTP || s.Child {
		t.Errorf("%+v", s)
	}
	if s, err := centre.Desk.PublicSent(ctx, key); err != nil || s.State != desk.PublicReceived {
		t.Errorf("%+v, %v", s, err)
	}
	if today, held := centre.Desk.Waiting(10); today.Total+held.Total > 0 {
		t.Errorf("the centre serves somebody of a branch: %+v %+v", today, held)
	}
	for typed, day := range map[string]string{reference: "18-08-1990", "AAAA-AAAA": "17-08-1990", "": "17-08-1990", "x' OR 1=1": "17-08-1990"} {
		other, err := library.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := centre.Desk.PublicStatus(ctx, typed, other); library.KindOf(err) != library.KindNotFound {
			t.Errorf("%q %s: %v", typed, day, err)
		}
	}

	send(t, genteng)
	send(t, van)
	today, _ := genteng.Desk.Waiting(10)
	if today.Total != 1 || today.Items[0].Source != desk.SourcePublic || today.Items[0].Timed || today.Items[0].Name != "Ayu Buatan" {
		t.Fatalf("the queue of the branch: %+v", today)
	}
	if today, held := van.Desk.Waiting(10); today.Total+held.Total > 0 {
		t.Error("another branch got it")
	}
	says(desk.PublicReceived) // the branch has not said yet that it holds it
	send(t, genteng)
	says(desk.PublicArrived)

	// The visitor goes to the van instead: it finds the registration by asking the centre, and takes it up.
	id, err := van.Desk.AskReference(ctx, van.Officer, reference)
	if err != nil {
		t.Fatal(err)
	}
	if today, held := van.Desk.Waiting(10); today.Total+held.Total > 0 {
		t.Error("somebody is in the queue who was only asked for")
	}
	if _, err := van.Desk.AskReference(ctx, van.Officer, "AAAABBBB"); library.KindOf(err) != library.KindNotFound {
		t.Errorf("nobody's reference: %v", err)
	}
	serve(t, van, id, func() {
		send(t, van)
		says(desk.PublicWorking)
		send(t, genteng)
		if today, held := genteng.Desk.Waiting(10); today.Total+held.Total > 0 {
			t.Errorf("the branch still waits for somebody who went elsewhere: %+v %+v", today, held)
		}
	})
	send(t, van)
	says(desk.PublicHanded)
	for _, n := range []*nodetest.Node{centre, van, genteng} {
		whole(t, n)
	}
}

// serve takes a registration from the document to the card in the visitor's hand.
func serve(t *testing.T, n *nodetest.Node, id library.ID, begun func()) {
	t.Helper()
	ctx, who := context.Background(), n.Officer
	must := func(_ desk.Done, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	rec, err := n.Desk.Registration(ctx, who, id)
	if err != nil {
		t.Fatal(err)
	}
	if c := rec.Consents[library.ConsentMembership]; !c.Given || c.How != desk.HowOnline || c.By != desk.BySelf {
		t.Errorf("the consent given at home: %+v", c)
	}
	must(n.Desk.Identify(ctx, who, nodetest.Op(t), id, desk.IdentifyInput{Kind: library.KTP, Explained: true, Membership: true, Photo: true, By: "self", How: "online"}))
	begun()
	must(n.Desk.Fill(ctx, who, nodetest.Op(t), id, desk.FillInput{Form: rec.Form, By: "visitor", Confirmed: map[string]string{"problem.nik_district": "pindah"}}))
	var checked []string
	for _, f := range library.DocumentFields(library.KTP) {
		checked = append(checked, f.Field)
	}
	must(n.Desk.Verify(ctx, who, nodetest.Op(t), id, desk.VerifyInput{Form: rec.Form, Checked: checked, Confirmed: map[string]string{"problem.nik_district": "pindah"}}))
	must(n.Desk.AttachPhoto(ctx, who, nodetest.Op(t), id, picture(t), nil, "file", ""))
	must(n.Desk.Issue(ctx, who, nodetest.Op(t), id, ""))
	must(n.Desk.HandOver(ctx, who, nodetest.Op(t), id, desk.HandOverInput{To: "self", How: "in-person"}))
}

// whole checks the data, makes every table again and checks once more.
func whole(t *testing.T, n *nodetest.Node) {
	t.Helper()
	for range 2 {
		report, err := n.Store.Check(context.Background(), nil)
		if err != nil || len(report.Findings) > 0 {
			t.Fatalf("%+v, %v", report.Findings, err)
		}
		if err := n.Store.Rebuild(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAnExchangeIsNoChange: a form stays good that an officer had open while the centre took in the registration and answered.
func TestAnExchangeIsNoChange(t *testing.T) {
	ctx := context.Background()
	now, later := clockwork()
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening(), nodetest.WithClock(now))
	branch := nodetest.Start(t, nodetest.WithClock(now))
	letIn(t, centre, branch, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	points, err := centre.Desk.CollectionPoints(ctx)
	if err != nil || len(points) != 1 {
		t.Fatalf("%+v, %v", points, err)
	}
	fromHome(t, centre, later, points[0].ID)
	send(t, branch)
	queue, _ := branch.Desk.Waiting(10)
	if queue.Total != 1 {
		t.Fatalf("%+v", queue)
	}
	home := queue.Items[0].ID
	began, err := branch.Desk.OpenRegistration(ctx, branch.Officer, nodetest.Op(t), desk.OpenInput{Source: desk.SourceDesk})
	if err != nil {
		t.Fatal(err)
	}
	for name, id := range map[string]library.ID{"from home": home, "at the desk": began.ID} {
		if _, err := branch.Desk.Identify(ctx, branch.Officer, nodetest.Op(t), id, desk.IdentifyInput{Kind: library.KTP, Explained: true, Membership: true, By: "self", How: "screen"}); err != nil {
			t.Fatal(err)
		}
		open, err := branch.Desk.Registration(ctx, branch.Officer, id)
		if err != nil {
			t.Fatal(err)
		}
		send(t, branch)
		send(t, branch)
		in := desk.IdentifyInput{Kind: library.KTP, Explained: true, Membership: true, Photo: true, By: "self", How: "screen", Version: open.Version}
		if _, err := branch.Desk.Identify(ctx, branch.Officer, nodetest.Op(t), id, in); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := branch.Desk.Identify(ctx, branch.Officer, nodetest.Op(t), id, in); library.KindOf(err) != library.KindConflict {
			t.Errorf("%s, of an older state: %v", name, err)
		}
	}
}

// TestFromHomeLapsesAndMoves: nobody came within the days of the settings; the branch was closed meanwhile.
func TestFromHomeLapsesAndMoves(t *testing.T) {
	ctx := context.Background()
	now, later := clockwork()
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening(), nodetest.WithClock(now))
	genteng, srono := nodetest.Start(t, nodetest.WithClock(now)), nodetest.Start(t, nodetest.WithClock(now))
	letIn(t, centre, genteng, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	letIn(t, centre, srono, office.CodeInput{Name: "Perpustakaan Srono", Role: library.NodeBranch})
	points, err := centre.Desk.CollectionPoints(ctx)
	if err != nil || len(points) != 2 {
		t.Fatalf("%+v, %v", points, err)
	}
	_, moved := fromHome(t, centre, later, points[0].ID)
	_, forgotten := fromHome(t, centre, later, points[0].ID, func(in *desk.PublicInput) { in.Form.NIK, in.Form.Name = "3510145708900003", "Budi Buatan" })
	send(t, genteng)
	if today, _ := genteng.Desk.Waiting(10); today.Total != 2 {
		t.Fatalf("%+v", today)
	}
	list, err := centre.Office.FromHome(ctx, centre.Officer, office.FromHomeFilter{Branch: points[0].ID}, 10)
	if err != nil || len(list) != 2 || list[0].Reference != forgotten {
		t.Fatalf("%+v, %v", list, err)
	}
	if counts, err := centre.Office.FromHomeCounts(ctx, centre.Officer); err != nil || counts[points[0].ID] != 2 {
		t.Errorf("%v, %v", counts, err)
	}
	if _, err := centre.Office.SendOn(ctx, centre.Officer, nodetest.Op(t), list[1].ID, library.ID{9}); library.KindOf(err) != library.KindInvalid {
		t.Errorf("sent to no branch: %v", err)
	}
	if _, err := centre.Office.SendOn(ctx, centre.Officer, nodetest.Op(t), list[1].ID, points[1].ID); err != nil {
		t.Fatal(err)
	}
	send(t, genteng)
	send(t, srono)
	if today, _ := genteng.Desk.Waiting(10); today.Total != 1 || today.Items[0].Name != "Budi Buatan" {
		t.Errorf("the branch from which it went: %+v", today)
	}
	if today, _ := srono.Desk.Waiting(10); today.Total != 1 || today.Items[0].Name != "Ayu Buatan" {
		t.Errorf("the branch to which it went: %+v", today)
	}

	later(31 * 24 * time.Hour)
	if n, err := centre.Desk.Lapse(ctx); err != nil || n != 2 {
		t.Errorf("%d lapsed, %v", n, err)
	}
	birth, err := library.ParseDate("17-08-1990")
	if err != nil {
		t.Fatal(err)
	}
	for _, reference := range []string{moved, forgotten} {
		if s, err := centre.Desk.PublicStatus(ctx, reference, birth); err != nil || s.State != desk.PublicLapsed {
			t.Errorf("%+v, %v", s, err)
		}
	}
	// Srono worked on without a connection meanwhile: the card stands.
	_, late := srono.Desk.Waiting(10)
	if late.Total != 1 {
		t.Fatalf("%+v", late)
	}
	serve(t, srono, late.Items[0].ID, func() {})
	send(t, srono)
	send(t, genteng)
	if _, held := genteng.Desk.Waiting(10); held.Total != 0 {
		t.Errorf("a lapsed one is still in the queue: %+v", held)
	}
	if s, err := centre.Desk.PublicStatus(ctx, moved, birth); err != nil || s.State != desk.PublicHanded {
		t.Errorf("%+v, %v", s, err)
	}
	for _, n := range []*nodetest.Node{centre, genteng, srono} {
		whole(t, n)
	}
}

// TestThePublicFormIsRefused: closed, full for the day, with what is wrong in it; what was typed stays.
func TestThePublicFormIsRefused(t *testing.T) {
	ctx := context.Background()
	now, later := clockwork()
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening(), nodetest.WithClock(now))
	branch := nodetest.Start(t, nodetest.WithClock(now))
	letIn(t, centre, branch, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	points, err := centre.Desk.CollectionPoints(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := centre.Desk.SetSetting(ctx, centre.Officer, nodetest.Op(t), "public_daily", 1); err != nil {
		t.Fatal(err)
	}
	fromHome(t, centre, later, points[0].ID)
	key, err := centre.Desk.BeginPublicForm(ctx)
	if err != nil {
		t.Fatal(err)
	}
	typed := map[string]string{"name": "Citra Buatan"}
	if err := centre.Desk.SavePublicForm(ctx, key, typed); err != nil {
		t.Fatal(err)
	}
	later(time.Minute)
	err = centre.Desk.SendPublicForm(ctx, key, desk.PublicInput{Form: library.Form{Identity: library.KTP, Name: "Citra Buatan"}})
	fields := map[string]bool{}
	for _, p := range library.ProblemsOf(err) {
		fields[p.Field] = true
	}
	if !fields["nik"] || !fields["branch"] || !fields["consent_membership"] || fields["name"] {
		t.Errorf("%v", err)
	}
	birth, err := library.ParseDate("17-08-1990")
	if err != nil {
		t.Fatal(err)
	}
	good := desk.PublicInput{Branch: points[0].ID, Membership: true, Form: library.Form{Identity: library.KTP, NIK: "3510145708900002", Name: "Citra Buatan", BirthPlace: "Banyuwangi",
		Birth: birth, Sex: library.Female, Address: "Jl. Contoh 1", Village: "3510092001", Education: "slta", Occupation: "petani", MemberKind: "umum"}}
	refused := func(with string) {
		t.Helper()
		var e *library.Error
		if err := centre.Desk.SendPublicForm(ctx, key, good); !errors.As(err, &e) || e.Key != with {
			t.Errorf("%v, want %s", err, with)
		}
		if f, err := centre.Desk.PublicForm(ctx, key); err != nil || f.Sent || f.Fields["name"] != "Citra Buatan" {
			t.Errorf("what was typed is gone: %+v, %v", f, err)
		}
	}
	later(10 * time.Hour) // an evening
	refused("error.public_full")
	if err := centre.Desk.ClosePublicForm(ctx, centre.Officer, nodetest.Op(t), true); err != nil {
		t.Fatal(err)
	}
	refused("error.public_closed")
	if _, err := centre.Desk.BeginPublicForm(ctx); library.KindOf(err) != library.KindUnavailable {
		t.Errorf("begun while closed: %v", err)
	}
	if err := centre.Desk.ClosePublicForm(ctx, centre.Officer, nodetest.Op(t), false); err != nil {
		t.Fatal(err)
	}
	idle, err := centre.Desk.BeginPublicForm(ctx)
	if err != nil {
		t.Fatal(err)
	}
	later(20 * time.Hour) // "send it again tomorrow" means the whole of tomorrow
	if _, err := centre.Desk.PhoneForm(ctx, key); library.KindOf(err) != library.KindNotFound {
		t.Errorf("a public form as one of a desk: %v", err)
	}
	if err := centre.Desk.SendPublicForm(ctx, key, good); err != nil {
		t.Errorf("the day after the branch was full: %v", err)
	}
	later(5 * time.Hour)
	if _, err := centre.Desk.PublicForm(ctx, idle); library.KindOf(err) != library.KindForbidden {
		t.Errorf("a draft of yesterday: %v", err)
	}
	later(20 * time.Hour)
	fromHome(t, centre, later, points[0].ID) // another day, and the same person: no word about that
}

// TestFromHomeToTheCentre: a centre that serves visitors is a place to collect the card too. Who names it is in its own queue and
// is served there, and goes to a branch or comes from one like everybody else.
func TestFromHomeToTheCentre(t *testing.T) {
	ctx := context.Background()
	now, later := clockwork()
	centre, genteng := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening(), nodetest.WithClock(now)), nodetest.Start(t, nodetest.WithClock(now))
	letIn(t, centre, genteng, office.CodeInput{Name: "Perpustakaan Genteng Baru", Role: library.NodeBranch})
	if points, err := centre.Desk.CollectionPoints(ctx); err != nil || len(points) != 1 {
		t.Fatalf("%+v, %v", points, err)
	}
	if err := centre.Desk.SetSetting(ctx, centre.Officer, nodetest.Op(t), "public_here", true); err != nil {
		t.Fatal(err)
	}
	points, err := centre.Desk.CollectionPoints(ctx)
	here := centre.Desk.Settings()
	if err != nil || len(points) != 2 || points[0].ID != here.Node || points[0].Name != here.Name {
		t.Fatalf("%+v, %v", points, err)
	}
	_, reference := fromHome(t, centre, later, points[0].ID)
	_, other := fromHome(t, centre, later, points[0].ID, func(in *desk.PublicInput) { in.Form.NIK, in.Form.Name = "3510145708900003", "Budi Buatan" })
	birth, err := library.ParseDate("17-08-1990")
	if err != nil {
		t.Fatal(err)
	}
	says := func(reference string, want desk.PublicState, branch string) {
		t.Helper()
		if s, err := centre.Desk.PublicStatus(ctx, reference, birth); err != nil || s.State != want || s.Branch != branch {
			t.Fatalf("the status is %+v, %v, want %s at %s", s, err, want, branch)
		}
	}
	says(reference, desk.PublicArrived, here.Name)
	today, _ := centre.Desk.Waiting(10)
	if today.Total != 2 || today.Items[0].Source != desk.SourcePublic {
		t.Fatalf("the queue of the centre: %+v", today)
	}
	send(t, genteng)
	if today, held := genteng.Desk.Waiting(10); today.Total+held.Total > 0 {
		t.Error("a branch got it")
	}

	list, err := centre.Office.FromHome(ctx, centre.Officer, office.FromHomeFilter{Branch: here.Node}, 10)
	if err != nil || len(list) != 2 || list[0].Reference != other {
		t.Fatalf("%+v, %v", list, err)
	}
	move := func(branch library.ID, queue, there int) {
		t.Helper()
		if _, err := centre.Office.SendOn(ctx, centre.Officer, nodetest.Op(t), list[0].ID, branch); err != nil {
			t.Fatal(err)
		}
		send(t, genteng)
		if at, _ := centre.Desk.Waiting(10); at.Total != queue {
			t.Errorf("the queue of the centre: %+v", at)
		}
		if at, _ := genteng.Desk.Waiting(10); at.Total != there {
			t.Errorf("the queue of the branch: %+v", at)
		}
	}
	move(points[1].ID, 1, 1)
	move(points[0].ID, 2, 0)
	serve(t, centre, list[1].ID, func() { says(reference, desk.PublicWorking, here.Name) })
	says(reference, desk.PublicHanded, here.Name)
	if err := centre.Desk.SetSetting(ctx, centre.Officer, nodetest.Op(t), "public_here", false); err != nil {
		t.Fatal(err)
	}
	says(other, desk.PublicArrived, here.Name) // who came before is served all the same
	later(31 * 24 * time.Hour)
	if n, err := centre.Desk.Lapse(ctx); err != nil || n != 1 {
		t.Errorf("%d lapsed, %v", n, err)
	}
	send(t, genteng)
	for _, n := range []*nodetest.Node{centre, genteng} {
		whole(t, n)
	}
}
