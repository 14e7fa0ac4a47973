-- +goose Up

-- Questions of an upload as their author has mended them before anything is loaded.
CREATE TABLE upload_mends (
    upload_id UUID NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    reading   TEXT NOT NULL, -- how the file is read: pieces count within one reading
    piece     INTEGER NOT NULL, -- of the file, from 1
    edition   INTEGER NOT NULL, -- counts changes
    mend      TEXT NOT NULL, -- JSON; empty: it was taken back
    PRIMARY KEY (upload_id, reading, piece)
);

-- What an author chose for stored questions that a load of an upload meets.
CREATE TABLE upload_choices (
    upload_id   UUID NOT NULL REFERENCES uploads (id) ON DELETE CASCADE,
    set_name    TEXT NOT NULL,
    kind        TEXT NOT NULL, -- replace: what was edited here; retire: what the file lacks
    question_id TEXT NOT NULL, -- empty: all that have no choice of their own
    chosen      BOOLEAN NOT NULL,
    edition     INTEGER NOT NULL, -- that the author saw
    PRIMARY KEY (upload_id, set_name, kind, question_id)
);
