-- When what came from the centre by stick was made, for PCs that no line reaches.

-- +goose Up

ALTER TABLE exchange ADD COLUMN heard BIGINT NOT NULL DEFAULT 0;
