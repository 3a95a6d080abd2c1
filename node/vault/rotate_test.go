package vault

import (
	"bytes"
	"errors"
	"slices"
	"sync"
	"testing"
)

func TestARemovedOfficerOpensNothingNew(t *testing.T) {
	n := newNode(t)
	leaving := n.add(t, Password("gerimis di kota lama"))
	before := mustSeal(t, n.Vault, "before", place)

	change, err := n.Rotate([]Slot{n.recovery, n.officer})
	if err != nil {
		t.Fatal(err)
	}
	during := mustSeal(t, n.Vault, "during", place)
	change.Adopt()
	change.Discard() // as a deferred one would
	after := mustSeal(t, n.Vault, "after", place)

	for name, c := range map[string]struct {
		sealed []byte
		want   Epoch
	}{"before": {before, 1}, "during": {during, 1}, "after": {after, 2}} {
		if got, err := EpochOf(c.sealed); err != nil || got != c.want {
			t.Errorf("%s: epoch %d, %v", name, got, err)
		}
	}
	stayed, err := restarted(t, change.Slots, Password(sari))
	if err != nil {
		t.Fatal(err)
	}
	wantPlain(t, stayed, before, place, "before")
	wantPlain(t, stayed, after, place, "after")

	gone, err := restarted(t, []Slot{leaving}, Password("gerimis di kota lama"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = gone.Unseal(after, place)
	wantErr(t, err, ErrEpoch)
}

func TestTagsAndBoxesOutliveARotation(t *testing.T) {
	n := newNode(t)
	oldTag, err := n.Tag("nik", "3510014107990001")
	if err != nil {
		t.Fatal(err)
	}
	oldKey, err := n.BoxKey()
	if err != nil {
		t.Fatal(err)
	}
	change, err := n.Rotate([]Slot{n.recovery})
	if err != nil {
		t.Fatal(err)
	}
	change.Adopt()

	tags, err := n.Tags("nik", "3510014107990001")
	if err != nil || len(tags) != 2 || !bytes.Equal(tags[1], oldTag) || bytes.Equal(tags[0], oldTag) {
		t.Fatalf("tags %x, %v; the old one was %x", tags, err, oldTag)
	}
	if newest, err := n.Tag("nik", "3510014107990001"); err != nil || !bytes.Equal(newest, tags[0]) {
		t.Fatalf("newest tag %x, %v", newest, err)
	}
	if key, err := n.BoxKey(); err != nil || !bytes.Equal(key, change.BoxKey) || bytes.Equal(key, oldKey) {
		t.Fatalf("box key %x, %v", key, err)
	}
	for _, key := range [][]byte{oldKey, change.BoxKey} {
		boxed, err := n.Box(key, []byte("kunjungan"))
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := n.Unbox(boxed); err != nil || string(plain) != "kunjungan" {
			t.Fatalf("%q, %v", plain, err)
		}
	}
}

// A failed or ambiguous transaction between Rotate and Adopt must lose nothing, whichever slots were stored.
func TestAChangeThatIsNotFinished(t *testing.T) {
	for name, finish := range map[string]func(node, *Change){
		"discarded": func(_ node, c *Change) { c.Discard(); c.Adopt() },
		"closed":    func(n node, c *Change) { n.Close(); c.Adopt() },
		"closed and reopened": func(n node, c *Change) {
			n.Close()
			_, _ = n.Open(t.Context(), []Slot{n.officer}, Password(sari))
			c.Adopt()
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := newNode(t)
			change, err := n.Rotate([]Slot{n.recovery, n.officer})
			if err != nil {
				t.Fatal(err)
			}
			_, err = n.Rotate([]Slot{n.recovery})
			wantErr(t, err, ErrChanging)
			_, err = n.AddSlot(t.Context(), Password(sari))
			wantErr(t, err, ErrChanging)
			sealed := mustSeal(t, n.Vault, "in between", place)
			finish(n, change)
			for _, stored := range [][]Slot{{n.recovery, n.officer}, change.Slots} {
				v, err := restarted(t, stored, Password(sari))
				if err != nil {
					t.Fatal(err)
				}
				wantPlain(t, v, sealed, place, "in between")
			}
		})
	}
}

func TestWhoMayBeSealedTo(t *testing.T) {
	n, other := newNode(t), newNode(t)
	planted := n.officer
	planted.Public = other.officer.Public
	for name, c := range map[string]struct {
		slots []Slot
		want  error
	}{
		"nobody":              {nil, ErrNoRecovery},
		"no recovery":         {[]Slot{n.officer}, ErrNoRecovery},
		"slot of another":     {[]Slot{n.recovery, other.officer}, ErrForeign},
		"another public key":  {[]Slot{n.recovery, planted}, ErrForeign},
		"slot without fields": {[]Slot{n.recovery, {Kind: OfficerSlot}}, ErrDamaged},
	} {
		_, err := n.Rotate(c.slots)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestDroppingAnEpoch(t *testing.T) {
	n := newNode(t)
	slots := []Slot{n.recovery, n.officer}
	old := mustSeal(t, n.Vault, "old", place)
	for _, number := range []Epoch{0, 1, 2} {
		_, err := n.DropEpoch(number, slots)
		wantErr(t, err, ErrEpoch)
	}
	change, err := n.Rotate(slots)
	if err != nil {
		t.Fatal(err)
	}
	change.Adopt()
	stale := slots
	change, err = n.DropEpoch(1, change.Slots)
	if err != nil {
		t.Fatal(err)
	}
	change.Adopt()
	if epochs, err := n.Epochs(); err != nil || !slices.Equal(epochs, []Epoch{2}) {
		t.Fatalf("epochs %v, %v", epochs, err)
	}
	_, err = n.Unseal(old, place)
	wantErr(t, err, ErrEpoch)

	// An old slot that signs in does not bring the dropped key back, and Refresh gives it the new ring.
	if _, err := n.Open(t.Context(), stale, Password(sari)); err != nil {
		t.Fatal(err)
	}
	_, err = n.Unseal(old, place)
	wantErr(t, err, ErrEpoch)
	fresh, err := n.Refresh([]Slot{stale[1], change.Slots[0]})
	if err != nil || len(fresh) != 1 || fresh[0].ID != stale[1].ID {
		t.Fatalf("refreshed %d slots, %v", len(fresh), err)
	}
	v, err := restarted(t, fresh, Password(sari))
	if err != nil {
		t.Fatal(err)
	}
	wantPlain(t, v, mustSeal(t, n.Vault, "new", place), place, "new")
}

// The vault was opened with a slot that missed a rotation; the next officer's slot brings the newer keys.
func TestSigningInBringsNewerKeys(t *testing.T) {
	n := newNode(t)
	change, err := n.Rotate([]Slot{n.recovery, n.officer})
	if err != nil {
		t.Fatal(err)
	}
	change.Adopt()
	sealed := mustSeal(t, n.Vault, "new", place)

	v, err := restarted(t, []Slot{n.officer}, Password(sari))
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.Unseal(sealed, place)
	wantErr(t, err, ErrEpoch)
	if _, err := v.Open(t.Context(), change.Slots, Recovery(n.code)); err != nil {
		t.Fatal(err)
	}
	wantPlain(t, v, sealed, place, "new")
	_, err = v.Open(t.Context(), []Slot{newNode(t).officer}, Password(sari))
	wantErr(t, err, ErrForeign)
}

// Run with -race: people work while keys rotate and the vault is opened and closed.
func TestManyAtOnce(t *testing.T) {
	n := newNode(t)
	slots := []Slot{n.recovery, n.officer}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 200 {
				sealed, err := n.Seal([]byte("Wayan"), place)
				if err != nil {
					if !errors.Is(err, ErrClosed) {
						t.Error(err)
					}
					continue
				}
				plain, err := n.Unseal(sealed, place)
				if err == nil && string(plain) != "Wayan" || err != nil && !errors.Is(err, ErrClosed) {
					t.Errorf("%q, %v", plain, err)
				}
				if _, err := n.Tags("nik", "1"); err != nil && !errors.Is(err, ErrClosed) {
					t.Error(err)
				}
			}
		})
	}
	group.Go(func() {
		for i := range 20 {
			if change, err := n.Rotate(slots); err == nil {
				slots = change.Slots
				change.Adopt()
			}
			if i%5 == 4 {
				n.Close()
			}
			if _, err := n.Open(t.Context(), slots, Password(sari)); err != nil {
				t.Error(err)
			}
		}
	})
	group.Wait()
}
