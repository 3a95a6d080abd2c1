package vault

import (
	"bytes"
	"testing"
)

// TestBundleKeyIsOfAge holds the text form to the pair that age's own tests use.
func TestBundleKeyIsOfAge(t *testing.T) {
	identity, recipient, err := NewBundleKey(bytes.NewReader(bytes.Repeat([]byte{0x42}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	if want := "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"; identity != want {
		t.Errorf("identity %s, want %s", identity, want)
	}
	if want := "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"; recipient != want {
		t.Errorf("recipient %s, want %s", recipient, want)
	}
	if _, _, err := NewBundleKey(bytes.NewReader(nil)); err == nil {
		t.Error("a key without randomness")
	}
}
