-- Staff: who may do what, the second step of signing in, and the record of what was done and looked at.

-- A role may be tied to an organisation (a provider's coordinator, a partner's worker).
CREATE TABLE organisation (
    id UUID PRIMARY KEY NOT NULL,
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    kind TEXT NOT NULL CHECK (kind IN ('provider', 'partner')),
    created_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX organisation_name ON organisation (lower(name)) WHERE ended_at IS NULL;

ALTER TABLE role_grant DROP CONSTRAINT role_grant_role_check;
ALTER TABLE role_grant ADD CONSTRAINT role_grant_role_check CHECK (role IN ('volunteer', 'tutor', 'coordinator', 'course-admin',
    'enquiries', 'communications', 'data-protection', 'triage', 'pod-partner', 'safeguarding', 'commissioner', 'owner'));
ALTER TABLE role_grant ADD COLUMN organisation_id UUID REFERENCES organisation (id);
ALTER TABLE role_grant ADD COLUMN granted_by UUID REFERENCES account (id);
ALTER TABLE role_grant ADD CHECK ((organisation_id IS NOT NULL) = (role IN ('coordinator', 'pod-partner')));
DROP INDEX role_grant_live;
CREATE UNIQUE INDEX role_grant_live ON role_grant (account_id, role) WHERE ends_at IS NULL AND organisation_id IS NULL;
CREATE UNIQUE INDEX role_grant_live_there ON role_grant (account_id, role, organisation_id)
    WHERE ends_at IS NULL AND organisation_id IS NOT NULL;
CREATE INDEX role_grant_organisation ON role_grant (organisation_id);

-- What is known of somebody who works here. The dates are the last day on which each is good; told_on: the
-- last day on which it was looked whether one of them ends soon.
CREATE TABLE staff (
    account_id UUID PRIMARY KEY NOT NULL REFERENCES account (id),
    data_training_until TEXT CHECK (length(data_training_until) = 10),
    confidentiality_until TEXT CHECK (length(confidentiality_until) = 10),
    dbs_until TEXT CHECK (length(dbs_until) = 10),
    told_on TEXT CHECK (length(told_on) = 10),
    joined_at TIMESTAMPTZ NOT NULL,
    left_at TIMESTAMPTZ,
    papers_destroyed_at TIMESTAMPTZ,
    CHECK (left_at IS NOT NULL OR papers_destroyed_at IS NULL)
);

-- Somebody who is asked to work here. The roles are written as words with spaces between them.
CREATE TABLE staff_invitation (
    id UUID PRIMARY KEY NOT NULL,
    email TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    full_name TEXT NOT NULL CHECK (length(full_name) BETWEEN 1 AND 200),
    roles TEXT NOT NULL CHECK (length(roles) > 0),
    organisation_id UUID REFERENCES organisation (id),
    tutor_id UUID REFERENCES tutor (id),
    invited_by UUID REFERENCES account (id),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    withdrawn_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX staff_invitation_open ON staff_invitation (lower(email)) WHERE used_at IS NULL AND withdrawn_at IS NULL;
CREATE INDEX staff_invitation_expires ON staff_invitation (expires_at);

-- Which account a tutor signs in with.
ALTER TABLE tutor ADD COLUMN account_id UUID REFERENCES account (id);
CREATE UNIQUE INDEX tutor_account ON tutor (account_id) WHERE account_id IS NOT NULL;

-- The secret that an authenticator app shares with us, sealed. Not in use until the first code was right.
CREATE TABLE second_step (
    account_id UUID PRIMARY KEY NOT NULL REFERENCES account (id),
    sealed BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    in_use_since TIMESTAMPTZ,
    codes_made_at TIMESTAMPTZ,
    last_step BIGINT NOT NULL DEFAULT 0
);

-- A code for the day the phone is lost: once.
CREATE TABLE recovery_code_use (
    account_id UUID NOT NULL REFERENCES account (id),
    number BIGINT NOT NULL CHECK (number BETWEEN 1 AND 10),
    used_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, number)
);

-- A browser that need not take the second step for 30 days.
CREATE TABLE known_device (
    id UUID PRIMARY KEY NOT NULL,
    account_id UUID NOT NULL REFERENCES account (id),
    token_hash BYTEA NOT NULL CHECK (length(token_hash) = 32),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX known_device_token ON known_device (token_hash);
CREATE INDEX known_device_account ON known_device (account_id);
CREATE INDEX known_device_expires ON known_device (expires_at);

ALTER TABLE device ADD COLUMN second_step_at TIMESTAMPTZ;

ALTER TABLE sign_in_try DROP CONSTRAINT sign_in_try_kind_check;
ALTER TABLE sign_in_try ADD CONSTRAINT sign_in_try_kind_check CHECK (kind IN ('password', 'link', 'sign-up', 'second-step'));

-- Who did what, and who looked at whose data. Rows are only added.
CREATE TABLE audit_entry (
    id UUID PRIMARY KEY NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    action TEXT NOT NULL,
    account_id UUID REFERENCES account (id),
    role TEXT NOT NULL,
    person_id UUID REFERENCES person (id),
    page TEXT NOT NULL,
    about UUID,
    sealed BYTEA
);
CREATE INDEX audit_entry_at ON audit_entry (at);
CREATE INDEX audit_entry_account ON audit_entry (account_id, at);
CREATE INDEX audit_entry_person ON audit_entry (person_id, at);

-- The chain over the entries: each link is the hash of the one before and of its entry. It outlives the entries.
CREATE TABLE audit_seal (
    number BIGINT PRIMARY KEY NOT NULL CHECK (number > 0),
    entry_id UUID NOT NULL UNIQUE,
    entry_hash BYTEA NOT NULL CHECK (length(entry_hash) = 32),
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    entry_at TIMESTAMPTZ NOT NULL,
    sealed_at TIMESTAMPTZ NOT NULL
);

CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit is only added to'; END $$;
CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to();
CREATE TRIGGER audit_seal_stays BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION audit_is_only_added_to();
CREATE TRIGGER audit_entry_is_kept BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();
CREATE TRIGGER audit_seal_is_kept BEFORE TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();
