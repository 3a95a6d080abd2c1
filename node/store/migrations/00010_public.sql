-- Registrations of people at home, on the centre's public pages.

-- +goose Up

ALTER TABLE people ADD COLUMN branch BYTEA;   -- at which the card is collected; NULL for all who registered at a desk
ALTER TABLE people ADD COLUMN reference TEXT; -- what they say at the desk; NULL likewise
CREATE INDEX people_reference ON people (reference) WHERE reference IS NOT NULL;
CREATE INDEX people_branch ON people (branch, opened) WHERE branch IS NOT NULL;

-- Forms that are being filled in there are links without an officer.
CREATE INDEX links_kind ON links (kind, state, until);

-- How much of its branch's records a node said that it has: the position in the feed, 0 before it said so.
ALTER TABLE nodes ADD COLUMN own_pos BIGINT NOT NULL DEFAULT 0;
