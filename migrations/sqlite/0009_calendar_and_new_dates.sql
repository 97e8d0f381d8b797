-- The address where an account's own calendar reads its dates: the id, signed, is the address. Another address is another
-- id; without a row there is none.
CREATE TABLE calendar_feed (
    id BLOB PRIMARY KEY NOT NULL,
    account_id BLOB NOT NULL UNIQUE REFERENCES account (id),
    created_at TEXT NOT NULL
) STRICT;

-- When a run could first be booked, or at least seen: a draft that is opened later is new then. Whoever opens a run writes
-- it, and never again.
ALTER TABLE run ADD COLUMN opened_at TEXT;
UPDATE run SET opened_at = created_at WHERE status <> 'draft';

-- Somebody who wants to hear of a course's next date. They are told once of a run that opened after they asked; then the
-- row is gone.
CREATE TABLE date_wish (
    id BLOB PRIMARY KEY NOT NULL,
    course_id BLOB NOT NULL REFERENCES course (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    account_id BLOB NOT NULL REFERENCES account (id),
    created_at TEXT NOT NULL,
    UNIQUE (course_id, account_id)
) STRICT;
CREATE INDEX date_wish_account ON date_wish (account_id);
CREATE INDEX date_wish_person ON date_wish (person_id);

-- People are rung about new dates, too, and because a message did not arrive, which need not be about a run.
CREATE TABLE phone_call_new (
    id BLOB PRIMARY KEY NOT NULL,
    cause TEXT NOT NULL UNIQUE,
    about TEXT NOT NULL CHECK (about IN ('reminder', 'change', 'not-going-ahead', 'new-dates', 'undelivered')),
    person_id BLOB NOT NULL REFERENCES person (id),
    run_id BLOB REFERENCES run (id),
    call_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    done_at TEXT
) STRICT;
INSERT INTO phone_call_new (id, cause, about, person_id, run_id, call_by, created_at, done_at)
    SELECT id, cause, about, person_id, run_id, call_by, created_at, done_at FROM phone_call;
DROP TABLE phone_call;
ALTER TABLE phone_call_new RENAME TO phone_call;
CREATE INDEX phone_call_open ON phone_call (call_by) WHERE done_at IS NULL;
CREATE INDEX phone_call_person ON phone_call (person_id);
CREATE INDEX phone_call_run ON phone_call (run_id);
