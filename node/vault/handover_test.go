package vault

import (
	"crypto/rand"
	"testing"
)

var witnessPlace = Place{Table: "secrets", Row: []byte("node key"), Column: "value"}

// handing is a node that has joined a centre, and the hand-over it asks for.
type handing struct {
	node
	centre  [32]byte // private
	private [32]byte
	slots   []Slot
	ask     Handover
}

func newHanding(t testing.TB) handing {
	t.Helper()
	n := newNode(t)
	public, centre, err := NewCentreKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	slot, err := n.AddCentre(public)
	if err != nil {
		t.Fatal(err)
	}
	to, private, err := NewHandoverKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return handing{n, centre, private, []Slot{n.recovery, n.officer, slot}, Handover{slot, to, mustSeal(t, n.Vault, "whose", witnessPlace), witnessPlace}}
}

func (h handing) handed(t testing.TB) Slot {
	t.Helper()
	slot, witness, err := HandOver(rand.Reader, h.centre, h.ask)
	if err != nil || string(witness) != "whose" {
		t.Fatalf("witness %q, %v", witness, err)
	}
	return slot
}

func TestTheCentreHandsTheKeysBack(t *testing.T) {
	h := newHanding(t)
	sealed := mustSeal(t, h.Vault, "Ayu Lestari", witnessPlace)
	slot := h.handed(t)
	v := newVault(t)
	if err := v.CheckHanded(h.slots, slot, h.private); err != nil || v.IsOpen() {
		t.Fatalf("looked at: %v, open %t", err, v.IsOpen())
	}
	if err := v.TakeHanded(h.slots, slot, h.private); err != nil {
		t.Fatal(err)
	}
	wantPlain(t, v, sealed, witnessPlace, "Ayu Lestari")
	// On a vault that is open already (a key file) it is only checked.
	if err := h.TakeHanded(h.slots, slot, h.private); err != nil {
		t.Error(err)
	}
}

func TestWhatTheCentreDoesNotHandOver(t *testing.T) {
	h, other := newHanding(t), newHanding(t)
	_, stranger, err := NewCentreKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	// A ring of somebody's own, in the slot of another node.
	mixed := other.ask
	mixed.Slot.SealedRing = replantedRing(t, h.node, mixed.Slot)
	for name, c := range map[string]struct {
		centre [32]byte
		change func(*Handover)
		want   error
	}{
		"another centre's":       {stranger, func(*Handover) {}, ErrWrongSecret},
		"an officer's slot":      {h.centre, func(a *Handover) { a.Slot = h.officer }, ErrNoSlot},
		"a slot that is damaged": {h.centre, func(a *Handover) { a.Slot.SealedRing = a.Slot.SealedRing[:20] }, ErrDamaged},
		"another node's witness": {h.centre, func(a *Handover) { a.Witness = other.ask.Witness }, ErrSealed},
		"no witness":             {h.centre, func(a *Handover) { a.Witness = nil }, ErrSealed},
		"a key that hides none":  {h.centre, func(a *Handover) { a.To = [32]byte{} }, ErrDamaged},
		"another node's slot":    {other.centre, func(a *Handover) { *a = mixed }, ErrForeign},
	} {
		t.Run(name, func(t *testing.T) {
			ask := h.ask
			c.change(&ask)
			slot, witness, err := HandOver(rand.Reader, c.centre, ask)
			wantErr(t, err, c.want)
			if slot.SealedRing != nil || witness != nil {
				t.Error("something came out all the same")
			}
		})
	}
}

func TestWhatANodeDoesNotTakeBack(t *testing.T) {
	h, other := newHanding(t), newHanding(t)
	slot := h.handed(t)
	change, err := h.Rotate(h.slots)
	if err != nil {
		t.Fatal(err)
	}
	change.Adopt()
	// Keys of somebody's own, sealed to the right key.
	forged := other.ask
	forged.To = h.ask.To
	planted, _, err := HandOver(rand.Reader, other.centre, forged)
	if err != nil {
		t.Fatal(err)
	}
	damaged := slot
	damaged.Public = damaged.Public[:31]
	for name, c := range map[string]struct {
		own     []Slot
		handed  Slot
		private [32]byte
		want    error
	}{
		"of another hand-over":            {h.slots, slot, other.private, ErrWrongSecret},
		"with keys of another":            {h.slots, planted, h.private, ErrForeign},
		"of before the keys changed":      {change.Slots, slot, h.private, ErrEpoch},
		"an officer's slot":               {h.slots, h.officer, h.private, ErrNoSlot},
		"with nothing to prove it":        {nil, slot, h.private, ErrNoSlot},
		"damaged":                         {h.slots, damaged, h.private, ErrDamaged},
		"with a slot that was slipped in": {append([]Slot{other.officer}, h.slots...), slot, h.private, ErrForeign},
	} {
		t.Run(name, func(t *testing.T) {
			v := newVault(t)
			wantErr(t, v.CheckHanded(c.own, c.handed, c.private), c.want)
			wantErr(t, v.TakeHanded(c.own, c.handed, c.private), c.want)
			if v.IsOpen() {
				t.Error("it opened all the same")
			}
		})
	}
}
