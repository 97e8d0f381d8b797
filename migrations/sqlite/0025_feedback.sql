-- How somebody found a course, asked once when it is over. The row is made when they are asked; the answers come later, or
-- never. Each question may stay open. What they wrote is sealed under their key.
CREATE TABLE feedback (
    id BLOB PRIMARY KEY NOT NULL,
    booking_id BLOB NOT NULL UNIQUE REFERENCES booking (id),
    run_id BLOB NOT NULL REFERENCES run (id),
    person_id BLOB NOT NULL REFERENCES person (id),
    how TEXT NOT NULL CHECK (how IN ('email', 'text', 'none')),
    asked_at TEXT NOT NULL,
    overall TEXT CHECK (overall IN ('very-good', 'good', 'all-right', 'not-good', 'bad')),
    helped TEXT CHECK (helped IN ('a-lot', 'a-little', 'no')),
    welcome TEXT CHECK (welcome IN ('yes', 'partly', 'no')),
    sealed BLOB,
    answered_at TEXT,
    CHECK ((answered_at IS NOT NULL)
        = (overall IS NOT NULL OR helped IS NOT NULL OR welcome IS NOT NULL OR sealed IS NOT NULL))
) STRICT;
CREATE INDEX feedback_run ON feedback (run_id);
CREATE INDEX feedback_person ON feedback (person_id);

-- Whether somebody may be asked how a course was.
ALTER TABLE person ADD COLUMN ask_feedback INTEGER NOT NULL DEFAULT TRUE CHECK (ask_feedback IN (0, 1));
