-- +goose Up

-- The sign-in that an attempt belongs to, where its rules want one device at a time, and since when. NULL: it
-- belongs to none. The sign-in's row may be gone.
ALTER TABLE attempts ADD COLUMN device UUID;
ALTER TABLE attempts ADD COLUMN device_since BIGINT NOT NULL DEFAULT 0;
