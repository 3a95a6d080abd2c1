package desk

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
)

// MakeKeyFile writes a file with which the vault opens at start without a person:
// whoever has that file and this disk reads everything. The file must not exist.
// An earlier key file opens nothing any more.
func (d *Desk) MakeKeyFile(ctx context.Context, who Actor, path string) error {
	if err := who.may(library.ManageSettings); err != nil {
		return err
	}
	if !filepath.IsAbs(path) {
		return library.Invalid(library.Problem{Field: "key_file", Key: "problem.folder"})
	}
	content, err := vault.NewKeyFile(d.Rand)
	if err != nil {
		return fmt.Errorf("desk: key file: %w", err)
	}
	key, err := vault.ParseKeyFile(content)
	if err != nil {
		return fmt.Errorf("desk: key file: %w", err)
	}
	slot, err := d.Vault.AddSlot(ctx, key)
	if err != nil {
		return told(fmt.Errorf("desk: key slot: %w", err))
	}
	if err := writeNew(path, content); err != nil {
		return library.Invalid(library.Problem{Field: "key_file", Key: "problem.file_not_written"})
	}
	_, err = d.write(ctx, library.ID{}, func(tx *store.Tx) error {
		return tx.PutSlot(store.Slot{Owner: store.KeyFileOwner, Slot: slot})
	})
	if err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// writeNew writes a file that only its owner reads, and refuses to overwrite.
func writeNew(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// HasKeyFile reports whether this node may start without a person.
func (d *Desk) HasKeyFile(ctx context.Context) (bool, error) {
	slots, err := d.Store.Slots(ctx)
	if err != nil {
		return false, told(err)
	}
	for _, s := range slots {
		if s.Slot.Kind == vault.KeyFileSlot {
			return true, nil
		}
	}
	return false, nil
}

// DropKeyFile takes the key file's access away and changes the data key, as when
// an officer leaves. The file itself lies where it was put.
func (d *Desk) DropKeyFile(ctx context.Context, who Actor) error {
	if err := who.may(library.ManageSettings); err != nil {
		return err
	}
	if _, err := d.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.DropSlot(store.KeyFileOwner) }); err != nil {
		return err
	}
	return d.rotate(ctx)
}
