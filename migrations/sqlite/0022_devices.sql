-- +goose Up

-- The sign-in that an attempt belongs to, where its rules want one device at a time, and since when. NULL: it
-- belongs to none. The sign-in's row may be gone.
ALTER TABLE attempts ADD COLUMN device TEXT;
ALTER TABLE attempts ADD COLUMN device_since INTEGER NOT NULL DEFAULT 0;
