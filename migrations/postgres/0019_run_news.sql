-- What was changed about a run, in the words that people were told, and by whom. The sequence is the one that the calendar
-- entries of that change have, and part of the cause of its messages.
CREATE TABLE run_news (
    run_id UUID NOT NULL REFERENCES run (id),
    sequence BIGINT NOT NULL CHECK (sequence > 0),
    words TEXT NOT NULL CHECK (length(words) > 0),
    at TIMESTAMPTZ NOT NULL,
    by_account UUID REFERENCES account (id),
    PRIMARY KEY (run_id, sequence)
);
