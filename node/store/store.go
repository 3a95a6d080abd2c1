// Package store keeps the log and its projections in one SQLite file.
//
// A write goes through [Store.Write]: one function, one savepoint, inside the
// group commit of a single writer. Its answer comes after COMMIT with fsync, so
// what the caller is told has been saved is saved. Readers never wait for the
// writer.
//
// The store seals what may not lie on a disk in clear (it imports vault, never
// the reverse) and speaks SQL that SQLite and PostgreSQL both take. It knows no
// use case: what may be written when is decided in node/desk.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"simpul/node/vault"
	"simpul/sync/event"
	"simpul/sync/merge"
	"simpul/sync/wire"
)

// Errors that callers tell apart.
var (
	ErrInUse    = errors.New("store: the data directory is in use by another process")
	ErrNewer    = errors.New("store: the data was written by a newer version of Simpul")
	ErrNotFound = errors.New("store: not found")
	ErrErased   = fmt.Errorf("%w: erased", ErrNotFound)
	ErrFull     = fmt.Errorf("store: %w", wire.ErrFull)
	ErrClosed   = errors.New("store: closed")
)

// Options say where the data is and hand in everything that is not reproducible.
type Options struct {
	Dir     string
	Now     func() time.Time     // the PC's clock
	Mono    func() time.Duration // since this boot, never backwards
	Boot    uint32               // random for each start of the process
	Rand    io.Reader
	Zone    *time.Location // of the library; decides which day a visit is on
	Machine string         // a mark of this PC; "" when it can't be read
	Vault   *vault.Vault
	Log     *slog.Logger
	// Committed is called by the writer after each COMMIT, in commit order, and
	// must not block for long.
	Committed func(Commit)
	// Memory holds the database in place of a file in Dir; for the simulator.
	Memory *Memory
}

// Commit is what one group commit changed, in order.
type Commit struct {
	Position uint64
	Changes  []any // *merge.Person, *merge.Visit, … as they stand after the commit
}

// Store is one data directory. All methods are safe for concurrent use.
type Store struct {
	opt   Options
	vault *vault.Vault
	lock  *flock.Flock
	mark  *highWater

	read  *sql.DB
	write *sql.DB
	conn  *sql.Conn // the writer's only connection

	stmts readStmts
	salts *recent[event.Salt]
	// states of people as they were committed last. Nobody changes one: the
	// writer goes on from a clone. They count only while the vault is open.
	states *recent[*merge.Person]

	decided  atomic.Pointer[Decisions] // as committed; nil is not read yet
	erased   *erasedFile
	replayed []Erased

	queue chan *job
	done  chan struct{}
	stop  sync.Once

	tags atomic.Pointer[tagKeys] // of the district's duplicate tags

	// The writer's own; nobody else may touch them.
	log writerLog
}

// FileName is the database in a data directory.
const FileName = "simpul.db"

// Open locks the directory, brings the schema up to date (with a backup before
// each migration) and starts the writer. A second Open of the same directory
// returns ErrInUse.
func Open(ctx context.Context, opt Options) (_ *Store, err error) {
	if err := os.MkdirAll(opt.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	s := &Store{opt: opt, vault: opt.Vault, salts: newRecent[event.Salt](4096), states: newRecent[*merge.Person](256),
		queue: make(chan *job, 256), done: make(chan struct{})}
	s.lock = flock.New(filepath.Join(opt.Dir, "lock"))
	held, err := s.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("store: lock: %w", err)
	}
	if !held {
		return nil, ErrInUse
	}
	defer func() {
		if err != nil {
			s.closeFiles()
		}
	}()
	if err := s.openPools(ctx); err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, err
	}
	if s.mark, err = openHighWater(opt.Dir + ".mark"); err != nil {
		return nil, err
	}
	if s.erased, err = openErased(opt.Dir + ".erased"); err != nil {
		return nil, err
	}
	if err := s.loadHeads(ctx); err != nil {
		return nil, err
	}
	go s.run()
	if err := s.replayErasures(ctx); err != nil {
		s.stop.Do(func() { close(s.queue) })
		<-s.done
		return nil, err
	}
	return s, nil
}

// openPools opens one writing connection and a few read-only ones. Settings go
// through the DSN because a pragma run on a pool reaches one connection only.
func (s *Store) openPools(ctx context.Context) error {
	var err error
	if s.write, err = sql.Open("sqlite", s.source("rwc",
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "cell_size_check(1)",
		"secure_delete(FAST)", "journal_size_limit(67108864)", "wal_autocheckpoint(6000)", "cache_size(-8000)", "temp_store(MEMORY)")); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	s.write.SetMaxOpenConns(1)
	if s.conn, err = s.write.Conn(ctx); err != nil {
		return fmt.Errorf("store: open %s: %w", FileName, kind(err))
	}
	if s.opt.Memory != nil {
		if err := s.fill(ctx); err != nil {
			return err
		}
	}
	if s.read, err = sql.Open("sqlite", s.source("ro",
		"busy_timeout(10000)", "query_only(1)", "cache_size(-2000)", "temp_store(MEMORY)")); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	s.read.SetMaxOpenConns(4)
	s.read.SetMaxIdleConns(4)
	return nil
}

// dsn builds the connection string; path may hold spaces, '#', '?' and, on
// Windows, a drive letter.
func dsn(path, mode string, pragmas ...string) string {
	path = filepath.ToSlash(path)
	if !filepath.IsAbs(path) {
		if abs, err := filepath.Abs(path); err == nil {
			path = filepath.ToSlash(abs)
		}
	}
	if path[0] != '/' {
		path = "/" + path
	}
	q := url.Values{"mode": {mode}, "_txlock": {"immediate"}, "_pragma": pragmas}
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	return u.String()
}

// Close waits for the writer, checkpoints and releases the directory.
func (s *Store) Close() error {
	s.stop.Do(func() { close(s.queue) })
	<-s.done
	return s.closeFiles()
}

func (s *Store) closeFiles() error {
	var errs []error
	s.stmts.close()
	if s.opt.Memory != nil && s.read != nil {
		errs = append(errs, s.opt.Memory.release(s))
	}
	for _, st := range s.log.stmts {
		errs = append(errs, st.Close())
	}
	if s.conn != nil {
		errs = append(errs, s.conn.Close())
	}
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.mark != nil {
		errs = append(errs, s.mark.Close())
	}
	if s.erased != nil {
		errs = append(errs, s.erased.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Unlock())
	}
	return errors.Join(errs...)
}

// kind maps SQLite's result codes to the errors of this package; never by text.
func kind(err error) error {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return err
	}
	switch se.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case sqlite3.SQLITE_IOERR:
		if se.Code() == sqlite3.SQLITE_IOERR_WRITE || se.Code() == sqlite3.SQLITE_IOERR_FSYNC {
			return fmt.Errorf("%w: %w", ErrFull, err)
		}
	}
	return err
}
