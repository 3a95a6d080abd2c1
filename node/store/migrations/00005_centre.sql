-- What a centre keeps of its nodes: their streams, which stand in the same log and
-- the same projections as its own events, and what it feeds back to them.

-- +goose Up

-- Effective time in ms, at the centre only: see merge.Admitted and merge.AtCentre.
ALTER TABLE events ADD COLUMN at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE streams ADD COLUMN effective BIGINT NOT NULL DEFAULT 0;  -- of the last event

-- The node whose stream brought it; NULL for what was recorded here.
ALTER TABLE people ADD COLUMN node BYTEA;
ALTER TABLE visits ADD COLUMN node BYTEA;
ALTER TABLE classes ADD COLUMN node BYTEA;
ALTER TABLE officers ADD COLUMN node BYTEA;
CREATE INDEX people_node ON people (node) WHERE node IS NOT NULL AND member = 1;
CREATE INDEX visits_node ON visits (node, day, people) WHERE node IS NOT NULL AND voided = 0;

-- Streams of nodes. A stream belongs to the node that first sent it.
CREATE TABLE foreign_streams (
    id            BYTEA  NOT NULL PRIMARY KEY,
    node          BYTEA  NOT NULL,
    subject       BYTEA  NOT NULL,           -- of its first event: the PC, unless it is a branch
    rank          BIGINT NOT NULL UNIQUE,    -- order in which the centre met it
    generation    BIGINT NOT NULL,           -- 0 for a branch
    reason        TEXT   NOT NULL,           -- why it was opened
    branch        BIGINT NOT NULL,           -- 1: made of the events of a fork, which may stand elsewhere too
    floor         BIGINT NOT NULL,           -- ms, the end of the node's streams before
    met           BIGINT NOT NULL,           -- ms
    head          BIGINT NOT NULL,           -- received
    chain         BYTEA  NOT NULL,
    effective     BIGINT NOT NULL,           -- ms, of the last event
    applied       BIGINT NOT NULL,
    durable       BIGINT NOT NULL            -- in a copy of the centre that was restored and compared
);
CREATE INDEX foreign_streams_node ON foreign_streams (node, generation);

-- Projection of the centre's own log: one row a run of events taken in, in order.
CREATE TABLE admissions (
    n             BIGINT NOT NULL PRIMARY KEY,
    stream        BYTEA  NOT NULL,
    first         BIGINT NOT NULL,
    last          BIGINT NOT NULL,
    node          BYTEA  NOT NULL,
    rank          BIGINT NOT NULL,
    received      BIGINT NOT NULL,           -- ms
    skew          BIGINT NOT NULL,           -- ms to be added to the node's wall reading
    boot          BIGINT NOT NULL,
    mono          BIGINT NOT NULL,
    floor         BIGINT NOT NULL
);
CREATE INDEX admissions_stream ON admissions (stream, first);

-- Events that are kept but could not be applied.
CREATE TABLE quarantine (
    stream        BYTEA  NOT NULL,
    seq           BIGINT NOT NULL,
    reason        TEXT   NOT NULL,           -- unreadable, unknown, broken
    since         BIGINT NOT NULL,           -- ms
    PRIMARY KEY (stream, seq)
);

-- Runs that a person has to release before they are taken in: a revoked node's.
CREATE TABLE held_batches (
    stream        BYTEA  NOT NULL,
    first         BIGINT NOT NULL,
    last          BIGINT NOT NULL,
    head          BYTEA  NOT NULL,           -- chain after the last
    node          BYTEA  NOT NULL,
    since         BIGINT NOT NULL,           -- ms
    batch         BYTEA  NOT NULL,           -- sealed: wire.Batch
    PRIMARY KEY (stream, first, last, head)
);
CREATE INDEX held_batches_node ON held_batches (node, stream, first);

-- Projection: the nodes as they describe themselves, by the subject of the PC.
CREATE TABLE peers (
    id            BYTEA  NOT NULL PRIMARY KEY,
    state         BYTEA  NOT NULL            -- merge.Node
);

-- How the nodes are, by what their last exchange said; who they are stands in the
-- decisions.
CREATE TABLE nodes (
    id            BYTEA  NOT NULL PRIMARY KEY,
    ticket        BYTEA  NOT NULL,
    ticket_before BYTEA  NOT NULL,
    ticket_epoch  BYTEA  NOT NULL,           -- of the centre, when the ticket was given
    machine       BYTEA  NOT NULL,           -- the first that spoke for the node
    copied        BIGINT NOT NULL DEFAULT 0, -- ms, when another machine last spoke for it
    stale         BIGINT NOT NULL DEFAULT 0, -- ms, when an old ticket was last shown
    met           BIGINT NOT NULL,           -- ms, the first exchange
    contact       BIGINT NOT NULL,           -- ms, the last
    skew          BIGINT NOT NULL DEFAULT 0, -- ms: the centre's clock less the node's
    boot          BIGINT NOT NULL DEFAULT 0,
    program       TEXT   NOT NULL DEFAULT '',
    free          BIGINT NOT NULL DEFAULT 0, -- bytes
    waiting       BIGINT NOT NULL DEFAULT 0, -- events
    photos_waiting BIGINT NOT NULL DEFAULT 0,
    said          BIGINT NOT NULL DEFAULT 0  -- ms, when it said so
);

-- The feed: the latest row of each key. Full records are made from their
-- projections when they are sent; here is only their checksum. A row without a
-- kind says that the key has gone.
CREATE TABLE feed (
    partition     BIGINT NOT NULL,
    branch        BYTEA  NOT NULL,           -- whose own record it is; empty outside that partition
    key           BYTEA  NOT NULL,
    kind          BIGINT NOT NULL,           -- wire.RowKind
    pos           BIGINT NOT NULL,
    sole          BYTEA  NOT NULL,           -- the node whose one stream made it; empty when there are others
    hash          BIGINT NOT NULL,           -- the first eight bytes
    body          BYTEA,                     -- sealed
    PRIMARY KEY (partition, branch, key)
);
CREATE INDEX feed_pos ON feed (partition, branch, pos);

CREATE TABLE feed_sums (
    partition     BIGINT NOT NULL,
    branch        BYTEA  NOT NULL,
    sole          BYTEA  NOT NULL,
    count         BIGINT NOT NULL,
    total         BIGINT NOT NULL,           -- modulo 2^64, as a signed number
    PRIMARY KEY (partition, branch, sole)
);

-- The newest feed position and the like.
CREATE TABLE counters (
    name          TEXT   NOT NULL PRIMARY KEY,
    value         BIGINT NOT NULL
);

-- Photos that events name, and whether the centre has them.
CREATE TABLE photo_wants (
    hash          BYTEA  NOT NULL PRIMARY KEY,
    node          BYTEA  NOT NULL,
    stream        BYTEA  NOT NULL,           -- the event that first named it
    seq           BIGINT NOT NULL,
    card          BIGINT NOT NULL,           -- 1 for the small rendition
    held          BIGINT NOT NULL,           -- 0 wanted, 1 here, 2 no longer wanted
    proven        BIGINT NOT NULL DEFAULT 0  -- 1: read back from a copy of the centre
);
CREATE INDEX photo_wants_node ON photo_wants (node, card) WHERE held = 0;
CREATE INDEX photo_wants_stream ON photo_wants (stream, seq) WHERE held = 0;

-- Two records that may be one person. The smaller id stands first.
CREATE TABLE cases (
    one           BYTEA  NOT NULL,
    other         BYTEA  NOT NULL,
    state         TEXT   NOT NULL,           -- equal, open, merged, apart
    since         BIGINT NOT NULL,           -- ms
    merging       BYTEA,                     -- hash of the decision
    PRIMARY KEY (one, other)
);
CREATE INDEX cases_state ON cases (state, since);

-- Blocks of cards and what the centre has decided about them.
CREATE TABLE card_bars (
    block         BYTEA  NOT NULL PRIMARY KEY, -- the event
    card          BYTEA  NOT NULL,
    person        BYTEA  NOT NULL,
    reason        TEXT   NOT NULL,
    lifted        BIGINT NOT NULL,
    bar           BYTEA,                     -- the decision that bars the card
    cleared       BIGINT NOT NULL            -- 1: a decision lifted the bar
);
CREATE INDEX card_bars_due ON card_bars (block) WHERE (bar IS NULL AND lifted = 0) OR (bar IS NOT NULL AND lifted = 1 AND cleared = 0);
