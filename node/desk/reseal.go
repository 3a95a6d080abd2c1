package desk

import (
	"context"
	"fmt"

	"simpul/node/vault"
)

// Reseal finishes a change of keys: what was sealed with older data keys is
// sealed again, and then the old keys are forgotten. From then on an old copy of
// a key slot opens nothing that lies on this disk. It does nothing while the
// vault is closed, and nothing when there is one key only.
func (d *Desk) Reseal(ctx context.Context) error {
	if !d.Open() {
		return nil
	}
	epochs, err := d.Vault.Epochs()
	if err != nil || len(epochs) < 2 {
		return told(err)
	}
	newest := epochs[len(epochs)-1]
	if err := d.openBoxes(ctx); err != nil {
		return fmt.Errorf("desk: open the sealed visits: %w", err)
	}
	rows, err := d.Store.Reseal(ctx)
	if err != nil {
		return told(err)
	}
	files, err := d.Photos.Reseal(func(header []byte) bool {
		e, err := vault.EpochOf(header)
		return err == nil && e != newest
	})
	if err != nil {
		return fmt.Errorf("desk: seal photos again: %w", err)
	}
	left, err := d.Store.SealedBefore(ctx, newest)
	if err != nil {
		return told(err)
	}
	if left > 0 {
		return fmt.Errorf("desk: %d values are still sealed with older keys", left)
	}
	for _, old := range epochs[:len(epochs)-1] {
		if err := d.forgetKey(ctx, old); err != nil {
			return err
		}
	}
	d.Log.Info("sealed again after a change of keys", "rows", rows, "files", files)
	return nil
}

func (d *Desk) forgetKey(ctx context.Context, old vault.Epoch) error {
	slots, err := d.Store.Slots(ctx)
	if err != nil {
		return told(err)
	}
	plain := make([]vault.Slot, len(slots))
	for i, s := range slots {
		plain[i] = s.Slot
	}
	change, err := d.Vault.DropEpoch(old, plain)
	if err != nil {
		return fmt.Errorf("desk: forget a data key: %w", err)
	}
	return d.adopt(ctx, slots, change)
}
