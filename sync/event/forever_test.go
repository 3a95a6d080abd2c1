package event

import (
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"
	"testing"
)

// testdata/forever.txt remembers every number that was ever given out: types
// ("type number" → name and body) and keys ("body key" → field and its Go type).
// Lines are added, never changed: a number of something removed stays taken.
const foreverFile = "testdata/forever.txt"

func numbersInCode(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	names := map[string]Type{}
	for _, typ := range Types() {
		if other, twice := names[typ.String()]; twice {
			t.Errorf("types %d and %d are both called %s", other, typ, typ)
		}
		names[typ.String()] = typ
		body := reflect.TypeOf(types[typ].body()).Elem()
		out[fmt.Sprintf("type %d", typ)] = typ.String() + " " + body.Name()

		keys := map[string]string{}
		for i := range body.NumField() {
			f := body.Field(i)
			parts := strings.Split(f.Tag.Get("cbor"), ",")
			if len(parts) < 2 || parts[1] != "keyasint" || strings.TrimLeft(parts[0], "0123456789") != "" || parts[0] == "" || parts[0] == "0" {
				t.Errorf("%s.%s has no number as its key: %s", body.Name(), f.Name, f.Tag)
			}
			if other, twice := keys[parts[0]]; twice {
				t.Errorf("%s: %s and %s share key %s", body.Name(), other, f.Name, parts[0])
			}
			keys[parts[0]] = f.Name
			out[body.Name()+" "+parts[0]] = f.Name + " " + strings.ReplaceAll(f.Type.String(), "event.", "")
		}
	}
	return out
}

func TestNumbersAreForEver(t *testing.T) {
	text, err := os.ReadFile(foreverFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	given := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		key, value, _ := strings.Cut(line, " = ")
		if _, twice := given[key]; twice {
			t.Errorf("%s stands twice in %s", key, foreverFile)
		}
		given[key] = value
	}
	var added []string
	for key, value := range numbersInCode(t) {
		switch was, ok := given[key]; {
		case !ok && *update:
			added = append(added, key+" = "+value+"\n")
		case !ok:
			t.Errorf("%q is new: go test ./sync/event -update adds it", key)
		case was != value:
			t.Errorf("%q was %q and is now %q: take a new number", key, was, value)
		}
	}
	if len(added) > 0 {
		sort.Strings(added)
		if err := os.WriteFile(foreverFile, []byte(string(text)+strings.Join(added, "")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTypesListsAll(t *testing.T) {
	if len(Types()) != len(types) {
		t.Errorf("Types lists %d of %d types", len(Types()), len(types))
	}
	for i, typ := range Types() {
		if i > 0 && Types()[i-1] >= typ {
			t.Errorf("%s is not in order", typ)
		}
	}
	for _, typ := range []Type{0, 4, 999, 65535} {
		if typ.Known() || typ.String() != "unknown" || typ.Version() != 0 || typ.Aggregate() != NoState || typ.Origin() {
			t.Errorf("type %d is not unknown", typ)
		}
	}
}

func TestFieldNumbers(t *testing.T) {
	for want, f := range map[Field]Field{
		1: FieldIdentity, 2: FieldNIK, 3: FieldIdentityNumber, 4: FieldName, 5: FieldBirthPlace, 6: FieldBirth, 7: FieldSex,
		8: FieldAddress, 9: FieldRT, 10: FieldRW, 11: FieldVillage, 12: FieldDistrict, 13: FieldRegency, 14: FieldPhone,
		15: FieldEmail, 16: FieldEducation, 17: FieldOccupation, 18: FieldInstitution, 19: FieldMemberKind,
		20: FieldGuardianName, 21: FieldGuardianRelation, 22: FieldGuardianPhone, 23: FieldGuardianDocument, 24: FieldStop,
	} {
		if f != want {
			t.Errorf("field %d has become %d", want, f)
		}
	}
}
