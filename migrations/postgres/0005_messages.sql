-- Messages to be sent. One row per cause; what it says is sealed, and emptied once it is sent.
CREATE TABLE outbox (
    id UUID PRIMARY KEY NOT NULL,
    cause TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    person_id UUID REFERENCES person (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    sealed BYTEA,
    attempts BIGINT NOT NULL DEFAULT 0,
    next_try_at TIMESTAMPTZ NOT NULL,
    lease_owner UUID,
    leased_until TIMESTAMPTZ,
    last_error TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    CHECK ((state = 'waiting') = (finished_at IS NULL)),
    CHECK (state = 'sent' OR sealed IS NOT NULL)
);
CREATE INDEX outbox_due ON outbox (next_try_at) WHERE state = 'waiting';
CREATE INDEX outbox_person ON outbox (person_id);
