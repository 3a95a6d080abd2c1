package library

import "slices"

// Occupation is an entry of the civil registry's list as printed on KTP and KK.
type Occupation struct {
	Code
	Dukcapil int    // number on form F-1.01; pupils and students share 3
	Group    string // key of OccupationGroups
	Short    bool   // among the few a visitor chooses from
}

// Occupations returns the civil registry's 88 occupations and "another" (Permendagri 109/2019, form F-1.01), in its order, with
// "pelajar/mahasiswa" split in two, because libraries report them apart.
func Occupations() []Occupation {
	return []Occupation{
		{Code{"belum-bekerja", "Belum / tidak bekerja", "Not working"}, 1, "lain", true},
		{Code{"rumah-tangga", "Mengurus rumah tangga", "Homemaker"}, 2, "lain", true},
		{Code{"pelajar", "Pelajar", "Pupil"}, 3, "pelajar", true},
		{Code{"mahasiswa", "Mahasiswa", "University student"}, 3, "mahasiswa", true},
		{Code{"pensiunan", "Pensiunan", "Retired"}, 4, "pensiunan", true},
		{Code{"pns", "Pegawai negeri sipil (ASN)", "Civil servant"}, 5, "pns", true},
		{Code{"tni", "TNI", "Armed forces"}, 6, "tni", false},
		{Code{"polri", "Polri", "Police"}, 7, "tni", false},
		{Code{"perdagangan", "Perdagangan", "Trade"}, 8, "wiraswasta", false},
		{Code{"petani", "Petani / pekebun", "Farmer"}, 9, "lain", true},
		{Code{"peternak", "Peternak", "Livestock farmer"}, 10, "lain", false},
		{Code{"nelayan", "Nelayan / perikanan", "Fisher"}, 11, "lain", true},
		{Code{"industri", "Industri", "Industry"}, 12, "swasta", false},
		{Code{"konstruksi", "Konstruksi", "Construction"}, 13, "swasta", false},
		{Code{"transportasi", "Transportasi", "Transport"}, 14, "swasta", false},
		{Code{"swasta", "Karyawan swasta", "Private employee"}, 15, "swasta", true},
		{Code{"bumn", "Karyawan BUMN", "Employee of a state company"}, 16, "swasta", false},
		{Code{"bumd", "Karyawan BUMD", "Employee of a regional company"}, 17, "swasta", false},
		{Code{"honorer", "Karyawan honorer", "Contract employee of the state"}, 18, "swasta", false},
		{Code{"buruh-harian", "Buruh harian lepas", "Day labourer"}, 19, "lain", true},
		{Code{"buruh-tani", "Buruh tani / perkebunan", "Farm labourer"}, 20, "lain", false},
		{Code{"buruh-nelayan", "Buruh nelayan / perikanan", "Fishery labourer"}, 21, "lain", false},
		{Code{"buruh-ternak", "Buruh peternakan", "Livestock labourer"}, 22, "lain", false},
		{Code{"pembantu", "Pembantu rumah tangga", "Domestic worker"}, 23, "lain", false},
		{Code{"tukang-cukur", "Tukang cukur", "Barber"}, 24, "wiraswasta", false},
		{Code{"tukang-listrik", "Tukang listrik", "Electrician"}, 25, "wiraswasta", false},
		{Code{"tukang-batu", "Tukang batu", "Mason"}, 26, "wiraswasta", false},
		{Code{"tukang-kayu", "Tukang kayu", "Carpenter"}, 27, "wiraswasta", false},
		{Code{"tukang-sepatu", "Tukang sol sepatu", "Cobbler"}, 28, "wiraswasta", false},
		{Code{"tukang-las", "Tukang las / pandai besi", "Welder or smith"}, 29, "wiraswasta", false},
		{Code{"tukang-jahit", "Tukang jahit", "Tailor"}, 30, "wiraswasta", false},
		{Code{"tukang-gigi", "Tukang gigi", "Denture maker"}, 31, "wiraswasta", false},
		{Code{"penata-rias", "Penata rias", "Make-up artist"}, 32, "wiraswasta", false},
		{Code{"penata-busana", "Penata busana", "Wardrobe stylist"}, 33, "wiraswasta", false},
		{Code{"penata-rambut", "Penata rambut", "Hairdresser"}, 34, "wiraswasta", false},
		{Code{"mekanik", "Mekanik", "Mechanic"}, 35, "wiraswasta", false},
		{Code{"seniman", "Seniman", "Artist"}, 36, "wiraswasta", false},
		{Code{"tabib", "Tabib", "Traditional healer"}, 37, "wiraswasta", false},
		{Code{"paraji", "Paraji", "Traditional midwife"}, 38, "wiraswasta", false},
		{Code{"perancang-busana", "Perancang busana", "Fashion designer"}, 39, "wiraswasta", false},
		{Code{"penerjemah", "Penerjemah", "Translator"}, 40, "wiraswasta", false},
		{Code{"imam", "Imam masjid", "Imam"}, 41, "lain", false},
		{Code{"pendeta", "Pendeta", "Protestant minister"}, 42, "lain", false},
		{Code{"pastor", "Pastor", "Catholic priest"}, 43, "lain", false},
		{Code{"wartawan", "Wartawan", "Journalist"}, 44, "swasta", false},
		{Code{"ustaz", "Ustaz / mubalig", "Islamic teacher or preacher"}, 45, "lain", false},
		{Code{"juru-masak", "Juru masak", "Cook"}, 46, "swasta", false},
		{Code{"promotor", "Promotor acara", "Event promoter"}, 47, "wiraswasta", false},
		{Code{"dpr", "Anggota DPR RI", "Member of the House of Representatives"}, 48, "lain", false},
		{Code{"dpd", "Anggota DPD", "Member of the Regional Council"}, 49, "lain", false},
		{Code{"bpk", "Anggota BPK", "Member of the Audit Board"}, 50, "lain", false},
		{Code{"presiden", "Presiden", "President"}, 51, "lain", false},
		{Code{"wakil-presiden", "Wakil presiden", "Vice president"}, 52, "lain", false},
		{Code{"mk", "Anggota Mahkamah Konstitusi", "Constitutional judge"}, 53, "lain", false},
		{Code{"menteri", "Anggota kabinet / kementerian", "Member of the cabinet"}, 54, "lain", false},
		{Code{"dubes", "Duta besar", "Ambassador"}, 55, "lain", false},
		{Code{"gubernur", "Gubernur", "Governor"}, 56, "lain", false},
		{Code{"wakil-gubernur", "Wakil gubernur", "Vice governor"}, 57, "lain", false},
		{Code{"bupati", "Bupati", "Regent"}, 58, "lain", false},
		{Code{"wakil-bupati", "Wakil bupati", "Vice regent"}, 59, "lain", false},
		{Code{"wali-kota", "Wali kota", "Mayor"}, 60, "lain", false},
		{Code{"wakil-wali-kota", "Wakil wali kota", "Vice mayor"}, 61, "lain", false},
		{Code{"dprd-provinsi", "Anggota DPRD provinsi", "Member of the provincial council"}, 62, "lain", false},
		{Code{"dprd-kabupaten", "Anggota DPRD kabupaten / kota", "Member of the regency council"}, 63, "lain", false},
		{Code{"dosen", "Dosen", "Lecturer"}, 64, "dosen", false},
		{Code{"guru", "Guru", "Teacher"}, 65, "guru", true},
		{Code{"pilot", "Pilot", "Pilot"}, 66, "swasta", false},
		{Code{"pengacara", "Pengacara", "Lawyer"}, 67, "swasta", false},
		{Code{"notaris", "Notaris", "Notary"}, 68, "swasta", false},
		{Code{"arsitek", "Arsitek", "Architect"}, 69, "swasta", false},
		{Code{"akuntan", "Akuntan", "Accountant"}, 70, "swasta", false},
		{Code{"konsultan", "Konsultan", "Consultant"}, 71, "swasta", false},
		{Code{"dokter", "Dokter", "Physician"}, 72, "swasta", false},
		{Code{"bidan", "Bidan", "Midwife"}, 73, "swasta", false},
		{Code{"perawat", "Perawat", "Nurse"}, 74, "swasta", false},
		{Code{"apoteker", "Apoteker", "Pharmacist"}, 75, "swasta", false},
		{Code{"psikolog", "Psikiater / psikolog", "Psychiatrist or psychologist"}, 76, "swasta", false},
		{Code{"penyiar-tv", "Penyiar televisi", "Television presenter"}, 77, "swasta", false},
		{Code{"penyiar-radio", "Penyiar radio", "Radio presenter"}, 78, "swasta", false},
		{Code{"pelaut", "Pelaut", "Sailor"}, 79, "swasta", false},
		{Code{"peneliti", "Peneliti", "Researcher"}, 80, "peneliti", false},
		{Code{"sopir", "Sopir", "Driver"}, 81, "swasta", false},
		{Code{"pialang", "Pialang", "Broker"}, 82, "swasta", false},
		{Code{"paranormal", "Paranormal", "Psychic"}, 83, "lain", false},
		{Code{"pedagang", "Pedagang", "Trader"}, 84, "wiraswasta", false},
		{Code{"perangkat-desa", "Perangkat desa", "Village official"}, 85, "lain", false},
		{Code{"kepala-desa", "Kepala desa", "Village head"}, 86, "lain", false},
		{Code{"biarawati", "Biarawati", "Nun"}, 87, "lain", false},
		{Code{"wiraswasta", "Wiraswasta", "Self-employed"}, 88, "wiraswasta", true},
		{Code{"lain", "Pekerjaan lain", "Another occupation"}, 89, "lain", true},
	}
}

// ShortOccupations returns the few that a visitor chooses from; the officer has the whole list.
func ShortOccupations() []Occupation {
	return slices.DeleteFunc(Occupations(), func(o Occupation) bool { return !o.Short })
}

// OccupationByKey returns the occupation with that key.
func OccupationByKey(key string) (Occupation, bool) {
	all := Occupations()
	i := slices.IndexFunc(all, func(o Occupation) bool { return o.Key == key })
	if i < 0 {
		return Occupation{}, false
	}
	return all[i], true
}

func knownOccupation(key string) bool {
	_, ok := OccupationByKey(key)
	return ok
}

// OccupationGroups returns the eleven groups of INLISLite's guest book, by which visits are reported.
func OccupationGroups() []Code {
	return []Code{
		{"pns", "PNS", "Civil servants"},
		{"swasta", "Pegawai swasta", "Private employees"},
		{"peneliti", "Peneliti", "Researchers"},
		{"guru", "Guru", "Teachers"},
		{"dosen", "Dosen", "Lecturers"},
		{"pensiunan", "Pensiunan", "Retired"},
		{"tni", "TNI / Polri", "Armed forces and police"},
		{"wiraswasta", "Wiraswasta", "Self-employed"},
		{"pelajar", "Pelajar", "Pupils"},
		{"mahasiswa", "Mahasiswa", "Students"},
		{"lain", "Lainnya", "Others"},
	}
}
