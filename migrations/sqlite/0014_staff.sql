-- Staff: who may do what, the second step of signing in, and the record of what was done and looked at.

-- A role may be tied to an organisation (a provider's coordinator, a partner's worker).
CREATE TABLE organisation (
    id BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    kind TEXT NOT NULL CHECK (kind IN ('provider', 'partner')),
    created_at TEXT NOT NULL,
    ended_at TEXT
) STRICT;
CREATE UNIQUE INDEX organisation_name ON organisation (lower(name)) WHERE ended_at IS NULL;

CREATE TABLE role_grant_new (
    id BLOB PRIMARY KEY NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    role TEXT NOT NULL CHECK (role IN ('volunteer', 'tutor', 'coordinator', 'course-admin', 'enquiries', 'communications',
        'data-protection', 'triage', 'pod-partner', 'safeguarding', 'commissioner', 'owner')),
    organisation_id BLOB REFERENCES organisation (id),
    granted_at TEXT NOT NULL,
    granted_by BLOB REFERENCES account (id),
    ends_at TEXT,
    CHECK ((organisation_id IS NOT NULL) = (role IN ('coordinator', 'pod-partner')))
) STRICT;
INSERT INTO role_grant_new (id, account_id, role, granted_at, ends_at)
    SELECT id, account_id, role, granted_at, ends_at FROM role_grant;
DROP TABLE role_grant;
ALTER TABLE role_grant_new RENAME TO role_grant;
CREATE UNIQUE INDEX role_grant_live ON role_grant (account_id, role) WHERE ends_at IS NULL AND organisation_id IS NULL;
CREATE UNIQUE INDEX role_grant_live_there ON role_grant (account_id, role, organisation_id)
    WHERE ends_at IS NULL AND organisation_id IS NOT NULL;
CREATE INDEX role_grant_organisation ON role_grant (organisation_id);

-- What is known of somebody who works here. The dates are the last day on which each is good; told_on: the
-- last day on which it was looked whether one of them ends soon.
CREATE TABLE staff (
    account_id BLOB PRIMARY KEY NOT NULL REFERENCES account (id),
    data_training_until TEXT CHECK (length(data_training_until) = 10),
    confidentiality_until TEXT CHECK (length(confidentiality_until) = 10),
    dbs_until TEXT CHECK (length(dbs_until) = 10),
    told_on TEXT CHECK (length(told_on) = 10),
    joined_at TEXT NOT NULL,
    left_at TEXT,
    papers_destroyed_at TEXT,
    CHECK (left_at IS NOT NULL OR papers_destroyed_at IS NULL)
) STRICT;

-- Somebody who is asked to work here. The roles are written as words with spaces between them.
CREATE TABLE staff_invitation (
    id BLOB PRIMARY KEY NOT NULL,
    email TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    full_name TEXT NOT NULL CHECK (length(full_name) BETWEEN 1 AND 200),
    roles TEXT NOT NULL CHECK (length(roles) > 0),
    organisation_id BLOB REFERENCES organisation (id),
    tutor_id BLOB REFERENCES tutor (id),
    invited_by BLOB REFERENCES account (id),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    withdrawn_at TEXT
) STRICT;
CREATE UNIQUE INDEX staff_invitation_open ON staff_invitation (lower(email)) WHERE used_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX staff_invitation_expires ON staff_invitation (expires_at);

-- Which account a tutor signs in with.
ALTER TABLE tutor ADD COLUMN account_id BLOB REFERENCES account (id);
CREATE UNIQUE INDEX tutor_account ON tutor (account_id) WHERE account_id IS NOT NULL;

-- The secret that an authenticator app shares with us, sealed. Not in use until the first code was right.
CREATE TABLE second_step (
    account_id BLOB PRIMARY KEY NOT NULL REFERENCES account (id),
    sealed BLOB NOT NULL,
    created_at TEXT NOT NULL,
    in_use_since TEXT,
    codes_made_at TEXT,
    last_step INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A code for the day the phone is lost: once.
CREATE TABLE recovery_code_use (
    account_id BLOB NOT NULL REFERENCES account (id),
    number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 10),
    used_at TEXT NOT NULL,
    PRIMARY KEY (account_id, number)
) STRICT;

-- A browser that need not take the second step for 30 days.
CREATE TABLE known_device (
    id BLOB PRIMARY KEY NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    token_hash BLOB NOT NULL CHECK (length(token_hash) = 32),
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX known_device_token ON known_device (token_hash);
CREATE INDEX known_device_account ON known_device (account_id);
CREATE INDEX known_device_expires ON known_device (expires_at);

ALTER TABLE device ADD COLUMN second_step_at TEXT;

CREATE TABLE sign_in_try_new (
    id BLOB PRIMARY KEY NOT NULL,
    address_hash BLOB NOT NULL CHECK (length(address_hash) = 32),
    kind TEXT NOT NULL CHECK (kind IN ('password', 'link', 'sign-up', 'second-step')),
    tried_at TEXT NOT NULL
) STRICT;
INSERT INTO sign_in_try_new (id, address_hash, kind, tried_at) SELECT id, address_hash, kind, tried_at FROM sign_in_try;
DROP TABLE sign_in_try;
ALTER TABLE sign_in_try_new RENAME TO sign_in_try;
CREATE INDEX sign_in_try_address ON sign_in_try (address_hash, kind, tried_at);
CREATE INDEX sign_in_try_at ON sign_in_try (tried_at);

-- Who did what, and who looked at whose data. Rows are only added.
CREATE TABLE audit_entry (
    id BLOB PRIMARY KEY NOT NULL,
    at TEXT NOT NULL,
    action TEXT NOT NULL,
    account_id BLOB REFERENCES account (id),
    role TEXT NOT NULL,
    person_id BLOB REFERENCES person (id),
    page TEXT NOT NULL,
    about BLOB,
    sealed BLOB
) STRICT;
CREATE INDEX audit_entry_at ON audit_entry (at);
CREATE INDEX audit_entry_account ON audit_entry (account_id, at);
CREATE INDEX audit_entry_person ON audit_entry (person_id, at);
CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit entries are only added'); END;
CREATE TRIGGER audit_entry_is_kept BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'audit entries are only added'); END;

-- The chain over the entries: each link is the hash of the one before and of its entry. It outlives the entries.
CREATE TABLE audit_seal (
    number INTEGER PRIMARY KEY NOT NULL CHECK (number > 0),
    entry_id BLOB NOT NULL UNIQUE,
    entry_hash BLOB NOT NULL CHECK (length(entry_hash) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    entry_at TEXT NOT NULL,
    sealed_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_seal_stays BEFORE UPDATE ON audit_seal BEGIN SELECT RAISE(ABORT, 'the chain is only added to'); END;
CREATE TRIGGER audit_seal_is_kept BEFORE DELETE ON audit_seal BEGIN SELECT RAISE(ABORT, 'the chain is only added to'); END;
