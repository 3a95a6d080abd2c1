package ui_test

import (
	"archive/zip"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/office"
)

// TestJoinByFiles: a branch without a network joins with three files on a stick, and both screens show the same check code.
func TestJoinByFiles(t *testing.T) {
	centre, branch := nodetest.Start(t, nodetest.As(library.NodeCentre)), nodetest.Start(t)
	c, b := centre.SignedIn(t), branch.SignedIn(t)
	newMember(t, centre, "Bunga Rekaan")
	code := c.Submit(c.Get("/cabang"), "/cabang/kode", url.Values{"name": {"Perpustakaan Kalibaru"}, "role": {"branch"}})

	p := b.Get("/data")
	if !p.Has("belum terhubung ke pusat") || !p.Has("Gabung ke pusat") {
		t.Fatalf("before: %s", p.Text())
	}
	p = b.Get("/data/gabung")
	if wrong := b.Submit(p, "/data/gabung", url.Values{"code": {"bukan kode"}}); wrong.Status != http.StatusUnprocessableEntity || !wrong.Has("bukan kode") {
		t.Fatalf("nonsense: %d %s", wrong.Status, wrong.Text())
	}
	if nothing := b.Upload("/data/gabung/berkas", p.Form("/data/gabung/berkas"), "file", "x", nil); nothing.Status != http.StatusUnprocessableEntity {
		t.Fatalf("no file: %d %s", nothing.Status, nothing.Text())
	}
	p = b.Upload("/data/gabung/berkas", p.Form("/data/gabung/berkas"), "file", "simpul-kode.txt", []byte(c.Get(code.URL+"/berkas").Body))
	if p.URL != "/data/gabung" || !p.Has("Permintaan sudah siap") {
		t.Fatalf("with the code: %s %s", p.URL, p.Text())
	}
	request := []byte(b.Get("/data/gabung/permintaan").Body)

	at := c.Get("/cabang")
	if wrong := c.Upload("/cabang/permintaan/berkas", at.Form("/cabang/permintaan/berkas"), "file", "x", []byte("apa saja")); wrong.Status != http.StatusUnprocessableEntity {
		t.Fatalf("another file: %d %s", wrong.Status, wrong.Text())
	}
	at = c.Upload("/cabang/permintaan/berkas", at.Form("/cabang/permintaan/berkas"), "file", "permintaan.simpul", request)
	asking, err := centre.Office.Pending(t.Context(), centre.Officer)
	if err != nil || len(asking) != 1 {
		t.Fatalf("%v %v", asking, err)
	}
	if !at.Has("Perpustakaan Kalibaru minta bergabung") || !at.Has(strings.ReplaceAll(asking[0].Check, "-", " ")) {
		t.Fatalf("at the centre: %s", at.Text())
	}
	at = c.Submit(at, "/cabang/permintaan/"+asking[0].ID+"/setujui", nil)
	if !at.Has("Disetujui") || at.Has("minta bergabung") || !at.Has("belum pernah mengirim") || !at.Has("Disetujui, belum pernah terhubung") || !at.Has("Simpan jawaban dan data Perpustakaan Kalibaru") {
		t.Fatalf("approved: %s", at.Text())
	}
	again := c.Upload("/cabang/permintaan/berkas", at.Form("/cabang/permintaan/berkas"), "file", "permintaan.simpul", request)
	answer := c.Submit(at, "/cabang/permintaan/"+asking[0].ID+"/jawaban", nil)
	for _, file := range []*nodetest.Page{again, answer} {
		if !strings.Contains(file.Header.Get("Content-Disposition"), "simpul-jawaban") || strings.Contains(file.Body, "Bunga") {
			t.Fatalf("the answer: %d %s", file.Status, file.Header)
		}
	}
	p = b.Get("/data/gabung")
	form := p.Form("/data/gabung/berkas")
	if half := b.Upload("/data/gabung/berkas", form, "file", "x", []byte(answer.Body[:len(answer.Body)-1])); half.Status != http.StatusUnprocessableEntity || !half.Has("belum tersalin sampai habis") || !half.Has("Permintaan sudah siap") {
		t.Fatalf("half of it: %d %s", half.Status, half.Text())
	}
	p = b.Upload("/data/gabung/berkas", form, "file", "simpul-jawaban.simpul", []byte(answer.Body))
	if !p.Has("Sudah bergabung") || !p.Has("Perpustakaan Genteng") || !p.Has("Anggota yang dikenal di sini 1") {
		t.Fatalf("with the answer: %d %s", p.Status, p.Text())
	}
	if p = b.Submit(b.Get("/anggota"), "/anggota", url.Values{"cari": {"Bunga"}}); !p.Has("Bunga Rekaan") {
		t.Fatalf("a member of the district is not known: %s", p.Text())
	}

	// It has no address of the centre, and says so; then it gets one.
	newMember(t, branch, "Citra Rekaan")
	p = b.Get("/data")
	if !p.Has("menunggu stik") || !p.Has("Alamat pusat belum diketahui di sini") || p.Has("begitu pusat terjangkau") || p.Has("Kirim sekarang") {
		t.Fatalf("without an address: %s", p.Text())
	}
	p = b.Get("/data/gabung")
	for _, wrong := range []string{"", "http://pusat.contoh.id", "pusat contoh/id"} {
		if bad := b.Submit(p, "/data/gabung/alamat", url.Values{"address": {wrong}}); bad.Status != http.StatusUnprocessableEntity || !bad.Has("Sudah bergabung") || !strings.Contains(bad.Body, "value=\""+wrong+"\"") && wrong != "" {
			t.Errorf("%q: %d %s", wrong, bad.Status, bad.Text())
		}
	}
	if quiet := b.Submit(p, "/data/gabung/alamat", url.Values{"address": {"127.0.0.1:1"}}); !quiet.Has("Pusat belum menjawab di situ") {
		t.Errorf("nobody there: %s", quiet.Text())
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	if err := centre.ListenToNodes(ctx, "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	p = b.Submit(p, "/data/gabung/alamat", url.Values{"address": {strings.TrimPrefix(centre.SyncURL(), "https://")}})
	if !p.Has("Semua catatan sudah diterima pusat") {
		t.Errorf("with the address: %s", p.Text())
	}
}

// TestHowFarTheStickIs: the page tells, and asks again without sending what it shows already.
func TestHowFarTheStickIs(t *testing.T) {
	n := nodetest.Start(t)
	b := n.SignedIn(t)
	const at = "/data/stik/keadaan"
	nothing := b.Get(at)
	n.Desk.ShowCarrying(desk.CarryTaking, 460_000, 562_000)
	if p := b.Get("/data/gabung"); !p.Has("460 dari 562 kB") || !p.Has("boleh ditinggal") {
		t.Errorf("while it is taken in: %s", p.Text())
	}
	p := b.Get(at)
	_, mark, _ := strings.Cut(p.Body, at)
	mark, _, _ = strings.Cut(mark, `"`)
	if again := b.Get(at + mark); again.Status != http.StatusNoContent {
		t.Errorf("unchanged: %d %s", again.Status, again.Body)
	}
	n.Desk.HideCarrying()
	if p := b.Get(at + mark); p.Body != nothing.Body || p.Has("kB") {
		t.Errorf("afterwards: %s", p.Body)
	}
}

// TestJoinIsGivenUpAndRefused: an attempt can be dropped at the branch and turned away at the centre.
func TestJoinIsGivenUpAndRefused(t *testing.T) {
	centre, branch := nodetest.Start(t, nodetest.As(library.NodeCentre)), nodetest.Start(t)
	c, b := centre.SignedIn(t), branch.SignedIn(t)
	made, err := centre.Office.NewCode(t.Context(), centre.Officer, nodetest.Op(t), office.CodeInput{Name: "Keliling 1", Role: library.NodeVan})
	if err != nil {
		t.Fatal(err)
	}
	p := b.Submit(b.Get("/data/gabung"), "/data/gabung", url.Values{"code": {strings.ToUpper(strings.Join(made.Groups, " "))}})
	request := []byte(b.Get("/data/gabung/permintaan").Body)
	if p = b.Submit(p, "/data/gabung/batal", nil); !p.Has("Permintaan dibatalkan") || p.Form("/data/gabung") == nil {
		t.Fatalf("given up: %s", p.Text())
	}
	at := c.Get("/cabang")
	at = c.Upload("/cabang/permintaan/berkas", at.Form("/cabang/permintaan/berkas"), "file", "permintaan.simpul", request)
	asking, err := centre.Office.Pending(t.Context(), centre.Officer)
	if err != nil || len(asking) != 1 {
		t.Fatalf("%v %v", asking, err)
	}
	if at = c.Submit(at, "/cabang/permintaan/"+asking[0].ID+"/tolak", nil); !at.Has("Ditolak") || at.Has("minta bergabung") {
		t.Fatalf("refused: %s", at.Text())
	}
}

// TestABranchIsRenamed: a name typed wrongly once is corrected on the page of its PC.
func TestABranchIsRenamed(t *testing.T) {
	centre, branch := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening()), nodetest.Start(t)
	pc := letIn(t, centre, branch, "Perpustakaan Kalibru")
	b, at := centre.SignedIn(t), "/cabang/"+pc.ID.String()
	p := b.Submit(b.Get(at), at+"/nama", url.Values{"name": {" "}})
	if p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Body, `id="name-problem"`) || !p.Has("Perpustakaan Kalibru") {
		t.Errorf("without a name: %d %s", p.Status, p.Text())
	}
	if p = b.Submit(p, at+"/nama", url.Values{"name": {"Perpustakaan Kalibaru"}}); p.URL != at || !p.Has("Nama cabang diganti") || p.Has("Kalibru") {
		t.Errorf("renamed: %s %s", p.URL, p.Text())
	}
	if p = b.Get("/ikhtisar"); !p.Has("Perpustakaan Kalibaru") || p.Has("Kalibru") {
		t.Errorf("the list of branches: %s", p.Text())
	}
}

// TestRevoke: a PC is taken out only with a reason and the word, and the page says whose data it held.
func TestRevoke(t *testing.T) {
	n := nodetest.Start(t, nodetest.As(library.NodeCentre))
	b := n.SignedIn(t)
	pc := letIn(t, n, nodetest.Start(t), "Keliling 3")
	at := "/cabang/" + pc.ID.String()
	p := b.Get(at)
	if !p.Has("Keliling 3") || !p.Has("Data siapa yang ada di sana") || !p.Has("3 × 24 jam") {
		t.Fatalf("%d %s", p.Status, p.Text())
	}
	if p = b.Submit(p, at+"/cabut", url.Values{"reason": {"lost"}, "word": {"ya"}}); p.Status != http.StatusUnprocessableEntity || !p.Has("Ketik CABUT") {
		t.Fatalf("without the word: %d %s", p.Status, p.Text())
	}
	if p = b.Submit(p, at+"/cabut", url.Values{"reason": {""}, "word": {"cabut"}}); p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("without a reason: %d %s", p.Status, p.Text())
	}
	if p = b.Submit(p, at+"/cabut", url.Values{"reason": {"lost"}, "word": {"cabut"}}); !p.Has("Dicabut") || p.Form(at+"/cabut") != nil || !p.Has("Hilang atau dicuri") {
		t.Fatalf("revoked: %d %s", p.Status, p.Text())
	}
	if csv := b.Get(at + "/orang.csv"); !strings.Contains(csv.Body, "nomor_anggota") {
		t.Errorf("the list: %d %s", csv.Status, csv.Body)
	}
	if pdf := b.Get(at + "/orang"); pdf.Header.Get("Content-Type") != "application/pdf" {
		t.Errorf("on paper: %d", pdf.Status)
	}
	if p = b.Submit(p, at+"/ganti", nil); !p.Has("Kode untuk Keliling 3") {
		t.Errorf("a replacement: %s", p.Text())
	}
	if p = b.Get("/cabang"); !p.Has("Sudah dicabut") {
		t.Errorf("the list of PCs: %s", p.Text())
	}
}

// TestStickBothWays: what a branch recorded goes to the centre on a stick, and the centre's receipts come back on one.
func TestStickBothWays(t *testing.T) {
	centre, branch := nodetest.Start(t, nodetest.As(library.NodeCentre)), nodetest.Start(t)
	b, c := branch.SignedIn(t), centre.SignedIn(t)
	if p := b.Get("/data/stik"); p.Status != http.StatusNotFound {
		t.Fatalf("before joining: %d", p.Status)
	}
	newMember(t, branch, "Bunga Rekaan")
	pc := letIn(t, centre, branch, "Perpustakaan Genteng")

	out := b.Get("/data/stik")
	if !out.Has("Bawa ke pusat") || !out.Has("Berlaku sampai") || out.Has("Belum ada di cadangan pusat 0") {
		t.Fatalf("%d %s", out.Status, out.Text())
	}
	up := b.Submit(out, "/data/stik/simpan", nil)
	if !strings.Contains(up.Header.Get("Content-Disposition"), "simpul-ke-pusat") || strings.Contains(up.Body, "Bunga") {
		t.Fatalf("the bundle: %d %v", up.Status, up.Header)
	}
	at := c.Get("/cabang/stik")
	form := at.Form("/cabang/stik/masukkan")
	if p := c.Upload("/cabang/stik/masukkan", form, "file", "x", []byte("bukan apa-apa")); p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("no bundle: %d %s", p.Status, p.Text())
	}
	if p := c.Upload("/cabang/stik/masukkan", form, "file", "x", []byte(up.Body[:len(up.Body)/2])); p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("half of it: %d %s", p.Status, p.Text())
	}
	for _, said := range []string{"sudah masuk", "tidak ada yang baru"} { // twice does no harm
		if p := c.Upload("/cabang/stik/masukkan", form, "file", "simpul-ke-pusat.simpul", []byte(up.Body)); p.Status != http.StatusOK || !p.Has(said) {
			t.Fatalf("taken in: %d %s", p.Status, p.Text())
		}
	}
	if p := c.Submit(c.Get("/anggota"), "/anggota", url.Values{"cari": {"Bunga"}}); !p.Has("Bunga Rekaan") {
		t.Fatalf("the centre does not know the member: %s", p.Text())
	}
	if p := c.Submit(at, "/cabang/stik/simpan", nil); p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("for nobody: %d", p.Status)
	}
	down := c.Submit(at, "/cabang/stik/simpan", url.Values{"to": {pc.ID.String()}})
	if !strings.Contains(down.Header.Get("Content-Disposition"), "simpul-ke-cabang") {
		t.Fatalf("the answer: %d %s", down.Status, down.Text())
	}
	if p := b.Get("/data"); p.Has("semua sudah di pusat") {
		t.Fatalf("called sent without a receipt: %s", p.Text())
	}
	back := b.Upload("/data/stik/masukkan", out.Form("/data/stik/masukkan"), "file", "simpul-ke-cabang.simpul", []byte(down.Body))
	if back.Status != http.StatusOK || !back.Has("sudah masuk") {
		t.Fatalf("the receipts: %d %s", back.Status, back.Text())
	}
	left, err := branch.Desk.Leftovers(t.Context(), branch.Officer)
	if err != nil || left.NotReceived > 0 {
		t.Fatalf("%+v %v", left, err)
	}
	if wrong := b.Upload("/data/stik/masukkan", out.Form("/data/stik/masukkan"), "file", "x", []byte(up.Body)); wrong.Status != http.StatusUnprocessableEntity {
		t.Fatalf("its own bundle: %d %s", wrong.Status, wrong.Text())
	}
}

// letIn joins a branch to a centre with files.
func letIn(t *testing.T, centre, branch *nodetest.Node, name string) office.PC {
	t.Helper()
	ctx := t.Context()
	made, err := centre.Office.NewCode(ctx, centre.Officer, nodetest.Op(t), office.CodeInput{Name: name, Role: library.NodeBranch})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := branch.Desk.StartJoin(ctx, branch.Officer, made.Text, ""); err != nil {
		t.Fatal(err)
	}
	request, err := branch.Desk.JoinFile(ctx, branch.Officer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := centre.Office.TakeRequest(ctx, centre.Officer, request); err != nil {
		t.Fatal(err)
	}
	asking, err := centre.Office.Pending(ctx, centre.Officer)
	if err != nil || len(asking) != 1 {
		t.Fatalf("%v %v", asking, err)
	}
	if _, err := centre.Office.Approve(ctx, centre.Officer, nodetest.Op(t), asking[0].ID); err != nil {
		t.Fatal(err)
	}
	answer := nodetest.Written(t, func(create func(int) (io.WriteCloser, error)) error {
		_, err := centre.Office.WriteAnswer(ctx, centre.Officer, asking[0].ID, 0, create)
		return err
	})
	if _, _, err := branch.Desk.TakeJoinFile(ctx, branch.Officer, nodetest.OnStick(answer)); err != nil {
		t.Fatal(err)
	}
	nodes, err := centre.Office.Nodes(ctx, centre.Officer)
	if err != nil || len(nodes) != 1 {
		t.Fatalf("%v %v", nodes, err)
	}
	return nodes[0]
}

// A stick for a new branch holds the program, the code and what to do; no record.
func TestTheStickForANewBranch(t *testing.T) {
	centre := nodetest.Start(t, nodetest.As(library.NodeCentre), nodetest.Listening())
	made, err := centre.Office.NewCode(context.Background(), centre.Officer, nodetest.Op(t), office.CodeInput{Name: "Perpustakaan Kalibaru", Role: library.NodeBranch})
	if err != nil {
		t.Fatal(err)
	}
	b := centre.SignedIn(t)
	at := "/cabang/kode/" + made.Name
	if p := b.Get(at); !strings.Contains(p.Body, at+"/stik.zip") {
		t.Fatal("the page of a code offers no stick")
	}
	content := b.Get(at + "/stik.zip").Body
	z, err := zip.NewReader(strings.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[string]uint64{}
	for _, f := range z.File {
		sizes[f.Name] = f.UncompressedSize64
	}
	if len(sizes) != 3 || sizes["kode.txt"] != uint64(len(made.Text)+2) || sizes["BACA-DULU.txt"] < 200 || sizes["simpul"]+sizes["simpul.exe"] < 1<<20 {
		t.Errorf("on the stick: %v", sizes)
	}
}
