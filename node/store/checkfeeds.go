package store

import (
	"context"

	"simpul/sync/wire"
)

// checkFeeds proves that every row of the centre is what its checksum says, and
// that the checksums of the partitions are those of their rows.
func (s *Store) checkFeeds(ctx context.Context, r *CheckReport) error {
	have := map[wire.Partition]wire.Sum{}
	rows, err := s.query(ctx, "SELECT part, key, kind, sum, bucket, body FROM bases")
	if err := collect(rows, err, func(scan func(...any) error) error {
		var b base
		var sum int64
		var bucket uint8
		if err := scan(&b.part, &b.key, &b.kind, &sum, &bucket, &b.body); err != nil {
			return err
		}
		plain, err := b.open(s)
		if err != nil {
			r.add("seal", "%v", err)
			return nil
		}
		made := (&wire.Row{Kind: b.kind, Key: b.key, Body: plain}).Sum()
		if made.Total != uint64(sum) || bucket != wire.Bucket(b.key) {
			r.add("row", "a row of partition %d differs from its checksum", b.part)
		}
		have[b.part] = have[b.part].Add(made)
		return nil
	}); err != nil {
		return err
	}
	rows, err = s.query(ctx, "SELECT part, count, total FROM feeds")
	return collect(rows, err, func(scan func(...any) error) error {
		var part wire.Partition
		var count, total int64
		if err := scan(&part, &count, &total); err != nil {
			return err
		}
		if want := (wire.Sum{Count: uint64(count), Total: uint64(total)}); want != have[part] {
			r.add("row", "partition %d has rows that make %v, not %v", part, have[part], want)
		}
		return nil
	})
}
