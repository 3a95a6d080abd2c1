package ui_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
)

func TestDataTellsWhereTheDataIs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	stick := filepath.Join(t.TempDir(), "stik")
	n := nodetest.Start(t, nodetest.WithOtherDisks(), nodetest.WithDir(dir))
	b := n.SignedIn(t)
	p := b.Get("/data")
	if !p.Has("Belum ada cadangan di luar komputer ini") || !p.Has("belum terhubung ke pusat") || p.Has("Kirim") {
		t.Fatalf("before any backup: %s", p.Text())
	}
	p = b.Submit(p, "/data/cadangkan", nil)
	if !p.Has("hanya di komputer ini") || !p.Has("lengkap") || !p.Has("Belum ada cadangan di luar") {
		t.Fatalf("after a backup inside: %s", p.Text())
	}
	if err := n.Desk.SetSetting(t.Context(), n.Officer, nodetest.Op(t), "backup_folder", stick); err != nil {
		t.Fatal(err)
	}
	if p = b.Get("/data"); !p.Has("tidak tercolok") || !p.Has("kurang 1 catatan") {
		t.Fatalf("without the stick: %s", p.Text())
	}
	if b.Submit(p, "/data/cadangkan", nil); exists(stick) {
		t.Fatal("a folder was made where the stick would be")
	}
	if err := os.Mkdir(stick, 0o700); err != nil {
		t.Fatal(err)
	}
	if p = b.Submit(b.Get("/data"), "/data/cadangkan", nil); !p.Has("semua catatan ada di luar") || !p.Has("Ya Cadangan lengkap") {
		t.Fatalf("with the stick: %s", p.Text())
	}
	if err := n.Desk.SetSetting(t.Context(), n.Officer, nodetest.Op(t), "lapse_days", 20); err != nil {
		t.Fatal(err)
	}
	if p = b.Get("/data"); !p.Has("belum memuat 1 catatan") {
		t.Fatalf("after another record: %s", p.Text())
	}
	last := n.Desk.LastBackup()
	n.Stop()

	again := nodetest.Start(t, nodetest.WithDir(dir))
	if got := again.Desk.LastBackup(); got.IsZero() || !got.Equal(last) {
		t.Fatalf("after a restart the last backup is %v, was %v", got, last)
	}
	if p = again.SignedIn(t).Get("/lencana"); !p.Has("cadangan") {
		t.Fatalf("badge: %s", p.Text())
	}
	if p = again.SignedIn(t).Get("/data"); !p.Has("cakram yang sama") {
		t.Fatalf("a folder on the same disk counts as another: %s", p.Text())
	}
}

func TestDataAfterTheDataWasMoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	n := nodetest.Start(t, nodetest.WithDir(dir))
	n.Stop()
	if err := os.Remove(dir + ".mark"); err != nil {
		t.Fatal(err)
	}
	n = nodetest.Start(t, nodetest.WithDir(dir))
	b := n.SignedIn(t)
	if err := n.Desk.SetSetting(t.Context(), actorOf(t, n), nodetest.Op(t), "lapse_days", 20); err != nil {
		t.Fatal(err)
	}
	if p := b.Get("/data"); !p.Has("dipulihkan dari cadangan atau dipindah") {
		t.Fatalf("nothing is said of the new stream: %s", p.Text())
	}
}

func TestWhoMaySeeAndCopyTheData(t *testing.T) {
	n := nodetest.Start(t)
	for _, tt := range []struct {
		role       library.Role
		copy, read bool
	}{{library.RoleVolunteer, false, false}, {library.RoleOfficer, true, true}, {library.RoleSectionHead, false, true}, {library.RoleServiceHead, false, true}} {
		login := "uji-" + string(tt.role)
		if _, err := n.Desk.AddOfficer(t.Context(), n.Officer, nodetest.Op(t), desk.OfficerInput{Login: login, Name: "Rekaan", Role: tt.role, Password: "hujan sore di Ijen"}); err != nil {
			t.Fatal(err)
		}
		b := n.Browser(t)
		b.Submit(b.Get("/masuk"), "/masuk", url.Values{"login": {login}, "password": {"hujan sore di Ijen"}, "next": {"/lencana"}})
		p := b.Get("/data")
		if p.Status != http.StatusOK || (p.Form("/data/cadangkan") != nil) != tt.copy {
			t.Errorf("%s: %d %s", tt.role, p.Status, p.Text())
		}
		for _, path := range []string{"/laporan", "/laporan/unduh", "/laporan/cetak"} {
			want := http.StatusForbidden
			if tt.read {
				want = http.StatusOK
			}
			if got := b.Get(path).Status; got != want {
				t.Errorf("%s at %s: %d, want %d", tt.role, path, got, want)
			}
		}
		if form := p.Form("/tampilan"); !tt.copy && form != nil {
			if got := b.Post("/data/cadangkan", form).Status; got != http.StatusForbidden {
				t.Errorf("%s may copy: %d", tt.role, got)
			}
		}
	}
}

func actorOf(t *testing.T, n *nodetest.Node) desk.Actor {
	t.Helper()
	list, err := n.Desk.Officers(t.Context())
	if err != nil || len(list) == 0 {
		t.Fatal(err)
	}
	return desk.Actor{Officer: list[0].ID, Role: list[0].Role}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
