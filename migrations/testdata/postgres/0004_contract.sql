-- +goose Up

-- Programs from schema 2 on write display_name; nobody needs name any more.
ALTER TABLE users DROP COLUMN name;
UPDATE schema_compatibility SET oldest = 2;
