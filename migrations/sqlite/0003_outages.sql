-- +goose Up

-- When the service was last alive, as any instance found it; before is the beat before that one. 0: none.
CREATE TABLE heartbeat (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    last     INTEGER NOT NULL,
    before   INTEGER NOT NULL
) STRICT;
INSERT INTO heartbeat (only_row, last, before) VALUES (1, 0, 0);

-- Gaps between two beats.
CREATE TABLE outages (
    id      TEXT PRIMARY KEY,
    began   INTEGER NOT NULL,
    ended   INTEGER NOT NULL,
    settled INTEGER NOT NULL -- when every attempt whose end it took was extended; 0: not yet
) STRICT;
CREATE INDEX outages_unsettled ON outages (began) WHERE settled = 0;
CREATE INDEX outages_ended ON outages (ended);

-- For the attempts that were paused after an outage had taken their end.
CREATE INDEX attempts_paused ON attempts (stopped) WHERE status = 'paused';

-- How long a candidate's page could not reach the service, as it says itself.
CREATE TABLE reported_gaps (
    id         TEXT PRIMARY KEY,
    attempt_id TEXT NOT NULL REFERENCES attempts (id),
    reported   INTEGER NOT NULL,
    lasted     INTEGER NOT NULL,
    unheard    INTEGER NOT NULL -- how long nothing had been heard of the candidate when it was reported
) STRICT;
CREATE INDEX reported_gaps_attempt ON reported_gaps (attempt_id, reported);
CREATE INDEX reported_gaps_reported ON reported_gaps (reported);
