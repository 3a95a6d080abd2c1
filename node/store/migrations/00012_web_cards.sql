-- The permanent private link of each card, at the centre.

-- +goose Up

-- Part of the projection: from the SHA-256 of the link's token, which follows from
-- the salt of the member and is kept nowhere. NULL at other nodes. Of an erased
-- member the row stays without a person, and so does this: the link has ended.
ALTER TABLE cards ADD COLUMN link BYTEA;
CREATE INDEX cards_link ON cards (link) WHERE link IS NOT NULL;
