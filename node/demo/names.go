package demo

// Words of names as they are heard in Banyuwangi: Javanese, Osing, Madurese, Balinese, Chinese-Indonesian and
// Arabic ones. They are combined at random, so nobody is named here.

func maleNames() []string {
	return []string{"Ahmad", "Agus", "Andika", "Angga", "Arif", "Bagas", "Bagus", "Bambang", "Bayu", "Budi", "Cahyo", "Catur",
		"Dani", "Dedi", "Dimas", "Dwi", "Eko", "Fadli", "Fajar", "Farhan", "Fathur", "Galih", "Gilang", "Hadi", "Hafid", "Hendra",
		"Heri", "Ilham", "Imam", "Indra", "Irfan", "Joko", "Kadek", "Ketut", "Kurnia", "Lukman", "M.", "Mahfud", "Miftah", "Moch.",
		"Mohamad", "Muhammad", "Nanda", "Nur", "Putu", "Rachmat", "Rafi", "Rangga", "Rendi", "Reza", "Ridwan", "Rizal", "Rizki",
		"Robi", "Saiful", "Samsul", "Satria", "Slamet", "Sugeng", "Surya", "Syaiful", "Taufik", "Teguh", "Tri", "Untung", "Wahyu",
		"Wayan", "Wawan", "Widodo", "Yoga", "Yudi", "Yusuf", "Zainal", "Zaki"}
}

func femaleNames() []string {
	return []string{"Aisyah", "Alya", "Amelia", "Anggun", "Anisa", "Ayu", "Bunga", "Citra", "Dewi", "Diah", "Dian", "Dina", "Eka",
		"Elok", "Endang", "Erna", "Fatimah", "Febri", "Fitri", "Galuh", "Hana", "Hesti", "Ika", "Indah", "Intan", "Ira", "Kartika",
		"Khoirun", "Kirana", "Komang", "Laila", "Lestari", "Lia", "Lilik", "Luh", "Made", "Maya", "Mega", "Melati", "Mila", "Nabila",
		"Nadia", "Nailatul", "Nia", "Nina", "Ningsih", "Novi", "Nur", "Nurul", "Putri", "Rahma", "Rani", "Ratih", "Ratna", "Rika",
		"Rina", "Rini", "Rizka", "Salsabila", "Sari", "Sekar", "Silvi", "Siti", "Sri", "Sulastri", "Suci", "Tika", "Titin", "Tri",
		"Ulfa", "Umi", "Vina", "Wahyuni", "Wulan", "Yanti", "Yulia", "Yuni", "Zahra"}
}

func secondNames() []string {
	return []string{"Aditya", "Afandi", "Alamsyah", "Amin", "Aminah", "Anggraini", "Ansori", "Ardianto", "Arifin", "Astuti", "Azizah",
		"Basuki", "Budiman", "Cahyani", "Darmawan", "Efendi", "Fauzi", "Febriana", "Firdaus", "Firmansyah", "Gunawan", "Hakim",
		"Handayani", "Haryanto", "Hasanah", "Hidayat", "Hidayati", "Husna", "Ibrahim", "Iswahyudi", "Jannah", "Jauhari", "Kartini",
		"Khasanah", "Kurniawan", "Kurniawati", "Kusuma", "Laksono", "Lestari", "Mahendra", "Maharani", "Marzuki", "Maulana",
		"Mubarok", "Mulyadi", "Mulyani", "Mustofa", "Nugraha", "Nugroho", "Oktavia", "Pamungkas", "Permadi", "Permatasari", "Pranata",
		"Prasetyo", "Pratama", "Pratiwi", "Prayitno", "Prayoga", "Puspita", "Puspitasari", "Rahayu", "Rahman", "Rahmawati", "Ramadhani",
		"Rohim", "Rosidah", "Rosyid", "Rozi", "Saputra", "Saputri", "Santoso", "Setiawan", "Setiawati", "Setyowati", "Sholeh",
		"Subagyo", "Sudrajat", "Suhartono", "Sulistyo", "Supriyadi", "Susanti", "Susilo", "Sutrisno", "Syafitri", "Triyono",
		"Utami", "Utomo", "Wahid", "Wibowo", "Wicaksono", "Widayanti", "Widianto", "Widjaja", "Wijaya", "Winarno", "Wulandari",
		"Yulianti", "Yuliana", "Zulaikha"}
}

// oneWord are names that stand alone on a KTP.
func oneWord() []string {
	return []string{"Sumiati", "Suparno", "Suyatno", "Ponirah", "Misnadi", "Jumali", "Saminah", "Sutikno", "Marsiyem", "Tukiran",
		"Paimin", "Kasiyati", "Buari", "Asmuni", "Hosnia", "Sahrul", "Wartini", "Poniman"}
}

func streets() []string {
	return []string{"Jl. Gajah Mada", "Jl. Diponegoro", "Jl. Raya Jember", "Jl. Hasanudin", "Jl. Kartini", "Jl. Sritanjung",
		"Jl. Wijaya Kusuma", "Jl. Kepiting", "Jl. Ikan Tongkol", "Jl. Melati", "Jl. Mawar", "Jl. Kenanga", "Jl. Argopuro",
		"Jl. Letkol Istiqlah", "Dsn. Krajan", "Dsn. Sumberjo", "Dsn. Curahketangi", "Dsn. Maron", "Dsn. Sawahan", "Dsn. Jalen",
		"Dsn. Pasembon", "Dsn. Kampung Baru", "Gang Anggrek", "Gang Nusa Indah", "Perum Sutri Indah"}
}

func birthPlaces() []string {
	return []string{"Banyuwangi", "Banyuwangi", "Banyuwangi", "Banyuwangi", "Banyuwangi", "Banyuwangi", "Jember", "Situbondo",
		"Bondowoso", "Malang", "Surabaya", "Denpasar", "Jembrana", "Lumajang", "Probolinggo"}
}

func schools() []string {
	return []string{"SDN 1 Kepatihan", "SDN 4 Genteng", "SDN 2 Kalirejo", "MI Darul Huda", "SMPN 1 Rogojampi", "SMPN 3 Genteng",
		"MTs Al Hikmah", "SMAN 1 Glagah", "SMAN 2 Genteng", "SMKN 1 Kalibaru", "MAN 2 Banyuwangi"}
}
