-- How far the names have been taken from the lines of the visit register in each
-- stream, by the schedule of the district: see aged.go.

-- +goose Up

CREATE TABLE aged (
    stream        BYTEA  NOT NULL PRIMARY KEY,
    until         BIGINT NOT NULL,           -- decided up to here
    done          BIGINT NOT NULL DEFAULT 0  -- carried out here up to here
);
CREATE INDEX events_register ON events (stream, at, wall, seq) WHERE type >= 20 AND type <= 21 AND body IS NOT NULL;
