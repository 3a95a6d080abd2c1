package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the schema forward. Migrations only add; a database of a newer
// program is refused, and a backup is made before an existing one is changed.
func (s *Store) migrate(ctx context.Context) (err error) {
	if m := s.opt.Memory; m != nil {
		if m.migrated {
			return nil
		}
		defer func() { m.migrated = err == nil }()
	}
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	// The writer's pool has one connection and the writer holds it; goose gets it
	// for the time of the migration.
	if err := s.conn.Close(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer func() {
		conn, cerr := s.write.Conn(ctx)
		s.conn, err = conn, errors.Join(err, cerr)
	}()
	p, err := goose.NewProvider(goose.DialectSQLite3, s.write, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("store: schema version: %w", kind(err))
	}
	sources := p.ListSources()
	newest := sources[len(sources)-1].Version
	if have > newest {
		return fmt.Errorf("%w: schema %d, this program knows %d", ErrNewer, have, newest)
	}
	if have == newest {
		return nil
	}
	if have > 0 {
		name := filepath.Join(s.opt.Dir, "backups", fmt.Sprintf("before-schema-%d.db", newest))
		if err := s.snapshot(ctx, s.write, name); err != nil {
			return fmt.Errorf("store: backup before the migration: %w", err)
		}
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("store: migrate: %w", kind(err))
	}
	return nil
}
