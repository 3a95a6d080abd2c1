package library_test

import (
	"testing"

	"pgregory.net/rapid"
	"simpul/node/library"
)

func drawNumber(t *rapid.T) library.MemberNumber {
	n, err := library.NewMemberNumber(rapid.IntRange(1, 999).Draw(t, "code"), rapid.IntRange(1970, 2150).Draw(t, "year"),
		rapid.IntRange(0, 9).Draw(t, "incarnation"), rapid.IntRange(0, 99999).Draw(t, "serial"))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMemberNumber(t *testing.T) {
	n, err := library.NewMemberNumber(14, 2026, 0, 123)
	if err != nil || n.Grouped() != "014 26 0 00123 7" || n.String() != "014260001237" {
		t.Fatalf("%v, %v", n.Grouped(), err)
	}
	if n.Code() != 14 || n.Year() != 2026 || n.Incarnation() != 0 || n.Serial() != 123 {
		t.Errorf("parts %d %d %d %d", n.Code(), n.Year(), n.Incarnation(), n.Serial())
	}
}

func TestMemberNumberIsReadAsPrintedTypedAndScanned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNumber(t)
		for _, s := range []string{n.String(), n.Grouped(), "\x02" + n.String() + "\r\n", "]C0" + n.String() + "\t", string(n[:3] + "-" + n[3:])} {
			if got, err := library.ParseMemberNumber(s); err != nil || got != n {
				t.Fatalf("ParseMemberNumber(%q) = %v, %v", s, got, err)
			}
		}
		again, err := library.NewMemberNumber(n.Code(), n.Year(), n.Incarnation(), n.Serial())
		if err != nil || again != n {
			t.Fatalf("from its parts %v became %v, %v", n, again, err)
		}
	})
}

func TestCheckDigitFindsEveryWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNumber(t)
		for place := range len(n) {
			for digit := byte('0'); digit <= '9'; digit++ {
				wrong := []byte(n)
				wrong[place] = digit
				if got, err := library.ParseMemberNumber(string(wrong)); err == nil && got != n {
					t.Fatalf("%v passes for %v", got, n)
				}
			}
		}
	})
}

func TestCheckDigitFindsEverySwapOfNeighbours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNumber(t)
		for place := range len(n) - 1 {
			wrong := []byte(n)
			wrong[place], wrong[place+1] = wrong[place+1], wrong[place]
			if got, err := library.ParseMemberNumber(string(wrong)); err == nil && got != n {
				t.Fatalf("%v passes for %v", got, n)
			}
		}
	})
}

func TestMemberNumberRefuses(t *testing.T) {
	for _, c := range [][4]int{{0, 2026, 0, 1}, {1000, 2026, 0, 1}, {-1, 2026, 0, 1}, {1, -1, 0, 1}, {1, 2026, 10, 1}, {1, 2026, -1, 1}, {1, 2026, 0, 100000}, {1, 2026, 0, -1}} {
		if n, err := library.NewMemberNumber(c[0], c[1], c[2], c[3]); err == nil {
			t.Errorf("NewMemberNumber%v = %v", c, n)
		}
	}
	for s, key := range map[string]string{
		"": library.KeyNumberShape, "01426000123": library.KeyNumberShape, "0142600012377": library.KeyNumberShape,
		"01426000123A": library.KeyNumberShape, "014260001236": library.KeyNumberCheck, "3510054101050003": library.KeyNumberShape,
		"000000000000": library.KeyNumberShape,
	} {
		if _, err := library.ParseMemberNumber(s); err == nil || err.(*library.Error).Key != key {
			t.Errorf("ParseMemberNumber(%q): %v", s, err)
		}
	}
	foreign := library.MemberNumber("P-2019/00045")
	if foreign.Valid() || foreign.Grouped() != "P-2019/00045" || foreign.Code() != -1 || foreign.Year() != -1 {
		t.Error("a number of another system is taken for ours")
	}
}

func FuzzParseMemberNumber(f *testing.F) {
	for _, s := range []string{"014260001237", "014 26 0 00123 7\r\n", "]C0014260001237", "000000000000", "P-2019/00045"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := library.ParseMemberNumber(s)
		if err == nil && !n.Valid() || err != nil && n != "" {
			t.Fatalf("ParseMemberNumber(%q) = %v, %v", s, n, err)
		}
	})
}
