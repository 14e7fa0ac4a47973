-- +goose Up

-- Lists which years and tags there are by seeking the next one, however many questions have it; category stands first
-- in questions_counts. Long lists of tags are left out, since a page of an index does not hold them.
CREATE INDEX questions_years ON questions (year);
CREATE INDEX questions_tags ON questions ((CAST(tags AS TEXT))) WHERE octet_length(CAST(tags AS TEXT)) BETWEEN 3 AND 2000;
