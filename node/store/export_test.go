package store

import (
	"context"
	"database/sql"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"
)

// Exec lets tests damage a database.
func (tx *Tx) Exec(query string, args ...any) error { return tx.exec(query, args...) }

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
