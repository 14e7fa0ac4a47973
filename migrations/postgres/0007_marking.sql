-- +goose Up

-- Of a mark by hand: the journal entry that gave it (0: none), and what it says to the candidate (JSON).
ALTER TABLE responses ADD COLUMN marked BIGINT NOT NULL DEFAULT 0;
ALTER TABLE responses ADD COLUMN comment JSONB NOT NULL DEFAULT '""';

-- The places on papers whose answers a person marks. The label stands for attempt and candidate before
-- markers: it is random, so that neither it nor the order by it tells anything.
CREATE TABLE hand_items (
    attempt_id UUID NOT NULL REFERENCES attempts (id),
    position   INTEGER NOT NULL CHECK (position >= 1),
    exam       TEXT NOT NULL,
    version_id TEXT NOT NULL,
    label      TEXT NOT NULL UNIQUE DEFAULT left(encode(sha256(uuid_send(gen_random_uuid())), 'hex'), 16),
    PRIMARY KEY (attempt_id, position)
);
CREATE INDEX hand_items_question ON hand_items (exam, version_id, label);

CREATE INDEX attempts_awaiting ON attempts (exam) WHERE marking = 'awaiting_marker' AND status IN ('submitted', 'expired');

-- A trigger, and no statement of the program: one of before begins attempts, too, while the schema grows.
-- +goose StatementBegin
CREATE FUNCTION put_hand_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hand_items (attempt_id, position, exam, version_id)
    SELECT NEW.attempt_id, i.place, NEW.paper ->> 'exam', i.item ->> 'version'
    FROM jsonb_array_elements(CASE jsonb_typeof(NEW.paper -> 'items') WHEN 'array' THEN NEW.paper -> 'items' ELSE '[]' END)
        WITH ORDINALITY AS i (item, place)
    WHERE i.item ->> 'type' = 'essay'; RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER papers_hand_items AFTER INSERT ON papers FOR EACH ROW EXECUTE FUNCTION put_hand_items();
