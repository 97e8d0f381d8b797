-- They objected to being counted in statistics about people.
ALTER TABLE person ADD COLUMN keep_from_statistics BOOLEAN NOT NULL DEFAULT FALSE;

-- What the team writes for a report before it is published. The period is a word such as quarter-2026-07-01.
CREATE TABLE report_draft (
    period TEXT PRIMARY KEY NOT NULL CHECK (length(period) BETWEEN 10 AND 20),
    narrative TEXT NOT NULL CHECK (length(narrative) <= 4000),
    target_places BIGINT CHECK (target_places > 0),
    target_came BIGINT CHECK (target_came > 0),
    saved_at TIMESTAMPTZ NOT NULL,
    saved_by UUID NOT NULL REFERENCES account (id)
);

-- A report as it was sent: its figures are kept as they were, whatever becomes of the rows that were counted. A correction
-- is another version.
CREATE TABLE published_report (
    id UUID PRIMARY KEY NOT NULL,
    period TEXT NOT NULL CHECK (length(period) BETWEEN 10 AND 20),
    version BIGINT NOT NULL CHECK (version > 0),
    figures TEXT NOT NULL,
    published_at TIMESTAMPTZ NOT NULL,
    published_by UUID NOT NULL REFERENCES account (id),
    UNIQUE (period, version)
);

CREATE FUNCTION published_report_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a published report is frozen'; END $$;
CREATE TRIGGER published_report_stays BEFORE UPDATE OR DELETE ON published_report FOR EACH ROW EXECUTE FUNCTION published_report_is_frozen();
CREATE TRIGGER published_report_is_kept BEFORE TRUNCATE ON published_report FOR EACH STATEMENT EXECUTE FUNCTION published_report_is_frozen();
