package vault

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"testing"
)

// cheap is a cost for tests: what is tested is who gets in, not how long it takes.
var cheap = Params{Memory: 64, Time: 1, Threads: 1}

func newVault(t testing.TB) *Vault {
	t.Helper()
	v, err := New(rand.Reader, cheap)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func newCode(t testing.TB) RecoveryCode {
	t.Helper()
	code, err := NewRecoveryCode(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// node is a vault as a node leaves set-up: open, with a recovery slot and one officer.
type node struct {
	*Vault
	code     RecoveryCode
	recovery Slot
	officer  Slot
}

const sari = "hujan di bulan juni"

func newNode(t testing.TB) node {
	t.Helper()
	return newNodeFrom(t, rand.Reader)
}

func newNodeFrom(t testing.TB, random io.Reader) node {
	t.Helper()
	v, err := New(random, cheap)
	if err != nil {
		t.Fatal(err)
	}
	n := node{Vault: v}
	if n.code, err = NewRecoveryCode(random); err != nil {
		t.Fatal(err)
	}
	if n.recovery, err = n.Create(context.Background(), n.code); err != nil {
		t.Fatal(err)
	}
	n.officer = n.add(t, Password(sari))
	return n
}

func (n node) add(t testing.TB, c Credential) Slot {
	t.Helper()
	s, err := n.AddSlot(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// restarted is the same node after a restart: what the store kept, and nothing else.
func restarted(t testing.TB, slots []Slot, c Credential) (*Vault, error) {
	t.Helper()
	v := newVault(t)
	_, err := v.Open(context.Background(), slots, c)
	return v, err
}

func mustSeal(t testing.TB, v *Vault, plain string, at Place) []byte {
	t.Helper()
	sealed, err := v.Seal([]byte(plain), at)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func wantPlain(t testing.TB, v *Vault, sealed []byte, at Place, want string) {
	t.Helper()
	got, err := v.Unseal(sealed, at)
	if err != nil || string(got) != want {
		t.Fatalf("unsealed %q, %v; want %q", got, err, want)
	}
}

func wantErr(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("error %v, want %v", got, want)
	}
}

var place = Place{Table: "member", Row: []byte{0, 1, 2, 3}, Column: "name"}

func TestEverySlotOpensTheSameKeys(t *testing.T) {
	n := newNode(t)
	content, err := NewKeyFile(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParseKeyFile(content)
	if err != nil {
		t.Fatal(err)
	}
	public, private, err := NewCentreKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	centre, err := n.AddCentre(public)
	if err != nil {
		t.Fatal(err)
	}
	slots := []Slot{n.recovery, n.officer, n.add(t, key), centre}
	sealed := mustSeal(t, n.Vault, "Wayan Kertasih", place)
	n.Close()

	for name, c := range map[string]Credential{
		"officer": Password(sari), "recovery": Recovery(n.code), "key file": key, "centre": CentreKey(private),
	} {
		v, err := restarted(t, slots, c)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		wantPlain(t, v, sealed, place, "Wayan Kertasih")
	}
}

func TestWhoDoesNotGetIn(t *testing.T) {
	n := newNode(t)
	other := newNode(t)
	_, private, err := NewCentreKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	slots := []Slot{n.recovery, n.officer}
	damaged := n.officer
	damaged.SealedRing = bytes.Clone(damaged.SealedRing)
	damaged.SealedRing[40] ^= 1
	cheaper := n.officer
	cheaper.Params.Memory /= 2
	planted := n.officer
	planted.SealedRing = replantedRing(t, other, n.officer)

	for name, c := range map[string]struct {
		slots      []Slot
		credential Credential
		want       error
	}{
		"wrong password":           {slots, Password("hujan di bulan juli"), ErrWrongSecret},
		"empty password":           {slots, Password(""), ErrWrongSecret},
		"officer without a slot":   {slots[:1], Password(sari), ErrWrongSecret},
		"another sheet":            {slots, Recovery(other.code), ErrWrongSecret},
		"no sheet at all":          {slots, Recovery(RecoveryCode{}), ErrWrongSecret},
		"no centre slot":           {slots, CentreKey(private), ErrNoSlot},
		"nothing":                  {slots, Credential{}, ErrNoSlot},
		"damaged ring":             {[]Slot{damaged}, Password(sari), ErrDamaged},
		"cost changed on disk":     {[]Slot{cheaper}, Password(sari), ErrWrongSecret},
		"ring of another vault":    {[]Slot{planted}, Password(sari), ErrForeign},
		"slot with fields cut off": {[]Slot{{Kind: OfficerSlot, Params: cheap}}, Password(sari), ErrDamaged},
		"slot that asks for a lot": {[]Slot{hungry(n.officer)}, Password(sari), ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := restarted(t, c.slots, c.credential)
			wantErr(t, err, c.want)
			if v.IsOpen() {
				t.Fatal("the vault is open")
			}
		})
	}
}

func hungry(s Slot) Slot {
	s.Params.Memory = 1 << 31
	return s
}

// replantedRing is what someone who can write to the disk puts there: a ring he knows, sealed to the slot's public key.
func replantedRing(t testing.TB, from node, to Slot) []byte {
	t.Helper()
	if err := from.sealRing(from.ring, &to); err != nil {
		t.Fatal(err)
	}
	return to.SealedRing
}
