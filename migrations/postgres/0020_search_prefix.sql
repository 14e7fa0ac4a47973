-- +goose Up

-- SQLite alone keeps lists of beginnings.
SELECT 1;
