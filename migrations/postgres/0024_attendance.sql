-- A message goes to everybody on a run or to some of them, and by post, too.
ALTER TABLE run_message ADD COLUMN whom TEXT NOT NULL DEFAULT 'everybody' CHECK (length(whom) > 0);
ALTER TABLE run_message ADD COLUMN by_letter BIGINT NOT NULL DEFAULT 0 CHECK (by_letter >= 0);

ALTER TABLE post_letter DROP CONSTRAINT post_letter_about_check;
ALTER TABLE post_letter ADD CONSTRAINT post_letter_about_check
    CHECK (about IN ('booked', 'changed', 'cancelled', 'message'));

-- What a reminder says that a missed place costs, in the team's own words; without the row it is ours.
CREATE TABLE reminder_words (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    email_words TEXT NOT NULL CHECK (length(email_words) BETWEEN 1 AND 300),
    text_words TEXT NOT NULL CHECK (length(text_words) <= 120),
    changed_at TIMESTAMPTZ NOT NULL,
    changed_by UUID NOT NULL REFERENCES account (id)
);
