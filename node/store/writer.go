package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"

	"simpul/sync/event"
	"simpul/sync/merge"
)

// maxGroup bounds how many use cases share one COMMIT.
const maxGroup = 128

// job is one use case waiting for the writer.
type job struct {
	ctx     context.Context
	op      event.ID
	fn      func(*Tx) error
	alone   func(*sql.Conn) error // in place of fn: runs outside any transaction
	reply   chan error
	receipt Receipt
	changes []any
}

// Receipt is what a write returns once it is on the disk.
type Receipt struct {
	Position uint64 // of the commit, for Board.Wait
	Repeated bool   // the operation had been carried out before; nothing was written now
	Result   []byte // what the use case left with Tx.Result
}

// Write runs fn inside the next group commit and returns after the commit is on
// the disk. If fn fails, nothing of it is kept and the others in its group are
// untouched. If op was carried out before, its first result is returned and fn
// has no effect; a zero op is not remembered.
//
// Errors: what fn returned; ErrFull when the disk has no room; ErrClosed.
func (s *Store) Write(ctx context.Context, op event.ID, fn func(*Tx) error) (_ Receipt, err error) {
	j := &job{ctx: ctx, op: op, fn: fn, reply: make(chan error, 1)}
	if err := s.enqueue(ctx, j); err != nil {
		return Receipt{}, err
	}
	// The writer always answers; leaving early would let a caller say "not
	// saved" of something that is.
	err = <-j.reply
	return j.receipt, err
}

func (s *Store) enqueue(ctx context.Context, j *job) (err error) {
	defer func() {
		if recover() != nil { // the queue was closed
			err = ErrClosed
		}
	}()
	select {
	case s.queue <- j:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("store: waiting for the writer: %w", ctx.Err())
	}
}

// run is the single writer.
func (s *Store) run() {
	defer close(s.done)
	for next := range s.queue {
		for next != nil {
			if next.alone != nil {
				next.reply <- next.alone(s.conn)
				break
			}
			next = s.commitGroup(next)
		}
	}
}

// commitGroup commits first and whoever is waiting. It returns a job that has to
// run alone, if it met one.
func (s *Store) commitGroup(first *job) (alone *job) {
	ctx := context.Background() // a group outlives any of its callers
	if err := s.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		first.reply <- kind(err)
		return nil
	}
	group := make([]*job, 0, 8)
	var changes []any
	var broken error
	take := func(j *job) {
		err := s.runJob(j, len(group) == 0)
		switch {
		case errors.Is(err, errBroken):
			broken = err
			group = append(group, j)
		case err != nil:
			j.reply <- err
		default:
			group = append(group, j)
			changes = append(changes, j.changes...)
			s.log.keep(j.changes)
		}
	}
	take(first)
	for more := true; more && broken == nil && len(group) < maxGroup; {
		select {
		case j, ok := <-s.queue:
			switch {
			case !ok:
				more = false
			case j.alone != nil:
				alone, more = j, false
			default:
				take(j)
			}
		default:
			more = false
		}
	}
	s.finish(ctx, group, changes, broken)
	return alone
}

// errBroken says that SQLite gave up the whole transaction in the middle of a
// group, as it may when the disk is full: nothing of the group is there any more.
var errBroken = errors.New("store: the transaction was given up")

// finish commits the group and answers everyone in it. A COMMIT error fails
// them all, and the heads are read again from the disk: what a failed COMMIT
// left is the disk's to say.
func (s *Store) finish(ctx context.Context, group []*job, changes []any, err error) {
	defer clear(s.log.group)
	if len(group) == 0 {
		s.rollback(ctx)
		return
	}
	if err == nil {
		err = s.saveHead(ctx)
	}
	if err == nil {
		err = s.commit(ctx)
	}
	if err != nil {
		err = fmt.Errorf("store: commit: %w", kind(err))
		s.rollback(ctx)
		s.salts.clear()
		s.states.clear()
		s.erased.undo(func(event.ID) bool { return true })
		s.log.decided = nil
		if again := s.loadHeads(ctx); again != nil {
			err = errors.Join(err, again)
		}
	} else {
		if s.log.state.head > 0 && s.log.state.renew == "" {
			if werr := s.mark.write(s.log.state, s.opt.Machine); werr != nil {
				s.opt.Log.Error("high-water file", "err", werr)
			}
		}
		if werr := s.erased.committed(); werr != nil {
			s.opt.Log.Error("file of erasures; the next start writes it", "err", werr)
		}
		for id, p := range s.log.group {
			s.states.put(id, p)
		}
		if s.log.decided != nil {
			s.decided.Store(s.log.decided)
		}
		s.log.position++
		if s.opt.Committed != nil {
			s.opt.Committed(Commit{Position: s.log.position, Changes: changes})
		}
	}
	for _, j := range group {
		if err == nil {
			j.receipt.Position = s.log.position
		}
		j.reply <- err
	}
}

// keep notes whom a use case of the group has changed.
func (l *writerLog) keep(changes []any) {
	if l.group == nil {
		l.group = map[event.ID]*merge.Person{}
	}
	for _, change := range changes {
		switch x := change.(type) {
		case *merge.Person:
			l.group[x.ID] = x
		case Foreign:
			l.group[x.Person.ID] = x.Person
		}
	}
}

// rollback fails harmlessly when SQLite has rolled back by itself.
func (s *Store) rollback(ctx context.Context) {
	if err := s.exec(ctx, "ROLLBACK"); err != nil {
		s.opt.Log.Debug("rollback", "err", err)
	}
}

// runJob runs one use case in a savepoint of its own.
// While nobody else has written in the group, the transaction itself serves as
// the savepoint.
func (s *Store) runJob(j *job, first bool) error {
	if err := j.ctx.Err(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	ctx := context.Background()
	if !first {
		if err := s.exec(ctx, "SAVEPOINT one"); err != nil {
			return kind(err)
		}
	}
	before := s.log.state
	tx := &Tx{s: s, ctx: ctx}
	err := tx.call(j.fn)
	if err == nil {
		err = tx.flush()
	}
	if err == nil && !j.op.IsZero() {
		err = tx.exec("INSERT INTO operations (id, at, result) VALUES (?, ?, ?)", j.op[:], s.opt.Now().UnixMilli(), tx.result)
	}
	if err == nil {
		j.receipt.Result, j.changes = tx.result, tx.changes
		if tx.decided != nil {
			s.log.decided = tx.decided
		}
		if first {
			return nil
		}
		if err := s.exec(ctx, "RELEASE one"); err != nil {
			return fmt.Errorf("%w: %w", errBroken, kind(err))
		}
		return nil
	}
	tx.forget()
	s.log.state = before
	if uerr := s.undo(ctx, first); uerr != nil {
		return fmt.Errorf("%w: %w", errBroken, errors.Join(kind(err), uerr))
	}
	return s.repeated(ctx, j, kind(err))
}

// undo takes back what the use case wrote, and leaves the group's transaction open.
func (s *Store) undo(ctx context.Context, first bool) error {
	if first {
		s.rollback(ctx)
		return s.exec(ctx, "BEGIN IMMEDIATE")
	}
	if err := s.exec(ctx, "ROLLBACK TO one"); err != nil {
		return err
	}
	return s.exec(ctx, "RELEASE one")
}

// repeated turns a failure into the earlier answer if the operation had already
// been carried out: sending a form twice must not look like an error.
func (s *Store) repeated(ctx context.Context, j *job, cause error) error {
	if j.op.IsZero() {
		return cause
	}
	var result []byte
	err := s.conn.QueryRowContext(ctx, "SELECT result FROM operations WHERE id = ?", j.op[:]).Scan(&result)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return cause
	case err != nil:
		return errors.Join(cause, err)
	}
	j.receipt.Result, j.receipt.Repeated = result, true
	return nil
}

func (s *Store) exec(ctx context.Context, query string, args ...any) error {
	st, err := s.prepared(ctx, query)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(ctx, args...)
	return err
}

// prepared returns the writer's statement for a query, compiled once.
func (s *Store) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if err := s.power(); err != nil && query != "ROLLBACK" {
		return nil, err
	}
	if st, ok := s.log.stmts[query]; ok {
		return st, nil
	}
	st, err := s.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if s.log.stmts == nil {
		s.log.stmts = map[string]*sql.Stmt{}
	}
	s.log.stmts[query] = st
	return st, nil
}

// call runs fn and turns a panic into an error, so that one broken use case
// does not take the writer and everybody's work with it.
func (tx *Tx) call(fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			// The value itself may hold what was being written.
			tx.s.opt.Log.Error("panic in a write", "type", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			err = fmt.Errorf("store: panic in a write: %T", p)
		}
	}()
	return fn(tx)
}
