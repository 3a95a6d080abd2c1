package store

import (
	"simpul/node/vault"
	"simpul/sync/wire"
)

func (tx *Tx) staleFeed(now []byte) (out []sealedValue, _ error) {
	rows, err := tx.query("SELECT partition, branch, key, body FROM feed WHERE body IS NOT NULL AND substr(body, 1, 3) <> ? LIMIT ?", now, resealChunk)
	err = collect(rows, err, func(scan func(...any) error) error {
		var part wire.Partition
		var branch, key, body []byte
		if err := scan(&part, &branch, &key, &body); err != nil {
			return err
		}
		out = append(out, sealedValue{feedPlace(part, key), body, "UPDATE feed SET body = ? WHERE partition = ? AND branch = ? AND key = ?", []any{part, branch, key}})
		return nil
	})
	return out, err
}

func (tx *Tx) staleHeld(now []byte) (out []sealedValue, _ error) {
	rows, err := tx.query("SELECT stream, first, last, head, batch FROM held_batches WHERE substr(batch, 1, 3) <> ? LIMIT ?", now, resealChunk)
	err = collect(rows, err, func(scan func(...any) error) error {
		var stream, head, batch []byte
		var first, last uint64
		if err := scan(&stream, &first, &last, &head, &batch); err != nil {
			return err
		}
		out = append(out, sealedValue{heldPlace(stream, first, last, head), batch,
			"UPDATE held_batches SET batch = ? WHERE stream = ? AND first = ? AND last = ? AND head = ?", []any{stream, first, last, head}})
		return nil
	})
	return out, err
}

func heldPlace(stream []byte, first, last uint64, head []byte) vault.Place {
	row := append([]byte{}, stream...)
	for _, n := range []uint64{first, last} {
		for shift := 56; shift >= 0; shift -= 8 {
			row = append(row, byte(n>>shift))
		}
	}
	return vault.Place{Table: "held_batches", Row: append(row, head...), Column: "batch"}
}
