-- Messages to be sent. One row per cause; what it says is sealed, and emptied once it is sent.
CREATE TABLE outbox (
    id BLOB PRIMARY KEY NOT NULL,
    cause TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    person_id BLOB REFERENCES person (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    sealed BLOB,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try_at TEXT NOT NULL,
    lease_owner BLOB,
    leased_until TEXT,
    last_error TEXT,
    created_at TEXT NOT NULL,
    finished_at TEXT,
    CHECK ((state = 'waiting') = (finished_at IS NULL)),
    CHECK (state = 'sent' OR sealed IS NOT NULL)
) STRICT;
CREATE INDEX outbox_due ON outbox (next_try_at) WHERE state = 'waiting';
CREATE INDEX outbox_person ON outbox (person_id);
