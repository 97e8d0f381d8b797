-- Whether they are reminded before each session, or before the first one alone.
ALTER TABLE person ADD COLUMN remind_each_session INTEGER NOT NULL DEFAULT FALSE CHECK (remind_each_session IN (0, 1));

-- Who was reminded of which session: a week before (of the first one) or the day before. sent: a message was written;
-- call: somebody rings; none: they booked after it would have gone, or do not want it. The token is that of the link by
-- which they say that they cannot come.
CREATE TABLE reminder (
    id BLOB PRIMARY KEY NOT NULL,
    booking_id BLOB NOT NULL REFERENCES booking (id),
    session_id BLOB NOT NULL REFERENCES session (id),
    ahead TEXT NOT NULL CHECK (ahead IN ('week', 'day')),
    how TEXT NOT NULL CHECK (how IN ('sent', 'call', 'none')),
    token_hash BLOB CHECK (length(token_hash) = 32),
    created_at TEXT NOT NULL,
    UNIQUE (booking_id, session_id, ahead),
    CHECK ((how = 'sent') = (token_hash IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX reminder_token ON reminder (token_hash);
CREATE INDEX reminder_session ON reminder (session_id);

-- They said that they cannot come to this session; their place is kept.
CREATE TABLE apology (
    booking_id BLOB NOT NULL REFERENCES booking (id),
    session_id BLOB NOT NULL REFERENCES session (id),
    created_at TEXT NOT NULL,
    PRIMARY KEY (booking_id, session_id)
) STRICT;
CREATE INDEX apology_session ON apology (session_id);

-- Whom the course team rings, because they asked for it or have no address. One row per cause, as in the outbox.
CREATE TABLE phone_call (
    id BLOB PRIMARY KEY NOT NULL,
    cause TEXT NOT NULL UNIQUE,
    about TEXT NOT NULL CHECK (about IN ('reminder', 'change', 'not-going-ahead')),
    person_id BLOB NOT NULL REFERENCES person (id),
    run_id BLOB NOT NULL REFERENCES run (id),
    call_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    done_at TEXT
) STRICT;
CREATE INDEX phone_call_open ON phone_call (call_by) WHERE done_at IS NULL;
CREATE INDEX phone_call_person ON phone_call (person_id);
CREATE INDEX phone_call_run ON phone_call (run_id);
