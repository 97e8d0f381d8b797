-- What somebody asks of us about their own data, and by when they get an answer. What they asked, why it takes longer and what came of
-- it are sealed under a key of the request. Days are days in Bath. While "due_on" is empty, the clock stands still.
CREATE TABLE rights_request (
    id BLOB PRIMARY KEY NOT NULL,
    reference TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('access', 'rectification', 'erasure', 'restriction', 'portability', 'objection', 'complaint')),
    channel TEXT NOT NULL CHECK (channel IN ('phone', 'email', 'letter', 'in-person')),
    received_on TEXT NOT NULL,
    person_id BLOB REFERENCES person (id),
    asker_name TEXT CHECK (length(asker_name) BETWEEN 1 AND 200),
    asker_contact TEXT CHECK (length(asker_contact) BETWEEN 1 AND 300),
    asked BLOB NOT NULL,
    identity TEXT NOT NULL CHECK (identity IN ('known', 'asked', 'shown')),
    identity_asked_on TEXT,
    identity_shown_on TEXT,
    waiting_since TEXT,
    days_waited INTEGER NOT NULL DEFAULT 0 CHECK (days_waited >= 0),
    extended_on TEXT,
    extended_why BLOB,
    due_on TEXT,
    owner_id BLOB REFERENCES account (id),
    finished_on TEXT,
    outcome TEXT CHECK (outcome IN ('done', 'partly', 'refused', 'withdrawn')),
    outcome_why BLOB,
    created_by BLOB NOT NULL REFERENCES account (id),
    created_at TEXT NOT NULL,
    CHECK ((person_id IS NULL) = (asker_name IS NOT NULL)),
    CHECK ((asker_name IS NULL) = (asker_contact IS NULL)),
    CHECK ((identity = 'known') = (identity_asked_on IS NULL)),
    CHECK ((identity = 'shown') = (identity_shown_on IS NOT NULL)),
    CHECK ((extended_on IS NULL) = (extended_why IS NULL)),
    CHECK ((finished_on IS NULL) = (outcome IS NULL)),
    CHECK (outcome_why IS NULL OR outcome IS NOT NULL),
    CHECK (outcome NOT IN ('partly', 'refused') OR outcome_why IS NOT NULL),
    CHECK (finished_on IS NULL OR waiting_since IS NULL),
    CHECK (kind <> 'complaint' OR (waiting_since IS NULL AND extended_on IS NULL AND due_on IS NOT NULL)),
    CHECK (due_on IS NOT NULL OR identity = 'asked' OR waiting_since IS NOT NULL)
) STRICT;
CREATE INDEX rights_request_due ON rights_request (due_on) WHERE finished_on IS NULL;
CREATE INDEX rights_request_owner ON rights_request (owner_id) WHERE finished_on IS NULL;
CREATE INDEX rights_request_person ON rights_request (person_id);
CREATE INDEX rights_request_finished ON rights_request (finished_on);
