-- Which key of the duplicate tags this node holds; the key itself is among the secrets.

-- +goose Up

ALTER TABLE exchange ADD COLUMN tag_version BIGINT NOT NULL DEFAULT 0;
