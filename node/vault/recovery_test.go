package vault

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The list is printed on sheets: these properties are what lets people's slips be understood.
func TestTheWordList(t *testing.T) {
	words := recoveryWords()
	if len(words) != wordCount || !slices.IsSorted(words) {
		t.Fatalf("%d words, sorted %v", len(words), slices.IsSorted(words))
	}
	starts := map[string]string{}
	for i, w := range words {
		if len(w) < 3 || len(w) > 8 || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" {
			t.Errorf("%q is not 3 to 8 plain letters", w)
		}
		start := w[:min(4, len(w))]
		if other, taken := starts[start]; taken {
			t.Errorf("%s and %s start alike", other, w)
		}
		starts[start] = w
		for _, other := range words[:i] {
			if oneSlip(w, other) {
				t.Errorf("%s is one slip from %s", w, other)
			}
		}
	}
}

// The same bits must give the same words for ever.
func TestASheetOfTheFirstRelease(t *testing.T) {
	code, err := NewRecoveryCode(bytes.NewReader([]byte("0123456789abcdefghijklmnopqrstuvwxyz")))
	if err != nil {
		t.Fatal(err)
	}
	const want = "asuh macan atom makmur bagan jagung sorot jalur suasana janji sukses jasa sumber jelajah pesona"
	if got := strings.Join(code.Words(), " "); got != want {
		t.Fatalf("words are now\n%s", got)
	}
}

func drawCode(t *rapid.T) RecoveryCode {
	code, err := NewRecoveryCode(bytes.NewReader(rapid.SliceOfN(rapid.Byte(), 28, 28).Draw(t, "random")))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestCodesAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := drawCode(t)
		words := code.Words()
		var sheet, shouted strings.Builder
		for i, w := range words {
			fmt.Fprintf(&sheet, "%2d. %s\r\n", i+1, w)
			fmt.Fprintf(&shouted, " -%s,", strings.ToUpper(w))
		}
		for _, typed := range []string{strings.Join(words, " "), sheet.String(), shouted.String()} {
			if got, err := ParseRecoveryCode(typed); err != nil || got != code {
				t.Fatalf("%q: %v", typed, err)
			}
		}
	})
}

// slip makes one typing mistake in a word.
func slip(t *rapid.T, w string) string {
	at := rapid.IntRange(0, len(w)-1).Draw(t, "at")
	letter := string(rune('a' + rapid.IntRange(0, 25).Draw(t, "letter")))
	switch rapid.SampledFrom([]string{"wrong", "missing", "added", "swapped"}).Draw(t, "slip") {
	case "wrong":
		return w[:at] + letter + w[at+1:]
	case "missing":
		return w[:at] + w[at+1:]
	case "added":
		return w[:at] + letter + w[at:]
	}
	at = min(at, len(w)-2)
	return w[:at] + w[at+1:at+2] + w[at:at+1] + w[at+2:]
}

func TestASlipIsForgivenOrNamedButNeverMisread(t *testing.T) {
	forgiven, tried := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		code := drawCode(t)
		words := code.Words()
		n := rapid.IntRange(0, RecoveryWords-1).Draw(t, "word")
		words[n] = slip(t, words[n])
		got, err := ParseRecoveryCode(strings.Join(words, " "))
		tried++
		if err == nil && got == code {
			forgiven++
			return
		}
		var problem *RecoveryError
		if !errors.As(err, &problem) {
			t.Fatalf("%q was read as another code", words[n])
		}
		if problem.Problem == RecoveryUnknown && problem.Word != n+1 {
			t.Fatalf("word %d was wrong, %d is named", n+1, problem.Word)
		}
	})
	if forgiven*10 < tried*9 {
		t.Errorf("only %d of %d slips were forgiven", forgiven, tried)
	}
}

func TestWhatIsNotACode(t *testing.T) {
	words := newCode(t).Words()
	other := slices.Clone(words)
	other[3] = recoveryWords()[0]
	if words[3] == other[3] {
		other[3] = recoveryWords()[1]
	}
	nonsense := slices.Clone(words)
	nonsense[6] = "xyzzyx"
	for name, c := range map[string]struct {
		typed string
		want  RecoveryError
	}{
		"nothing":     {"", RecoveryError{Problem: RecoveryCount}},
		"one missing": {strings.Join(words[1:], " "), RecoveryError{Problem: RecoveryCount, Count: 14}},
		"unknown":     {strings.Join(nonsense, " "), RecoveryError{Problem: RecoveryUnknown, Word: 7}},
		"a book":      {strings.Repeat("abadi ", 5000), RecoveryError{Problem: RecoveryCount}},
	} {
		_, err := ParseRecoveryCode(c.typed)
		var got *RecoveryError
		if !errors.As(err, &got) || *got != c.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	code, err := ParseRecoveryCode(strings.Join(other, " "))
	var got *RecoveryError
	// One wrong word in 1,024 fits the check by chance; then it is another code, and the slot refuses it.
	if err == nil && slices.Equal(code.Words(), other) {
		return
	}
	if !errors.As(err, &got) || got.Problem != RecoveryCheck {
		t.Errorf("another word of the list: %v", err)
	}
}

func TestConfirmingOneWord(t *testing.T) {
	code, err := NewRecoveryCode(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	words := code.Words()
	for i, w := range words {
		if !code.Confirms(i+1, " "+strings.ToUpper(w)+" ") || !code.Confirms(i+1, fmt.Sprintf("%d. %s", i+1, w)) {
			t.Errorf("word %d is not confirmed by %q", i+1, w)
		}
		if next := words[(i+1)%len(words)]; next != w && code.Confirms(i+1, next) {
			t.Errorf("word %d is confirmed by %q", i+1, next)
		}
	}
	for _, n := range []int{-1, 0, 16} {
		if code.Confirms(n, words[0]) {
			t.Errorf("word %d is confirmed", n)
		}
	}
	if code.Confirms(1, "") || code.Confirms(1, words[0]+" "+words[0]) {
		t.Error("nothing, or two words, are confirmed")
	}
}
