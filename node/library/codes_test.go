package library_test

import (
	"slices"
	"testing"

	"simpul/node/library"
)

func TestListsHaveUniqueKeysAndBothLanguages(t *testing.T) {
	lists := map[string][]library.Code{
		"relations": library.GuardianRelations(), "purposes": library.DefaultPurposes(), "pauses": library.PauseReasons(),
		"handover": library.HandoverWays(), "late": library.LateReasons(), "groups": library.OccupationGroups(),
	}
	for _, e := range library.Educations() {
		lists["education"] = append(lists["education"], e.Code)
	}
	for _, o := range library.Occupations() {
		lists["occupation"] = append(lists["occupation"], o.Code)
	}
	for _, g := range library.DefaultAgeGroups() {
		lists["age"] = append(lists["age"], g.Code)
	}
	for _, r := range library.Refusals() {
		lists["refusal"] = append(lists["refusal"], r.Code)
		if r.Bring == "" || r.BringEnglish == "" {
			t.Errorf("refusal %s does not say what to bring", r.Key)
		}
	}
	for _, k := range library.DefaultMemberKinds() {
		lists["kinds"] = append(lists["kinds"], library.Code{Key: k.Key, Label: k.Label, English: k.English})
		if k.Days < 1 {
			t.Errorf("member kind %s is valid for %d days", k.Key, k.Days)
		}
	}
	for name, codes := range lists {
		seen := map[string]bool{}
		for _, c := range codes {
			if c.Key == "" || c.Label == "" || c.English == "" || seen[c.Key] {
				t.Errorf("%s: %+v", name, c)
			}
			seen[c.Key] = true
			if found, ok := library.Find(codes, c.Key); !ok || found != c {
				t.Errorf("%s: %s is not found", name, c.Key)
			}
		}
	}
	if _, ok := library.Find(library.LateReasons(), "holiday"); ok {
		t.Error("an unknown key is found")
	}
}

func TestOccupationsAreTheRegistrysList(t *testing.T) {
	numbers := map[int]int{}
	for _, o := range library.Occupations() {
		numbers[o.Dukcapil]++
		if _, ok := library.Find(library.OccupationGroups(), o.Group); !ok {
			t.Errorf("%s is in the unknown group %q", o.Key, o.Group)
		}
	}
	for n := 1; n <= 89; n++ {
		want := 1
		if n == 3 {
			want = 2
		}
		if numbers[n] != want {
			t.Errorf("number %d stands %d times", n, numbers[n])
		}
	}
	if n := len(library.ShortOccupations()); n < 10 || n > 15 {
		t.Errorf("the short list has %d entries", n)
	}
	for i, e := range library.Educations() {
		if e.Dukcapil != i+1 {
			t.Errorf("education %s has number %d", e.Key, e.Dukcapil)
		}
	}
}

func TestEveryAgeFallsIntoOneGroup(t *testing.T) {
	groups := library.DefaultAgeGroups()
	for age := range 130 {
		fits := 0
		for _, g := range groups {
			if age >= g.From && (g.To < 0 || age <= g.To) {
				fits++
			}
		}
		if fits != 1 || library.AgeGroupOf(groups, age) == "" {
			t.Errorf("age %d fits %d groups", age, fits)
		}
	}
	for age, want := range map[int]string{-1: "", 0: "0-12", 12: "0-12", 13: "13-17", 17: "13-17", 18: "18-25", 55: "46-55", 56: "56-", 99: "56-"} {
		if got := library.AgeGroupOf(groups, age); got != want {
			t.Errorf("age %d is in %q, want %q", age, got, want)
		}
	}
}

func TestAListMayBeChangedByItsReader(t *testing.T) {
	library.DefaultPurposes()[0].Label = "changed"
	if library.DefaultPurposes()[0].Label == "changed" {
		t.Error("a reader changed the list of everybody")
	}
}

func TestDocumentsBearTheirFields(t *testing.T) {
	all := library.Fields()
	for _, kind := range library.IdentityKinds() {
		var fields []string
		for _, d := range library.DocumentFields(kind) {
			fields = append(fields, d.Field)
			if !slices.Contains(all, d.Field) {
				t.Errorf("%s bears the unknown field %s", kind, d.Field)
			}
		}
		if !slices.Contains(fields, library.FieldName) || slices.Contains(fields, library.FieldNIK) != kind.HasNIK() {
			t.Errorf("%s bears %v", kind, fields)
		}
		for _, field := range library.NotOnDocument(kind) {
			if slices.Contains(fields, field) {
				t.Errorf("%s bears %s and does not", kind, field)
			}
		}
	}
	for _, c := range []struct {
		kind   library.IdentityKind
		absent []string
		borne  []string
	}{
		{library.KTP, []string{library.FieldEducation, library.FieldPhone}, []string{library.FieldOccupation}},
		{library.IKD, []string{library.FieldEducation}, []string{library.FieldOccupation}},
		{library.KIA, []string{library.FieldEducation, library.FieldOccupation}, nil},
		{library.KK, []string{library.FieldPhone}, []string{library.FieldEducation, library.FieldOccupation}},
		{library.Passport, []string{library.FieldAddress}, nil},
	} {
		missing := library.NotOnDocument(c.kind)
		for _, field := range c.absent {
			if !slices.Contains(missing, field) {
				t.Errorf("%s should lack %s", c.kind, field)
			}
		}
		for _, field := range c.borne {
			if slices.Contains(missing, field) {
				t.Errorf("%s should bear %s", c.kind, field)
			}
		}
	}
	if len(library.DocumentFields("sim")) != 0 || library.IdentityKind("sim").Valid() {
		t.Error("an unknown document bears fields")
	}
}
