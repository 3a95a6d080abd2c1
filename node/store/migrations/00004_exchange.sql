-- What a node keeps of its exchange with the centre, and the centre's decisions,
-- which both keep. None of this is made again by `simpul rebuild`, except where
-- it says so: it came from the centre and is a source beside the log.

-- +goose Up

-- What the centre said of a stream, and what is still to be settled with it.
ALTER TABLE streams ADD COLUMN received BIGINT NOT NULL DEFAULT 0;
ALTER TABLE streams ADD COLUMN applied BIGINT NOT NULL DEFAULT 0;
ALTER TABLE streams ADD COLUMN durable BIGINT NOT NULL DEFAULT 0;
ALTER TABLE streams ADD COLUMN lost BIGINT NOT NULL DEFAULT 0;    -- the centre has it up to here and this node has not
ALTER TABLE streams ADD COLUMN agree BIGINT NOT NULL DEFAULT 0;   -- two copies of it are equal up to here
ALTER TABLE streams ADD COLUMN differ BIGINT NOT NULL DEFAULT 0;  -- and differ from here on at the latest; 0 = no fork

ALTER TABLE streams ADD COLUMN mine BIGINT NOT NULL DEFAULT 1;    -- 1: the centre has it from this node, under its present name
ALTER TABLE streams ADD COLUMN code BIGINT NOT NULL DEFAULT 0;    -- NNN for which the digit I was granted

-- One row once the node has joined a centre.
CREATE TABLE exchange (
    id            BIGINT NOT NULL PRIMARY KEY,  -- always 1
    node          BYTEA  NOT NULL,              -- the name that the centre gave this node
    centre        BYTEA  NOT NULL,              -- the centre's signing key, Ed25519, public
    centre_seal   TEXT   NOT NULL,              -- age recipient for bundles to the centre
    centre_name   TEXT   NOT NULL,
    urls          TEXT   NOT NULL,              -- where the centre is, one a line, the best first
    epoch         BYTEA  NOT NULL,              -- of the centre's data
    ticket        BYTEA  NOT NULL,              -- of the last answer
    clock_offset  BIGINT NOT NULL DEFAULT 0,    -- ms: the centre's clock less this PC's
    budget        BIGINT NOT NULL DEFAULT 0,    -- bytes that the next request may have; 0 = not said
    alien         BIGINT NOT NULL DEFAULT 0,    -- 1: the centre knows another PC under this name
    say_held      BIGINT NOT NULL DEFAULT 0,    -- 1: the sets of decisions differ
    lacking       BYTEA  NOT NULL,              -- names of decisions that the centre wants back
    photos        BYTEA  NOT NULL,              -- names of photos that the centre misses
    told          BIGINT NOT NULL DEFAULT 0,    -- ms, when the centre was last told facts
    tried         BIGINT NOT NULL DEFAULT 0,    -- ms
    succeeded     BIGINT NOT NULL DEFAULT 0,    -- ms
    next          BIGINT NOT NULL DEFAULT 0,    -- ms
    failure       TEXT   NOT NULL DEFAULT '',   -- code of why the last try failed, '' when it did not
    spent_day     BIGINT NOT NULL DEFAULT 0,    -- day that spent counts for
    spent         BIGINT NOT NULL DEFAULT 0     -- bytes sent and received on that day
);

-- Signed decisions of the centre: a set, kept for ever, on both sides.
CREATE TABLE decisions (
    hash          BYTEA  NOT NULL PRIMARY KEY,
    kind          BIGINT NOT NULL,
    at            BIGINT NOT NULL,              -- ms, the centre's clock
    ruling        BYTEA  NOT NULL               -- sealed: a note in it may name somebody
);

-- Whose bodies and salts are gone. Also kept outside the database; see erasure.go.
CREATE TABLE erased (
    person        BYTEA  NOT NULL PRIMARY KEY,
    line          BYTEA  NOT NULL               -- as it stands in the file: the ruling, the names of the photos
);

-- Rows of the centre's feed as they were received, the latest of each key.
CREATE TABLE bases (
    part          BIGINT NOT NULL,              -- wire.Partition
    key           BYTEA  NOT NULL,              -- an id, or a setting's name
    kind          BIGINT NOT NULL,              -- wire.RowKind
    pos           BIGINT NOT NULL,
    bucket        BIGINT NOT NULL,
    sum           BIGINT NOT NULL,              -- the row's part of the checksum
    subject       BYTEA,                        -- whose state it is
    body          BYTEA  NOT NULL,              -- sealed, but for settings
    PRIMARY KEY (part, key)
);
CREATE INDEX bases_subject ON bases (subject);
CREATE INDEX bases_bucket ON bases (part, bucket);

-- Cards of members whom this node knows from the directory only: made from the
-- rows of that partition.
CREATE TABLE entry_cards (
    id            BYTEA  NOT NULL PRIMARY KEY,
    person        BYTEA  NOT NULL,
    number        TEXT   NOT NULL,
    state         BIGINT NOT NULL               -- 0 in use, 1 blocked, 2 replaced
);
CREATE INDEX entry_cards_number ON entry_cards (number);
CREATE INDEX entry_cards_person ON entry_cards (person);

-- How far a partition has come.
CREATE TABLE feeds (
    part          BIGINT NOT NULL PRIMARY KEY,
    pos           BIGINT NOT NULL,
    count         BIGINT NOT NULL,              -- checksum of what is held
    total         BIGINT NOT NULL,
    expected      BIGINT NOT NULL DEFAULT 0,    -- rows that there will be, as the centre said last
    repair        BIGINT NOT NULL DEFAULT 0,    -- 0 none, 1 sums are wanted, 2 buckets are
    repair_pos    BIGINT NOT NULL DEFAULT 0,
    buckets       BYTEA                         -- still to be repaired
);
INSERT INTO feeds (part, pos, count, total) VALUES (1, 0, 0, 0), (2, 0, 0, 0), (3, 0, 0, 0);

-- Own events that the centre keeps but could not apply.
CREATE TABLE asides (
    stream        BYTEA  NOT NULL,
    seq           BIGINT NOT NULL,
    reason        TEXT   NOT NULL,
    PRIMARY KEY (stream, seq)
);

-- Members of other branches whose full record was asked for.
CREATE TABLE wanted (
    person        BYTEA  NOT NULL PRIMARY KEY,
    at            BIGINT NOT NULL               -- ms
);

-- What a person has to be told until somebody has seen it.
CREATE TABLE notices (
    id            BYTEA  NOT NULL PRIMARY KEY,
    at            BIGINT NOT NULL,              -- ms
    kind          TEXT   NOT NULL,
    detail        TEXT   NOT NULL,              -- codes and counts, never names
    seen          BIGINT NOT NULL DEFAULT 0,    -- ms
    officer       BYTEA                         -- who saw it
);
CREATE INDEX notices_at ON notices (at);

-- Pieces of photos that are still coming in.
CREATE TABLE photo_parts (
    hash          BYTEA  NOT NULL,
    at            BIGINT NOT NULL,              -- offset
    size          BIGINT NOT NULL,
    total         BIGINT NOT NULL,              -- of the photo
    piece         BYTEA  NOT NULL,              -- sealed
    PRIMARY KEY (hash, at)
);

-- A member of another branch whose full record lies here counts in no report of
-- this one: people.member is 2 for him, and his cards are away.
ALTER TABLE cards ADD COLUMN away BIGINT NOT NULL DEFAULT 0;
