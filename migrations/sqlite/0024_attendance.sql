-- A message goes to everybody on a run or to some of them, and by post, too.
ALTER TABLE run_message ADD COLUMN whom TEXT NOT NULL DEFAULT 'everybody' CHECK (length(whom) > 0);
ALTER TABLE run_message ADD COLUMN by_letter INTEGER NOT NULL DEFAULT 0 CHECK (by_letter >= 0);

CREATE TABLE post_letter_new (
    id BLOB PRIMARY KEY NOT NULL,
    cause TEXT NOT NULL UNIQUE,
    about TEXT NOT NULL CHECK (about IN ('booked', 'changed', 'cancelled', 'message')),
    person_id BLOB NOT NULL REFERENCES person (id),
    run_id BLOB NOT NULL REFERENCES run (id),
    sealed BLOB,
    created_at TEXT NOT NULL,
    posted_at TEXT,
    posted_by BLOB REFERENCES account (id),
    CHECK (sealed IS NOT NULL OR posted_at IS NOT NULL),
    CHECK ((posted_at IS NULL) = (posted_by IS NULL))
) STRICT;
INSERT INTO post_letter_new (id, cause, about, person_id, run_id, sealed, created_at, posted_at, posted_by)
    SELECT id, cause, about, person_id, run_id, sealed, created_at, posted_at, posted_by FROM post_letter;
DROP TABLE post_letter;
ALTER TABLE post_letter_new RENAME TO post_letter;
CREATE INDEX post_letter_waiting ON post_letter (created_at) WHERE posted_at IS NULL;
CREATE INDEX post_letter_posted ON post_letter (posted_at) WHERE sealed IS NOT NULL;
CREATE INDEX post_letter_person ON post_letter (person_id);
CREATE INDEX post_letter_run ON post_letter (run_id);
-- The table is new, and with it its guard.
CREATE TRIGGER post_letter_not_to_the_dead BEFORE INSERT ON post_letter
    WHEN EXISTS (SELECT 1 FROM person WHERE id = NEW.person_id AND deceased_at IS NOT NULL)
BEGIN
    SELECT RAISE(IGNORE);
END;

-- What a reminder says that a missed place costs, in the team's own words; without the row it is ours.
CREATE TABLE reminder_words (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    email_words TEXT NOT NULL CHECK (length(email_words) BETWEEN 1 AND 300),
    text_words TEXT NOT NULL CHECK (length(text_words) <= 120),
    changed_at TEXT NOT NULL,
    changed_by BLOB NOT NULL REFERENCES account (id)
) STRICT;
