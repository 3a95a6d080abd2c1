-- One-shot links for visitors' phones, and what comes in by them until an officer takes it. Local to this PC, never part of
-- the log.

-- +goose Up

CREATE TABLE links (
    id            BYTEA  NOT NULL PRIMARY KEY, -- from the SHA-256 of the token, which is kept nowhere
    kind          TEXT   NOT NULL,             -- photo, form
    person        BYTEA,                       -- the registration; NULL for a form that has none yet
    officer       BYTEA  NOT NULL,             -- who made it
    until         BIGINT NOT NULL,             -- ms, the PC's clock
    state         TEXT   NOT NULL,             -- open, arrived, used
    phone         BYTEA,                       -- SHA-256 of the cookie of the phone that opened a form
    upload        TEXT   NOT NULL,             -- which upload is coming in; '' for none
    size          BIGINT NOT NULL,             -- bytes that it will have
    seen          BIGINT NOT NULL,             -- ms, last sign of the phone
    draft         BYTEA                        -- sealed: the form as typed so far
);
CREATE INDEX links_person ON links (person, kind);
CREATE TABLE link_pieces (
    link          BYTEA  NOT NULL,
    at            BIGINT NOT NULL,             -- offset
    size          BIGINT NOT NULL,
    piece         BYTEA  NOT NULL,             -- sealed
    PRIMARY KEY (link, at)
);
