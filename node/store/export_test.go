package store

import (
	"context"
	"database/sql"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// Exec lets tests damage a database.
func (tx *Tx) Exec(query string, args ...any) error { return tx.exec(query, args...) }

// NewStream makes the next event open a new stream first, as after a restore.
func (s *Store) NewStream(ctx context.Context, reason string) error {
	_, err := s.Write(ctx, event.ID{}, func(tx *Tx) error {
		tx.s.log.state.renew = reason
		return nil
	})
	return err
}

// MakeSchema makes a database as an earlier release left it.
func MakeSchema(ctx context.Context, opt Options, version int64) error {
	if err := os.MkdirAll(opt.Dir, 0o700); err != nil {
		return err
	}
	s := &Store{opt: opt}
	if err := s.openPools(ctx); err != nil {
		return err
	}
	defer s.closeFiles()
	if err := s.conn.Close(); err != nil {
		return err
	}
	s.conn = nil
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.write, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = p.UpTo(ctx, version)
	return err
}

// ParseErased says how many bytes of a file of erasures are whole lines.
func ParseErased(data []byte) int {
	_, whole := parseErased(data)
	return whole
}

// Damage changes a copy that nobody has open.
func Damage(ctx context.Context, name, query string) error {
	db, err := sql.Open("sqlite", dsn(name, "rw"))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, query)
	return err
}

// LoseRows takes rows of a partition away as if they had never come.
func (tx *Tx) LoseRows(part wire.Partition, below int) error {
	if err := tx.exec("DELETE FROM bases WHERE part = ? AND bucket < ?", part, below); err != nil {
		return err
	}
	sums, err := bucketSums(tx.query, part)
	if err != nil {
		return err
	}
	var all wire.Sum
	for _, sum := range sums {
		all = all.Add(sum)
	}
	return tx.exec("UPDATE feeds SET count = ?, total = ? WHERE part = ?", int64(all.Count), int64(all.Total), part)
}
