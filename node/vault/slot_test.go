package vault

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestANewPasswordReplacesTheOld(t *testing.T) {
	n := newNode(t)
	const fresh = "perahu kertas di muara"
	_, err := n.Rewrap(t.Context(), n.officer, Password("salah"), Password(fresh))
	wantErr(t, err, ErrWrongSecret)
	_, err = n.Rewrap(t.Context(), n.officer, Password(sari), Password(""))
	wantErr(t, err, ErrWrongSecret)
	_, err = n.Rewrap(t.Context(), n.officer, Password(sari), Recovery(n.code))
	wantErr(t, err, ErrNoSlot)

	changed, err := n.Rewrap(t.Context(), n.officer, Password(sari), Password(fresh))
	if err != nil {
		t.Fatal(err)
	}
	if changed.ID != n.officer.ID || bytes.Equal(changed.Public, n.officer.Public) {
		t.Fatal("the slot should keep its id and change its key pair")
	}
	if _, err := restarted(t, []Slot{changed}, Password(fresh)); err != nil {
		t.Fatal(err)
	}
	_, err = restarted(t, []Slot{changed}, Password(sari))
	wantErr(t, err, ErrWrongSecret)
}

func TestSlotsFollowTheCost(t *testing.T) {
	n := newNode(t)
	dearer, err := New(rand.Reader, Params{Memory: 128, Time: 1, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := dearer.Open(t.Context(), []Slot{n.officer}, Password(sari)); err != nil {
		t.Fatal(err)
	}
	if n.Outdated(n.officer) || !dearer.Outdated(n.officer) {
		t.Fatal("outdated is the slot of another cost")
	}
	again, err := dearer.Rewrap(t.Context(), n.officer, Password(sari), Password(sari))
	if err != nil || dearer.Outdated(again) {
		t.Fatal(again.Params, err)
	}
	_, err = New(rand.Reader, Params{Memory: 1 << 30, Time: 1, Threads: 1})
	wantErr(t, err, ErrParams)
}

func TestOpenWaitsItsTurnOnlyAsLongAsAsked(t *testing.T) {
	n := newNode(t)
	n.hashing <- struct{}{} // someone else is signing in
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, slots := range [][]Slot{{n.officer}, nil} {
		_, err := n.Open(ctx, slots, Password(sari))
		wantErr(t, err, context.Canceled)
	}
	<-n.hashing
	if _, err := n.Open(t.Context(), []Slot{n.officer}, Password(sari)); err != nil {
		t.Fatal(err)
	}
}

func TestCreateOnlyOnce(t *testing.T) {
	n := newNode(t)
	_, err := n.Create(t.Context(), n.code)
	wantErr(t, err, ErrExists)
	_, err = newVault(t).Create(t.Context(), RecoveryCode{})
	wantErr(t, err, ErrWrongSecret)
	_, err = n.AddSlot(t.Context(), Credential{})
	wantErr(t, err, ErrWrongSecret)
	_, err = n.AddSlot(t.Context(), CentreKey([32]byte{1}))
	wantErr(t, err, ErrNoSlot)
	_, err = n.AddCentre([32]byte{})
	wantErr(t, err, ErrDamaged)
}

func TestSecretsDoNotPrintThemselves(t *testing.T) {
	code := newCode(t)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		out := fmt.Sprintf(verb+verb, Password("rahasia"), code)
		if out != "[credential][recovery code]" {
			t.Errorf("%s prints %s", verb, out)
		}
	}
}

func TestSlotBytes(t *testing.T) {
	n := newNode(t)
	public, _, err := NewCentreKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	centre, err := n.AddCentre(public)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []Slot{n.recovery, n.officer, centre} {
		b, err := s.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var back Slot
		if err := back.UnmarshalBinary(b); err != nil {
			t.Fatal(err)
		}
		if len(back.Salt) == 0 { // nil and empty are the same slot
			back.Salt, back.WrappedPrivate = s.Salt, s.WrappedPrivate
		}
		if !reflect.DeepEqual(back, s) {
			t.Fatalf("came back as %+v", back)
		}
		for n := range b {
			if new(Slot).UnmarshalBinary(b[:n]) == nil {
				t.Fatalf("read from the first %d bytes", n)
			}
		}
		wantErr(t, back.UnmarshalBinary(append(b, 0)), ErrDamaged)
	}
	_, err = Slot{}.MarshalBinary()
	wantErr(t, err, ErrDamaged)
}

func TestKeyFile(t *testing.T) {
	content, err := NewKeyFile(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseKeyFile(content); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{
		"empty": nil, "cut": content[:len(content)-1], "longer": append(bytes.Clone(content), '\n'),
		"another file": []byte(strings.Repeat("x", len(content))),
	} {
		if _, err := ParseKeyFile(bad); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range content {
		bent := bytes.Clone(content)
		bent[i] ^= 4
		if _, err := ParseKeyFile(bent); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d: %v", i, err)
		}
	}
}
