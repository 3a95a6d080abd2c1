-- The log is the truth; everything marked "projection" is made again from it by
-- `simpul rebuild`. Column types are names that SQLite and PostgreSQL both take.
-- Sealed columns hold vault ciphertext bound to their table, row and column.

-- +goose Up

-- One open stream at a time; sequences from 1, never issued twice.
CREATE TABLE streams (
    id            BYTEA  NOT NULL PRIMARY KEY,
    generation    BIGINT NOT NULL,
    incarnation   BIGINT NOT NULL,           -- digit I of this stream's member numbers
    head          BIGINT NOT NULL,
    chain         BYTEA  NOT NULL,
    closed        BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE subjects (
    id            BYTEA  NOT NULL PRIMARY KEY,
    salt          BYTEA  NOT NULL            -- sealed; deleting it is half of an erasure
);

CREATE TABLE events (
    stream        BYTEA  NOT NULL,
    seq           BIGINT NOT NULL,
    type          BIGINT NOT NULL,
    version       BIGINT NOT NULL,
    subject       BYTEA  NOT NULL,
    officer       BYTEA  NOT NULL,
    wall          BIGINT NOT NULL,           -- ms, the PC's clock as it was
    boot          BIGINT NOT NULL,
    mono          BIGINT NOT NULL,           -- ms since that boot
    hash          BYTEA  NOT NULL,
    chain         BYTEA  NOT NULL,
    body          BYTEA,                     -- sealed; NULL after an erasure
    PRIMARY KEY (stream, seq)
);
CREATE INDEX events_subject ON events (subject);

-- Projection: one row a person, registration and member alike.
CREATE TABLE people (
    id            BYTEA  NOT NULL PRIMARY KEY,
    stage         TEXT   NOT NULL,
    source        TEXT   NOT NULL,
    timed         BIGINT NOT NULL,           -- 1 when the SOP's clocks count
    opened        BIGINT NOT NULL,           -- ms
    day           BIGINT NOT NULL,           -- true date of the registration, days since 1970
    class         BYTEA,
    member        BIGINT NOT NULL,           -- 1 once a card was issued
    issued        BIGINT NOT NULL,           -- day of the first card, 0 before
    until         BIGINT NOT NULL,
    kind          TEXT   NOT NULL,
    sex           TEXT   NOT NULL,
    birth_year    BIGINT NOT NULL,
    district      TEXT   NOT NULL,
    education     TEXT   NOT NULL,
    occupation    TEXT   NOT NULL,
    photo         TEXT   NOT NULL,
    photo_card    BYTEA,                     -- hash of the small rendition
    stop          TEXT   NOT NULL,
    nik_tag       BYTEA,                     -- keyed HMAC
    birth_tag     BYTEA,
    listing       BYTEA  NOT NULL,           -- sealed: what the directory needs
    state         BYTEA  NOT NULL            -- sealed: merge.Person
);
CREATE INDEX people_stage ON people (stage, opened);
CREATE INDEX people_nik ON people (nik_tag);
CREATE INDEX people_birth ON people (birth_tag);
CREATE INDEX people_class ON people (class);
CREATE INDEX people_issued ON people (member, issued);

-- Projection: every card ever issued here. The number is never a unique key.
CREATE TABLE cards (
    id            BYTEA  NOT NULL PRIMARY KEY,
    person        BYTEA  NOT NULL,
    number        TEXT   NOT NULL,
    kind          TEXT   NOT NULL,
    issued        BIGINT NOT NULL,           -- ms
    until         BIGINT NOT NULL,
    blocked       BIGINT NOT NULL,
    replaced      BIGINT NOT NULL,
    prints        BIGINT NOT NULL,
    handed        BIGINT NOT NULL,           -- ms, 0 = not yet
    spent         BIGINT NOT NULL,           -- ms from opening to issue on the SOP's clocks, 0 = not timed
    stop          TEXT   NOT NULL,
    class         BYTEA
);
CREATE INDEX cards_number ON cards (number);
CREATE INDEX cards_person ON cards (person);
CREATE INDEX cards_issued ON cards (issued);
CREATE INDEX cards_handed ON cards (handed, issued);

-- Projection: numbers of other systems, which may be a NIK, so only their tag.
CREATE TABLE aliases (
    tag           BYTEA  NOT NULL,
    person        BYTEA  NOT NULL,
    PRIMARY KEY (tag, person)
);
CREATE INDEX aliases_person ON aliases (person);

-- Projection: the visit register.
CREATE TABLE visits (
    id            BYTEA  NOT NULL PRIMARY KEY,
    day           BIGINT NOT NULL,
    at            BIGINT NOT NULL,           -- ms
    kind          TEXT   NOT NULL,
    person        BYTEA,
    number_tag    BYTEA,
    purpose       TEXT   NOT NULL,
    stop          TEXT   NOT NULL,
    people        BIGINT NOT NULL,
    men           BIGINT NOT NULL,
    women         BIGINT NOT NULL,
    sex           TEXT   NOT NULL,
    age_group     TEXT   NOT NULL,
    education     TEXT   NOT NULL,
    occupation    TEXT   NOT NULL,
    late          BIGINT NOT NULL,
    voided        BIGINT NOT NULL,
    officer       BYTEA,                      -- who wrote it; none at the kiosk
    entered       BIGINT NOT NULL,            -- ms; after at for late entries
    state         BYTEA  NOT NULL            -- sealed: merge.Visit
);
CREATE INDEX visits_day ON visits (day, at);
CREATE INDEX visits_person ON visits (person, at);
CREATE INDEX visits_number ON visits (number_tag, at);
CREATE INDEX visits_late ON visits (entered) WHERE late = 1;

-- Projection.
CREATE TABLE officers (
    id            BYTEA  NOT NULL PRIMARY KEY,
    login         TEXT   NOT NULL,
    role          TEXT   NOT NULL,
    active        BIGINT NOT NULL,
    state         BYTEA  NOT NULL            -- sealed: merge.Officer
);

-- Projection: who this node is. Not sealed: the kiosk needs it before anyone signs in.
CREATE TABLE node (
    id            BYTEA  NOT NULL PRIMARY KEY,
    state         BYTEA  NOT NULL            -- merge.Node
);

-- Projection.
CREATE TABLE classes (
    id            BYTEA  NOT NULL PRIMARY KEY,
    day           BIGINT NOT NULL,
    closed        BIGINT NOT NULL,
    state         BYTEA  NOT NULL            -- sealed: merge.Class
);
CREATE INDEX classes_day ON classes (day);

-- What a form's operation id did, so that sending it twice does it once.
CREATE TABLE operations (
    id            BYTEA  NOT NULL PRIMARY KEY,
    at            BIGINT NOT NULL,
    result        BYTEA
);

-- Local to this PC, never part of the log.
CREATE TABLE slots (
    id            BYTEA  NOT NULL PRIMARY KEY, -- the officer's id; fixed ids for recovery and key file
    login         TEXT   NOT NULL,
    slot          BYTEA  NOT NULL            -- vault.Slot
);
CREATE TABLE local (
    key           TEXT   NOT NULL PRIMARY KEY, -- box_public and the like
    value         BYTEA  NOT NULL
);
CREATE TABLE sessions (
    hash          BYTEA  NOT NULL PRIMARY KEY, -- SHA-256 of the cookie
    officer       BYTEA  NOT NULL,
    csrf          TEXT   NOT NULL,
    created       BIGINT NOT NULL,
    seen          BIGINT NOT NULL,
    locked        BIGINT NOT NULL,
    lang          TEXT   NOT NULL,
    theme         TEXT   NOT NULL
);
CREATE TABLE boxes (                          -- visits sealed while the vault was closed
    id            BYTEA  NOT NULL PRIMARY KEY,
    at            BIGINT NOT NULL,
    box           BYTEA  NOT NULL
);
CREATE TABLE job_runs (
    name          TEXT   NOT NULL PRIMARY KEY,
    started       BIGINT NOT NULL,
    finished      BIGINT NOT NULL,
    succeeded     BIGINT NOT NULL,
    error         TEXT   NOT NULL
);
CREATE TABLE regions (                        -- imported over the built-in ones
    code          TEXT   NOT NULL PRIMARY KEY,
    name          TEXT   NOT NULL
);
