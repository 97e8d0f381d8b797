-- The post queue: letters that the course team prints and posts. The words are sealed, and emptied a day after posting.
CREATE TABLE post_letter (
    id BLOB PRIMARY KEY NOT NULL,
    cause TEXT NOT NULL UNIQUE,
    about TEXT NOT NULL CHECK (about IN ('booked', 'changed', 'cancelled')),
    person_id BLOB NOT NULL REFERENCES person (id),
    run_id BLOB NOT NULL REFERENCES run (id),
    sealed BLOB,
    created_at TEXT NOT NULL,
    posted_at TEXT,
    posted_by BLOB REFERENCES account (id),
    CHECK (sealed IS NOT NULL OR posted_at IS NOT NULL),
    CHECK ((posted_at IS NULL) = (posted_by IS NULL))
) STRICT;
CREATE INDEX post_letter_waiting ON post_letter (created_at) WHERE posted_at IS NULL;
CREATE INDEX post_letter_posted ON post_letter (posted_at) WHERE sealed IS NOT NULL;
CREATE INDEX post_letter_person ON post_letter (person_id);
CREATE INDEX post_letter_run ON post_letter (run_id);
