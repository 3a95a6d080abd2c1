-- +goose Up

-- A form that is not valid yet, one row a registration. Local to this PC, never part of the log.
CREATE TABLE drafts (
    person        BYTEA  NOT NULL PRIMARY KEY,
    at            BIGINT NOT NULL,           -- ms
    officer       BYTEA  NOT NULL,
    state         BYTEA  NOT NULL            -- sealed: the fields as typed
);
