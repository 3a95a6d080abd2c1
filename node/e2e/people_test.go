package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// Who signs in to the data of `simpul demo`.
const demoLogin, demoPassword = "demo", "jalan pagi ke pasar"

// filled starts the program on a directory with made-up members.
func filled(t *testing.T, members int) *Program {
	t.Helper()
	dir := t.TempDir() + "/data"
	Run(t, "demo", "--members", fmt.Sprint(members), "--photos", fmt.Sprint(min(members, 12)), "--data", dir)
	return Serve(t, dir)
}

// SignIn types the password of an officer; on a locked screen the login is not asked for.
func (s *Screen) SignIn(login, password string) {
	s.t.Helper()
	s.Go("/masuk")
	if login != "" {
		s.Choose("login", login)
	}
	s.Type("password", password)
	s.Keys("\r")
	s.Until(`location.pathname !== "/masuk"`)
	s.Until(`document.readyState === "complete"`)
}

// person is somebody made up, with a KTP of Banyuwangi; i is 0 to 29 and makes the birth date and the numbers.
func person(i int, name string) values {
	return values{"nik": fmt.Sprintf("351009%02d059800%02d", 41+i, 10+i), "name": name, "birth_place": "Banyuwangi", "birth_d": fmt.Sprint(1 + i), "birth_m": "5", "birth_y": "1998",
		"sex": "P", "address": fmt.Sprintf("Jl. Contoh %d", i+1), "rt": "3", "rw": "1", "regency": "3510", "district": "351009", "village": "3510092001",
		"phone": fmt.Sprintf("0812 3456 78%02d", i), "education": "slta", "occupation": "swasta", "member_kind": "umum", "do": "save"}
}

// The steps of a registration, as the tests name them: what is to be done now.
const (
	toIdentify = iota + 2
	toFill
	toVerify
	toPhotograph
	toHandOver
	toEnd
)

// Register opens a registration, carries it on until a step is the one to be done, and returns its address.
func (s *Screen) Register(form values, until int) string {
	s.t.Helper()
	s.Go("/meja")
	s.Post("/daftar", nil)
	at := strings.TrimSuffix(s.Path(), "/identitas")
	steps := []struct {
		page string
		v    values
	}{
		{"/identitas", values{"identity": "ktp", "explained": "1", "consent_membership": "1", "consent_photo": "1"}},
		{"/formulir", form},
		{"/periksa", values{"result": "verified", "ok_regency": "1", "ok_nik": "1", "ok_name": "1", "ok_birth_place": "1", "ok_sex": "1", "ok_address": "1", "ok_village": "1", "ok_occupation": "1"}},
	}
	for _, step := range steps[:min(until, toPhotograph)-toIdentify] {
		s.Post(at+step.page, step.v)
	}
	if until > toPhotograph {
		s.Post(at+"/foto/menyusul", nil)
		s.Go(at + "/kartu")
		s.Post(at+"/kartu", nil)
	}
	if until > toHandOver {
		s.Go(at + "/serahkan")
		s.Post(at+"/serahkan", nil)
	}
	return at
}
