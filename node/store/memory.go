package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"sync"

	sqlite "modernc.org/sqlite"

	"simpul/sync/event"
	"simpul/sync/wire"
)

// ErrDead is what every call gets after the power went out, see [Memory.DieAt].
var ErrDead = errors.New("store: the power is out")

// Memory keeps a database in this process instead of in the data directory, for
// the simulator: it opens in well under a millisecond, can be copied as it was at
// its last commit, and can lose its power between any two commits. Everything
// else of a store (the lock, the mark beside the directory) stays as it is, and
// so does what its user sees, but for one thing: SQLite keeps such a database
// without a write-ahead log, so nobody may read through the store from inside
// [Store.Write], nor write from inside a reading loop.
//
// It outlives its store: a store that is opened with it again finds what the one
// before had committed. One store at a time.
type Memory struct {
	mu       sync.Mutex
	image    []byte // as it was when no store had it open
	migrated bool   // the image has the schema of this program
	store    *Store
	left     int // commits until the power goes out; 0 when it stays
	kept     bool
	dead     bool
}

// NewMemory is a database with nothing in it.
func NewMemory() *Memory { return new(Memory) }

// Copy is a second database with what this one had committed: a backup, a cloned
// disk, or what the disk holds after the power went out. It has power.
func (m *Memory) Copy() (*Memory, error) {
	image, err := m.Image()
	if err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return &Memory{image: image, migrated: m.migrated}, nil
}

// Image is the database file as the last commit left it, nil when there is none.
// Nobody may change it.
func (m *Memory) Image() ([]byte, error) {
	m.mu.Lock()
	s, image := m.store, m.image
	m.mu.Unlock()
	if s == nil {
		return image, nil
	}
	return s.image()
}

// DieAt takes the power away at the n-th commit from now, counted from 1: before
// it, or right after it when kept is set, so that its caller never hears of it.
// n = 0 takes nothing away.
func (m *Memory) DieAt(n int, kept bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.left, m.kept = n, kept
}

// Dead reports whether the power went out. Close the store then, and open a Copy.
func (m *Memory) Dead() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dead
}

// Discard lets go of the database: the store keeps nothing of it when it closes.
func (m *Memory) Discard() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dead, m.store = true, nil
}

// commit runs a COMMIT, or the end of the power instead of it or after it. A
// commit that came too late is rolled back, as the journal would be.
func (m *Memory) commit(commit func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return ErrDead
	}
	if m.left > 0 {
		if m.left--; m.left == 0 {
			m.dead = true
			if !m.kept {
				return ErrDead
			}
		}
	}
	if err := commit(); err != nil {
		return err
	}
	if m.dead {
		return ErrDead
	}
	return nil
}

// power is ErrDead once it went out.
func (s *Store) power() error {
	if s.opt.Memory != nil && s.opt.Memory.Dead() {
		return ErrDead
	}
	return nil
}

// commit ends the group's transaction.
func (s *Store) commit(ctx context.Context) error {
	st, err := s.prepared(ctx, "COMMIT")
	if err != nil {
		return err
	}
	end := func() error { _, err := st.ExecContext(ctx); return err }
	if s.opt.Memory != nil {
		return s.opt.Memory.commit(end)
	}
	return end()
}

// LimitPages makes the disk full at a number of pages more than there are now;
// below 0 there is room again.
func (s *Store) LimitPages(ctx context.Context, more int) error {
	j := &job{ctx: ctx, reply: make(chan error, 1), alone: func(conn *sql.Conn) error {
		most := int64(1 << 30)
		if more >= 0 {
			if err := conn.QueryRowContext(ctx, "PRAGMA page_count").Scan(&most); err != nil {
				return kind(err)
			}
			most += int64(more)
		}
		var have int64
		return conn.QueryRowContext(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", most)).Scan(&have)
	}}
	if err := s.enqueue(ctx, j); err != nil {
		return err
	}
	return <-j.reply
}

// source names the database for a connection.
func (s *Store) source(mode string, pragmas ...string) string {
	path := dsn(filepath.Join(s.opt.Dir, FileName), mode, pragmas...)
	if s.opt.Memory == nil {
		return path
	}
	u, err := url.Parse(path)
	if err != nil {
		return path
	}
	// SQLite's own VFS for databases in memory; those whose name begins with a
	// slash are shared by the connections of a process.
	q := u.Query()
	q.Set("vfs", "memdb")
	// Most pages of a simulated PC are nearly empty: small ones are quicker to
	// copy, and a reader of memory gains nothing from a cache.
	q["_pragma"] = append([]string{"page_size(1024)"}, q["_pragma"]...)
	if mode == "ro" {
		q.Add("_pragma", "cache_size(20)")
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// fill puts the image where the store's connections find it. One of them is open
// already, or the database would be gone again at the end.
func (s *Store) fill(ctx context.Context) error {
	m := s.opt.Memory
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.store != nil {
		return ErrInUse
	}
	if m.dead {
		return ErrDead
	}
	if m.image != nil {
		db, err := sql.Open("sqlite", ":memory:")
		if err != nil {
			return fmt.Errorf("store: image: %w", err)
		}
		defer db.Close()
		if err := onConn(ctx, db, func(c memoryConn) error { return copyInto(c, m.image, s.source("rwc")) }); err != nil {
			return fmt.Errorf("store: image: %w", kind(err))
		}
	}
	m.store, m.image = s, nil
	return nil
}

// memoryConn is what the driver offers beside database/sql.
type memoryConn interface {
	Serialize() ([]byte, error)
	Deserialize([]byte) error
	NewBackup(string) (*sqlite.Backup, error)
}

func copyInto(c memoryConn, image []byte, target string) error {
	if err := c.Deserialize(image); err != nil {
		return err
	}
	b, err := c.NewBackup(target)
	if err != nil {
		return err
	}
	_, err = b.Step(-1)
	return errors.Join(err, b.Finish())
}

func onConn(ctx context.Context, db *sql.DB, f func(memoryConn) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(c any) error { return f(c.(memoryConn)) })
}

func (s *Store) image() (image []byte, err error) {
	err = onConn(context.Background(), s.read, func(c memoryConn) error {
		image, err = c.Serialize()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: image: %w", kind(err))
	}
	return image, nil
}

// release keeps what was committed for the next store.
func (m *Memory) release(s *Store) error {
	m.mu.Lock()
	mine := m.store == s
	m.mu.Unlock()
	if !mine {
		return nil
	}
	image, err := s.image()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.store, m.image = nil, image
	return err
}

// EveryEvent calls f with every event of the database, own and foreign, stream
// by stream in the order of their ids: what a disk holds, whatever the tables of
// streams say. For the simulator.
func (s *Store) EveryEvent(ctx context.Context, f func(event.Record) error) error {
	return s.eachEvent(ctx, f, "1 = 1 ORDER BY stream, seq")
}

// EachRow calls f with every row that a node holds of a partition, as the centre
// sent it. For the simulator.
func (s *Store) EachRow(ctx context.Context, part wire.Partition, f func(wire.Row) error) error {
	rows, err := s.query(ctx, "SELECT key, kind, pos, body FROM bases WHERE part = ? ORDER BY key", part)
	return collect(rows, err, func(scan func(...any) error) error {
		r, sealed := wire.Row{}, []byte{}
		if err := scan(&r.Key, &r.Kind, &r.Pos, &sealed); err != nil {
			return err
		}
		var err error
		if r.Body, err = (base{part, r.Key, r.Kind, sealed}).open(s); err != nil {
			return err
		}
		return f(r)
	})
}
