// Package demo makes up people and puts them through the counter: for trying the program, for its benchmark and for
// tests. The people are plausible (numbers of identity that fit birth and sex, villages that exist, families, children
// with guardians), and none of them is anybody.
//
// The same seed gives the same people. The package must not write to the store: everything goes through the use cases
// of node/desk, like the work of a real officer.
package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"

	"simpul/node/library"
)

// regency is where everybody lives: Kabupaten Banyuwangi.
const regency = "3510"

// People makes up one person after another. It is safe for concurrent use; the order in which callers are served is
// theirs, the sequence of people is the seed's.
type People struct {
	mu       sync.Mutex
	rand     *rand.Rand
	today    library.Date
	villages []library.Region // of the regency
	serials  map[string]int   // how often a NIK with this beginning was given
	family   []library.Form   // those of the present household who are still to come
}

// NewPeople starts a sequence. Ages count on today, and hold for a registration within the year before it.
func NewPeople(seed uint64, regions *library.Regions, today library.Date) *People {
	p := &People{rand: rand.New(rand.NewPCG(seed, 0x51)), today: today, serials: map[string]int{}}
	for _, d := range regions.Districts(regency) {
		p.villages = append(p.villages, regions.Villages(d.Code)...)
	}
	return p
}

// Next makes up the next person: a form as it is after step 3.
func (p *People) Next() library.Form {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.family) == 0 {
		p.family = p.household()
	}
	next := p.family[0]
	p.family = p.family[1:]
	return next
}

// household is one to four people at one address. A child's guardian is a parent, who need not be a member.
func (p *People) household() []library.Form {
	village := p.villages[p.rand.IntN(len(p.villages))]
	home := library.Form{
		Address: fmt.Sprintf("%s %d", p.pick(streets()), 1+p.rand.IntN(180)),
		RT:      fmt.Sprintf("%03d", 1+p.rand.IntN(12)), RW: fmt.Sprintf("%03d", 1+p.rand.IntN(8)),
		Village: village.Code, District: village.Code[:6], Regency: regency, Phone: p.phone(),
	}
	father, mother := p.adult(home, library.Male), p.adult(home, library.Female)
	family := p.pick(secondNames())
	var out []library.Form
	if p.chance(45) {
		out = append(out, father)
	}
	if p.chance(50) {
		out = append(out, mother)
	}
	guardian := library.Guardian{Name: mother.Name, Relation: "ibu", Phone: mother.Phone, Document: string(library.KTP)}
	if p.chance(40) {
		guardian = library.Guardian{Name: father.Name, Relation: "ayah", Phone: father.Phone, Document: string(library.KTP)}
	}
	for range p.rand.IntN(3) {
		out = append(out, p.child(home, family, guardian))
	}
	if len(out) == 0 {
		out = append(out, mother)
	}
	return out
}

func (p *People) adult(home library.Form, sex library.Sex) library.Form {
	f := home
	f.Sex, f.Name, f.BirthPlace = sex, p.name(sex, ""), p.pick(birthPlaces())
	f.Birth = p.born(19, 74)
	f.Phone = p.phone()
	f.Identity = library.KTP
	if p.chance(8) {
		f.Identity = library.IKD
	}
	f.NIK = p.nik(f)
	age := f.Birth.AgeOn(p.today)
	f.Education = p.pick([]string{"sd", "sltp", "slta", "slta", "slta", "d3", "s1", "s1", "s2"})
	f.MemberKind, f.Occupation = "umum", p.pick([]string{"swasta", "petani", "guru", "rumah-tangga", "pns", "nelayan", "buruh-harian", "perdagangan", "honorer"})
	switch {
	case age < 25 && p.chance(60):
		f.MemberKind, f.Occupation, f.Education = "mahasiswa", "mahasiswa", "slta"
	case age > 60 && p.chance(50):
		f.Occupation = "pensiunan"
	}
	return f
}

func (p *People) child(home library.Form, family string, guardian library.Guardian) library.Form {
	f := home
	f.Sex = library.Male
	if p.chance(52) {
		f.Sex = library.Female
	}
	f.Name, f.BirthPlace, f.Birth = p.name(f.Sex, family), p.pick(birthPlaces()), p.born(6, 18)
	f.Guardian, f.MemberKind, f.Occupation, f.Institution = guardian, "pelajar", "pelajar", p.pick(schools())
	age := f.Birth.AgeOn(p.today)
	switch {
	case age < 12:
		f.Education = "belum-tamat-sd"
	case age < 15:
		f.Education = "sd"
	default:
		f.Education = "sltp"
	}
	// A birthday may lie between the registration and today; a copy of the KK fits every age.
	f.Identity = library.KIA
	if age >= 16 || p.chance(40) {
		f.Identity = library.KK
	}
	f.NIK = p.nik(f)
	return f
}

// nik fits the district, the birth date and the sex. Its serial is not given twice.
func (p *People) nik(f library.Form) string {
	day := f.Birth.Day
	if f.Sex == library.Female {
		day += 40
	}
	head := fmt.Sprintf("%s%02d%02d%02d", f.District, day, f.Birth.Month, f.Birth.Year%100)
	p.serials[head]++
	return fmt.Sprintf("%s%04d", head, p.serials[head]%10000)
}

func (p *People) name(sex library.Sex, family string) string {
	if family == "" && p.chance(6) {
		return p.pick(oneWord())
	}
	first := maleNames()
	if sex == library.Female {
		first = femaleNames()
	}
	words := []string{p.pick(first), p.pick(secondNames())}
	if p.chance(30) {
		words = []string{words[0], p.pick(first), words[1]}
	}
	if family != "" && p.chance(60) {
		words[len(words)-1] = family
	}
	if len(words) == 3 && words[0] == words[1] {
		words = words[1:]
	}
	return strings.Join(words, " ")
}

// phone is a number that can exist; nobody is called here.
func (p *People) phone() string {
	return fmt.Sprintf("08%s%08d", p.pick([]string{"12", "13", "22", "52", "53", "57", "58", "78"}), p.rand.IntN(100_000_000))
}

func (p *People) born(youngest, oldest int) library.Date {
	days := youngest*366 + p.rand.IntN((oldest-youngest)*365)
	return p.today.AddDays(-days)
}

func (p *People) pick(list []string) string { return list[p.rand.IntN(len(list))] }

func (p *People) chance(percent int) bool { return p.rand.IntN(100) < percent }
