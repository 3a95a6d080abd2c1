package ui

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"simpul/node/library"
)

// visitorsHere are all kinds of visitors at this PC; the tokens are those of testConfig.
func visitorsHere() []string {
	all := []string{"", "locked", "paired"}
	for _, role := range library.Roles() {
		all = append(all, string(role))
	}
	return all
}

// refusal is the status with which a route of a node that is set up must refuse a visitor; 0 lets in. It is derived from the
// route's access alone.
func refusal(a access, visitor string) int {
	role := library.Role(visitor)
	switch {
	case a.who == whoSetup:
		return http.StatusNotFound
	case a.who != whoOfficer:
		return 0 // this PC
	case !role.Valid():
		return http.StatusUnauthorized
	case a.may != 0 && !role.May(a.may):
		return http.StatusForbidden
	}
	return 0
}

// TestEveryRouteForEveryRole sends every route of the table, with a good form token, as every kind of visitor. What is let in
// may then fail in many ways (there is no data behind these routes), but it is not turned away at the door.
func TestEveryRouteForEveryRole(t *testing.T) {
	s := newTestServer(t)
	client := listen(t, s)
	path := strings.NewReplacer(":", "x")
	for _, r := range s.routes() {
		if r.access.who == whoNobody || r.handle == nil {
			t.Errorf("%s %s: nobody may use it", r.method, r.path)
		}
		for _, visitor := range visitorsHere() {
			want := refusal(r.access, visitor)
			if want == 0 && r.access.who != whoOfficer {
				continue // open to all at this PC; its own tests say what it does
			}
			client.token = visitor
			token := (&request{token: visitor, known: true}).csrf()
			res, page := client.send(r.method, path.Replace(r.path), "application/x-www-form-urlencoded", strings.NewReader(csrfField+"="+token))
			switch {
			case want != 0 && res.StatusCode != want:
				t.Errorf("%s %s as %q: %d, want %d", r.method, r.path, visitor, res.StatusCode, want)
			case want == 0 && (res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden && strings.Contains(page, s.words.T("id", "error.forbidden"))):
				t.Errorf("%s %s turns %q away with %d", r.method, r.path, visitor, res.StatusCode)
			}
		}
	}
}

// TestBeforeSetUpNothingElseAnswers: on the first run only the set-up pages, the kiosk's refusal and what needs no data answer.
func TestBeforeSetUpNothingElseAnswers(t *testing.T) {
	s := newTestServer(t, func(c *Config) { c.Setup = func() bool { return true } })
	client := listen(t, s)
	for _, r := range s.routes() {
		if r.access.who != whoOfficer || r.method != http.MethodGet {
			continue
		}
		res, _ := client.get(strings.NewReplacer(":", "x").Replace(r.path))
		if res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != "/pasang" {
			t.Errorf("%s on the first run: %d to %q", r.path, res.StatusCode, res.Header.Get("Location"))
		}
	}
}

// TestPlacesOfRoles pins which places each role may open, by the first part of the address. A new place, or a role that
// reaches a place it did not reach, is a decision: change the list with the reason in the commit.
func TestPlacesOfRoles(t *testing.T) {
	got := map[library.Role]map[string]bool{}
	for _, r := range newTestServer(t).routes() {
		if r.access.who != whoOfficer || r.method != http.MethodGet {
			continue
		}
		for _, role := range library.Roles() {
			if r.access.may == 0 || role.May(r.access.may) {
				if got[role] == nil {
					got[role] = map[string]bool{}
				}
				got[role][strings.Split(r.path, "/")[1]] = true
			}
		}
	}
	for role, places := range placesOf {
		want := strings.Fields(places)
		if have := slices.Sorted(maps.Keys(got[role])); !slices.Equal(have, want) {
			t.Errorf("%s may open\n%s\nwant\n%s", role, strings.Join(have, " "), strings.Join(want, " "))
		}
	}
}

// placesOf, in the order of the alphabet.
var placesOf = map[library.Role]string{
	library.RoleVolunteer:   "brankas contoh daftar data ganti kartu kunjungan lencana meja mulai petugas sandi susulan telepon",
	library.RoleOfficer:     "anggota brankas cabang contoh daftar data foto ganti ikhtisar kartu kelas kunjungan laporan lencana meja mulai petugas sandi susulan telepon",
	library.RoleCoordinator: "anggota brankas cabang contoh daftar data foto ganti ikhtisar kartu kelas kunjungan laporan lencana meja mulai pengaturan petugas putusan sandi susulan telepon",
	library.RoleSectionHead: "cabang contoh data ganti ikhtisar laporan lencana mulai petugas sandi",
	library.RoleServiceHead: "cabang contoh data ganti ikhtisar laporan lencana mulai petugas sandi",
}
