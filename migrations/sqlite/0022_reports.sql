-- They objected to being counted in statistics about people.
ALTER TABLE person ADD COLUMN keep_from_statistics INTEGER NOT NULL DEFAULT FALSE CHECK (keep_from_statistics IN (0, 1));

-- What the team writes for a report before it is published. The period is a word such as quarter-2026-07-01.
CREATE TABLE report_draft (
    period TEXT PRIMARY KEY NOT NULL CHECK (length(period) BETWEEN 10 AND 20),
    narrative TEXT NOT NULL CHECK (length(narrative) <= 4000),
    target_places INTEGER CHECK (target_places > 0),
    target_came INTEGER CHECK (target_came > 0),
    saved_at TEXT NOT NULL,
    saved_by BLOB NOT NULL REFERENCES account (id)
) STRICT;

-- A report as it was sent: its figures are kept as they were, whatever becomes of the rows that were counted. A correction
-- is another version.
CREATE TABLE published_report (
    id BLOB PRIMARY KEY NOT NULL,
    period TEXT NOT NULL CHECK (length(period) BETWEEN 10 AND 20),
    version INTEGER NOT NULL CHECK (version > 0),
    figures TEXT NOT NULL,
    published_at TEXT NOT NULL,
    published_by BLOB NOT NULL REFERENCES account (id),
    UNIQUE (period, version)
) STRICT;
CREATE TRIGGER published_report_stays BEFORE UPDATE ON published_report
BEGIN
    SELECT RAISE(ABORT, 'a published report is frozen');
END;
CREATE TRIGGER published_report_is_kept BEFORE DELETE ON published_report
BEGIN
    SELECT RAISE(ABORT, 'a published report is frozen');
END;
