-- The list of what was printed is read from the log, newest first.

-- +goose Up

CREATE INDEX events_printed ON events (wall, stream, seq) WHERE type = 65;
