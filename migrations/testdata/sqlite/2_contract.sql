-- +goose Up

-- Programs that know the step that expands write display_name; nobody needs name any more. Its number
-- is that of the last step before this one.
ALTER TABLE users DROP COLUMN name;
UPDATE schema_compatibility SET oldest = (SELECT max(version_id) FROM goose_db_version);
