package node_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul/node/desk"
	"simpul/node/directory"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
	"simpul/node/vault"
)

// letIn joins a node to a centre over the true line.
func letIn(t *testing.T, centre, n *nodetest.Node, in office.CodeInput) {
	t.Helper()
	ctx := context.Background()
	code, err := centre.Office.NewCode(ctx, centre.Officer, nodetest.Op(t), in)
	if err != nil {
		t.Fatal(err)
	}
	j, err := n.Desk.StartJoin(ctx, n.Officer, code.Text, "")
	if err != nil || j.State != desk.JoinWaiting {
		t.Fatalf("%+v, %v", j, err)
	}
	approveAll(t, centre)
	if j, err = n.Desk.AskJoin(ctx, n.Officer); err != nil || j.State != desk.JoinDone {
		t.Fatalf("%+v, %v", j, err)
	}
}

// emblemOf is an emblem of one colour, as the settings keep it.
func emblemOf(t *testing.T, ink color.RGBA) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 200, 200))
	for i := range img.Pix {
		img.Pix[i] = []byte{ink.R, ink.G, ink.B, ink.A}[i%4]
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	emblem, err := desk.PrepareEmblem(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return emblem
}

func approveAll(t *testing.T, centre *nodetest.Node) {
	t.Helper()
	ctx := context.Background()
	asking, err := centre.Office.Pending(ctx, centre.Officer)
	if err != nil || len(asking) == 0 {
		t.Fatalf("%+v, %v", asking, err)
	}
	for _, a := range asking {
		if _, err := centre.Office.Approve(ctx, centre.Officer, nodetest.Op(t), a.ID); err != nil {
			t.Fatal(err)
		}
	}
}

func send(t *testing.T, n *nodetest.Node) desk.Exchange {
	t.Helper()
	if err := n.Desk.SendNow(context.Background(), n.Officer); err != nil {
		t.Fatal(err)
	}
	e, err := n.Desk.Exchange(context.Background(), n.Officer)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// finds searches a PC for members, also for those that another has just sent: what a centre applies for a node
// reaches its searches after the node has its answer.
func finds(t *testing.T, n *nodetest.Node, name string) []directory.Entry {
	t.Helper()
	ctx := context.Background()
	if err := n.Desk.CaughtUp(ctx); err != nil {
		t.Fatal(err)
	}
	found, _, err := n.Desk.Find(ctx, n.Officer, name, 5, desk.Members)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// member puts one made-up person through all steps, with a photo.
func member(t *testing.T, n *nodetest.Node, name, nik string) library.ID {
	t.Helper()
	ctx, who := context.Background(), n.Officer
	must := func(done desk.Done, err error) library.ID {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return done.ID
	}
	birth, err := library.ParseDate("17-08-19" + nik[10:12])
	sex := map[bool]library.Sex{true: library.Female, false: library.Male}[nik[6] >= '4']
	if err != nil {
		t.Fatal(err)
	}
	form := library.Form{Identity: library.KTP, NIK: nik, Name: name, BirthPlace: "Banyuwangi", Birth: birth, Sex: sex,
		Address: "Jl. Contoh 1", Village: "3510092001", Phone: "081234567890", Education: "slta", Occupation: "petani", MemberKind: "umum"}
	id := must(n.Desk.OpenRegistration(ctx, who, nodetest.Op(t), desk.OpenInput{Source: desk.SourceDesk}))
	must(n.Desk.Identify(ctx, who, nodetest.Op(t), id, desk.IdentifyInput{Kind: library.KTP, Explained: true, Membership: true, Photo: true, By: "self", How: "screen"}))
	must(n.Desk.Fill(ctx, who, nodetest.Op(t), id, desk.FillInput{Form: form, By: "officer", Confirmed: map[string]string{}}))
	var checked []string
	for _, f := range library.DocumentFields(library.KTP) {
		checked = append(checked, f.Field)
	}
	must(n.Desk.Verify(ctx, who, nodetest.Op(t), id, desk.VerifyInput{Form: form, Checked: checked}))
	must(n.Desk.AttachPhoto(ctx, who, nodetest.Op(t), id, picture(t), nil, "file", ""))
	must(n.Desk.Issue(ctx, who, nodetest.Op(t), id, ""))
	must(n.Desk.HandOver(ctx, who, nodetest.Op(t), id, desk.HandOverInput{To: "self", How: "in-person"}))
	return id
}

func picture(t *testing.T) []byte {
	t.Helper()
	return pictureOf(t, 7)
}

// pictureOf is a picture for each grain.
func pictureOf(t *testing.T, grain int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 480, 640))
	for i := range img.Pix {
		img.Pix[i] = byte(i * grain)
	}
	img.Set(1, 1, color.White)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestADistrict is the whole way: two PCs join over TLS, send, know each other's members, one is lost and replaced.
func TestADistrict(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	genteng, rogojampi := nodetest.Start(t), nodetest.Start(t)
	ctx := context.Background()
	early := member(t, genteng, "Budi Rekaan", "3510011708900001")
	member(t, genteng, "Eka Rekaan", "3510011708910004")
	letIn(t, centre, genteng, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	letIn(t, centre, rogojampi, office.CodeInput{Name: "Perpustakaan Rogojampi", Role: library.NodeBranch})
	member(t, rogojampi, "Cici Rekaan", "3510015708920002")

	if e := send(t, genteng); e.State != desk.ExchangeFine || e.Waiting != 0 || e.Photos != 0 || e.Centre == "" {
		t.Fatalf("after sending: %+v", e)
	}
	if e := send(t, rogojampi); e.State != desk.ExchangeFine || e.Waiting != 0 {
		t.Fatalf("after sending: %+v", e)
	}
	send(t, genteng)
	if r, err := genteng.Desk.ReceiptOf(ctx, genteng.Officer, early); err != nil || r != desk.ReceiptCentre {
		t.Errorf("receipt %q, %v", r, err)
	}
	nodes, err := centre.Office.Nodes(ctx, centre.Officer)
	if err != nil || len(nodes) != 2 {
		t.Fatalf("%+v, %v", nodes, err)
	}
	for _, n := range nodes {
		if n.Members != map[string]int{"Perpustakaan Genteng": 2, "Perpustakaan Rogojampi": 1}[n.Name] || n.Contact.IsZero() || n.Received == 0 || n.Unapplied != 0 || n.Program == "" || n.Free == 0 || n.Aside != 0 {
			t.Errorf("%+v", n)
		}
	}
	if found := finds(t, centre, "Budi"); len(found) != 1 {
		t.Errorf("the centre finds %+v", found)
	}
	if found, _, err := genteng.Desk.Find(ctx, genteng.Officer, "Cici", 5, desk.Members); err != nil || len(found) != 1 {
		t.Errorf("the branch finds %+v of the other, %v", found, err)
	}

	// What holds in the whole district comes from the centre, and only from there.
	emblem := emblemOf(t, color.RGBA{0x80, 0x10, 0x30, 0xff})
	if err := centre.Desk.SetSettings(ctx, centre.Officer, nodetest.Op(t), map[string]any{"adult_age": 19, "card_emblem": emblem}); err != nil {
		t.Fatal(err)
	}
	theirs := finds(t, genteng, "Cici")
	for _, pc := range nodes {
		if pc.Name != "Perpustakaan Rogojampi" {
			continue
		}
		if _, err := centre.Office.RenameBranch(ctx, centre.Officer, nodetest.Op(t), pc.Branch, "Perpustakaan Rogojampi Kota"); err != nil {
			t.Fatal(err)
		}
	}
	send(t, genteng)
	if k, err := genteng.Desk.Known(ctx, genteng.Officer, library.ID(theirs[0].ID)); err != nil || k.Home != "Perpustakaan Rogojampi Kota" {
		t.Errorf("a branch renamed at the centre is %q at another, %v", k.Home, err)
	}
	if got := genteng.Desk.Settings(); got.AdultAge != 19 || !bytes.Equal(got.CardEmblem, emblem) {
		t.Errorf("the centre's settings have not come down: %d, an emblem of %d bytes", got.AdultAge, len(got.CardEmblem))
	}
	if err := genteng.Desk.SetSetting(ctx, genteng.Officer, nodetest.Op(t), "adult_age", 20); library.KindOf(err) != library.KindForbidden {
		t.Errorf("a branch changes what holds everywhere: %v", err)
	}

	// Warned before a second card is printed: the coarse tag and a close name fit. The same tag with another name is nobody.
	for n, name := range []string{"Cici Rekan", "Dewi Rekaan"} {
		want := 1 - n
		opened, err := genteng.Desk.OpenRegistration(ctx, genteng.Officer, nodetest.Op(t), desk.OpenInput{Source: desk.SourceDesk, Form: library.Form{Name: name, NIK: "3510015708920002"}})
		if err != nil {
			t.Fatal(err)
		}
		alike, err := genteng.Desk.Alike(ctx, genteng.Officer, opened.ID)
		if err != nil || len(alike) != want || want > 0 && (!alike[0].Away || alike[0].Home != "Perpustakaan Rogojampi Kota") {
			t.Errorf("%s: %+v, %v", name, alike, err)
		}
		if want > 0 {
			if _, err := genteng.Desk.Compare(ctx, genteng.Officer, nodetest.Op(t), opened.ID, alike[0].ID, true, "", ""); err != nil {
				t.Errorf("the same person as one of another branch: %v", err)
			}
		}
	}

	// Erased at the centre: gone at the node with the next exchange, whose card stays counted.
	if _, err := centre.Office.Erase(ctx, centre.Officer, nodetest.Op(t), early, office.EraseInput{Reason: "request"}); err != nil {
		t.Fatal(err)
	}
	send(t, genteng)
	if found, _, err := genteng.Desk.Find(ctx, genteng.Officer, "Budi", 5, desk.Everyone); err != nil || len(found) != 0 {
		t.Errorf("found after the erasure: %+v, %v", found, err)
	}

	// Lost: refused from now on, and a replacement has the branch's records.
	var lost office.PC
	for _, n := range nodes {
		if n.Name == "Perpustakaan Rogojampi" {
			lost = n
		}
	}
	page, err := centre.Office.HeldBy(ctx, centre.Officer, lost.ID, 10)
	if err != nil || len(page.People) != 1 || page.People[0].Name != "Cici Rekaan" || !page.People[0].Own || page.Own != 1 || page.Branch != 0 || page.Others != 2 { // one of them erased since
		t.Errorf("whose data it held: %+v, %v", page, err)
	}
	if _, err := centre.Office.Revoke(ctx, centre.Officer, nodetest.Op(t), lost.ID, office.RevokeInput{Reason: "lost"}); err != nil {
		t.Fatal(err)
	}
	if err := rogojampi.Desk.SendNow(ctx, rogojampi.Officer); library.KindOf(err) != library.KindUnavailable {
		t.Errorf("a revoked PC sends: %v", err)
	}
	if e, err := rogojampi.Desk.Exchange(ctx, rogojampi.Officer); err != nil || e.State != desk.ExchangeRevoked || !e.Next.IsZero() {
		t.Errorf("%+v, %v", e, err)
	}
	fresh := nodetest.Start(t)
	letIn(t, centre, fresh, office.CodeInput{Branch: lost.Branch, Role: library.NodeBranch})
	send(t, fresh)
	found, _, err := fresh.Desk.Find(ctx, fresh.Officer, "Cici", 5, desk.Members)
	if err != nil || len(found) != 1 {
		t.Fatalf("the replacement finds %+v, %v", found, err)
	}
	if r, err := fresh.Desk.View(ctx, fresh.Officer, library.ID(found[0].ID), ""); err != nil || r.Form.NIK != "3510015708920002" {
		t.Errorf("the replacement has no full record: %v", err)
	}
}

// TestTheCentreChangesItsTLSKey: nodes learn the new one from the centre's signature, without a person.
func TestTheCentreChangesItsTLSKey(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	n := nodetest.Start(t)
	ctx := context.Background()
	letIn(t, centre, n, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	before, err := centre.Office.TLSKeys(ctx, centre.Officer)
	if err != nil || len(before) != 1 {
		t.Fatalf("%v, %v", before, err)
	}
	for range 2 {
		if err := centre.Office.RenewTLS(ctx, centre.Officer, nodetest.Op(t)); err != nil {
			t.Fatal(err)
		}
		if e := send(t, n); e.State != desk.ExchangeFine {
			t.Errorf("%+v", e)
		}
	}
	proxy := strings.Repeat("ab", 32)
	if err := centre.Office.AcceptTLS(ctx, centre.Officer, nodetest.Op(t), proxy); err != nil {
		t.Fatal(err)
	}
	after, err := centre.Office.TLSKeys(ctx, centre.Officer)
	if err != nil || !slices.Contains(after, proxy) || slices.Contains(after, before[0]) {
		t.Errorf("%v, %v", after, err)
	}
	if err := centre.Office.AcceptTLS(ctx, centre.Officer, nodetest.Op(t), "zz"); library.KindOf(err) != library.KindInvalid {
		t.Errorf("no key: %v", err)
	}
}

// TestWhatIsSavedGoesAtOnce: without anybody pressing a button, while the centre answers.
func TestWhatIsSavedGoesAtOnce(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	n := nodetest.Start(t)
	ctx := context.Background()
	letIn(t, centre, n, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	send(t, n)
	member(t, n, "Budi Rekaan", "3510011708900001")
	for range 1500 {
		totals, err := centre.Office.Totals(ctx, centre.Officer)
		if err != nil {
			t.Fatal(err)
		}
		if totals.Members == 1 {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Error("it never arrived")
}

// TestACentreIsMadeAnew: with its kit on another PC; nodes are taken back one by one and send everything again. The clocks of
// the two PCs need not agree.
func TestACentreIsMadeAnew(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"both clocks right": 0, "the lost one's clock ahead": 5 * 365 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) { madeAnew(t, ahead) })
	}
}

// rebuilt is the centre made anew on another PC, from its kit and its sheet; the one before is off.
func rebuilt(t *testing.T, centre *nodetest.Node) *nodetest.Node {
	t.Helper()
	ctx := context.Background()
	kit, err := centre.Office.Kit(ctx, centre.Officer)
	if err != nil {
		t.Fatal(err)
	}
	words, err := vault.ParseRecoveryCode(strings.Join(centre.Words, " "))
	if err != nil {
		t.Fatal(err)
	}
	centre.Stop()

	anew := nodetest.Start(t, nodetest.Bare(), nodetest.WithDir(filepath.Join(t.TempDir(), "data")))
	done, err := anew.Desk.SetUp(ctx, nodetest.Op(t), desk.SetupInput{Role: library.NodeCentre, Name: "Pusat", Code: 14, Login: nodetest.Login, FullName: "Siti Rahayu",
		Password: nodetest.Password, Recovery: words, Kit: []byte(kit.Text)})
	if err != nil {
		t.Fatal(err)
	}
	anew.Officer = desk.Actor{Officer: done.ID, Role: library.RoleCoordinator}
	return anew
}

func madeAnew(t *testing.T, ahead time.Duration) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening(), nodetest.WithClock(func() time.Time { return time.Now().Add(ahead) }))
	n := nodetest.Start(t)
	ctx := context.Background()
	letIn(t, centre, n, office.CodeInput{Name: "Perpustakaan Genteng", Role: library.NodeBranch})
	member(t, n, "Budi Rekaan", "3510011708900001")
	send(t, n)
	anew := rebuilt(t, centre)
	address, _ := listens(t, anew, "127.0.0.1:0") // another PC, another address
	if answered, err := n.Desk.MoveCentre(ctx, n.Officer, address); !answered || err != nil {
		t.Fatalf("the centre made anew at %s: %v, %v", address, answered, err)
	}
	if err := n.Desk.SendNow(ctx, n.Officer); library.KindOf(err) != library.KindUnavailable {
		t.Errorf("a centre that has not taken it back takes what it sends: %v", err)
	}
	if e, err := n.Desk.Exchange(ctx, n.Officer); err != nil || e.State != desk.ExchangeUnknown {
		t.Errorf("%+v, %v", e, err)
	}
	asking, err := anew.Office.Pending(ctx, anew.Officer)
	if err != nil || len(asking) != 1 || !asking[0].Back || asking[0].Name != "Perpustakaan Genteng" {
		t.Fatalf("%+v, %v", asking, err)
	}
	// A number that a PC not yet back prints on its cards is given to nobody.
	young := nodetest.Start(t)
	code, err := anew.Office.NewCode(ctx, anew.Officer, nodetest.Op(t), office.CodeInput{Name: "Perpustakaan Baru", Role: library.NodeBranch})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := young.Desk.StartJoin(ctx, young.Officer, code.Text, address); err != nil {
		t.Fatal(err)
	}
	if asking, err = anew.Office.Pending(ctx, anew.Officer); err != nil || len(asking) != 2 {
		t.Fatalf("%+v, %v", asking, err)
	}
	for _, a := range asking {
		if _, err := anew.Office.Approve(ctx, anew.Officer, nodetest.Op(t), a.ID); a.Back != (err == nil) {
			t.Errorf("%+v: %v", a, err)
		}
	}
	if err := anew.Office.AllBack(ctx, anew.Officer, nodetest.Op(t)); err != nil {
		t.Fatal(err)
	}
	approveAll(t, anew)
	if e := send(t, n); e.State != desk.ExchangeFine || e.Waiting != 0 {
		t.Errorf("%+v", e)
	}
	if found := finds(t, anew, "Budi"); len(found) != 1 {
		t.Errorf("the centre made anew finds %+v", found)
	}
}
