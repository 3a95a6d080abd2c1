-- How PCs become nodes of a centre.

-- +goose Up

-- Keys of this node, sealed, no part of the log: local to this PC.
CREATE TABLE secrets (
    name          TEXT   NOT NULL PRIMARY KEY,
    value         BYTEA  NOT NULL            -- sealed
);

-- At the centre: codes given to PCs that are to join. In clear is only what names
-- the token; the token itself, from which the check code is calculated, is a secret.
CREATE TABLE join_codes (
    name          BYTEA  NOT NULL PRIMARY KEY,
    branch        BYTEA  NOT NULL,
    label         TEXT   NOT NULL,           -- name of the branch
    role          TEXT   NOT NULL,
    made          BIGINT NOT NULL,           -- ms
    officer       BYTEA  NOT NULL,
    until         BIGINT NOT NULL,           -- ms
    used          BIGINT NOT NULL,           -- ms, 0 = not yet
    revoked       BIGINT NOT NULL            -- ms, 0 = not
);
CREATE INDEX join_codes_made ON join_codes (made);

-- At the centre: PCs that asked to join, one row a key.
CREATE TABLE joins (
    key           BYTEA  NOT NULL PRIMARY KEY, -- Ed25519
    code          BYTEA,                     -- NULL for a node that comes back to a rebuilt centre
    branch        BYTEA  NOT NULL,
    asked         BIGINT NOT NULL,           -- ms
    ask           BYTEA  NOT NULL,           -- wire.JoinAsk
    check_code    TEXT   NOT NULL,
    state         BIGINT NOT NULL,           -- wire.JoinState
    decided       BIGINT NOT NULL,           -- ms, 0 = not yet
    officer       BYTEA  NOT NULL,           -- who decided
    node          BYTEA,                     -- the id it was given
    nnn           BIGINT NOT NULL,
    UNIQUE (code)
);
CREATE INDEX joins_state ON joins (state, asked);

-- The duplicate tags of members whom this node knows from the directory: made from
-- the rows of that partition. Of 4,096 people one has the same by chance.
CREATE TABLE entry_tags (
    person        BYTEA  NOT NULL PRIMARY KEY,
    tag           BIGINT NOT NULL
);
CREATE INDEX entry_tags_tag ON entry_tags (tag);
