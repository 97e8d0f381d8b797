-- Where somebody is written to, and since when the search knows them as they are.
ALTER TABLE person ADD COLUMN address TEXT CHECK (length(address) BETWEEN 1 AND 300);
ALTER TABLE person ADD COLUMN town TEXT CHECK (length(town) BETWEEN 1 AND 100);
ALTER TABLE person ADD COLUMN searchable_at TEXT;
CREATE INDEX person_not_searchable ON person (id) WHERE searchable_at IS NULL;

-- Whoever writes a person need not know of the search.
CREATE TRIGGER person_found_anew AFTER UPDATE OF full_name, preferred_name, phone, email ON person
    WHEN NEW.searchable_at IS NOT NULL
BEGIN
    UPDATE person SET searchable_at = NULL WHERE id = NEW.id;
END;

-- What somebody is found by: words of their names, "#" and the phone number from its end, "@" and the email address.
CREATE TABLE person_word (
    person_id BLOB NOT NULL REFERENCES person (id),
    word TEXT NOT NULL,
    PRIMARY KEY (person_id, word)
) STRICT;
CREATE INDEX person_word_word ON person_word (word, person_id);

-- What was said when the team spoke with somebody, sealed under their key.
CREATE TABLE contact_note (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id),
    account_id BLOB NOT NULL REFERENCES account (id),
    channel TEXT NOT NULL CHECK (channel IN ('phone', 'email', 'letter', 'in-person')),
    sealed BLOB NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX contact_note_person ON contact_note (person_id, created_at);

-- People agree by letter and in person, too.
CREATE TABLE consent_new (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB REFERENCES person (id),
    subscription_id BLOB REFERENCES subscription (id),
    about TEXT NOT NULL CHECK (about IN ('newsletter', 'texts', 'course-name', 'privacy-notice', 'guardian', 'ethnicity', 'access-note')),
    given INTEGER NOT NULL CHECK (given IN (0, 1)),
    wording TEXT NOT NULL,
    wording_version TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('sign-up', 'account', 'booking', 'newsletter-page', 'email-link', 'one-click', 'phone',
        'letter', 'in-person', 'staff')),
    recorded_at TEXT NOT NULL,
    CHECK (person_id IS NOT NULL OR subscription_id IS NOT NULL)
) STRICT;
INSERT INTO consent_new (id, person_id, subscription_id, about, given, wording, wording_version, channel, recorded_at)
    SELECT id, person_id, subscription_id, about, given, wording, wording_version, channel, recorded_at FROM consent;
DROP TABLE consent;
ALTER TABLE consent_new RENAME TO consent;
CREATE INDEX consent_person ON consent (person_id, about, recorded_at);
CREATE INDEX consent_subscription ON consent (subscription_id, recorded_at);

-- Whoever wrote a letter and has no email is told by the team that they are booked.
CREATE TABLE phone_call_new (
    id BLOB PRIMARY KEY NOT NULL,
    cause TEXT NOT NULL UNIQUE,
    about TEXT NOT NULL CHECK (about IN ('reminder', 'change', 'not-going-ahead', 'new-dates', 'undelivered', 'booked')),
    person_id BLOB NOT NULL REFERENCES person (id),
    run_id BLOB REFERENCES run (id),
    call_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    done_at TEXT,
    tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
    last_try_at TEXT,
    done_by BLOB REFERENCES account (id),
    outcome TEXT CHECK (outcome IN ('reached', 'left-message', 'other-way')),
    message_id BLOB REFERENCES run_message (id)
) STRICT;
INSERT INTO phone_call_new (id, cause, about, person_id, run_id, call_by, created_at, done_at, tries, last_try_at, done_by, outcome,
                            message_id)
    SELECT id, cause, about, person_id, run_id, call_by, created_at, done_at, tries, last_try_at, done_by, outcome, message_id
    FROM phone_call;
DROP TABLE phone_call;
ALTER TABLE phone_call_new RENAME TO phone_call;
CREATE INDEX phone_call_open ON phone_call (call_by) WHERE done_at IS NULL;
CREATE INDEX phone_call_person ON phone_call (person_id);
CREATE INDEX phone_call_run ON phone_call (run_id);
CREATE INDEX phone_call_done ON phone_call (done_at) WHERE done_at IS NOT NULL;
