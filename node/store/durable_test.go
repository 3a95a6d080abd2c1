package store_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"simpul/node/photo"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
)

// sealer seals photos as a node does.
type sealer struct{ v *vault.Vault }

func (s sealer) SealFile(hash [32]byte, plain []byte) ([]byte, error) {
	return s.v.SealFile(hash, plain)
}
func (s sealer) OpenFile(hash [32]byte, sealed []byte) ([]byte, error) {
	return s.v.UnsealFile(hash, sealed)
}

func TestDurableIsWhatAComparedCopyHolds(t *testing.T) {
	ctx := context.Background()
	a := newSender(1)
	c := openCentre(t, a)
	photos, err := photo.NewFiles(filepath.Join(c.dir, "photos"), sealer{c.vault})
	if err != nil {
		t.Fatal(err)
	}
	picture := []byte("a photo")
	salt := a.newSalt()
	a.say(salt, event.RegistrationOpened, &event.Opening{Source: "desk"})
	a.say(salt, event.PhotoAttached, &event.Photo{Card: sha256.Sum256(picture)})
	a.visit()
	c.take(t, a.taking(c.now.UnixMilli(), a.batch(1, a.head())))
	c.apply(t)
	second := filepath.Join(t.TempDir(), "second")
	durable := func() uint64 {
		t.Helper()
		f, err := c.ForeignStream(ctx, a.stream)
		if err != nil {
			t.Fatal(err)
		}
		return f.Durable
	}
	backUp := func() string {
		t.Helper()
		name, err := c.BackupTo(ctx, second, filepath.Join(c.dir, "photos"), 3)
		if err != nil {
			t.Fatal(err)
		}
		c.now = c.now.Add(1e9)
		return name
	}
	prove := func(name string) error { return c.ProveCopy(ctx, name, filepath.Join(second, "photos")) }

	if err := prove(backUp()); err != nil || durable() != a.head()-2 {
		t.Fatalf("before the photo came: %d, %v", durable(), err)
	}
	hash, err := photos.Put(picture)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.PhotosArrived(ctx, []event.Hash{hash}, true); err != nil {
		t.Fatal(err)
	}
	name := backUp()
	kept := filepath.Join(second, "photos")
	if err := os.Rename(kept, kept+".away"); err != nil {
		t.Fatal(err)
	}
	if err := prove(name); !errors.Is(err, store.ErrCopy) || durable() != a.head()-2 {
		t.Fatalf("a copy without its photos: %d, %v", durable(), err)
	}
	if err := os.Rename(kept+".away", kept); err != nil {
		t.Fatal(err)
	}
	if err := prove(name); err != nil || durable() != a.head() {
		t.Fatalf("with the photo: %d of %d, %v", durable(), a.head(), err)
	}
	a.visit()
	c.take(t, a.taking(c.now.UnixMilli(), a.batch(a.head(), a.head())))
	c.apply(t)
	if err := prove(name); err != nil || durable() != a.head()-1 {
		t.Fatalf("an older copy: %d of %d, %v", durable(), a.head(), err)
	}
	for what, damage := range map[string]string{
		"an event that differs": "UPDATE events SET hash = chain WHERE seq = 2",
		"a body that differs":   "UPDATE events SET body = substr(body, 1, 20) WHERE seq = (SELECT MAX(head) FROM foreign_streams)",
		"an event less":         "DELETE FROM events WHERE seq = (SELECT MAX(head) FROM foreign_streams)",
		"another epoch":         "UPDATE local SET value = substr(value, 2) WHERE key = 'centre_epoch'",
	} {
		name := backUp()
		if err := store.Damage(ctx, name, damage); err != nil {
			t.Fatal(err)
		}
		if err := prove(name); !errors.Is(err, store.ErrCopy) || durable() != a.head()-1 {
			t.Errorf("%s: durable %d, %v", what, durable(), err)
		}
	}
	if err := prove(backUp()); err != nil || durable() != a.head() {
		t.Fatalf("a whole copy: %d, %v", durable(), err)
	}
	clean(t, c.Store)
}
