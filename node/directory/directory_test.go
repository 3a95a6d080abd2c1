package directory

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
)

func find(t *testing.T, d *Directory, query string) string {
	t.Helper()
	found, _, err := d.Find(t.Context(), query, MaxFound, Everyone)
	if err != nil {
		t.Fatal(err)
	}
	return names(found)
}

func TestPutReplacesAndKeepsPlace(t *testing.T) {
	d := filled(t, person(1, "Satu", "111", "1998-11-23"), person(2, "Dua", "222", ""))
	if err := d.Put(person(3, "Tiga", "333", ""), person(1, "Siji", "444", "1999-12-24"), person(3, "Telu", "333", "")); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"": "Telu | Dua | Siji", "satu": "", "siji": "Siji", "tiga": "", "telu": "Telu", "111": "", "444": "Siji",
		"23-11-1998": "", "24-12-1999": "Siji",
	} {
		if got := find(t, d, query); got != want {
			t.Errorf("Find(%q) = %q, want %q", query, got, want)
		}
	}
	if d.Len() != 3 {
		t.Errorf("Len = %d", d.Len())
	}
}

func TestRemoveLeavesNothing(t *testing.T) {
	d := filled(t, person(1, "Sukarelawati", "111", "1998-11-23"), person(2, "Dua", "222", ""))
	d.Remove([16]byte{1})
	d.Remove([16]byte{9})
	for query, want := range map[string]string{"": "Dua", "sukarelawati": "", "111": "", "23-11-1998": ""} {
		if got := find(t, d, query); got != want {
			t.Errorf("Find(%q) = %q, want %q", query, got, want)
		}
	}
	if d.Len() != 1 {
		t.Errorf("Len = %d", d.Len())
	}
	if kept := fmt.Sprintf("%+v", d.index); strings.Contains(strings.ToLower(kept), "sukarelawati") {
		t.Error("the name of a removed person is still kept")
	}
}

func TestClosedKnowsNobody(t *testing.T) {
	d := New()
	check := func(when string) {
		t.Helper()
		if err := d.Put(person(1, "Satu", "1", "")); !errors.Is(err, ErrClosed) {
			t.Errorf("%s: Put = %v", when, err)
		}
		d.Remove([16]byte{1})
		if d.Ready() || d.Len() != 0 || find(t, d, "") != "" || find(t, d, "satu") != "" || find(t, d, "1") != "" {
			t.Errorf("%s: not empty", when)
		}
		if found, err := d.SimilarBorn(t.Context(), "2000-01-01", "Satu"); err != nil || found != nil {
			t.Errorf("%s: SimilarBorn = %v, %v", when, found, err)
		}
	}
	check("new")
	if err := d.Fill(t.Context(), listing([]Entry{person(1, "Satu", "1", "2000-01-01")}), nil); err != nil {
		t.Fatal(err)
	}
	d.Clear()
	check("cleared")
}

func TestFillReplacesEverything(t *testing.T) {
	d := filled(t, person(1, "Satu", "1", ""))
	if err := d.Fill(t.Context(), listing([]Entry{person(2, "Dua", "2", "")}), nil); err != nil {
		t.Fatal(err)
	}
	if got := find(t, d, ""); got != "Dua" || !d.Ready() || d.Len() != 1 {
		t.Errorf("found %q, ready %v, %d", got, d.Ready(), d.Len())
	}
}

// Changes that arrive during Fill are newer than what Fill reads.
func TestChangesDuringFillWin(t *testing.T) {
	d := New()
	var steps []int
	err := d.Fill(t.Context(), func(yield func(Entry) error) error {
		if err := d.Put(person(1, "Baru Satu", "1", ""), person(9, "Sembilan", "9", "")); err != nil {
			return err
		}
		for i := range 2*batchSize + 1 {
			e := person(1, fmt.Sprintf("Lama %d", i), "1", "")
			e.ID[1], e.ID[2] = byte(i), byte(i>>8)
			if err := yield(e); err != nil {
				return err
			}
		}
		if d.Ready() {
			t.Error("ready while filling")
		}
		if find(t, d, "lama") == "" {
			t.Error("nothing found while filling")
		}
		d.Remove([16]byte{1, 1})
		return d.Put(person(9, "Songo", "9", ""))
	}, func(done int) { steps = append(steps, done) })
	if err != nil || !d.Ready() {
		t.Fatal(err, d.Ready())
	}
	if fmt.Sprint(steps) != fmt.Sprint([]int{batchSize, 2 * batchSize, 2*batchSize + 1}) {
		t.Errorf("progress %v", steps)
	}
	if len(d.late) != 0 {
		t.Error("what waited is still kept")
	}
	// Lama 1 was removed, Lama 0 renamed, and the one nobody listed is the newest.
	if d.Len() != 2*batchSize+1 || find(t, d, "baru") != "Baru Satu" || find(t, d, "sembilan") != "" {
		t.Errorf("%d people, %q, %q", d.Len(), find(t, d, "baru"), find(t, d, "sembilan"))
	}
	if newest, _, err := d.Find(t.Context(), "", 1, Everyone); err != nil || names(newest) != "Songo" {
		t.Errorf("newest %q, %v", names(newest), err)
	}
}

func TestFillFails(t *testing.T) {
	broken := errors.New("unreadable")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	tests := map[string]struct {
		want error
		each func(d *Directory, yield func(Entry) error) error
	}{
		"listing":   {broken, func(_ *Directory, yield func(Entry) error) error { return broken }},
		"cleared":   {ErrOvertaken, func(d *Directory, yield func(Entry) error) error { d.Clear(); return yield(person(2, "Dua", "", "")) }},
		"cancelled": {context.Canceled, func(_ *Directory, yield func(Entry) error) error { cancel(); return yield(person(2, "Dua", "", "")) }},
	}
	for name, tt := range tests {
		d := New()
		if err := d.Fill(ctx, func(yield func(Entry) error) error { return tt.each(d, yield) }, nil); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v", name, err)
		}
		if d.Ready() {
			t.Errorf("%s: ready", name)
		}
		if got := find(t, d, "dua"); got != "" {
			t.Errorf("%s: found %q", name, got)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	d := filled(t)
	var all sync.WaitGroup
	for g := range 4 {
		all.Go(func() {
			for i := range 100 {
				e := person(byte(g), fmt.Sprintf("Orang %d%d", g, i), fmt.Sprint(i), "2000-01-01")
				e.ID[1] = byte(i)
				if err := d.Put(e); err != nil {
					t.Error(err)
				}
				if i%2 == 1 {
					d.Remove(e.ID)
				}
			}
		})
		all.Go(func() {
			for range 100 {
				find(t, d, "orang 1")
				d.Len()
				d.Ready()
				if _, err := d.FindByBirthDay(t.Context(), "Orang", 1, 1, Members); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if d.Len() != 200 || len(strings.Split(find(t, d, "orang"), " | ")) != MaxFound {
		t.Errorf("%d people", d.Len())
	}
}
