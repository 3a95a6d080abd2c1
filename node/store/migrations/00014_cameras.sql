-- An officer's phone that photographs one person after the other is a link too, of kind camera: it lasts a shift, and person is
-- the class that it photographs. Each picture is a link of kind shot, for one registration, that came by a camera.

-- +goose Up

ALTER TABLE links ADD COLUMN camera BYTEA;                     -- by which a shot came
ALTER TABLE links ADD COLUMN begun BIGINT NOT NULL DEFAULT 0;  -- ms, when a phone took the link
CREATE INDEX links_camera ON links (camera);
