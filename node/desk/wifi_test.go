package desk_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
)

func TestWiFiCode(t *testing.T) {
	for want, w := range map[string]desk.WiFi{
		`WIFI:T:WPA;S:Perpus Genteng;P:baca buku;;`:    {Name: "Perpus Genteng", Password: "baca buku"},
		`WIFI:T:nopass;S:Perpus;;`:                     {Name: "Perpus"},
		`WIFI:T:WPA;S:a\;b\:c\,d\\e\"f;P:\;\;\;\;12;;`: {Name: `a;b:c,d\e"f`, Password: ";;;;12"},
	} {
		if got := w.Code(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestTheWiFiStaysHereSealed: it is kept, is in no setting, and lies on the disk in no readable form.
func TestTheWiFiStaysHereSealed(t *testing.T) {
	n := nodetest.Start(t)
	ctx := context.Background()
	revision := n.Desk.Settings().Revision
	w := desk.WiFi{Name: "Perpus-Genteng-Tamu", Password: "sandi-tamu-rekaan"}
	if err := n.Desk.SetWiFi(ctx, desk.Actor{Officer: n.Officer.Officer, Role: library.RoleOfficer}, w); library.KindOf(err) != library.KindForbidden {
		t.Errorf("an officer without the permission: %v", err)
	}
	for _, bad := range []desk.WiFi{{Name: strings.Repeat("x", 33)}, {Password: "baca buku"}, {Name: "P", Password: "pendek"}, {Name: "P", Password: strings.Repeat("x", 65)}} {
		if err := n.Desk.SetWiFi(ctx, n.Officer, bad); library.KindOf(err) != library.KindInvalid {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if err := n.Desk.SetWiFi(ctx, n.Officer, w); err != nil {
		t.Fatal(err)
	}
	if got, err := n.Desk.WiFi(ctx, n.Officer); err != nil || got != w {
		t.Fatalf("%+v %v", got, err)
	}
	if now := n.Desk.Settings().Revision; now != revision {
		t.Error("it has become a setting, which goes to the centre")
	}
	if err := n.Store.Checkpoint(ctx); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(n.Dir, "*"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err == nil && (bytes.Contains(raw, []byte(w.Name)) || bytes.Contains(raw, []byte(w.Password))) {
			t.Errorf("%s holds it in clear", filepath.Base(name))
		}
	}
	if err := n.Desk.SetWiFi(ctx, n.Officer, desk.WiFi{}); err != nil {
		t.Fatal(err)
	}
	if got, err := n.Desk.WiFi(ctx, n.Officer); err != nil || got != (desk.WiFi{}) {
		t.Errorf("not forgotten: %+v %v", got, err)
	}
}
