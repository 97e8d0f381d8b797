-- A booking has one or two places; a person has at most one active place on a run. Somebody under 16 waits for a
-- parent or guardian until agree_by: declined is their "no", lapsed is no answer in time.
CREATE TABLE booking (
    id BLOB PRIMARY KEY NOT NULL,
    reference TEXT NOT NULL UNIQUE CHECK (length(reference) BETWEEN 6 AND 12),
    run_id BLOB NOT NULL REFERENCES run (id),
    account_id BLOB REFERENCES account (id),
    channel TEXT NOT NULL CHECK (channel IN ('website', 'phone', 'letter', 'in-person', 'referral')),
    status TEXT NOT NULL CHECK (status IN ('booked', 'awaiting-guardian', 'cancelled', 'stopped', 'declined', 'lapsed')),
    form_key BLOB CHECK (length(form_key) = 32),
    sequence INTEGER NOT NULL DEFAULT 0,
    agree_by TEXT,
    created_at TEXT NOT NULL,
    ended_at TEXT,
    CHECK ((status IN ('booked', 'awaiting-guardian')) = (ended_at IS NULL)),
    CHECK (status <> 'awaiting-guardian' OR agree_by IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX booking_form_key ON booking (account_id, form_key) WHERE form_key IS NOT NULL;
CREATE INDEX booking_run ON booking (run_id);
CREATE INDEX booking_account ON booking (account_id);
CREATE INDEX booking_waits ON booking (run_id, agree_by) WHERE status = 'awaiting-guardian';

CREATE TABLE place (
    id BLOB PRIMARY KEY NOT NULL,
    booking_id BLOB NOT NULL REFERENCES booking (id),
    run_id BLOB NOT NULL REFERENCES run (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    status TEXT NOT NULL CHECK (status IN ('active', 'cancelled', 'stopped')),
    created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX place_person_run ON place (run_id, person_id) WHERE status = 'active';
CREATE INDEX place_booking ON place (booking_id);
CREATE INDEX place_person ON place (person_id);

-- A place kept for somebody who is signing up: one per address, counted in run.places_held until it is let go.
CREATE TABLE held_place (
    id BLOB PRIMARY KEY NOT NULL,
    run_id BLOB NOT NULL REFERENCES run (id),
    draft_id BLOB REFERENCES sign_up_draft (id) ON DELETE SET NULL,
    account_id BLOB REFERENCES account (id),
    address_hash BLOB NOT NULL CHECK (length(address_hash) = 32),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    released_at TEXT
) STRICT;
CREATE UNIQUE INDEX held_place_address ON held_place (address_hash) WHERE released_at IS NULL;
CREATE INDEX held_place_run ON held_place (run_id, expires_at) WHERE released_at IS NULL;
CREATE INDEX held_place_draft ON held_place (draft_id);
CREATE INDEX held_place_account ON held_place (account_id);
