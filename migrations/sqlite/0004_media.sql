-- +goose Up

-- Pictures and sounds that texts of questions refer to, by the SHA-256 of their content.
CREATE TABLE media (
    hash    TEXT PRIMARY KEY, -- in hexadecimal
    type    TEXT NOT NULL, -- under which it is served
    size    INTEGER NOT NULL, -- bytes
    data    BLOB NOT NULL,
    created INTEGER NOT NULL
) STRICT;
