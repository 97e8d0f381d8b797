-- Since when we know that somebody has died. The record is kept; nothing is sent to them or booked for them any more.
ALTER TABLE person ADD COLUMN deceased_at TIMESTAMPTZ;

-- The record that this one was merged into: always one that is not merged itself.
ALTER TABLE person ADD COLUMN merged_into UUID REFERENCES person (id) CHECK (merged_into <> id);
CREATE INDEX person_merged_into ON person (merged_into) WHERE merged_into IS NOT NULL;

-- What is for somebody who has died is not written, whoever writes it. The row is shared until the end of the transaction, so
-- that nothing slips in while somebody is being marked.
CREATE FUNCTION not_to_the_dead() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    died TIMESTAMPTZ;
BEGIN
    SELECT deceased_at INTO died FROM person WHERE id = NEW.person_id FOR SHARE;
    IF died IS NOT NULL THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER outbox_not_to_the_dead BEFORE INSERT ON outbox
    FOR EACH ROW WHEN (NEW.person_id IS NOT NULL) EXECUTE FUNCTION not_to_the_dead();
CREATE TRIGGER phone_call_not_to_the_dead BEFORE INSERT ON phone_call
    FOR EACH ROW EXECUTE FUNCTION not_to_the_dead();
CREATE TRIGGER post_letter_not_to_the_dead BEFORE INSERT ON post_letter
    FOR EACH ROW EXECUTE FUNCTION not_to_the_dead();

CREATE FUNCTION is_somebody_s() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    died TIMESTAMPTZ;
    other UUID;
BEGIN
    SELECT deceased_at, merged_into INTO died, other FROM person WHERE id = NEW.person_id FOR SHARE;
    IF died IS NOT NULL OR other IS NOT NULL THEN
        RAISE EXCEPTION 'they have died, or have another record' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER place_is_somebody_s BEFORE INSERT ON place
    FOR EACH ROW EXECUTE FUNCTION is_somebody_s();
CREATE TRIGGER waiting_person_is_somebody_s BEFORE INSERT ON waiting_person
    FOR EACH ROW EXECUTE FUNCTION is_somebody_s();

-- When the course team put an entry before all others; the audit says why.
ALTER TABLE waiting_entry ADD COLUMN put_first_at TIMESTAMPTZ;

-- Two records of one person made one. What the kept record said before is sealed under its key.
CREATE TABLE person_merge (
    id UUID PRIMARY KEY NOT NULL,
    kept_id UUID NOT NULL REFERENCES person (id),
    gone_id UUID NOT NULL REFERENCES person (id),
    account_id UUID REFERENCES account (id),
    gone_account_id UUID REFERENCES account (id),
    sealed BYTEA NOT NULL,
    merged_at TIMESTAMPTZ NOT NULL,
    undone_at TIMESTAMPTZ,
    CHECK (kept_id <> gone_id)
);
CREATE UNIQUE INDEX person_merge_gone ON person_merge (gone_id) WHERE undone_at IS NULL;
CREATE INDEX person_merge_kept ON person_merge (kept_id, merged_at);

-- What moved from one to the other, so that it can go back; for sealed rows, as they were sealed before.
CREATE TABLE person_merge_row (
    merge_id UUID NOT NULL REFERENCES person_merge (id),
    what TEXT NOT NULL,
    row_id UUID NOT NULL,
    sealed BYTEA,
    PRIMARY KEY (merge_id, what, row_id)
);

-- A code that the team gives to somebody they have a record of, so that it comes into the account that they make later. Only a
-- keyed hash is kept.
CREATE TABLE person_claim (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    code_hash BYTEA NOT NULL CHECK (length(code_hash) = 32),
    made_by UUID NOT NULL REFERENCES account (id),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5),
    used_by UUID REFERENCES account (id),
    outcome TEXT CHECK (outcome IN ('claimed', 'refused', 'replaced', 'guessed')),
    ended_at TIMESTAMPTZ,
    CHECK ((outcome IS NULL) = (ended_at IS NULL))
);
CREATE UNIQUE INDEX person_claim_code ON person_claim (code_hash);
CREATE UNIQUE INDEX person_claim_open ON person_claim (person_id) WHERE ended_at IS NULL;
CREATE INDEX person_claim_person ON person_claim (person_id, created_at);

ALTER TABLE sign_in_try DROP CONSTRAINT sign_in_try_kind_check;
ALTER TABLE sign_in_try ADD CONSTRAINT sign_in_try_kind_check
    CHECK (kind IN ('password', 'link', 'sign-up', 'second-step', 'claim'));

-- That somebody volunteers for an organisation. The clock ends it at "until_at", unless it is renewed.
CREATE TABLE volunteer (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    organisation TEXT NOT NULL CHECK (length(organisation) BETWEEN 1 AND 200),
    hours_a_week BIGINT NOT NULL CHECK (hours_a_week BETWEEN 1 AND 60),
    from_at TIMESTAMPTZ NOT NULL,
    until_at TIMESTAMPTZ NOT NULL,
    given_by UUID NOT NULL REFERENCES account (id),
    created_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    CHECK (until_at > from_at)
);
CREATE UNIQUE INDEX volunteer_stands ON volunteer (person_id) WHERE ended_at IS NULL;
CREATE INDEX volunteer_person ON volunteer (person_id, created_at);
CREATE INDEX volunteer_until ON volunteer (until_at) WHERE ended_at IS NULL;
