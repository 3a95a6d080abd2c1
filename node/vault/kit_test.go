package vault

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"
)

func TestWordsSeal(t *testing.T) {
	code, err := NewRecoveryCode(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewRecoveryCode(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	want := []byte("keys of a centre")
	sealed, err := SealWithWords(rand.Reader, code, "kit", want)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := UnsealWithWords(code, "kit", sealed); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%q, %v", got, err)
	}
	damaged := bytes.Clone(sealed)
	damaged[len(damaged)-1] ^= 1
	for name, tt := range map[string]struct {
		code    RecoveryCode
		purpose string
		sealed  []byte
		want    error
	}{
		"other words":     {other, "kit", sealed, ErrWrongSecret},
		"no words":        {RecoveryCode{}, "kit", sealed, ErrWrongSecret},
		"another purpose": {code, "other", sealed, ErrWrongSecret},
		"damaged":         {code, "kit", damaged, ErrWrongSecret},
		"cut short":       {code, "kit", sealed[:20], ErrSealed},
		"something else":  {code, "kit", append([]byte{9}, sealed[1:]...), ErrSealed},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := UnsealWithWords(tt.code, tt.purpose, tt.sealed); !errors.Is(err, tt.want) || got != nil {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	if _, err := SealWithWords(rand.Reader, RecoveryCode{}, "kit", want); !errors.Is(err, ErrWrongSecret) {
		t.Errorf("no words seal: %v", err)
	}
}
