package store

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
)

// Bare is the least program that keeps a record durably: one table of text columns with five indexes, an outbox row, and
// one writer with group commit. It seals, checks and proves nothing. `bench` holds the real store against it in the same
// run, and nothing else may use it.
type Bare struct {
	db    *sql.DB
	queue chan bareJob
	done  chan struct{}
}

type bareJob struct {
	values []string
	times  int // how often the same record is kept
	reply  chan error
}

// BareColumns is how many text columns a record of Bare has, as in research/measurements.md.
const BareColumns = 27

// OpenBare makes an empty database in dir with the settings of the real one.
func OpenBare(dir string) (*Bare, error) {
	db, err := sql.Open("sqlite", dsn(filepath.Join(dir, "bare.db"), "rwc", "journal_mode(WAL)", "synchronous(FULL)", "cache_size(-8000)", "wal_autocheckpoint(2000)"))
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	db.SetMaxOpenConns(1)
	columns := make([]string, BareColumns)
	for i := range columns {
		columns[i] = fmt.Sprintf("c%d TEXT", i)
	}
	schema := []string{"CREATE TABLE record (id INTEGER PRIMARY KEY, " + strings.Join(columns, ", ") + ")", "CREATE TABLE outbox (id INTEGER PRIMARY KEY, body TEXT)"}
	for i := range 5 {
		schema = append(schema, fmt.Sprintf("CREATE INDEX record_c%d ON record (c%d)", i, i))
	}
	for _, statement := range schema {
		if _, err := db.Exec(statement); err != nil {
			db.Close()
			return nil, fmt.Errorf("store: %w", err)
		}
	}
	b := &Bare{db: db, queue: make(chan bareJob, 256), done: make(chan struct{})}
	go b.run()
	return b, nil
}

// Insert keeps one record and returns when it is on the disk.
func (b *Bare) Insert(values []string) error {
	return b.InsertMany(values, 1)
}

// InsertMany keeps the same record that many times, in one transaction.
func (b *Bare) InsertMany(values []string, times int) error {
	j := bareJob{values: values, times: times, reply: make(chan error, 1)}
	b.queue <- j
	return <-j.reply
}

// Close waits for the writer.
func (b *Bare) Close() error {
	close(b.queue)
	<-b.done
	return b.db.Close()
}

func (b *Bare) run() {
	defer close(b.done)
	insert := "INSERT INTO record VALUES (NULL" + strings.Repeat(", ?", BareColumns) + ")"
	for first := range b.queue {
		group := []bareJob{first}
		for more := true; more && len(group) < maxGroup; {
			select {
			case j, ok := <-b.queue:
				if more = ok; ok {
					group = append(group, j)
				}
			default:
				more = false
			}
		}
		err := b.commit(insert, group)
		for _, j := range group {
			j.reply <- err
		}
	}
}

func (b *Bare) commit(insert string, group []bareJob) error {
	tx, err := b.db.Begin()
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer tx.Rollback()
	one, err := tx.Prepare(insert)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	two, err := tx.Prepare("INSERT INTO outbox VALUES (NULL, ?)")
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	for _, j := range group {
		args := make([]any, BareColumns)
		for i := range args {
			args[i] = j.values[i]
		}
		for range j.times {
			if _, err := one.Exec(args...); err != nil {
				return fmt.Errorf("store: %w", err)
			}
			if _, err := two.Exec(strings.Join(j.values, "\t")); err != nil {
				return fmt.Errorf("store: %w", err)
			}
		}
	}
	return tx.Commit()
}
