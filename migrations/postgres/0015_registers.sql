-- Who came to which session. A place is one person's; what is not marked has no row. A session that is dropped takes its
-- marks along.
CREATE TABLE attendance (
    place_id UUID NOT NULL REFERENCES place (id),
    session_id UUID NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    mark TEXT NOT NULL CHECK (mark IN ('came', 'did-not-come', 'apologies')),
    marked_by UUID NOT NULL REFERENCES account (id),
    marked_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (place_id, session_id)
);
CREATE INDEX attendance_session ON attendance (session_id);

-- Somebody's details were shown to somebody: one row for each day (in Bath) and each way of showing them. The kinds are
-- words of the program: other desks have others. It is what "Who has seen my details" reads.
CREATE TABLE disclosure (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    account_id UUID NOT NULL REFERENCES account (id),
    run_id UUID NOT NULL REFERENCES run (id),
    kind TEXT NOT NULL CHECK (length(kind) > 0),
    day TEXT NOT NULL CHECK (length(day) = 10),
    times BIGINT NOT NULL DEFAULT 1 CHECK (times > 0),
    first_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    UNIQUE (person_id, account_id, run_id, kind, day)
);
