-- +goose Up

-- Since when an exam is archived: nobody may begin it, and lists leave it out. 0: it is not.
ALTER TABLE exams ADD COLUMN archived BIGINT NOT NULL DEFAULT 0;
