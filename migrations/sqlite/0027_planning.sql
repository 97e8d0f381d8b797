-- When booking for a run opens and closes by itself. A draft, or a run that is closed, is opened at opens_at; an open one is
-- closed at closes_at. Each is emptied when it has happened, by whomever.
ALTER TABLE run ADD COLUMN opens_at TEXT;
ALTER TABLE run ADD COLUMN closes_at TEXT CHECK (closes_at > opens_at);
CREATE INDEX run_opens ON run (opens_at) WHERE opens_at IS NOT NULL;
CREATE INDEX run_closes ON run (closes_at) WHERE closes_at IS NOT NULL;

-- The same course in easy words, for people who read little (Markdown).
ALTER TABLE course ADD COLUMN easy_read TEXT CHECK (length(easy_read) > 0);

-- School holidays, kept once for every run that leaves them out. Days in Bath, the last one included.
CREATE TABLE school_holiday (
    id BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    first_day TEXT NOT NULL CHECK (length(first_day) = 10),
    last_day TEXT NOT NULL CHECK (length(last_day) = 10),
    CHECK (first_day <= last_day)
) STRICT;

-- What every public page says for a while: "We are closed on Friday".
CREATE TABLE site_notice (
    id BLOB PRIMARY KEY NOT NULL,
    words TEXT NOT NULL CHECK (length(words) BETWEEN 1 AND 300),
    starts_at TEXT NOT NULL,
    ends_at TEXT NOT NULL CHECK (ends_at > starts_at),
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX site_notice_ends ON site_notice (ends_at);

-- Who of the team does what stands on the page Today: for one day (in Bath), so that nobody does it twice and nothing is
-- left because everybody thinks that somebody else does it.
CREATE TABLE today_task (
    task TEXT NOT NULL CHECK (length(task) BETWEEN 1 AND 60),
    day TEXT NOT NULL CHECK (length(day) = 10),
    account_id BLOB NOT NULL REFERENCES account (id),
    taken_at TEXT NOT NULL,
    PRIMARY KEY (task, day)
) STRICT;
CREATE INDEX today_task_account ON today_task (account_id);

-- There is a row when this is the database of a practice site.
CREATE TABLE practice_site (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    since TEXT NOT NULL
) STRICT;
