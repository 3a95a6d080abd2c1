package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/pem"
	"errors"
	"fmt"

	"simpul/node/desk"
	"simpul/node/library"
	"simpul/node/store"
	"simpul/node/vault"
	"simpul/sync/event"
)

// The recovery kit is the centre's keys under the words of the recovery sheet that
// set-up prints: with both, another PC becomes this centre, and its nodes go on.
// The words, and not a passphrase, because they are drawn (140 bits, nothing to
// guess), because they lie in the safe already, and because a second secret would
// be one more to lose. The kit alone opens nothing, so it may be copied, mailed
// and printed; it goes to another place than the sheet.

const (
	kitBlock   = "SIMPUL RECOVERY KIT"
	kitPurpose = "recovery kit"
	kitLocal   = "recovery_kit"
	keptLocal  = "recovery_kit_kept" // SHA-256 of the kit that was handed out last
	maxKit     = 16 << 10
)

// Kit is what is written into a file and printed.
type Kit struct {
	Text string // the file: an explanation and the sealed keys
	QR   string // the sealed keys alone, for a page
	Name string // of the centre
}

// ErrNoKit is for content that holds no kit.
var ErrNoKit = errors.New("office: no recovery kit in it")

// sealKit puts the keys under the words.
func (o *Office) sealKit(k *Keys, words vault.RecoveryCode) ([]byte, error) {
	small := *k
	small.Cert, small.TLS = nil, nil
	raw, err := event.Encode(small)
	if err != nil {
		return nil, fmt.Errorf("office: kit: %w", err)
	}
	defer clear(raw)
	sealed, err := vault.SealWithWords(o.Rand, words, kitPurpose, raw)
	if err != nil {
		return nil, fmt.Errorf("office: kit: %w", err)
	}
	return sealed, nil
}

// Kit hands out the recovery kit for printing and saving. Who may let PCs in may
// have it; without the sheet it opens nothing.
func (o *Office) Kit(ctx context.Context, who desk.Actor) (Kit, error) {
	if err := o.may(who, library.ManageNodes); err != nil {
		return Kit{}, err
	}
	sealed, err := o.Store.Local(ctx, kitLocal)
	if err != nil {
		return Kit{}, told(err)
	}
	if sealed == nil {
		return Kit{}, library.E(library.KindNotFound, "error.not_found")
	}
	if err := o.noteKept(ctx, sealed); err != nil {
		return Kit{}, err
	}
	name := o.Desk.Settings().Name
	block := pem.EncodeToMemory(&pem.Block{Type: kitBlock, Bytes: sealed})
	return Kit{Name: name, QR: string(block), Text: kitIntroduction(name) + string(block)}, nil
}

// KitKept reports whether the kit as it is now was ever handed out: made and left
// on this PC it burns with it. A rebuilt centre has another than the one it was
// built from.
func (o *Office) KitKept(ctx context.Context) (bool, error) {
	sealed, err := o.Store.Local(ctx, kitLocal)
	if err != nil {
		return false, told(err)
	}
	return o.kept(ctx, sealed)
}

func (o *Office) kept(ctx context.Context, sealed []byte) (bool, error) {
	out, err := o.Store.Local(ctx, keptLocal)
	sum := sha256.Sum256(sealed)
	return bytes.Equal(out, sum[:]), told(err)
}

func (o *Office) noteKept(ctx context.Context, sealed []byte) error {
	if kept, err := o.kept(ctx, sealed); err != nil || kept {
		return err
	}
	sum := sha256.Sum256(sealed)
	_, err := o.write(ctx, library.ID{}, func(tx *store.Tx) error { return tx.PutLocal(keptLocal, sum[:]) })
	return err
}

// kitIntroduction is for whoever finds the file in ten years. It stands in the
// file in both languages because nobody is asked in which to write it.
func kitIntroduction(name string) string {
	return "Paket pemulihan pusat Simpul: " + name + "\n" +
		"Berisi kunci pusat, tersegel dengan kata-kata pada lembar pemulihan. Simpan di tempat lain dari lembar itu.\n" +
		"Bila PC pusat rusak atau hilang: pasang Simpul di PC baru dengan paket ini dan kata-kata itu, maka semua cabang tersambung lagi.\n\n" +
		"Recovery kit of a Simpul centre. It holds the centre's keys, sealed with the words of the recovery sheet; keep it away from\n" +
		"that sheet. On a new PC: simpul setup --role centre --recovery-kit FILE --recovery-words FILE\n\n"
}

// OpenKit reads a kit, from its file or from the text of its QR, with the words of
// the sheet. ErrNoKit when it is something else; vault.ErrWrongSecret when the
// words are of another sheet or the kit is damaged.
func OpenKit(content []byte, words vault.RecoveryCode) (*Keys, error) {
	if len(content) > maxKit {
		return nil, ErrNoKit
	}
	block, _ := pem.Decode(bytes.ReplaceAll(content, []byte("\r\n"), []byte("\n")))
	if block == nil || block.Type != kitBlock {
		return nil, ErrNoKit
	}
	raw, err := vault.UnsealWithWords(words, kitPurpose, block.Bytes)
	if errors.Is(err, vault.ErrSealed) {
		return nil, ErrNoKit
	}
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	k := new(Keys)
	if err := event.Decode(raw, k); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoKit, err)
	}
	if !k.whole() {
		return nil, ErrNoKit
	}
	return k, nil
}

// Resheeted seals the kit with the words of another recovery sheet: the one that was
// handed out before opens with the sheet of before.
func (o *Office) Resheeted(ctx context.Context, tx *store.Tx, words vault.RecoveryCode) error {
	if !o.Centre() {
		return nil
	}
	keys, err := o.Keys(ctx)
	if err != nil {
		return err
	}
	kit, err := o.sealKit(keys, words)
	if err != nil {
		return err
	}
	return keepKit(tx, kit)
}

// keepKit stores the kit as it was sealed: printing it again needs no words.
func keepKit(tx *store.Tx, sealed []byte) error { return tx.PutLocal(kitLocal, sealed) }
