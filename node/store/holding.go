package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"simpul/sync/event"
)

// Holding is how much lies in the data directory.
type Holding struct {
	Events  int64 // records of the log, of all streams
	Members int64
	Photos  int64     // people with a photo
	Last    time.Time // when the newest record was written, by the PC's clock; zero when there is none
	Boxes   int64     // visits sealed while the vault was closed, not yet records
}

// Holding counts what is kept, from indexes and heads: it costs milliseconds at any size.
func (s *Store) Holding(ctx context.Context) (Holding, error) {
	var h Holding
	var last sql.NullInt64
	for _, one := range []struct {
		query string
		into  any
	}{
		{"SELECT COALESCE(SUM(head), 0) FROM streams", &h.Events},
		{"SELECT COUNT(*) FROM people WHERE member = 1", &h.Members},
		{"SELECT COUNT(*) FROM people WHERE photo = 'attached'", &h.Photos},
		{"SELECT COUNT(*) FROM boxes", &h.Boxes},
		{"SELECT MAX(e.wall) FROM streams s JOIN events e ON e.stream = s.id AND e.seq = s.head WHERE s.closed = 0", &last},
	} {
		if err := s.queryRow(ctx, one.query).Scan(one.into); err != nil {
			return h, kind(err)
		}
	}
	if last.Valid {
		h.Last = time.UnixMilli(last.Int64)
	}
	return h, nil
}

// Beginning is how a stream of the log began.
type Beginning struct {
	At     time.Time // by the PC's clock
	Reason string    // "" for the first; unreadable while the vault is closed
}

// Beginnings lists how the streams began, oldest first. A second one means that the data had been restored, or
// copied to this PC from another.
func (s *Store) Beginnings(ctx context.Context) ([]Beginning, error) {
	streams, err := s.Streams(ctx)
	if err != nil {
		return nil, err
	}
	var out []Beginning
	for _, st := range streams {
		err := s.eachEvent(ctx, func(rec event.Record) error {
			b := Beginning{At: time.UnixMilli(rec.Wall)}
			if body, ok, err := rec.Decoded(); err == nil && ok {
				if o, is := body.(*event.StreamOpening); is {
					b.Reason = o.Reason
				}
			}
			out = append(out, b)
			return nil
		}, "stream = ? AND seq = 1", st.ID[:])
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// MissingFrom says how many records of this log a copy does not hold. The copy tells by its own heads, so a
// wrong clock or a renamed file does not make an old copy look fresh.
func (s *Store) MissingFrom(ctx context.Context, name string) (int64, error) {
	heads, err := headsOf(ctx, name)
	if err != nil {
		return 0, err
	}
	streams, err := s.Streams(ctx)
	if err != nil {
		return 0, err
	}
	var missing int64
	for _, st := range streams {
		missing += max(0, int64(st.Head)-heads[st.ID])
	}
	return missing, nil
}

// headsOf reads the heads of a copy that nobody has open.
func headsOf(ctx context.Context, name string) (map[event.ID]int64, error) {
	db, err := sql.Open("sqlite", dsn(name, "ro", "query_only(1)"))
	if err != nil {
		return nil, fmt.Errorf("store: copy: %w", err)
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, "SELECT id, head FROM streams")
	if err != nil {
		return nil, fmt.Errorf("store: copy: %w", kind(err))
	}
	defer rows.Close()
	heads := map[event.ID]int64{}
	for rows.Next() {
		var id []byte
		var head int64
		if err := rows.Scan(&id, &head); err != nil {
			return nil, fmt.Errorf("store: copy: %w", kind(err))
		}
		heads[toID(id)] = head
	}
	return heads, kind(rows.Err())
}
