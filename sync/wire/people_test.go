package wire

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"simpul/sync/event"
)

// counter writes the log of a made-up branch: plausible people, none of them
// anybody, at a desk with one officer.
type counter struct {
	t       testing.TB
	rand    *rand.Rand
	batch   Batch
	wall    int64
	mono    int64
	officer event.ID
	texts   [2]event.Hash
	number  int
}

func newCounter(t testing.TB, seed uint64) *counter {
	c := &counter{t: t, rand: rand.New(rand.NewPCG(seed, 7)), wall: 1790000000000 + int64(seed)*7777, mono: 3600_000}
	c.batch = Batch{Stream: event.ID(c.bytes(16)), First: 1}
	c.batch.Head = event.Genesis(c.batch.Stream)
	c.officer = event.ID(c.bytes(16))
	c.texts = [2]event.Hash{event.Hash(c.bytes(32)), event.Hash(c.bytes(32))}
	return c
}

func (c *counter) bytes(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(c.rand.Uint32())
	}
	return out
}

func (c *counter) pick(words string) string {
	list := strings.Split(words, ",")
	return list[c.rand.IntN(len(list))]
}

// after lets time pass: between 1 and most seconds.
func (c *counter) after(most int) {
	ms := 1000 + c.rand.Int64N(int64(most)*1000)
	c.wall += ms
	c.mono += ms + c.rand.Int64N(2)
}

func (c *counter) write(salt event.Salt, officer event.ID, typ event.Type, body any) event.Hash {
	c.t.Helper()
	ev, err := event.New(event.Header{Type: typ, Subject: event.SubjectID(salt), Officer: officer, Wall: c.wall, Boot: 0xb007, Mono: c.mono}, body)
	if err != nil {
		c.t.Fatal(err)
	}
	hash, err := ev.ContentHash(salt)
	if err != nil {
		c.t.Fatal(err)
	}
	c.batch.Items = append(c.batch.Items, Item{Event: ev, Salt: salt})
	c.batch.Head = c.batch.Head.Next(hash)
	return hash
}

const (
	firstNames  = "Ahmad,Agus,Andika,Bagas,Bambang,Bayu,Budi,Cahyo,Dedi,Dimas,Eko,Fajar,Farhan,Galih,Gilang,Hendra,Heri,Ilham,Imam,Irfan,Joko,Kadek,Ketut,Lukman,Mohamad,Muhammad,Nanda,Putu,Rangga,Reza,Rizki,Saiful,Slamet,Sugeng,Taufik,Teguh,Wahyu,Wayan,Yoga,Yusuf,Aisyah,Alya,Anisa,Ayu,Bunga,Citra,Dewi,Dian,Dina,Eka,Endang,Erna,Fatimah,Fitri,Hana,Indah,Intan,Kartika,Laila,Lia,Made,Maya,Mega,Nabila,Nadia,Novi,Nur,Nurul,Putri,Rani,Ratih,Rina,Sari,Sekar,Siti,Sri,Tri,Umi,Wulan,Yanti,Yuni,Zahra"
	secondNames = "Aditya,Afandi,Amin,Anggraini,Ansori,Arifin,Astuti,Azizah,Basuki,Budiman,Cahyani,Darmawan,Efendi,Fauzi,Firmansyah,Gunawan,Hakim,Handayani,Haryanto,Hasanah,Hidayat,Husna,Ibrahim,Jannah,Khasanah,Kurniawan,Kusuma,Lestari,Mahendra,Maharani,Maulana,Mubarok,Mulyadi,Mulyani,Nugroho,Oktavia,Permatasari,Prasetyo,Pratama,Pratiwi,Prayitno,Puspita,Rahayu,Rahman,Rahmawati,Ramadhani,Rosidah,Saputra,Saputri,Santoso,Setiawan,Setyowati,Suhartono,Supriyadi,Susanti,Sutrisno,Utami,Utomo,Wibowo,Wicaksono,Widayanti,Wijaya,Wulandari,Yuliana,Zulaikha"
	streets     = "Jl. Gajah Mada,Jl. Diponegoro,Jl. Hasanudin,Jl. Kartini,Jl. Kepiting,Jl. Ikan Tongkol,Jl. Melati,Jl. Mawar,Jl. Kenanga,Dsn. Krajan,Dsn. Sumberjo,Dsn. Maron,Dsn. Sawahan,Dsn. Jalen,Gang Anggrek,Gang Nusa Indah,Jl. Raya Jember,Jl. Sritanjung"
	places      = "Banyuwangi,Banyuwangi,Banyuwangi,Banyuwangi,Jember,Situbondo,Bondowoso,Malang,Surabaya,Denpasar,Lumajang"
	purposes    = "read,read,borrow,internet,study,other"
	educations  = "sd,sltp,slta,slta,slta,d3,s1,s1,s2"
	jobs        = "swasta,petani,guru,rumah-tangga,pns,nelayan,buruh-harian,perdagangan,honorer,mahasiswa"
	schools     = "SDN 1 Kepatihan,SDN 4 Genteng,MI Darul Huda,SMPN 1 Rogojampi,SMPN 3 Genteng,SMAN 1 Glagah,SMKN 1 Kalibaru"
	operators   = "0812,0813,0822,0852,0853,0857,0858,0878"
)

func (c *counter) name() string {
	if c.rand.IntN(3) == 0 {
		return c.pick(firstNames) + " " + c.pick(firstNames) + " " + c.pick(secondNames)
	}
	return c.pick(firstNames) + " " + c.pick(secondNames)
}

// guest writes a visit by somebody without a card.
func (c *counter) guest() (event.Hash, event.Visit) {
	c.after(240)
	v := event.Visit{Kind: "guest", Purpose: c.pick(purposes), Name: c.name(), Sex: c.pick("L,P"), AgeGroup: c.pick("0-12,13-18,19-24,25-59,60+"),
		Education: c.pick(educations), Occupation: c.pick(jobs), Origin: c.pick("3510,3510,3510,3511,3509"), Kiosk: true}
	return c.write(event.Salt(c.bytes(16)), event.ID{}, event.VisitRecorded, v), v
}

// registration writes everything that one registration of six steps leaves.
func (c *counter) registration() {
	visit, guest := c.guest()
	arrived := c.wall
	salt := event.Salt(c.bytes(16))
	write := func(typ event.Type, body any) event.Hash { return c.write(salt, c.officer, typ, body) }
	c.after(60)
	write(event.RegistrationOpened, event.Opening{Source: "visit", Visit: event.DeriveID("visit", visit), Arrived: arrived,
		Fields: event.Fields{event.FieldName: guest.Name, event.FieldSex: guest.Sex, event.FieldEducation: guest.Education, event.FieldOccupation: guest.Occupation}})
	c.after(90)
	form := c.form(guest)
	by := "self"
	if form[event.FieldGuardianName] != "" {
		by = "guardian"
	}
	write(event.ConsentGiven, event.Consent{Purpose: "membership", Version: "2026-1", TextHash: c.texts[0], By: by, How: "screen"})
	write(event.ConsentGiven, event.Consent{Purpose: "photo", Version: "2026-1", TextHash: c.texts[1], By: by, How: "screen"})
	write(event.RegistrationIdentified, event.Identification{Kind: form[event.FieldIdentity], Explained: true})
	c.after(300)
	write(event.RegistrationFilled, event.Filling{Fields: form, By: c.pick("officer,officer,visitor")})
	c.after(90)
	checked := []event.Field{event.FieldNIK, event.FieldName, event.FieldBirthPlace, event.FieldBirth, event.FieldSex, event.FieldAddress,
		event.FieldRT, event.FieldRW, event.FieldVillage, event.FieldDistrict, event.FieldRegency, event.FieldOccupation}
	write(event.RegistrationVerified, event.Verification{Document: form[event.FieldIdentity], Checked: checked, NotBorne: []event.Field{event.FieldPhone, event.FieldEducation}})
	c.after(60)
	write(event.PhotoAttached, event.Photo{Card: event.Hash(c.bytes(32)), Record: event.Hash(c.bytes(32)), Source: "webcam"})
	c.after(30)
	day := c.wall / 86400000
	c.number++
	card := write(event.CardIssued, event.Card{Number: number("640262", c.number), Kind: form[event.FieldMemberKind], From: day, Until: day + 1825})
	c.after(30)
	write(event.CardPrinted, event.CardMark{Card: event.DeriveID("card", card)})
	c.after(60)
	write(event.CardHandedOver, event.HandOver{Card: event.DeriveID("card", card), To: by, How: "in-person"})
}

// form is what the officer types: without what is known from the visit.
func (c *counter) form(guest event.Visit) event.Fields {
	village := fmt.Sprintf("3510%02d%d%03d", 1+c.rand.IntN(25), 1+c.rand.IntN(2), 1+c.rand.IntN(10))
	year, month, day := 1950+c.rand.IntN(70), 1+c.rand.IntN(12), 1+c.rand.IntN(28)
	nikDay := day
	if guest.Sex == "P" {
		nikDay += 40
	}
	f := event.Fields{event.FieldIdentity: "ktp", event.FieldNIK: fmt.Sprintf("%s%02d%02d%02d%04d", village[:6], nikDay, month, year%100, 1+c.rand.IntN(6)),
		event.FieldBirthPlace: c.pick(places), event.FieldBirth: fmt.Sprintf("%04d-%02d-%02d", year, month, day),
		event.FieldAddress: fmt.Sprintf("%s %d", c.pick(streets), 1+c.rand.IntN(180)), event.FieldRT: fmt.Sprintf("%03d", 1+c.rand.IntN(12)),
		event.FieldRW: fmt.Sprintf("%03d", 1+c.rand.IntN(8)), event.FieldVillage: village, event.FieldDistrict: village[:6], event.FieldRegency: village[:4],
		event.FieldPhone: fmt.Sprintf("%s%08d", c.pick(operators), c.rand.IntN(100_000_000)), event.FieldMemberKind: "umum"}
	if year > 2008 {
		f[event.FieldIdentity], f[event.FieldMemberKind], f[event.FieldInstitution] = "kia", "pelajar", c.pick(schools)
		f[event.FieldGuardianName], f[event.FieldGuardianRelation] = c.name(), c.pick("ayah,ibu")
		f[event.FieldGuardianPhone], f[event.FieldGuardianDocument] = f[event.FieldPhone], "ktp"
	}
	return f
}

// number is a member number: code, year and incarnation, serial, check digit.
func number(head string, serial int) string {
	digits := fmt.Sprintf("%s%05d", head, serial)
	check := 0
	for _, d := range digits {
		check = int("0317598642709215486342068713591750983426612304597836742095815869720134894536201794386172052581436790"[10*check+int(d-'0')] - '0')
	}
	return digits + string(rune('0'+check))
}

// entries makes rows of the directory.
func entries(t testing.TB, n int) []Row {
	t.Helper()
	c := newCounter(t, 99)
	serial := map[int]int{}
	rows := make([]Row, n)
	for i := range rows {
		home := 640 + min(c.rand.IntN(30), c.rand.IntN(30))
		serial[home]++
		day := int64(19000 + i/60)
		e := Entry{Name: c.name(), Home: uint16(home), Kind: c.pick("umum,umum,pelajar,mahasiswa"), Until: day + 1825, Tag: uint16(c.rand.IntN(4096)),
			Cards: []EntryCard{{ID: event.ID(c.bytes(16)), Number: number(fmt.Sprintf("%03d262", home), serial[home])}}}
		if c.rand.IntN(40) == 0 {
			serial[home]++
			e.Cards[0].State = 2
			e.Cards = append([]EntryCard{{ID: event.ID(c.bytes(16)), Number: number(fmt.Sprintf("%03d262", home), serial[home])}}, e.Cards...)
		}
		body, err := event.Encode(e)
		if err != nil {
			t.Fatal(err)
		}
		rows[i] = Row{Kind: EntryRow, Key: c.bytes(16), Pos: uint64(10 + i + c.rand.IntN(2)), Body: body}
	}
	for i := 1; i < n; i++ {
		rows[i].Pos = max(rows[i].Pos, rows[i-1].Pos+1)
	}
	return rows
}
