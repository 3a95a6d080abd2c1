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

// verified is the answer of step 4 when everything is as on the KTP.
func verified() values {
	return values{"result": "verified", "ok_regency": "1", "ok_nik": "1", "ok_name": "1", "ok_birth_place": "1", "ok_sex": "1", "ok_address": "1", "ok_village": "1", "ok_occupation": "1"}
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
		{"/periksa", verified()},
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

// formPage is a page of the form that a visitor fills in, and what is answered on it.
type formPage struct {
	name          string
	typed, chosen values // a choice of "" is the only one, or the first
}

// visitorPages are the pages of the form for Ayu Lestari Rekaan, who is made up and has a KTP.
func visitorPages() []formPage {
	return []formPage{
		{"dokumen", nil, values{"identity": "ktp"}},
		{"nama", values{"name": "Ayu Lestari Rekaan"}, values{"sex": "P"}},
		{"nomor", values{"nik": "3510094705980003"}, nil},
		{"lahir", values{"birth_place": "Banyuwangi", "birth_d": "7", "birth_m": "5", "birth_y": "1998"}, nil},
		{"kabupaten", nil, values{"regency": "3510"}},
		{"kecamatan", nil, values{"district": "351009"}},
		{"desa", nil, values{"village": ""}},
		{"alamat", values{"address": "Jl. Gajah Mada 12", "rt": "3", "rw": "1"}, nil},
		{"kegiatan", nil, values{"occupation": "swasta", "education": "slta"}},
		{"kontak", values{"phone": "0812 3456 7890"}, nil},
	}
}

// fillPages answers pages of a form that lies below an address, and looks at each before.
func (s *Screen) fillPages(base string, pages []formPage, look func(name string)) {
	s.t.Helper()
	for _, page := range pages {
		s.Until(`[...document.forms].some(f => new URL(f.action).pathname === ` + quote(base+page.name) + `)`)
		look(page.name)
		for name, value := range page.typed {
			s.Type(name, value)
		}
		for name, value := range page.chosen {
			if value == "" {
				value = Eval[string](s, fmt.Sprintf(`[...document.querySelectorAll('[name="%[1]s"] option, input[name="%[1]s"]')].find(o => o.value)?.value ?? ""`, name))
			}
			s.Choose(name, value)
		}
		s.Press("Lanjutkan")
	}
}
