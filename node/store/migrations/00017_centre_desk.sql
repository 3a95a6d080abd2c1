-- What people at the centre have put off, and what branches ask of them.

-- +goose Up

ALTER TABLE cases ADD COLUMN later BIGINT NOT NULL DEFAULT 0;      -- ms until which somebody put it off; 0 = not
ALTER TABLE cases ADD COLUMN later_at BIGINT NOT NULL DEFAULT 0;   -- ms, when
ALTER TABLE cases ADD COLUMN later_by BYTEA;                       -- officer
CREATE INDEX cases_later ON cases (later);

-- Projection: people whose erasure was asked for and not answered, by the oldest wish.
CREATE TABLE wishes (
    person        BYTEA  NOT NULL PRIMARY KEY,
    at            BIGINT NOT NULL                -- ms, as the PC's clock said
);
CREATE INDEX wishes_at ON wishes (at);
