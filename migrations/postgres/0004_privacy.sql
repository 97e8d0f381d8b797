-- Special-category and free-text health data, sealed under a key per person and record class.
CREATE TABLE vault_entry (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID NOT NULL REFERENCES person (id),
    kind TEXT NOT NULL CHECK (kind IN ('access-note', 'ethnicity')),
    booking_id UUID REFERENCES booking (id),
    sealed BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    CHECK ((kind = 'access-note') = (booking_id IS NOT NULL))
);
CREATE UNIQUE INDEX vault_entry_ethnicity ON vault_entry (person_id) WHERE kind = 'ethnicity';
CREATE UNIQUE INDEX vault_entry_access_note ON vault_entry (booking_id, person_id) WHERE kind = 'access-note';
CREATE INDEX vault_entry_person ON vault_entry (person_id);

-- Who gets the newsletter: an address that said yes and confirmed it.
CREATE TABLE subscription (
    id UUID PRIMARY KEY NOT NULL,
    email TEXT NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    person_id UUID REFERENCES person (id),
    status TEXT NOT NULL CHECK (status IN ('asked', 'on', 'off')),
    created_at TIMESTAMPTZ NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);
CREATE UNIQUE INDEX subscription_email ON subscription (lower(email));
CREATE INDEX subscription_person ON subscription (person_id);

-- Every choice, with the words that were shown. Rows are only added.
CREATE TABLE consent (
    id UUID PRIMARY KEY NOT NULL,
    person_id UUID REFERENCES person (id),
    subscription_id UUID REFERENCES subscription (id),
    about TEXT NOT NULL CHECK (about IN ('newsletter', 'texts', 'course-name', 'privacy-notice', 'guardian', 'ethnicity', 'access-note')),
    given BOOLEAN NOT NULL,
    wording TEXT NOT NULL,
    wording_version TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('sign-up', 'account', 'booking', 'newsletter-page', 'email-link', 'one-click', 'phone', 'staff')),
    recorded_at TIMESTAMPTZ NOT NULL,
    CHECK (person_id IS NOT NULL OR subscription_id IS NOT NULL)
);
CREATE INDEX consent_person ON consent (person_id, about, recorded_at);
CREATE INDEX consent_subscription ON consent (subscription_id, recorded_at);

-- Something sealed, which only the keys of this data open: a start with other keys is refused.
CREATE TABLE vault_proof (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    sealed BYTEA NOT NULL,
    made_at TIMESTAMPTZ NOT NULL
);
