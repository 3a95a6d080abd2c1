package desk

import (
	"strings"

	"simpul/node/library"
)

// MaxLines is the most names that are pasted at once.
const MaxLines = 100

// ReadList reads names typed one per line or pasted from a spreadsheet: columns
// apart by tabs or semicolons. A first line of headings names the columns; without
// it each cell is known by its shape: sixteen digits are a NIK, a date is the birth
// date, L or P the sex, the first other text is the name, the second the birth
// place. A column of running numbers in front is left out. Nothing is dropped
// that a person would miss: what cannot be read stays in the cell as it came.
func ReadList(text string) []library.Form {
	var out []library.Form
	var columns []string
	for line := range strings.Lines(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)) {
		cells := cellsOf(line)
		if len(cells) == 0 {
			continue
		}
		if len(out) == 0 && columns == nil {
			if columns = headings(cells); columns != nil {
				continue
			}
		}
		if columns != nil {
			out = append(out, byHeading(cells, columns))
		} else {
			out = append(out, byShape(cells))
		}
	}
	return out
}

// cellsOf splits a line; a line without any letter or digit has none.
func cellsOf(line string) []string {
	separator := "\t"
	if !strings.Contains(line, "\t") {
		separator = ";"
	}
	cells := strings.Split(strings.TrimRight(line, "\r\n"), separator)
	empty := true
	for i := range cells {
		cells[i] = library.CleanLine(strings.Trim(cells[i], `"`))
		empty = empty && cells[i] == ""
	}
	if empty {
		return nil
	}
	return cells
}

// headings are the fields of a first line that says what the columns are; nil
// when it says nothing of the kind.
func headings(cells []string) []string {
	out, known := make([]string, len(cells)), false
	for i, cell := range cells {
		out[i] = heading(strings.ToLower(strings.Trim(cell, ".: ")))
		known = known || out[i] == library.FieldName
	}
	if !known {
		return nil
	}
	return out
}

func heading(word string) string {
	switch word {
	case "nama", "nama lengkap", "nama siswa", "nama murid", "nama anak", "nama peserta didik", "name":
		return library.FieldName
	case "nik", "no nik", "nomor nik", "no. nik", "nik siswa":
		return library.FieldNIK
	case "l/p", "jk", "jenis kelamin", "kelamin", "sex", "p/l":
		return library.FieldSex
	case "tanggal lahir", "tgl lahir", "tgl. lahir", "lahir", "tanggal_lahir", "birth date":
		return library.FieldBirth
	case "tempat lahir", "tmp lahir", "tempat", "tempat_lahir":
		return library.FieldBirthPlace
	case "tempat, tanggal lahir", "tempat tanggal lahir", "ttl", "tempat/tanggal lahir", "tempat, tgl lahir":
		return "place_and_birth"
	case "nama wali", "wali", "orang tua", "nama orang tua", "orang tua/wali":
		return library.FieldGuardianName
	case "nama ibu", "ibu", "nama ibu kandung":
		return "mother"
	case "nama ayah", "ayah":
		return "father"
	case "telepon", "hp", "no hp", "no. hp", "nomor hp", "no telepon", "wa":
		return library.FieldGuardianPhone
	case "alamat":
		return library.FieldAddress
	}
	return ""
}

func byHeading(cells, columns []string) library.Form {
	var f library.Form
	for i, cell := range cells {
		if i >= len(columns) {
			break
		}
		switch columns[i] {
		case library.FieldName:
			f.Name = cell
		case library.FieldNIK:
			f.NIK = cell
		case library.FieldSex:
			f.Sex = sexOf(cell)
		case library.FieldBirth:
			f.BirthText = cell
		case library.FieldBirthPlace:
			f.BirthPlace = cell
		case "place_and_birth":
			f.BirthPlace, f.BirthText = placeAndBirth(cell)
		case library.FieldGuardianName:
			f.Guardian.Name = cell
		case "mother":
			if cell != "" {
				f.Guardian.Name, f.Guardian.Relation = cell, "ibu"
			}
		case "father":
			if f.Guardian.Name == "" && cell != "" {
				f.Guardian.Name, f.Guardian.Relation = cell, "ayah"
			}
		case library.FieldGuardianPhone:
			f.Guardian.Phone = cell
		case library.FieldAddress:
			f.Address = cell
		}
	}
	return f
}

func byShape(cells []string) library.Form {
	var f library.Form
	for i, cell := range cells {
		sex := sexOf(cell)
		_, notDate := library.ParseDate(cell)
		switch {
		case cell == "", i == 0 && len(cells) > 1 && len(cell) <= 4 && digits(strings.TrimRight(cell, ".)")):
		case f.NIK == "" && library.LooksLikeNIK(cell):
			f.NIK = cell
		case f.BirthText == "" && notDate == nil:
			f.BirthText = cell
		case f.Sex == "" && f.Name != "" && sex.Valid():
			f.Sex = sex
		case f.Name == "":
			f.Name = cell
		case f.BirthText == "" && startsWithDigit(cell):
			f.BirthText = cell // meant as a date, and told so
		case f.BirthPlace == "":
			f.BirthPlace, f.BirthText = orKeep(cell, f.BirthText)
		case f.Guardian.Name == "":
			f.Guardian.Name = cell
		}
	}
	return f
}

func orKeep(cell, birth string) (string, string) {
	place, date := placeAndBirth(cell)
	if date == "" {
		date = birth
	}
	return place, date
}

// placeAndBirth splits "Banyuwangi, 7 Mei 2016".
func placeAndBirth(cell string) (place, birth string) {
	place, rest, both := strings.Cut(cell, ",")
	if !both {
		return cell, ""
	}
	if _, err := library.ParseDate(rest); err != nil {
		return cell, ""
	}
	return strings.TrimSpace(place), strings.TrimSpace(rest)
}

// sexOf knows the ways a list says it; anything else comes back to be asked about.
func sexOf(cell string) library.Sex {
	switch strings.ToLower(cell) {
	case "l", "lk", "laki-laki", "laki laki", "laki", "pria", "m":
		return library.Male
	case "p", "pr", "perempuan", "wanita", "f":
		return library.Female
	}
	return library.Sex(cell)
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }
