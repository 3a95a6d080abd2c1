package store

import "context"

// Exec lets tests damage a database.
func (tx *Tx) Exec(query string, args ...any) error { return tx.exec(query, args...) }

// LimitPages makes the database full at a number of pages.
func (s *Store) LimitPages(ctx context.Context, pages int) error {
	_, err := s.Write(ctx, [16]byte{}, func(tx *Tx) error {
		var have int
		return tx.s.conn.QueryRowContext(tx.ctx, "PRAGMA max_page_count = "+itoa(pages)).Scan(&have)
	})
	return err
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}
