-- +goose Up

-- The name of a user moves to display_name. This step adds it; older programs go on writing name.
ALTER TABLE users ADD COLUMN display_name TEXT NOT NULL DEFAULT '';
UPDATE users SET display_name = name;

ALTER TABLE responses ADD COLUMN confidence INTEGER;
CREATE INDEX responses_saved ON responses (saved_at);

CREATE TABLE notes (
    attempt_id TEXT PRIMARY KEY REFERENCES attempts (id),
    text       TEXT NOT NULL
) STRICT;
