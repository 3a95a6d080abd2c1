-- The effective time above which nothing of a run may lie, 0 for none: see admission.go.

-- +goose Up

ALTER TABLE admissions ADD COLUMN ceiling BIGINT NOT NULL DEFAULT 0;
