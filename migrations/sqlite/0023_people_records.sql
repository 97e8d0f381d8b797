-- Since when we know that somebody has died. The record is kept; nothing is sent to them or booked for them any more.
ALTER TABLE person ADD COLUMN deceased_at TEXT;

-- The record that this one was merged into: always one that is not merged itself.
ALTER TABLE person ADD COLUMN merged_into BLOB REFERENCES person (id) CHECK (merged_into <> id);
CREATE INDEX person_merged_into ON person (merged_into) WHERE merged_into IS NOT NULL;

-- What is for somebody who has died is not written, whoever writes it.
CREATE TRIGGER outbox_not_to_the_dead BEFORE INSERT ON outbox
    WHEN EXISTS (SELECT 1 FROM person WHERE id = NEW.person_id AND deceased_at IS NOT NULL)
BEGIN
    SELECT RAISE(IGNORE);
END;
CREATE TRIGGER phone_call_not_to_the_dead BEFORE INSERT ON phone_call
    WHEN EXISTS (SELECT 1 FROM person WHERE id = NEW.person_id AND deceased_at IS NOT NULL)
BEGIN
    SELECT RAISE(IGNORE);
END;
CREATE TRIGGER post_letter_not_to_the_dead BEFORE INSERT ON post_letter
    WHEN EXISTS (SELECT 1 FROM person WHERE id = NEW.person_id AND deceased_at IS NOT NULL)
BEGIN
    SELECT RAISE(IGNORE);
END;
CREATE TRIGGER place_is_somebody_s BEFORE INSERT ON place
    WHEN EXISTS (SELECT 1 FROM person WHERE id = NEW.person_id AND (deceased_at IS NOT NULL OR merged_into IS NOT NULL))
BEGIN
    SELECT RAISE(ABORT, 'they have died, or have another record');
END;
CREATE TRIGGER waiting_person_is_somebody_s BEFORE INSERT ON waiting_person
    WHEN EXISTS (SELECT 1 FROM person WHERE id = NEW.person_id AND (deceased_at IS NOT NULL OR merged_into IS NOT NULL))
BEGIN
    SELECT RAISE(ABORT, 'they have died, or have another record');
END;

-- When the course team put an entry before all others; the audit says why.
ALTER TABLE waiting_entry ADD COLUMN put_first_at TEXT;

-- Two records of one person made one. What the kept record said before is sealed under its key.
CREATE TABLE person_merge (
    id BLOB PRIMARY KEY NOT NULL,
    kept_id BLOB NOT NULL REFERENCES person (id),
    gone_id BLOB NOT NULL REFERENCES person (id),
    account_id BLOB REFERENCES account (id),
    gone_account_id BLOB REFERENCES account (id),
    sealed BLOB NOT NULL,
    merged_at TEXT NOT NULL,
    undone_at TEXT,
    CHECK (kept_id <> gone_id)
) STRICT;
CREATE UNIQUE INDEX person_merge_gone ON person_merge (gone_id) WHERE undone_at IS NULL;
CREATE INDEX person_merge_kept ON person_merge (kept_id, merged_at);

-- What moved from one to the other, so that it can go back; for sealed rows, as they were sealed before.
CREATE TABLE person_merge_row (
    merge_id BLOB NOT NULL REFERENCES person_merge (id),
    what TEXT NOT NULL,
    row_id BLOB NOT NULL,
    sealed BLOB,
    PRIMARY KEY (merge_id, what, row_id)
) STRICT;

-- A code that the team gives to somebody they have a record of, so that it comes into the account that they make later. Only a
-- keyed hash is kept.
CREATE TABLE person_claim (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id),
    code_hash BLOB NOT NULL CHECK (length(code_hash) = 32),
    made_by BLOB NOT NULL REFERENCES account (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5),
    used_by BLOB REFERENCES account (id),
    outcome TEXT CHECK (outcome IN ('claimed', 'refused', 'replaced', 'guessed')),
    ended_at TEXT,
    CHECK ((outcome IS NULL) = (ended_at IS NULL))
) STRICT;
CREATE UNIQUE INDEX person_claim_code ON person_claim (code_hash);
CREATE UNIQUE INDEX person_claim_open ON person_claim (person_id) WHERE ended_at IS NULL;
CREATE INDEX person_claim_person ON person_claim (person_id, created_at);

CREATE TABLE sign_in_try_new (
    id BLOB PRIMARY KEY NOT NULL,
    address_hash BLOB NOT NULL CHECK (length(address_hash) = 32),
    kind TEXT NOT NULL CHECK (kind IN ('password', 'link', 'sign-up', 'second-step', 'claim')),
    tried_at TEXT NOT NULL
) STRICT;
INSERT INTO sign_in_try_new (id, address_hash, kind, tried_at) SELECT id, address_hash, kind, tried_at FROM sign_in_try;
DROP TABLE sign_in_try;
ALTER TABLE sign_in_try_new RENAME TO sign_in_try;
CREATE INDEX sign_in_try_address ON sign_in_try (address_hash, kind, tried_at);
CREATE INDEX sign_in_try_at ON sign_in_try (tried_at);

-- That somebody volunteers for an organisation. The clock ends it at "until_at", unless it is renewed.
CREATE TABLE volunteer (
    id BLOB PRIMARY KEY NOT NULL,
    person_id BLOB NOT NULL REFERENCES person (id),
    organisation TEXT NOT NULL CHECK (length(organisation) BETWEEN 1 AND 200),
    hours_a_week INTEGER NOT NULL CHECK (hours_a_week BETWEEN 1 AND 60),
    from_at TEXT NOT NULL,
    until_at TEXT NOT NULL,
    given_by BLOB NOT NULL REFERENCES account (id),
    created_at TEXT NOT NULL,
    ended_at TEXT,
    CHECK (until_at > from_at)
) STRICT;
CREATE UNIQUE INDEX volunteer_stands ON volunteer (person_id) WHERE ended_at IS NULL;
CREATE INDEX volunteer_person ON volunteer (person_id, created_at);
CREATE INDEX volunteer_until ON volunteer (until_at) WHERE ended_at IS NULL;
