package vault

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Lengths of passwords, in characters. There are no rules of composition (ASVS 5.0, 6.2).
const (
	PasswordMin = 8
	PasswordMax = 256
)

// PasswordReason says why a new password is refused; the values are message keys.
type PasswordReason string

// The reasons, in the order CheckPassword returns them.
const (
	PasswordShort   PasswordReason = "password.short"
	PasswordLong    PasswordReason = "password.long"
	PasswordCommon  PasswordReason = "password.common"  // much used, or a much used word with digits around it
	PasswordPattern PasswordReason = "password.pattern" // one piece repeated, or a run like 12345678
	PasswordContext PasswordReason = "password.context" // little more than the name of the library, the login, …
)

// contextLeast is the shortest piece of a context word that counts: "umum" does, "di" does not.
const contextLeast = 4

//go:embed common.txt
var commonText string

var commonPasswords = sync.OnceValue(func() map[string]struct{} {
	words := strings.Fields(commonText)
	set := make(map[string]struct{}, len(words))
	for _, w := range words {
		set[w] = struct{}{}
	}
	return set
})

// CheckPassword returns why a new password should not be taken; nothing when it is good. context are words an
// attacker would try here: the login, the person's name, the library's name, its place. A password may mention
// them when at least PasswordMin other characters stand beside them.
func CheckPassword(password string, context ...string) []PasswordReason {
	var reasons []PasswordReason
	length := utf8.RuneCountInString(password)
	if length < PasswordMin {
		reasons = append(reasons, PasswordShort)
	}
	if length > PasswordMax {
		return append(reasons, PasswordLong)
	}
	plain := fold(password)
	if isCommon(plain) {
		reasons = append(reasons, PasswordCommon)
	}
	if isPattern(plain) {
		reasons = append(reasons, PasswordPattern)
	}
	if rest := without(plain, context); rest != plain && utf8.RuneCountInString(rest) < PasswordMin {
		reasons = append(reasons, PasswordContext)
	}
	return reasons
}

// fold brings a password to the form the lists are in: lower case, without spaces.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// isCommon looks the password up as it is, and without the digits and marks around it ("sayang123", "!admin2025").
func isCommon(plain string) bool {
	if plain == "" {
		return false
	}
	core := strings.TrimFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) })
	for _, s := range []string{plain, core, unleet.Replace(plain), unleet.Replace(core)} {
		if _, ok := commonPasswords()[s]; ok {
			return true
		}
	}
	return false
}

// unleet undoes the usual letters written as digits.
var unleet = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s")

// isPattern finds one piece of up to four characters repeated, and runs up or down the alphabet or the digits.
func isPattern(plain string) bool {
	runes := []rune(plain)
	if len(runes) < 3 {
		return len(runes) > 0
	}
	for piece := 1; piece <= 4; piece++ {
		if len(runes) > piece && allEvery(runes, piece, func(a, b rune) bool { return a == b }) {
			return true
		}
	}
	up := func(a, b rune) bool { return b == a+1 || (a == '9' && b == '0') }
	return allEvery(runes, 1, up) || allEvery(runes, 1, func(a, b rune) bool { return up(b, a) })
}

// allEvery reports whether fits holds between every character and the one step places after it.
func allEvery(runes []rune, step int, fits func(a, b rune) bool) bool {
	for i := step; i < len(runes); i++ {
		if !fits(runes[i-step], runes[i]) {
			return false
		}
	}
	return true
}

// without takes the context words, and each of their parts of contextLeast characters or more, out of a folded password.
func without(plain string, context []string) string {
	for _, phrase := range context {
		parts := append([]string{phrase}, strings.FieldsFunc(phrase, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r)
		})...)
		for _, part := range parts {
			if part = fold(part); utf8.RuneCountInString(part) >= contextLeast {
				plain = strings.ReplaceAll(plain, part, "")
			}
		}
	}
	return plain
}
