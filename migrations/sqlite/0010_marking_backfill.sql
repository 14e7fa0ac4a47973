-- +goose Up

-- What was before the columns and the table of marks by hand. It reads every paper, so it is a step by itself: in
-- one with the columns nobody could answer until it ends.
UPDATE responses SET marked = (SELECT coalesce(max(j.seq), 0) FROM journal j
    WHERE j.attempt_id = responses.attempt_id AND j.kind = 'mark'
    AND CAST(j.effect -> 'response' ->> 'position' AS INTEGER) = responses.position)
    WHERE points IS NOT NULL AND marked = 0;

INSERT INTO hand_items (attempt_id, position, exam, version_id)
    SELECT p.attempt_id, i.key + 1, p.paper ->> 'exam', i.value ->> 'version'
    FROM papers p, json_each(p.paper, '$.items') i WHERE i.value ->> 'type' = 'essay'
    ON CONFLICT (attempt_id, position) DO NOTHING;
