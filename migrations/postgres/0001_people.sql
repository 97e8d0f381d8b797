-- People, accounts and what joins them. A person attends (and may have neither account nor email);
-- an account signs in; a representation joins an account to a person.
CREATE TABLE person (
    id UUID PRIMARY KEY NOT NULL,
    full_name TEXT NOT NULL CHECK (length(full_name) BETWEEN 1 AND 200),
    preferred_name TEXT CHECK (length(preferred_name) BETWEEN 1 AND 100),
    date_of_birth TEXT CHECK (length(date_of_birth) = 10),
    email TEXT CHECK (length(email) BETWEEN 3 AND 254),
    phone TEXT CHECK (phone LIKE '+%' AND length(phone) BETWEEN 8 AND 16),
    postcode TEXT CHECK (length(postcode) BETWEEN 5 AND 8),
    no_fixed_address BOOLEAN NOT NULL DEFAULT FALSE,
    out_of_area BOOLEAN NOT NULL DEFAULT FALSE,
    reach_by_email BOOLEAN NOT NULL DEFAULT TRUE,
    reach_by_text BOOLEAN NOT NULL DEFAULT FALSE,
    reach_by_call BOOLEAN NOT NULL DEFAULT FALSE,
    reach_by_letter BOOLEAN NOT NULL DEFAULT FALSE,
    safe_to_leave_message BOOLEAN NOT NULL DEFAULT FALSE,
    format TEXT NOT NULL DEFAULT 'standard' CHECK (format IN ('standard', 'large-print', 'easy-read', 'interpreter')),
    name_course_in_messages BOOLEAN,
    remind_by TEXT NOT NULL DEFAULT 'email' CHECK (remind_by IN ('email', 'email-and-text', 'call')),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    CHECK (NOT (no_fixed_address AND postcode IS NOT NULL))
);

CREATE TABLE guardian (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    full_name TEXT NOT NULL CHECK (length(full_name) BETWEEN 1 AND 200),
    email TEXT CHECK (length(email) BETWEEN 3 AND 254),
    phone TEXT CHECK (phone LIKE '+%' AND length(phone) BETWEEN 8 AND 16),
    agreed_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    CHECK (email IS NOT NULL OR phone IS NOT NULL)
);
CREATE INDEX guardian_person ON guardian (person_id);

CREATE TABLE account (
    id UUID PRIMARY KEY NOT NULL,
    email TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    email_verified_at TIMESTAMPTZ,
    password_hash TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX account_email ON account (lower(email));

CREATE TABLE representation (
    id UUID PRIMARY KEY NOT NULL,
    account_id UUID NOT NULL REFERENCES account (id),
    person_id UUID NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('self', 'parent', 'guardian', 'carer', 'attorney', 'advocate')),
    scope TEXT NOT NULL DEFAULT 'everything' CHECK (scope IN ('everything', 'bookings')),
    evidence TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX representation_pair ON representation (account_id, person_id) WHERE ends_at IS NULL;
CREATE UNIQUE INDEX representation_self ON representation (account_id) WHERE kind = 'self' AND ends_at IS NULL;
CREATE INDEX representation_person ON representation (person_id);

CREATE TABLE role_grant (
    id UUID PRIMARY KEY NOT NULL,
    account_id UUID NOT NULL REFERENCES account (id),
    role TEXT NOT NULL CHECK (role IN ('volunteer')),
    granted_at TIMESTAMPTZ NOT NULL,
    ends_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX role_grant_live ON role_grant (account_id, role) WHERE ends_at IS NULL;

-- A browser that is signed in. The token is a secret: only its SHA-256 is kept.
CREATE TABLE device (
    id UUID PRIMARY KEY NOT NULL,
    account_id UUID NOT NULL REFERENCES account (id),
    token_hash BYTEA NOT NULL CHECK (length(token_hash) = 32),
    label TEXT NOT NULL,
    keep_signed_in BOOLEAN NOT NULL DEFAULT FALSE,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX device_token ON device (token_hash);
CREATE INDEX device_account ON device (account_id);
CREATE INDEX device_expires ON device (expires_at);

-- Answers given during sign-up, sealed, gone after 24 hours.
CREATE TABLE sign_up_draft (
    id UUID PRIMARY KEY NOT NULL,
    token_hash BYTEA NOT NULL CHECK (length(token_hash) = 32),
    sealed BYTEA NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    captcha_passed_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX sign_up_draft_token ON sign_up_draft (token_hash);
CREATE INDEX sign_up_draft_expires ON sign_up_draft (expires_at);

-- A link sent by email: it opens a page with one button; only that POST uses it.
CREATE TABLE email_link (
    id UUID PRIMARY KEY NOT NULL,
    token_hash BYTEA NOT NULL CHECK (length(token_hash) = 32),
    purpose TEXT NOT NULL CHECK (purpose IN ('verify', 'sign-in', 'password', 'change-email', 'guardian', 'newsletter')),
    email TEXT NOT NULL,
    account_id UUID REFERENCES account (id),
    draft_id UUID REFERENCES sign_up_draft (id) ON DELETE SET NULL,
    guardian_id UUID REFERENCES guardian (id),
    next_path TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    used_by BYTEA CHECK (length(used_by) = 32)
);
CREATE UNIQUE INDEX email_link_token ON email_link (token_hash);
CREATE INDEX email_link_account ON email_link (account_id);
CREATE INDEX email_link_expires ON email_link (expires_at);

-- Tries to sign in, by a keyed hash of the address, whether it has an account or not.
CREATE TABLE sign_in_try (
    id UUID PRIMARY KEY NOT NULL,
    address_hash BYTEA NOT NULL CHECK (length(address_hash) = 32),
    kind TEXT NOT NULL CHECK (kind IN ('password', 'link', 'sign-up')),
    tried_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sign_in_try_address ON sign_in_try (address_hash, kind, tried_at);
CREATE INDEX sign_in_try_at ON sign_in_try (tried_at);

-- A captcha answer counts once.
CREATE TABLE captcha_used (
    answer_hash BYTEA PRIMARY KEY NOT NULL CHECK (length(answer_hash) = 32),
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX captcha_used_expires ON captcha_used (expires_at);
