-- The address where an account's own calendar reads its dates: the id, signed, is the address. Another address is another
-- id; without a row there is none.
CREATE TABLE calendar_feed (
    id UUID PRIMARY KEY NOT NULL,
    account_id UUID NOT NULL UNIQUE REFERENCES account (id),
    created_at TIMESTAMPTZ NOT NULL
);

-- When a run could first be booked, or at least seen: a draft that is opened later is new then. Whoever opens a run writes
-- it, and never again.
ALTER TABLE run ADD COLUMN opened_at TIMESTAMPTZ;
UPDATE run SET opened_at = created_at WHERE status <> 'draft';

-- Somebody who wants to hear of a course's next date. They are told once of a run that opened after they asked; then the
-- row is gone.
CREATE TABLE date_wish (
    id UUID PRIMARY KEY NOT NULL,
    course_id UUID NOT NULL REFERENCES course (id),
    person_id UUID NOT NULL REFERENCES person (id),
    account_id UUID NOT NULL REFERENCES account (id),
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (course_id, account_id)
);
CREATE INDEX date_wish_account ON date_wish (account_id);
CREATE INDEX date_wish_person ON date_wish (person_id);

-- People are rung about new dates, too, and because a message did not arrive, which need not be about a run.
ALTER TABLE phone_call DROP CONSTRAINT phone_call_about_check;
ALTER TABLE phone_call ADD CONSTRAINT phone_call_about_check
    CHECK (about IN ('reminder', 'change', 'not-going-ahead', 'new-dates', 'undelivered'));
ALTER TABLE phone_call ALTER COLUMN run_id DROP NOT NULL;
