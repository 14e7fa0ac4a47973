-- +goose Up

-- How often a job was begun without being left off in order: what kills its process is not begun for ever.
ALTER TABLE jobs ADD COLUMN claims BIGINT NOT NULL DEFAULT 0;
