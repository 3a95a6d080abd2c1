package library

import "slices"

// Code is one entry of a list that forms offer and reports count by. Key stands in events for ever; the labels may change.
// Each list is returned as a new slice, so that settings can edit their copy.
type Code struct{ Key, Label, English string }

// Find returns the entry with that key.
func Find(codes []Code, key string) (Code, bool) {
	i := slices.IndexFunc(codes, func(c Code) bool { return c.Key == key })
	if i < 0 {
		return Code{}, false
	}
	return codes[i], true
}

// Education is a level of schooling: Dukcapil's number on the KK, and the word that INLISLite uses.
type Education struct {
	Code
	Dukcapil  int
	INLISLite string
}

// Educations returns the ten levels of the civil registry (Permendagri 109/2019, form F-1.01).
func Educations() []Education {
	return []Education{
		{Code{"belum-sekolah", "Tidak / belum sekolah", "No schooling yet"}, 1, "TK"},
		{Code{"belum-tamat-sd", "Belum tamat SD / sederajat", "Primary school, not finished"}, 2, "SD"},
		{Code{"sd", "Tamat SD / sederajat", "Primary school"}, 3, "SD"},
		{Code{"sltp", "SLTP / sederajat", "Lower secondary school"}, 4, "SMP"},
		{Code{"slta", "SLTA / sederajat", "Upper secondary school"}, 5, "SMA"},
		{Code{"d1-d2", "Diploma I / II", "Diploma I or II"}, 6, "D2"},
		{Code{"d3", "Akademi / Diploma III / Sarjana muda", "Diploma III"}, 7, "D3"},
		{Code{"s1", "Diploma IV / Strata I", "Bachelor or diploma IV"}, 8, "S1"},
		{Code{"s2", "Strata II", "Master"}, 9, "S2"},
		{Code{"s3", "Strata III", "Doctorate"}, 10, "S3"},
	}
}

func knownEducation(key string) bool {
	return slices.ContainsFunc(Educations(), func(e Education) bool { return e.Key == key })
}

// EducationByKey returns the level with that key.
func EducationByKey(key string) (Education, bool) {
	all := Educations()
	i := slices.IndexFunc(all, func(e Education) bool { return e.Key == key })
	if i < 0 {
		return Education{}, false
	}
	return all[i], true
}

// MemberKind is a kind of membership; Days is how long its card is valid, 1 or more.
type MemberKind struct {
	Key, Label string
	Days       int
	English    string
}

// DefaultMemberKinds returns the kinds until the settings have their own.
func DefaultMemberKinds() []MemberKind {
	const threeYears = 1095
	return []MemberKind{
		{"umum", "Umum", threeYears, "General"},
		{"pelajar", "Pelajar", threeYears, "Pupil"},
		{"mahasiswa", "Mahasiswa", threeYears, "Student"},
	}
}

// FindMemberKind returns the kind with that key.
func FindMemberKind(kinds []MemberKind, key string) (MemberKind, bool) {
	i := slices.IndexFunc(kinds, func(k MemberKind) bool { return k.Key == key })
	if i < 0 {
		return MemberKind{}, false
	}
	return kinds[i], true
}

// GuardianRelations returns who may consent for a child.
func GuardianRelations() []Code {
	return []Code{
		{"ayah", "Ayah", "Father"},
		{"ibu", "Ibu", "Mother"},
		{"kakek-nenek", "Kakek / nenek", "Grandparent"},
		{"kakak", "Kakak", "Elder brother or sister"},
		{"paman-bibi", "Paman / bibi", "Uncle or aunt"},
		{"wali", "Wali", "Legal guardian"},
		{"pengasuh", "Pengasuh panti / pesantren", "Carer in an orphanage or boarding school"},
	}
}

func knownRelation(key string) bool {
	_, ok := Find(GuardianRelations(), key)
	return ok
}

// AgeGroup is a span of completed years, both ends in it. To is -1 in the last group.
type AgeGroup struct {
	Code
	From, To int
}

// DefaultAgeGroups returns the seven groups of INLISLite's public statistics.
func DefaultAgeGroups() []AgeGroup {
	return []AgeGroup{
		{Code{"0-12", "Di bawah 13 tahun", "Under 13"}, 0, 12},
		{Code{"13-17", "13–17 tahun", "13–17"}, 13, 17},
		{Code{"18-25", "18–25 tahun", "18–25"}, 18, 25},
		{Code{"26-35", "26–35 tahun", "26–35"}, 26, 35},
		{Code{"36-45", "36–45 tahun", "36–45"}, 36, 45},
		{Code{"46-55", "46–55 tahun", "46–55"}, 46, 55},
		{Code{"56-", "Di atas 55 tahun", "Over 55"}, 56, -1},
	}
}

// AgeGroupOf returns the key of the group an age falls into, "" for an unknown age or one outside all groups.
func AgeGroupOf(groups []AgeGroup, age int) string {
	for _, g := range groups {
		if age >= g.From && age >= 0 && (g.To < 0 || age <= g.To) {
			return g.Key
		}
	}
	return ""
}

// DefaultPurposes returns why people visit: membership, and each service the SOP names beside it, so that the visits of each are
// counted. Settings may add and hide.
func DefaultPurposes() []Code {
	return []Code{
		{"baca", "Baca di tempat", "Reading on site"},
		{"pinjam", "Pinjam buku", "Loan"},
		{"perpanjang-pinjam", "Perpanjang pinjaman", "Loan renewal"},
		{"kembali", "Kembalikan buku", "Return"},
		{"daftar", "Daftar anggota", "Membership registration"},
		{"perpanjang-anggota", "Perpanjang keanggotaan", "Membership renewal"},
		{"direct", "DIRECT (Digital Reading Counter)", "DIRECT (digital reading counter)"},
		{"referensi", "Referensi dan konten lokal", "Reference and local content"},
		{"klik", "KLIK (klinik perpustakaan)", "KLIK (library clinic)"},
		{"lare-osing", "Lare Osing (rujukan singkat daring)", "Lare Osing (short online reference)"},
		{"pocadi", "POCADI (pojok baca digital)", "POCADI (digital reading corner)"},
		{"lain", "Keperluan lain", "Something else"},
	}
}
