package store

import (
	"context"
	"database/sql"
	"sync"
)

// readStmts keeps the readers' compiled statements; the set of queries is fixed
// by the program text, so it is bounded.
type readStmts struct {
	mu sync.RWMutex
	m  map[string]*sql.Stmt
}

func (r *readStmts) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, st := range r.m {
		st.Close()
	}
	r.m = nil
}

func (s *Store) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if err := s.power(); err != nil {
		return nil, err
	}
	s.stmts.mu.RLock()
	st, ok := s.stmts.m[query]
	s.stmts.mu.RUnlock()
	if ok {
		return st, nil
	}
	s.stmts.mu.Lock()
	defer s.stmts.mu.Unlock()
	if st, ok := s.stmts.m[query]; ok {
		return st, nil
	}
	st, err := s.read.PrepareContext(ctx, query)
	if err != nil {
		return nil, kind(err)
	}
	if s.stmts.m == nil {
		s.stmts.m = map[string]*sql.Stmt{}
	}
	s.stmts.m[query] = st
	return st, nil
}

func (s *Store) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	st, err := s.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	return rows, kind(err)
}

func (s *Store) queryRow(ctx context.Context, query string, args ...any) row {
	st, err := s.stmt(ctx, query)
	if err != nil {
		return row{err: err}
	}
	return row{Row: st.QueryRowContext(ctx, args...)}
}
