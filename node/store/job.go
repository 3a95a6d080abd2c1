package store

import (
	"context"
	"time"

	"simpul/node/jobs"
	"simpul/sync/event"
)

// Runs returns what is remembered of each job.
func (s *Store) Runs(ctx context.Context) (map[string]jobs.Run, error) {
	rows, err := s.query(ctx, "SELECT name, started, finished, succeeded, error FROM job_runs")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]jobs.Run{}
	for rows.Next() {
		var name, failure string
		var started, finished, succeeded int64
		if err := rows.Scan(&name, &started, &finished, &succeeded, &failure); err != nil {
			return nil, kind(err)
		}
		out[name] = jobs.Run{Started: instant(started), Finished: instant(finished), Succeeded: instant(succeeded), Err: failure}
	}
	return out, kind(rows.Err())
}

// Started remembers that a job began.
func (s *Store) Started(ctx context.Context, name string, at time.Time) error {
	_, err := s.Write(ctx, event.ID{}, func(tx *Tx) error {
		return tx.exec(`INSERT INTO job_runs (name, started, finished, succeeded, error) VALUES (?, ?, 0, 0, '')
			ON CONFLICT (name) DO UPDATE SET started = excluded.started`, name, at.UnixMilli())
	})
	return err
}

// Finished remembers how a job ended.
func (s *Store) Finished(ctx context.Context, name string, at time.Time, failure error) error {
	_, err := s.Write(ctx, event.ID{}, func(tx *Tx) error {
		if failure != nil {
			return tx.exec("UPDATE job_runs SET finished = ?, error = ? WHERE name = ?", at.UnixMilli(), failure.Error(), name)
		}
		return tx.exec("UPDATE job_runs SET finished = ?, succeeded = ?, error = '' WHERE name = ?", at.UnixMilli(), at.UnixMilli(), name)
	})
	return err
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}
