package vault

import (
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

const (
	// RecoveryWords is the number of words on a recovery sheet: 14 of ten random bits each, and one that checks them.
	RecoveryWords = 15

	wordCount     = 1024
	maxCodeLength = 2000 // bytes of typed text that are looked at
)

//go:embed words.txt
var wordText string

// recoveryWords lists the 1,024 words in alphabetical order: plain Indonesian, 3 to 8 letters, each told from the
// others by its first four letters and at least two typing slips away from them. The order is part of every printed sheet:
// never change it.
var recoveryWords = sync.OnceValue(func() []string { return strings.Fields(wordText) })

// RecoveryCode is the secret on the recovery sheet: 140 random bits as words. It never prints itself; Words does.
type RecoveryCode struct {
	indices [RecoveryWords]uint16
}

// NewRecoveryCode draws a code.
func NewRecoveryCode(rand io.Reader) (RecoveryCode, error) {
	var random [2 * (RecoveryWords - 1)]byte
	defer clear(random[:])
	if _, err := io.ReadFull(rand, random[:]); err != nil {
		return RecoveryCode{}, fmt.Errorf("vault: randomness: %w", err)
	}
	var c RecoveryCode
	for i := range RecoveryWords - 1 {
		c.indices[i] = binary.BigEndian.Uint16(random[2*i:]) % wordCount
	}
	c.indices[RecoveryWords-1] = c.checkWord()
	return c, nil
}

// Words returns the words in their order, to be printed and numbered.
func (c RecoveryCode) Words() []string {
	words := make([]string, RecoveryWords)
	for i, n := range c.indices {
		words[i] = recoveryWords()[n]
	}
	return words
}

// Confirms reports whether typed is word number n (from 1) of the sheet, forgiven as ParseRecoveryCode forgives: the
// wizard asks for one word to see that the sheet was printed.
func (c RecoveryCode) Confirms(n int, typed string) bool {
	words := splitWords(typed)
	return n >= 1 && n <= RecoveryWords && len(words) == 1 && slices.Contains(candidates(words[0]), c.indices[n-1])
}

// Format keeps the code out of logs and messages, whatever the verb.
func (c RecoveryCode) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[recovery code]") }

// RecoveryProblem says what is wrong with typed recovery words.
type RecoveryProblem string

// What ParseRecoveryCode may find; the values are message keys.
const (
	RecoveryCount   RecoveryProblem = "recovery.count"   // not 15 words
	RecoveryUnknown RecoveryProblem = "recovery.unknown" // a word that is on no sheet, see Word
	RecoveryCheck   RecoveryProblem = "recovery.check"   // the words do not belong together: one is wrong or misplaced
)

// RecoveryError is returned by ParseRecoveryCode. It quotes nothing of what was typed.
type RecoveryError struct {
	Problem RecoveryProblem
	Word    int // number of the unknown word, from 1
	Count   int // words found, for RecoveryCount
}

func (e *RecoveryError) Error() string { return "vault: recovery code: " + string(e.Problem) }

// ParseRecoveryCode reads typed words. It forgives case, numbers, punctuation, line breaks, and one slip a word
// (a letter wrong, missing, doubled or swapped with its neighbour) as long as only one code can be meant.
func ParseRecoveryCode(typed string) (RecoveryCode, error) {
	words := splitWords(typed)
	if len(words) != RecoveryWords {
		return RecoveryCode{}, &RecoveryError{Problem: RecoveryCount, Count: len(words)}
	}
	codes := []RecoveryCode{{}}
	for i, word := range words {
		near := candidates(word)
		if len(near) == 0 || len(codes)*len(near) > 64 {
			return RecoveryCode{}, &RecoveryError{Problem: RecoveryUnknown, Word: i + 1}
		}
		codes = branch(codes, i, near)
	}
	codes = slices.DeleteFunc(codes, func(c RecoveryCode) bool { return c.indices[RecoveryWords-1] != c.checkWord() })
	if len(codes) != 1 {
		return RecoveryCode{}, &RecoveryError{Problem: RecoveryCheck}
	}
	return codes[0], nil
}

// branch returns every code with every candidate in place i.
func branch(codes []RecoveryCode, i int, near []uint16) []RecoveryCode {
	out := make([]RecoveryCode, 0, len(codes)*len(near))
	for _, c := range codes {
		for _, n := range near {
			c.indices[i] = n
			out = append(out, c)
		}
	}
	return out
}

func splitWords(typed string) []string {
	if len(typed) > maxCodeLength {
		return nil
	}
	return strings.FieldsFunc(strings.ToLower(typed), func(r rune) bool { return r < 'a' || r > 'z' })
}

// candidates returns the listed words that the typed one can stand for: itself, else all at one slip's distance.
func candidates(typed string) []uint16 {
	words := recoveryWords()
	if at, ok := slices.BinarySearch(words, typed); ok {
		return []uint16{uint16(at)}
	}
	var near []uint16
	for i, w := range words {
		if oneSlip(typed, w) {
			near = append(near, uint16(i))
		}
	}
	return near
}

// oneSlip reports whether one letter was changed, left out, added, or swapped with its neighbour.
func oneSlip(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(b)-len(a) == 1 {
		return a[i:] == b[i+1:]
	}
	if len(a) != len(b) || i == len(a) {
		return false
	}
	return a[i+1:] == b[i+1:] ||
		(i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:])
}

// secret is the code as bytes for the key derivation, without the word that only checks.
func (c RecoveryCode) secret() []byte {
	out := make([]byte, 0, 2*(RecoveryWords-1))
	for _, n := range c.indices[:RecoveryWords-1] {
		out = binary.BigEndian.AppendUint16(out, n)
	}
	return out
}

func (c RecoveryCode) checkWord() uint16 {
	sum := sha256.Sum256(append([]byte("simpul recovery sheet"), c.secret()...))
	return binary.BigEndian.Uint16(sum[:]) % wordCount
}
