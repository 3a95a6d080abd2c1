package report_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"simpul/node/demo"
	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/nodetest"
	"simpul/node/report"
	"simpul/node/store"
	"simpul/sync/merge"
	"simpul/ui/text"
)

// library60 is a node with sixty made-up members, their visits, and registrations that ended otherwise.
func library60(t *testing.T) *nodetest.Node {
	t.Helper()
	filling := demo.Filling{Members: 60, Visits: 90, Seed: 11, Workers: 1}
	filling.Clock = demo.NewClock(time.Date(2026, 11, 23, 15, 0, 0, 0, library.WIB()), library.WIB(), filling.Work())
	n := nodetest.Start(t, nodetest.WithClock(filling.Clock.Now), nodetest.WithMono(filling.Clock.Mono))
	ctx := context.Background()
	if err := demo.Fill(ctx, n.Desk, n.Officer, filling); err != nil {
		t.Fatal(err)
	}
	check := func(_ desk.Done, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	open := func() library.ID {
		done, err := n.Desk.OpenRegistration(ctx, n.Officer, nodetest.Op(t), desk.OpenInput{})
		check(done, err)
		return done.ID
	}
	for _, why := range []string{"no-identity", "outside-area", "no-identity"} {
		check(n.Desk.Refuse(ctx, n.Officer, nodetest.Op(t), open(), why, "", ""))
	}
	check(n.Desk.Withdraw(ctx, n.Officer, nodetest.Op(t), open(), "", ""))
	open()
	check(n.Desk.OpenLate(ctx, n.Officer, nodetest.Op(t), n.Desk.Today().AddDays(-1)))
	check(n.Desk.Replace(ctx, n.Officer, nodetest.Op(t), records(t, n)[0].ID, "lost"))
	if _, err := n.Desk.CheckIn(ctx, n.Officer, nodetest.Op(t), desk.VisitInput{Kind: merge.VisitGroup, Name: "Bu Guru", Institution: "SDN Rekaan", Men: 12, Women: 14, Purpose: "baca"}); err != nil {
		t.Fatal(err)
	}
	return n
}

// records loads all members one by one: the slow and simple way to count.
func records(t *testing.T, n *nodetest.Node) []desk.Record {
	t.Helper()
	var ids []library.ID
	if err := n.Store.Listings(t.Context(), func(l store.Listing) error {
		if l.Member {
			ids = append(ids, library.ID(l.ID))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var out []desk.Record
	for _, id := range ids {
		r, err := n.Desk.Registration(t.Context(), n.Officer, id)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

func words(t *testing.T) report.Words {
	t.Helper()
	catalogue, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	return report.Words{Say: func(key string, args ...any) string { return catalogue.T("id", key, args...) }, Code: func(c library.Code) string { return c.Label },
		Number: func(n int64) string { return text.Number("id", n) }, Duration: func(d time.Duration) string { return text.Duration("id", d) },
		Date: func(d library.Date) string { return d.String() }, Month: func(m int) string { return text.Month("id", m) },
		Purpose: func(key string) string { return key }, Kind: func(key string) string { return key }, District: func(code string) string { return code }}
}

func TestFiguresAreThoseOfCountingOneByOne(t *testing.T) {
	n := library60(t)
	list := records(t, n)
	if len(list) != 60 {
		t.Fatalf("%d members", len(list))
	}
	for _, period := range []report.Period{report.Month(2026, 11), report.Quarter(2026, 4), report.Year(2026), report.Month(2026, 10), report.Year(2030)} {
		t.Run(period.String(), func(t *testing.T) {
			r, err := n.Desk.Report(t.Context(), n.Officer, period)
			if err != nil {
				t.Fatal(err)
			}
			in := func(d library.Date) bool { return d.Compare(period.From) >= 0 && d.Compare(r.End) <= 0 }
			traits := map[store.Trait]map[string]store.Share{}
			count := func(trait store.Trait, key string, fresh bool) {
				if traits[trait] == nil {
					traits[trait] = map[string]store.Share{}
				}
				s := traits[trait][key]
				s.Key, s.All = key, s.All+1
				if fresh {
					s.New++
				}
				traits[trait][key] = s
			}
			var want store.MemberSums
			var cards store.CardSums
			var whole []time.Duration
			for _, m := range list {
				first := library.DateIn(m.Cards[0].Issued, library.WIB())
				for _, c := range m.Cards {
					if !in(library.DateIn(c.Issued, library.WIB())) {
						continue
					}
					if c.Number == m.Cards[0].Number {
						cards.First++
					} else {
						cards.Replacing++
					}
				}
				if first.Compare(r.End) > 0 {
					continue
				}
				want.All++
				if m.Until.Compare(r.End) >= 0 {
					want.Active++
				} else if m.Until.Compare(period.From) >= 0 {
					want.Ended++
				}
				if in(first) {
					want.New++
				}
				if in(m.Day) && m.Timed {
					whole = append(whole, m.Clock.Spent.Sum().Truncate(time.Millisecond))
				}
				o, _ := library.OccupationByKey(m.Form.Occupation)
				count(store.TraitDistrict, m.Form.District, in(first))
				count(store.TraitSex, string(m.Form.Sex), in(first))
				count(store.TraitBirthYear, library.AgeGroupOf(library.DefaultAgeGroups(), r.End.Year-m.Form.Birth.Year), in(first))
				count(store.TraitEducation, m.Form.Education, in(first))
				count(store.TraitOccupation, o.Group, in(first))
				count(store.TraitKind, m.Kind, in(first))
			}
			if r.Members != want || r.Cards != cards {
				t.Errorf("members %+v, cards %+v, want %+v, %+v", r.Members, r.Cards, want, cards)
			}
			for _, trait := range r.Traits {
				if len(trait.Shares) != len(traits[trait.Name]) {
					t.Errorf("%s: %+v, want %+v", trait.Name, trait.Shares, traits[trait.Name])
				}
				for _, s := range trait.Shares {
					if s != traits[trait.Name][s.Key] {
						t.Errorf("%s: %+v, want %+v", trait.Name, s, traits[trait.Name][s.Key])
					}
				}
			}
			slices.Sort(whole)
			if period.Months == 1 && period.From.Month == 11 && len(whole) < 40 {
				t.Fatalf("only %d registrations were timed: nothing is compared", len(whole))
			}
			if r.Times.Whole.N != len(whole) {
				t.Fatalf("%d measured, want %d", r.Times.Whole.N, len(whole))
			}
			if k := len(whole); k > 0 {
				if got := r.Times.Whole; got.Median != whole[(k+1)/2-1] || got.P90 != whole[(k*9+9)/10-1] {
					t.Errorf("median %v, 90th %v, want %v, %v", got.Median, got.P90, whole[(k+1)/2-1], whole[(k*9+9)/10-1])
				}
			}
		})
	}
}

func TestOutcomesAndVisits(t *testing.T) {
	n := library60(t)
	r, err := n.Desk.Report(t.Context(), n.Officer, report.Month(2026, 11))
	if err != nil {
		t.Fatal(err)
	}
	want := report.Outcomes{All: 66, Granted: 60, Refused: 3, Withdrawn: 1, Open: 2, Late: 1,
		Reasons: []report.Sum{{Key: "no-identity", Visits: 2}, {Key: "outside-area", Visits: 1}}}
	if fmt.Sprint(r.Outcomes) != fmt.Sprint(want) {
		t.Errorf("outcomes %+v, want %+v", r.Outcomes, want)
	}
	var visits, people int64
	kinds := map[string]int64{}
	for day := r.Period.From; day.Compare(r.End) <= 0; day = day.AddDays(1) {
		list, _, err := n.Desk.VisitsOn(t.Context(), n.Officer, desk.VisitPage{Day: day, Limit: 500})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range list {
			visits++
			people += int64(v.People)
			kinds[v.Kind] += int64(v.People)
		}
	}
	if r.Register.Visits != visits || r.Register.People != people || r.Register.Grouped != kinds[merge.VisitGroup] {
		t.Errorf("register %+v, want %d visits of %d people, %v", r.Register, visits, people, kinds)
	}
	for _, s := range r.Register.Kinds {
		if s.People != kinds[s.Key] {
			t.Errorf("%s: %d people, want %d", s.Key, s.People, kinds[s.Key])
		}
	}
	var byDay int64
	for _, s := range r.Visitors {
		byDay += s.Sum
	}
	if byDay != people {
		t.Errorf("the days sum up to %d, want %d", byDay, people)
	}
}

func TestCSVHoldsTheTablesAndNoFormula(t *testing.T) {
	n := nodetest.Start(t, nodetest.As(library.NodeVan))
	for _, stop := range []string{"=1+1", "+62", "-x", "@SUM(A1)", "Alun-alun"} {
		if _, err := n.Desk.CheckIn(t.Context(), n.Officer, nodetest.Op(t), desk.VisitInput{Kind: merge.VisitGuest, Name: "Bagus Rekaan", Sex: library.Male, Purpose: "baca", Stop: stop}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := n.Desk.Report(t.Context(), n.Officer, report.Month(n.Desk.Today().Year, n.Desk.Today().Month))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := r.CSV(&out, words(t)); err != nil {
		t.Fatal(err)
	}
	sheet := csv.NewReader(strings.NewReader(strings.TrimPrefix(out.String(), "\ufeff")))
	sheet.Comma, sheet.FieldsPerRecord = ';', -1
	rows, err := sheet.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	stops := 0
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
				t.Errorf("a spreadsheet takes %q for a formula", cell)
			}
		}
		if row[0] == "Pengunjung menurut titik layanan" && cmp.Compare(row[1][:1], "A") != 0 && row[1] != "Titik layanan" {
			stops++
		}
	}
	if stops != 4 || !strings.Contains(out.String(), "'=1+1") {
		t.Errorf("%d stops neutralised:\n%s", stops, out.String())
	}
}

func TestPaperHasPagesForEachNumberOfSigners(t *testing.T) {
	n := library60(t)
	r, err := n.Desk.Report(t.Context(), n.Officer, report.Year(2026))
	if err != nil {
		t.Fatal(err)
	}
	for signers := range 5 {
		var out bytes.Buffer
		list := make([]report.Signer, signers)
		for i := range list {
			list[i] = report.Signer{Role: "Petugas " + strconv.Itoa(i)}
		}
		if err := r.Print(&out, words(t), time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC), "", list); err != nil {
			t.Fatal(err)
		}
		pages := bytes.Count(out.Bytes(), []byte("/Type /Page\n"))
		if !bytes.HasPrefix(out.Bytes(), []byte("%PDF-")) || !bytes.Contains(out.Bytes()[out.Len()-16:], []byte("%%EOF")) || pages < 3 {
			t.Errorf("%d signers: %d pages", signers, pages)
		}
	}
}

func TestPeriods(t *testing.T) {
	for _, tt := range []struct{ text, from, to, before, after string }{
		{"2026-11", "2026-11-01", "2026-11-30", "2026-10", "2026-12"}, {"2026-12", "2026-12-01", "2026-12-31", "2026-11", "2027-01"},
		{"2024-02", "2024-02-01", "2024-02-29", "2024-01", "2024-03"}, {"2026-T1", "2026-01-01", "2026-03-31", "2025-T4", "2026-T2"},
		{"2026-T4", "2026-10-01", "2026-12-31", "2026-T3", "2027-T1"}, {"2026", "2026-01-01", "2026-12-31", "2025", "2027"}} {
		p, ok := report.ParsePeriod(tt.text)
		if got := []string{p.String(), p.From.ISO(), p.To.ISO(), p.Before().String(), p.After().String()}; !ok || !slices.Equal(got, []string{tt.text, tt.from, tt.to, tt.before, tt.after}) {
			t.Errorf("%s: %v", tt.text, got)
		}
	}
	for _, bad := range []string{"", "26", "2026-13", "2026-0", "2026-1", "2026-T5", "2026-T0", "2026-", "2026-T", "-1", "2026-11-01", "0000", "99999", "2026-T01"} {
		if p, ok := report.ParsePeriod(bad); ok {
			t.Errorf("%q was read as %s", bad, p)
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, seed := range []string{"2026", "2026-T4", "2026-11", "x", "9999-12"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := report.ParsePeriod(s)
		if !ok {
			return
		}
		if p.String() != s || p.From.Compare(p.To) >= 0 || p.Before().To.AddDays(1) != p.From || p.After().From != p.To.AddDays(1) {
			t.Errorf("%q is %+v", s, p)
		}
	})
}
