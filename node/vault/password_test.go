package vault

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPasswords(t *testing.T) {
	library := []string{"wulandari", "Perpustakaan Umum Kabupaten Banyuwangi"}
	for password, want := range map[string][]PasswordReason{
		"hujan di bulan juni":                    nil,
		"perpustakaan penuh buku tua":            nil, // mentions the library, and says enough besides
		"kopi-tubruk-7":                          nil,
		"日曜日に図書館へ行く":                             nil,
		"":                                       {PasswordShort},
		"x7kq2mv":                                {PasswordShort},
		"budi":                                   {PasswordShort, PasswordCommon},
		"password":                               {PasswordCommon},
		"P@ssw0rd":                               {PasswordCommon},
		"Bismillah":                              {PasswordCommon},
		"sayang123456":                           {PasswordCommon},
		"!!admin2025":                            {PasswordCommon},
		"aku sayang kamu":                        {PasswordCommon},
		"12345678":                               {PasswordCommon, PasswordPattern},
		"345678901234":                           {PasswordPattern},
		"zyxwvutsr":                              {PasswordPattern},
		"xkxkxkxkxk":                             {PasswordPattern},
		"jjjjjjjjjj":                             {PasswordPattern},
		"wulandari99":                            {PasswordContext},
		"umum-KABUPATEN":                         {PasswordContext},
		"Perpustakaan Umum Kabupaten Banyuwangi": {PasswordContext},
		strings.Repeat("kapal laut ", 23):        nil,
		strings.Repeat("kapal laut ", 24):        {PasswordLong},
	} {
		if got := CheckPassword(password, library...); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", password, got, want)
		}
	}
}

func TestTheListOfCommonPasswords(t *testing.T) {
	words := strings.Fields(commonText)
	if len(words) < 1000 || !slices.IsSorted(words) || len(commonPasswords()) != len(words) {
		t.Fatalf("%d words, %d different", len(words), len(commonPasswords()))
	}
	for _, w := range words {
		if w != fold(w) {
			t.Errorf("%q would never be found", w)
		}
		if len(w) >= PasswordMin && !slices.Contains(CheckPassword(w), PasswordCommon) {
			t.Errorf("%q is taken", w)
		}
	}
}

// Nobody's recovery sheet words, strung together, are refused: a passphrase of four of them is a good password.
func TestPassphrasesAreTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfNDistinct(rapid.SampledFrom(recoveryWords()), 4, 4, rapid.ID).Draw(t, "words")
		if got := CheckPassword(strings.Join(words, " "), "sri"); len(got) > 0 {
			t.Fatalf("%v: %v", words, got)
		}
	})
}

func FuzzCheckPassword(f *testing.F) {
	f.Add("hujan di bulan juni", "perpustakaan")
	f.Add("\xff\xfe00000", "\xff")
	f.Add("", "")
	f.Fuzz(func(t *testing.T, password, context string) {
		reasons := CheckPassword(password, context)
		if len([]rune(password)) < PasswordMin && !slices.Contains(reasons, PasswordShort) {
			t.Fatalf("%q is taken", password)
		}
	})
}
