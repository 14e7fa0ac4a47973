-- +goose Up

-- Pictures and sounds that texts of questions refer to, by the SHA-256 of their content.
CREATE TABLE media (
    hash    TEXT PRIMARY KEY, -- in hexadecimal
    type    TEXT NOT NULL, -- under which it is served
    size    BIGINT NOT NULL, -- bytes
    data    BYTEA NOT NULL,
    created BIGINT NOT NULL
);
-- Pictures and sounds are compressed as they are, and are read piece by piece.
ALTER TABLE media ALTER COLUMN data SET STORAGE EXTERNAL;
